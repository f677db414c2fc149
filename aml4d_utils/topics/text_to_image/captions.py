"""The words that the text-to-image network knows, and the sentences made of them.

A caption names size, colour, kind and side: *a small green armchair seen from the left*. Some pairs
of colour and kind are held out: the network never sees them while it learns, so that they show
whether it can put together what it knows apart.
"""

import re
from dataclasses import dataclass

import numpy as np

COLOURS = {
    "red": (0.86, 0.15, 0.13),
    "orange": (0.98, 0.55, 0.10),
    "yellow": (0.98, 0.87, 0.20),
    "green": (0.20, 0.62, 0.24),
    "blue": (0.16, 0.36, 0.84),
    "purple": (0.56, 0.24, 0.68),
    "white": (0.98, 0.98, 0.96),
    "black": (0.16, 0.16, 0.18),
}
"""Names of paints, and what each is in sRGB, in [0, 1]."""

KINDS = (
    "armchair",
    "chair",
    "stool",
    "sofa",
    "table",
    "lamp",
    "vase",
    "cup",
    "shoe",
    "bicycle",
    "car",
    "horse",
)
SIZES = ("small", "big")
SIDES = ("left", "front", "right")
WORDS = (*SIZES, *COLOURS, *KINDS, *SIDES)
"""Every word that changes a picture; its place is its number, counted from 1."""

FILLERS = frozenset("a an the thing seen from of in on side with and picture photo".split())
"""Words that are read and change nothing."""

LENGTH = 8
"""Places for words in front of the network; empty ones hold 0."""

HELD_OUT = frozenset(
    (tuple(COLOURS)[(3 * k + step) % len(COLOURS)], kind)
    for k, kind in enumerate(KINDS)
    for step in (0, 4)
)
"""Pairs (colour, kind) that no training picture shows: two of the eight colours for each kind."""


@dataclass(frozen=True)
class Caption:
    """What a picture shows, in four words.

    Examples
    --------
    >>> Caption("small", "green", "armchair", "left").text
    'a small green armchair seen from the left'
    """

    size: str
    colour: str
    kind: str
    side: str

    @property
    def text(self) -> str:
        """The sentence."""
        return f"a {self.size} {self.colour} {self.kind} seen from the {self.side}"

    @property
    def held_out(self) -> bool:
        """Whether no training picture shows this colour on this kind."""
        return (self.colour, self.kind) in HELD_OUT


@dataclass(frozen=True)
class Prompt:
    """A sentence as the network reads it.

    Parameters
    ----------
    known : tuple of str
        The words that change the picture, in their order, at most `LENGTH`.
    unknown : tuple of str
        The words that it has never met; they are left out.
    dropped : tuple of str
        Known words beyond the `LENGTH` places.
    """

    known: tuple[str, ...]
    unknown: tuple[str, ...]
    dropped: tuple[str, ...]

    @property
    def numbers(self) -> np.ndarray:
        """The words' numbers: ndarray (LENGTH,), int64, 0 where there is none."""
        return word_numbers(self.known)


def read(text: str) -> Prompt:
    """Read a sentence: which words are known, which are not.

    Parameters
    ----------
    text : str
        Any sentence, also an empty one. Case and punctuation do not matter; a plural in -s and
        *grey* forms are not guessed.

    Returns
    -------
    Prompt

    Examples
    --------
    >>> read("A small GREEN avocado, seen from the left.")
    Prompt(known=('small', 'green', 'left'), unknown=('avocado',), dropped=())
    """
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold())
    known = tuple(word for word in words if word in WORDS)
    unknown = dict.fromkeys(word for word in words if word not in WORDS and word not in FILLERS)
    return Prompt(known[:LENGTH], tuple(unknown), known[LENGTH:])


def word_numbers(words: tuple[str, ...]) -> np.ndarray:
    """Return the words' numbers, (LENGTH,) int64, 0 where there is none.

    Examples
    --------
    >>> word_numbers(("big", "red"))
    array([2, 3, 0, 0, 0, 0, 0, 0])
    """
    numbers = np.zeros(LENGTH, np.int64)
    numbers[: len(words)] = [WORDS.index(word) + 1 for word in words]
    return numbers


def every_caption() -> list[Caption]:
    """Return all captions, the held-out ones too.

    Examples
    --------
    >>> captions = every_caption()
    >>> len(captions), sum(caption.held_out for caption in captions)
    (576, 144)
    """
    return [
        Caption(size, colour, kind, side)
        for kind in KINDS
        for colour in COLOURS
        for size in SIZES
        for side in SIDES
    ]
