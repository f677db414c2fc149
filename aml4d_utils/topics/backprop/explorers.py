"""The explorers of the backpropagation lesson: controls and wiring, no mathematics."""

from __future__ import annotations

from dataclasses import dataclass

import ipywidgets
import numpy as np

from aml4d_utils import images
from aml4d_utils.measuring.wording import plain
from aml4d_utils.topics.backprop import figures
from aml4d_utils.topics.backprop.descent_map import DescentMap
from aml4d_utils.topics.backprop.fading import Fading, deep_network, measure_fading
from aml4d_utils.topics.backprop.graph_stepper import graph_stepper
from aml4d_utils.topics.backprop.knobs import REACH, Turned, turn
from aml4d_utils.topics.backprop.landscape import EACH, Path, six_or_nine, three_descents
from aml4d_utils.topics.backprop.learning import SIZES, Curve, Digits, LearningStep
from aml4d_utils.topics.backprop.nudge_grid import NudgeGrid, nudge_grid
from aml4d_utils.topics.backprop.nudges import row_name
from aml4d_utils.topics.backprop.wishes import Wishes, strongest, wishes
from aml4d_utils.topics.neurons.digit_network import as_inputs
from aml4d_utils.topics.neurons.digit_training import one_hot
from aml4d_utils.topics.neurons.network import Network, random_network
from aml4d_utils.widgets import (
    Axis,
    DrawingPad,
    Explorer,
    Picture,
    Plot,
    Series,
    choice,
    slider,
    toggle,
)

__all__ = [
    "curve_view",
    "descent_explorer",
    "digits",
    "fading_explorer",
    "graph_stepper",
    "knob_explorer",
    "learning_view",
    "nudges_explorer",
    "own_digit_explorer",
    "steps_explorer",
    "untrained",
]


def digits() -> Digits:
    """Return MNIST's digits as inputs: 8,000 to learn from, 2,000 to be tested on."""
    data = images.mnist()
    return Digits(
        as_inputs(data.train_images),
        data.train_labels,
        as_inputs(data.test_images),
        data.test_labels,
    )


def untrained(seed: int = 0) -> Network:
    """Return a digit network 784–16–16–10 that has learned nothing."""
    return random_network(SIZES, np.random.default_rng(seed))


# --- one knob ------------------------------------------------------------------------------------

_KNOB_ROWS = (12994, 12869, 12563, 378, 0)
"""Parameters that lie at different places of the network; the last one is a black corner's."""
_PLACES = [row_name(SIZES, row).partition(" → ") for row in _KNOB_ROWS]
KNOBS = tuple(f"from {origin}" if goal else origin for origin, _, goal in _PLACES)


@dataclass
class KnobState:
    """Which parameter is turned, and by how much."""

    knob: str = choice(KNOBS[0], KNOBS, label="Knob")
    by: float = slider(1.0, low=-REACH, high=REACH, step=0.1, label="Turn it by")


def knob_explorer() -> Explorer:
    """Turn one of 13,002 parameters by hand and watch the cost of one digit."""
    data, network = digits(), untrained()
    place = int(np.flatnonzero(data.labels == 2)[0])
    wanted = one_hot(data.labels[place : place + 1], 10)[0]
    plot = Plot("cost of this 2", display_width=600)

    def compute(state: KnobState) -> Turned:
        row = _KNOB_ROWS[KNOBS.index(state.knob)]
        return turn(network, data.inputs[place], wanted, row, state.by)

    def describe(turned: Turned) -> str:
        return figures.describe_turn(turned, row_name(SIZES, turned.row))

    def draw(turned: Turned) -> None:
        low, high = float(turned.costs.min()), float(turned.costs.max())
        edge = max(0.1, 0.08 * (high - low))
        plot.curves(
            [Series(turned.turns, turned.costs), Series([0.0], [turned.before], kind="points")],
            Axis("turned by", -REACH, REACH, ticks=(-2, -1, 0, 1, 2)),
            Axis("C", low - edge, high + edge),
            describe(turned),
            marker=(turned.by, turned.after),
            height=260,
        )

    return Explorer(
        KnobState(),
        compute,
        draw,
        title="Turn one knob",
        purpose="One parameter changes, the other 13,001 stay. The network answers anew each time.",
        stage=[plot],
        describe=describe,
    )


# --- the nudges table ----------------------------------------------------------------------------


def nudges_explorer() -> NudgeGrid:
    """Return the nudges table: what each digit wants of each of 13,002 parameters."""
    return nudge_grid()


@dataclass
class OwnDigitState:
    """What the drawing is meant to be."""

    label: int = slider(3, low=0, high=9, label="It is meant to be a", later=True)


def own_digit_explorer(table: NudgeGrid) -> Explorer:
    """Draw or pick a digit, say which it is, and put it into the first column of a table.

    The table stands beside the pad once more; both views show the same.
    """
    pick, put = "Pick one", "Put it into the table"
    pad = DrawingPad("Draw a digit", 196, (pick, put))
    data = images.mnist()
    rng = np.random.default_rng(0)

    def compute(state: OwnDigitState) -> tuple[np.ndarray, int]:
        return table.network.forward(as_inputs(pad.prepared)).output[0], state.label

    def describe(result: tuple[np.ndarray, int]) -> str:
        if not pad.drawing.any():
            return "The pad is empty: draw a digit, with the mouse, a finger or the arrow keys."
        return figures.describe_own_digit(*result)

    explorer = Explorer(
        OwnDigitState(),
        compute,
        lambda result: None,
        title="Your own digit",
        purpose="Draw a digit or pick one, say what it is meant to be, put it into the table.",
        stage=[table],
        beside=[pad],
        describe=describe,
    )

    def on_source(name: str) -> None:
        if name == pick:
            fitting = np.flatnonzero(data.train_labels == explorer.state.label)
            pad.show(data.train_images[rng.choice(fitting)], as_is=True)
        elif not pad.drawing.any():
            pad.status = "There is nothing on the pad yet: draw a digit first."
        else:
            table.add_digit(pad.prepared, explorer.state.label)
            explorer.refresh()

    pad.on_drawing(lambda _pixels: explorer.refresh())
    pad.on_source(on_source)
    return explorer


# --- the three steps -----------------------------------------------------------------------------

_STEPS = ("1 · bias and weights", "2 · earlier activations", "3 · all examples")
_LAYERS = ("output layer", "hidden layer 2", "hidden layer 1")
_EXAMPLES = 32


@dataclass
class StepsState:
    """Which step, which neuron, which digit."""

    step: str = choice(_STEPS[0], _STEPS, label="Step")
    layer: str = choice(_LAYERS[0], _LAYERS, label="Layer")
    neuron: int = slider(2, low=0, high=9, label="Neuron")
    example: int = slider(0, low=0, high=_EXAMPLES - 1, label="Digit, number")


def steps_explorer(network: Network | None = None) -> Explorer:
    """Follow the three steps of backpropagation for one neuron of a real network.

    Parameters
    ----------
    network : Network, optional
        Of 784 inputs and three layers; by default an untrained one.
    """
    network = network or untrained()
    data = images.mnist()
    first = int(np.flatnonzero(data.train_labels == 2)[0])
    order = [first, *(i for i in range(_EXAMPLES) if i != first)][:_EXAMPLES]
    pictures, labels = data.train_images[order], data.train_labels[order]
    inputs, wanted = as_inputs(pictures), one_hot(labels, 10)
    digit = Picture("the digit", display_width=140)
    bars = [Plot(display_width=460) for _ in range(3)]
    map_before, map_after = Picture(display_width=222), Picture(display_width=222)
    for picture in (map_before, map_after):
        picture.layout.width = "226px"
    wide = {"width": "464px", "max_width": "100%"}
    plots = ipywidgets.VBox(bars, layout=wide)
    maps = ipywidgets.Box(
        [map_before, map_after], layout={**wide, "flex_flow": "row wrap", "grid_gap": "14px"}
    )
    room = ipywidgets.Box([plots])

    def compute(state: StepsState) -> tuple[Wishes, int, int, int]:
        layer = network.layers - 1 - _LAYERS.index(state.layer)
        one = wishes(network, inputs, wanted, state.example, layer, state.neuron)
        return one, _STEPS.index(state.step) + 1, int(labels[state.example]), state.example

    def draw(result: tuple[Wishes, int, int, int]) -> None:
        one, step, label, example = result
        digit.show(255 - pictures[example], f"A handwritten {label}, digit number {example}.")
        pixels = one.layer == 0
        if pixels:
            _show_maps(one, step, label, map_before, map_after)
        else:
            parts = _step_parts(one, step)
            _show_bars(parts, step, label, bars)
            plots.children = bars[: len(parts)]
        room.children = [maps if pixels else plots]

    return Explorer(
        StepsState(),
        compute,
        draw,
        title="Three steps",
        purpose="One neuron of an untrained digit network, and what it wishes.",
        stage=[digit, room],
        describe=lambda result: figures.describe_wishes(
            result[0], result[1], result[2], network.layers, _EXAMPLES
        ),
    )


def _step_parts(one: Wishes, step: int) -> list[tuple[str, np.ndarray]]:
    """Return what stands below each other: heading and numbers."""
    if step == 1:
        return [
            ("activations of the previous layer", one.previous),
            ("wished change of this neuron's weights", one.weight_changes),
        ]
    if step == 2:
        return [
            ("this neuron's weights", one.weights),
            ("its wish for the previous activations", one.passed_back),
            ("the wishes of all neurons of this layer, added up", one.all_passed_back),
        ]
    return [
        ("this digit's wish for the weights", one.weight_changes),
        (f"mean over {_EXAMPLES} digits", one.mean_changes),
    ]


def _show_bars(
    parts: list[tuple[str, np.ndarray]], step: int, label: int, plots: list[Plot]
) -> None:
    shared = max(float(np.abs(values).max()) for _, values in parts) if step == 3 else None
    height = 200 if len(parts) < 3 else 150
    for plot, (heading, values) in zip(plots, parts, strict=False):
        limit = 1.1 * (shared or float(np.abs(values).max())) or 1.0
        low = 0.0 if (values >= 0).all() and step == 1 else -limit
        plot.heading = heading
        top = strongest(values)
        plot.curves(
            [Series(np.arange(len(values)), values, kind="bars")],
            Axis("neuron of the previous layer", -0.6, len(values) - 0.4, ticks=(0, 5, 10, 15)),
            Axis("", low, limit),
            f"{heading}: 16 bars for this {label}, largest at neuron {top} with "
            f"{figures.signed(values[top])}.",
            height=height,
        )


def _show_maps(one: Wishes, step: int, label: int, before: Picture, after: Picture) -> None:
    if step == 2:
        parts = [
            ("this neuron's weights", one.weights),
            ("wish for the picture, all neurons", one.all_passed_back),
        ]
    else:
        parts = _step_parts(one, step)
    shared = max(float(np.abs(values).max()) for _, values in parts) if step == 3 else None
    for picture, (heading, values) in zip((before, after), parts, strict=True):
        grid = values.reshape(28, 28)
        words = (
            f"{heading}: a map of 28 by 28 numbers for this {label}, from "
            f"{figures.signed(grid.min())} to {figures.signed(grid.max())}."
        )
        picture.heading = heading
        if step == 1 and picture is before:
            picture.show_magnitude(grid, words, low=0.0, high=1.0)
        else:
            picture.show_signed(grid, words, limit=shared or None)


# --- three descents ------------------------------------------------------------------------------

_LIMITS = (-5.0, 9.0, -11.0, 3.0)
_UPDATES = 300
_AXES = ("updates", "digits looked at")


@dataclass
class DescentState:
    """How the three descents go down, and from where."""

    rate: float = slider(4, low=0.5, high=40, step=0.5, label="Learning rate")
    batch: int = slider(20, low=2, high=100, label="Mini-batch", unit="digits")
    shuffle: bool = toggle(True, label="Shuffle the digits")
    axis: str = choice(_AXES[0], _AXES, label="Curves against")
    x: float = -2.0
    y: float = 2.0


def descent_explorer() -> Explorer:
    """Go down the same landscape three ways: one digit at a time, in mini-batches, all at once."""
    problem = six_or_nine()
    across, up = np.linspace(*_LIMITS[:2], 150), np.linspace(*_LIMITS[2:], 150)
    surface = problem.surface(across, up)
    view = DescentMap(surface, _LIMITS, ("weight of ink above", "weight of ink below"))

    def compute(state: DescentState) -> tuple[dict[str, Path], DescentState]:
        paths = three_descents(
            problem,
            np.array([state.x, state.y]),
            rate=state.rate,
            mini_batch=state.batch,
            updates=_UPDATES,
            shuffle=state.shuffle,
        )
        return paths, state

    def draw(result: tuple[dict[str, Path], DescentState]) -> None:
        paths, state = result
        words = describe(result)
        names = {
            "one": figures.DESCENTS["one"],
            "mini-batch": f"mini-batches of {state.batch}",
            "all": f"all {2 * EACH} digits at once",
        }
        view.show(
            paths,
            names,
            f"Map of the cost over two weights, start at ({plain(state.x)}, {plain(state.y)}), and "
            f"the cost against {state.axis}. {words}",
            state.axis,
        )

    def describe(result: tuple[dict[str, Path], DescentState]) -> str:
        paths, state = result
        return figures.describe_descents(paths, state.rate, state.shuffle)

    explorer = Explorer(
        DescentState(),
        compute,
        draw,
        title="Three ways down",
        purpose="A neuron with two weights tells 9 from 6 by its ink. Dark is a low cost.",
        stage=[view],
        describe=describe,
    )
    view.on_start(lambda x, y: explorer.set(x=round(x, 2), y=round(y, 2)))
    return explorer


# --- learning ------------------------------------------------------------------------------------


class LearningView:
    """Weights and curves that follow a training; pass :meth:`draw` to ``run``."""

    def __init__(self) -> None:
        self.weights = Picture("weights from the pixels to 16 neurons", display_width=420)
        self.accuracy = Plot("test digits that are right", display_width=400)
        self.cost = Plot("mean cost of the batches", display_width=400)
        self.widget = ipywidgets.Box([self.accuracy, self.cost, self.weights])
        self.widget.add_class("aml4d-training")

    def draw(self, step: LearningStep) -> None:
        """Show one record of the training."""
        words = figures.describe_learning(step)
        weights = step.network.weights[0]
        self.weights.show(figures.weight_tiles(weights), figures.describe_weights(weights))
        seen, cost, accuracy = step.history.T
        across = Axis("digits seen", 0, max(1.0, float(seen[-1])))
        self.accuracy.curves(
            [Series(seen, accuracy)], across, Axis("", 0, 1, percent=True), f"Accuracy: {words}."
        )
        top = Axis("", 0, max(1.0, float(cost.max())))
        self.cost.curves([Series(seen, cost)], across, top, f"Cost: {words}.")

    def _repr_mimebundle_(self, **options: object) -> object:
        return self.widget._repr_mimebundle_(**options)


def learning_view() -> LearningView:
    """Return an empty view; ``await run(learn(...), draw=view.draw)`` fills it."""
    return LearningView()


class CurveView:
    """Two curves that grow training by training; pass :meth:`draw` to ``run``."""

    def __init__(self) -> None:
        self.size = Plot("test accuracy by number of digits", display_width=400)
        self.noise = Plot("test accuracy by wrong labels", display_width=400)
        self.widget = ipywidgets.Box([self.size, self.noise])
        self.widget.add_class("aml4d-training")

    def draw(self, curve: Curve) -> None:
        """Show the points that are ready."""
        if not curve.points:
            return
        x = [point.value for point in curve.points]
        y = [point.test for point in curve.points]
        size = curve.kind == "size"
        across = (
            Axis("digits to learn from", 10, 10_000, log=True)
            if size
            else Axis("wrong labels", 0, 1, percent=True)
        )
        plot = self.size if size else self.noise
        plot.curves(
            [Series(x, y, kind="points")],
            across,
            Axis("", 0, 1, percent=True),
            f"{plot.heading}: {figures.describe_curve(curve)}.",
        )

    def _repr_mimebundle_(self, **options: object) -> object:
        return self.widget._repr_mimebundle_(**options)


def curve_view() -> CurveView:
    """Return an empty view of two curves."""
    return CurveView()


# --- fading --------------------------------------------------------------------------------------

_HIDDEN = ("sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU")


@dataclass
class FadingState:
    """The deep network that is measured."""

    hidden: str = choice("sigmoid", _HIDDEN, label="Activation function")
    depth: int = slider(6, low=1, high=10, label="Hidden layers")
    scale: float = slider(1.0, low=0.5, high=6, step=0.5, label="Weights are larger by", unit="×")


def fading_explorer() -> Explorer:
    """Measure how much of the gradient reaches each layer of a deep network."""
    data = images.mnist()
    inputs = as_inputs(data.train_images[:64])
    wanted = one_hot(data.train_labels[:64], 10)
    plot = Plot("mean size of the gradient, layer by layer", display_width=600)

    def compute(state: FadingState) -> Fading:
        network = deep_network(state.depth, state.hidden, state.scale, np.random.default_rng(0))
        return measure_fading(network, inputs, wanted)

    def draw(result: Fading) -> None:
        layers = np.arange(1, len(result.gradients) + 1)
        sizes = np.clip(result.gradients, 1e-12, None)
        plot.curves(
            [Series(layers, sizes, result.hidden)],
            Axis("layer, from the pixels to the output", 0.5, len(layers) + 0.5,
                 ticks=tuple(float(k) for k in layers)),
            Axis("∂C/∂w", min(1e-8, float(sizes.min())), max(1.0, float(sizes.max())), log=True),
            figures.describe_fade(result),
            height=300,
        )  # fmt: skip

    return Explorer(
        FadingState(),
        compute,
        draw,
        title="How far does the gradient reach?",
        purpose="Untrained networks, 64 real digits. Small gradients mean slow learning.",
        stage=[plot],
        describe=figures.describe_fade,
    )
