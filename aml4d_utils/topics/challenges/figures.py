"""Pictures of the challenges and of what they cost, each with the words that describe it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.images import as_uint8
from aml4d_utils.measuring.wording import percent
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.challenges.bench import Curves, Shown
from aml4d_utils.topics.challenges.chair_wall import ChairView, Wall
from aml4d_utils.topics.challenges.limits import BarelySeen, tiles
from aml4d_utils.topics.challenges.ranking import UNTOUCHED, Ranking
from aml4d_utils.topics.challenges.robustness import Robustness
from aml4d_utils.topics.challenges.texture_shape import SHAPE, TEXTURE, Conflict, ConflictCounts
from aml4d_utils.topics.poses.asking import NOTHING, Answer
from aml4d_utils.widgets.colours import OKABE_ITO, mosaic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WALL_COLUMNS = 7
_CHAIR = 72
_GAP = 4
CHAIR_STEP = _CHAIR + _GAP
"""Pixels from one chair on the wall to the next."""
_EDGE = 4
_FOUND, _MISSED = (0, 114, 178), (213, 94, 0)


# --- the bench -------------------------------------------------------------------------------


def describe_challenge(
    name: str, challenge: str, shown: Shown, answers: Mapping[str, Answer]
) -> str:
    """Say in one line what is shown on the bench and what each network says."""
    said = "; ".join(f"{net}: {in_words(answer)}" for net, answer in answers.items())
    return f"{name.capitalize()}, {challenge} {percent(shown.strength)}: {shown.words}. {said}."


def in_words(answer: Answer) -> str:
    """Return the first guess of a network, and whether it is right."""
    if answer.guess == NOTHING:
        return "finds nothing"
    return f"{answer.guess} {percent(answer.sureness)}, {'right' if answer.right else 'wrong'}"


def answer_label(net: str, answer: Answer) -> str:
    """Return the label of a bar: network, mark and first guess."""
    return f"{'✓' if answer.right else '✗'} {net}: {answer.guess}"


def describe_answers(answers: Mapping[str, Answer]) -> str:
    """Say what the bars on the bench show."""
    listed = "; ".join(
        f"{net} {percent(answer.probability)}, its first guess is {answer.guess}"
        for net, answer in answers.items()
    )
    return f"Probability of a right word: {listed}."


def describe_curves(curves: Curves, challenge: str) -> str:
    """Say where the curves of a challenge begin and end, as far as they are known."""
    words = []
    for net, values in curves.probability.items():
        known = np.flatnonzero(np.isfinite(values))
        if len(known):
            first, last = known[0], known[-1]
            words.append(
                f"{net} from {percent(values[first])} at {percent(curves.strengths[first])} to "
                f"{percent(values[last])} at {percent(curves.strengths[last])}, "
                f"right at {int(curves.right[net].sum())} of {len(known)} strengths"
            )
    listed = "; ".join(words) if words else "0 strengths asked so far"
    return f"Probability of a right word against the strength of {challenge}: {listed}."


def draw_robustness(curve: Robustness) -> Figure:
    """Draw the share that is named rightly against the strength, with its interval."""
    figure = new_figure(5.6, 2.9)
    axes = figure.subplots()
    low, high = curve.intervals.T
    axes.fill_between(curve.strengths, low, high, color=OKABE_ITO[0], alpha=0.2, linewidth=0)
    axes.plot(curve.strengths, curve.shares, color=OKABE_ITO[0], marker="o")
    axes.set_ylim(-0.03, 1.03)
    axes.set_yticks((0, 0.5, 1), ("0 %", "50 %", "100 %"))
    axes.set_xticks(curve.strengths, [percent(strength) for strength in curve.strengths])
    axes.set_xlabel(f"strength of {curve.challenge}")
    axes.set_ylabel("named rightly")
    return figure


def describe_robustness(curve: Robustness) -> str:
    """Say what :func:`draw_robustness` shows."""
    listed = "; ".join(
        f"{percent(strength)}: {percent(share)} ({percent(low)} to {percent(high)})"
        for strength, share, (low, high) in zip(
            curve.strengths, curve.shares, curve.intervals, strict=True
        )
    )
    return (
        f"Of {np.shape(curve.right)[1]} things, named rightly at each strength of "
        f"{curve.challenge}, with 95 % intervals: {listed}."
    )


# --- the wall of chairs ----------------------------------------------------------------------


def wall_picture(wall: Wall, threshold: float) -> np.ndarray:
    """Lay chairs out in rows as uint8; a blue frame with a notch for found, orange for missed."""
    from aml4d_utils.images import resize

    found = wall.found(threshold)
    framed = []
    for chair, hit in zip(wall.chairs, found, strict=True):
        tile = np.empty((_CHAIR, _CHAIR, 3), np.uint8)
        tile[:] = _FOUND if hit else _MISSED
        inner = _CHAIR - 2 * _EDGE
        tile[_EDGE:-_EDGE, _EDGE:-_EDGE] = as_uint8(resize(chair.picture, inner, inner))
        if hit:
            tile[: 3 * _EDGE, : 3 * _EDGE] = _FOUND
        framed.append(tile)
    return mosaic(np.stack(framed), WALL_COLUMNS, gap=_GAP)


def chair_at(wall: Wall, row: int, column: int) -> int | None:
    """Return which chair lies under a pixel of the wall's picture; None between and beyond them."""
    (down, row), (across, column) = divmod(row, CHAIR_STEP), divmod(column, CHAIR_STEP)
    place = down * WALL_COLUMNS + across
    beside = row >= _CHAIR or column >= _CHAIR or across >= WALL_COLUMNS
    return None if beside or place >= len(wall.chairs) else place


def chair_box(place: int) -> tuple[int, int, int, int]:
    """Return the corners ``x0, y0, x1, y1`` of a chair on the wall's picture."""
    down, across = divmod(place, WALL_COLUMNS)
    left, top = across * CHAIR_STEP, down * CHAIR_STEP
    return left + _EDGE, top + _EDGE, left + _CHAIR - _EDGE, top + _CHAIR - _EDGE


def describe_chair(chair: ChairView, threshold: float) -> str:
    """Say what the detector makes of one chair."""
    hit = "found" if chair.found(threshold) else "missed"
    sure = "" if chair.answer.guess == NOTHING else f" ({percent(chair.answer.sureness)})"
    return (
        f"{chair.thing.name.capitalize()}: {hit}; the surest box says {chair.answer.guess}{sure}, "
        f"a right word gets {percent(chair.answer.probability)}"
    )


def describe_wall(wall: Wall, threshold: float) -> str:
    """Say how many chairs are found, and as what the others are misread."""
    found = wall.found(threshold)
    low, high = wall.interval(threshold)
    others = Counter(
        chair.answer.guess for chair, hit in zip(wall.chairs, found, strict=True) if not hit
    )
    listed = ", ".join(f"{word} {count}" for word, count in others.most_common(4))
    return (
        f"{int(found.sum())} of {len(found)} chairs are found at a score of {threshold:.2f} "
        f"({percent(found.mean())}; 95 % interval {percent(low)} to {percent(high)})"
        + (f". The missed ones are called: {listed}." if listed else ".")
    )


def describe_unlike(wall: Wall) -> str:
    """Say which two chairs are most unlike in outline."""
    if len(wall.chairs) < 2:
        return "1 chair has nothing to be unlike."
    first, second, overlap = wall.unlike()
    names = wall.chairs[first].thing.name, wall.chairs[second].thing.name
    return (
        f"Most unlike in outline: {names[0]} and {names[1]}; their overlap (IoU) is {overlap:.2f}."
    )


def describe_told_apart(wall: Wall, threshold: float) -> str:
    """Say what tells missed chairs from found ones best."""
    rows = wall.told_apart(threshold)
    if not rows:
        return "All chairs are alike: 0 are found, or 0 are missed."
    name, missed, found, more = rows[0]
    return (
        f"What tells them apart best is {name}: median {missed:.2f} among the missed, {found:.2f} "
        f"among the found; a missed chair has more of it than a found one {percent(more)} of the "
        "time (50 % would be chance)."
    )


def draw_unlike(wall: Wall) -> Figure:
    """Draw the two chairs whose outlines overlap least."""
    first, second, _ = wall.unlike()
    figure = new_figure(4.4, 2.5)
    for axes, chair in zip(figure.subplots(1, 2), (wall.chairs[first], wall.chairs[second]),
                           strict=True):  # fmt: skip
        axes.imshow(chair.picture)
        axes.set_title(f"{chair.thing.name}\n{chair.answer.guess}", fontsize=11)
        axes.axis("off")
    return figure


def draw_traits(wall: Wall, threshold: float) -> Figure:
    """Draw, for each trait, the chance that a missed chair has more of it than a found one."""
    rows = wall.told_apart(threshold)[::-1]
    figure = new_figure(7.2, 0.5 * max(1, len(rows)) + 1.1)
    axes = figure.subplots()
    axes.barh(range(len(rows)), [row[3] - 0.5 for row in rows], left=0.5, color=OKABE_ITO[0])
    axes.axvline(0.5, color="0.3", linewidth=1)
    axes.set_yticks(range(len(rows)), [row[0] for row in rows])
    axes.set_xlim(0, 1)
    axes.set_xticks(
        (0, 0.5, 1), ("found ones\nhave more", "no difference", "missed ones\nhave more")
    )
    return figure


def describe_traits(wall: Wall, threshold: float) -> str:
    """Say what :func:`draw_traits` shows."""
    rows = wall.told_apart(threshold)
    listed = "; ".join(
        f"{name}: missed {missed:.2f}, found {found:.2f}" for name, missed, found, _ in rows
    )
    return f"{describe_told_apart(wall, threshold)} Medians of all traits: {listed or '0 traits'}."


# --- texture against shape -------------------------------------------------------------------


def draw_conflicts(conflicts: Sequence[Conflict], net: str = "SqueezeNet") -> Figure:
    """Draw pictures with conflicting cues, each with a network's decision."""
    figure = new_figure(2.3 * len(conflicts), 2.9)
    for axes, each in zip(figure.subplots(1, len(conflicts), squeeze=False)[0], conflicts,
                          strict=True):  # fmt: skip
        axes.imshow(each.picture)
        axes.set_title(f"{each.guesses[net]}\n({each.decisions[net]})", fontsize=11)
        axes.axis("off")
    return figure


def describe_conflicts(conflicts: Sequence[Conflict], net: str = "SqueezeNet") -> str:
    """Say what :func:`draw_conflicts` shows."""
    listed = "; ".join(
        f"the outline of {each.shape} in the skin of {each.texture}: {net} says "
        f"{each.guesses[net]} ({each.decisions[net]})"
        for each in conflicts
    )
    return f"{len(conflicts)} pictures. {listed}."


def describe_conflict(each: Conflict) -> str:
    """Say in one line what both classifiers decide for."""
    said = "; ".join(
        f"{net} decides for {each.guesses[net]} ({decision}); the outline's kind gets "
        f"{percent(each.shares[net][0])}, the skin's {percent(each.shares[net][1])}"
        for net, decision in each.decisions.items()
    )
    votes = Counter(each.decisions.values())
    return (
        f"The outline of {each.shape} in the skin of {each.texture}: {said}. "
        f"{votes[SHAPE]} of {len(each.decisions)} go by the shape."
    )


def describe_counts(counts: ConflictCounts) -> str:
    """Say how often each network decided for the shape."""
    words = []
    for net, each in counts.counts.items():
        share = counts.shape_share(net)
        words.append(
            f"{net}: shape {each[SHAPE]}, texture {each[TEXTURE]}, neither "
            f"{sum(each.values()) - each[SHAPE] - each[TEXTURE]}"
            + (
                f"; {percent(share[0])} of the decisions go by shape "
                f"({percent(share[1])} to {percent(share[2])})"
                if share
                else ""
            )
        )
    return ". ".join(words) + "."


# --- equal difficulty ------------------------------------------------------------------------


def limits_picture(seen: BarelySeen) -> np.ndarray:
    """Lay the pictures out in rows of three as uint8."""
    return mosaic(as_tiles(tiles(seen)), 3, gap=6)


def as_tiles(pictures: np.ndarray) -> np.ndarray:
    """Return pictures (N, H, W, 3) in [0, 1] as uint8."""
    return np.stack([as_uint8(picture) for picture in pictures])


def describe_limits(seen: BarelySeen) -> str:
    """Say how strong each challenge is."""
    listed = "; ".join(
        f"{name} {percent(strength)}, {shown.words}"
        for (name, strength), shown in zip(seen.limits.items(), seen.shown, strict=True)
    )
    return f"The {seen.name}, {len(seen.shown)} times: {listed}."


def draw_ranking(ranking: Ranking) -> Figure:
    """Draw, for each network, the share that is still named rightly under each challenge."""
    figure = new_figure(4.4 * len(ranking.harms), 3.6)
    for axes, (net, harms) in zip(
        figure.subplots(1, len(ranking.harms), squeeze=False)[0], ranking.harms.items(), strict=True
    ):
        for place, harm in enumerate(harms[::-1]):
            colour = "0.6" if harm.name == UNTOUCHED else OKABE_ITO[0]
            axes.barh(place, harm.share, color=colour)
            axes.plot(harm.interval, (place, place), color="0.15", linewidth=1.5)
        axes.set_yticks(range(len(harms)), [f"{h.name} {h.right}/{h.count}" for h in harms[::-1]])
        axes.set_xlim(0, 1)
        axes.set_xticks((0, 0.5, 1), ("0 %", "50 %", "100 %"))
        axes.set_title(f"{net}: still named rightly", fontsize=12)
    return figure


def describe_ranking(ranking: Ranking) -> str:
    """Say in which order the challenges harm each network."""
    words = []
    for net, harms in ranking.harms.items():
        listed = ", ".join(f"{harm.name} {harm.right} of {harm.count}" for harm in harms)
        words.append(f"{net}, worst first: {listed}")
    return "Things that are still named rightly. " + ". ".join(words) + "."
