"""Ask three networks what a picture shows, and say whether they are right."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from aml4d_utils import nets
from aml4d_utils.images import Cutout
from aml4d_utils.solids import Thing

CLASSIFIERS = {"Lite0": "efficientnet_lite0", "SqueezeNet": "squeezenet1_1"}
DETECTOR = "NanoDet"
NETS = (*CLASSIFIERS, DETECTOR)
NOTHING = "nothing"
_DETECTOR = "nanodet_g"
_SIDE = 320
_THRESHOLD = 0.3


@dataclass(frozen=True)
class Answer:
    """What one network says about one picture.

    Parameters
    ----------
    guess : str
        Its first guess; of the detector the word of its surest box, or ``"nothing"``.
    sureness : float in [0, 1]
        Of the first guess.
    probability : float in [0, 1]
        What the accepted words get together; of the detector the score of the surest box that
        bears one of them.
    right : bool
        Whether the first guess is an accepted word.
    first : tuple of (str, float)
        The first three guesses, or the boxes of the detector, with their sureness.
    """

    guess: str
    sureness: float
    probability: float
    right: bool
    first: tuple[tuple[str, float], ...]


def accepted(shown: Thing | Cutout, net: str) -> tuple[int, ...]:
    """Return the classes that a network may answer for a thing or a cut-out.

    Parameters
    ----------
    shown : Thing or Cutout
    net : str
        One of `NETS`.

    Returns
    -------
    tuple of int
        Empty where the network has no word for it.

    Examples
    --------
    >>> from aml4d_utils import solids
    >>> [nets.labels("nanodet_g")[k] for k in accepted(solids.thing("motor scooter"), "NanoDet")]
    ['motorcycle']
    """
    if _known(net) in CLASSIFIERS:
        return shown.imagenet
    coco = shown.coco
    if coco is None:
        return ()
    return coco if isinstance(coco, tuple) else (coco,)


def ask(net: str, picture: np.ndarray, words: Collection[int]) -> Answer:
    """Return what a network says about a picture.

    Parameters
    ----------
    net : str
        One of `NETS`.
    picture : ndarray (H, W, 3), float in [0, 1]
        Or anything else that `images.as_float` accepts.
    words : collection of int
        The classes that count as right, from `accepted`.

    Raises
    ------
    ValueError
        If there is no such network, or `picture` is not an image.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> answer = ask("SqueezeNet", images.photo("coffee"), (967,))
    >>> answer.guess, answer.right
    ('espresso', True)
    """
    return (_classified if _known(net) in CLASSIFIERS else _detected)(net, picture, set(words))


def leading_words(net: str, picture: np.ndarray, count: int = 3) -> tuple[int, ...]:
    """Return the classes that lead in a network's answer; of the detector that of its surest box.

    It is how an own photo, whose truth nobody told, gets words to compare with.

    Parameters
    ----------
    net : str
        One of `NETS`.
    picture : ndarray (H, W, 3), float in [0, 1]
    count : int
        How many, of a classifier.

    Returns
    -------
    tuple of int
        Empty where the detector finds nothing.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> leading_words("SqueezeNet", images.photo("coffee"), count=1)
    (967,)
    """
    if _known(net) in CLASSIFIERS:
        return tuple(guess.index for guess in nets.classify(CLASSIFIERS[net], picture, count))
    found = nets.detect(picture, threshold=_THRESHOLD, size=_SIDE)
    return tuple(nets.labels(_DETECTOR).index(word) for word in found.labels[:1])


def _classified(net: str, picture: np.ndarray, words: set[int]) -> Answer:
    name = CLASSIFIERS[net]
    shares = nets.probabilities(name, picture)
    first = nets.most_probable(name, shares, 3)
    best = first[0]
    return Answer(
        best.label,
        best.probability,
        min(1.0, sum(sorted(shares[list(words)].tolist(), reverse=True))),
        best.index in words,
        tuple((guess.label, guess.probability) for guess in first),
    )


def _detected(_net: str, picture: np.ndarray, words: set[int]) -> Answer:
    found = nets.detect(picture, threshold=0.05, size=_SIDE)
    names = {nets.labels(_DETECTOR)[index] for index in words}
    boxes = [
        (str(word), float(score)) for word, score in zip(found.labels, found.scores, strict=True)
    ]
    sure = tuple(each for each in boxes if each[1] > _THRESHOLD)
    guess, sureness = sure[0] if sure else (NOTHING, 0.0)
    probability = max((score for word, score in boxes if word in names), default=0.0)
    return Answer(guess, sureness, probability, guess in names, sure[:3])


def _known(net: str) -> str:
    if net not in NETS:
        raise ValueError(f"There is no network {net!r}; choose one of: {', '.join(NETS)}.")
    return net
