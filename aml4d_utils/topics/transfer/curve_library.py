"""Label curves that were measured once are kept, so that a question asked again costs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from aml4d_utils.topics.transfer.label_curves import ALL, LABELS, LabelCurves, label_curves
from aml4d_utils.topics.transfer.task_distance import labels_for, station
from aml4d_utils.topics.transfer.tasks import Task
from aml4d_utils.topics.transfer.trained_bodies import Bodies

ALL_LABELS = (5,)
"""Where all layers are tuned: one split of five labels, because each takes a while."""


class CurveLibrary:
    """Curves of any station, way by way.

    Parameters
    ----------
    bodies : Bodies
    labels : sequence of int
        Labels for each class.
    """

    def __init__(self, bodies: Bodies, labels: Sequence[int] = LABELS):
        self.bodies = bodies
        self.labels = tuple(labels)
        self._tasks: dict[str, Task] = {}
        self._curves: dict[tuple[str, str, int], LabelCurves] = {}

    def task(self, name: str) -> Task:
        """Return the task of a station, made once."""
        if name not in self._tasks:
            self._tasks[name] = station(name)
        return self._tasks[name]

    def keep(self, curves: LabelCurves) -> None:
        """Keep finished curves, so that they are not measured again."""
        for number, way in enumerate(curves.ways):
            alone = LabelCurves(
                curves.task,
                curves.classes,
                (way,),
                curves.labels,
                curves.shares[number : number + 1],
            )
            self._curves[curves.task, way, curves.shares.shape[2]] = alone

    def curves(self, name: str, ways: Sequence[str], splits: int) -> Iterator[LabelCurves]:
        """Measure what is not known yet, and yield all that is known after each measurement.

        Parameters
        ----------
        name : str
            Of a station.
        ways : sequence of str
        splits : int
        """
        task, labels = self.task(name), labels_for(name, self.labels)
        found: list[LabelCurves] = []
        for number, way in enumerate(ways):
            known = self._curves.get((name, way, splits))
            if known is None or known.labels != labels:
                slow = {"slow_splits": 1, "slow_labels": ALL_LABELS} if way == ALL else {}
                for known in label_curves(
                    self.bodies, task, (way,), labels=labels, splits=splits, **slow
                ):
                    yield _together([*found, known], (number + known.fraction) / len(ways))
                self.keep(known)
            found.append(known)
        yield _together(found, 1.0)


def _together(curves: Sequence[LabelCurves], fraction: float) -> LabelCurves:
    first = curves[0]
    ways = tuple(curve.ways[0] for curve in curves)
    shares = np.concatenate([curve.shares for curve in curves])
    return LabelCurves(first.task, first.classes, ways, first.labels, shares, fraction)
