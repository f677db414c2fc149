"""The quiz of the lesson on detectors before CNNs."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "corners",
        "A rectangle grows from 10 × 10 to 100 × 100 pixels. How many more numbers of the integral "
        "image does its sum need?",
        (
            Answer("none", "None", "Four corners, whatever its size.", right=True),
            Answer(
                "ten_times",
                "10 times as many",
                "Its sides grew that much; the corners are still four.",
            ),
            Answer("hundred_times", "100 times as many", "Adding pixel by pixel grows like that."),
        ),
    ),
    QuizQuestion(
        "haar",
        "A Haar feature compares the band of the eyes with the cheeks below. What is its value on "
        "an evenly grey wall?",
        (
            Answer("zero", "Zero", "White and black parts have the same mean.", right=True),
            Answer("grey", "The grey of the wall", "The two parts are subtracted from each other."),
            Answer(
                "large", "Large", "It answers to a difference between the parts, and there is none."
            ),
        ),
    ),
    QuizQuestion(
        "boosting",
        "What does AdaBoost do with an example that the features so far get wrong?",
        (
            Answer("removes", "It removes it", "Then nobody would learn from it."),
            Answer(
                "more_weight",
                "It gives it more weight",
                "The next feature is chosen for what is still wrong.",
                right=True,
            ),
            Answer("held_out", "It moves it to the held-out set", "That set must stay untouched."),
        ),
    ),
    QuizQuestion(
        "cascade",
        "Each of ten stages lets 99 % of the faces and 30 % of everything else pass. What is left "
        "after all ten?",
        (
            Answer(
                "one_stage", "99 % of the faces", "Each stage loses one face in a hundred again."
            ),
            Answer(
                "multiplied",
                "About 90 % of the faces, 6 of a million others",
                "0.99 and 0.3, each multiplied ten times by itself.",
                right=True,
            ),
            Answer(
                "not_multiplied",
                "About 90 % of the faces, 3 % of the others",
                "The rates multiply: 0.3¹⁰.",
            ),
        ),
    ),
    QuizQuestion(
        "accuracy",
        "A classifier is wrong on 5 % of the windows without a face. Why is it still useless as a "
        "detector?",
        (
            Answer(
                "many_windows",
                "A photo has some hundred thousand windows",
                "5 % of them are thousands of false alarms. You counted them.",
                right=True,
            ),
            Answer(
                "worse_than_guessing",
                "5 % is worse than guessing",
                "Guessing would be wrong on half of them.",
            ),
            Answer(
                "slow", "It is too slow", "Speed is another matter; the cascade helps with both."
            ),
        ),
    ),
    QuizQuestion(
        "springs",
        "A part model puts springs between the parts of a face. What does a spring cost?",
        (
            Answer(
                "by_distance",
                "More, the farther a part lies from its usual place",
                "Match − cost: a good match may pay for a stretched spring.",
                right=True,
            ),
            Answer("constant", "The same for every place", "Then parts could lie anywhere."),
            Answer(
                "forbids",
                "Nothing; it forbids other places",
                "A forbidden place would be a stiff filter.",
            ),
        ),
    ),
)
