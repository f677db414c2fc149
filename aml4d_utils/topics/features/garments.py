"""Telling garments apart by a feature: whose mean is nearest?

The feature may be made by hand or be the pixels themselves. Training and test pictures of
Fashion-MNIST never mix.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from aml4d_utils import images
from aml4d_utils.images.fashion import CLASS_NAMES
from aml4d_utils.measuring.intervals import wilson

Feature = Callable[[np.ndarray], object]
"""Takes a picture (28, 28), float64 in [0, 1]; gives a number or several."""


@dataclass(frozen=True)
class Score:
    """How many test pictures were named rightly.

    Attributes
    ----------
    right, tested : int
    """

    right: int
    tested: int

    @property
    def accuracy(self) -> float:
        """Share that is right, in [0, 1]."""
        return self.right / self.tested

    @property
    def low_end(self) -> float:
        """Lower end of the 95 % interval of the accuracy (Wilson's), in [0, 1]."""
        return wilson(self.right / self.tested, self.tested)[0]


@dataclass(frozen=True)
class GrowingMean:
    """The mean picture of a class, and how good such means are as templates.

    Attributes
    ----------
    name : str
        Of the class.
    count : int
        Pictures averaged, of each class.
    mean, latest : ndarray (28, 28), float64 in [0, 1]
        Of that class, and the last picture that went in.
    templates : ndarray (10, 28, 28), float64 in [0, 1]
        The means of all classes.
    score : Score
        Of naming unseen pictures by the most similar template.
    """

    name: str
    count: int
    mean: np.ndarray
    latest: np.ndarray
    templates: np.ndarray
    score: Score


@cache
def pictures(label: int, *, training: bool) -> np.ndarray:
    """Return pictures of one class, in the order of the data set.

    Parameters
    ----------
    label : int
        0 to 9.
    training : bool
        From the training or from the test pictures.

    Returns
    -------
    ndarray (N, 28, 28), float64 in [0, 1]
        Read-only.
    """
    data = images.fashion_mnist()
    part = (
        data.train_images[data.train_labels == label]
        if training
        else data.test_images[data.test_labels == label]
    )
    found = part / 255.0
    found.setflags(write=False)
    return found


def score(
    feature: Feature,
    labels: Sequence[int],
    *,
    light: float = 1.0,
    training: int = 100,
    testing: int = 100,
    skip: int = 0,
    practice: bool = False,
) -> Score:
    """Name test pictures by the nearest class mean of a feature.

    Each number of the feature is divided by its standard deviation over the training pictures.

    Parameters
    ----------
    feature : callable
    labels : sequence of int
        The classes to tell apart.
    light : float
        Factor on the test pictures; training pictures keep theirs.
    training, testing : int
        Pictures of each class.
    skip : int
        So many test pictures of each class are left out.
    practice : bool
        Test on training pictures that the means have not seen, and keep the test pictures
        for later.

    Returns
    -------
    Score

    Examples
    --------
    >>> score(lambda picture: picture.mean(), (8, 9), testing=50).tested
    100
    """
    known = [_features(feature, pictures(label, training=True)[:training]) for label in labels]
    spread = np.concatenate(known).std(axis=0)
    spread[spread == 0] = 1
    means = np.stack([values.mean(axis=0) for values in known]) / spread
    right = tested = 0
    for number, label in enumerate(labels):
        start = skip + (training if practice else 0)
        shown = light * pictures(label, training=practice)[start : start + testing]
        values = _features(feature, shown) / spread
        nearest = np.linalg.norm(values[:, None] - means, axis=2).argmin(axis=1)
        right += int((nearest == number).sum())
        tested += len(values)
    return Score(right, tested)


def growing_mean(label: int, count: int) -> GrowingMean:
    """Return the mean picture of a class, and what such means of all classes are good for.

    Parameters
    ----------
    label : int
        0 to 9.
    count : int
        Pictures of each class, at least 1; fewer where a class has fewer.

    Returns
    -------
    GrowingMean

    Examples
    --------
    >>> found = growing_mean(9, 1)
    >>> found.name, bool((found.mean == found.latest).all())
    ('ankle boot', True)
    """
    shown = pictures(label, training=True)
    labels = range(len(CLASS_NAMES))
    return GrowingMean(
        name=CLASS_NAMES[label],
        count=min(count, len(shown)),
        mean=shown[:count].mean(axis=0),
        latest=shown[min(count, len(shown)) - 1],
        templates=np.concatenate([growing_means(one, [count]) for one in labels]),
        score=template_scores(labels, [count])[0],
    )


def growing_means(label: int, counts: Sequence[int]) -> np.ndarray:
    """Return the mean picture of a class after some of its training pictures.

    Parameters
    ----------
    label : int
    counts : sequence of int
        How many pictures, each at least 1.

    Returns
    -------
    ndarray (len(counts), 28, 28), float64 in [0, 1]
    """
    shown = pictures(label, training=True)
    return np.stack([shown[:count].mean(axis=0) for count in counts])


def template_scores(
    labels: Sequence[int], counts: Sequence[int], testing: int = 200
) -> list[Score]:
    """Name test pictures by the nearest mean picture, for means of more and more pictures.

    Parameters
    ----------
    labels : sequence of int
    counts : sequence of int
        Training pictures of each class.
    testing : int
        Test pictures of each class.

    Returns
    -------
    list of Score
        One for each count.
    """
    parts = [pictures(label, training=False)[:testing] for label in labels]
    shown = np.concatenate(parts)
    truth = np.repeat(np.arange(len(labels)), [len(part) for part in parts])
    means = np.stack([growing_means(label, counts) for label in labels], axis=1)
    found = []
    for templates in means:
        flat = templates.reshape(len(labels), -1)
        # |x − m|² without |x|², which is the same for all means.
        apart = (flat**2).sum(axis=1) - 2 * shown.reshape(len(shown), -1) @ flat.T
        found.append(Score(int((apart.argmin(axis=1) == truth).sum()), len(shown)))
    return found


def _features(feature: Feature, shown: np.ndarray) -> np.ndarray:
    return np.stack([np.ravel(np.asarray(feature(one), dtype=np.float64)) for one in shown])
