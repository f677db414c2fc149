"""How many labels does it take? Accuracy against labels for each class, way by way.

Every way gets the same pictures of the same splits. A split keeps each original on one side, and
its test is the same for all numbers of labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from aml4d_utils import nets
from aml4d_utils.nets.one_thread import on_one_thread
from aml4d_utils.topics.augmentation.small_training_sets import student_t
from aml4d_utils.topics.transfer import fine_tuning
from aml4d_utils.topics.transfer.linear_heads import balanced_accuracy, fit_head
from aml4d_utils.topics.transfer.tasks import Split, Task, split_task
from aml4d_utils.topics.transfer.trained_bodies import PIXELS as SIDE_OF_PIXELS
from aml4d_utils.topics.transfer.trained_bodies import Bodies, as_batch

FROZEN = "frozen Lite0"
SQUEEZE = "frozen SqueezeNet"
UNTRAINED = "untrained Lite0"
PIXELS = "raw pixels"
SCRATCH = "from scratch"
LAST = "last block tuned"
ALL = "all layers tuned"

WAYS = (FROZEN, SQUEEZE, LAST, ALL, SCRATCH, UNTRAINED, PIXELS)
BODY_OF = {
    FROZEN: "Lite0",
    SQUEEZE: "SqueezeNet",
    UNTRAINED: "untrained Lite0",
    PIXELS: "pixels",
    LAST: "Lite0",
    ALL: "Lite0",
}
LABELS = (1, 2, 5, 10, 20)


@dataclass(frozen=True)
class LabelCurves:
    """Balanced accuracy by way, number of labels and split, as far as it is measured.

    Attributes
    ----------
    task : str
    classes : int
    ways : tuple of str
    labels : tuple of int
        Labels for each class.
    shares : ndarray (ways, labels, splits), float
        NaN where nothing is measured.
    fraction : float
        Share of the work that is done.
    """

    task: str
    classes: int
    ways: tuple[str, ...]
    labels: tuple[int, ...]
    shares: np.ndarray
    fraction: float = 1.0

    def of(self, way: str, per_class: int) -> np.ndarray:
        """Return what the splits gave that are done, float (splits,)."""
        row = self.shares[self.ways.index(way), self.labels.index(per_class)]
        return row[~np.isnan(row)]

    def mean(self, way: str, per_class: int) -> float:
        """Return the mean over the splits that are done; NaN without any."""
        done = self.of(way, per_class)
        return float(done.mean()) if len(done) else float("nan")

    def band(self, way: str, per_class: int) -> tuple[float, float]:
        """Return the lowest and the highest of the splits that are done; NaN without any."""
        done = self.of(way, per_class)
        return (float(done.min()), float(done.max())) if len(done) else (float("nan"),) * 2

    def measured(self, way: str) -> list[int]:
        """Return the numbers of labels at which a way is measured."""
        return [n for n in self.labels if len(self.of(way, n))]

    def lead(self, one: str, other: str, per_class: int) -> tuple[float, float, float]:
        """Return by how much one way is better, split by split: mean, low, high.

        Both saw the same splits, so their differences are compared: 95 % interval of the mean by
        Student's t.

        Raises
        ------
        ValueError
            If fewer than two splits are done for both.
        """
        where = self.labels.index(per_class)
        gains = (
            self.shares[self.ways.index(one), where] - self.shares[self.ways.index(other), where]
        )
        gains = gains[~np.isnan(gains)]
        if len(gains) < 2:
            raise ValueError("An interval needs at least two splits of both ways.")
        mean = float(gains.mean())
        half = student_t(len(gains) - 1) * float(gains.std(ddof=1)) / len(gains) ** 0.5
        return mean, mean - half, mean + half


def label_curves(
    bodies: Bodies,
    task: Task,
    ways: Sequence[str] = (FROZEN, SCRATCH, UNTRAINED, PIXELS),
    *,
    labels: Sequence[int] = LABELS,
    splits: int = 5,
    slow_splits: int | None = None,
    slow_labels: Sequence[int] | None = None,
) -> Iterator[LabelCurves]:
    """Measure every way at every number of labels on every split.

    Parameters
    ----------
    bodies : Bodies
    task : Task
        Its classes have more originals than `labels` says.
    ways : sequence of str
        From `WAYS`.
    labels : sequence of int
        Labels for each class, rising.
    splits : int
    slow_splits, slow_labels
        How many splits, and which numbers of labels, the ways get that train a network; by
        default as many as the others.

    Yields
    ------
    LabelCurves
        After each measurement.
    """
    slow_splits = splits if slow_splits is None else slow_splits
    slow_labels = labels if slow_labels is None else slow_labels
    jobs = [
        (seed, way, per_class)
        for seed in range(splits)
        for way in ways
        for per_class in labels
        if way not in (SCRATCH, LAST, ALL) or (seed < slow_splits and per_class in slow_labels)
    ]
    shares = np.full((len(ways), len(labels), splits), np.nan)

    def so_far(done: float) -> LabelCurves:
        counts = tuple(labels)
        return LabelCurves(
            task.name, len(task.classes), tuple(ways), counts, shares.copy(), done / len(jobs)
        )

    for way in ways:
        for _ in bodies.look(BODY_OF.get(way, "pixels"), task.pictures):
            yield so_far(0)
    features = {way: bodies.features(BODY_OF.get(way, "pixels"), task.pictures) for way in ways}
    for done, (seed, way, per_class) in enumerate(jobs, 1):
        split = split_task(task, max(labels), seed)
        place = ways.index(way), list(labels).index(per_class), seed
        for share in measure(bodies, task, features[way], split, way, per_class, seed):
            shares[place] = share
            yield so_far(done - float(np.isnan(share)))


def measure(
    bodies: Bodies,
    task: Task,
    features: np.ndarray,
    split: Split,
    way: str,
    per_class: int,
    seed: int,
) -> Iterator[float]:
    """Teach one way so many labels and test it: NaN while it trains, then balanced accuracy.

    `features` are those of the task's pictures in the way's body.
    """
    learned, truth = split.labelled(per_class), task.labels[split.test]
    targets, classes = task.labels[learned], len(task.classes)
    if way == SCRATCH:
        square = features.reshape(len(features), SIDE_OF_PIXELS, SIDE_OF_PIXELS, 3)
        small = torch.from_numpy(np.ascontiguousarray(square.transpose(0, 3, 1, 2)))
        net = fine_tuning.small_network(classes, seed)
        steps, rate = fine_tuning.SCRATCH_STEPS, fine_tuning.SCRATCH_RATE
        yield from _train_small(net, small[learned], targets, steps, rate, seed, mirror=True)
        yield balanced_accuracy(fine_tuning.answers(net, small[split.test]), truth)
        return
    head = fit_head(features[learned], targets, classes)
    if way == LAST:
        maps = torch.from_numpy(bodies.maps("Lite0", task.pictures)).to(nets.choose_device())
        net = fine_tuning.tune_last_block(bodies.net("Lite0"), head).to(maps.device)
        steps, rate = fine_tuning.LAST_STEPS, fine_tuning.LAST_RATE
        yield from _train_small(net, maps[learned], targets, steps, rate, seed)
        yield balanced_accuracy(fine_tuning.answers(net, maps[split.test]), truth)
    elif way == ALL:
        net = fine_tuning.tune_all(bodies.net("Lite0"), head).to(nets.choose_device())
        batch = as_batch("efficientnet_lite0", task.pictures[learned])
        steps, rate = fine_tuning.ALL_STEPS, fine_tuning.ALL_RATE
        yield from _train(net, batch, targets, steps, rate, seed, mirror=True)
        test = as_batch("efficientnet_lite0", task.pictures[split.test])
        yield balanced_accuracy(fine_tuning.answers(net, test), truth)
    else:
        yield balanced_accuracy(head.answers(features[split.test]), truth)


def _train(net, given, targets, steps, rate, seed, mirror=False) -> Iterator[float]:
    vary = fine_tuning.mirrored_at_random if mirror else None
    for _ in fine_tuning.training(
        net, given, targets, steps=steps, rate=rate, seed=seed, vary=vary
    ):
        yield float("nan")


_train_small = on_one_thread(_train)
"""Of a small network, or on small maps."""
