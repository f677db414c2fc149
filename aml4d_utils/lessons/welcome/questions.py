"""The quiz of lesson 00."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "numbers",
        "What is a colour photo to a machine?",
        (
            Answer(
                "three_per_pixel",
                "Three numbers for each pixel",
                "Red, green and blue. All that the course does begins with them.",
                right=True,
            ),
            Answer(
                "things",
                "A list of the things in it",
                "That is what we want to get out of the numbers.",
            ),
            Answer("one_per_pixel", "One number for each pixel", "That would be a grey photo."),
        ),
    ),
    QuizQuestion(
        "predict",
        "Why do you guess before you run a cell?",
        (
            Answer(
                "points", "To get points", "Nothing is graded, and nobody else sees your guesses."
            ),
            Answer(
                "belief",
                "A guess shows you what you believed",
                "When the run differs, you know which idea to change.",
                right=True,
            ),
            Answer("must", "The cell does not run otherwise", "It does. The guess is for you."),
        ),
    ),
    QuizQuestion(
        "check",
        "Your function is right, but differs from the solution. What does the check say?",
        (
            Answer(
                "correct", "Correct", "It looks at what the function returns, not how.", right=True
            ),
            Answer("not_yet", "Not yet", "Only a different result is wrong."),
            Answer("not_done", "Not done yet", "That is for a body that is still empty."),
        ),
    ),
    QuizQuestion(
        "privacy",
        "Where does your own photo go?",
        (
            Answer(
                "server",
                "To a server that computes",
                "There is none: everything runs on this machine.",
            ),
            Answer(
                "this_machine",
                "It stays on this machine",
                "In the course's own folder. You can take it back at any time.",
                right=True,
            ),
            Answer("teacher", "To your teacher", "Only if you send it yourself."),
        ),
    ),
)
