"""A question as it leaves the course: a name, a category, and its words, numbers and picture."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

from aml4d_utils.checking import BankQuestion, QuizQuestion, progress
from aml4d_utils.checking.shuffling import in_random_order

COURSE = "aml4d"


class ExportError(Exception):
    """Something is wrong with what is to be exported; the message says it in a sentence."""


@dataclass(frozen=True)
class Exported:
    """A question ready to be written: options shuffled, everything computed."""

    name: str
    category: str
    question: QuizQuestion

    @property
    def png(self) -> bytes:
        """The picture as PNG; empty where there is none."""
        if self.question.picture is None:
            return b""
        memory = io.BytesIO()
        Image.fromarray(self.question.picture.pixels).save(memory, "PNG")
        return memory.getvalue()

    @property
    def file_name(self) -> str:
        """The name under which the picture is kept."""
        return re.sub(r"[^\w.-]", "_", self.name) + ".png"


def from_bank(bank: Iterable[BankQuestion]) -> list[Exported]:
    """Make the course's own questions ready, in categories by lesson."""
    bank = list(bank)
    shuffled = in_random_order([each.question for each in bank], COURSE)
    titles = {lesson: facts["title"] for lesson, facts in progress.lessons().items()}
    return [
        Exported(each.name, f"{each.lesson.split('_')[0]} {titles[each.lesson]}", question.asked())
        for each, question in zip(bank, shuffled, strict=True)
    ]
