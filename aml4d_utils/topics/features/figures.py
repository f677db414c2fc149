"""Pictures of features, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from aml4d_utils.measuring.wording import percent, plain
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.features.criteria import Criteria, Judged
from aml4d_utils.topics.features.failures import Failure
from aml4d_utils.topics.features.garments import GrowingMean
from aml4d_utils.topics.features.keypoints import Keypoint, Keypoints
from aml4d_utils.topics.features.opened_keypoint import REACH, Extremum, OpenResult, Sizes
from aml4d_utils.topics.features.sift import OpenKeypoint
from aml4d_utils.topics.features.sift_keypoints import Fate
from aml4d_utils.topics.features.survival import Survival
from aml4d_utils.topics.features.transforms import OUTSIDE, View
from aml4d_utils.topics.features.two_views import TwoViews, measured_frames, pixel_likeness
from aml4d_utils.widgets.colours import OKABE_ITO, mosaic, signed_to_rgb
from aml4d_utils.widgets.picture import box, circle, line, point, text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_LINES = 30
APART = 11.0
"""Least distance of two keypoints whose matches are drawn, in pixels of the photo."""
FRAME = 3.0
"""Radius of a drawn frame, in sigmas of its keypoint."""
RIGHT, WRONG = 0, 3
"""Overlay colours: blue and vermilion."""

_GAP = 8


# --- two views -------------------------------------------------------------------------------


def side_by_side(two: TwoViews) -> np.ndarray:
    """Return the photo and its second view beside each other, as one picture."""
    height, width = two.photo.shape[:2]
    side = len(two.again)
    sheet = np.full((max(height, side), width + _GAP + side, 3), OUTSIDE, dtype=np.float32)
    top, left = _corners(two)
    sheet[top : top + height, :width] = two.photo
    sheet[:, width : width + _GAP] = 0.3
    sheet[left[0] : left[0] + side, left[1] : left[1] + side] = two.again
    return sheet


def match_overlays(two: TwoViews, ratio: float, most: int = MOST_LINES) -> list[dict[str, Any]]:
    """Return frames and lines of the strongest matches that pass the ratio test.

    Right ones are blue and whole, wrong ones vermilion and dashed.
    """
    shown = shown_matches(two, ratio, most)
    top, corner = _corners(two)
    before, after = np.array([top, 0]), np.array(corner)
    lines: list[dict[str, Any]] = []
    frames: list[dict[str, Any]] = []
    # Wrong ones last, on top: they are few.
    for index in shown[np.argsort(~two.right[shown], kind="stable")]:
        first, second = two.matches.first[index], two.matches.second[index]
        right = bool(two.right[index])
        style: dict[str, Any] = {"colour": RIGHT if right else WRONG, "dashed": not right}
        ends = two.first.positions[first] + before, two.second.positions[second] + after
        lines.append(line(*ends, width=1 if right else 2, **style))
        for end, points, which in zip(ends, (two.first, two.second), (first, second), strict=True):
            radius, angle = FRAME * points.sigmas[which], points.angles[which]
            frames.append(circle(*end, radius, angle=angle, width=2, **style))
    return lines + frames


def shown_matches(two: TwoViews, ratio: float, most: int = MOST_LINES) -> np.ndarray:
    """Return the indices of the matches that are drawn: strong keypoints, spread over the photo."""
    kept = np.flatnonzero(two.kept(ratio))
    strength = two.first.responses[two.matches.first[kept]]
    chosen: list[int] = []
    for index in kept[np.argsort(-strength, kind="stable")]:
        places = two.first.positions[two.matches.first[[*chosen, index]]]
        if len(chosen) < most and (np.linalg.norm(places[:-1] - places[-1], axis=1) > APART).all():
            chosen.append(int(index))
    return np.array(chosen, dtype=np.intp)


def describe_matches(result: Survival) -> str:
    """Say what the two views and their matches show, and how far the curve goes."""
    low, high = result.counts.min(), result.counts.max()
    told = f"{low} to {high} right ones" if result.fraction == 1 else "still counting"
    return f"{describe_pair(result)} Over {result.along}: {told}."


def describe_pair(result: Survival) -> str:
    """Say what the two views and their matches show."""
    two, total = result.two, result.right + result.wrong
    where = f"{describe_view(result.view)}."
    if not len(two.first):
        return (
            f"{where} SIFT finds 0 keypoints in the photo: where nothing changes, there is nothing "
            "to hold on to."
        )
    if not total:
        return (
            f"{where} Of {len(two.first)} keypoints in the photo and {len(two.second)} in the "
            f"second view, 0 matches pass the ratio test of {result.ratio:.2f}."
        )
    frames = measured_frames(two, result.ratio)
    words = (
        f"{where} Matches that pass the ratio test: {total}, {result.right} of them right "
        f"({percent(result.right / total)})."
    )
    if not frames.count:
        return words
    return (
        f"{words} By their frames, the photo turned by {plain(frames.turn, 0)}° and became "
        f"{frames.growth:.2f} times as large."
    )


def describe_view(view: View) -> str:
    """Say how a photo is looked at again."""
    parts = []
    if view.rotation:
        parts.append(f"turned by {plain(view.rotation, 0)}°")
    if view.scale != 1:
        parts.append(f"scale {view.scale:.2f}")
    if view.tilt:
        parts.append(f"tilted by {plain(view.tilt, 0)}°")
    if view.crop:
        parts.append(f"{percent(view.crop)} cropped")
    if view.brightness != 1:
        parts.append(f"light × {round(view.brightness, 2):g}")
    if view.noise:
        parts.append(f"noise {view.noise:.2f}")
    words = ", ".join(parts) or "as it is"
    return words[0].upper() + words[1:]


def describe_curve(result: Survival) -> str:
    """Say what the curve of surviving matches shows."""
    best, worst = result.counts.argmax(), result.counts.argmin()
    return (
        f"Right matches over {AXIS_NAMES[result.along]}: most, {result.counts[best]}, at "
        f"{plain(result.values[best])}; fewest, {result.counts[worst]}, at "
        f"{plain(result.values[worst])}; {result.right} in the view that is shown."
    )


AXIS_NAMES = {
    "rotation": "rotation, degrees",
    "scale": "scale, times",
    "tilt": "tilt, degrees",
    "brightness": "light, times",
    "noise": "noise, share of the full range",
}


AXIS_TICKS = {"rotation": (-180, -90, 0, 90, 180), "tilt": (-70, -35, 0, 35, 70)}


def _corners(two: TwoViews) -> tuple[int, tuple[int, int]]:
    """Return the photo's first row, and the window's first row and column, on the sheet."""
    height, width = two.photo.shape[:2]
    side = len(two.again)
    rows = max(height, side)
    return (rows - height) // 2, ((rows - side) // 2, width + _GAP)


# --- the story -------------------------------------------------------------------------------


def draw_second_look(two: TwoViews) -> Figure:
    """Draw a photo and the same photo seen again."""
    figure = new_figure(8.2, 3.4)
    axes = figure.subplots(1, 2)
    pictures = (two.photo, two.again)
    titles = ("known", f"seen again: pixels agree by {plain(pixel_likeness(two), 2)}")
    for ax, picture, title in zip(axes, pictures, titles, strict=True):
        ax.imshow(picture)
        ax.set_title(title)
        ax.set_axis_off()
    return figure


def describe_second_look(two: TwoViews) -> str:
    """Say what :func:`draw_second_look` shows."""
    height, width = two.photo.shape[:2]
    return (
        f"Your photo of {height} by {width} pixels, and the same photo seen again: turned, smaller "
        f"and darker. Laid on each other, their pixels agree by {plain(pixel_likeness(two), 2)}; "
        "1 would be the same."
    )


# --- where it fails --------------------------------------------------------------------------


def draw_failures(cases: Sequence[Failure]) -> Figure:
    """Draw each second view beside bars of its right and wrong matches."""
    figure = new_figure(8.6, 1.05 * len(cases) + 0.7)
    grid = figure.add_gridspec(len(cases), 2, width_ratios=(1, 5.6))
    bars = figure.add_subplot(grid[:, 1])
    places = np.arange(len(cases))
    right = np.array([case.right for case in cases])
    wrong = np.array([case.wrong for case in cases])
    bars.barh(places, right, color=OKABE_ITO[0], height=0.55)
    bars.barh(places, wrong, left=right, color=OKABE_ITO[1], height=0.55, hatch="///", ec="white")
    top = max(1, int((right + wrong).max()))
    for place, case in zip(places, cases, strict=True):
        words = f"{case.right} right, {case.wrong} wrong"
        bars.text(case.right + case.wrong + 0.02 * top, place, words, va="center")
        bars.text(0, place - 0.42, f"{case.name}: {case.keypoints} keypoints", va="center")
        ax = figure.add_subplot(grid[place, 0])
        ax.imshow(case.again)
        ax.set_axis_off()
    bars.set(xlim=(0, 1.32 * top), ylim=(len(cases) - 0.5, -0.75), yticks=[])
    bars.set_xlabel("matches that pass the ratio test")
    bars.spines["left"].set_visible(False)
    return figure


def describe_failures(cases: Sequence[Failure]) -> str:
    """Say what :func:`draw_failures` shows."""
    words = "; ".join(
        f"{case.name}: {case.keypoints} found, matches {case.right} right and {case.wrong} wrong"
        for case in cases
    )
    return f"Bars of right and wrong matches between keypoints. {words}."


# --- one picture, thousands of pictures -------------------------------------------------------


def template_sheet(means: np.ndarray) -> np.ndarray:
    """Return ten mean pictures (10, 28, 28) in rows of five."""
    tiles = np.rint(255 * np.repeat(means[..., None], 3, axis=3)).astype(np.uint8)
    return mosaic(tiles, columns=5, gap=2, ground=128)


def describe_means(result: GrowingMean) -> str:
    """Say what the mean picture and the ten templates show."""
    pictures = "1 picture" if result.count == 1 else f"{result.count:,} pictures"
    return (
        f"The mean of {pictures} of the class “{result.name}”. Named by the most similar of ten "
        f"such means, {percent(result.score.accuracy, 1)} of {result.score.tested:,} unseen "
        "garments are right."
    )


# --- good features ---------------------------------------------------------------------------

CRITERIA = {
    "found again": "repeatable",
    "told apart": "distinct",
    "easy to track": "trackable",
}
"""Words on the page → property of `Criteria`."""


def judged_overlays(found: Criteria) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what to draw on the photo and on the second view: rings, and crosses for the lost."""
    before: list[dict[str, Any]] = []
    after: list[dict[str, Any]] = []
    for place, truth, seen, again in zip(
        found.before, found.truth, found.in_view, found.found, strict=True
    ):
        if not seen:
            before.append(point(*place, 5, radius=3))
        elif again:
            before.append(point(*place, RIGHT, radius=5))
            after.append(point(*truth, RIGHT, radius=5))
        else:
            before.extend(_cross(*place))
            after.extend(_cross(*truth))
    return before, after


def _cross(row: float, col: float) -> list[dict[str, Any]]:
    arm = 2.2
    return [
        line((row - arm, col - way * arm), (row + arm, col + way * arm), WRONG, width=1.5)
        for way in (-1, 1)
    ]


def describe_judged(judged: Judged, name: str) -> str:
    """Say how one detector did, and which one did best."""
    if not any(len(found.before) for found in judged.by.values()):
        return "Every detector finds 0 points: where nothing changes, there is nothing to find."
    mine = judged.by[name]
    best = max(judged.by, key=lambda other: judged.by[other].repeatable)
    return (
        f"{describe_view(judged.view)}. Of {int(mine.in_view.sum())} {name} still in view, "
        f"{percent(mine.repeatable)} are found again; {percent(mine.distinct)} of these can be "
        f"told apart, and a tracker keeps {percent(mine.trackable)}. Found again most often: "
        f"{best}, {percent(judged.by[best].repeatable)}."
    )


# --- a keypoint opened up ----------------------------------------------------------------------

STEPS = (
    "1 · many sizes",
    "2 · an extremum",
    "3 · a direction",
    "4 · sixteen histograms",
    "5 · 128 numbers",
)
FATES = {
    "kept": Fate.KEPT,
    "too little contrast": Fate.WEAK,
    "on an edge": Fate.EDGE,
    "no firm place": Fate.WANDERED,
}
CELL_PIXELS = 40
_LABEL, _WIDE, _HIGH, _SPACE = 92, 76, 30, 16


def keypoint_overlays(
    points: Keypoints, shown: np.ndarray, chosen: Keypoint, found: bool
) -> list[dict[str, Any]]:
    """Return the frames of keypoints, and the chosen one on top, dashed where SIFT lost it."""
    thin = [
        circle(*points.positions[k], FRAME * points.sigmas[k], 5, width=1) for k in shown.tolist()
    ]
    radius = FRAME * chosen.sigma
    strong = circle(
        chosen.row, chosen.col, radius, WRONG, angle=chosen.angle, width=3, dashed=not found
    )
    return [*thin, strong]


def size_tiles(sizes: Sizes) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """Return blurred surroundings above their differences, finer to coarser, and their labels."""
    light = _stretched(sizes.blurred)
    changes = signed_to_rgb(np.concatenate(sizes.changes, axis=1))[0]
    changes = np.split(changes, len(sizes.changes), axis=1)
    grey = [np.repeat(np.rint(255 * tile)[:, :, None], 3, axis=2) for tile in light]
    tiles = np.array([*grey, *changes]).astype(np.uint8)
    sheet = mosaic(tiles, columns=3, gap=6)
    side = tiles.shape[1]
    labels = []
    for column, sigma in enumerate(sizes.tile_sigmas):
        left = column * (side + 6)
        labels.append(text(15, left + 5, f"σ {sigma:.1f}", 7))
        for row in range(2):
            middle = row * (side + 6) + side / 2 - 0.5, left + side / 2 - 0.5
            radius = side / 2 / REACH * np.sqrt(2)
            labels.append(circle(*middle, radius, WRONG if column == 1 else 5, width=1.5))
    return sheet, labels


def neighbour_grids(extremum: Extremum) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """Return three grids of nine coloured cells, and the 27 numbers on them in thousandths."""
    # Twice the largest magnitude keeps the cells pale, so that the numbers can be read.
    limit = 2 * float(np.abs(extremum.values).max())
    colours, _ = signed_to_rgb(extremum.values.reshape(9, 3), limit)
    height = 9 * _HIGH + 2 * _SPACE
    sheet = np.full((height, _LABEL + 3 * _WIDE, 3), 255, dtype=np.uint8)
    overlays = []
    for row in range(9):
        top = row * _HIGH + row // 3 * _SPACE
        for col in range(3):
            left = _LABEL + col * _WIDE
            sheet[top + 1 : top + _HIGH - 1, left + 1 : left + _WIDE - 1] = colours[row, col]
            number = plain(1000 * extremum.values.reshape(9, 3)[row, col], 1)
            overlays.append(text(top + 20, left + 38 - 4.2 * len(number), number, 7))
        if row % 3 == 1:
            overlays.append(text(top + 20, 4, ("finer", "this size", "coarser")[row // 3], 7))
    top, left = 4 * _HIGH + _SPACE, _LABEL + _WIDE
    return sheet, [*overlays, box(left, top, left + _WIDE, top + _HIGH, WRONG)]


def direction_patch(inside: OpenKeypoint) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """Return the pixels around a keypoint, in its own size, and arrows of what they vote for."""
    patch = inside.orientation.patch
    rows, cols = patch.rows[:, 0] + inside.row, patch.cols[0] + inside.col
    pixels = inside.blurred[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
    votes = inside.orientation.weights * patch.magnitude
    step = max(1, round(max(votes.shape) / 11))
    longest = 1.6 * step / (votes.max() or 1)
    overlays = []
    for r, c in np.ndindex(votes.shape):
        length = longest * votes[r, c]
        if r % step == step // 2 and c % step == step // 2 and length > 0.15 * step:
            turn = np.deg2rad(patch.direction[r, c])
            end = r + length * np.sin(turn), c + length * np.cos(turn)
            overlays.append(line((r, c), end, RIGHT, arrow=True, width=1.5))
    middle = inside.row - rows[0], inside.col - cols[0]
    radius = FRAME * inside.keypoint.sigma / inside.spacing
    frame = circle(*middle, radius, WRONG, angle=inside.keypoint.angle, width=3)
    return _stretched(pixels), [*overlays, frame]


def descriptor_drawing(
    patch: np.ndarray, histograms: np.ndarray, cell: int
) -> tuple[np.ndarray, list[dict[str, Any]]]:
    """Return the turned patch in pale grey with its grid, and eight arrows in each cell.

    Parameters
    ----------
    patch : ndarray (160, 160), float
    histograms : ndarray (4, 4, 8), float, not negative
    cell : int
        The one that stands out, 0 to 15, row by row.
    """
    pale = 0.45 + 0.5 * _stretched(patch)
    for edge in range(0, len(pale) + 1, CELL_PIXELS):
        for at in {max(0, edge - 1), min(len(pale) - 1, edge)}:
            pale[at], pale[:, at] = 1, 1
    longest = 0.49 * CELL_PIXELS / (histograms.max() or 1)
    overlays = []
    for row, col, turn in np.ndindex(histograms.shape):
        length = longest * histograms[row, col, turn]
        if length < 1:
            continue
        middle = (np.array([row, col]) + 0.5) * CELL_PIXELS - 0.5
        angle = np.deg2rad(360 / histograms.shape[2] * turn)
        end = middle + length * np.array([np.sin(angle), np.cos(angle)])
        colour = WRONG if 4 * row + col == cell else RIGHT
        overlays.append(line(middle, end, colour, arrow=True, width=2))
    top, left = cell // 4 * CELL_PIXELS, cell % 4 * CELL_PIXELS
    chosen = box(left + 1, top + 1, left + CELL_PIXELS - 1, top + CELL_PIXELS - 1, WRONG)
    return pale, [*overlays, chosen]


def cell_at(row: int, col: int) -> int:
    """Return which cell of the descriptor's drawing lies at a pixel, 0 to 15."""
    return min(3, row // CELL_PIXELS) * 4 + min(3, col // CELL_PIXELS)


def cell_centre(cell: int) -> tuple[int, int]:
    """Return the pixel in the middle of a cell of the descriptor's drawing."""
    return cell // 4 * CELL_PIXELS + CELL_PIXELS // 2, cell % 4 * CELL_PIXELS + CELL_PIXELS // 2


def describe_step(result: OpenResult) -> str:
    """Say what the step that is shown does with the keypoint."""
    opened = result.opened
    if opened is None:
        return (
            f"SIFT finds {len(result.plain.keypoints)} keypoints in this photo: nothing can be "
            "opened here."
        )
    one = opened.inside.keypoint
    lost = "" if opened.found else "SIFT no longer finds this keypoint; it would be here. "
    words = {
        STEPS[0]: _describe_sizes,
        STEPS[1]: _describe_extremum,
        STEPS[2]: _describe_direction,
        STEPS[3]: _describe_cell,
        STEPS[4]: _describe_vector,
    }[result.step](result)
    view = result.scene.view
    seen = "" if view == View() else f" ({describe_view(view).lower()})"
    return (
        f"{lost}Keypoint {result.number} of {len(result.chosen)}, row {one.row:.0f}, column "
        f"{one.col:.0f}{seen}. {words}"
    )


def _describe_sizes(result: OpenResult) -> str:
    one, sizes = result.opened.inside.keypoint, result.opened.sizes
    value = np.interp(np.log(one.sigma), np.log(sizes.sigmas), sizes.differences)
    kind = "bright" if value < 0 else "dark"
    return (
        f"It is a {kind} blob about {2 * np.sqrt(2) * one.sigma:.0f} pixels wide. It stands out at "
        f"a blur of σ = {one.sigma:.1f} pixels, by {plain(value, 3)}; a little finer or coarser, "
        "it stands out less."
    )


def _describe_extremum(result: OpenResult) -> str:
    found = result.opened.extremum
    ratio = "endless" if np.isinf(found.edge_ratio) else f"{found.edge_ratio:.1f}"
    return (
        f"Its value, {plain(1000 * found.values[1, 1, 1], 1)} thousandths, stands out from "
        f"{found.beaten} of 26 neighbours. Its two curvatures differ {ratio} times; from 10 on it "
        "would count as an edge."
    )


def _describe_direction(result: OpenResult) -> str:
    inside = result.opened.inside
    share = inside.orientation.votes.max() / (inside.orientation.votes.sum() or 1)
    peaks = len(inside.orientation.angles)
    more = "one peak" if peaks == 1 else f"{peaks} peaks, each a keypoint of its own"
    return (
        f"Its neighbours vote with their gradients: {more}. This one points to "
        f"{inside.keypoint.angle:.0f}°; the strongest bin holds {percent(share)} of the votes."
    )


def _describe_cell(result: OpenResult) -> str:
    bins = result.opened.inside.description.histograms[result.cell // 4, result.cell % 4]
    strongest = int(bins.argmax())
    share = bins.max() / (result.opened.inside.description.histograms.sum() or 1)
    return (
        f"The patch is turned by {result.opened.inside.keypoint.angle:.0f}°. Cell "
        f"{result.cell + 1} of 16 has its longest arrow at {45 * strongest}°: {percent(share, 1)} "
        "of all votes."
    )


def _describe_vector(result: OpenResult) -> str:
    words = (
        f"Distance to its own descriptor in the photo as it is: {result.distance:.2f}; to the most "
        f"similar other keypoint there: {result.nearest_other:.2f}."
    )
    if result.distance < 0.8 * result.nearest_other:
        return f"{words} It would be recognised."
    return f"{words} It would not be recognised."


def _stretched(pixels: np.ndarray) -> np.ndarray:
    """Return pixels spread over 0 to 1, for display."""
    low, high = float(pixels.min()), float(pixels.max())
    return (pixels - low) / ((high - low) or 1)
