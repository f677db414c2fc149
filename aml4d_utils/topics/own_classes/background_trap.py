"""The background test: the same things on another table.

A class whose photos were all taken at one place is learned together with the place. Here two
classes of cut-outs are laid on textures: each on a table of its own, or both on both tables. Then
things that were never learned from are shown on the usual table and on the other one's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.transfer.linear_heads import fit_head
from aml4d_utils.topics.transfer.tasks import SIDE
from aml4d_utils.topics.transfer.trained_bodies import Bodies, Seen

CLASSES = ("tools", "household")
TABLES = ("grass", "brick")
LEARNED = 8
SHARE_OF_SIDE = 0.6


@dataclass(frozen=True)
class TrapResult:
    """Right answers on things that were never learned from.

    Attributes
    ----------
    classes, tables : tuple of 2 str
    ways : tuple of str
        How the photos to learn from were taken.
    right : ndarray (ways, 2), int
        On the table of their class, and on the other one.
    tested : int
        Things, each shown on both tables.
    learned : int
        Photos of each class that each way learned from.
    examples : ndarray (4, SIDE, SIDE, 3), uint8
        One thing of each class on its own table, then on the other one.
    """

    classes: tuple[str, ...]
    tables: tuple[str, ...]
    ways: tuple[str, ...]
    right: np.ndarray
    tested: int
    learned: int
    examples: np.ndarray


WAYS = ("each class on its own ground", "both classes on both grounds")


def on_table(cutout: images.Cutout, table: str) -> np.ndarray:
    """Return a cut-out on a texture: (SIDE, SIDE, 3), uint8."""
    ground = images.background(table, SIDE, SIDE)
    placed = images.Placement(cutout, row=SIDE / 2, column=SIDE / 2, length=SHARE_OF_SIDE * SIDE)
    return images.as_uint8(images.compose(images.Layout(ground, (placed,))).image)


def background_trap(
    bodies: Bodies,
    classes: Sequence[str] = CLASSES,
    tables: Sequence[str] = TABLES,
    learned: int = LEARNED,
) -> Iterator[Seen | TrapResult]:
    """Learn with and without the trap, and test on both tables.

    Both ways learn from the same things, as many photos of each class.

    Parameters
    ----------
    bodies : Bodies
    classes : sequence of 2 str
        Categories of cut-outs.
    tables : sequence of 2 str
        Names of backgrounds.
    learned : int
        Things of each class to learn from, an even number; the others are tested.

    Yields
    ------
    Seen
        While it looks; the generator returns a `TrapResult`.
    """
    rng = np.random.default_rng(3)
    chosen = []
    for category in classes:
        once = list({c.original: c for c in images.cutouts(category)}.values())
        chosen.append([once[k] for k in rng.permutation(len(once))])
    fewest = min(map(len, chosen)) - learned
    tests = [(c, k) for k, mine in enumerate(chosen) for c in mine[learned:][:fewest]]
    lessons = [(c, k) for k, mine in enumerate(chosen) for c in mine[:learned]]
    labels = np.array([k for _, k in lessons])
    truth = np.array([k for _, k in tests])
    shown = [
        np.stack([on_table(c, tables[k]) for c, k in lessons]),
        np.stack([on_table(c, tables[n % 2]) for n, (c, _) in enumerate(lessons)]),
    ]
    usual = np.stack([on_table(c, tables[k]) for c, k in tests])
    swapped = np.stack([on_table(c, tables[1 - k]) for c, k in tests])
    for pictures in (*shown, usual, swapped):
        yield from bodies.look("Lite0", pictures)
    right = np.zeros((2, 2), int)
    for way, pictures in enumerate(shown):
        head = fit_head(bodies.features("Lite0", pictures), labels, 2)
        for side, pictures in enumerate((usual, swapped)):
            answers = head.answers(bodies.features("Lite0", pictures))
            right[way, side] = int((answers == truth).sum())
    examples = np.stack([usual[0], usual[-1], swapped[0], swapped[-1]])
    return TrapResult(tuple(classes), tuple(tables), WAYS, right, len(tests), learned, examples)
