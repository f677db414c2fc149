"""The quiz of the lesson on how we see."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "hubel_wiesel",
        "What did Hubel and Wiesel find when they showed bars of light to cells of the visual "
        "cortex?",
        (
            Answer(
                "any_light",
                "Each cell answers to any light in its part of the picture",
                "That holds for cells before the cortex. These stayed nearly silent to most bars.",
            ),
            Answer(
                "orientation",
                "Each cell answers to bars of a certain orientation, and less the more they turn",
                "You saw the same curve: a best orientation, and half of the answer some 20° away.",
                right=True,
            ),
            Answer(
                "objects",
                "Each cell answers to one object",
                "Objects come much later on the way. These cells answer to edges and bars.",
            ),
        ),
    ),
    QuizQuestion(
        "complex",
        "A grating drifts past. How do you tell a simple cell from a complex one?",
        (
            Answer(
                "louder",
                "The complex cell answers more strongly",
                "Strength says nothing about it: either may be the stronger one.",
            ),
            Answer(
                "swing",
                "The answer of the simple cell swings with each stripe, that of the complex one "
                "hardly",
                "This is what F1/F0 measures: swing over mean. Above 1 it is called simple.",
                right=True,
            ),
            Answer(
                "narrower",
                "The complex cell is tuned more narrowly",
                "De Valois and colleagues found simple and complex cells equally wide.",
            ),
        ),
    ),
    QuizQuestion(
        "order",
        "In which order do features appear on the way through the visual system, and through a "
        "trained network?",
        (
            Answer(
                "edges_first",
                "Edges, simple shapes, complex shapes, faces and objects",
                "Lower layers see small pieces and answer to edges; upper ones put them together.",
                right=True,
            ),
            Answer(
                "objects_first",
                "Objects first, then their parts, then edges",
                "A unit of the first layer sees 3 pixels. No object fits in there.",
            ),
            Answer(
                "all_at_once",
                "All at once, in every layer",
                "You measured it: what units answer to differs from layer to layer.",
            ),
        ),
    ),
    QuizQuestion(
        "untrained",
        "Units of an untrained network also go from simple to complex with depth. What follows?",
        (
            Answer(
                "nothing_learned",
                "The trained network has learned nothing",
                "It has: circular variance falls with learning and stays high without.",
            ),
            Answer(
                "architecture",
                "Layers and pooling alone do much of it; only what differs from the untrained "
                "network comes from learning",
                "That is what such a control is for.",
                right=True,
            ),
            Answer(
                "wrong_measure",
                "F1/F0 is a wrong measure",
                "It measures what it says. The conclusion “so it was learned” would be wrong.",
            ),
        ),
    ),
    QuizQuestion(
        "control",
        "A unit answers faces twice as strongly as other things, and scrambled faces just as "
        "strongly as faces. What is it?",
        (
            Answer(
                "face_unit",
                "A face unit: its selectivity index is 1/3",
                "The index is right, but the control takes the face away and the answer stays.",
            ),
            Answer(
                "waves",
                "A unit for the stripes and shades that faces consist of",
                "Scrambling keeps these and breaks the face. Only a unit that notices may be "
                "called after faces.",
                right=True,
            ),
            Answer(
                "broken",
                "A broken unit",
                "It answers reliably, only not to what its name would say.",
            ),
        ),
    ),
    QuizQuestion(
        "halves",
        "Why is a unit chosen on one half of the pictures and tested on the other?",
        (
            Answer(
                "time",
                "To save time",
                "It takes the same time: all pictures are shown.",
            ),
            Answer(
                "luck",
                "The best of 2,624 units is partly the luckiest, and luck does not last",
                "The d′ where it was chosen is too good on average. The other half tells.",
                right=True,
            ),
            Answer(
                "balance",
                "So that there are as many faces as other things",
                "There are more other things in both halves; d′ copes with that.",
            ),
        ),
    ),
)
