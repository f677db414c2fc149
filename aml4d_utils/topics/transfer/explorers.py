"""The explorer of label curves: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aml4d_utils.topics.transfer import figures
from aml4d_utils.topics.transfer.curve_library import CurveLibrary
from aml4d_utils.topics.transfer.label_curves import (
    ALL,
    FROZEN,
    LABELS,
    LAST,
    PIXELS,
    SCRATCH,
    SQUEEZE,
    UNTRAINED,
    LabelCurves,
)
from aml4d_utils.topics.transfer.task_distance import STATIONS, labels_for
from aml4d_utils.topics.transfer.tasks import split_task
from aml4d_utils.topics.transfer.trained_bodies import Bodies
from aml4d_utils.widgets import Axis, Explorer, Picture, Plot, Series, choice, slider, toggle

__all__ = ["label_explorer"]

_TUNED = {"nothing": (), "the last block": (LAST,), "all layers (a minute)": (LAST, ALL)}


@dataclass
class LabelState:
    """Which task, how many labels are looked at, and which ways are compared."""

    task: str = choice("photos", STATIONS, label="Task")
    per_class: str = choice("5", [str(n) for n in LABELS], label="Labels for each class")
    splits: int = slider(5, low=2, high=10, label="Splits")
    scratch: bool = toggle(True, label="A small network from scratch")
    squeeze: bool = toggle(False, label="Frozen SqueezeNet too")
    tuned: str = choice("nothing", list(_TUNED), label="Fine-tune")
    controls: bool = toggle(False, label="Untrained features, raw pixels", advanced=True)


@dataclass(frozen=True)
class Shown:
    """Curves as far as they are measured, and the number of labels that is looked at."""

    curves: LabelCurves
    per_class: int

    @property
    def fraction(self) -> float:
        """Share of the work that is done."""
        return self.curves.fraction


def label_explorer(library: CurveLibrary | None = None) -> Explorer:
    """Compare ways to learn from few labels, on any of the six tasks.

    Parameters
    ----------
    library : CurveLibrary, optional
        Curves that are known already are not measured again.
    """
    library = library or CurveLibrary(Bodies())
    plot = Plot("accuracy against labels for each class (thin: worst and best split)", 620)
    tiles = Picture("what one split learns from, class by class")

    def compute(state: LabelState) -> Iterator[Shown]:
        ways = [FROZEN, *_TUNED[state.tuned]]
        ways += [SQUEEZE] * state.squeeze + [SCRATCH] * state.scratch
        ways += [UNTRAINED, PIXELS] * state.controls
        known = labels_for(state.task, [n for n in library.labels])
        wanted = max(n for n in known if n <= max(int(state.per_class), known[0]))
        for curves in library.curves(state.task, ways, state.splits):
            yield Shown(curves, wanted)

    def draw(result: Shown) -> None:
        curves, task = result.curves, library.task(result.curves.task)
        lines = []
        for way in curves.ways:
            at = curves.measured(way)
            if not at:
                continue
            ends = [curves.band(way, n) for n in at]
            lines.append(Series(at, [low for low, _ in ends], kind="faint"))
            lines.append(Series(at, [high for _, high in ends], kind="faint"))
            means = [curves.mean(way, n) for n in at]
            lines.append(Series(at, means, way, "line" if len(at) > 1 else "points"))
        plot.curves(
            lines,
            Axis("labels for each class", curves.labels[0], 20, log=True, ticks=curves.labels),
            Axis("balanced accuracy", 0, 1, percent=True),
            figures.describe_label_curves(curves),
            marker=(result.per_class, None),
        )
        split = split_task(task, max(curves.labels), 0)
        row = min(result.per_class, figures.MOST_IN_A_ROW)
        sheet = figures.task_tiles(task, split.labelled(row), row)
        tiles.display_width = figures.width_of_tiles(sheet)
        tiles.show(
            sheet,
            f"The first {row} pictures of each class that split 1 of {curves.shares.shape[2]} "
            f"learns from: {', '.join(task.classes)}.",
        )

    return Explorer(
        LabelState(),
        compute,
        draw,
        title="How many labels?",
        purpose="Each way gets the same pictures of the same splits.",
        stage=[plot, tiles],
        describe=lambda result: figures.describe_at(result.curves, result.per_class),
    )
