"""The sheet of a mock exam: begin, one question at a time, hand in; with a clock or without."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import traitlets

from aml4d_utils.widgets.answering import Described, png_address
from aml4d_utils.widgets.widget import LessonWidget, script


class Invigilator(Protocol):
    """Who is told what happens on a sheet."""

    def begin(self, clock: bool) -> None: ...

    def go(self, place: int) -> None: ...

    def choose(self, place: int, option: int) -> None: ...

    def pass_time(self, used: float) -> None: ...

    def run_clock(self, clock: bool) -> None: ...

    def hand_in(self) -> None: ...


class ExamSheet(LessonWidget):
    """What a student sees of an exam; an :class:`Invigilator` is told what is done with it.

    ``stage`` is ``start``, ``running`` or ``over``. ``answered`` has one number a question, 1 where
    an option is chosen. ``used`` and ``seconds`` are the time used and allowed; it is the browser
    that counts, and says so every few seconds, when the clock stops and with each answer.
    """

    _esm = script("exam_sheet.js")
    stage = traitlets.Unicode("start").tag(sync=True)
    words = traitlets.Unicode().tag(sync=True)
    place = traitlets.Int(0).tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)
    answered = traitlets.List(traitlets.Int()).tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)
    picture_words = traitlets.Unicode().tag(sync=True)
    clock = traitlets.Bool(True).tag(sync=True)
    seconds = traitlets.Int(0).tag(sync=True)
    used = traitlets.Float(0.0).tag(sync=True)
    describes = ("words", "question", "picture_words")

    def __init__(self, invigilator: Invigilator):
        super().__init__()
        self._told = invigilator
        self.hear(
            begin=self._hear(lambda content: invigilator.begin(bool(content["clock"]))),
            go=self._hear(lambda content: invigilator.go(content["place"])),
            choose=self._hear(
                lambda content: invigilator.choose(content["place"], content["option"])
            ),
            time=self._hear(lambda content: None),
            clock=self._hear(lambda content: invigilator.run_clock(bool(content["clock"]))),
            hand_in=self._hear(lambda content: invigilator.hand_in()),
        )

    def ask(
        self,
        place: int,
        question: str,
        options: Sequence[str],
        chosen: int | None,
        picture: Described | None,
    ) -> None:
        """Show a question."""
        with self.hold_sync():
            self.place, self.question, self.options = place, question, list(options)
            self.chosen = -1 if chosen is None else chosen
            self.picture = png_address(picture.pixels) if picture else ""
            self.picture_words = picture.words if picture else ""

    def _hear(self, act: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any], Any], None]:
        def heard(content: dict[str, Any], _buffers: Any) -> None:
            if self.stage == "running" and "used" in content:
                self.used = max(self.used, float(content["used"]))
                self._told.pass_time(self.used)
            act(content)

        return heard
