"""The widget behind predictions and quiz questions."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import traitlets

from aml4d_utils.widgets.widget import LessonWidget, script


class Described(Protocol):
    """A picture (H, W) or (H, W, 3), uint8, with what it shows in words."""

    pixels: np.ndarray
    words: str


def png_address(pixels: np.ndarray) -> str:
    """Return a picture, (H, W) or (H, W, 3), uint8, as an address that holds all of it."""
    from PIL import Image

    memory = io.BytesIO()
    Image.fromarray(pixels).save(memory, "PNG")
    return "data:image/png;base64," + base64.b64encode(memory.getvalue()).decode("ascii")


class Question(LessonWidget):
    """A question with options, or with a number to type.

    Parameters
    ----------
    question : str
    options : sequence of str
        Empty for a number.
    unit : str
        What the number counts.
    action : str
        The words on the button.
    picture : Described, optional
        Stands between the question and its options.
    on_answer : callable
        Called with the index of the option, or with the number.
    """

    _esm = script("answering.js")
    question = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    action = traitlets.Unicode().tag(sync=True)
    answer = traitlets.Any(None, allow_none=True).tag(sync=True)
    feedback = traitlets.Unicode().tag(sync=True)
    verdict = traitlets.Unicode().tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)
    picture_words = traitlets.Unicode().tag(sync=True)
    describes = ("question", "picture_words", "feedback")

    def __init__(
        self,
        question: str,
        options: Sequence[str],
        *,
        action: str,
        on_answer: Callable[[float], None],
        unit: str = "",
        picture: Described | None = None,
    ):
        super().__init__(question=question, options=list(options), unit=unit, action=action)
        if picture is not None:
            self.picture, self.picture_words = png_address(picture.pixels), picture.words
        self._on_answer = on_answer
        self.hear(answer=lambda content, _buffers: self.submit(content["answer"]))

    def submit(self, answer: float) -> None:
        """Answer as a student would.

        Raises
        ------
        ValueError
            If there is no such option, or the number is not finite.
        """
        if isinstance(answer, bool) or not isinstance(answer, (int, float)):
            raise ValueError(f"An answer is a number, not {answer!r}.")
        if not math.isfinite(answer):
            raise ValueError("An answer is a finite number.")
        if self.options and answer not in range(len(self.options)):
            raise ValueError(
                f"There are {len(self.options)} options, counted from 0; {answer} is none."
            )
        self.answer = int(answer) if self.options else answer
        self._on_answer(self.answer)
