"""Texture against shape: the outline of one thing, the skin of another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils import nets
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.challenges.bench import GROUND, over
from aml4d_utils.topics.challenges.subjects import Subject, subject
from aml4d_utils.topics.poses.asking import CLASSIFIERS

KINDS = (
    "zebra",
    "tiger lying",
    "brown bear",
    "squirrel",
    "brown hen",
    "king penguin",
    "flamingo",
    "pineapple",
    "large strawberry",
    "lemon",
    "broccoli",
    "violin",
    "teddy bear",
    "basketball",
    "fire engine",
    "airliner",
)
"""Cut-outs that both classifiers name rightly; a test asks them."""
CUES = SHAPE, TEXTURE = "shape", "texture"
NEITHER = "neither"


@dataclass(frozen=True)
class Conflict:
    """A picture in which outline and skin say different things, and the decisions.

    Parameters
    ----------
    shape, texture : str
        Whose outline, whose skin.
    picture : ndarray (224, 224, 3), float32 in [0, 1]
    decisions : dict of str to str
        By network: `SHAPE`, `TEXTURE` or `NEITHER`.
    guesses : dict of str to str
        By network: which of `KINDS` it decides for.
    shares : dict of str to (float, float)
        By network: what the kind of the outline and that of the skin get, of all kinds.
    """

    shape: str
    texture: str
    picture: np.ndarray
    decisions: dict[str, str]
    guesses: dict[str, str]
    shares: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class ConflictCounts:
    """How often networks decided for what.

    Parameters
    ----------
    counts : dict of str to dict of str to int
        By network and decision.
    fraction : float in [0, 1]
    """

    counts: dict[str, dict[str, int]]
    fraction: float

    def shape_share(self, net: str) -> tuple[float, float, float] | None:
        """Return shape decisions among those for shape or texture, with the 95 % interval.

        ``None`` where there is none of either.
        """
        shape, texture = self.counts[net][SHAPE], self.counts[net][TEXTURE]
        if not shape + texture:
            return None
        share = shape / (shape + texture)
        return (share, *wilson(share, shape + texture))


def skin(layer: np.ndarray) -> np.ndarray:
    """Return a square of a cut-out's surface, without any of its outline, repeated by mirroring.

    Parameters
    ----------
    layer : ndarray (S, S, 4), float32 in [0, 1]

    Returns
    -------
    ndarray (S, S, 3), float32 in [0, 1]
        Tiled with the largest square that lies inside.

    Raises
    ------
    ValueError
        If there is nothing in it.
    """
    import cv2

    inside = np.pad((layer[..., 3] > 0.95).astype(np.uint8), 1)
    depth = cv2.distanceTransform(inside, cv2.DIST_C, 3)[1:-1, 1:-1]
    row, column = np.unravel_index(depth.argmax(), depth.shape)
    half = int(depth[row, column]) - 1
    if half < 0:
        raise ValueError("There is no surface to take a skin from.")
    patch = layer[row - half : row + half + 1, column - half : column + half + 1, :3]
    side = layer.shape[0]
    return np.pad(patch, ((0, side), (0, side), (0, 0)), mode="symmetric")[:side, :side]


def dressed(shape: Subject, texture: Subject) -> np.ndarray:
    """Return the outline of one subject with the skin of another, on grey: (224, 224, 3)."""
    outline = shape.layer()
    layer = np.concatenate([skin(texture.layer()), outline[..., 3:]], axis=2)
    return over(layer, GROUND).astype(np.float32)


def kind_shares(net: str, picture: np.ndarray, kinds: Sequence[str] = KINDS) -> dict[str, float]:
    """Return how a classifier divides its answer among kinds.

    Parameters
    ----------
    net : str
        One of `asking.CLASSIFIERS`.
    picture : ndarray (H, W, 3), float in [0, 1]
    kinds : sequence of str
        Names of cut-outs.

    Returns
    -------
    dict of str to float in [0, 1]
        With sum 1: what the words of a kind get, over what those of all kinds get.
    """
    share = nets.probabilities(CLASSIFIERS[net], picture).tolist()
    found = {kind: sum(share[k] for k in subject(kind).words[net]) for kind in kinds}
    total = max(sum(found.values()), 1e-30)
    return {kind: value / total for kind, value in found.items()}


def conflict(shape: str, texture: str, kinds: Sequence[str] = KINDS) -> Conflict:
    """Dress one kind in the skin of another and let both classifiers decide.

    Parameters
    ----------
    shape, texture : str
        Of `kinds`; the same twice dresses a thing in its own skin.

    Examples
    --------
    >>> conflict("teddy bear", "zebra").decisions["SqueezeNet"]
    'texture'
    """
    picture = dressed(subject(shape), subject(texture))
    shares = {net: kind_shares(net, picture, kinds) for net in CLASSIFIERS}
    guesses = {net: max(each, key=each.get) for net, each in shares.items()}
    decisions = {
        net: SHAPE if guess == shape else TEXTURE if guess == texture else NEITHER
        for net, guess in guesses.items()
    }
    both = {net: (each[shape], each[texture]) for net, each in shares.items()}
    return Conflict(shape, texture, picture, decisions, guesses, both)


def count_decisions(kinds: Sequence[str] = KINDS) -> Iterator[ConflictCounts]:
    """Dress each kind in the skin of each other one and count the decisions.

    Yields
    ------
    ConflictCounts
        After each pair, the outlines in turn so that an early end is no one-sided sample.

    References
    ----------
    Geirhos et al. (2019), ImageNet-trained CNNs are biased towards texture, ICLR,
    arXiv:1811.12231.
    """
    counts = {net: {SHAPE: 0, TEXTURE: 0, NEITHER: 0} for net in CLASSIFIERS}
    pairs = [
        (kinds[k], kinds[(k + step) % len(kinds)])
        for step in range(1, len(kinds))
        for k in range(len(kinds))
    ]
    for number, pair in enumerate(pairs, start=1):
        for net, decision in conflict(*pair, kinds).decisions.items():
            counts[net][decision] += 1
        yield ConflictCounts({net: dict(each) for net, each in counts.items()}, number / len(pairs))
