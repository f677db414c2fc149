"""The feature-engineering contest: which hand-made features tell pictures apart?

A linear classifier gets the chosen families of features and is judged by cross-validation: the
pictures are dealt into five parts, each part is judged by a classifier that never saw it. Pictures
made from one original always lie in the same part.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from aml4d_utils import images
from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.hog.feature_families import FAMILIES

REAL, PLAIN, FASHION = "cut-outs on real photos", "cut-outs on plain grey", "Fashion-MNIST"
DATASETS = (REAL, PLAIN, FASHION)
CATEGORIES = ("birds", "coins", "flowers", "fruit", "mammals", "vegetables")
MOST_ORIGINALS = 24
"""Originals of each category, so that the larger ones do not rule."""
COPIES = 2
"""Pictures made from each original, on different grounds."""
SIDE = 96
GARMENTS = 1000
FOLDS = 5
RIDGE = 0.3
"""How strongly the classifier prefers small weights."""
SEED = 0

_JITTER = 6


@dataclass(frozen=True)
class Pictures:
    """Labelled pictures to compete on.

    Attributes
    ----------
    dataset : str
        One of ``DATASETS``.
    pictures : ndarray (N, H, W, 3) float32 in [0, 1], or (N, H, W) uint8
    labels : ndarray (N,), int
    groups : ndarray (N,), int
        Number of the original that a picture was made from.
    class_names : tuple of str
    """

    dataset: str
    pictures: np.ndarray
    labels: np.ndarray
    groups: np.ndarray
    class_names: tuple[str, ...]


@dataclass(frozen=True)
class FeatureAttempt:
    """One combination of features and how it did.

    Attributes
    ----------
    dataset : str
    families : tuple of str
        Empty: always the class that is most common in the training part.
    numbers : int
        Features of one picture.
    right : ndarray (N,), bool
        Which pictures were classified rightly, each by a classifier that never saw its original.
    groups : ndarray (N,), int
        Number of the original that each picture was made from.
    """

    dataset: str
    families: tuple[str, ...]
    numbers: int
    right: np.ndarray = field(repr=False, compare=False)
    groups: np.ndarray = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """The families in words."""
        return " + ".join(self.families) or "no features"

    @property
    def accuracy(self) -> float:
        """Share of the pictures that were right."""
        return float(self.right.mean())

    @property
    def originals(self) -> int:
        """How many different originals the pictures were made from."""
        return len(np.unique(self.groups))

    @property
    def interval(self) -> tuple[float, float]:
        """Where the accuracy lies with 95 % confidence (Wilson), each original counted once."""
        return wilson(self.accuracy, self.originals)


@dataclass(frozen=True)
class ContestStep:
    """One step towards an attempt; ``attempt`` is there in the last one.

    Attributes
    ----------
    fraction : float in [0, 1]
    doing : str
    attempt : FeatureAttempt or None
    """

    fraction: float
    doing: str
    attempt: FeatureAttempt | None = None


@dataclass(frozen=True)
class AttemptComparison:
    """Two attempts on the same pictures.

    Attributes
    ----------
    won, lost : int
        Originals of which the second has more, or fewer, pictures right than the first.
    chance : float in [0, 1]
        How often a fair coin would favour one side at least this much (sign test).
    """

    won: int
    lost: int
    chance: float


def compare(first: FeatureAttempt, second: FeatureAttempt) -> AttemptComparison:
    """Count the originals on which two attempts differ.

    Raises
    ------
    ValueError
        If they were made on different pictures.
    """
    from scipy.stats import binomtest

    if first.dataset != second.dataset:
        raise ValueError(f"Attempts on {first.dataset} and on {second.dataset} cannot be compared.")
    gains = np.bincount(first.groups, second.right.astype(float) - first.right)
    won, lost = int((gains > 0).sum()), int((gains < 0).sum())
    chance = float(binomtest(won, won + lost).pvalue) if won + lost else 1.0
    return AttemptComparison(won, lost, chance)


# --- pictures --------------------------------------------------------------------------------


def contest_pictures(dataset: str) -> Pictures:
    """Return the pictures of a contest, kept after the first call.

    Parameters
    ----------
    dataset : str
        ``cut-outs on real photos``: 6 categories, each original twice, on parts of photos that
        are dealt out alike to all categories, so that the ground tells nothing.
        ``cut-outs on plain grey``: the same cut-outs at the same places on plain grey, where
        the outline comes for free.
        ``Fashion-MNIST``: 1000 garments of ten classes.

    Raises
    ------
    ValueError
        If there is no such set.

    Examples
    --------
    >>> contest_pictures("Fashion-MNIST").pictures.shape
    (1000, 28, 28)
    """
    *_, pictures = _gather(dataset)
    return pictures


def _gather(dataset: str) -> Iterator[float | Pictures]:
    """Yield the share that is done, and at last the pictures."""
    if dataset not in DATASETS:
        raise ValueError(f"There is no set {dataset!r}; choose one of: {', '.join(DATASETS)}.")
    if dataset not in _gathered:
        making = _garments() if dataset == FASHION else _composed(plain=dataset == PLAIN)
        for made in making:
            if isinstance(made, Pictures):
                _gathered[dataset] = made
            else:
                yield made
    yield _gathered[dataset]


_gathered: dict[str, Pictures] = {}


def _garments() -> Iterator[Pictures]:
    data = images.fashion_mnist()
    chosen = np.random.default_rng(SEED).permutation(len(data.train_labels))[:GARMENTS]
    yield Pictures(
        FASHION,
        data.train_images[chosen],
        data.train_labels[chosen],
        np.arange(GARMENTS),
        data.class_names,
    )


def _composed(plain: bool) -> Iterator[float | Pictures]:
    rng = np.random.default_rng(SEED)
    grounds = [images.background(name, 2 * SIDE, 2 * SIDE) for name in images.background_names()]
    chosen = [_originals(category, rng) for category in CATEGORIES]
    total = sum(map(len, chosen))
    made, labels, groups = [], [], []
    for label, cutouts in enumerate(chosen):
        for place, cutout in enumerate(cutouts):
            for copy in range(COPIES):
                ground = grounds[(3 * label + place * COPIES + copy) % len(grounds)]
                made.append(_on_ground(cutout, ground, plain, rng))
                labels.append(label)
                groups.append(len(groups) // COPIES)
            yield len(groups) / (COPIES * total)
    yield Pictures(
        PLAIN if plain else REAL,
        np.array(made),
        np.array(labels),
        np.array(groups),
        CATEGORIES,
    )


def _originals(category: str, rng: np.random.Generator) -> list[images.Cutout]:
    """Return one cut-out of each original, in an order drawn by chance."""
    first = {cutout.original: cutout for cutout in reversed(images.cutouts(category))}
    ordered = [first[original] for original in sorted(first)]
    return [ordered[index] for index in rng.permutation(len(ordered))[:MOST_ORIGINALS]]


def _on_ground(
    cutout: images.Cutout, ground: np.ndarray, plain: bool, rng: np.random.Generator
) -> np.ndarray:
    top, left = rng.integers(0, SIDE + 1, 2)
    down, right = rng.uniform(-_JITTER, _JITTER, 2)
    mirrored = bool(rng.random() < 0.5)
    part = ground[top : top + SIDE, left : left + SIDE]
    if plain:
        part = np.full_like(part, 0.5)
    placed = images.Placement(
        cutout, SIDE / 2 + down, SIDE / 2 + right, 0.8 * SIDE, mirrored=mirrored
    )
    return images.compose(images.Layout(part, (placed,))).image


# --- features and the classifier -------------------------------------------------------------


def feature_matrix(dataset: str, family: str) -> np.ndarray:
    """Return the features of every picture of a set, kept after the first call.

    Parameters
    ----------
    dataset : str
        One of ``DATASETS``.
    family : str
        A key of ``FAMILIES``.

    Returns
    -------
    ndarray (N, F), float32
    """
    *_, matrix = _measure(dataset, family)
    return matrix


def _measure(dataset: str, family: str) -> Iterator[float | np.ndarray]:
    if family not in FAMILIES:
        raise ValueError(f"There is no family {family!r}; choose from: {', '.join(FAMILIES)}.")
    if (dataset, family) not in _measured:
        pictures = contest_pictures(dataset).pictures
        rows = []
        for number, picture in enumerate(pictures):
            rows.append(FAMILIES[family].compute(picture))
            if number % 10 == 0:
                yield number / len(pictures)
        _measured[dataset, family] = np.array(rows, dtype=np.float32)
    yield _measured[dataset, family]


_measured: dict[tuple[str, str], np.ndarray] = {}


def folds(pictures: Pictures) -> list[tuple[np.ndarray, np.ndarray]]:
    """Deal the pictures into five parts, originals whole and classes alike.

    Returns
    -------
    list of (train, test)
        Indices, ndarray of int each; every picture is in one test part.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    dealer = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    return list(dealer.split(pictures.labels, pictures.labels, pictures.groups))


def similarities(
    features: np.ndarray, train: np.ndarray, test: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Multiply every picture's features with those of every training picture.

    The family is centred and brought to one size first, as measured on the training part, so that
    a family of many numbers does not shout down one of few.

    Parameters
    ----------
    features : ndarray (N, F), float
    train, test : ndarray of int

    Returns
    -------
    ndarray (train, train), ndarray (test, train), float64
    """
    inside = features[train] - features[train].mean(axis=0)
    outside = features[test] - features[train].mean(axis=0)
    size = float((inside**2).sum(axis=1).mean()) or 1.0
    return (inside @ inside.T).astype(float) / size, (outside @ inside.T).astype(float) / size


def predicted(
    within: np.ndarray, across: np.ndarray, labels: np.ndarray, ridge: float = RIDGE
) -> np.ndarray:
    """Train a linear classifier and let it answer: ridge regression to 1 (this class) and −1.

    With the products of all pairs of pictures it is solved in the space of pictures, which is
    smaller than that of features; the answers are the same.

    Parameters
    ----------
    within : ndarray (train, train), float
        Products of the training pictures' centred features.
    across : ndarray (test, train), float
    labels : ndarray (train,), int
    ridge : float
        Weight of the penalty on large weights.

    Returns
    -------
    ndarray (test,), int
    """
    from scipy.linalg import solve

    classes = np.unique(labels)
    targets = np.where(labels[:, None] == classes, 1.0, -1.0)
    middle = targets.mean(axis=0)
    square = within + ridge * np.eye(len(within))
    weights = solve(square, targets - middle, assume_a="pos")
    return classes[(across @ weights + middle).argmax(axis=1)]


@lru_cache(maxsize=64)
def _fold_similarities(dataset: str, family: str) -> list[tuple[np.ndarray, np.ndarray]]:
    features = feature_matrix(dataset, family)
    return [similarities(features, *fold) for fold in folds(contest_pictures(dataset))]


def attempt(dataset: str, families: Sequence[str]) -> FeatureAttempt:
    """Let a combination of feature families compete and wait for its result.

    Parameters
    ----------
    dataset : str
        One of ``DATASETS``.
    families : sequence of str
        Keys of ``FAMILIES``; none at all is allowed.

    Returns
    -------
    FeatureAttempt

    Raises
    ------
    ValueError
        If there is no such set or family.
    """
    *_, last = attempt_steps(dataset, families)
    return last.attempt


def attempt_steps(
    dataset: str, families: Sequence[str]
) -> Generator[ContestStep, None, ContestStep]:
    """As `attempt`, in steps: a record each for progress; the last one holds the attempt.

    Yields
    ------
    ContestStep
    """
    unknown = [family for family in families if family not in FAMILIES]
    if unknown:
        raise ValueError(f"There is no family {unknown[0]!r}; choose from: {', '.join(FAMILIES)}.")
    chosen = tuple(family for family in FAMILIES if family in families)
    for made in _gather(dataset):
        if isinstance(made, float):
            yield ContestStep(0.4 * made, "making the pictures")
    for number, family in enumerate(chosen):
        for made in _measure(dataset, family):
            if isinstance(made, float):
                share = (number + made) / len(chosen)
                yield ContestStep(0.4 + 0.5 * share, f"measuring {family}")
    for number, family in enumerate(chosen):
        yield ContestStep(0.9 + 0.1 * number / len(chosen), "cross-validating")
        _fold_similarities(dataset, family)
    done = ContestStep(1.0, "done", _attempt(dataset, chosen))
    yield done
    return done


@lru_cache(maxsize=256)
def _attempt(dataset: str, families: tuple[str, ...]) -> FeatureAttempt:
    pictures = contest_pictures(dataset)
    right = np.zeros(len(pictures.labels), dtype=bool)
    for number, (train, test) in enumerate(folds(pictures)):
        labels = pictures.labels[train]
        if families:
            pairs = [_fold_similarities(dataset, family)[number] for family in families]
            within, across = (sum(part) / len(families) for part in zip(*pairs, strict=True))
            answers = predicted(within, across, labels)
        else:
            answers = np.bincount(labels).argmax()
        right[test] = answers == pictures.labels[test]
    numbers = sum(feature_matrix(dataset, family).shape[1] for family in families)
    right.flags.writeable = False
    return FeatureAttempt(dataset, families, numbers, right, pictures.groups)
