"""Switch units off and see which class suffers, after [1]_.

A linear read-out learns to tell twelve categories of cut-outs apart from what the 512 units of
SqueezeNet's last fire module answer on average over the picture. A unit that is switched off
answers 0 everywhere, so its average is 0: for this layer, ablation is a zero in a row of numbers.
`units.switched_off` does the same inside the network, for any layer.

References
----------
.. [1] D. Bau, J.-Y. Zhu, H. Strobelt, A. Lapedriza, B. Zhou and A. Torralba, "Understanding the
   role of individual units in a deep neural network", PNAS 117, 2020,
   doi:10.1073/pnas.1907375117.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from torch import nn

from aml4d_utils import images
from aml4d_utils.dissection.concepts import SIDE, THINGS
from aml4d_utils.dissection.dissect import Step
from aml4d_utils.dissection.units import LAYERS, answers
from aml4d_utils.images import Cutout

LAYER = "fire9"
"""The layer whose averages are read out."""

CLASSES = THINGS

_BATCH = 16
_SHARE_OF_SIDE = (0.6, 0.9)


@dataclass(frozen=True)
class Pictures:
    """Cut-outs on real textures, one class each.

    Attributes
    ----------
    images : ndarray (N, 227, 227, 3), uint8
    labels : ndarray (N,), int
        Index into `CLASSES`.
    originals : tuple of N str
        The photograph that each was made from.
    """

    images: np.ndarray
    labels: np.ndarray
    originals: tuple[str, ...]


@dataclass(frozen=True)
class Readout:
    """A linear classifier on the averages of 512 units.

    Attributes
    ----------
    weights : ndarray (512, 12), float64
    bias : ndarray (12,), float64
    """

    weights: np.ndarray
    bias: np.ndarray

    def scores(self, features: np.ndarray, off: Sequence[int] = ()) -> np.ndarray:
        """Return the score of each class, with some units switched off.

        Parameters
        ----------
        features : ndarray (N, 512), float
            Averages of the units, not negative.
        off : sequence of int
            Numbers of the units that answer 0.

        Returns
        -------
        ndarray (N, 12), float64
        """
        return silence(features, off) @ self.weights + self.bias


@dataclass(frozen=True)
class ClassAccuracy:
    """How many held-out originals of each class are named rightly.

    Attributes
    ----------
    right, count : ndarray (12,), int
    """

    right: np.ndarray
    count: np.ndarray

    @property
    def share(self) -> np.ndarray:
        """Accuracy of each class: ndarray (12,), float in [0, 1]."""
        return self.right / self.count

    @property
    def balanced(self) -> float:
        """The mean of the classes' accuracies."""
        return float(self.share.mean())

    def interval(self, index: int) -> tuple[float, float]:
        """Return the 95 % Wilson interval of one class's accuracy."""
        return wilson(int(self.right[index]), int(self.count[index]))


def wilson(right: int, count: int, z: float = 1.959964) -> tuple[float, float]:
    """Return the Wilson score interval of a share, by default at 95 %.

    Parameters
    ----------
    right, count : int
        ``right`` of ``count`` tries, count at least 1.

    Returns
    -------
    low, high : float in [0, 1]

    Raises
    ------
    ValueError
        If ``right`` is not between 0 and ``count``, or ``count`` is 0.

    Examples
    --------
    >>> [round(end, 3) for end in wilson(5, 10)]
    [0.237, 0.763]
    """
    if count < 1 or not 0 <= right <= count:
        raise ValueError(f"Expected 0 ≤ right ≤ count and count ≥ 1, but got {right} of {count}.")
    share = right / count
    middle = share + z**2 / (2 * count)
    spread = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    scale = 1 + z**2 / count
    return max(0.0, float((middle - spread) / scale)), min(1.0, float((middle + spread) / scale))


def silence(features: np.ndarray, off: Sequence[int]) -> np.ndarray:
    """Return a copy of averages (N, units) in which the units named in ``off`` are 0."""
    silenced = np.array(features, dtype=np.float64)
    silenced[:, list(off)] = 0
    return silenced


def readout_pictures(seed: int = 0, copies: int = 2) -> tuple[Pictures, Pictures]:
    """Put cut-outs on textures and divide them by original: half to learn, half to be tested.

    Parameters
    ----------
    seed : int
    copies : int
        How many pictures of each original are learned from, on other textures. A held-out
        original gives one picture, so that each counts once.

    Returns
    -------
    train, test : Pictures
    """
    rng = np.random.default_rng(seed)
    known = [c for c in images.cutouts() if c.category in CLASSES]
    once = list({c.original: c for c in known}.values())
    train, test = images.split(once, test_share=0.5, seed=seed)
    return _pictures(train, copies, rng), _pictures(test, 1, rng)


def pooled_features(net: nn.Module, pictures: np.ndarray) -> Iterator[Step | np.ndarray]:
    """Average what each unit of `LAYER` answers over the whole picture.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1, possibly with units switched off.
    pictures : ndarray (N, H, W, 3), uint8 or float in [0, 1]

    Yields
    ------
    Step
        After each batch; the generator returns an ndarray (N, 512), float64.
    """
    rows = []
    for start in range(0, len(pictures), _BATCH):
        (maps,) = answers(net, list(pictures[start : start + _BATCH]), [LAYER])
        rows.append(maps.mean(dim=(2, 3)).cpu().numpy().astype(np.float64))
        yield Step(min(start + _BATCH, len(pictures)), len(pictures))
    return np.concatenate(rows) if rows else np.zeros((0, LAYERS[LAYER]))


def train_readout(features: np.ndarray, labels: np.ndarray) -> Readout:
    """Fit a multinomial logistic regression on standardised averages.

    Parameters
    ----------
    features : ndarray (N, 512), float
    labels : ndarray (N,), int
        Index into `CLASSES`; every class occurs.

    Returns
    -------
    Readout
        On the averages themselves: the standardisation is folded into weights and bias.
    """
    from sklearn.linear_model import LogisticRegression

    scale = features.std(axis=0)
    scale[scale == 0] = 1.0
    mean = features.mean(axis=0)
    model = LogisticRegression(C=0.01, max_iter=500, class_weight="balanced")
    model.fit((features - mean) / scale, labels)
    weights = model.coef_.T / scale[:, None]
    return Readout(weights, model.intercept_ - mean @ weights)


def accuracy(
    readout: Readout, features: np.ndarray, labels: np.ndarray, off: Sequence[int] = ()
) -> ClassAccuracy:
    """Count right answers of each class with some units switched off.

    Parameters
    ----------
    readout : Readout
    features : ndarray (N, 512), float
    labels : ndarray (N,), int
    off : sequence of int

    Returns
    -------
    ClassAccuracy
    """
    right = readout.scores(features, off).argmax(axis=1) == labels
    classes = len(CLASSES)
    return ClassAccuracy(
        np.bincount(labels[right], minlength=classes), np.bincount(labels, minlength=classes)
    )


def importance(readout: Readout, features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Say how much each class loses when one unit at a time is switched off.

    Parameters
    ----------
    readout : Readout
    features : ndarray (N, 512), float
        Use those that the read-out has learned from: what is chosen on the held-out pictures
        must not be tested on them.
    labels : ndarray (N,), int

    Returns
    -------
    ndarray (512, 12), float64
        Mean drop of the log-probability of the true class over the pictures of each class;
        negative where the class gains.
    """
    scores = readout.scores(features)
    before = _log_probability(scores, labels)
    drops = np.empty((features.shape[1], len(CLASSES)))
    for unit in range(features.shape[1]):
        without = scores - np.outer(features[:, unit], readout.weights[unit])
        lost = before - _log_probability(without, labels)
        drops[unit] = np.bincount(labels, lost, minlength=len(CLASSES))
    return drops / np.maximum(np.bincount(labels, minlength=len(CLASSES)), 1)


def _log_probability(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    from scipy.special import log_softmax

    return log_softmax(scores, axis=1)[np.arange(len(labels)), labels]


def _pictures(chosen: Sequence[Cutout], copies: int, rng: np.random.Generator) -> Pictures:
    shown, labels, originals = [], [], []
    for cutout in chosen:
        for _ in range(copies):
            ground = images.background(str(rng.choice(images.background_names())), SIDE, SIDE)
            placement = images.Placement(
                cutout,
                row=SIDE / 2,
                column=SIDE / 2,
                length=rng.uniform(*_SHARE_OF_SIDE) * SIDE,
                angle=rng.uniform(-10, 10),
                mirrored=bool(rng.random() < 0.5),
            )
            shown.append(images.as_uint8(images.compose(images.Layout(ground, (placement,))).image))
            labels.append(CLASSES.index(cutout.category))
            originals.append(cutout.original)
    return Pictures(np.stack(shown), np.array(labels), tuple(originals))
