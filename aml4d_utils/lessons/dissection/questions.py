"""The quiz of the dissection lesson."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, QuizQuestion
from aml4d_utils.measuring.wording import percent

QUESTIONS = (
    QuizQuestion(
        "unit",
        "Network dissection gives a unit the label “birds”. What was measured?",
        (
            Answer(
                "needed",
                "The network cannot recognise birds without this unit, and recognises all other "
                "things as before",
                "That needs ablation: switch it off and count.",
                formerly="The network cannot recognise birds without it",
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
        topic="dissection",
        place="Concepts with exact masks",
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
        topic="dissection",
        place="Where is a unit lit?",
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
        topic="dissection",
        place="Where is a unit lit?",
    ),
    QuizQuestion(
        "layers",
        "What do the detectors of the first layers find, and what those of the last?",
        (
            Answer(
                "faces",
                "Lower layers find the parts of faces, upper ones the faces of people only",
                "Faces were not among the concepts here.",
                formerly="Both layers find faces",
            ),
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
        topic="dissection",
        place="Does learning make detectors?",
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
        topic="dissection",
        place="Switch units off",
    ),
)


def _lit_places() -> Computed:
    from aml4d_utils.topics.dissection.concepts import MAP_SIDE

    scenes, share = 100, 0.005
    places = MAP_SIDE**2 * scenes
    values = {"side": MAP_SIDE, "scenes": scenes, "lit": share * places}
    values |= {"percent": 5 * places / 100, "one_scene": MAP_SIDE**2}
    return Computed({name: f"{value:,.0f}" for name, value in values.items()})


def _masks() -> Computed:
    from aml4d_utils.topics.dissection.lighting import intersection_over_union

    places = np.arange(100)
    lit, mask = places < 30, (places >= 10) & (places < 70)
    values = {"iou": intersection_over_union(lit, mask), "of_lit": (lit & mask).sum() / lit.sum()}
    values |= {"of_mask": (lit & mask).sum() / mask.sum()}
    words = {name: f"{float(value):.2f}" for name, value in values.items()}
    counts = {"lit": lit.sum(), "mask": mask.sum(), "both": (lit & mask).sum()}
    return Computed(words | {name: str(value) for name, value in counts.items()})


def _small_class() -> Computed:
    from aml4d_utils.measuring.intervals import wilson

    ends = {"wide": wilson(6 / 8, 8), "narrow": wilson(6 / 8, 800)}
    return Computed({name: f"{percent(a)} to {percent(b)}" for name, (a, b) in ends.items()})


MORE = (
    QuizQuestion(
        "lit_places",
        "A unit is lit in the top 0.5 % of all places. It has been shown {scenes} scenes with "
        "{side} × {side} places each. How many places are lit in all?",
        (
            Answer(
                "all_scenes",
                "{lit}",
                "Half a per cent of all places of all scenes. Some scenes hold many of them, "
                "others none.",
                right=True,
            ),
            Answer(
                "one_scene",
                "{one_scene}",
                "That is one whole scene.",
            ),
            Answer(
                "per_cent",
                "{percent}",
                "That is 5 %, ten times as many.",
            ),
        ),
        topic="dissection",
        place="Where is a unit lit?",
        compute=_lit_places,
        keep_order=True,
    ),
    QuizQuestion(
        "masks",
        "A unit is lit in {lit} places, a bird covers {mask}, and {both} places are both. What "
        "is the IoU?",
        (
            Answer(
                "of_lit",
                "{of_lit}",
                "That is the share of the lit places. A unit lit in a single feather would get 1.",
            ),
            Answer(
                "union",
                "{iou}",
                "{both} over 70: count the places that are both only once.",
                right=True,
            ),
            Answer(
                "of_mask",
                "{of_mask}",
                "That is the share of the bird. A unit lit everywhere would get 1.",
            ),
        ),
        topic="dissection",
        place="Where is a unit lit?",
        compute=_masks,
    ),
    QuizQuestion(
        "untrained",
        "The untrained network has detectors too: some units of its first layer get the label "
        "“red”. What follows?",
        (
            Answer(
                "learned",
                "The untrained network must have seen red photos before",
                "Its weights are random numbers. It has not seen any photo.",
            ),
            Answer(
                "useless",
                "Dissection is useless, since anything gets a label in this way",
                "In upper layers the two networks differ clearly: things come with learning.",
            ),
            Answer(
                "chance",
                "Such labels alone do not prove learning",
                "A random kernel may well prefer a colour. Hence the same measurement on both "
                "networks.",
                right=True,
            ),
        ),
        topic="dissection",
        place="Does learning make detectors?",
    ),
    QuizQuestion(
        "small_class",
        "Of 8 test photos of a class, 6 are named rightly, and after you have switched off some "
        "units still 6. What do you know about the true share of this class?",
        (
            Answer(
                "wide",
                "It lies somewhere from {wide}",
                "Eight photos cannot tell a small loss from none.",
                right=True,
            ),
            Answer(
                "narrow",
                "It lies somewhere from {narrow}",
                "That would need some hundred photos.",
            ),
            Answer(
                "exact",
                "It is 75 %, before and after, so these units are not needed",
                "Chance alone moves a count of eight by one or two.",
            ),
        ),
        topic="dissection",
        place="Switch units off",
        compute=_small_class,
    ),
    QuizQuestion(
        "flower",
        "A unit of the first layer sees nine pixels and gets the label “flowers”. What has most "
        "likely happened?",
        (
            Answer(
                "colour",
                "It answers to a colour that mostly flowers have in these scenes",
                "The label says what overlaps here. Other scenes might give it another one.",
                right=True,
            ),
            Answer(
                "recognises",
                "It recognises flowers, only in a very early layer",
                "No flower fits into nine pixels.",
            ),
            Answer(
                "mistake",
                "The masks of the flowers have been drawn by hand, and wrongly",
                "They are exact: the scenes were composed from cut-outs.",
            ),
        ),
        topic="dissection",
        place="A label that misleads",
    ),
)
