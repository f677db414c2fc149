"""The quiz of the detection lesson."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, QuizQuestion
from aml4d_utils.measuring.wording import percent

QUESTIONS = (
    QuizQuestion(
        "many_boxes",
        "Before suppression, dozens of boxes lie on one motorcycle. Why?",
        (
            Answer(
                "unsure",
                "The network is unsure, so it tries several words one after the other",
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
        topic="detection",
        place="Thousands of answers at once",
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
        topic="detection",
        place="One thing, one box",
    ),
    QuizQuestion(
        "threshold",
        "You raise the threshold. What is certain?",
        (
            Answer(
                "precision",
                "Precision rises for every detector",
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
        topic="detection",
        place="How good is it?",
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
        topic="detection",
        place="Several honest answers",
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
        topic="detector_failures",
        place="Where it fails",
    ),
    QuizQuestion(
        "mounting",
        "Your shelf's camera finds large bottles well and small ones badly. What helps most?",
        (
            Answer(
                "lower_threshold",
                "A lower threshold, so that it also reports what it is less sure of",
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
        topic="detector_failures",
        place="When does it fail?",
    ),
)


def _overlap() -> Computed:
    from aml4d_utils.nets.detection import box_iou

    one, other = np.array([[0, 0, 10, 10]]), np.array([[5, 0, 15, 10]])
    shared, alone = 5 * 10, 10 * 10
    values = {"iou": float(box_iou(one, other)[0, 0]), "of_one": shared / alone}
    return Computed(
        {name: f"{value:.2f}" for name, value in (values | {"of_both": shared / 200}).items()}
    )


def _cells() -> Computed:
    from aml4d_utils.nets.nanodet import CLASSES, STRIDES

    side = 416
    grids = [(side // stride) ** 2 for stride in STRIDES]
    values = {"side": side, "words": CLASSES, "all": sum(grids), "finest": grids[0]}
    values |= {"each_word": sum(grids) * CLASSES}
    return Computed({name: f"{value:,}" for name, value in values.items()})


def _precision_recall() -> Computed:
    from aml4d_utils.topics.detection_metrics.judging_boxes import judge
    from aml4d_utils.topics.detection_metrics.padilla import pictures

    right, alarms, missed = judge(*pictures(), least=0.3).counts(0.0)
    boxes, things = right + alarms, right + missed
    values = {"boxes": boxes, "things": things, "right": right}
    shares = {"recall": right / things, "precision": right / boxes, "neither": things / boxes}
    return Computed(
        {name: str(value) for name, value in values.items()}
        | {name: percent(value) for name, value in shares.items()}
    )


def _three_in_a_row() -> Computed:
    from aml4d_utils.nets.detection import Detections, box_iou, suppress

    boxes = np.array([[left, 0, left + 100, 50] for left in (0, 25, 50)], np.float32)
    found = Detections(boxes, np.array([0.9, 0.8, 0.7], np.float32), np.array(["cup"] * 3))
    names = {0.9: "A", 0.8: "B", 0.7: "C"}
    kept = [names[round(float(score), 1)] for score in suppress(found, iou=0.5).scores]
    near, far = (float(box_iou(boxes[:1], boxes[n : n + 1])[0, 0]) for n in (1, 2))
    values = {"kept": " and ".join(kept), "near": f"{near:.1f}", "far": f"{far:.1f}"}
    return Computed(values | {"surest": "A alone", "all": "A, B and C"})


def _average_precision() -> Computed:
    from aml4d_utils.topics.detection_metrics.average_precision import average_precision

    hits = np.array([True, False, True])
    values = {"area": average_precision(hits, truths=2).value, "last": hits.mean(), "recall": 1.0}
    return Computed({name: f"{value:.2f}" for name, value in values.items()})


def _farthest() -> Computed:
    height, least = 208 / np.tan(np.radians(30)) * 0.3, 40
    values = {"farthest": height / least, "upside_down": least / height}
    values |= {"square_root": (height / least) ** 0.5}
    words = {name: f"{value:.1f} m" for name, value in values.items()}
    return Computed(words | {"height": f"{height:.0f}", "least": str(least)})


MORE = (
    QuizQuestion(
        "overlap",
        "Two boxes of 10 × 10 pixels overlap in a part of 5 × 10. What is their IoU?",
        (
            Answer(
                "one_box",
                "{of_one}",
                "That is the share of one box. The union is larger.",
            ),
            Answer(
                "union",
                "{iou}",
                "50 pixels lie in both, 150 in at least one.",
                right=True,
            ),
            Answer(
                "twice",
                "{of_both}",
                "The 50 pixels in both are part of either box: count them once.",
            ),
        ),
        topic="detection",
        place="One thing, one box",
        compute=_overlap,
    ),
    QuizQuestion(
        "cells",
        "NanoDet lays three grids over a photo of {side} × {side} pixels, with cells of 8, 16 "
        "and 32 pixels. How many boxes does it draw, before anything is left out?",
        (
            Answer(
                "finest",
                "{finest}",
                "Those are the cells of the finest grid. The other two answer as well.",
            ),
            Answer(
                "each_cell",
                "{all}",
                "One for each cell of the three grids.",
                right=True,
            ),
            Answer(
                "each_word",
                "{each_word}",
                "Each cell gives {words} scores, but only one box.",
            ),
        ),
        topic="detection",
        place="Thousands of answers at once",
        compute=_cells,
        keep_order=True,
    ),
    QuizQuestion(
        "precision_recall",
        "In a published example a program draws {boxes} boxes, and {things} things are there. "
        "{right} of the boxes find one, as this course measures boxes. What is the recall?",
        (
            Answer(
                "of_boxes",
                "{precision}",
                "{right} of the {boxes} boxes are right: that is the precision.",
            ),
            Answer(
                "neither",
                "{neither}",
                "Things over boxes says nothing about what was found.",
            ),
            Answer(
                "of_things",
                "{recall}",
                "{right} of the {things} things are found.",
                right=True,
            ),
        ),
        topic="detection",
        place="How good is it?",
        compute=_precision_recall,
    ),
    QuizQuestion(
        "three_in_a_row",
        "Three boxes with one word: A (score 0.9), B (0.8), C (0.7). A and B overlap with an "
        "IoU of {near}, so do B and C; A and C with {far}. The limit is 0.5. Which boxes does "
        "suppression keep?",
        (
            Answer(
                "a_and_c",
                "{kept}",
                "A drops B. Then B is gone and can drop nothing, so C stays.",
                right=True,
            ),
            Answer(
                "a",
                "{surest}",
                "Only B overlaps C enough to drop it, and B is gone by then.",
            ),
            Answer(
                "all",
                "{all}",
                "B overlaps the surer A by more than the limit.",
            ),
        ),
        topic="detection",
        place="One thing, one box",
        compute=_three_in_a_row,
    ),
    QuizQuestion(
        "teeth",
        "Two things are in a photo. Three boxes, the surest first: right, wrong, right. What is "
        "the average precision, read at every point?",
        (
            Answer(
                "envelope",
                "{area}",
                "At the first thing found the precision is 1, at the second 2 of 3. Their mean "
                "is the area.",
                right=True,
            ),
            Answer(
                "last",
                "{last}",
                "That is the precision at the end. The first half of the recall came at "
                "precision 1.",
            ),
            Answer(
                "recall",
                "{recall}",
                "That is the recall at the end: both are found, but with a false alarm.",
            ),
        ),
        topic="detection",
        place="How good is it?",
        compute=_average_precision,
    ),
    QuizQuestion(
        "farthest",
        "A bottle is {height} pixels high from 1 metre. You promise nothing for things under "
        "{least} pixels. How far away may the bottle stand?",
        (
            Answer(
                "square_root",
                "{square_root}",
                "Its area shrinks with the square of the distance, its height with the distance "
                "itself.",
            ),
            Answer(
                "upside_down",
                "{upside_down}",
                "From so near it is far larger than it has to be. You divided the other way.",
            ),
            Answer(
                "farthest",
                "{farthest}",
                "Twice as far, half as high: {height} over {least}.",
                right=True,
            ),
        ),
        topic="detector_failures",
        place="Exercises",
        compute=_farthest,
    ),
    QuizQuestion(
        "clutter",
        "You added other things to the scenes, and the recall hardly fell. Why look at the "
        "precision as well?",
        (
            Answer(
                "hidden",
                "The other things hide some of those that are to be found",
                "Nothing was hidden in these scenes. If it were, the recall would have fallen.",
            ),
            Answer(
                "alarms",
                "Every other thing is a chance for a false alarm",
                "Recall counts what is found of what you look for. It does not see boxes on "
                "anything else.",
                right=True,
            ),
            Answer(
                "invalid",
                "The recall cannot be measured any more once there is clutter",
                "It can: the truth about the scenes is known.",
            ),
        ),
        topic="detector_failures",
        place="When does it fail?",
    ),
    QuizQuestion(
        "agreement",
        "Nobody has drawn boxes on whole photos. You take what the detector says about the "
        "clean photo for the truth, then darken it. What does the curve show?",
        (
            Answer(
                "right",
                "How often it is right about whole photos in the dark",
                "That would need boxes that somebody has drawn.",
            ),
            Answer(
                "itself",
                "How far it agrees with itself",
                "What it misses or makes up in the clean photo counts as truth here.",
                right=True,
            ),
            Answer(
                "photos",
                "How dark the photos may be until people see nothing",
                "No person was asked.",
            ),
        ),
        topic="detector_failures",
        place="When does it fail?",
    ),
)
