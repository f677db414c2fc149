"""What the judge says of pictures, held against what the words asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.text_to_image.captions import Caption, Prompt
from aml4d_utils.topics.text_to_image.prompt_judge import QUESTIONS, PromptJudge

PAIR = "kind and colour"
"""The question that the test of unseen pairs asks: both right at once."""

CHANCE = {name: 1 / len(options) for name, options in QUESTIONS.items()} | {
    PAIR: 1 / (len(QUESTIONS["kind"]) * len(QUESTIONS["colour"]))
}
"""How often somebody who guesses is right."""


def look(judge: PromptJudge, pictures: np.ndarray) -> dict[str, list[str]]:
    """Return what the judge sees in each picture.

    Parameters
    ----------
    judge : PromptJudge
    pictures : ndarray (N, 64, 64, 3), float in [0, 1]

    Returns
    -------
    dict of str to list of str
        For each of `QUESTIONS` one word for each picture.
    """
    batch = torch.from_numpy(np.float32(pictures)).permute(0, 3, 1, 2)
    with torch.inference_mode():
        answers = judge(batch)
    return {
        name: [options[number] for number in answers[name].argmax(1).tolist()]
        for name, options in QUESTIONS.items()
    }


def asked(prompt: Prompt) -> dict[str, tuple[str, ...]]:
    """Return what a prompt asks for: the words that may answer each question it touches.

    Examples
    --------
    >>> from aml4d_utils.topics.text_to_image.captions import read
    >>> asked(read("a red sofa, or a blue one"))
    {'colour': ('red', 'blue'), 'kind': ('sofa',)}
    """
    found = {
        name: tuple(dict.fromkeys(word for word in prompt.known if word in options))
        for name, options in QUESTIONS.items()
    }
    return {name: words for name, words in found.items() if words}


def obeyed(seen: Mapping[str, Sequence[str]], wanted: Mapping[str, Sequence[str]]) -> np.ndarray:
    """Return which pictures are right in all that was asked, bool (N,).

    Parameters
    ----------
    seen : mapping
        From `look`.
    wanted : mapping
        From `asked`; where it asks nothing, every picture is right.
    """
    count = len(seen["kind"])
    right = np.ones(count, bool)
    for name, words in wanted.items():
        right &= np.isin(seen[name], words)
    return right


@dataclass(frozen=True)
class Tally:
    """How many of so many pictures are right, for each question and for kind and colour at once."""

    count: int
    right: dict[str, int]

    def share(self, question: str) -> float:
        """The share of right ones; 0 while nothing was counted."""
        return self.right[question] / max(1, self.count)

    def interval(self, question: str) -> tuple[float, float]:
        """How far chance alone may have moved the share (95 %); all is open before the first."""
        return wilson(self.share(question), self.count) if self.count else (0.0, 1.0)

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.count + other.count,
            {name: right + other.right[name] for name, right in self.right.items()},
        )


EMPTY = Tally(0, dict.fromkeys(CHANCE, 0))


def tally(seen: Mapping[str, Sequence[str]], captions: Sequence[Caption]) -> Tally:
    """Count what the judge sees as its captions say, one caption for each picture.

    Examples
    --------
    >>> seen = {"size": ["big"], "colour": ["red"], "kind": ["cup"], "side": ["left"]}
    >>> tally(seen, [Caption("big", "red", "vase", "left")]).right
    {'size': 1, 'colour': 1, 'kind': 0, 'side': 1, 'kind and colour': 0}
    """
    right = {
        name: np.array(
            [word == getattr(c, name) for word, c in zip(seen[name], captions, strict=True)], bool
        )
        for name in QUESTIONS
    }
    right[PAIR] = right["kind"] & right["colour"]
    return Tally(len(captions), {name: int(values.sum()) for name, values in right.items()})
