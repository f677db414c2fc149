"""The explorers of the pixels lesson: controls and wiring, no mathematics."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ipywidgets
import numpy as np
from torch import nn

from aml4d_utils import images
from aml4d_utils.measuring.wording import signed
from aml4d_utils.topics.pixels import figures
from aml4d_utils.topics.pixels.distances import (
    BINS,
    GARMENTS,
    KINDS,
    SIDE,
    WIDEST,
    Concentration,
    Measured,
    measure_kinds,
    shrinking,
)
from aml4d_utils.topics.pixels.flattener import flattener
from aml4d_utils.topics.pixels.moved_tests import (
    FARTHEST,
    Moved,
    guess_of,
    move,
    products_of,
    sums_of,
)
from aml4d_utils.topics.pixels.permuting import IN_ORDER, LEARNERS, PERMUTED, PermutationStep
from aml4d_utils.topics.pixels.raw_linear import EXAMPLES, SIDES, Sweep
from aml4d_utils.topics.pixels.raw_linear import sweep as sweep_steps
from aml4d_utils.topics.pixels.two_pixels import (
    LINEAR,
    METHODS,
    TwoPixels,
    guess_from,
    guess_from_all,
    pair_of,
)
from aml4d_utils.widgets import Axis, Bar, Explorer, Picture, Plot, Series, choice, slider
from aml4d_utils.widgets.picture import point, text

__all__ = [
    "curse_explorer",
    "flattener",
    "moved_explorer",
    "permutation_view",
    "resolution_explorer",
    "two_pixel_explorer",
]

_NAMES = images.fashion.CLASS_NAMES


def _last(steps: Iterable[Any]) -> Any:
    return deque(steps, maxlen=1).pop()


# --- resolution ------------------------------------------------------------------------------


_COUNTS = {f"{count:,}": count for count in EXAMPLES}


@dataclass
class ResolutionState:
    """How small the pictures are, how many are learned from, and whose weights are shown."""

    side: int = slider(
        28, low=SIDES[0], high=SIDES[-1], step=SIDES[1] - SIDES[0], label="Downsample to", unit="px"
    )
    examples: str = choice("500", tuple(_COUNTS), label="Pictures to learn from")
    garment: str = choice("ankle boot", _NAMES, label="Show the weights for")


@dataclass(frozen=True)
class ResolutionView:
    """What the resolution explorer shows: the sweep, a place in it, a class and an example."""

    sweep: Sweep
    side: int
    examples: int
    garment: int
    picture: np.ndarray
    weights: np.ndarray


def resolution_explorer(sweep: Sweep | None = None) -> Explorer:
    """Choose a resolution and a number of training pictures for a linear classifier.

    Parameters
    ----------
    sweep : Sweep, optional
        What ``raw_linear.sweep`` measured; without it the explorer measures first.
    """
    data = images.fashion_mnist()
    if sweep is None or sweep.fraction < 1:
        sweep = _last(sweep_steps(data))
    examples = [
        data.test_images[np.flatnonzero(data.test_labels == label)[0]] / 255 for label in range(10)
    ]
    picture = Picture("what it gets", display_width=190)
    weights = Picture("its weights", display_width=190)
    by_side = Plot("right, against the side of the picture", display_width=420)
    by_count = Plot("right, against the pictures learned from", display_width=420)
    curves = ipywidgets.VBox([by_side, by_count], layout=ipywidgets.Layout(width="420px"))

    def compute(state: ResolutionState) -> ResolutionView:
        side, count = state.side, _COUNTS[state.examples]
        garment = _NAMES.index(state.garment)
        small = examples[garment].reshape(-1) @ shrinking(side)
        model = sweep.models[side, count]
        return ResolutionView(
            sweep,
            side,
            count,
            garment,
            small.reshape(side, side),
            model.weights[:, garment].reshape(side, side),
        )

    def draw(view: ResolutionView) -> None:
        name = _NAMES[view.garment]
        picture.show(
            np.clip(view.picture, 0, 1),
            f"A test picture, {name}, in {view.side} by {view.side} pixels, the brightest "
            f"{view.picture.max():.2f}.",
        )
        weights.show_signed(
            view.weights,
            f"Weights for {name}, {view.side} by {view.side}, from {signed(view.weights.min())} to "
            f"{view.weights.max():+.2f}; orange speaks for it, blue against it.",
            limit=figures.colour_limit(view.weights),
        )
        train, test = sweep.at(view.side, view.examples)
        col, row = sweep.examples.index(view.examples), sweep.sides.index(view.side)
        words = (
            f"{figures.percent(train)} of the pictures learned from and "
            f"{figures.percent(test, 1)} of the new ones are right"
        )
        share = Axis("", 0, 1, percent=True)
        best = figures.best_side(sweep, view.examples)
        by_side.curves(
            [
                Series(sweep.sides, sweep.train[:, col], "learned from"),
                Series(sweep.sides, sweep.test[:, col], "new pictures"),
            ],
            Axis("side of the picture, pixels", 1, SIDE, ticks=(1, 4, 7, 13, 19, 28)),
            share,
            f"With {view.examples:,} pictures to learn from, at {view.side} pixels {words}; best "
            f"for new pictures are {best} pixels.",
            marker=(view.side, test),
            height=205,
        )
        by_count.curves(
            [
                Series(sweep.examples, sweep.train[row], "learned from"),
                Series(sweep.examples, sweep.test[row], "new pictures"),
            ],
            Axis("pictures learned from", 50, 20000, log=True, ticks=(50, 200, 1000, 5000, 20000)),
            Axis("", 0, 1, percent=True),
            f"With {view.side} by {view.side} pixels, from {view.examples:,} pictures {words}; "
            f"from 20,000 pictures {figures.percent(sweep.test[row, -1], 1)}.",
            marker=(view.examples, test),
            height=205,
        )

    return Explorer(
        ResolutionState(),
        compute,
        draw,
        title="How many pixels does it take?",
        purpose="One weight for every pixel and garment, fitted to as many pictures as you say.",
        stage=[ipywidgets.VBox([picture, weights]), curves],
        describe=lambda view: figures.describe_resolution(view.sweep, view.side, view.examples),
    )


# --- two pixels ------------------------------------------------------------------------------


_PAIRS = {
    f"{_NAMES[first]} or {_NAMES[second]}": (first, second)
    for first, second in ((7, 9), (1, 3), (2, 4), (0, 6), (5, 7), (8, 6), (3, 4), (1, 8))
}


@dataclass
class TwoPixelState:
    """Which garments, which two pixels, which classifier."""

    garments: str = choice("sneaker or ankle boot", tuple(_PAIRS), label="Which garment?")
    method: str = choice(LINEAR, METHODS, label="Classifier")
    moving: str = choice("A", ("A", "B"), label="A click moves pixel")
    a: tuple[int, int] = (14, 14)
    b: tuple[int, int] = (20, 6)


@dataclass(frozen=True)
class TwoPixelView:
    """A guess from two pixels, the mean pictures of both classes, and a linear guess from all."""

    guess: TwoPixels
    means: tuple[np.ndarray, np.ndarray]
    all_pixels: float
    moving: str


def two_pixel_explorer() -> Explorer:
    """Choose two pixels by clicking, and tell two garments apart by them alone."""
    data = images.fashion_mnist()
    pairs = {name: pair_of(data, *both) for name, both in _PAIRS.items()}
    means = {
        name: tuple(
            pair.train[pair.train_labels == label].mean(axis=0).reshape(SIDE, SIDE)
            for label in (0, 1)
        )
        for name, pair in pairs.items()
    }
    from_all = {name: guess_from_all(pair, LINEAR) for name, pair in pairs.items()}
    left = Picture("", display_width=196, interactive=True)
    right = Picture("", display_width=196, interactive=True)
    plane = Picture("A across, B up", display_width=196)
    bars = Plot("new pictures that are right (line: guessing)", display_width=620)

    def compute(state: TwoPixelState) -> TwoPixelView:
        guess = guess_from(pairs[state.garments], (state.a, state.b), state.method)
        return TwoPixelView(guess, means[state.garments], from_all[state.garments], state.moving)

    def draw(view: TwoPixelView) -> None:
        guess = view.guess
        marks = []
        for place, (row, col), colour in zip("AB", guess.pixels, (4, 2), strict=True):
            marks += [
                point(row, col, colour=colour, radius=10 if place == view.moving else 6),
                text(row - 1.4, col + 1, place, colour),
            ]
        where = " and ".join(
            f"{place} in row {row}, column {col}"
            for place, (row, col) in zip("AB", guess.pixels, strict=True)
        )
        for picture, sign, name, mean in zip(
            (left, right), "■×", guess.names, view.means, strict=True
        ):
            picture.heading = f"{sign} mean {name}"
            picture.cursor = list(guess.pixels["AB".index(view.moving)])
            picture.show(
                np.clip(mean, 0, 1),
                f"The mean {name}, {mean.max():.2f} at its brightest. Pixel {where}; the arrow "
                f"keys move pixel {view.moving}.",
                overlays=marks,
            )
        plane.show(
            figures.plane_picture(guess),
            f"Squares are {guess.names[0]}, on blue; crosses are {guess.names[1]}, on orange. "
            f"{figures.percent((guess.regions == 1).mean())} of the plane belong to "
            f"{guess.names[1]}; {figures.percent(guess.accuracy, 1)} of new pictures lie right. "
            f"Pixel {where}.",
        )
        bars.bars(
            [
                Bar("pixels A and B", guess.accuracy, 0.5, strong=True),
                Bar("all 784, linear", view.all_pixels, 0.5),
            ],
            f"Right with {guess.method}: {figures.percent(guess.accuracy, 1)} from two pixels, "
            f"{figures.percent(view.all_pixels, 1)} from all, linear; guessing gives 50 %.",
            high=1.0,
            percent=True,
        )

    explorer = Explorer(
        TwoPixelState(),
        compute,
        draw,
        title="Two pixels, two garments",
        purpose="Click or drag on a garment to place A, then B. The plane says how light both are.",
        stage=[left, right, plane, bars],
        describe=lambda view: figures.describe_two_pixels(view.guess, view.all_pixels),
    )

    def place(row: int, col: int) -> None:
        explorer.set(**{explorer.state.moving.lower(): (row, col)})

    left.on_cursor(place)
    right.on_cursor(place)
    return explorer


# --- permutation -----------------------------------------------------------------------------


class PermutationView:
    """Three plots that follow the trainings; pass :meth:`draw` to ``run``."""

    def __init__(self) -> None:
        self.plots = {
            learner: Plot(f"{learner}: held-out pictures that are right", display_width=420)
            for learner in LEARNERS
        }
        self.now = Plot("permuted, so far (line: in order)", display_width=420)
        self.widget = ipywidgets.Box([*self.plots.values(), self.now])
        self.widget.add_class("aml4d-training")

    def draw(self, step: PermutationStep) -> None:
        """Show one record of the experiment."""
        last = max(1.0, float(step.looks[-1]))
        ticks = tuple(t for t in (0, 10000, 20000, 30000) if t <= last) if last > 5000 else ()
        across = Axis("pictures seen", 0, last, ticks=ticks)
        for learner, plot in self.plots.items():
            plot.curves(
                [Series(step.looks, step.accuracy[learner, k], k) for k in (IN_ORDER, PERMUTED)],
                across,
                Axis("", 0, 1, percent=True),
                f"{learner}: {figures.percent(step.last(learner, IN_ORDER), 1)} right in order, "
                f"{figures.percent(step.last(learner, PERMUTED), 1)} permuted, after "
                f"{step.seen:,} pictures.",
                height=230,
            )
        self.now.bars(
            [
                Bar(learner, step.last(learner, PERMUTED), step.last(learner, IN_ORDER))
                for learner in LEARNERS
            ],
            f"Permuted beside in order: {figures.describe_training(step)}.",
            high=1.0,
            percent=True,
            label_room=60,
            row_height=50,
        )

    def _repr_mimebundle_(self, **options: object) -> object:
        return self.widget._repr_mimebundle_(**options)


def permutation_view() -> PermutationView:
    """Return an empty view; ``await run(permuting.experiment(…), draw=view.draw)`` fills it."""
    return PermutationView()


# --- the curse -------------------------------------------------------------------------------

_NEAREST, _CONTRAST, _ALIKE = "nearest neighbour", "relative contrast", "dimensions that count"
_HEADINGS = {
    _NEAREST: "nearest neighbour, in mean distances",
    _CONTRAST: "relative contrast: (farthest − nearest) / nearest",
    _ALIKE: "as many random numbers would be spread alike",
}


@dataclass
class CurseState:
    """Which points, how many numbers each, and what the lower plot shows."""

    side: int = slider(4, low=1, high=SIDE, label="Side of the picture", unit="px")
    kind: str = choice(GARMENTS, KINDS, label="Points")
    lower: str = choice(_NEAREST, tuple(_HEADINGS), label="Below, against d")


@dataclass(frozen=True)
class CurseView:
    """Distances of one kind of points, at one side."""

    result: Concentration
    side: int
    lower: str


def curse_explorer(measured: Measured | None = None, photo: np.ndarray | None = None) -> Explorer:
    """Add pixels and watch the distances between pictures, and between random points.

    Parameters
    ----------
    measured : Measured, optional
        What ``distances.measure_kinds`` gave; without it the explorer measures first.
    photo : ndarray (H, W, 3), optional
        Where patches are cut from, by default the student's own photo.
    """
    photo = images.photo_or_own(photo)
    if measured is None or measured.fraction < 1:
        garments = images.fashion_mnist().train_images[:4000].reshape(4000, -1) / 255
        measured = _last(measure_kinds(garments, photo))
    kinds = measured.kinds
    histogram = Plot("pairs of points, by their distance", display_width=620)
    lower = Plot("", display_width=620)
    middles = (np.arange(BINS) + 0.5) * WIDEST / BINS

    def compute(state: CurseState) -> CurseView:
        if state.kind not in kinds:
            raise ValueError(f"There are no distances to compare between {state.kind}.")
        return CurseView(kinds[state.kind], state.side, state.lower)

    def draw(view: CurseView) -> None:
        result, k = view.result, view.side - 1
        here, random = result.points[k], result.uniform[k]
        top = max(0.12, float(max(here.histogram.max(), random.histogram.max())) * 1.05)
        histogram.curves(
            [
                Series(middles, here.histogram, "pictures"),
                Series(middles, random.histogram, "random points"),
            ],
            Axis("distance, in mean distances", 0, WIDEST, ticks=(0, 0.5, 1, 1.5, 2)),
            Axis("", 0, top, percent=True),
            f"Distances at {here.d} numbers: those between {result.kind} deviate by "
            f"{figures.percent(here.spread)} of their mean, those between random points by "
            f"{figures.percent(random.spread)}.",
            marker=(1.0, None),
            height=215,
        )
        d = [each.d for each in result.points]
        across = Axis("numbers in the row, d", 1, 784, log=True, ticks=(1, 4, 16, 49, 196, 784))
        lower.heading = _HEADINGS[view.lower]
        if view.lower == _ALIKE:
            pictures, uniform = result.alike, np.array(d, dtype=float)
            up = Axis("", 1, 1000, log=True, ticks=(1, 10, 100, 1000))
        else:
            name = "nearest" if view.lower == _NEAREST else "contrast"
            pictures = np.array([getattr(each, name) for each in result.points])
            uniform = np.array([getattr(each, name) for each in result.uniform])
            up = (
                Axis("", 0, 1, percent=True)
                if view.lower == _NEAREST
                else Axis("", 0.1, 2000, log=True, ticks=(0.1, 1, 10, 100, 1000))
            )
            pictures, uniform = (np.clip(v, up.low, up.high) for v in (pictures, uniform))
        lower.curves(
            [Series(d, pictures, "pictures"), Series(d, uniform, "random points")],
            across,
            up,
            f"{view.lower}, at {here.d} numbers: {pictures[k]:.3g} for {result.kind}, "
            f"{uniform[k]:.3g} for random points.",
            marker=(here.d, float(pictures[k])),
            height=215,
        )

    return Explorer(
        CurseState(),
        compute,
        draw,
        title="The curse, on real pictures",
        purpose="400 points. Random points have as many numbers, each drawn from 0 to 1.",
        stage=[histogram, lower],
        describe=lambda view: figures.describe_concentration(view.result, view.side),
    )


# --- moved tests -----------------------------------------------------------------------------


_PRODUCT_LIMIT = 0.4


@dataclass
class MovedState:
    """How far the test pictures move, and which of them is shown."""

    right: int = slider(0, low=-FARTHEST, high=FARTHEST, label="Move right", unit="px")
    down: int = slider(0, low=-FARTHEST, high=FARTHEST, label="Move down", unit="px")
    garment: int = slider(0, low=0, high=60, label="Test picture")


@dataclass(frozen=True)
class MovedView:
    """One move of the test pictures, and what each classifier calls one of them."""

    result: Moved
    down: int
    right: int
    picture: np.ndarray
    products: np.ndarray
    sums: np.ndarray
    label: int
    answers: tuple[str, ...]


def moved_explorer(nets: Mapping[str, nn.Module], moved: Moved) -> Explorer:
    """Move the test pictures and read how many each classifier still names.

    Parameters
    ----------
    nets : mapping of str to nn.Module
        The first is the linear one.
    moved : Moved
        What ``moved_tests.move_tests`` measured of the same nets.
    """
    data = images.fashion_mnist()
    picture = Picture("one of the test pictures", display_width=230)
    products = Picture("weight × pixel, linear", display_width=230)
    bars = Plot(
        "all test pictures: right (line: not moved; orange: wrong about this one)",
        display_width=620,
    )
    linear = nets[moved.names[0]]

    def compute(state: MovedState) -> MovedView:
        shown = move(data.test_images[state.garment], state.down, state.right)
        answers = tuple(_NAMES[guess_of(net, shown)] for net in nets.values())
        label = int(data.test_labels[state.garment])
        terms = products_of(linear, shown, label)
        sums = sums_of(linear, shown)
        return MovedView(moved, state.down, state.right, shown, terms, sums, label, answers)

    def draw(view: MovedView) -> None:
        true = _NAMES[view.label]
        words = figures.describe_move(view.result, view.down, view.right, list(view.answers))
        picture.heading = f"test picture: {true}"
        picture.show(view.picture, f"{true}, truly. {words}")
        products.heading = f"linear, for {true}: {signed(view.sums[view.label], 1)}"
        products.show_signed(
            view.products,
            f"Weight times pixel for {true}: orange speaks for it, blue against; with the "
            f"bias, all of them add up to {signed(view.sums[view.label], 1)}.",
            limit=_PRODUCT_LIMIT,
        )
        still, now = view.result.at(0, 0), view.result.at(view.down, view.right)
        rows = [
            Bar(f"{name}: “{answer}”", float(share), float(before), strong=answer != true)
            for name, answer, share, before in zip(
                view.result.names, view.answers, now, still, strict=True
            )
        ]
        bars.bars(rows, words, high=1.0, percent=True, label_room=190)

    return Explorer(
        MovedState(),
        compute,
        draw,
        title="Move the test pictures",
        purpose="They learned garments that sit in the middle. Now the camera is a little off.",
        stage=[picture, products, bars],
        describe=lambda view: " ".join(
            [
                figures.describe_move(view.result, view.down, view.right, list(view.answers)),
                figures.describe_sums(view.sums, _NAMES, view.label),
            ]
        ),
    )
