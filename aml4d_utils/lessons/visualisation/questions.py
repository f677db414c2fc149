"""The quiz of lesson 08."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, Illustration, QuizQuestion

QUESTIONS = (
    QuizQuestion(
        "deconvnet",
        "What does a deconvnet show?",
        (
            Answer(
                "this_photo",
                "What in this photo made one unit answer",
                "It sends one unit's answer back through the layers to the pixels.",
                right=True,
            ),
            Answer(
                "favourite_photo",
                "The photo that the unit likes most of all",
                "That is what activation maximisation draws, from noise.",
            ),
            Answer(
                "weights", "The weights of the unit", "Only for the first layer do both look alike."
            ),
        ),
        topic="deconvnet",
        place="The way back",
    ),
    QuizQuestion(
        "switches",
        "Why does the deconvnet keep switches at max pooling?",
        (
            Answer(
                "units_off",
                "To turn off those units that the photo did not wake",
                "That is ablation, in lesson 09.",
                formerly="To turn units off",
            ),
            Answer(
                "places",
                "To put each signal back where the maximum stood",
                "Pooling forgets the place; the switch remembers it for this photo.",
                right=True,
            ),
            Answer("memory", "To save memory", "They cost some: one place for every pooled value."),
        ),
        topic="deconvnet",
        place="The way back",
    ),
    QuizQuestion(
        "layers",
        "Zeiler and Fergus looked into five layers. What did they find from the first to the last?",
        (
            Answer(
                "objects_first",
                "Whole objects first, then their details",
                "A unit of the first layer sees 3 × 3 pixels here: too few for an object.",
            ),
            Answer(
                "all_the_same",
                "The same in every layer, only sharper",
                "What units like changes with depth.",
            ),
            Answer(
                "edges_to_objects",
                "Edges and colours, then textures and parts, then whole objects",
                "Each layer puts together what the one before has found, and sees further.",
                right=True,
            ),
        ),
        topic="deconvnet",
        place="What a unit likes most",
    ),
    QuizQuestion(
        "occlusion",
        "You hide a cat's ear with a grey patch and the probability of “cat” rises. What follows?",
        (
            Answer(
                "competing_class",
                "Something under the patch spoke for another class, or the grey speaks for “cat”",
                "Classes compete. Hide it with another colour to find out which of the two it is.",
                right=True,
            ),
            Answer(
                "broken", "The network is broken", "Classes compete: what one loses, another wins."
            ),
            Answer(
                "most_important",
                "The ear was the most important part",
                "Then the probability would fall.",
            ),
        ),
        topic="visualisation",
        place="What is an answer based on?",
    ),
    QuizQuestion(
        "maximisation",
        "Activation maximisation on bare pixels gives fine noise that the unit likes more than any "
        "photo. Why?",
        (
            Answer(
                "learned_noise",
                "The unit has learned noise from its photos",
                "Shake the picture a little and its answer falls.",
                formerly="The unit has learned noise",
            ),
            Answer(
                "nothing_asks",
                "Nothing asks it to look like a photo",
                "Waves, photo colours and shaking leave such noise no chance.",
                right=True,
            ),
            Answer("few_steps", "It had too few steps", "More steps make the noise stronger."),
        ),
        topic="visualisation",
        place="Draw what a unit likes",
    ),
    QuizQuestion(
        "sanity",
        "You make the weights of the upper half of the network random. Your heat map stays almost "
        "the same. What is it worth?",
        (
            Answer(
                "robust",
                "It is robust against changes, so one can trust it",
                "It ignores what the network knows.",
                formerly="It is robust, so one can trust it",
            ),
            Answer(
                "nothing",
                "Nothing can be said",
                "This test says a lot: see Adebayo and others, 2018.",
            ),
            Answer(
                "says_little",
                "It says little about what the network has learned",
                "It shows the photo's edges, with or without a trained network above.",
                right=True,
            ),
        ),
        topic="visualisation",
        place="Where it fails",
    ),
)


def _ways_back() -> Computed:
    import torch

    from aml4d_utils.topics.visualisation import passing

    signal, came_in = torch.tensor([2.0]), torch.tensor([-3.0])
    ways = {"gradient": passing.back_by_gradient, "deconvnet": passing.back_by_deconvnet}
    values = {name: way(signal, came_in).item() for name, way in ways.items()}
    values |= {"signal": signal.item(), "came_in": came_in.item()}
    return Computed({name: f"{value:.0f}".replace("-", "−") for name, value in values.items()})


def _class_map() -> Computed:
    from aml4d_utils.topics.visualisation.grad_cam import class_activation

    maps = np.array([[[3.0]], [[2.0]]])
    slopes = np.array([[[1.0]], [[-2.0]]])
    sums = slopes[:, 0, 0] * maps[:, 0, 0]
    values = {"map": class_activation(maps, slopes).item(), "sum": sums.sum()}
    values |= {"sizes": np.abs(sums).sum()}
    return Computed({name: f"{value:.0f}".replace("-", "−") for name, value in values.items()})


def _times_asked() -> Computed:
    from aml4d_utils.topics.visualisation.occlusion import POSITIONS

    values = {"side": POSITIONS, "all": POSITIONS**2, "rows": 2 * POSITIONS, "once": 1}
    return Computed({name: str(value) for name, value in values.items()})


def _dots() -> Computed:
    from aml4d_utils import nets
    from aml4d_utils.topics.visualisation import reading
    from aml4d_utils.topics.visualisation.top_patches import stored_top_cells

    drawn = [reading.face_of_dots(), reading.face_of_dots(upright=False)]
    unit = reading.FACE_UNIT[1]
    favourites = stored_top_cells()["fire5"].values[unit]
    up, down = reading.strongest_answers(nets.load("squeezenet1_1"), drawn, *reading.FACE_UNIT)
    dark = float((drawn[0] < 0.5).mean())
    seen = (
        "Light paper with three black dots: two side by side, and one below the middle between "
        f"them. {100 * dark:.1f} % of the picture are black."
    )
    values = {"up": up, "down": down, "weakest": favourites.min()}
    words = {name: f"{value:.0f}" for name, value in values.items()}
    return Computed(words, Illustration(np.uint8(np.round(255 * drawn[0])), seen))


MORE = (
    QuizQuestion(
        "ways_back",
        "A signal of {signal} comes back to a ReLU. On the way forward, {came_in} had come in "
        "there. What does the deconvnet let through?",
        (
            Answer(
                "nothing",
                "{gradient}",
                "That is what the gradient lets through: for this photo the ReLU was silent.",
            ),
            Answer(
                "signal",
                "{deconvnet}",
                "It looks at the signal only: what is positive passes. The photo has no say.",
                right=True,
            ),
            Answer(
                "came_in",
                "{came_in}",
                "What came in never goes back. The signal does, or it does not.",
            ),
        ),
        topic="deconvnet",
        place="The way back",
        compute=_ways_back,
    ),
    QuizQuestion(
        "prove",
        "The nine favourite patches of a unit all show wheels. How do you test the name “wheel "
        "detector”?",
        (
            Answer(
                "more",
                "With its next nine favourites from the same collection",
                "They resemble the first nine, for the same reason. They can hardly prove it "
                "wrong.",
            ),
            Answer(
                "friends",
                "With ten friends, who give a name to the same patches",
                "They see what you saw. The unit has not been asked again.",
            ),
            Answer(
                "new",
                "With new pictures that are made to prove it wrong",
                "A coin, a plate, half a wheel: if the unit answers these too, it was not wheels.",
                right=True,
            ),
        ),
        topic="deconvnet",
        place="Do you believe your name for it?",
    ),
    QuizQuestion(
        "class_map",
        "At one cell, two feature maps have the values 3 and 2. The score of the class rises by "
        "1 with each unit of the first, and falls by 2 with each unit of the second. What does "
        "Grad-CAM show at this cell?",
        (
            Answer(
                "cut",
                "{map}",
                "3 × 1 less 2 × 2 is below zero. What speaks against the class is not shown.",
                right=True,
            ),
            Answer(
                "sum",
                "{sum}",
                "That is the weighted sum. Grad-CAM then cuts off what is below zero.",
            ),
            Answer(
                "sizes",
                "{sizes}",
                "You added both without their signs. The second map speaks against the class.",
            ),
        ),
        topic="visualisation",
        place="What is an answer based on?",
        compute=_class_map,
    ),
    QuizQuestion(
        "times_asked",
        "A grey patch hides a photo at {side} × {side} places, one after the other. How many "
        "hidden photos must the network look at for this map?",
        (
            Answer(
                "places",
                "{all}",
                "One for each place, and the untouched photo to compare with.",
                right=True,
            ),
            Answer(
                "rows",
                "{rows}",
                "Each place of each row is a picture of its own.",
            ),
            Answer(
                "once",
                "Only {once}, as for a gradient",
                "A gradient comes back in one pass. Hiding asks anew each time.",
            ),
        ),
        topic="visualisation",
        place="What is an answer based on?",
        compute=_times_asked,
    ),
    QuizQuestion(
        "dots",
        "The nine photo patches that one unit of SqueezeNet likes most show faces; to the ninth "
        "it answers {weakest}. To this drawing it answers {up}, and {down} to the drawing "
        "upside down. Which name fits the unit best?",
        (
            Answer(
                "face",
                "A face: it has recognised that the drawing means one",
                "People do. The unit answers to three dots and knows nothing about meaning.",
            ),
            Answer(
                "dots",
                "Dark dots on light paper, wherever they lie",
                "Upside down there are the same dots, and it hardly answers.",
            ),
            Answer(
                "two_above_one",
                "Two dark dots above a third one",
                "More is not needed, and the arrangement matters.",
                right=True,
            ),
        ),
        topic="visualisation",
        place="Do you believe your name for it?",
        compute=_dots,
    ),
)
