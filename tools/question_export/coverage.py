"""From every topic of the lecture to its lesson, explorer, exercise and questions."""

from __future__ import annotations

from collections import Counter

from aml4d_utils.checking import progress
from aml4d_utils.lessons import question_bank
from aml4d_utils.lessons.lecture import TOPICS

HEADS = ("lecture", "lesson", "explorer", "exercise", "questions")


def coverage_table() -> str:
    """Return the coverage as a Markdown table, one line for each topic, in the lecture's order."""
    counted = Counter(each.question.topic for each in question_bank.all_questions())
    rows = [HEADS, tuple("---" for _ in HEADS)]
    for topic in TOPICS:
        standing = topic.lesson in progress.lessons()
        lesson = topic.lesson if standing else f"{topic.lesson} (to come)"
        questions = str(counted[topic.name])
        rows.append((topic.words, lesson, topic.explorer, topic.exercise, questions))
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
