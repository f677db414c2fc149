"""Is the better ImageNet network the better body? Two networks, held against [1]_.

References
----------
.. [1] S. Kornblith, J. Shlens and Q. V. Le, "Do better ImageNet models transfer better?", CVPR
   2019, doi:10.1109/CVPR.2019.00277.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from aml4d_utils import images
from aml4d_utils.topics.transfer.label_curves import FROZEN, SQUEEZE, LabelCurves, label_curves
from aml4d_utils.topics.transfer.tasks import SIDE, Task
from aml4d_utils.topics.transfer.trained_bodies import BATCH, BODIES, Bodies, Seen, as_batch

NAMES = ("SqueezeNet", "Lite0")
WAYS = (SQUEEZE, FROZEN)


@dataclass(frozen=True)
class TwoBodies:
    """How two networks do at ImageNet's own classes, and how their features do at another task.

    Attributes
    ----------
    names : tuple of str
    right : tuple of int
        Of `asked` things that ImageNet has a class for, how many each names rightly.
    asked : int
    curves : LabelCurves
        Of the frozen bodies, in the same order.
    """

    names: tuple[str, ...]
    right: tuple[int, ...]
    asked: int
    curves: LabelCurves

    @property
    def same_order(self) -> bool:
        """Whether the better one at ImageNet's classes has the better features throughout."""
        means = np.array([[self.curves.mean(w, n) for n in self.curves.labels] for w in WAYS])
        better = self.right[1] > self.right[0]
        return bool(((means[1] > means[0]) == better).all())


def compare(bodies: Bodies, task: Task, splits: int = 5) -> Iterator[Seen | TwoBodies]:
    """Ask both networks what they were trained for, then measure their features on a task.

    Parameters
    ----------
    bodies : Bodies
    task : Task
    splits : int

    Yields
    ------
    Seen, LabelCurves
        While it works; the generator returns `TwoBodies`.
    """
    known = {c.original: c for c in images.cutouts() if c.imagenet}
    pictures = np.stack([images.as_uint8(images.mount(c.rgba, SIDE)) for c in known.values()])
    right = []
    for name in NAMES:
        guesses: list[int] = []
        for part in np.array_split(pictures, range(BATCH, len(pictures), BATCH)):
            with torch.inference_mode():
                logits = bodies.net(name)(as_batch(BODIES[name], part))
            guesses += logits.argmax(1).tolist()
            yield Seen(len(guesses), len(pictures))
        right.append(sum(g in c.imagenet for g, c in zip(guesses, known.values(), strict=True)))
    curves = None
    for curves in label_curves(bodies, task, WAYS, splits=splits):
        yield curves
    return TwoBodies(NAMES, tuple(right), len(known), curves)
