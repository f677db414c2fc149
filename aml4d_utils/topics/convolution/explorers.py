"""The explorers of the convolution lesson: controls and wiring, no mathematics."""

from __future__ import annotations

from dataclasses import dataclass

import ipywidgets
import numpy as np

from aml4d_utils import images, nets
from aml4d_utils.measuring.wording import signed
from aml4d_utils.nets.receptive_fields import Layer
from aml4d_utils.nets.squeezenet_layers import NAME, SIDE, STAGES, network_view
from aml4d_utils.topics.convolution import figures
from aml4d_utils.topics.convolution.counting import LayerComparison, compare_layers
from aml4d_utils.topics.convolution.first_layer import forward_pass
from aml4d_utils.topics.convolution.growing import Growth, grow
from aml4d_utils.topics.convolution.kernel_inspector import kernel_inspector
from aml4d_utils.topics.convolution.locality import (
    LocalityResult,
    locality_experiment,
    maps_by_stage,
)
from aml4d_utils.topics.convolution.shifting import (
    MARGIN,
    ShiftResult,
    look_at,
    shift_experiment,
    window,
    with_margin,
)
from aml4d_utils.topics.convolution.surgery import FILTERS, OPERATIONS, SurgeryResult, operate
from aml4d_utils.topics.convolution.training import TrainingStep
from aml4d_utils.widgets import Axis, Bar, Explorer, Picture, Plot, Series, choice, slider
from aml4d_utils.widgets.picture import box, point, text

__all__ = [
    "counter_explorer",
    "growing_explorer",
    "kernel_inspector",
    "locality_explorer",
    "shift_explorer",
    "surgery_explorer",
    "training_view",
]

_SIDES = np.array([8, 16, 32, 64, 128, 256, 512, 1024])


# --- parameters ------------------------------------------------------------------------------


@dataclass
class CounterState:
    """The layer that is counted."""

    side: int = slider(64, low=8, high=1024, step=8, label="Image side", unit="px")
    in_channels: int = slider(3, low=1, high=64, label="Channels in")
    out_channels: int = slider(16, low=1, high=256, label="Feature maps out")
    kernel: int = slider(3, low=1, high=11, step=2, label="Kernel side", unit="px")
    stride: int = slider(1, low=1, high=4, label="Stride", unit="px")


def counter_explorer() -> Explorer:
    """Count the parameters of one layer built as a dense layer and as a convolution."""
    plot = Plot(display_width=620)

    def compute(state: CounterState) -> tuple[LayerComparison, list[LayerComparison]]:
        layer = (state.in_channels, state.out_channels, state.kernel, state.stride)
        sides = [compare_layers(int(side), *layer) for side in _SIDES]
        return compare_layers(state.side, *layer), sides

    def draw(result: tuple[LayerComparison, list[LayerComparison]]) -> None:
        here, sides = result
        top = 10 ** np.ceil(np.log10(max(side.dense for side in sides)))
        plot.curves(
            [
                Series(_SIDES, [side.dense for side in sides], "dense"),
                Series(_SIDES, [side.convolution for side in sides], "convolution"),
            ],
            Axis("image side, pixels", 8, 1024, log=True, ticks=tuple(_SIDES.tolist())),
            Axis("parameters", 1, float(top), log=True),
            figures.describe_counts(here),
            marker=(here.input_shape[0], here.dense),
            height=400,
        )

    return Explorer(
        CounterState(),
        compute,
        draw,
        title="Parameter counter",
        purpose="The same layer built twice: every pixel to every pixel, or one shared kernel.",
        stage=[plot],
        describe=lambda result: figures.describe_counts(result[0]),
    )


# --- shifting --------------------------------------------------------------------------------


@dataclass
class ShiftState:
    """How the photo is shifted and which feature map is shown."""

    cols: int = slider(0, low=-MARGIN, high=MARGIN, label="Shift right", unit="px")
    rows: int = slider(0, low=-MARGIN, high=MARGIN, label="Shift down", unit="px")
    unit: int = slider(1, low=0, high=FILTERS - 1, label="Feature map")


def shift_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Shift a photo under SqueezeNet: the feature map moves along, the answer stays.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    net = nets.load(NAME)
    wide = with_margin(images.photo_or_own(photo))
    unmoved = look_at(net, window(wide, 0, 0))
    view = Picture("what the network sees", display_width=250)
    feature_map = Picture("feature map of the first layer", display_width=250)
    bars = Plot("the network's answer (line: before the shift)", display_width=620)

    def draw(result: ShiftResult) -> None:
        view.show(result.photo_after, f"The photo. {figures.describe_shift(result)}")
        place = result.strongest_moved
        where = (
            "The ring marks where its strongest cell should be after the shift: row "
            f"{place[0]:.0f}, column {place[1]:.0f}."
            if place
            else "Its strongest cell has left the map."
        )
        feature_map.show_magnitude(
            result.map_after,
            f"Feature map {result.unit}, values from 0 to {result.map_after.max():.0f}. {where}",
            low=0.0,
            high=float(result.map_before.max()) or 1.0,
            overlays=[point(*place)] if place else [],
        )
        _draw_bars(bars, result.names, result.before, result.after)

    return Explorer(
        ShiftState(),
        lambda state: shift_experiment(net, wide, state.rows, state.cols, state.unit, unmoved),
        draw,
        title="Shift the photo",
        purpose="The window moves over a wider photo, so that real pixels come in.",
        stage=[view, feature_map, bars],
        describe=figures.describe_shift,
    )


# --- locality --------------------------------------------------------------------------------


@dataclass
class LocalityState:
    """How deep one looks, and which pixel is changed."""

    stage: str = choice("conv1", [stage.name for stage in STAGES], label="Look after layer")
    row: int = slider(70, low=0, high=SIDE - 1, label="Pixel, row")
    col: int = slider(70, low=0, high=SIDE - 1, label="Pixel, column")


def locality_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Change one pixel and see which cells of a feature map it reaches.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    # On the processor: graphics cards may round a cell that the pixel cannot reach.
    net = nets.load(NAME, "cpu")
    view = network_view(images.photo_or_own(photo))
    unchanged = maps_by_stage(net, view)
    picture = Picture("photo: drag the pixel", display_width=250, interactive=True)
    change = Picture("cells that change", display_width=250)

    def draw(result: LocalityResult) -> None:
        words = figures.describe_locality(result)
        picture.cursor = list(result.pixel)
        picture.show(
            result.photo,
            f"{words} A box marks what the middle cell sees. The arrow keys move the pixel.",
            overlays=[box(*result.box, colour=0), point(*result.pixel, colour=3, radius=8)],
        )
        change.show_magnitude(
            result.change,
            f"Change of each cell after {result.stage}, from 0 to {result.change.max():.1f}; "
            f"{figures.percent(result.share, 1)} of the cells change. A box marks the middle cell.",
            low=0.0,
            high=float(result.change.max()) or 1.0,
            overlays=[
                box(
                    result.cell[1],
                    result.cell[0],
                    result.cell[1] + 1,
                    result.cell[0] + 1,
                    colour=3,
                )
            ],
        )

    explorer = Explorer(
        LocalityState(),
        lambda state: locality_experiment(
            net, view, (state.row, state.col), state.stage, unchanged
        ),
        draw,
        title="How far does one pixel reach?",
        purpose="The box is all that the middle cell can see. Move the pixel in and out.",
        stage=[picture, change],
        describe=figures.describe_locality,
    )
    picture.on_cursor(lambda row, col: explorer.set(row=row, col=col))
    return explorer


# --- a receptive field grown by hand ---------------------------------------------------------


@dataclass
class GrowingState:
    """Two layers along one side of an image, and which cells of the first are open.

    The first one always is.
    """

    kernel: int = slider(3, low=3, high=5, step=2, label="Layer 1: kernel", unit="px")
    stride: int = slider(1, low=1, high=3, label="Layer 1: stride", unit="px")
    above: int = slider(3, low=1, high=5, step=2, label="Layer 2: kernel", unit="cells")
    opened: tuple[int, ...] = (0,)


def growing_explorer() -> Explorer:
    """Open the cells that a cell of a second layer looks at, one by one, and count the pixels."""
    picture = Picture("click each yellow square", display_width=608, interactive=True)

    def compute(state: GrowingState) -> Growth:
        return grow(Layer(state.kernel, state.stride), Layer(state.above), (0, *state.opened))

    def draw(result: Growth) -> None:
        x0, y0, x1, y1 = figures.growth_boxes(result)[result.opened[-1]]
        picture.step = figures.growth_step(result)
        picture.cursor = [(y0 + y1) // 2, (x0 + x1) // 2]
        picture.show(
            figures.growth_picture(result),
            f"{figures.describe_growth(result)} A number in a pixel says how many open cells see "
            "it. The arrow keys go to the next square and open it.",
            overlays=[text(*place, words, 0) for *place, words in figures.growth_words(result)],
        )

    explorer = Explorer(
        GrowingState(),
        compute,
        draw,
        title="Grow a receptive field",
        purpose="One side of an image, and two layers above it.",
        stage=[picture],
        describe=figures.describe_growth,
    )

    def visit(row: int, col: int) -> None:
        boxes = figures.growth_boxes(explorer.result)
        found = [n for n, (x0, y0, x1, y1) in enumerate(boxes) if x0 <= col < x1 and y0 <= row < y1]
        if found:
            explorer.set(opened=(*explorer.state.opened, *found))

    picture.on_cursor(visit)
    return explorer


# --- surgery ---------------------------------------------------------------------------------


@dataclass
class SurgeryState:
    """Which filters are operated on, and how."""

    operation: str = choice("switch it off", OPERATIONS, label="Operation")
    first: int = slider(51, low=0, high=FILTERS - 1, label="Filter")
    count: int = slider(1, low=1, high=FILTERS // 2, label="How many from here on")


def surgery_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Operate on filters of SqueezeNet's first layer and read its answer.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    net = nets.load(NAME)
    photo = network_view(images.photo_or_own(photo))
    whole = forward_pass(net, nets.preprocess(NAME, photo))
    tiles = {
        "kernel_before": Picture("filter before", display_width=118),
        "kernel_after": Picture("filter after", display_width=118),
        "map_before": Picture("its map before", display_width=118),
        "map_after": Picture("its map after", display_width=118),
    }
    bars = Plot("the network's answer (line: before the operation)", display_width=620)

    def compute(state: SurgeryState) -> SurgeryResult:
        filters = tuple((state.first + k) % FILTERS for k in range(state.count))
        return operate(net, photo, filters, state.operation, whole)

    def draw(result: SurgeryResult) -> None:
        for name in ("kernel_before", "kernel_after"):
            kernel = getattr(result, name)
            words = (
                f"3 by 3 weights, {signed(kernel.min())} to {signed(kernel.max())}; grey is zero."
            )
            tiles[name].show(figures.kernel_picture(kernel), f"{tiles[name].heading}: {words}")
        high = float(result.map_before.max()) or 1.0
        for name in ("map_before", "map_after"):
            values = getattr(result, name)
            words = f"{tiles[name].heading}: values from 0 to {values.max():.0f}."
            tiles[name].show_magnitude(values, words, low=0.0, high=high)
        _draw_bars(bars, result.names, result.before, result.after)

    return Explorer(
        SurgeryState(),
        compute,
        draw,
        title="Filter surgery",
        purpose="Operate on the first layer of a network that knows 1,000 classes.",
        stage=[*tiles.values(), bars],
        describe=figures.describe_surgery,
    )


def _draw_bars(plot: Plot, names: tuple[str, ...], before: np.ndarray, after: np.ndarray) -> None:
    words = "; ".join(
        f"{name} {figures.percent(new)}, before {figures.percent(old)}"
        for name, old, new in zip(names, before, after, strict=True)
    )
    bars = [
        Bar(name, float(new), float(old), strong=new == after.max())
        for name, old, new in zip(figures.bar_names(names), before, after, strict=True)
    ]
    plot.bars(bars, f"Bars of probability: {words}.", high=1.0, percent=True)


# --- training --------------------------------------------------------------------------------


class TrainingView:
    """Kernels, feature maps and curves that follow a training; pass :meth:`draw` to ``run``."""

    def __init__(self) -> None:
        self.kernels = Picture("8 kernels of the first layer", display_width=360)
        self.maps = Picture("one garment, and what they answer to it", display_width=360)
        self.accuracy = Plot("test photos that are right", display_width=420)
        self.loss = Plot("loss", display_width=420)
        self.widget = ipywidgets.Box([self.kernels, self.accuracy, self.maps, self.loss])
        self.widget.add_class("aml4d-training")

    def draw(self, step: TrainingStep) -> None:
        """Show one record of the training."""
        words = figures.describe_training(step)
        self.kernels.show(
            figures.kernel_tiles(step.kernels), figures.describe_kernels(step.kernels)
        )
        self.maps.show(figures.map_tiles(step.example, step.maps), figures.describe_maps(step.maps))
        seen, loss, accuracy = step.history.T
        across = Axis("images seen", 0, max(1.0, float(seen[-1])))
        self.accuracy.curves(
            [Series(seen, accuracy)], across, Axis("", 0, 1, percent=True), f"Accuracy: {words}."
        )
        up = Axis("nats", 0, max(2.5, float(loss.max())))
        self.loss.curves([Series(seen, loss)], across, up, f"Loss: {words}.")

    def _repr_mimebundle_(self, **options: object) -> object:
        return self.widget._repr_mimebundle_(**options)


def training_view() -> TrainingView:
    """Return an empty view; ``await run(train(...), draw=view.draw)`` fills it."""
    return TrainingView()
