"""The explorers of the detector: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, make_dataclass
from functools import lru_cache
from typing import Any

import ipywidgets
import numpy as np

from aml4d_utils import images
from aml4d_utils.measuring.wording import counted
from aml4d_utils.nets.detection import CellAnswers, Detections, cell_answers, detect
from aml4d_utils.nets.nanodet import STEPS
from aml4d_utils.topics.detection_metrics.judging_boxes import judge
from aml4d_utils.topics.detector import figures
from aml4d_utils.topics.detector.condition_sweep import (
    HARDSHIPS,
    LEAST,
    FailureReport,
    RecallCurve,
    hardened,
    recall_curve,
)
from aml4d_utils.topics.detector.degrading import Trouble, degrade
from aml4d_utils.topics.detector.known_scenes import KnownScene, ScenePlan
from aml4d_utils.topics.detector.open_world import Called, OpenWorld, ask, categories, wordless
from aml4d_utils.topics.detector.opened import (
    STRIDES,
    Opened,
    Round,
    cell_at,
    grid_map,
    open_up,
    strongest_rivals,
    suppression_round,
    surest_cell,
)
from aml4d_utils.widgets import (
    Axis,
    Bar,
    Camera,
    Explorer,
    Picture,
    Plot,
    Series,
    choice,
    slider,
    toggle,
)
from aml4d_utils.widgets.picture import box, point, text

_BLUE, _ORANGE, _GREEN, _RED, _BLACK = 0, 1, 2, 3, 7
_LONGEST = 416
_MOST_BOXES = 80
_OWN = "your photo"
PHOTOS = {
    "a motorcycle": "motorcycle",
    _OWN: None,
    "the astronaut": "astronaut",
    "a cup of coffee": "coffee",
    "a cat": "chelsea",
    "bricks, no thing": "brick",
}
"""What can be looked at; None is the student's own photo."""


@dataclass(frozen=True)
class _Looked:
    """A photo, and what every cell says about it."""

    photo: np.ndarray
    answers: CellAnswers


def _look(photo: np.ndarray) -> _Looked:
    fitted = images.fit(images.as_float(photo), _LONGEST)
    return _Looked(fitted, cell_answers(fitted))


@lru_cache(maxsize=len(PHOTOS))
def _look_at_known(name: str) -> _Looked:
    return _look(images.photo(name))


def _look_at_all(photo: np.ndarray | None) -> dict[str, _Looked]:
    """Look at every photo before one is chosen, so that a choice is answered at once."""
    own = images.photo_or_own(photo)
    return {
        words: _look(own) if name is None else _look_at_known(name)
        for words, name in PHOTOS.items()
    }


# --- the pipeline ----------------------------------------------------------------------------

_SHOWN = ("what is left", "above the threshold", "every cell")
_GRIDS = {f"{stride} pixels": stride for stride in STRIDES}


@dataclass
class PipelineState:
    """The photo, how far the boxes have come, and which cell is looked at."""

    photo: str = choice("a motorcycle", tuple(PHOTOS), label="Photo")
    shown: str = choice(_SHOWN[0], _SHOWN, label="Boxes")
    threshold: float = slider(0.3, low=0.05, high=0.95, step=0.05, label="Threshold")
    iou: float = slider(0.6, low=0.0, high=1.0, step=0.05, label="IoU limit")
    grid: str = choice("32 pixels", tuple(_GRIDS), label="Grid, cells of")
    place: tuple[float, float] | None = None


@dataclass(frozen=True)
class PipelineView:
    """A photo, its cells, and one of them."""

    photo: np.ndarray
    shown: str
    threshold: float
    opened: Opened
    cell: int
    stride: int


def pipeline_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Open a detector: every cell of its three grids, the threshold, the suppression.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    looked = _look_at_all(photo)
    view = Picture("photo: choose a place", display_width=320, interactive=True, step=8)
    scores = Picture("best score of each cell", display_width=250)
    sides = Plot("the marked cell: how far is it to each side?", display_width=600)

    def compute(state: PipelineState) -> PipelineView:
        here = looked[state.photo]
        opened = open_up(here.answers, state.threshold, state.iou)
        stride = _GRIDS[state.grid]
        cell = surest_cell(opened)
        if state.place is not None:
            cell = cell_at(opened.answers, stride, *state.place)
        return PipelineView(here.photo, state.shown, state.threshold, opened, cell, stride)

    def draw(result: PipelineView) -> None:
        words = _describe_pipeline(result)
        _draw_pipeline(view, result, words)
        levels = grid_map(result.opened, result.stride)
        scores.show_magnitude(
            levels,
            f"Map of {levels.shape[0]} × {levels.shape[1]} cells, their best score up to "
            f"{levels.max():.2f}. {words}",
            low=0.0,
            high=1.0,
        )
        _draw_sides(sides, result.opened.answers, result.cell, words)

    explorer = Explorer(
        PipelineState(),
        compute,
        draw,
        title="The detector opened",
        purpose="The ring marks one cell. Click the photo, or move the point with the arrow keys, "
        "to ask another one.",
        stage=[view, scores, sides],
        describe=_describe_pipeline,
    )
    view.on_cursor(lambda row, col: explorer.set(place=(col + 0.5, row + 0.5)))
    return explorer


def _describe_pipeline(result: PipelineView) -> str:
    words = figures.describe_opened(result.opened, result.threshold)
    cell = figures.describe_cell(result.opened, result.cell)
    return (
        f"{words} {cell} Shown: {result.shown}, and the map of the cells of {result.stride} pixels."
    )


def _draw_pipeline(view: Picture, result: PipelineView, words: str) -> None:
    opened, photo = result.opened, result.photo
    overlays: list[dict[str, Any]] = []
    if result.shown == _SHOWN[2]:
        photo = figures.thicket(photo, opened)
    elif result.shown == _SHOWN[1]:
        overlays = [box(*corners, colour=_ORANGE) for corners in opened.above.boxes[:_MOST_BOXES]]
    else:
        overlays = _named(opened.left)
    square = opened.answers.squares[result.cell]
    x, y = (square[:2] + square[2:]) / 2
    overlays.append(box(*opened.answers.boxes[result.cell], colour=_BLUE))
    overlays.append(point(y - 0.5, x - 0.5, _BLUE, 7))
    view.show(photo, f"Boxes on a photo. {words}", overlays=overlays)


def _named(found: Detections, colour: int = _ORANGE) -> list[dict[str, Any]]:
    boxes = [box(*corners, colour=colour) for corners in found.boxes[:_MOST_BOXES]]
    words = [
        text(corners[1] + 22, corners[0] + 5, f"{word} {score:.2f}", colour)
        for corners, word, score in zip(found.boxes, found.labels, found.scores, strict=True)
    ]
    return [*boxes, *words[:_MOST_BOXES]]


def _draw_sides(plot: Plot, answers: CellAnswers, cell: int, words: str) -> None:
    pixels = np.arange(STEPS) * answers.strides[cell]
    names = ("left", "top", "right", "bottom")
    plot.curves(
        [
            Series(pixels, shares, name)
            for name, shares in zip(names, answers.sides[cell], strict=True)
        ],
        Axis("pixels from the cell's middle", 0, float(pixels[-1])),
        Axis("", 0, max(0.5, float(answers.sides[cell].max())), percent=True),
        f"Four distributions over {STEPS} distances up to {pixels[-1]} pixels. {words}",
        height=170,
    )


# --- suppression -----------------------------------------------------------------------------

_MOST_RIVALS = 9


@dataclass
class SuppressionState:
    """Which boxes compete, and how far the rounds have gone."""

    number: int = slider(1, low=1, high=30, label="Round")
    limit: float = slider(0.6, low=0.0, high=1.0, step=0.05, label="IoU limit")
    threshold: float = slider(0.3, low=0.05, high=0.95, step=0.05, label="Threshold")
    across: bool = toggle(True, label="All words compete")
    photo: str = choice("a motorcycle", tuple(PHOTOS), label="Photo")


@dataclass(frozen=True)
class SuppressionView:
    """One round on one photo."""

    photo: np.ndarray
    round: Round


def suppression_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Step through non-maximum suppression, one kept box after the other.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    looked = _look_at_all(photo)
    view = Picture("blue: kept now · red: goes · green: kept", display_width=350)
    overlap = Plot("overlap with it (line: limit)", display_width=264)

    def compute(state: SuppressionState) -> SuppressionView:
        here = looked[state.photo]
        found = here.answers.above(state.threshold)
        return SuppressionView(
            here.photo, suppression_round(found, state.limit, state.across, state.number)
        )

    def draw(result: SuppressionView) -> None:
        words, step = figures.describe_round(result.round), result.round.step
        found = result.round.found
        overlays = [box(*corners, colour=_GREEN) for corners in found.boxes[result.round.kept]]
        bars = [Bar("no box waits", 0.0)]
        if step is not None:
            goes = found[step.rivals[step.goes]]
            overlays += [box(*corners, colour=_RED) for corners in goes.boxes[:_MOST_BOXES]]
            overlays += _named(found[np.array([step.kept])], _BLUE)
            bars = [
                Bar(
                    f"{found.labels[step.rivals[k]]} {found.scores[step.rivals[k]]:.2f}"
                    f"{' goes' if step.goes[k] else ''}",
                    round(float(step.overlaps[k]), 2),
                    before=result.round.limit,
                    strong=bool(step.goes[k]),
                )
                for k in strongest_rivals(step, _MOST_RIVALS)
            ] or bars
        view.show(result.photo, f"Boxes on a photo. {words}", overlays=overlays)
        overlap.bars(bars, words, high=1.0, label_room=150, row_height=26)

    return Explorer(
        SuppressionState(),
        compute,
        draw,
        title="One box at a time",
        purpose="Keep the surest, drop what overlaps, go on.",
        stage=[view, overlap.boxed()],
        describe=lambda result: figures.describe_round(result.round),
    )


# --- conditions ------------------------------------------------------------------------------


@dataclass(frozen=True)
class ConditionView:
    """A curve as far as it is measured, and one scene at one of its values."""

    curve: RecallCurve
    step: int
    scene: KnownScene
    found: Detections
    hits: np.ndarray
    fraction: float


def condition_explorer(
    plans: Mapping[str, Sequence[ScenePlan]], report: FailureReport | None = None
) -> Explorer:
    """Make known scenes harder and see what is still found, in one scene and in all of them.

    Parameters
    ----------
    plans : mapping of str to sequence of ScenePlan
        Sets of scenes by their name; all of the same length.
    report : FailureReport, optional
        What was measured of the first set before; a curve that was cut short is measured anew.
    """
    first = next(iter(plans))
    measured = {
        (first, name): curve
        for name, curve in (report.curves if report else {}).items()
        if curve.fraction == 1
    }
    names = tuple(HARDSHIPS)
    start = next((name for _, name in measured), "size")
    state_class = make_dataclass(
        "ConditionState",
        [
            ("hardship", str, choice(start, names, label="Condition")),
            ("step", int, slider(1, low=1, high=5, label="How hard")),
            ("scene", int, slider(1, low=1, high=len(plans[first]), label="Scene")),
            ("kind", str, choice(first, tuple(plans), label="Things")),
        ],
    )
    view = Picture("one scene", display_width=300)
    plot = Plot("all scenes (thin: 95 % interval)", display_width=305)

    def compute(state: Any) -> Iterator[ConditionView]:
        hardship = HARDSHIPS[state.hardship]
        scene = hardened(
            plans[state.kind][state.scene - 1], hardship, hardship.values[state.step - 1]
        )
        found = detect(scene.image)
        hits = judge([found], [scene.truth], LEAST).hits
        curve = measured.get((state.kind, state.hardship))
        curves = [curve] if curve else recall_curve(plans[state.kind], state.hardship)
        for curve in curves:
            yield ConditionView(curve, state.step, scene, found, hits, curve.fraction)
        measured[state.kind, state.hardship] = curve

    def draw(result: ConditionView) -> None:
        words = _describe_condition(result)
        overlays = [box(*corners, colour=_BLACK) for corners in result.scene.truth.boxes]
        for one, hit in zip(range(len(result.found)), result.hits, strict=True):
            overlays += _named(result.found[np.array([one])], _GREEN if hit else _RED)
        view.show(result.scene.image, f"One scene. {words}", overlays=overlays)
        _draw_recall(plot, result, words)

    return Explorer(
        state_class(),
        compute,
        draw,
        title="When does it fail?",
        purpose="Black: what is there. Green: found. Red: false alarm.",
        stage=[view, plot.boxed()],
        describe=_describe_condition,
    )


def _describe_condition(result: ConditionView) -> str:
    value = result.curve.hardship.values[result.step - 1]
    known = " and ".join(result.scene.truth.labels.tolist())
    return (
        f"{figures.describe_curve(result.curve)}. In this scene, at {figures.plain(value)}: "
        f"{int(result.hits.sum())} of {len(result.scene.truth)} found ({known}), "
        f"{counted(int((~result.hits).sum()), 'false alarm')}."
    )


def _draw_recall(plot: Plot, result: ConditionView, words: str) -> None:
    curve = result.curve
    steps = np.arange(1, len(curve.found) + 1)
    low, high = curve.intervals.T
    values = ", ".join(figures.plain(value) for value in curve.hardship.values)
    plot.curves(
        [
            Series(steps, low, kind="faint"),
            Series(steps, high, kind="faint"),
            Series(steps, curve.precision, "precision"),
            Series(steps, curve.recall, "recall"),
        ],
        Axis(f"1 to 5: {values}", 1, 5, ticks=(1, 2, 3, 4, 5)),
        Axis("", 0, 1, percent=True),
        f"Recall and precision at {len(steps)} values. {words}",
        marker=(result.step, None),
        height=250,
    )


# --- the live camera -------------------------------------------------------------------------

_FRAME = 320
_MOST_SCORES = 5


@dataclass
class CameraState:
    """What happens to the picture on its way to the detector."""

    share: float = slider(1.0, low=0.1, high=1.0, step=0.05, label="Size")
    blur: float = slider(0.0, low=0.0, high=8.0, step=0.5, label="Blur", unit="px")
    smear: int = slider(1, low=1, high=61, step=2, label="Motion blur", unit="px")
    light: float = slider(1.0, low=0.02, high=1.0, step=0.02, label="Light left")
    noise: float = slider(0.0, low=0.0, high=0.5, step=0.02, label="Noise")
    quality: int = slider(100, low=2, high=100, step=2, label="JPEG quality")
    turn: int = slider(0, low=-180, high=180, step=5, label="Turned", unit="°", advanced=True)
    threshold: float = slider(0.3, low=0.05, high=0.95, step=0.05, label="Threshold", advanced=True)


@dataclass(frozen=True)
class CameraView:
    """The picture as the detector saw it, and what it found."""

    seen: np.ndarray
    trouble: Trouble
    found: Detections
    threshold: float


def camera_explorer(
    photo: np.ndarray | None = None,
    finder: Callable[[np.ndarray, float], Detections] | None = None,
) -> Explorer:
    """Look through the camera, live, and make it hard for the detector.

    Nothing leaves this machine. Without a camera, the photo takes its place.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        What is shown before the camera is started; by default the student's own photo.
    finder : callable, optional
        Takes a picture and a threshold; by default NanoDet at 320 pixels.
    """
    finder = finder or (lambda image, threshold: detect(image, threshold, size=_FRAME))
    latest = [images.fit(images.as_float(images.photo_or_own(photo)), _FRAME)]
    view = Picture("what the detector sees", display_width=330)
    scores = Plot("scores (line: threshold)", display_width=620)

    def compute(state: CameraState) -> CameraView:
        trouble = Trouble(
            state.share,
            state.turn,
            state.blur,
            state.smear,
            state.light,
            state.noise,
            state.quality,
        )
        seen = degrade(latest[0], trouble, np.random.default_rng(3))
        found = finder(seen, state.threshold)
        return CameraView(seen, trouble, found, state.threshold)

    def draw(result: CameraView) -> None:
        words, few = _describe_camera(result), result.found[:_MOST_SCORES]
        view.show(result.seen, words, overlays=_named(result.found))
        bars = [
            Bar(name, round(float(score), 2), before=result.threshold)
            for name, score in zip(few.labels, few.scores, strict=True)
        ]
        nothing = [Bar("nothing found", 0.0, before=result.threshold)]
        scores.bars(bars or nothing, words, high=1.0, row_height=56)

    def look(frame: np.ndarray) -> Detections:
        latest[0] = images.as_float(frame)
        explorer.refresh()
        return explorer.result.found

    camera = Camera(_FRAME, on_frame=look)
    beside = ipywidgets.Box([camera], layout=ipywidgets.Layout(width="276px"))
    explorer = Explorer(
        CameraState(),
        compute,
        draw,
        title="Your camera, in bad conditions",
        purpose="Hold something into the camera, make it hard. Till then your photo stands in.",
        stage=[view, beside, scores],
        describe=_describe_camera,
    )
    return explorer


def _describe_camera(result: CameraView) -> str:
    height, width = result.seen.shape[:2]
    said = figures.describe_trouble(result.trouble)
    return (
        f"The picture of {width} × {height} pixels, {said}: {figures.in_words(result.found)} at a "
        f"threshold of {result.threshold:.2f}."
    )


# --- the open world --------------------------------------------------------------------------


@dataclass(frozen=True)
class WorldView:
    """What things of one kind are called, and one of them."""

    world: OpenWorld
    one: Called
    fraction: float


def open_world_explorer(
    first: OpenWorld | None = None, kind: str = "tools", most: int = 24
) -> Explorer:
    """See what a detector calls things for which it has no word.

    Parameters
    ----------
    first : OpenWorld, optional
        What was measured of ``kind`` before, with a threshold of 0.1 or below.
    kind : str
        One of `open_world.categories`.
    most : int
        So many things of each kind are shown.
    """
    known = {kind: first} if first else {}
    state_class = make_dataclass(
        "WorldState",
        [
            ("kind", str, choice(kind, categories(), label="Things")),
            ("place", int, slider(1, low=1, high=most, label="Place, surest first")),
            ("threshold", float, slider(0.3, low=0.1, high=0.9, step=0.05, label="Threshold")),
        ],
    )
    view = Picture("one of them", display_width=330)
    words = Plot("words that were given", display_width=285)

    def compute(state: Any) -> Iterator[WorldView]:
        worlds = (
            [known[state.kind]] if state.kind in known else ask(wordless(state.kind)[:most], 0.1)
        )
        for world in worlds:
            shown = world.above(state.threshold)
            place = min(state.place, len(shown.called))
            yield WorldView(shown, shown.ordered[place - 1], world.fraction)
        known[state.kind] = world

    def draw(result: WorldView) -> None:
        one = result.one
        said = f"“{one.word}” {one.score:.2f}" if one.word else "no word"
        view.show(
            one.image,
            f"{one.name}: {said}. {_describe_world(result)}",
            overlays=[text(24, 8, f"{one.name}: {said}", _RED if one.word else _BLACK)],
        )
        counts = result.world.words[:9]
        words.bars(
            [Bar(word, count) for word, count in counts] or [Bar("no word", 0)],
            _describe_world(result),
            high=max([count for _, count in counts], default=1),
            label_room=110,
            row_height=26,
        )

    return Explorer(
        state_class(),
        compute,
        draw,
        title="80 words for everything",
        purpose="COCO, from whose photos it learned, has no word for any of these.",
        stage=[view, words.boxed()],
        describe=_describe_world,
    )


def _describe_world(result: WorldView) -> str:
    one = result.one
    said = f"is called {one.word} ({one.score:.2f})" if one.word else "gets no word"
    return f"This one is: {one.name}; it {said}. {figures.describe_called(result.world, 3)}"
