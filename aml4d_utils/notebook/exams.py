"""A mock exam in the notebook: the sheet, and afterwards what to read up."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

import ipywidgets

from aml4d_utils.checking import exam as exams
from aml4d_utils.checking import progress
from aml4d_utils.checking.questions import BankQuestion
from aml4d_utils.notebook.alt_text import Shown
from aml4d_utils.widgets.answering import png_address
from aml4d_utils.widgets.exam_sheet import ExamSheet


class MockExam:
    """An exam on a sheet; an unfinished one goes on where it stopped.

    Parameters
    ----------
    bank : sequence of BankQuestion
        One is drawn for each of their topics.
    """

    def __init__(self, bank: Sequence[BankQuestion]):
        self.bank = tuple(bank)
        self.sheet = ExamSheet(self)
        self.review = ipywidgets.Output()
        self.widget = ipywidgets.VBox([self.sheet, self.review])
        self.exam = exams.latest(self.bank)
        if self.exam is None:
            self.sheet.words = self._invitation()
        elif self.exam.facts["finished"]:
            self._show_result()
        else:
            self._show_exam()

    def begin(self, clock: bool) -> None:
        """Begin a new exam."""
        self.exam = exams.begin(self.bank, clock=clock)
        self.review.outputs = ()
        self._show_exam()

    def go(self, place: int) -> None:
        """Go to a question."""
        self._check_place(place)
        self.exam.keep(place=place)
        self._ask(place)

    def choose(self, place: int, option: int) -> None:
        """Choose an option of a question."""
        self._check_place(place)
        options = self.exam.question(place).answers
        if option not in range(len(options)):
            raise ValueError(f"There are {len(options)} options, counted from 0; {option} is none.")
        self.exam.choose(place, option)
        with self.sheet.hold_sync():
            if place == self.sheet.place:
                self.sheet.chosen = option
            self.sheet.answered = self._answered()

    def pass_time(self, used: float) -> None:
        """Keep how many seconds have been used."""
        self.exam.keep(used=used)

    def run_clock(self, clock: bool) -> None:
        """Let the clock run, or stop it."""
        self.exam.keep(clock=clock)
        self.sheet.clock = clock

    def hand_in(self) -> None:
        """End the exam and show what came of it."""
        self.exam.keep(finished=True)
        self._show_result()

    def _check_place(self, place: int) -> None:
        count = len(self.exam.drawn)
        if place not in range(count):
            raise ValueError(f"There are {count} questions, counted from 0; {place} is none.")

    def _show_exam(self) -> None:
        facts, sheet = self.exam.facts, self.sheet
        with sheet.hold_sync():
            sheet.clock, sheet.used = facts["clock"], facts["used"]
            sheet.seconds, sheet.answered = self.exam.seconds, self._answered()
            self._ask(min(facts["place"], len(self.exam.drawn) - 1))
            sheet.stage = "running"

    def _ask(self, place: int) -> None:
        question = self.exam.question(place)
        options = [answer.words for answer in question.answers]
        chosen = self.exam.chosen(place)
        self.sheet.ask(place, question.question, options, chosen, question.picture)

    def _answered(self) -> list[int]:
        return [int(self.exam.is_answered(place)) for place in range(len(self.exam.drawn))]

    def _show_result(self) -> None:
        with self.sheet.hold_sync():
            self.sheet.words = f"{result_of(self.exam)} {self._invitation()}"
            self.sheet.stage = "over"
        shown = review_of(self.exam)
        data = {"text/html": shown.markup, "text/plain": shown.alt}
        self.review.outputs = ({"output_type": "display_data", "data": data, "metadata": {}},)

    def _invitation(self) -> str:
        topics = len({each.question.topic or each.room for each in self.bank})
        minutes = round(topics * exams.SECONDS_EACH / 60)
        return (
            f"An exam has {topics} questions, one for each topic of the lecture, and takes "
            f"{minutes} minutes by the clock. Answers are kept at once: after a pause or a restart "
            "you go on where you stopped."
        )

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def result_of(exam: exams.Exam) -> str:
    """Say in one or two sentences how an exam went."""
    places = range(len(exam.drawn))
    right = [place for place in places if exam.is_right(place)]
    late = sum(exam.is_late(place) for place in right)
    words = f"Exam {exam.number}: {len(right)} of {len(places)} right"
    words += f", {late} of them after the time." if late else "."
    return words


def review_of(exam: exams.Exam) -> Shown:
    """Return every question that was not answered rightly: why, and where to read it up."""
    wrong = [place for place in range(len(exam.drawn)) if not exam.is_right(place)]
    if not wrong:
        words = "Every answer was right. Nothing is left to read up."
        return Shown(f"<p>{words}</p>", words)
    parts = [_review_of(exam, place) for place in wrong]
    heading = f"To read up: {len(wrong)} of {len(exam.drawn)} questions"
    style = "max-width:720px;font-size:15px;line-height:1.45"
    markup = f'<div class="aml4d-review" style="{style}"><h3>{heading}</h3>'
    return Shown(
        markup + "".join(part.markup for part in parts) + "</div>",
        "\n\n".join([heading, *(part.alt for part in parts)]),
    )


def _review_of(exam: exams.Exam, place: int) -> Shown:
    question, each = exam.question(place), exam.drawn[place]
    lines = []
    chosen = exam.chosen(place)
    if chosen is None:
        lines.append(("You left it open.", ""))
    else:
        answer = question.answers[chosen]
        lines.append((f"Your answer: {answer.words}", answer.why))
    lines.append((f"Right: {question.right.words}", question.right.why))
    picture = ""
    if question.picture is not None:
        source, alt = png_address(question.picture.pixels), html.escape(question.picture.words)
        picture = f'<p><img src="{source}" alt="{alt}" style="width:260px;max-width:100%"></p>'
    title = f"{each.lesson.split('_')[0]} · {progress.lessons()[each.lesson]['title']}"
    where = f"{title}: {question.place}" if question.place else title
    said = "".join(
        f"<p><b>{html.escape(first)}</b> {html.escape(then)}</p>" for first, then in lines
    )
    markup = (
        f"<h4>Question {place + 1}</h4><p>{html.escape(question.question)}</p>{picture}{said}"
        f'<p>Read it up: <a href="{html.escape(link_to(each))}">{html.escape(where)}</a></p>'
    )
    spoken = [f"Question {place + 1}: {question.question}", *(" ".join(line) for line in lines)]
    return Shown(markup, "\n".join([*spoken, f"Read it up: {where}"]))


def link_to(each: BankQuestion) -> str:
    """Return the address, seen from another lesson, of the heading that a question belongs to.

    JupyterLab names a heading by its words, with hyphens for spaces. It compares that name with the
    address as it stands, so no sign of it may be written by a number: `place` is plain ASCII.
    """
    heading = each.question.place.replace(" ", "-")
    return f"{each.lesson}.ipynb" + (f"#{heading}" if heading else "")


def mock_exam(bank: Sequence[BankQuestion]) -> MockExam:
    """Show a mock exam, drawn over all topics of the questions."""
    return MockExam(bank)
