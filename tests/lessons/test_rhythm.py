"""Every lesson keeps the rhythm: little code, enough words, the same parts in the same order."""

import ast
import itertools
import re
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jupytext
import lesson_source
import pytest
from lesson_source import LESSONS, ROOT, builder

PARTS = ["Exercises", "Where it fails", "Quiz", "Recap"]
AMERICAN = re.compile(
    r"\b(colou?rize\w*|color\w*|gray\w*|neighbor\w*|center\w*|behavior\w*|favor\w*|flavor\w*|"
    r"humor\w*|labor\w*|fiber\w*|meters?|catalogs?|dialogs?|defense|skeptic\w*|artifacts?|"
    r"label(ed|ing)|model(ed|ing)|travel(ed|ing)|cancel(ed|ing)|signal(ed|ing)|"
    r"(analy|cataly|paraly)z\w*|"
    r"(visual|normal|recogn|organ|optim|minim|maxim|general|summar|initial|memor|random|special|"
    r"categor|real|util|emphas|regular|standard|local|character|synthes|token|quant)iz\w+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Limits:
    """How many of each a lesson has, at least and at most; words are per line of code."""

    words: tuple[int, int]
    predictions: tuple[int, int]
    exercises: tuple[int, int]
    questions: tuple[int, int]
    more_parts: bool = False


LIMITS = {
    "lesson": Limits((3, 12), predictions=(2, 8), exercises=(3, 5), questions=(4, 6)),
    "introduction": Limits((3, 30), (1, 8), (1, 5), (1, 6), more_parts=True),
}


class Outline:
    """A lesson as the rules see it."""

    def __init__(self, lesson, kind: str = "lesson"):
        self.lesson = lesson
        self.limits = LIMITS[kind]

    @cached_property
    def shown(self) -> list[tuple[str, str, str]]:
        """Each cell of the student's notebook: kind, source, heading of the part it ends in."""
        found, part = [], ""
        for cell in self.lesson.cells:
            if "solution" in cell.tags:
                continue
            if cell.kind == "markdown":
                part = (_headings(cell.source) or [part])[-1]
            found.append((cell.kind, cell.source, part))
        return found

    @cached_property
    def words(self) -> int:
        """Markdown words outside the exercises."""
        part, words = "", 0
        for line in "\n".join(self.markdown).splitlines():
            part = (_headings(line) or [part])[-1]
            if part != "Exercises":
                words += sum(bool(re.search(r"\w", word)) for word in line.split())
        return words

    @cached_property
    def markdown(self) -> list[str]:
        return [source for kind, source, _ in self.shown if kind == "markdown"]

    @cached_property
    def prose(self) -> str:
        """All Markdown before the credits, without code, formulas and addresses."""
        text = "\n".join(self.markdown).partition("**Credits")[0]
        return re.sub(
            r"```.*?```|`[^`]*`|\$[^$]*\$|\]\([^)]*\)|https?://\S+", " ", text, flags=re.S
        )

    @cached_property
    def code(self) -> list[tuple[str, ast.Module]]:
        """Each code cell: its source, and parsed."""
        return [(cell.source, tree) for _, cell, tree in builder.code_cells(self.lesson)]

    @cached_property
    def lengths(self) -> list[int]:
        """Lines of each code cell outside the exercises; comments do not count."""
        return [
            _lines(source)
            for kind, source, part in self.shown
            if kind == "code" and part != "Exercises"
        ]

    def calls(self) -> Iterator[tuple[int, ast.Call]]:
        """Yield each call with the number of its code cell."""
        for number, (_, tree) in enumerate(self.code):
            yield from ((number, n) for n in ast.walk(tree) if isinstance(n, ast.Call))


def _headings(markdown: str) -> list[str]:
    return re.findall(r"^## +(.+)$", markdown, re.MULTILINE)


def _lines(source: str) -> int:
    lines = (line.strip() for line in source.splitlines())
    return sum(bool(line) and not line.startswith("#") for line in lines)


# --- The rules: each yields what is wrong ------------------------------------------------------

RULES: dict[str, Callable[[Outline], Iterator[str]]] = {}


def rule(function):
    RULES[function.__name__] = function
    return function


@rule
def words_and_code_are_balanced(outline):
    lines = sum(outline.lengths)
    ratio = outline.words / lines
    least, most = outline.limits.words
    if not least <= ratio <= most:
        yield (
            f"{outline.words} words to {lines} lines of code: {ratio:.1f} words per line; "
            f"{least} to {most} are allowed"
        )


@rule
def code_cells_are_short(outline):
    median = statistics.median(outline.lengths)
    if median > 5:
        yield f"the median code cell has {median} lines; at most 5 are allowed"
    for length in outline.lengths:
        if length > 15:
            yield f"a code cell has {length} lines; at most 15 are allowed"


@rule
def code_cells_stand_with_words_between(outline):
    for kind, run in itertools.groupby(outline.shown, key=lambda cell: cell[0]):
        cells = list(run)
        if kind == "code" and len(cells) > 2:
            first = cells[0][1].splitlines()[0]
            yield f"{len(cells)} code cells in a row in “{cells[0][2]}”, from “{first}” on"


@rule
def imports_are_explicit(outline):
    for source, tree in outline.code:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                yield f"star import: {ast.unparse(node)}"
            if isinstance(node, ast.Attribute) and ast.unparse(node) == "sys.path":
                yield "the search path is changed"
            if isinstance(node, ast.Call) and "get_ipython" in ast.unparse(node.func):
                yield f"magic: {source.splitlines()[0]}"


@rule
def aml4d_utils_comes_first(outline):
    nodes = [n for _, tree in outline.code for n in tree.body]
    first = next((n for n in nodes if isinstance(n, (ast.Import, ast.ImportFrom))), None)
    if first is None or "aml4d_utils" not in ast.unparse(first):
        yield f"the first import is not of aml4d_utils: {first and ast.unparse(first)}"


@rule
def it_begins_with_title_goals_and_setup(outline):
    lesson, (title, setup, story, *_) = outline.lesson, outline.shown
    if not title[1].startswith(f"# {lesson.name[:2]} · {lesson.title}\n"):
        yield f"the first line is not “# {lesson.name[:2]} · {lesson.title}”"
    if f"*{lesson.minutes} minutes.*" not in title[1]:
        yield f"the title does not say “*{lesson.minutes} minutes.*”"
    goals = title[1].partition("When you are done, you can\n")[2]
    if len(re.findall(r"^- ", goals, re.MULTILINE)) < 3:
        yield "there are no three goals below “When you are done, you can”"
    if setup[0] != "code" or f'start("{lesson.name}")' not in setup[1]:
        yield f'the second cell does not call start("{lesson.name}")'
    if _lines(setup[1]) > 4:
        yield f"the setup has {_lines(setup[1])} lines; at most 4 are allowed"
    if story[0] != "markdown" or not story[1].startswith("## "):
        yield "the setup is not followed by a story with a heading of its own"


@rule
def it_ends_with_the_usual_parts(outline):
    last = [part for part in _headings("\n".join(outline.markdown)) if part in PARTS]
    others = _headings("\n".join(outline.markdown).partition("## Exercises")[2])
    if last != PARTS or (set(others) - set(PARTS) and not outline.limits.more_parts):
        yield f"the last parts are {others}; expected are {PARTS}"
    if outline.shown[-1][0] != "markdown" or "**Credits.**" not in outline.shown[-1][1]:
        yield "the last cell has no **Credits.**"


@rule
def there_is_an_explorer_with_guided_experiments(outline):
    guided, found, above = False, 0, ""
    for kind, source, part in outline.shown:
        if kind == "code" and re.search(r"\bexplorers\.\w+\(", source) and part not in PARTS:
            found += 1
            guided |= bool(re.search(r"^1\. .*^2\. ", above, re.MULTILINE | re.DOTALL))
        above = source
    if not found:
        yield "there is no explorer before the exercises"
    elif not guided:
        yield "no explorer has two numbered experiments above it"


@rule
def predictions_are_held_against_live_results(outline):
    guesses = {}
    for number, (_, tree) in enumerate(outline.code):
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                if ast.unparse(node.value.func) == "predict":
                    guesses[ast.unparse(node.targets[0])] = number
    made = sum(ast.unparse(call.func) == "predict" for _, call in outline.calls())
    if made != len(guesses):
        yield f"{made} calls of predict, {len(guesses)} kept under names of their own"
    for name, number in guesses.items():
        compared = [
            call.args[0]
            for later, call in outline.calls()
            if ast.unparse(call.func) == f"{name}.compare" and later > number and call.args
        ]
        if not compared:
            yield f"no later cell calls {name}.compare"
        for value in compared:
            if not any(isinstance(node, ast.Name) for node in ast.walk(value)):
                yield f"{name} is compared with a written answer: {ast.unparse(value)}"


@rule
def there_are_enough_of_each(outline):
    totals = builder.totals_of(outline.lesson)
    limits = outline.limits
    for what, count, (least, most) in (
        ("predictions", totals["predictions"], limits.predictions),
        ("exercises", totals["exercises"], limits.exercises),
        ("quiz questions", totals["quiz"], limits.questions),
    ):
        if not least <= count <= most:
            yield f"{count} {what}; {least} to {most} are allowed"


@rule
def the_spelling_is_british(outline):
    for match in AMERICAN.finditer(outline.prose):
        yield f"American spelling: {match[0]}"


@rule
def nobody_shouts(outline):
    for match in re.finditer(r".{0,20}!(?!\[)", outline.prose):
        yield f"exclamation mark: {match[0]}"


# --- The lessons -------------------------------------------------------------------------------


def kind_of(lesson: str) -> str:
    header = jupytext.read(ROOT / "lessons" / f"{lesson}.py", fmt="py:percent").metadata
    return header["aml4d"].get("kind", "lesson")


@pytest.fixture(scope="module", params=LESSONS)
def outline(request):
    return Outline(lesson_source.read(request.param), kind_of(request.param))


@pytest.mark.parametrize("name", RULES)
def test_rhythm(outline, name):
    assert list(RULES[name](outline)) == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_only_the_start_is_an_introduction(lesson):
    assert kind_of(lesson) == ("introduction" if lesson.startswith("00") else "lesson")


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_exercises_have_a_test_file(lesson):
    file = Path(__file__).with_name(f"test_exercises_{lesson[:2]}.py")
    assert file.exists() and f'lesson = "{lesson}"' in file.read_text(encoding="utf-8")


# --- The rules can fail ------------------------------------------------------------------------

MODEL = [
    (
        "# 98 · Model\n\n*45 minutes.* One idea.\n\nWhen you are done, you can\n"
        "- see;\n- say;\n- count.",
        'from aml4d_utils.notebook import predict, quiz, show, start\n\nstart("98_model")',
    ),
    (
        "## A story\n\nWhat is in the photo that nobody has looked at so far?",
        "import numpy as np\n\nshow(np)",
    ),
    ("Guess first, and look afterwards.", 'one = predict("one", "How many?")\none'),
    ("Does it fit with your guess?", "one.compare(np.pi)"),
    ("And what about the second number of all?", 'two = predict("two", "How many?")\ntwo'),
    ("Does it fit with your second guess?", "two.compare(len(np.eye(2)))"),
    (
        "## Explore\n\n1. Turn it up. What do you see?\n2. Turn it down. What is left of it?",
        "explorers.light_explorer()",
    ),
    ("## Exercises\n\n### 1 · First", "exercises.a.check(1)"),
    ("### 2 · Second", "exercises.b.check(1)\nexercises.c.check(1)"),
    ("## Where it fails\n\nIn the dark, where there is nothing to see.", "np.log(0)"),
    (
        "## Quiz",
        "from aml4d_utils.lessons.convolution.questions import QUESTIONS\n\nquiz(QUESTIONS)",
    ),
    ("## Recap\n\n- Colour, in grey.\n\n**Credits.** *Color indexing!*, 1991.", ""),
]


def changed(find: str = "", put: str = "", count: int = -1) -> Outline:
    """Return the outline of the model lesson with a text replaced by another."""
    cells = []
    for markdown, code in MODEL:
        cells.append(builder.Cell("markdown", markdown.replace(find, put, count), ()))
        if code:
            cells.append(builder.Cell("code", code.replace(find, put, count), ()))
    return Outline(builder.Lesson("98_model", "Model", "convolution", 45, tuple(cells)))


@pytest.mark.parametrize("name", RULES)
def test_the_model_keeps_every_rule(name):
    assert list(RULES[name](changed())) == []


LONG = "np.log(0)\n" * 16


@pytest.mark.parametrize(
    ("name", "find", "put", "words"),
    [
        ("words_and_code_are_balanced", "np.log(0)", LONG * 3, "1.5 words per line"),
        ("words_and_code_are_balanced", "In the dark", "In the dark " * 50, "12 are allowed"),
        ("code_cells_are_short", "np.log(0)", LONG, "a code cell has 16 lines"),
        ("code_cells_are_short", "(", "(\n*\n(\n),\n", "the median code cell"),
        ("imports_are_explicit", "import numpy as np", "from numpy import *", "star import"),
        ("imports_are_explicit", "np.log(0)", "import sys\nsys.path.append('.')", "search path"),
        ("imports_are_explicit", "np.log(0)", "get_ipython().run_line_magic('x', '')", "magic"),
        ("aml4d_utils_comes_first", "from aml4d_utils.notebook", "import os\nfrom a", "import os"),
        ("it_begins_with_title_goals_and_setup", "# 98", "# 89", "first line"),
        ("it_begins_with_title_goals_and_setup", "*45 min", "*60 min", "45 minutes"),
        ("it_begins_with_title_goals_and_setup", "- see;", "see;", "three goals"),
        ("it_begins_with_title_goals_and_setup", "98_model", "97_model", "98_model"),
        (
            "it_begins_with_title_goals_and_setup",
            "start(",
            "a = 1\nb = 2\nc = 3\nstart(",
            "5 lines",
        ),
        ("it_begins_with_title_goals_and_setup", "## A story", "A story", "a story with"),
        ("it_ends_with_the_usual_parts", "## Where it fails", "## Limits", "the last parts are"),
        ("it_ends_with_the_usual_parts", "## Recap", "## Quiz", "the last parts are"),
        ("it_ends_with_the_usual_parts", "**Credits.**", "Credits", "Credits"),
        ("there_is_an_explorer_with_guided_experiments", "explorers.", "x.", "no explorer"),
        ("there_is_an_explorer_with_guided_experiments", "\n2. ", "\n", "two numbered"),
        ("there_is_an_explorer_with_guided_experiments", "## Explore", "## Quiz", "no explorer"),
        ("predictions_are_held_against_live_results", "one.compare", "print", "one.compare"),
        ("predictions_are_held_against_live_results", "(np.pi)", "(3.14)", "a written answer"),
        ("predictions_are_held_against_live_results", "two = ", "", "2 calls of predict, 1"),
        ("there_are_enough_of_each", "exercises.c.check(1)", "", "2 exercises"),
        ("there_are_enough_of_each", "two = predict", "two = len", "1 predictions"),
        ("there_are_enough_of_each", "quiz(QUESTIONS)", "", "0 quiz questions"),
        ("the_spelling_is_british", "Colour", "Color", "American spelling: Color"),
        ("the_spelling_is_british", "In the dark", "Normalizing grays", "grays"),
        ("nobody_shouts", "One idea.", "One idea!", "One idea!"),
    ],
)
def test_a_breach_is_noticed(name, find, put, words):
    assert words in "; ".join(RULES[name](changed(find, put)))


def test_three_code_cells_in_a_row_are_noticed():
    outline = changed("Does it fit with your guess?", "")
    cells = [c for c in outline.lesson.cells if c.source]
    lesson = builder.Lesson("98_model", "Model", "convolution", 45, tuple(cells))
    found = list(RULES["code_cells_stand_with_words_between"](Outline(lesson)))
    assert found == []
    cells = [c for c in cells if not c.source.startswith("And what")]
    lesson = builder.Lesson("98_model", "Model", "convolution", 45, tuple(cells))
    found = list(RULES["code_cells_stand_with_words_between"](Outline(lesson)))
    assert found == ["3 code cells in a row in “A story”, from “one = predict("
                     "\"one\", \"How many?\")” on"]  # fmt: skip


def test_code_is_not_prose():
    outline = changed("In the dark", "`color != 1` and $gray!$ and ![a](color.png) in the dark")
    assert not [*RULES["the_spelling_is_british"](outline), *RULES["nobody_shouts"](outline)]
