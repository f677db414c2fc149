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
from aml4d_utils.images import Cutout
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.dissection.concepts import SIDE, THINGS, Progress
from aml4d_utils.topics.dissection.units import LAYERS, answers

LAYER = "fire9"
"""The layer whose averages are read out."""

CLASSES = THINGS

ORDERS = ("what it needs most", "its best detectors", "any, at random")
"""Orders in which units are switched off."""

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
        return wilson(float(self.right[index] / self.count[index]), int(self.count[index]))


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


def pooled_features(net: nn.Module, pictures: np.ndarray) -> Iterator[Progress | np.ndarray]:
    """Average what each unit of `LAYER` answers over the whole picture.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1, possibly with units switched off.
    pictures : ndarray (N, H, W, 3), uint8 or float in [0, 1]

    Yields
    ------
    Progress
        After each batch; the generator returns an ndarray (N, 512), float64.
    """
    rows = []
    for start in range(0, len(pictures), _BATCH):
        (maps,) = answers(net, list(pictures[start : start + _BATCH]), [LAYER])
        rows.append(maps.mean(dim=(2, 3)).cpu().numpy().astype(np.float64))
        yield Progress(min(start + _BATCH, len(pictures)), len(pictures))
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


@dataclass(frozen=True)
class Ablation:
    """What switching off the first units of an order does.

    Attributes
    ----------
    name : str
        The class that the order is made for.
    count : int
        How many units are off.
    off : tuple of int
        Their numbers in fire9.
    after : ClassAccuracy
    counts : ndarray (C,), int
        From no unit off to the most.
    own, others : ndarray (C,), float
        Accuracy of the class, and mean accuracy of the eleven others, at each of ``counts``.
    photo_before, photo_after : str
        The class that the read-out names for the photo.
    """

    name: str
    count: int
    off: tuple[int, ...]
    after: ClassAccuracy
    counts: np.ndarray
    own: np.ndarray
    others: np.ndarray
    photo_before: str
    photo_after: str

    @property
    def words_on_photo(self) -> str:
        """What becomes of the answer to the photo, as a sentence that begins with a blank."""
        if self.photo_before == self.photo_after:
            return f" Your photo is still called “{self.photo_before}”."
        return f" Your photo was “{self.photo_before}” and is now “{self.photo_after}”."


class Laboratory:
    """All that ablation needs, computed once: averages, read-out, orders.

    Parameters
    ----------
    readout : Readout
    train, test : tuple of (ndarray (N, 512), ndarray (N,))
        Averages and labels of the pictures to learn from, and of the held-out ones.
    photo : ndarray (512,), float64
        Averages for the photo.
    overlaps : ndarray (512, K), float
        IoU of fire9's units with every concept; the first twelve concepts are the classes.
    """

    MOST = 100
    _COUNTS = np.arange(0, MOST + 1, 5)

    def __init__(
        self,
        readout: Readout,
        train: tuple[np.ndarray, np.ndarray],
        test: tuple[np.ndarray, np.ndarray],
        photo: np.ndarray,
        overlaps: np.ndarray,
    ):
        self.readout = readout
        self.features, self.labels = test
        self.train_features, self.train_labels = train
        self.importance = importance(readout, *train)
        self.before = accuracy(readout, *test)
        self.overlaps = overlaps
        self.photo = photo
        self._curves: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}

    def order(self, name: str, order: str) -> np.ndarray:
        """Return all 512 units in the order in which they are switched off.

        Parameters
        ----------
        name : str
            One of `CLASSES`.
        order : str
            One of `ORDERS`. What a class needs is measured on the pictures that the read-out
            learned from; the random order is the same each time.

        Raises
        ------
        ValueError
            If there is no such class or order.
        """
        if name not in CLASSES:
            raise ValueError(f"There is no class {name!r}; there are {', '.join(CLASSES)}.")
        column = CLASSES.index(name)
        if order == ORDERS[0]:
            return np.argsort(-self.importance[:, column], kind="stable")
        if order == ORDERS[1]:
            return np.argsort(-self.overlaps[:, column], kind="stable")
        if order == ORDERS[2]:
            return np.random.default_rng(column).permutation(len(self.importance))
        raise ValueError(f"There is no order {order!r}; there are {', '.join(ORDERS)}.")

    def ablate(self, name: str, order: str, count: int) -> Ablation:
        """Switch off the first ``count`` units of an order, 0 to 512."""
        units = self.order(name, order)
        if not 0 <= count <= len(units):
            raise ValueError(f"Expected 0 to {len(units)} units, but got {count}.")
        if (name, order) not in self._curves:
            self._curves[name, order] = self._curve(name, units)
        own, others = self._curves[name, order]
        off = tuple(int(unit) for unit in units[:count])
        return Ablation(
            name=name,
            count=count,
            off=off,
            after=accuracy(self.readout, self.features, self.labels, off),
            counts=self._COUNTS,
            own=own,
            others=others,
            photo_before=self._name_of_photo(()),
            photo_after=self._name_of_photo(off),
        )

    def _curve(self, name: str, units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        column = CLASSES.index(name)
        shares = np.array(
            [
                accuracy(self.readout, self.features, self.labels, units[:count]).share
                for count in self._COUNTS
            ]
        )
        return shares[:, column], np.delete(shares, column, axis=1).mean(axis=1)

    def _name_of_photo(self, off: Sequence[int]) -> str:
        return CLASSES[int(self.readout.scores(self.photo[None], off).argmax())]


def prepare(
    net: nn.Module, photo: np.ndarray, overlaps: np.ndarray, seed: int = 0
) -> Iterator[Progress | Laboratory]:
    """Show the network all pictures, train the read-out, and set up the laboratory.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    photo : ndarray (H, W, 3)
    overlaps : ndarray (512, K), float
        IoU of fire9's units with every concept.
    seed : int
        Of the split by original and of the pictures.

    Yields
    ------
    Progress
        The generator returns a `Laboratory`.
    """
    train, test = readout_pictures(seed)
    own = images.as_uint8(images.resize(images.centre_square(photo), SIDE, SIDE))
    everything = np.concatenate([train.images, test.images, own[None]])
    features = yield from pooled_features(net, everything)
    learned, held_out, mine = np.split(features, [len(train.labels), len(everything) - 1])
    readout = train_readout(learned, train.labels)
    return Laboratory(readout, (learned, train.labels), (held_out, test.labels), mine[0], overlaps)


@dataclass(frozen=True)
class LabelledOrNeeded:
    """What each class loses without its best detectors, and without the units it needs most.

    Attributes
    ----------
    count : int
        How many units were off each time.
    before, labelled, needed : ClassAccuracy
        ``right[k]`` of class k with all units, without its detectors, without what it needs.
    common : ndarray (12,), int
        How many units are in both groups.
    """

    count: int
    before: ClassAccuracy
    labelled: ClassAccuracy
    needed: ClassAccuracy
    common: np.ndarray


def labelled_or_needed(laboratory: Laboratory, count: int) -> LabelledOrNeeded:
    """Switch off, class by class, its ``count`` best detectors or the units it needs most."""
    right = np.zeros((2, len(CLASSES)), dtype=np.int64)
    common = np.zeros(len(CLASSES), dtype=np.int64)
    for k, name in enumerate(CLASSES):
        needed, labelled = (laboratory.ablate(name, order, count) for order in ORDERS[:2])
        right[:, k] = labelled.after.right[k], needed.after.right[k]
        common[k] = len(set(needed.off) & set(labelled.off))
    total = laboratory.before.count
    return LabelledOrNeeded(
        count,
        laboratory.before,
        ClassAccuracy(right[0], total),
        ClassAccuracy(right[1], total),
        common,
    )
