"""Pictures of faces, other things and the units that prefer them, with words for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, plain, signed
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.dissection.units import LAYERS
from aml4d_utils.topics.selectivity.discrimination import CRITERION
from aml4d_utils.topics.selectivity.equal_pictures import FACES, PictureHalf
from aml4d_utils.topics.selectivity.face_search import (
    INVERTED,
    SCRAMBLED,
    OwnPhoto,
    UnitReport,
)
from aml4d_utils.widgets.colours import OKABE_ITO, mosaic

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ZOOM = 2


def sheet(pictures: np.ndarray, columns: int) -> np.ndarray:
    """Lay grey pictures (N, h, w), float in [0, 1], out in rows, as uint8 (H, W, 3)."""
    tiles = np.rint(255 * np.asarray(pictures)[..., None].repeat(3, axis=3)).astype(np.uint8)
    return mosaic(tiles.repeat(_ZOOM, axis=1).repeat(_ZOOM, axis=2), columns, gap=4)


def draw_groups(half: PictureHalf, controls: Mapping[str, np.ndarray], each: int = 12) -> Figure:
    """Draw some pictures of each group and of the controls, one row each."""
    rows = {**half.groups, **controls}
    figure = new_figure(9.2, 0.66 * len(rows))
    for axes, (name, pictures) in zip(figure.subplots(len(rows), 1), rows.items(), strict=True):
        axes.imshow(sheet(pictures[:each], each), cmap="gray")
        axes.set_xticks([])
        axes.set_yticks([_ZOOM * pictures.shape[1] / 2], [name])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
    return figure


def describe_groups(half: PictureHalf, controls: Mapping[str, np.ndarray], each: int = 12) -> str:
    """Say which groups there are, how many pictures each has and how alike they were made."""
    counts = ", ".join(f"{count} {name}" for name, count in half.counts().items())
    everything = np.concatenate(list(half.groups.values()))
    return (
        f"Rows of {each} small grey pictures: {counts}, and {' and '.join(controls)}. All have "
        f"{everything.shape[1]} × {everything.shape[2]} pixels, mean grey "
        f"{everything.mean():.2f} and contrast {everything.std(axis=(1, 2)).mean():.2f}."
    )


# --- the best units --------------------------------------------------------------------------


def draw_best(trained: Sequence[UnitReport], untrained: Sequence[UnitReport]) -> Figure:
    """Draw d′ of each layer's best unit: against other things, and against scrambled faces."""
    figure = new_figure(9.2, 3.6)
    sides = figure.subplots(1, 2, sharey=True)
    layers = list(LAYERS)
    for number, (name, reports) in enumerate((("trained", trained), ("untrained", untrained))):
        style = {
            "color": OKABE_ITO[number],
            "marker": "os"[number],
            "linestyle": ("-", "--")[number],
            "label": name,
        }
        values = np.array([report.d_prime for report in reports])
        ends = np.abs(np.array([report.interval for report in reports]).T - values)
        sides[0].errorbar(layers, values, ends, capsize=3, **style)
        sides[1].plot(layers, [report.against[SCRAMBLED] for report in reports], **style)
    sides[0].set_title("faces against other things, d′")
    sides[1].set_title("faces against scrambled faces, d′")
    for axes in sides:
        axes.axhline(0, color="#8c959f", linewidth=1)
        axes.tick_params(axis="x", rotation=45)
    sides[0].legend(frameon=False)
    return figure


def describe_best(trained: Sequence[UnitReport], untrained: Sequence[UnitReport]) -> str:
    """Say the d′ of each layer's best unit, with and without learning."""
    words = []
    for name, reports in (("Trained", trained), ("Untrained", untrained)):
        parts = [
            f"{report.unit} {plain(report.d_prime, 1)} "
            f"(scrambled {signed(report.against[SCRAMBLED], 1)})"
            for report in reports
        ]
        words.append(f"{name}, d′ on new pictures: {', '.join(parts)}.")
    return " ".join(words)


def describe_report(report: UnitReport) -> str:
    """Say how well a unit tells faces, by three measures."""
    low, high = report.interval
    reached = "reaches" if report.index >= CRITERION else "stays below"
    return (
        f"{report.unit} tells new faces from other things with d′ {plain(report.d_prime, 2)} (95 % "
        f"interval {plain(low, 2)} to {plain(high, 2)}; {plain(report.chosen_by, 2)} where it was "
        f"chosen). Its selectivity index {signed(report.index)} {reached} one third. Against "
        f"scrambled faces d′ is {signed(report.against[SCRAMBLED])}, against faces upside down "
        f"{signed(report.against[INVERTED])}."
    )


def answer_rows(report: UnitReport) -> list[tuple[str, float, tuple[float, float]]]:
    """Return for each group its name, its mean answer and the middle half of its answers."""
    rows = []
    for name, found in report.answers.items():
        low, high = np.percentile(found, [25, 75])
        rows.append((name, float(found.mean()), (float(low), float(high))))
    order = [FACES, INVERTED, SCRAMBLED]
    return sorted(rows, key=lambda row: order.index(row[0]) if row[0] in order else len(order))


def describe_answers(report: UnitReport) -> str:
    """Say the mean answer to each group."""
    words = ", ".join(f"{name} {mean:.2f}" for name, mean, _ in answer_rows(report))
    return f"Mean answers of {report.unit}: {words}. Thin lines hold the middle half of a group."


def draw_answers(report: UnitReport) -> Figure:
    """Draw the answers to every picture of each group, and each group's mean."""
    rows = answer_rows(report)
    figure = new_figure(8.4, 3.2)
    axes = figure.subplots()
    rng = np.random.default_rng(0)
    for place, (name, mean, _) in enumerate(rows):
        found = report.answers[name]
        apart = place + rng.uniform(-0.25, 0.25, len(found))
        axes.plot(found, apart, "o", markersize=3, alpha=0.5, color=OKABE_ITO[int(name != FACES)])
        axes.plot([mean, mean], [place - 0.4, place + 0.4], color="#1f2328", linewidth=2)
    axes.set_yticks(range(len(rows)), [name for name, *_ in rows])
    axes.invert_yaxis()
    axes.set_xlabel(f"answer of {report.unit} (line: mean of the group)")
    return figure


def strongest(report: UnitReport, half: PictureHalf, count: int) -> list[tuple[str, np.ndarray]]:
    """Return the pictures, with their groups, that a unit answers most."""
    shown = [(name, k) for name, pictures in half.groups.items() for k in range(len(pictures))]
    values = np.array([report.answers[name][k] for name, k in shown])
    best = np.argsort(-values, kind="stable")[:count]
    return [(shown[i][0], half.groups[shown[i][0]][shown[i][1]]) for i in best]


def describe_strongest(report: UnitReport, half: PictureHalf, count: int) -> str:
    """Say of which groups the pictures are that a unit answers most."""
    found = [name for name, _ in strongest(report, half, count)]
    words = ", ".join(f"{found.count(name)} {name}" for name in dict.fromkeys(found))
    return f"The {count} new pictures that {report.unit} answers most: {words}."


def describe_own(own: OwnPhoto, report: UnitReport) -> str:
    """Say how a unit answers to the student's photo, and how many faces it answers less."""
    below = percent(float((report.answers[FACES] < own.answer).mean()))
    return (
        f"Your photo, made equal to the others: {report.unit} answers {own.answer:.2f}, more than "
        f"to {below} of the faces."
    )
