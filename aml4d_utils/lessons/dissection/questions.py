"""The quiz of the dissection lesson."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "unit",
        "Network dissection gives a unit the label “birds”. What was measured?",
        (
            Answer(
                "needed",
                "The network cannot recognise birds without it",
                "That needs ablation: switch it off and count.",
            ),
            Answer(
                "trained_on",
                "The unit was trained on birds",
                "Nobody trained this unit for a label.",
            ),
            Answer(
                "overlap",
                "Where it answers most strongly, birds often lie, more often than anything else "
                "that was tried",
                "The label comes from overlap with known masks, and only from the concepts that "
                "were in the list.",
                right=True,
            ),
        ),
    ),
    QuizQuestion(
        "threshold",
        "Why does each unit get a threshold of its own?",
        (
            Answer("memory", "To save memory", "It is one more number to keep."),
            Answer(
                "own_scale",
                "Units answer on different scales; the top 0.5 % of places is the same for all",
                "One number for all would light up loud units everywhere and quiet ones nowhere.",
                right=True,
            ),
            Answer(
                "all_detectors",
                "So that every unit becomes a detector",
                "Many units stay without a label: their lit places fit no concept.",
            ),
        ),
    ),
    QuizQuestion(
        "iou",
        "A unit lights up 10 places. All 10 lie on a bird that covers 100 places. What is the IoU?",
        (
            Answer("one", "1", "That would need all 100 places of the bird to be lit."),
            Answer(
                "counted_twice",
                "0.09",
                "The 10 places that are both are part of the 100: count them once.",
            ),
            Answer("tenth", "0.1", "10 places are both, 100 are at least one.", right=True),
        ),
    ),
    QuizQuestion(
        "layers",
        "What do the detectors of the first layers find, and what those of the last?",
        (
            Answer("faces", "Both layers find faces", "Faces were not among the concepts here."),
            Answer(
                "simple_to_objects",
                "Lower layers find simple things such as colours, upper ones whole objects",
                "You counted it: colours at conv1; things at fire9, and these after training only.",
                right=True,
            ),
            Answer(
                "all_the_same",
                "Nothing: every layer finds the same",
                "The two plots say otherwise, and the untrained network shows what chance does.",
            ),
        ),
    ),
    QuizQuestion(
        "ablation",
        "You switch off 20 units. Birds are no longer recognised, all else is. What follows?",
        (
            Answer(
                "needed",
                "The read-out needed these units for birds, and hardly for anything else",
                "Ablation shows what is needed. The other classes are the control.",
                right=True,
            ),
            Answer(
                "all_detectors",
                "These 20 units are all detectors of birds",
                "Needed and labelled are two measurements: you saw that they differ.",
            ),
            Answer(
                "learned_last",
                "The network learned birds last",
                "Ablation says nothing about the order of learning.",
            ),
        ),
    ),
)
