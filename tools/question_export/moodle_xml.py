"""Moodle XML: categories, a feedback for every option, pictures inside the file."""

from __future__ import annotations

import base64
import html
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

from question_export.exported import COURSE, Exported


def write_moodle(questions: Sequence[Exported], folder: Path) -> Path:
    """Write ``aml4d.xml`` and return where it is."""
    quiz = ET.Element("quiz")
    category = None
    for each in questions:
        if each.category != category:
            category = each.category
            holder = ET.SubElement(quiz, "question", type="category")
            place = category.replace("/", "//")  # a single one would open a subcategory
            _text(ET.SubElement(holder, "category"), f"$course$/top/{COURSE}/{place}")
        quiz.append(_element(each))
    ET.indent(quiz, " ")
    path = folder / f"{COURSE}.xml"
    ET.ElementTree(quiz).write(path, encoding="utf-8", xml_declaration=True)
    return path


def _element(each: Exported) -> ET.Element:
    question = each.question
    element = ET.Element("question", type="multichoice")
    _text(ET.SubElement(element, "name"), each.name)
    said = _html(ET.SubElement(element, "questiontext", format="html"), question.question)
    if question.picture is not None:
        alt = html.escape(question.picture.words)
        said.text += f'<p><img src="@@PLUGINFILE@@/{each.file_name}" alt="{alt}"></p>'
        file = ET.SubElement(
            element.find("questiontext"), "file", name=each.file_name, path="/", encoding="base64"
        )
        file.text = base64.b64encode(each.png).decode("ascii")
    for tag, words in (
        ("idnumber", f"{COURSE}.{each.name}"),
        ("defaultgrade", "1"),
        ("single", "true"),
        ("shuffleanswers", "false" if question.keep_order else "true"),
        ("answernumbering", "abc"),
    ):
        ET.SubElement(element, tag).text = words
    for answer in question.answers:
        fraction = "100" if answer.right else "0"
        option = ET.SubElement(element, "answer", fraction=fraction, format="html")
        _html(option, answer.words)
        _html(ET.SubElement(option, "feedback", format="html"), answer.why)
    return element


def _text(parent: ET.Element, words: str) -> ET.Element:
    text = ET.SubElement(parent, "text")
    text.text = words
    return text


def _html(parent: ET.Element, words: str) -> ET.Element:
    return _text(parent, f"<p>{html.escape(words, quote=False)}</p>")
