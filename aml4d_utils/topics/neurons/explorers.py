"""The explorers of the lesson from neuron to network: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import ipywidgets
import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.neurons import figures
from aml4d_utils.topics.neurons.activations import ACTIVATIONS, LINES
from aml4d_utils.topics.neurons.digit_flow import DigitFlow
from aml4d_utils.topics.neurons.digit_network import load_digit_network
from aml4d_utils.topics.neurons.firing import Firing, fire
from aml4d_utils.topics.neurons.neuron_view import NeuronView
from aml4d_utils.topics.neurons.plane import NAMES, measure, points
from aml4d_utils.topics.neurons.reading_digits import Reading, read, read_row
from aml4d_utils.topics.neurons.separating_points import Separation, learn, one_neuron, separate
from aml4d_utils.topics.neurons.slopes import Slope, slope_at
from aml4d_utils.widgets import (
    Axis,
    Bar,
    DrawingPad,
    Explorer,
    Handle,
    Picture,
    Plot,
    Series,
    choice,
    slider,
)
from aml4d_utils.widgets.picture import line, point

__all__ = [
    "activation_explorer",
    "hand_explorer",
    "layer_explorer",
    "neuron_explorer",
    "postcode_explorer",
    "reading_explorer",
]


# --- one neuron ------------------------------------------------------------------------------


@dataclass
class NeuronState:
    """The neuron that is shown; inputs, weights and bias are dragged in the picture."""

    activation: str = choice("sigmoid", ("sigmoid", "tanh", "ReLU"), label="Activation function")
    inputs: tuple[float, ...] = (0.9, 0.4, 0.1)
    weights: tuple[float, ...] = (2.0, -1.5, 0.5)
    bias: float = -0.5


def neuron_explorer() -> Explorer:
    """Drag the inputs, weights and bias of one neuron and watch its output."""
    view = NeuronView()

    def draw(firing: Firing) -> None:
        view.show(firing, f"One neuron with three inputs. {figures.describe_firing(firing)}")

    explorer = Explorer(
        NeuronState(),
        lambda state: fire(state.inputs, state.weights, state.bias, state.activation),
        draw,
        title="One neuron",
        purpose="Each input times its weight, all added up, plus the bias, through a curve.",
        stage=[view],
        describe=figures.describe_firing,
    )
    view.on_change(
        lambda inputs, weights, bias: explorer.set(inputs=inputs, weights=weights, bias=bias)
    )
    return explorer


# --- activation functions --------------------------------------------------------------------


@dataclass
class ActivationState:
    """The function, the place on it, and what some of them can be tuned by."""

    name: str = choice("sigmoid", tuple(ACTIVATIONS), label="Function")
    x: float = slider(4.0, low=-6.0, high=6.0, step=0.1, label="Input x")
    alpha: float = slider(1.0, low=0.1, high=2.0, step=0.1, label="α of ELU")
    lines: tuple[tuple[float, float], tuple[float, float]] = LINES


_LEFT, _RIGHT = -4.0, 4.0
"""Where the two handles of each of maxout's lines stand."""


def activation_explorer() -> Explorer:
    """Choose an activation function, move along it, and read its slope."""
    curve = Plot("value, and the tangent at x (dashed)", display_width=620)
    slopes = Plot("slope of the curve at each x", display_width=620)

    def draw(at: Slope) -> None:
        words = figures.describe_slope(at)
        low, high = _SPANS.get(at.name, _WIDE)
        series = [Series(at.places, at.values, at.name)]
        series.append(Series(*_clipped(*at.tangent(), low, high)))
        handles = [Handle("x", at.x, _inside(at.value, low, high), "Place x", "x", 0.1)]
        if at.name == "maxout":
            for index, (w, b) in enumerate(at.lines):
                ends = np.array([-6.0, 6.0])
                line_of = _clipped(ends, w * ends + b, low, high)
                series.append(Series(*line_of, f"line {index + 1}"))
                for side, x in (("left", _LEFT), ("right", _RIGHT)):
                    y = _inside(w * x + b, low, high)
                    label = f"Line {index + 1}, {side} end"
                    handles.append(Handle(f"{index}{side}", x, y, label, "y", 0.1, str(index + 1)))
        across = Axis("x", -6, 6, ticks=(-6, -4, -2, 0, 2, 4, 6))
        curve.curves(series, across, Axis("", low, high), words, handles=handles, height=290)
        most = max(1.2, 1.1 * float(np.abs(at.slopes).max()))
        least = -0.2 if at.slopes.min() >= 0 else -most
        slopes.curves(
            # As long a label as above, so that both plots have the same width.
            [Series(at.places, at.slopes, "slope".ljust(len(at.name), "\N{NO-BREAK SPACE}"))],
            across,
            Axis("", least, most),
            f"The slope from −6 to 6. {words}",
            marker=(at.x, at.slope),
            height=165,
        )

    explorer = Explorer(
        ActivationState(),
        lambda state: slope_at(state.name, state.x, state.alpha, state.lines),
        draw,
        title="Six activation functions",
        purpose="Drag the ring along the curve. For maxout, drag the ends of its two lines.",
        stage=[curve, slopes],
        describe=figures.describe_slope,
    )

    def dragged(name: str, x: float, y: float) -> None:
        if name == "x":
            explorer.set(x=x)
            return
        lines = [list(one) for one in explorer.state.lines]
        w, b = lines[int(name[0])]
        left, right = w * _LEFT + b, w * _RIGHT + b
        left, right = (y, right) if name.endswith("left") else (left, y)
        lines[int(name[0])] = [(right - left) / (_RIGHT - _LEFT), (left + right) / 2]
        explorer.set(lines=tuple(tuple(one) for one in lines))

    curve.on_drag(dragged)
    return explorer


_WIDE = (-3.0, 6.0)
_SPANS = {"sigmoid": (-0.5, 1.5), "tanh": (-1.5, 1.5), "maxout": (-6.0, 6.0)}
"""What is shown of each function, from bottom to top."""


def _inside(value: float, low: float, high: float) -> float:
    return float(np.clip(value, low, high))


def _clipped(x: np.ndarray, y: np.ndarray, low: float, high: float) -> tuple:
    """Return the part of a straight line (two ends) that lies within the axes."""
    places = np.linspace(x[0], x[-1], 241)
    values = np.interp(places, x, y)
    seen = (values >= low) & (values <= high) & (np.abs(places) <= 6)
    return places[seen], values[seen]


# --- separating points -----------------------------------------------------------------------


_MOST_BIAS = 12.0


@dataclass
class HandState:
    """One neuron with two inputs."""

    data: str = choice("0 or 1", NAMES, label="Points")
    w1: float = slider(1.0, low=-4.0, high=4.0, step=0.1, label="Weight of x")
    w2: float = slider(1.0, low=-4.0, high=4.0, step=0.1, label="Weight of y")
    bias: float = slider(1.0, low=-_MOST_BIAS, high=_MOST_BIAS, step=0.1, label="Bias")


class _PointedDigit:
    """The digit behind the point of a plane that a student points at."""

    def __init__(self, plane: Picture):
        self.plane = plane
        self.picture = Picture("", display_width=_DIGIT_WIDTH)
        self.numbers = Plot("what was measured of it", display_width=_DIGIT_WIDTH)
        self.column = ipywidgets.VBox([self.picture, self.numbers])
        self.column.layout.width = f"{_DIGIT_WIDTH}px"
        self.found: Separation | None = None
        self.index = 0
        self.lines: list = []

    def show(self, found: Separation, lines: list) -> None:
        """Draw the plane, with these lines and a ring around the point whose digit is shown."""
        if self.found is None or found.points is not self.found.points:
            self.index = 0
        self.found, self.lines = found, lines
        x, y = found.points.axes
        self.plane.heading = f"to the right: {x}; upwards: {y}"
        self.plane.show(
            figures.plane_picture(found),
            f"A plane of points, {x} to the right and {y} upwards. "
            f"{figures.describe_separation(found)}",
            overlays=self._overlays(),
        )
        self._show_digit()

    def move(self, row: int, col: int) -> None:
        """Show the digit of the point nearest to a place of the plane."""
        points = self.found.points
        if points.made_up:
            return
        self.index = points.nearest(*figures.place_in_plane(row, col))
        self.plane.overlays = self._overlays()
        self._show_digit()

    def _overlays(self) -> list:
        points = self.found.points
        if points.made_up:
            return self.lines
        (place,) = figures.plane_places(points.points[self.index : self.index + 1])
        return [*self.lines, point(*place, colour=7, radius=9)]

    def _show_digit(self) -> None:
        points = self.found.points
        words = figures.describe_point(points, self.index)
        self.numbers.layout.display = "none" if points.made_up else None
        if points.made_up:
            self.picture.heading = "no digits: made up"
            self.picture.show(np.full((28, 28), 235, dtype=np.uint8), words)
            return
        self.picture.heading = f"the ringed point: a {points.digits[self.index]}"
        self.picture.show(points.pictures[self.index], words)
        values = measure(points.pictures[self.index : self.index + 1])[0]
        bars = [Bar(name, round(float(v), 2)) for name, v in zip(_SHORT, values, strict=True)]
        self.numbers.bars(bars, words, high=1.0, label_room=96)


_DIGIT_WIDTH = 196
_SHORT = ("ink", "middle")
"""The two measured numbers in one word each."""


def hand_explorer() -> Explorer:
    """Separate two classes of points with one neuron, by hand."""
    plane = Picture("", display_width=figures.SIDE, interactive=True, hover=True)
    digit = _PointedDigit(plane)
    for name in NAMES:
        points(name)  # Read the digits now, so that no choice waits for them later.

    explorer = Explorer(
        HandState(),
        lambda state: separate(points(state.data), one_neuron(state.w1, state.w2, state.bias)),
        lambda found: digit.show(found, []),
        title="One neuron, by hand",
        purpose="The dark line is where the neuron is undecided. Drag it, or move the sliders. "
        "Point at a place to see the nearest digit.",
        stage=[plane, digit.column],
        describe=figures.describe_separation,
    )

    def through(row: int, col: int) -> None:
        digit.move(row, col)
        if plane.action == "point":
            return
        x, y = figures.place_in_plane(row, col)
        bias = -(explorer.state.w1 * x + explorer.state.w2 * y)
        explorer.set(bias=float(np.clip(bias, -_MOST_BIAS, _MOST_BIAS)))

    plane.on_cursor(through)
    return explorer


@dataclass
class LayerState:
    """A layer of hidden neurons that learns from the points."""

    data: str = choice("0 and 1, or others", NAMES, label="Points")
    hidden: int = slider(2, low=0, high=8, label="Hidden neurons")
    activation: str = choice(
        "tanh", ("tanh", "sigmoid", "ReLU", "leaky ReLU", "ELU"), label="Activation function"
    )
    seed: int = slider(0, low=0, high=9, label="Start (random weights)")


def layer_explorer() -> Explorer:
    """Let a layer of neurons learn to separate points; each change trains it anew."""
    plane = Picture("", display_width=figures.SIDE, interactive=True, step=8, hover=True)
    digit = _PointedDigit(plane)
    plane.on_cursor(digit.move)

    def compute(state: LayerState) -> Iterator[Separation]:
        yield from learn(points(state.data), state.hidden, state.activation, state.seed)

    def draw(found: Separation) -> None:
        ends = figures.line_ends(found.lines) if found.hidden else []
        digit.show(found, [line(*pair, colour=7, dashed=True, width=1.5) for pair in ends])

    return Explorer(
        LayerState(),
        compute,
        draw,
        title="A layer that learns",
        purpose="Each hidden neuron draws one line. The output neuron combines them. Point at a "
        "place to see the nearest digit.",
        stage=[plane, digit.column],
        describe=figures.describe_separation,
        remember=True,
    )


# --- reading digits --------------------------------------------------------------------------

TEST_DIGIT, OWN_PHOTO = "A test digit", "Your photo"
_FIRST = 3
"""The test digit that stands on the pad at first."""


def _first_digit() -> np.ndarray:
    return images.mnist().test_images[_FIRST] / 255


@dataclass
class ReadingState:
    """What is read, how it came onto the pad, and which neuron is opened."""

    lines: int = slider(40, low=0, high=150, step=10, label="Connections drawn")
    selected: tuple[int, ...] = (1, 11)
    pixels: np.ndarray = field(default_factory=_first_digit)
    label: str = ""


@dataclass(frozen=True)
class _ReadingView:
    reading: Reading
    selected: tuple[int, ...]
    lines: int
    label: str

    def words(self) -> str:
        parts = [figures.describe_reading(self.reading), self.label]
        if self.selected:
            parts.append(figures.describe_neuron(self.reading, *self.selected))
        return " ".join(filter(None, parts))


def reading_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Draw a digit and watch it flow through the trained network; open any neuron.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    photo = images.photo_or_own(photo)
    network = load_digit_network()
    data = images.mnist()
    pad = DrawingPad("Draw a digit", 196, (TEST_DIGIT, OWN_PHOTO))
    flow = DigitFlow(network)
    order = np.random.default_rng(14).permutation(len(data.test_images)).tolist()
    pad.show(_first_digit(), sample=True)

    def compute(state: ReadingState) -> _ReadingView:
        return _ReadingView(read(network, state.pixels), state.selected, state.lines, state.label)

    def draw(view: _ReadingView) -> None:
        if not _alike(pad.prepared, view.reading.pixels):
            pixels = view.reading.pixels
            whole = not _alike(images.centre_digit(pixels), pixels)
            pad.show(pixels, as_is=whole, sample=True)
        flow.show(view.reading, view.words(), lines=view.lines, selected=view.selected)

    explorer = Explorer(
        ReadingState(label=_true_label(data.test_labels[_FIRST])),
        compute,
        draw,
        title="A network that reads",
        purpose="784–16–16–10 neurons, trained on 8,000 handwritten digits.",
        stage=[flow],
        beside=[pad],
        describe=_ReadingView.words,
    )

    def drawn(pixels: np.ndarray) -> None:
        if not _alike(pixels, explorer.state.pixels):
            explorer.set(pixels=pixels, label="")

    def wanted(name: str) -> None:
        if name == TEST_DIGIT:
            order.append(order.pop(0))
            picture, label = data.test_images[order[-1]], data.test_labels[order[-1]]
            pad.show(picture)
            explorer.set(pixels=pad.prepared, label=_true_label(label))
        else:
            pad.show(small_photo(photo), as_is=True)
            explorer.set(pixels=pad.prepared, label="Your photo shows no digit at all.")

    pad.on_drawing(drawn)
    pad.on_source(wanted)
    flow.on_select(lambda selected: _select(explorer, selected))
    return explorer


def small_photo(photo: np.ndarray) -> np.ndarray:
    """Return a photo's middle square in grey, (28, 28), float in [0, 1]."""
    square = images.centre_square(photo)
    return np.clip(images.grey(images.resize(square, 28, 28)), 0, 1)


def _select(explorer: Explorer, selected: tuple[int, ...]) -> None:
    if selected != explorer.state.selected:
        explorer.set(selected=selected)


def _true_label(label: int) -> str:
    return f"Whoever wrote it meant {label}."


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.allclose(one, other, atol=0.004))


# --- a postcode ------------------------------------------------------------------------------

DIGITS = 4
TEST_CODE = "Four test digits"


def _first_code() -> np.ndarray:
    return np.hstack(list(images.mnist().test_images[:DIGITS])) / 255


@dataclass
class PostcodeState:
    """What is written, and what is known about it."""

    pixels: np.ndarray = field(default_factory=_first_code)
    label: str = ""


@dataclass(frozen=True)
class _Code:
    readings: tuple[Reading, ...]
    label: str

    def words(self) -> str:
        return f"{figures.describe_row(self.readings)} {self.label}".strip()


def postcode_explorer() -> Explorer:
    """Write four digits on one pad; it is cut into four, and each part is read."""
    network = load_digit_network()
    data = images.mnist()
    pad = DrawingPad("Write four digits, one in each cell", 480, (TEST_CODE,), DIGITS)
    answers = Plot("the strongest output for each", display_width=480)
    rng = np.random.default_rng(4)
    pad.show(_first_code(), as_is=True, sample=True)

    def draw(code: _Code) -> None:
        pixels = np.hstack([one.pixels for one in code.readings])
        if not _alike(pad.prepared, pixels):
            pad.show(pixels, as_is=True, sample=True)
        bars = [
            Bar(
                f"reads {one.answer}" if one.pixels.any() else "empty",
                round(float(one.outputs.max()), 2),
            )
            for one in code.readings
        ]
        answers.bars(bars, code.words(), high=1.0, label_room=110, row_height=28)

    explorer = Explorer(
        PostcodeState(label=_meant(data.test_labels[:DIGITS])),
        lambda state: _Code(read_row(network, state.pixels), state.label),
        draw,
        title="Write your code",
        purpose="The pad is cut into four. The same network reads each part by itself.",
        stage=[pad, answers],
        describe=_Code.words,
    )

    def drawn(pixels: np.ndarray) -> None:
        if not _alike(pixels, explorer.state.pixels):
            explorer.set(pixels=pixels, label="")

    def wanted(_name: str) -> None:
        chosen = rng.choice(len(data.test_images), DIGITS, replace=False)
        pad.show(np.hstack(list(data.test_images[chosen])), as_is=True)
        explorer.set(pixels=pad.prepared, label=_meant(data.test_labels[chosen]))

    pad.on_drawing(drawn)
    pad.on_source(wanted)
    return explorer


def _meant(labels: np.ndarray) -> str:
    return f"The writers meant {' '.join(map(str, labels))}."
