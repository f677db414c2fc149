"""From every line of the lecture to a lesson, an explorer, an exercise and questions."""

import ast
from collections import Counter
from dataclasses import replace
from pathlib import Path

import lesson_source
import pytest
from bank import BANK

from aml4d_utils.lessons.lecture import TOPICS, topic_named

LINES = [
    line.split("  ", 1)
    for line in Path(__file__).with_name("lecture_lines.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("# ")
]
OF_THE_COURSE = ("course", "studio")
"""Topics of the course itself: the lecture has no lines for them."""


def called(lesson):
    """Return the names of all functions that a lesson's cells call, without where they are from."""
    nodes = (
        node
        for _, _, code in lesson_source.builder.code_cells(lesson_source.read(lesson))
        for node in ast.walk(code)
        if isinstance(node, ast.Call)
    )
    return {ast.unparse(node.func).split(".")[-1] for node in nodes}


def gaps(topic):
    """Say what a topic of the lecture still lacks."""
    if topic.lesson not in lesson_source.LESSONS:
        return [f"there is no lesson {topic.lesson}"]
    found = []
    if topic.explorer not in called(topic.lesson):
        found.append(f"{topic.lesson} shows no explorer {topic.explorer!r}")
    if topic.exercise not in lesson_source.exercises_of(topic.lesson):
        found.append(f"{topic.lesson} checks no exercise {topic.exercise!r}")
    if sum(each.question.topic == topic.name for each in BANK) < 3:
        found.append("the bank has fewer than three questions")
    return found


def test_every_line_belongs_to_a_topic():
    assert len(LINES) > 200
    for name, words in LINES:
        assert topic_named(name).name not in OF_THE_COURSE, words


def test_every_topic_has_lines_and_a_name_of_its_own():
    lines = Counter(name for name, _ in LINES)
    names = [topic.name for topic in TOPICS]
    assert len(set(names)) == len(names)
    assert [name for name in names if not lines[name] and name not in OF_THE_COURSE] == []


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_every_topic_is_taught_shown_trained_and_asked(topic):
    assert gaps(topic) == []


def test_every_lesson_teaches_a_topic():
    taught = {topic.lesson for topic in TOPICS}
    assert set(lesson_source.LESSONS) <= taught


def test_a_gap_is_noticed():
    topic = topic_named("kernels")
    assert gaps(topic) == []
    assert "no explorer 'none'" in gaps(replace(topic, explorer="none"))[0]
    assert "no exercise 'none'" in gaps(replace(topic, exercise="none"))[0]
    assert "fewer than three" in gaps(replace(topic, name="none"))[0]
    assert "no lesson" in gaps(replace(topic, lesson="99_none"))[0]
