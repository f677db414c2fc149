"""Questions leave the course for Moodle, QTI and GIFT, and come back as they were."""

import base64
import html
import io
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import export_questions
from aml4d_utils.checking import Answer, Illustration, QuizQuestion
from aml4d_utils.lessons import question_bank
from question_export import coverage, gift, qti
from question_export.exported import Exported, ExportError, from_bank
from question_export.gift import write_gift
from question_export.moodle_xml import write_moodle
from question_export.own_questions import read_own_questions
from question_export.qti import write_qti

ROOT = Path(__file__).resolve().parents[2]
AWKWARD = (
    "a = {b} ~ c # d : e \\ f",
    "$x^2$ \\(y_1\\) <b>not bold</b> & co. &amp; \"quotes\" 'single'",
    "*stars* _lines_ `ticks` [link](place) ![picture] # heading",
    "−1 0 1 / −2 0 2, σ(w₀a₀ + b) ≥ ½ · 95 % … “so” 🐈 ü",
    "1. a list? -> => == ~= ~%50%half",
    "%100% = all, //not a comment, ::no name::",
    "\\= \\{ \\\\ \\n $CATEGORY: none",
    "... and so on\ttab",
    "*a) right",
)


def awkward():
    answers = [Answer(f"a{n}", words, f"Why {words}?", n == 2) for n, words in enumerate(AWKWARD)]
    grey = Illustration(np.full((3, 5), 90, np.uint8), 'A "grey" wall, 5 × 3 <pixels> [all].')
    plain = QuizQuestion("plain", AWKWARD[0] + " " + AWKWARD[1], tuple(answers[:4]))
    pictured = QuizQuestion("pictured", AWKWARD[2], tuple(answers[2:]), picture=grey)
    kept = QuizQuestion("kept", AWKWARD[3], tuple(answers[1:5]), keep_order=True)
    return [
        Exported("own.plain", "Own / questions", plain),
        Exported("own.pictured", "Own / questions", pictured),
        Exported("own.kept", "Others", kept),
    ]


@pytest.fixture(scope="module")
def bank():
    return from_bank(question_bank.all_questions())


@pytest.fixture(params=["awkward", "bank"])
def questions(request, bank):
    return bank if request.param == "bank" else awkward()


def line(words):
    return " ".join(words.split())


def expected(each, picture=""):
    """A question as every reader below returns it: name, words, options with right and reason."""
    options = [(line(a.words), a.right, line(a.why)) for a in each.question.answers]
    return each.name, line(each.question.question) + picture, options


def plain(markup):
    """Return the words of a piece of HTML, without its pictures."""
    return line(html.unescape(re.sub(r"<[^>]*>", " ", markup)))


# --- Moodle XML -----------------------------------------------------------------------------------


def read_moodle(path):
    found = []
    for element in ET.parse(path).getroot().iter("question"):
        if element.get("type") != "multichoice":
            continue
        options = [
            (
                plain(option.findtext("text")),
                option.get("fraction") == "100",
                plain(option.findtext("feedback/text")),
            )
            for option in element.iter("answer")
        ]
        words = plain(element.findtext("questiontext/text"))
        found.append((element.findtext("name/text"), words, options))
    return found


def test_moodle_reads_back_what_was_written(questions, tmp_path):
    assert read_moodle(write_moodle(questions, tmp_path)) == [expected(each) for each in questions]


def test_moodle_gets_categories_names_and_whether_to_shuffle(tmp_path):
    root = ET.parse(write_moodle(awkward(), tmp_path)).getroot()
    places = [element.findtext("category/text") for element in root.iter("question")]
    assert [place for place in places if place] == [
        "$course$/top/aml4d/Own // questions",
        "$course$/top/aml4d/Others",
    ]
    asked = root.findall("question[@type='multichoice']")
    assert [q.findtext("idnumber") for q in asked] == [
        "aml4d.own.plain",
        "aml4d.own.pictured",
        "aml4d.own.kept",
    ]
    assert [q.findtext("shuffleanswers") for q in asked] == ["true", "true", "false"]
    assert {q.findtext("single") for q in asked} == {"true"}


def test_moodle_gets_the_picture_and_its_words(tmp_path):
    question = ET.parse(write_moodle(awkward()[1:2], tmp_path)).getroot()[1]
    file = question.find("questiontext/file")
    assert Image.open(io.BytesIO(base64.b64decode(file.text))).size == (5, 3)
    image = re.search(r'<img src="@@PLUGINFILE@@/(.*?)" alt="(.*?)">', question[1].findtext("text"))
    assert image[1] == file.get("name")
    assert html.unescape(image[2]) == awkward()[1].question.picture.words


# --- GIFT ---------------------------------------------------------------------------------------


def read_gift(text):
    """Read what GIFT says about escapes: a backslash takes the next sign's meaning away."""
    found = []
    for block in re.split(r"\n\s*\n", text.strip()):
        if block.startswith("$CATEGORY"):
            continue
        tokens = re.findall(r"\\.|.", block, re.S)
        name, rest = _until(tokens[2:], ":")
        asked, rest = _until(rest[1:], "{")
        options = []
        for mark, words, why in _options(rest):
            options.append((words, mark == "=", why))
        found.append((name, asked.removeprefix("[plain]"), options))
    return found


def _until(tokens, *signs):
    """Return the words before the first sign that means something, and what follows it."""
    end = next(n for n, token in enumerate(tokens) if token in signs)
    return line("".join(token[-1] for token in tokens[:end])), tokens[end + 1 :]


def _options(tokens):
    while tokens and tokens[0] != "}":
        mark, tokens = tokens[0], tokens[1:]
        if mark in "=~":
            words, tokens = _until(tokens, "#")
            end = next(n for n, token in enumerate(tokens) if token in "=~}")
            yield mark, words, line("".join(token[-1] for token in tokens[:end]))
            tokens = tokens[end:]


def pictured(each):
    picture = each.question.picture
    return expected(each, f" [Picture: {picture.words}]" if picture else "")


def test_gift_reads_back_what_was_written(questions, tmp_path):
    text = write_gift(questions, tmp_path).read_text("utf-8")
    assert read_gift(text) == [pictured(each) for each in questions]


@given(st.text(st.characters(exclude_categories=("C",)), max_size=60))
def test_what_gift_escapes_comes_back(words):
    tokens = re.findall(r"\\.|.", gift.escaped(words), re.S)
    assert "".join(token[-1] for token in tokens) == line(words)
    assert not set(tokens) & set("~=#{}:\\")


# --- QTI ----------------------------------------------------------------------------------------


def read_qti(path):
    with zipfile.ZipFile(path) as archive:
        name = max(
            archive.namelist(), key=lambda n: archive.getinfo(n).file_size * n.endswith("xml")
        )
        root = ET.fromstring(re.sub(rb' xmlns="[^"]+"', b"", archive.read(name)))
    found = []
    for item in root.iter("item"):
        labels = {
            label.get("ident"): plain(label.findtext("material/mattext"))
            for label in item.iter("response_label")
        }
        right = {
            condition.findtext("conditionvar/varequal")
            for condition in item.iter("respcondition")
            if condition.findtext("setvar")
        }
        why = {}
        for feedback in item.iter("itemfeedback"):
            ident = feedback.get("ident").removesuffix("_fb")
            why[ident] = plain(feedback.findtext(".//mattext"))
        words = plain(item.findtext("presentation/material/mattext"))
        options = [(labels[i], i in right, why[i]) for i in labels]
        found.append((item.get("title"), words, options))
    return found


def test_qti_reads_back_what_was_written(questions, tmp_path):
    pytest.importorskip("text2qti")
    assert read_qti(write_qti(questions, tmp_path)) == [expected(each) for each in questions]


def test_qti_holds_the_picture_and_its_words(tmp_path):
    pytest.importorskip("text2qti")
    with zipfile.ZipFile(write_qti(awkward()[1:2], tmp_path)) as archive:
        pictures = [name for name in archive.namelist() if name.endswith(".png")]
        assert Image.open(io.BytesIO(archive.read(pictures[0]))).size == (5, 3)
        text = "".join(archive.read(n).decode() for n in archive.namelist() if n.endswith(".xml"))
    alt = re.search(r'alt="([^"]*)"', html.unescape(text))[1]
    assert html.unescape(html.unescape(alt)) == awkward()[1].question.picture.words


@given(st.text(st.characters(exclude_categories=("C",)), max_size=60))
def test_what_is_escaped_for_text2qti_means_nothing_to_markdown(words):
    safe = qti.escaped(words)
    assert html.unescape(safe) == line(words)
    assert not re.search(r"[*_`\[\]<>$\\{}]|#(?!\d+;)", safe)


def test_without_text2qti_one_sentence_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "text2qti", None)
    monkeypatch.setitem(sys.modules, "text2qti.config", None)
    with pytest.raises(ExportError, match="QTI needs text2qti, which is not installed"):
        write_qti(awkward(), tmp_path)


# --- a teacher's own questions --------------------------------------------------------------------

GOOD = """
from aml4d_utils.checking import Answer, Computed, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "own_sum",
        "What is {a} + {a}?",
        (Answer("two", "{b}", "Twice {a}.", right=True), Answer("one", "{a}", "One is missing.")),
        topic="neuron",
        compute=lambda: Computed({"a": "1", "b": "2"}),
    ),
)
"""
BAD = {
    "nothing": ("x = 1", "has no QUESTIONS"),
    "no python": ("QUESTIONS = (", "line 1: this is not Python"),
    "a null": ("\0", "this is not Python"),
    "a mistake": ("\nQUESTIONS = 1 / 0", "line 2: ZeroDivisionError: division by zero"),
    "a word": ("QUESTIONS = 'all'", "a tuple or list of questions, not a str"),
    "empty": ("QUESTIONS = ()", "QUESTIONS is empty"),
    "a number": ("QUESTIONS = (1,)", "number 1 of QUESTIONS is no QuizQuestion but a int"),
    "twice": (GOOD + "\nQUESTIONS *= 2", "two questions are called 'own_sum'"),
    "topic": (GOOD.replace('"neuron"', '"dogs"'), "the topic 'dogs', which the lecture does not"),
    "two right": (GOOD.replace('missing."', 'missing.", right=True'), "exactly one answer must be"),
    "alike": (GOOD.replace('"b": "2"', '"b": "1"'), "'own_sum' cannot be computed. ValueError"),
    "said twice": (
        GOOD.replace('"{b}"', '"Same "').replace('"one", "{a}"', '"one", "same"'),
        "two options of 'own_sum' say the same",
    ),
    "not computed": (GOOD.replace('"a": "1", ', ""), "'own_sum' cannot be computed. KeyError"),
    "no words": (GOOD.replace('"{b}"', '" "'), "without words"),
}


def test_own_questions_are_read_and_computed(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(GOOD, "utf-8")
    (own,) = read_own_questions(file)
    assert (own.name, own.category) == ("own.own_sum", "Own questions")
    assert own.question.question == "What is 1 + 1?" and own.question.right.words == "2"


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_refused_in_one_sentence(kind, tmp_path):
    text, sentence = BAD[kind]
    file = tmp_path / "mine.py"
    file.write_text(text, "utf-8")
    with pytest.raises(ExportError) as refused:
        read_own_questions(file)
    assert sentence in str(refused.value) and str(file) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_files_that_are_none(tmp_path):
    with pytest.raises(ExportError, match="There is no file"):
        read_own_questions(tmp_path / "missing.py")
    with pytest.raises(ExportError, match="is a folder"):
        read_own_questions(tmp_path)
    (tmp_path / "latin.py").write_bytes("# é".encode("latin-1"))
    with pytest.raises(ExportError, match="not a text file in UTF-8"):
        read_own_questions(tmp_path / "latin.py")


# --- the command ----------------------------------------------------------------------------------


def run(*arguments):
    return subprocess.run(
        [sys.executable, str(ROOT / "tools" / "export_questions.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )


def test_a_teacher_exports_the_own_questions_only(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(GOOD, "utf-8")
    done = run("--export", "moodle", tmp_path / "out", "--own", file, "--only-own")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 questions written to")
    assert "Everybody can read" not in done.stdout
    assert [name for name, _, _ in read_moodle(tmp_path / "out" / "aml4d.xml")] == ["own.own_sum"]


def test_all_are_exported_with_a_warning(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(GOOD, "utf-8")
    sentence = export_questions.export("gift", str(tmp_path / "out"), file, False)
    count = len(question_bank.all_questions())
    assert sentence.startswith(f"{count + 1} questions written to")
    assert f"the {count} of the course: for an exam use your own" in sentence
    text = (tmp_path / "out" / "aml4d.gift.txt").read_text("utf-8")
    assert text.count("\n::") == count + 1 and "::own.own_sum::" in text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Say what to do"),
        (("--export", "word", "out"), "There is no form 'word'"),
        (("--export", "gift", "out", "--only-own"), "--only-own needs --own FILE"),
        (("--export", "gift", "out", "--own", "none.py"), "There is no file none.py"),
    ],
)
def test_what_cannot_be_done_is_said(arguments, sentence, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert export_questions.main(list(arguments)) == 1
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="cannot be written to"):
        export_questions.export("gift", str(tmp_path / "file" / "out"), None, False)


def test_the_coverage_is_printed(capsys):
    assert export_questions.main(["--coverage"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "| " + " | ".join(coverage.HEADS) + " |"
    assert any("kernel_inspector | convolve_image |" in each for each in lines)
