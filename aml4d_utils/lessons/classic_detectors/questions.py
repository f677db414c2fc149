"""The quiz of the lesson on detectors before CNNs."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, QuizQuestion
from aml4d_utils.measuring.wording import percent

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
        topic="viola_jones",
        place="Four corners instead of thousands of pixels",
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
        topic="viola_jones",
        place="Lighter here, darker there",
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
        topic="viola_jones",
        place="Many weak questions make a strong answer",
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
        topic="viola_jones",
        place="The cascade: say no early",
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
                "5 % is worse than guessing without looking",
                "Guessing would be wrong on half of them.",
                formerly="5 % is worse than guessing",
            ),
            Answer(
                "slow", "It is too slow", "Speed is another matter; the cascade helps with both."
            ),
        ),
        topic="viola_jones",
        place="Good in the test, useless in a photo",
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
                "Nothing at its usual place; it forbids all others",
                "A forbidden place would be a stiff filter.",
                formerly="Nothing; it forbids other places",
            ),
        ),
        topic="parts",
        place="Parts on springs",
    ),
)


def _four_corners() -> Computed:
    from aml4d_utils.topics.viola_jones.integral import box_sum, integral_image

    pixels = np.arange(1, 26).reshape(5, 5) % 7
    box = box_sum(integral_image(pixels), 1, 2, 3, 2)
    a, b, c, d = (round(corner) for corner in box.corners)
    values = {"a": a, "b": b, "c": c, "d": d, "sum": round(box.total), "twice": d - b - c}
    return Computed({name: str(value) for name, value in (values | {"last": d - a}).items()})


def _questions() -> Computed:
    from aml4d_utils.topics.viola_jones.haar import all_features

    side = 16
    values = {"side": side, "features": len(all_features(side)), "pixels": side**2, "kinds": 5}
    return Computed({name: f"{value:,}" for name, value in values.items()})


def _each_stage() -> Computed:
    stages, kept, between = 20, 0.9, 0.95
    values = {"needed": kept ** (1 / stages), "between": between}
    values |= {"kept_left": kept**stages, "between_left": between**stages}
    words = {name: percent(value, int(name == "needed")) for name, value in values.items()}
    return Computed(words | {"kept": percent(kept), "stages": str(stages)})


def _pulled() -> Computed:
    from aml4d_utils.topics.part_models.distance_transform import Spring, best_places

    matches = np.array([[2.0, 0.0, 0.0, 5.0]])
    spring = Spring(0.0, 0.5)
    placed = best_places(matches, spring, spring)
    best, where = placed.scores[0, 0], int(placed.cols[0, 0])
    values = {"best": best, "far": matches[0, 3], "pulled": matches[0, 3] - spring.cost(3)}
    values |= {"cost": spring.cost(3), "anchor": matches[0, 0], "cheap": 5 - 0.5 * 3}
    assert where == 0
    return Computed({name: f"{float(value):.1f}" for name, value in values.items()})


MORE = (
    QuizQuestion(
        "four_corners",
        "At the corners of a rectangle an integral image holds {a} (top left), {b} (top right), "
        "{c} (bottom left) and {d} (bottom right). What is the sum over the rectangle?",
        (
            Answer(
                "four",
                "{sum}",
                "{d} − {b} − {c} + {a}: what lies above and to the left was taken away twice.",
                right=True,
            ),
            Answer(
                "twice",
                "{twice}",
                "You took the part above and to the left away twice. Its corner has to come back.",
            ),
            Answer(
                "diagonal",
                "{last}",
                "That still holds what lies beside the rectangle and above it.",
            ),
        ),
        topic="viola_jones",
        place="Four corners instead of thousands of pixels",
        compute=_four_corners,
    ),
    QuizQuestion(
        "questions",
        "How many Haar features of five kinds fit into a window of {side} × {side} pixels, at "
        "every place and in every size?",
        (
            Answer(
                "kinds",
                "{kinds}",
                "Each kind comes at every place, and in every height and width.",
            ),
            Answer(
                "pixels",
                "{pixels}",
                "That is how many pixels there are. From nearly each of them many rectangles "
                "begin.",
            ),
            Answer(
                "all",
                "{features}",
                "Far more than the window has pixels. So AdaBoost has to choose.",
                right=True,
            ),
        ),
        topic="viola_jones",
        place="Lighter here, darker there",
        compute=_questions,
        keep_order=True,
    ),
    QuizQuestion(
        "each_stage",
        "A cascade of {stages} stages must keep {kept} of all faces. How many must each stage "
        "keep?",
        (
            Answer(
                "same",
                "{kept}",
                "Then {kept_left} would be left at the end.",
            ),
            Answer(
                "between",
                "{between}",
                "Then {between_left} would be left at the end.",
            ),
            Answer(
                "root",
                "{needed}",
                "The rates multiply. So each stage may lose a tiny part only.",
                right=True,
            ),
        ),
        topic="viola_jones",
        place="The cascade: say no early",
        compute=_each_stage,
    ),
    QuizQuestion(
        "in_the_dark",
        "A Haar feature is divided by the contrast of its window, so dim light should not "
        "matter. Why does OpenCV's cascade lose faces in the dark all the same?",
        (
            Answer(
                "subtract",
                "Rectangles can no longer be subtracted once they are dark",
                "Small numbers subtract as well as large ones.",
            ),
            Answer(
                "even",
                "It skips windows that are almost even",
                "In the dark nearly all windows are, so most faces are never looked at.",
                right=True,
            ),
            Answer(
                "colours",
                "Skin has lost its colour, and the cascade was trained on colours",
                "It looks at grey only, by day and by night.",
            ),
        ),
        topic="viola_jones",
        place="When does it fail?",
    ),
    QuizQuestion(
        "pulled",
        "At its anchor a part matches with {anchor}. Three cells away it matches with {far}. "
        "The spring costs 0.5 · d² for d cells. What is the part's best score?",
        (
            Answer(
                "far",
                "{far}",
                "That match is free only without a spring.",
            ),
            Answer(
                "anchor",
                "{best}",
                "At the other place the spring costs {cost}, and {pulled} is left.",
                right=True,
            ),
            Answer(
                "linear",
                "{cheap}",
                "The cost grows with the square of the distance: {cost}, not 1.5.",
            ),
        ),
        topic="parts",
        place="Parts on springs",
        compute=_pulled,
    ),
    QuizQuestion(
        "turned_face",
        "You turn a face upside down, and the part model loses it. Why do its springs not help?",
        (
            Answer(
                "stiff",
                "The springs have been learned from too few faces, so they are too stiff",
                "Soft springs would not turn a filter either.",
            ),
            Answer(
                "outside",
                "Eyes and mouth have left the window of the root filter",
                "They are still inside it, only upside down.",
            ),
            Answer(
                "filters",
                "Parts may move, but no filter turns along",
                "Springs allow for shifted parts. Each filter still looks for an upright eye.",
                right=True,
            ),
        ),
        topic="parts",
        place="Parts on springs",
    ),
    QuizQuestion(
        "what_changed",
        "What changed most when CNNs took over from these detectors?",
        (
            Answer(
                "learned",
                "Features are learned, together with the classifier",
                "Rectangles, gradients and parts had been people's ideas.",
                right=True,
            ),
            Answer(
                "no_labels",
                "Nobody has to label photos any more, since networks find things alone",
                "They need more labelled photos, not fewer.",
            ),
            Answer(
                "windows",
                "Photos need no longer be looked at in many places and in many sizes",
                "A detector such as NanoDet still answers for thousands of places, at three sizes.",
            ),
        ),
        topic="parts",
        place="What changed with CNNs",
    ),
)
