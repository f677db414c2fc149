"""The explorers of the lesson on features: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from aml4d_utils import images
from aml4d_utils.images.fashion import CLASS_NAMES
from aml4d_utils.topics.features import figures
from aml4d_utils.topics.features.criteria import CHANGES, Judged, judge, points_of
from aml4d_utils.topics.features.detectors import DETECTORS
from aml4d_utils.topics.features.garments import GrowingMean, growing_mean, template_scores
from aml4d_utils.topics.features.opened_keypoint import (
    OpenResult,
    found_again,
    largest_strong,
    moved_keypoint,
    nearest,
    neighbour,
    open_result,
    open_scene,
    worth_opening,
)
from aml4d_utils.topics.features.sift import fast_sift
from aml4d_utils.topics.features.survival import RANGES, Known, Survival, survival
from aml4d_utils.topics.features.transforms import View
from aml4d_utils.topics.features.two_views import TwoViews, workable
from aml4d_utils.widgets import Axis, Bar, Explorer, Picture, Plot, Series, choice, slider

__all__ = ["detector_explorer", "match_explorer", "mean_explorer", "sift_explorer"]

_SIDE, _WINDOW = 280, 300
_JUDGED_SIDE = 220
_OPEN_SIDE, _OPEN_WINDOW = 240, 250
_PAIR = 290
"""Width of each of two pictures that stand side by side, with a curve below them in view."""
_CURVE = 180
"""Height of that curve."""


# --- one picture, thousands of pictures -------------------------------------------------------


@dataclass
class MeanState:
    """Which class is averaged, and over how many pictures."""

    garment: str = choice("sneaker", CLASS_NAMES, label="Class")
    doublings: int = slider(0, low=0, high=11, label="Pictures, doubled", unit="×")


def mean_explorer() -> Explorer:
    """Average more and more garments of a class, and use the means as templates."""
    mean = Picture("their mean", display_width=190)
    templates = Picture("the mean of each class", display_width=428)
    plot = Plot("unseen garments named rightly by the nearest mean", display_width=640)
    counts = [2**k for k in range(12)]
    scores = template_scores(range(len(CLASS_NAMES)), counts)

    def draw(result: GrowingMean) -> None:
        words = figures.describe_means(result)
        mean.show(result.mean, words)
        templates.show(figures.template_sheet(result.templates), f"Ten mean pictures. {words}")
        plot.curves(
            [Series(counts, [score.accuracy for score in scores])],
            Axis("pictures of each class", 1, 2048, log=True, ticks=(1, 4, 16, 64, 256, 1024)),
            Axis("", 0, 1, percent=True),
            words,
            marker=(min(result.count, 2048), result.score.accuracy),
            height=_CURVE,
        )

    return Explorer(
        MeanState(),
        lambda state: growing_mean(CLASS_NAMES.index(state.garment), 2**state.doublings),
        draw,
        title="From one to thousands",
        purpose="What single garments have of their own fades. What the class shares stays.",
        stage=[mean, templates, plot],
        describe=figures.describe_means,
    )


# --- good features ---------------------------------------------------------------------------


@dataclass
class DetectorState:
    """What happens to the photo, how strongly, and which detector is drawn."""

    detector: str = choice("corners", tuple(DETECTORS), label="Draw")
    change: str = choice("turn", tuple(CHANGES), label="What changes")
    amount: float = slider(0.5, low=0, high=1, step=0.05, label="How strongly")
    count: int = slider(80, low=20, high=150, step=10, label="Points of each detector")


def detector_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Judge corners, edges, blobs and ridges while a photo changes.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    small = workable(images.photo_or_own(photo), _JUDGED_SIDE)
    points = lru_cache(maxsize=16)(lambda count: points_of(small, count))
    before = Picture("your photo", display_width=_PAIR)
    after = Picture("the second view", display_width=_PAIR)
    bars = {name: Plot(name, display_width=200) for name in figures.CRITERIA}
    for plot in bars.values():
        plot.layout.width = "200px"

    @lru_cache(maxsize=32)
    def judged(change: str, amount: float, count: int) -> Judged:
        return judge(small, change, amount, count=count, known=points(count))

    def compute(state: DetectorState) -> tuple[Judged, str]:
        return judged(state.change, state.amount, state.count), state.detector

    def draw(result: tuple[Judged, str]) -> None:
        found, name = result
        words = figures.describe_judged(found, name)
        first, second = figures.judged_overlays(found.by[name])
        before.show(found.photo, f"Your photo with its {name}. {words}", overlays=first)
        after.show(found.again, f"The second view. {words}", overlays=second)
        for heading, criterion in figures.CRITERIA.items():
            values = {other: getattr(one, criterion) for other, one in found.by.items()}
            told = ", ".join(f"{other} {figures.percent(v)}" for other, v in values.items())
            bars[heading].bars(
                [Bar(other, value, strong=other == name) for other, value in values.items()],
                f"Share {heading}: {told}.",
                high=1.0,
                percent=True,
                row_height=28,
                label_room=70,
            )

    return Explorer(
        DetectorState(),
        compute,
        draw,
        title="What is a good feature?",
        purpose="Blue rings are found again within 2 pixels. Orange crosses are lost.",
        stage=[before, after, *bars.values()],
        describe=lambda result: figures.describe_judged(*result),
    )


# --- a keypoint opened up ---------------------------------------------------------------------


def sift_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Open keypoints of a photo, step by step, while it turns and its light changes.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    small = workable(images.photo_or_own(photo), _OPEN_SIDE)
    plain = open_scene(small, View(), _OPEN_WINDOW)
    chosen = worth_opening(plain, small.shape[:2])
    first = largest_strong(plain, chosen) + 1
    scene_of = lru_cache(maxsize=8)(lambda view: open_scene(small, view, _OPEN_WINDOW))
    picture = Picture("your photo: click a keypoint", display_width=_PAIR, interactive=True)
    detail = Picture("", display_width=_PAIR, interactive=True, step=figures.CELL_PIXELS)
    plot = Plot("", display_width=640)

    @dataclass
    class State:
        step: str = choice(figures.STEPS[0], figures.STEPS, label="Step")
        number: int = slider(
            first,
            low=1,
            high=max(2, len(chosen)),
            label="Keypoint, the largest first",
        )
        turn: int = slider(0, low=-180, high=180, step=5, label="Turn the photo", unit="°")
        light: float = slider(1.0, low=0.05, high=1.5, step=0.05, label="Light", unit="×")
        cell: int = 5

    def compute(state: State) -> OpenResult:
        view = View(rotation=state.turn, brightness=state.light)
        scene = plain if view == View() else scene_of(view)
        number = min(state.number, len(chosen))
        return open_result(plain, scene, chosen, number, state.step, state.cell)

    def draw(result: OpenResult) -> None:
        words = figures.describe_step(result)
        _draw_open_photo(picture, result, words)
        _draw_open_detail(detail, plot, result, words)

    explorer = Explorer(
        State(),
        compute,
        draw,
        title="SIFT opened up",
        purpose="Click a circle in the photo, or go through the keypoints with the slider or, on "
        "the photo, with the arrow keys.",
        stage=[picture, detail, plot],
        describe=figures.describe_step,
    )

    def choose_keypoint(row: int, col: int) -> None:
        if not len(chosen):
            return
        moved = [moved_keypoint(plain, int(k), explorer.result.scene) for k in chosen]
        places = np.array([(one.row, one.col) for one in moved])
        number = explorer.state.number
        if picture.action == "key":
            step = tuple(np.subtract((row, col), np.rint(places[number - 1])))
            index = neighbour(places, number - 1, step) if any(step) else number - 1
        else:
            index = nearest(places, (row, col))
        explorer.set(number=index + 1)

    def choose_cell(row: int, col: int) -> None:
        if explorer.state.step not in figures.STEPS[3:]:
            return
        explorer.set(cell=figures.cell_at(row, col))

    picture.on_cursor(choose_keypoint)
    detail.on_cursor(choose_cell)
    return explorer


def _draw_open_photo(picture: Picture, result: OpenResult, words: str) -> None:
    scene, opened = result.scene, result.opened
    if opened is None:
        picture.show(scene.seen.image, f"Your photo. {words}")
        return
    one = opened.inside.keypoint
    picture.cursor = [round(one.row), round(one.col)]
    places = [found_again(result.plain, int(k), scene) for k in result.chosen]
    shown = np.array([k for k in places if k is not None], dtype=np.intp)
    picture.show(
        scene.seen.image,
        f"Your photo; SIFT finds {len(shown)} of {len(result.chosen)} large keypoints in it."
        f" {words} The arrow keys go from keypoint to keypoint.",
        overlays=figures.keypoint_overlays(scene.keypoints, shown, one, opened.found),
    )


def _draw_open_detail(detail: Picture, plot: Plot, result: OpenResult, words: str) -> None:
    opened = result.opened
    if opened is None:
        detail.heading = plot.heading = ""
        detail.show(np.full((160, 160), 0.9), words)
        plot.bars([Bar("keypoints", len(result.plain.keypoints))], words, high=1.0)
        return
    _DRAW_STEPS[result.step](detail, plot, result, words)


def _draw_sizes(detail: Picture, plot: Plot, result: OpenResult, words: str) -> None:
    sizes, one = result.opened.sizes, result.opened.inside.keypoint
    sheet, overlays = figures.size_tiles(sizes)
    detail.heading = "three blurs, and what each adds"
    detail.show(sheet, f"Six small pictures. {words}", overlays=overlays)
    least, most = min(0, sizes.differences.min()), max(0, sizes.differences.max())
    margin = 0.12 * (most - least) or 1.0
    value = float(np.interp(np.log(one.sigma), np.log(sizes.sigmas), sizes.differences))
    low, high = float(sizes.sigmas[0]), float(sizes.sigmas[-1])
    plot.heading = "how much this place differs from its surroundings, in each size"
    plot.curves(
        [Series(sizes.sigmas, sizes.differences), Series([low, high], [0, 0])],
        Axis("blur σ, pixels of the photo", low, high, log=True, ticks=(1, 2, 4, 8, 16, 32)),
        Axis("", least - margin, most + margin),
        words,
        marker=(one.sigma, value),
        height=_CURVE,
    )


def _draw_extremum(detail: Picture, plot: Plot, result: OpenResult, words: str) -> None:
    sheet, overlays = figures.neighbour_grids(result.opened.extremum)
    detail.heading = "27 differences of blurs, in thousandths"
    detail.show(sheet, f"Three grids of nine numbers. {words}", overlays=overlays)
    counts = {name: result.scene.refined.count(fate) for name, fate in figures.FATES.items()}
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    plot.heading = "what became of all extrema of this photo"
    plot.bars(
        [Bar(name, count, strong=name == "kept") for name, count in counts.items()],
        f"Bars: {told}.",
        high=max(1, *counts.values()),
        row_height=44,
    )


def _draw_direction(detail: Picture, plot: Plot, result: OpenResult, words: str) -> None:
    inside = result.opened.inside
    patch, overlays = figures.direction_patch(inside)
    detail.heading = "its pixels, and where each one pulls"
    detail.show(patch, f"Arrows around the keypoint. {words}", overlays=overlays)
    histogram = inside.orientation.histogram / (inside.orientation.histogram.max() or 1)
    degrees = 10.0 * np.arange(len(histogram))
    plot.heading = "votes for each direction"
    plot.curves(
        [
            Series(degrees, histogram, kind="bars"),
            Series([0, 360], [0.8, 0.8], "80 %: a peak"),
        ],
        Axis("direction, degrees from right towards down", -5, 365, ticks=(0, 90, 180, 270, 360)),
        Axis("", 0, 1.08, percent=True),
        words,
        marker=(inside.keypoint.angle, None),
        height=_CURVE,
    )


def _draw_cells(detail: Picture, plot: Plot, result: OpenResult, words: str) -> None:
    description = result.opened.inside.description
    _show_descriptor(detail, result, description.histograms, words)
    bins = description.histograms[result.cell // 4, result.cell % 4]
    plot.heading = f"votes in cell {result.cell + 1} of 16"
    plot.curves(
        [Series([], []), Series(45.0 * np.arange(8), bins, kind="bars")],
        Axis(
            "direction as the keypoint sees it, degrees",
            -30,
            345,
            ticks=tuple(45.0 * np.arange(8)),
        ),
        Axis("", 0, 1.08 * float(description.histograms.max()) or 1.0),
        words,
        height=_CURVE,
    )


def _draw_vector(detail: Picture, plot: Plot, result: OpenResult, words: str) -> None:
    vector = result.opened.inside.description.vector
    _show_descriptor(detail, result, vector.reshape(4, 4, 8), words)
    before = result.plain.keypoints.descriptors[result.chosen[result.number - 1]]
    places = np.arange(1, 129)
    mine = slice(8 * result.cell, 8 * result.cell + 8)
    plot.heading = "the descriptor: bars now, line in the photo as it is"
    plot.curves(
        [
            Series(places, vector, kind="bars"),
            Series(places[mine], vector[mine], kind="bars"),
            Series(places, before),
        ],
        Axis(
            "number 1 to 128: four rows of four cells of eight", 0, 129, ticks=(1, 32, 64, 96, 128)
        ),
        Axis("", 0, max(0.3, 1.08 * float(max(vector.max(), before.max())))),
        words,
        height=_CURVE,
    )


def _show_descriptor(
    detail: Picture, result: OpenResult, histograms: np.ndarray, words: str
) -> None:
    drawing, overlays = figures.descriptor_drawing(result.opened.patch, histograms, result.cell)
    detail.heading = "the turned patch: click a cell"
    detail.cursor = list(figures.cell_centre(result.cell))
    detail.show(drawing, f"4 by 4 cells of eight arrows. {words}", overlays=overlays)


_DRAW_STEPS = dict(
    zip(
        figures.STEPS,
        (_draw_sizes, _draw_extremum, _draw_direction, _draw_cells, _draw_vector),
        strict=True,
    )
)


# --- matching two views ----------------------------------------------------------------------

_ALONG = {
    "rotation": "rotation",
    "scale": "scale",
    "light": "brightness",
    "noise": "noise",
    "tilt": "tilt",
}


@dataclass
class MatchState:
    """How the photo is seen again, and how strict the matching is."""

    rotation: int = slider(30, low=-180, high=180, step=5, label="Turn", unit="°")
    scale: float = slider(0.8, low=0.4, high=1.6, step=0.05, label="Scale", unit="×")
    light: float = slider(1.0, low=0.2, high=1.8, step=0.1, label="Light", unit="×")
    noise: float = slider(0.0, low=0, high=0.2, step=0.01, label="Noise")
    ratio: float = slider(0.8, low=0.4, high=1, step=0.05, label="Ratio test, at most")
    along: str = choice("rotation", tuple(_ALONG), label="Curve over")
    tilt: int = slider(0, low=-70, high=70, step=5, label="Tilt", unit="°", advanced=True)


def match_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Match a photo with itself, turned, scaled, relit: right and wrong matches, counted.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    small = workable(images.photo_or_own(photo), _SIDE)
    first = fast_sift(small)
    known: Known = {}
    picture = Picture("your photo, and the second view", display_width=640)
    plot = Plot("how many right matches survive", display_width=640)
    drawn: list[TwoViews | float] = []

    def compute(state: MatchState) -> Iterator[Survival]:
        view = View(
            rotation=state.rotation,
            scale=state.scale,
            tilt=state.tilt,
            brightness=state.light,
            noise=state.noise,
        )
        along = _ALONG[state.along]
        yield from survival(
            small, first, view, _WINDOW, along=along, ratio=state.ratio, known=known
        )

    def draw(result: Survival) -> None:
        new = not drawn or drawn[0] is not result.two or drawn[1] != result.ratio
        if new:
            drawn[:] = [result.two, result.ratio]
            shown = len(figures.shown_matches(result.two, result.ratio))
            picture.show(
                figures.side_by_side(result.two),
                f"{figures.describe_pair(result)} {shown} matches are drawn: right ones as "
                "whole blue lines, wrong ones as dashed orange lines.",
                overlays=figures.match_overlays(result.two, result.ratio),
            )
        low, high = min(RANGES[result.along]), max(RANGES[result.along])
        ticks = figures.AXIS_TICKS.get(result.along, ())
        plot.curves(
            [
                Series(result.values, result.counts, "right matches"),
                Series([low, high], [len(first)] * 2, "all keypoints"),
            ],
            Axis(figures.AXIS_NAMES[result.along], low, high, ticks=ticks),
            Axis("", 0, 1.1 * max(10, len(first), result.counts.max())),
            figures.describe_curve(result),
            marker=(getattr(result.view, result.along), result.right),
            height=_CURVE,
        )

    return Explorer(
        MatchState(),
        compute,
        draw,
        title="Match two views",
        purpose="Each circle is a keypoint's frame. Whole blue lines are right matches, "
        "dashed orange ones are wrong.",
        stage=[picture, plot],
        describe=figures.describe_matches,
    )
