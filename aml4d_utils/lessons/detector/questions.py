"""The quiz of the detection lesson."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "many_boxes",
        "Before suppression, dozens of boxes lie on one motorcycle. Why?",
        (
            Answer(
                "unsure",
                "The network is unsure and tries several words",
                "Most of these boxes carry the same word.",
            ),
            Answer(
                "cells",
                "Every cell answers for itself, and many cells see the same thing",
                "Neighbouring cells see nearly the same part of the photo and answer nearly the "
                "same box.",
                right=True,
            ),
            Answer(
                "parts",
                "Each box marks a part: wheel, seat, lamp",
                "The network has no words for parts. Each box means the whole thing.",
            ),
        ),
    ),
    QuizQuestion(
        "two_cats",
        "Two cats sleep on one another. Their boxes overlap with an IoU of 0.7, the limit is 0.6. "
        "What does suppression do?",
        (
            Answer(
                "loses_one",
                "It drops the less sure cat",
                "It cannot know whether two boxes mean one thing or two: it fails in crowds.",
                right=True,
            ),
            Answer(
                "keeps_both",
                "It keeps both, since there are two cats",
                "It sees boxes and scores only, no cats.",
            ),
            Answer(
                "merges",
                "It makes one large box of both",
                "Boxes are kept or dropped, never joined.",
            ),
        ),
    ),
    QuizQuestion(
        "threshold",
        "You raise the threshold. What is certain?",
        (
            Answer(
                "precision",
                "Precision rises",
                "Usually, not always: the boxes that go may be right ones.",
            ),
            Answer(
                "recall",
                "Recall does not rise",
                "Boxes can only go, so nothing new can be found.",
                right=True,
            ),
            Answer("both", "Both rise", "Fewer boxes can never find more things."),
        ),
    ),
    QuizQuestion(
        "two_numbers",
        "One tool says AP 22.5 %, another 24.6 %, for the same boxes. What do you ask first?",
        (
            Answer(
                "wrong_tool",
                "Which of them has the error?",
                "Both may be right: each follows a convention of its own.",
            ),
            Answer("more_data", "Are there enough pictures?", "Both had the same pictures."),
            Answer(
                "conventions",
                "How are boxes measured, where is the curve read, and who stands first at equal "
                "scores?",
                "Each of the three moves the number, though not a single box has changed.",
                right=True,
            ),
        ),
    ),
    QuizQuestion(
        "nonsense",
        "The network calls a wrench a giraffe, with a score of 0.7. What does the score tell you?",
        (
            Answer(
                "seventy",
                "It is right in 70 of 100 such cases",
                "That would have to be measured. For a thing without a word it is never right.",
            ),
            Answer(
                "best_of_80",
                "Of its 80 words this one fits well; whether any is right it cannot say",
                "It was never taught to say that it does not know a thing.",
                right=True,
            ),
            Answer(
                "broken",
                "The network is broken",
                "It does what it learned: find one of 80 words.",
            ),
        ),
    ),
    QuizQuestion(
        "mounting",
        "Your shelf's camera finds large bottles well and small ones badly. What helps most?",
        (
            Answer(
                "lower_threshold",
                "A lower threshold",
                "It finds a few more, and brings false alarms with it.",
            ),
            Answer(
                "more_nms",
                "A lower IoU limit in the suppression",
                "That drops more boxes. It finds nothing new.",
            ),
            Answer(
                "closer",
                "A place for the camera from which the small ones are large enough",
                "Recall grows with the size in pixels: nearer, or a longer lens, until it is what "
                "you promise.",
                right=True,
            ),
        ),
    ),
)
