"""The quiz of the lesson on how we see."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, Illustration, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "hubel_wiesel",
        "What did Hubel and Wiesel find when they showed bars of light to cells of the visual "
        "cortex?",
        (
            Answer(
                "any_light",
                "Each cell answers to any light in its part of the picture, and more the "
                "brighter it is",
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
        topic="cells",
        place="One cell, six bars",
    ),
    QuizQuestion(
        "complex",
        "A grating drifts past. How do you tell a simple cell from a complex one?",
        (
            Answer(
                "louder",
                "The complex cell answers more strongly to every stripe, since it adds up "
                "several simple ones",
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
        topic="cells",
        place="Simple or complex?",
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
        topic="hierarchy",
        place="Your photo: edges, shapes, things",
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
        topic="hierarchy",
        place="All units at once",
    ),
    QuizQuestion(
        "control",
        "A unit answers faces twice as strongly as other things, and scrambled faces just as "
        "strongly as faces. What is it?",
        (
            Answer(
                "face_unit",
                "A face unit: its selectivity index is 1/3, as for a doubled answer",
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
        topic="faces_houses",
        place="Faces",
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
                "So that there are as many faces as other things in what it is tested on",
                "There are more other things in both halves; d′ copes with that.",
            ),
        ),
        topic="faces_houses",
        place="Faces",
    ),
)


def _width() -> Computed:
    from aml4d_utils.topics.tuning.tuning_measures import half_width

    orientations = np.arange(0, 180, 30)
    answers = np.array([0, 0, 10, 20, 10, 0])
    width = half_width(orientations, answers)
    foot = 30 * (np.count_nonzero(answers) + 1)
    values = {"answers": ", ".join(map(str, answers)), "width": f"{width:.0f}"}
    return Computed(values | {"side": f"{width / 2:.0f}", "foot": str(foot)})


def _no_preference() -> Computed:
    from aml4d_utils.topics.tuning.tuning_measures import circular_variance

    orientations = np.arange(0, 180, 30)
    variance = float(circular_variance(orientations, np.full(len(orientations), 7.0)))
    return Computed({"variance": f"{variance:.0f}", "none": f"{1 - variance:.0f}", "half": "0.5"})


def _field() -> Computed:
    from aml4d_utils.topics.tuning.gabor_cells import gabor

    side = 41
    field = gabor(side, 90, 16, 0, 6, 9)
    middle, beside = field[side // 2, side // 2], field[side // 2, side // 2 + 8]
    bars = {"upright": field[:, 18:23].sum(), "lying": field[18:23].sum()}
    bars["edge"] = field[:, 21:].sum() - field[:, :20].sum()
    words = {
        "upright": "A light bar that stands upright in the middle",
        "lying": "A light bar that lies across the middle, from left to right",
        "edge": "Light on the whole right half, and darkness on the whole left half",
    }
    best, *others = sorted(bars, key=bars.get, reverse=True)
    values = {"best": words[best], "second": words[others[0]], "third": words[others[1]]}
    seen = (
        "A receptive field on mid-grey. An upright stripe in the middle is light "
        f"({middle:+.1f}), the stripes to its left and right are dark ({beside:+.1f})."
    )
    return Computed(values, Illustration(np.uint8(np.round(127.5 + 127.5 * field)), seen))


def _growing_field() -> Computed:
    from aml4d_utils.nets.receptive_fields import receptive_field
    from aml4d_utils.nets.squeezenet import SqueezeNet
    from aml4d_utils.nets.squeezenet_layers import SIDE, geometry_up_to

    net = SqueezeNet()
    first, last = (receptive_field(geometry_up_to(net, stage)) for stage in ("conv1", "fire5"))
    return Computed({"first": str(first), "last": str(last), "side": str(SIDE)})


def _index() -> Computed:
    from aml4d_utils.topics.selectivity.discrimination import selectivity_index

    faces, others = np.array([5.0, 7.0]), np.array([1.0, 2.0, 3.0])
    values = {"faces": faces.mean(), "others": others.mean()}
    values |= {"difference": faces.mean() - others.mean()}
    values |= {"ratio": faces.mean() / others.mean()}
    words = {name: f"{value:.0f}" for name, value in values.items()}
    return Computed(words | {"index": f"{float(selectivity_index(faces, others)):.1f}"})


MORE = (
    QuizQuestion(
        "width",
        "To bars at 0°, 30°, 60°, 90°, 120° and 150° a cell answers {answers} spikes per second "
        "above rest, and between them along straight lines. How wide is its tuning curve at "
        "half height?",
        (
            Answer(
                "one_side",
                "{side}°",
                "So far it is from the top to one side. The width counts both sides.",
            ),
            Answer(
                "between_halves",
                "{width}°",
                "Half of 20 is 10, and the curve is there at 60° and at 120°.",
                right=True,
            ),
            Answer(
                "foot",
                "{foot}°",
                "That is the width at the foot, where the answers begin.",
            ),
        ),
        topic="cells",
        place="One cell, six bars",
        compute=_width,
    ),
    QuizQuestion(
        "no_preference",
        "A unit answers to all orientations alike. What is its circular variance?",
        (
            Answer(
                "zero",
                "{none}",
                "That is a unit which answers to a single orientation.",
            ),
            Answer(
                "half",
                "{half}",
                "That is a unit which prefers some orientations: half of the arrows' length is "
                "left.",
            ),
            Answer(
                "one",
                "{variance}",
                "Its arrows point all around and cancel, so nothing is taken away from 1.",
                right=True,
            ),
        ),
        topic="cells",
        place="All units at once",
        compute=_no_preference,
        keep_order=True,
    ),
    QuizQuestion(
        "field",
        "This is the receptive field of a simple cell: light falling on its light parts makes "
        "the cell fire, light on its dark parts silences it. Which stimulus makes it fire most?",
        (
            Answer(
                "lying",
                "{second}",
                "It crosses the dark stripes as well, and they take away what the light one gives.",
            ),
            Answer(
                "half",
                "{third}",
                "It covers half of the light stripe, and a whole dark one that counts against it.",
            ),
            Answer(
                "upright",
                "{best}",
                "All of its light falls on the stripe that is in favour, none on those against.",
                right=True,
            ),
        ),
        topic="cells",
        place="Explore: record from a cell",
        compute=_field,
    ),
    QuizQuestion(
        "growing_field",
        "A unit of SqueezeNet's conv1 sees {first} pixels along each side. How many does a "
        "unit of fire5 see?",
        (
            Answer(
                "grown",
                "{last}",
                "Each layer looks at several cells of the layer before, and pooling widens the "
                "steps. So fields grow with depth.",
                right=True,
            ),
            Answer(
                "same",
                "{first}",
                "Its kernels are as small, but they lie on feature maps, and each cell of those "
                "sees several pixels.",
            ),
            Answer(
                "whole",
                "{side}",
                "That is the whole photo. Only the mean at the very end of the network covers it.",
            ),
        ),
        topic="hierarchy",
        place="The same instrument, a real unit",
        compute=_growing_field,
    ),
    QuizQuestion(
        "kanwisher",
        "What did Kanwisher and her colleagues find in the human brain in 1997?",
        (
            Answer(
                "region",
                "A region that answers more to faces than to houses",
                "In 12 of 15 people, measured as per cent of signal change. It answers to other "
                "things too, only less.",
                right=True,
            ),
            Answer(
                "cell",
                "A single cell that fires for the face of one person and for no other",
                "They measured the blood flow of a region, which is the work of millions of cells.",
            ),
            Answer(
                "only_faces",
                "A region that answers to faces and stays silent for everything else",
                "It answers to houses as well. More is not the same as only.",
            ),
        ),
        topic="faces_houses",
        place="Faces",
    ),
    QuizQuestion(
        "index",
        "A unit answers {faces} to faces and {others} to other things, each on average. What is "
        "its selectivity index?",
        (
            Answer(
                "difference",
                "{difference}",
                "That is the difference alone. A loud unit would always win.",
            ),
            Answer(
                "ratio",
                "{ratio}",
                "That is the ratio of the two. The index stays between −1 and 1.",
            ),
            Answer(
                "over_sum",
                "{index}",
                "The difference over the sum: 4 over 8.",
                right=True,
            ),
        ),
        topic="faces_houses",
        place="Faces",
        compute=_index,
    ),
    QuizQuestion(
        "houses",
        "In 1998 Epstein and Kanwisher described a neighbouring region. What does it answer to?",
        (
            Answer(
                "tools",
                "Tools and other things that can be held",
                "It answers to places more than to single objects.",
            ),
            Answer(
                "scenes",
                "Scenes and buildings",
                "Rooms and landscapes too: it is about places.",
                right=True,
            ),
            Answer(
                "any",
                "Any picture, as long as it shows no face",
                "Then single objects would do as well as places, and they do not.",
            ),
        ),
        topic="faces_houses",
        place="Faces",
    ),
)
