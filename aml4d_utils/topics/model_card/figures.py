"""Pictures of a study and its card, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, plain
from aml4d_utils.notebook import Shown, as_png, new_figure, table
from aml4d_utils.topics.model_card.card_page import CardPicture
from aml4d_utils.topics.model_card.card_sentences import ModelCard
from aml4d_utils.topics.model_card.data_plan import DataPlan
from aml4d_utils.topics.model_card.detector_study import DetectorStudy
from aml4d_utils.topics.model_card.fingerprints import short
from aml4d_utils.topics.model_card.hidden_parts import PATCH, HiddenParts
from aml4d_utils.topics.model_card.model_study import Study
from aml4d_utils.topics.model_card.opened_often import OpenedOften
from aml4d_utils.topics.model_card.peer_round import PeerFinding
from aml4d_utils.topics.model_card.rubric import Criterion
from aml4d_utils.topics.model_card.worst_failures import FailureCase
from aml4d_utils.topics.own_classes.photo_collection import PhotoCollection
from aml4d_utils.topics.transfer.tasks import SIDE
from aml4d_utils.widgets.colours import OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_GREY = "#57606a"
_SHOWN_LETTERS = 60


def _range(interval: Sequence[float]) -> str:
    return f"{percent(interval[0])} to {percent(interval[1])}"


# --- photos ------------------------------------------------------------------------------------


def draw_photos(collection: PhotoCollection, each: int = 6) -> Figure:
    """Draw the first photos of every class, one of each thing."""
    figure = new_figure(8.8, 1.45 * len(collection.classes))
    axes = figure.subplots(len(collection.classes), each, squeeze=False)
    for row, (label, name) in zip(axes, enumerate(collection.classes), strict=True):
        once = {photo.burst: photo.picture for photo, filed in collection if filed == label}
        for ax, picture in zip(row, once.values(), strict=False):
            ax.imshow(picture)
        for ax in row:
            ax.set_axis_off()
        row[0].set_title(name)
    return figure


def describe_photos(collection: PhotoCollection) -> str:
    """Say how many photos and things of each class there are."""
    parts = []
    for label, name in enumerate(collection.classes):
        bursts = [photo.burst for photo, filed in collection if filed == label]
        parts.append(f"{name}: {len(bursts)} photos of {len(set(bursts))} things")
    return f"Photos on different grounds, a row for each class. {'; '.join(parts)}."


# --- the hard test -----------------------------------------------------------------------------


def draw_curves(study: Study | DetectorStudy) -> Figure:
    """Draw the share that is right, or found, under each condition, with intervals and the goal."""
    curves = study.curves
    figure = new_figure(8.8, 4.6)
    axes = figure.subplots(2, 3, sharey=True)
    for ax, curve in zip(axes.flat, curves.values(), strict=False):
        steps = np.arange(len(curve.values))
        ax.fill_between(steps, *curve.intervals.T, color=OKABE_ITO[0], alpha=0.2, linewidth=0)
        ax.plot(steps, curve.shares, "o-", color=OKABE_ITO[0])
        ax.axhline(study.brief.goal, color=_GREY, linestyle="--", linewidth=1)
        ax.set_xticks(steps, [f"{value:g}" for value in curve.values])
        ax.set_title(curve.name)
        ax.set_xlabel(curve.axis)
        ax.set_ylim(0, 1.02)
        ax.yaxis.set_major_formatter(lambda value, _place: percent(value))
    for ax in list(axes.flat)[len(curves) :]:
        ax.set_axis_off()
    return figure


def describe_curves(study: Study | DetectorStudy) -> str:
    """Say what each condition leaves at its hardest, and which one costs most."""
    first = study.measured[study.counted]
    worst = max(study.curves.values(), key=lambda curve: curve.lost)
    ends = "; ".join(
        f"{curve.name} {curve.values[-1]:g}: {curve.right[-1]}" for curve in study.curves.values()
    )
    return (
        f"As it is, {first.in_words} are {study.counted}; dashed: the goal, "
        f"{percent(study.brief.goal)}. At the hardest value of each condition, of {first.total}: "
        f"{ends}. {worst.name.capitalize()} costs most, {100 * worst.lost:.0f} points."
    )


# --- the gallery and the look inside -----------------------------------------------------------


def draw_gallery(study: Study, count: int = 6) -> Figure:
    """Draw the worst answers of the test, the worst first."""
    cases = study.gallery(count)
    figure = new_figure(8.8, 2.3)
    for ax, case in zip(figure.subplots(1, count, squeeze=False)[0], cases, strict=False):
        ax.imshow(case.picture)
        ax.set_xticks([])
        ax.set_yticks([])
        ax.spines[:].set_visible(False)
        sign = "✗" if case.wrong else "✓"
        ax.set_xlabel(
            f"{case.truth} {percent(case.truth_chance)}\n{sign} {case.answer}", fontsize=9.5
        )
    return figure


def describe_gallery(study: Study, count: int = 6) -> str:
    """Name the worst answers of the test."""
    cases = study.gallery(count)
    words = "; ".join(
        f"{case.name}, {case.truth} with {percent(case.truth_chance)}, is called {case.answer}"
        for case in cases
    )
    wrong = sum(case.wrong for case in cases)
    return f"The {len(cases)} worst of {len(study.test)} photos, {wrong} of them wrong. {words}."


def draw_worst_scenes(study: DetectorStudy, count: int = 3) -> Figure:
    """Draw the worst scenes of the test with their boxes, the worst first."""
    figure = new_figure(8.8, 2.5)
    axes = figure.subplots(1, count, squeeze=False)[0]
    for ax in axes:
        ax.set_axis_off()
    for ax, case in zip(axes, study.gallery(count), strict=False):
        ax.imshow(case.picture)
    return figure


def describe_worst_scenes(study: DetectorStudy, count: int = 3) -> str:
    """Say what stands in the worst scenes of the test, and what is found of it."""
    cases = study.gallery(count)
    return (
        f"The {len(cases)} worst of {len(study.test.plans)} scenes. White: what is there; blue: a "
        "box that finds it; orange and crossed out: a false alarm. "
        + " ".join(case.in_words for case in cases)
    )


STRIP = 6
"""Photos in a strip."""


def strip(pictures: Sequence[np.ndarray], count: int = STRIP) -> np.ndarray:
    """Lay the first photos side by side: uint8 (SIDE, (SIDE + 4) count, 3)."""
    sheet = np.full((SIDE, (SIDE + 4) * count, 3), 235, np.uint8)
    for number, picture in enumerate(pictures[:count]):
        left = number * (SIDE + 4)
        sheet[:, left : left + SIDE] = picture
    return sheet


def describe_known(cases: Sequence[FailureCase], findings: Sequence[PeerFinding]) -> str:
    """Name the failures that a card knows: what peers found, then the worst of the test."""
    found = [f"{f.truth} called {f.answer}, found by a peer" for f in reversed(findings)]
    tested = [f"{case.name}, {case.truth} with {percent(case.truth_chance)}" for case in cases]
    return f"Known already: {'; '.join([*found, *tested][:STRIP])}."


def draw_inside(hidden: HiddenParts) -> Figure:
    """Draw a photo, and where hiding it changes the answer."""
    figure = new_figure(6.6, 2.7)
    left, right = figure.subplots(1, 2)
    left.imshow(hidden.picture)
    most = max(float(np.abs(hidden.drops).max()), 1e-6)
    shown = right.imshow(hidden.map, cmap="RdBu_r", vmin=-most, vmax=most)
    row, col, _ = hidden.strongest
    for ax in (left, right):
        ax.add_patch(_square(row, col))
        ax.set_axis_off()
    bar = figure.colorbar(shown, ax=right)
    bar.set_label(f"fall of “{hidden.answer}”")
    return figure


def _square(row: int, col: int):
    from matplotlib.patches import Rectangle

    half = PATCH / 2
    return Rectangle((col - half, row - half), PATCH, PATCH, fill=False, edgecolor="k",
                     linewidth=1.5)  # fmt: skip


def describe_inside(hidden: HiddenParts) -> str:
    """Say where hiding a part of the photo changes the answer most."""
    row, col, drop = hidden.strongest
    side = len(hidden.picture)
    down = ("top", "middle", "bottom")[min(2, 3 * row // side)]
    across = ("left", "centre", "right")[min(2, 3 * col // side)]
    return (
        f"The whole photo is called {hidden.answer} with {percent(hidden.whole)}. It falls most, "
        f"by {100 * drop:.0f} points, where the {down} {across} is hidden."
    )


# --- tables ------------------------------------------------------------------------------------


def show_measurements(study: Study, names: Sequence[str] | None = None) -> Shown:
    """Return a table of stored measurements with where they come from."""
    chosen = list(study.measured) if names is None else names
    rows = [(name, study.measured[name].in_words, study.measured[name].source) for name in chosen]
    return table(f"{len(rows)} stored measurements.", ("name", "measured", "from"), rows)


def show_rubric(criteria: Sequence[Criterion]) -> Shown:
    """Return the part of the rubric that can be read off, as a table."""
    met = sum(criterion.met for criterion in criteria)
    rows = [(c.asked, "yes" if c.met else "not yet", c.evidence) for c in criteria]
    return table(f"{met} of {len(rows)} criteria are met.", ("asked", "met", "seen by"), rows)


# --- opened too often --------------------------------------------------------------------------


def draw_opened(opened: OpenedOften) -> Figure:
    """Draw what the chosen head reaches on its sealed test and on fresh photos, over many draws."""
    figure = new_figure(7.2, 2.8)
    ax = figure.subplots()
    bins = np.arange(0.3, 1.02, 0.02)
    for k, (shares, words) in enumerate(
        ((opened.sealed, "on the sealed test, chosen by it"), (opened.fresh, "on fresh photos"))
    ):
        ax.hist(shares, bins, color=OKABE_ITO[k], alpha=0.65, hatch=("", "//")[k], label=words)
        ax.axvline(shares.mean(), color=OKABE_ITO[k], linewidth=2, linestyle=("-", "--")[k])
    ax.set_xlabel("right answers of the head that was chosen")
    ax.set_ylabel("draws")
    ax.xaxis.set_major_formatter(lambda value, _place: percent(value))
    ax.legend(frameon=False, loc="upper left")
    return figure


def describe_opened(opened: OpenedOften) -> str:
    """Say how much too much the chosen head promises."""
    return (
        f"The best of {len(opened.right)} heads by a sealed test of {opened.sizes[0]} photos, over "
        f"{len(opened.sealed)} draws of the test: there {percent(opened.sealed.mean())} are right "
        f"on average, on {opened.sizes[1]} fresh photos {percent(opened.fresh.mean())}. The test "
        f"promises {plain(100 * opened.promised_too_much, 0)} points too much."
    )


# --- the card ----------------------------------------------------------------------------------


def card_pictures(study: Study | DetectorStudy) -> tuple[CardPicture, ...]:
    """Return the drawings that go into a card."""
    drawn = [(draw_curves(study), describe_curves(study), 640)]
    if isinstance(study, Study):
        drawn.append((draw_inside(study.hidden), describe_inside(study.hidden), 480))
    return tuple(
        CardPicture("Quantitative analyses", as_png(figure, 140), words, width)
        for figure, words, width in drawn
    )


def describe_card(card: ModelCard, section: str | None = None) -> str:
    """Say how many sentences a card has, how many are out of date, and what is missing."""
    measured = sum(bool(sentence.source) for sentence in card.sentences)
    words = [
        f"The card of {card.name[:_SHOWN_LETTERS]}: {len(card.sentences)} sentences, {measured} "
        f"of them measured, {len(card.gallery)} pictures in the gallery of failures."
    ]
    if card.stale:
        words.append(
            f"{len(card.stale)} are out of date: the model is {short(card.model)} now. They are "
            "red and say so."
        )
    else:
        words.append(f"All belong to the model {short(card.model)}.")
    if section:
        words.append(f"Shown: {section}, {len(card[section].sentences)} sentences.")
    if card.missing:
        words.append(f"{len(card.missing)} missing. {card.missing[0].text}")
    return " ".join(words)


def describe_plan(plan: DataPlan) -> str:
    """Say what a test of so many things lets one promise."""
    verdict = (
        f"so {percent(plan.goal)} may be promised."
        if plan.promised
        else f"so {percent(plan.goal)} may not be promised."
    )
    words = [
        f"{plan.right} of {plan.things} things right, {percent(plan.share)}: the 95 % interval "
        f"goes from {_range(plan.interval)}, {verdict}"
    ]
    if plan.needed is None:
        words.append("With this share no number of things is enough.")
    else:
        words.append(f"With this share it takes {plan.needed} things.")
    if plan.photos > plan.things:
        words.append(
            f"Counting {plan.photos} photos as things would give {_range(plan.careless)}: too "
            "narrow."
        )
    return " ".join(words)


def describe_asked(
    name: str, truth: str, chances: dict[str, float], findings: Sequence[PeerFinding], left: int
) -> str:
    """Say what the model makes of a peer's picture, how many failures there are, and the time."""
    answer = max(chances, key=chances.get)
    verdict = "right" if answer == truth else "wrong: a failure"
    return (
        f"{name}, a picture of {truth}: the model says {answer}, {percent(chances[answer])}, "
        f"{verdict}. {len(findings)} failure{'s' * (len(findings) != 1)} appended; "
        f"{left // 60} min {left % 60} s left."
    )
