"""The explorers of Viola and Jones: controls and wiring, no mathematics."""

from __future__ import annotations

from dataclasses import dataclass, make_dataclass
from functools import lru_cache
from typing import Any

import ipywidgets
import numpy as np

from aml4d_utils import images
from aml4d_utils.measuring.wording import plain
from aml4d_utils.nets.detection import Detections
from aml4d_utils.topics.viola_jones import figures
from aml4d_utils.topics.viola_jones.cascade import Cascade, Scan, scan
from aml4d_utils.topics.viola_jones.conditions import Sweep, darkened, turned
from aml4d_utils.topics.viola_jones.detecting import find_faces_with_opencv, grouped
from aml4d_utils.topics.viola_jones.face_boosting import Boosted, intervals
from aml4d_utils.topics.viola_jones.faces import training_examples
from aml4d_utils.topics.viola_jones.haar import KINDS, HaarFeature, feature_values
from aml4d_utils.topics.viola_jones.integral import BoxSum, box_sum, integral_image
from aml4d_utils.topics.viola_jones.opencv_cascade import opencv_cascade
from aml4d_utils.topics.viola_jones.region_picture import RegionPicture
from aml4d_utils.topics.viola_jones.separating_faces import Contest, Separation
from aml4d_utils.widgets import Axis, Bar, Camera, Explorer, Picture, Plot, Series, choice, slider
from aml4d_utils.widgets.picture import box, text

_SQUARE = 200
_SIDE = 25
_WRONG = 25
_CORNERS = ("A", "B", "C", "D")


# --- integral image --------------------------------------------------------------------------


@dataclass
class RectangleState:
    """The rectangle that is added up."""

    row: int = slider(60, low=0, high=_SQUARE - 1, label="First row", unit="px")
    col: int = slider(50, low=0, high=_SQUARE - 1, label="First column", unit="px")
    height: int = slider(60, low=1, high=_SQUARE, label="Height", unit="px")
    width: int = slider(90, low=1, high=_SQUARE, label="Width", unit="px")


def integral_explorer(photo: np.ndarray | None = None) -> Explorer:
    """Drag a rectangle over a photo and see its sum come out of four corners.

    Parameters
    ----------
    photo : ndarray (H, W, 3), optional
        By default the student's own photo; its central square is shown.
    """
    square = images.centre_square(images.photo_or_own(photo))
    grey = images.as_uint8(images.grey(images.resize(square, _SQUARE, _SQUARE)))
    table = integral_image(grey[:, :, 0])
    view = RegionPicture("photo: drag the rectangle", 290, corner_names=_CORNERS)
    sums = Picture("integral image", display_width=290)
    cost = Plot("additions", display_width=600)

    def compute(state: RectangleState) -> BoxSum:
        row = min(state.row, _SQUARE - state.height)
        return box_sum(table, row, min(state.col, _SQUARE - state.width), state.height, state.width)

    def draw(found: BoxSum) -> None:
        words = figures.describe_box_sum(found)
        view.show(grey, f"Your photo in grey with a rectangle. {words}")
        view.place(found.row, found.col, found.height, found.width)
        sums.show_magnitude(
            table / 1e6,
            f"The integral image in millions, growing from top left to bottom right. {words}",
            overlays=[
                text(*place, f"{name} {corner / 1e6:.2f}", colour=7)
                for name, place, corner in zip(_CORNERS, _beside(found), found.corners, strict=True)
            ],
        )
        bars = [Bar("four corners", found.additions, strong=True)]
        bars.append(Bar("pixel by pixel", found.additions_by_pixel))
        cost.bars(bars, words, high=max(10, found.additions_by_pixel), label_room=110)

    explorer = Explorer(
        RectangleState(),
        compute,
        draw,
        title="Four corners",
        purpose="Each place of the integral image holds the sum of all pixels above it and to its "
        "left. Here it is in millions.",
        stage=[view, sums, cost],
        describe=figures.describe_box_sum,
    )
    view.on_region(
        lambda row, col, height, width: explorer.set(row=row, col=col, height=height, width=width)
    )
    return explorer


def _beside(found: BoxSum) -> list[tuple[float, float]]:
    """Return where the words of A, B, C and D stand: beside their corners, apart, inside."""
    wide, high = 42, 13
    left = np.clip(found.col - wide, 2, _SQUARE - 2 * wide)
    right = np.clip(found.col + found.width + 4, left + wide, _SQUARE - wide + 2)
    top = np.clip(found.row + 5, high, _SQUARE - high - 3)
    bottom = np.clip(found.row + found.height + 5, top + high, _SQUARE - 3)
    return [(float(row), float(col)) for row in (top, bottom) for col in (left, right)]


# --- one Haar feature ------------------------------------------------------------------------


@dataclass(frozen=True)
class FeatureView:
    """A feature, its value in the picture that is shown, and how well it separates."""

    picture: np.ndarray
    is_face: bool
    value: float
    separation: Separation


def feature_explorer() -> Explorer:
    """Lay a Haar feature on a face and see how well it tells faces from other things."""
    data = images.faces()
    pictures, is_face = training_examples(data)
    contest = Contest(pictures, is_face)
    state_class = make_dataclass(
        "FeatureState",
        [
            ("kind", str, choice("left and right", tuple(KINDS), label="Kind of feature")),
            ("row", int, slider(6, low=0, high=_SIDE - 1, label="First row", unit="px")),
            ("col", int, slider(3, low=0, high=_SIDE - 1, label="First column", unit="px")),
            ("height", int, slider(6, low=1, high=_SIDE, label="Height of a part", unit="px")),
            ("width", int, slider(5, low=1, high=_SIDE, label="Width of a part", unit="px")),
            ("number", int, slider(3, low=0, high=len(pictures) - 1, label="Picture")),
        ],
    )
    view = RegionPicture("drag the feature, or its corner", 290)
    fooled = Picture("pictures that it gets wrong", display_width=290)
    counts = Plot(
        "training pictures with this value (dotted: the picture above)", display_width=620
    )

    def compute(state: Any) -> FeatureView:
        down, across = len(KINDS[state.kind]), len(KINDS[state.kind][0])
        height, width = min(state.height, _SIDE // down), min(state.width, _SIDE // across)
        row, col = min(state.row, _SIDE - down * height), min(state.col, _SIDE - across * width)
        feature = HaarFeature(state.kind, row, col, height, width)
        picture = pictures[state.number]
        value = float(feature_values([feature], picture[None])[0, 0])
        return FeatureView(picture, bool(is_face[state.number]), value, contest.separate(feature))

    def draw(result: FeatureView) -> None:
        words = _describe_feature(result)
        feature = result.separation.feature
        x0, y0, x1, y1 = feature.box
        view.show(result.picture, f"A small grey picture with the feature on it. {words}")
        view.place(y0, x0, y1 - y0, x1 - x0, KINDS[feature.kind])
        wrong = result.separation.mistakes[:_WRONG]
        fooled.show(
            figures.picture_tiles(pictures[wrong], 5, _WRONG),
            figures.describe_mistakes(result.separation, _WRONG),
        )
        _draw_histogram(counts, result, words)

    explorer = Explorer(
        state_class(),
        compute,
        draw,
        title="Find a feature that separates",
        purpose=f"Pictures 0 to {int(is_face.sum()) - 1} are faces, the others are not.",
        stage=[view, fooled, counts],
        describe=_describe_feature,
    )

    def move(row: int, col: int, height: int, width: int) -> None:
        pattern = KINDS[explorer.state.kind]
        size = {"height": height // len(pattern), "width": width // len(pattern[0])}
        explorer.set(row=row, col=col, **size)

    view.on_region(move)
    return explorer


def _describe_feature(result: FeatureView) -> str:
    return figures.describe_separation(result.separation, result.value, result.is_face)


def _draw_histogram(plot: Plot, result: FeatureView, words: str) -> None:
    found = result.separation
    reach = max(1.0, float(np.ceil(2 * np.abs(found.values).max()) / 2))
    edges = np.linspace(-reach, reach, 25)
    middles = (edges[:-1] + edges[1:]) / 2
    series = []
    for kind, name in ((True, "faces"), (False, "others")):
        counted, _ = np.histogram(found.values[found.is_face == kind], edges)
        series.append(Series(middles, counted, name))
    top = max(10.0, float(max(max(s.y) for s in series)))
    if found.best is not None:
        at = float(np.clip(found.best.threshold, -reach, reach))
        series.append(Series([at, at], [0, top], "threshold"))
    plot.curves(
        series,
        Axis("white − black, in units of contrast", -reach, reach),
        Axis("pictures", 0, top),
        f"Two histograms. {words}",
        marker=(float(np.clip(result.value, -reach, reach)), None),
        height=180,
    )


# --- boosting --------------------------------------------------------------------------------


class BoostingView:
    """Features, examples and errors that follow a boosting; pass :meth:`draw` to ``run``."""

    SHOWN, HEAVY = 15, 10

    def __init__(self) -> None:
        self.features = Picture("the chosen features, on the mean face", display_width=400)
        self.hardest = Picture("the examples that count most now", display_width=400)
        self.errors = Plot("pictures that are wrong", display_width=420)
        left = ipywidgets.VBox([self.features, self.hardest])
        self.widget = ipywidgets.Box([left, self.errors])
        self.widget.add_class("aml4d-training")

    def draw(self, state: Boosted) -> None:
        """Show one record of the training."""
        if state.round is None:
            return
        mean = state.pictures[state.is_face].mean(axis=0)
        shown = state.features[: self.SHOWN]
        self.features.show(figures.feature_tiles(shown, mean), figures.describe_chosen(state))
        heavy = state.pictures[state.hardest[: self.HEAVY]]
        self.hardest.show(
            figures.picture_tiles(heavy, 5), figures.describe_hardest(state, self.HEAVY)
        )
        rounds = np.arange(1, len(state.features) + 1)
        low, high = intervals(state.held_out_wrong, state.held_out)
        top = max(0.2, float(high.max()))
        self.errors.curves(
            [
                Series(rounds, state.round.train_wrong, "training"),
                Series(rounds, state.held_out_wrong, "held out"),
                Series(rounds, high, "at most"),
                Series(rounds, low, "at least"),
            ],
            Axis("features", 1, max(2, len(rounds))),
            Axis("", 0, top, percent=True),
            f"Curves of the errors: {figures.describe_boosted(state)}.",
        )

    def _repr_mimebundle_(self, **options: object) -> object:
        return self.widget._repr_mimebundle_(**options)


def boosting_view() -> BoostingView:
    """Return an empty view; ``await run(boost_faces(...), draw=view.draw)`` fills it."""
    return BoostingView()


# --- cascade ---------------------------------------------------------------------------------

PHOTOS = {
    "the astronaut": "astronaut",
    "your photo": None,
    "old coins": "coins",
    "a dahlia": "flower",
    "a cat": "chelsea",
}
"""What can be looked at; None is the student's own photo."""
_LONGEST = 320
_LIVE = 256
"""Longest side of a photo that is searched while a slider moves, in pixels."""
_MOST_BOXES = 120


def _photo_called(words: str, longest: int = _LONGEST) -> np.ndarray:
    name = PHOTOS[words]
    return images.fit(images.own_photo() if name is None else images.photo(name), longest)


@dataclass(frozen=True)
class CascadeView:
    """A scanned photo, its map of stages, and the stage after which it is shown."""

    photo: np.ndarray
    what: str
    scanned: Scan
    stages: np.ndarray
    stage: int


def cascade_explorer(own: Cascade | None = None) -> Explorer:
    """Follow the windows of a photo through the stages of a cascade.

    Parameters
    ----------
    own : Cascade, optional
        A second cascade beside OpenCV's, for example the one that was just trained.
    """
    cascades = {"OpenCV's": opencv_cascade()} | ({"yours": own} if own else {})
    most = max(len(cascade.stages) for cascade in cascades.values())
    state_class = make_dataclass(
        "CascadeState",
        [
            ("stage", int, slider(8, low=0, high=most, label="After stage")),
            ("photo", str, choice("the astronaut", tuple(PHOTOS), label="Photo")),
            ("cascade", str, choice("OpenCV's", tuple(cascades), label="Cascade")),
        ],
    )
    view = Picture("where a window is left", display_width=300)
    stage_map = Picture("stages passed by the best window", display_width=300)
    alive = Plot("windows that are left", display_width=620)

    @lru_cache(maxsize=16)
    def scanned(photo: str, cascade: str) -> tuple[np.ndarray, Scan, np.ndarray]:
        pixels = _photo_called(photo)
        result = scan(pixels, cascades[cascade])
        return pixels, result, result.map_of_stages()

    def compute(state: Any) -> CascadeView:
        stage = min(state.stage, len(cascades[state.cascade].stages))
        return CascadeView(*_with_name(state.photo, scanned(state.photo, state.cascade)), stage)

    def draw(result: CascadeView) -> None:
        words = figures.describe_scan(result.scanned, result.stage)
        left = result.scanned.passed >= result.stage
        boxes = result.scanned.boxes[left] if left.sum() <= 40 else np.zeros((0, 4))
        view.show(
            figures.still_alive(result.photo, result.stages, result.stage),
            f"{result.what.capitalize()}, dark where every window was rejected. {words}",
            overlays=[box(*corners, colour=1) for corners in boxes],
        )
        stages = len(result.scanned.cascade.stages)
        stage_map.show_magnitude(
            np.maximum(result.stages, 0),
            f"Map of the last stage passed, 0 to {stages}; the best window passed "
            f"{int(result.stages.max(initial=0))}. {words}",
            low=0.0,
            high=float(stages),
        )
        counts = np.maximum(result.scanned.alive * len(result.scanned), 0.5)
        alive.curves(
            [Series(np.arange(stages + 1), counts)],
            Axis("stages passed", 0, stages),
            Axis("number", 0.5, max(10.0, float(counts.max())), log=True),
            f"Curve of the windows that are left. {words}",
            marker=(result.stage, float(counts[result.stage])),
            height=180,
        )

    return Explorer(
        state_class(),
        compute,
        draw,
        title="Rejected at stage …",
        purpose="Every window of every size goes through the stages until one says no.",
        stage=[view, stage_map, alive],
        describe=lambda result: figures.describe_scan(result.scanned, result.stage),
    )


def _with_name(name: str, found: tuple[np.ndarray, Scan, np.ndarray]) -> tuple[Any, ...]:
    photo, scanned, stages = found
    return photo, name, scanned, stages


# --- the trained detector --------------------------------------------------------------------


@dataclass
class DetectorState:
    """The photo's condition, and how sure the detector must be."""

    photo: str = choice("the astronaut", tuple(PHOTOS), label="Photo")
    tilt: int = slider(0, low=-90, high=90, step=5, label="Tilt", unit="°")
    light: float = slider(1.0, low=0.05, high=2.0, step=0.05, label="Light")
    longest: int = slider(216, low=40, high=_LIVE, step=8, label="Size of the photo", unit="px")
    neighbours: int = slider(4, low=0, high=12, label="Windows that must agree")


@dataclass(frozen=True)
class DetectorView:
    """What the detector saw, every window that passed, and what they agreed on."""

    what: str
    tilt: int
    seen: np.ndarray
    windows: Detections
    found: Detections


def detector_explorer(tilt: Sweep | None = None) -> Explorer:
    """Turn, darken and shrink a photo under OpenCV's trained face detector.

    Parameters
    ----------
    tilt : Sweep, optional
        The measured curve of the condition ``tilt``; the explorer marks the tilt on it.
    """
    every = Picture("every window that passed", display_width=300)
    view = Picture("where enough windows agree", display_width=300)
    curve = Plot("faces found at this tilt, of a hundred other faces", display_width=620)
    photos = lru_cache(maxsize=len(PHOTOS))(_photo_called)

    def compute(state: DetectorState) -> DetectorView:
        photo = turned(images.fit(photos(state.photo, _LIVE), state.longest), state.tilt)
        photo = darkened(photo, state.light)
        windows = find_faces_with_opencv(photo, neighbours=0, factor=1.2)
        found = grouped(windows.boxes, state.neighbours)
        words = f"{state.photo}, turned by {plain(state.tilt)}°, light {state.light:g}"
        return DetectorView(words, state.tilt, photo, windows, found)

    def draw(result: DetectorView) -> None:
        for picture, boxes in ((every, result.windows.boxes), (view, result.found.boxes)):
            picture.show(
                result.seen,
                _describe_look(result),
                overlays=[box(*corners, colour=1) for corners in boxes[:_MOST_BOXES]],
            )
        if tilt is not None:
            at = tilt.share_at(result.tilt)
            curve.curves(
                [Series(tilt.values, tilt.shares)],
                Axis("tilt, degrees", -90, 90, ticks=(-90, -60, -30, 0, 30, 60, 90)),
                Axis("", 0, 1, percent=True),
                f"Measured curve: {figures.describe_sweep(tilt)}. At {plain(result.tilt)}° it is "
                f"{figures.percent(at)}.",
                marker=(result.tilt, at),
                height=180,
            )

    return Explorer(
        DetectorState(),
        compute,
        draw,
        title="A trained face detector",
        purpose="OpenCV's frontal-face cascade: 25 stages, 2,913 features, by Rainer Lienhart.",
        stage=[every, view] if tilt is None else [every, view, curve],
        describe=_describe_look,
    )


def _describe_look(result: DetectorView) -> str:
    height, width = result.seen.shape[:2]
    what = f"{result.what.capitalize()}, {width} × {height} pixels"
    passed = f"{len(result.windows)} window{'s' * (len(result.windows) != 1)} passed"
    return figures.describe_found(result.found, f"{what}, {passed}")


class FaceCamera:
    """The student's camera with the boxes of OpenCV's cascade; nothing leaves this machine."""

    def __init__(self) -> None:
        self.picture = Picture("what the cascade finds", display_width=400)
        self.camera = Camera(320, on_frame=self.look)
        self.widget = ipywidgets.Box([self.camera, self.picture])
        self.widget.add_class("aml4d-stage")
        self.look(images.as_uint8(images.fit(images.photo("astronaut"), 320)))

    def look(self, frame: np.ndarray) -> Detections:
        """Find the faces of one frame (H, W, 3), uint8, and show them."""
        found = find_faces_with_opencv(frame, smallest=40, factor=1.15)
        words = figures.describe_found(found, "The frame")
        self.picture.show(frame, words, overlays=[box(*b, colour=1) for b in found.boxes])
        return found

    def _repr_mimebundle_(self, **options: object) -> object:
        return self.widget._repr_mimebundle_(**options)


def face_camera() -> FaceCamera:
    """Return a camera that looks for faces; before it is started it shows the astronaut."""
    return FaceCamera()
