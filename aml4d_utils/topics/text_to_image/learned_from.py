"""What the painter has learned from, and whether it only remembers it.

Renderings are made anew as the training pictures were made, and a painted picture is held against
the closest of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from aml4d_utils import solids
from aml4d_utils.topics.text_to_image.captions import Caption
from aml4d_utils.topics.text_to_image.painted_things import MODELS, paint, view
from aml4d_utils.topics.text_to_image.painting import paint_captions
from aml4d_utils.topics.text_to_image.workshop import Workshop


@dataclass(frozen=True)
class LearnedFrom:
    """Renderings of one caption beside painted pictures of it.

    Parameters
    ----------
    caption : Caption
    rendered : ndarray (N, 64, 64, 3), float32 in [0, 1]
        Made as the training pictures were made.
    painted : ndarray (P, 64, 64, 3), float32 in [0, 1]
        Made by the painter.
    things : tuple of Thing
        The models that stand for this kind.
    fraction : float in [0, 1]
    """

    caption: Caption
    rendered: np.ndarray
    painted: np.ndarray
    things: tuple[solids.Thing, ...]
    fraction: float

    @property
    def closest(self) -> np.ndarray:
        """The number of the rendering that is closest to each painted picture, (P,) int."""
        return distances(self.painted, self.rendered).argmin(1)

    @property
    def far(self) -> float:
        """Median distance of a painted picture to its closest rendering."""
        return float(np.median(distances(self.painted, self.rendered).min(1)))

    @property
    def usual(self) -> float:
        """Median distance of a rendering to the closest other rendering; 0 of a single one."""
        table = distances(self.rendered, self.rendered)
        if len(table) < 2:
            return 0.0
        np.fill_diagonal(table, np.inf)
        return float(np.median(table.min(1)))


def distances(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return how unlike pictures are: root of the mean squared difference, (N, M).

    Examples
    --------
    >>> distances(np.zeros((1, 2, 2, 3)), np.ones((2, 2, 2, 3)) / 2)
    array([[0.5, 0.5]])
    """
    a, b = (pictures.reshape(len(pictures), -1).astype(np.float64) for pictures in (some, others))
    squares = np.square(a).sum(1)[:, None] + np.square(b).sum(1) - 2 * a @ b.T
    return np.sqrt(np.maximum(squares, 0) / a.shape[1])


def compare_with_training(
    workshop: Workshop,
    caption: Caption,
    *,
    rng: np.random.Generator,
    generator: torch.Generator,
    count: int = 64,
    painted: int = 8,
    guidance: float = 3.0,
) -> Iterator[LearnedFrom]:
    """Paint a caption, then render it many times; one record for every eight renderings.

    Parameters
    ----------
    workshop : Workshop
    caption : Caption
        Also a held-out one: then the renderings are pictures that the painter never saw.
    rng : numpy.random.Generator
        Chooses models and viewpoints.
    generator : torch.Generator
        Makes the painter's noise.
    count, painted : int
        How many renderings and how many painted pictures.
    guidance : float

    Yields
    ------
    LearnedFrom
    """
    things = tuple(solids.thing(name) for name in MODELS[caption.kind])
    made = paint_captions(workshop, [caption] * painted, generator=generator, guidance=guidance)
    rendered: list[np.ndarray] = []
    for number in range(1, count + 1):
        taken = view(caption.kind, caption.size, caption.side, rng)
        rendered.append(paint(taken.shade, taken.mask, caption.colour))
        if number % 8 == 0 or number == count:
            yield LearnedFrom(caption, np.stack(rendered), made, things, number / count)
