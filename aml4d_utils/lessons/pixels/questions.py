"""The quiz of the pixels lesson."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, Illustration, QuizQuestion
from aml4d_utils.measuring.wording import percent

QUESTIONS = (
    QuizQuestion(
        "flattening",
        "A grey photo is 200 pixels wide and 100 high. At which place of its flat row stands the "
        "pixel in row 3, column 5, counted from 0?",
        (
            Answer(
                "width_100",
                "305",
                "That would be right if a row of the picture were 100 pixels long.",
            ),
            Answer("place", "605", "Three whole rows of 200, and five more.", right=True),
            Answer("exchanged", "1003", "That is row 5, column 3: you exchanged the two."),
        ),
        topic="flattening",
        place="Flattening, both ways",
    ),
    QuizQuestion(
        "dimensions",
        "You double the width and the height of a photo. What happens to d?",
        (
            Answer(
                "doubles", "It doubles", "Twice as many rows, and each of them is twice as long."
            ),
            Answer("fourfold", "It grows four times", "d = width × height.", right=True),
            Answer(
                "stays",
                "It stays what it was",
                "Only if the photo is made smaller again before flattening.",
                formerly="It stays",
            ),
        ),
        topic="flattening",
        place="Flattening, both ways",
    ),
    QuizQuestion(
        "permuted",
        "You deal the pixels of all photos out in one random order, and train again. Who notices?",
        (
            Answer(
                "linear_and_mlp",
                "The linear model and the MLP",
                "They give every place its own weight. The places may have any order.",
            ),
            Answer(
                "nobody", "Nobody: the numbers are the same", "You measured that one of them falls."
            ),
            Answer(
                "cnn",
                "The CNN",
                "It looks at neighbours together, and the neighbours are now strangers.",
                right=True,
            ),
        ),
        topic="big_models",
        place="Deal the pixels out",
    ),
    QuizQuestion(
        "curse",
        "Why do real pictures suffer less from the curse than random points with as many numbers?",
        (
            Answer(
                "dependence",
                "Their pixels depend on each other",
                "Neighbours look alike, garments have a form: few directions hold most of it.",
                right=True,
            ),
            Answer(
                "fewer_pixels",
                "They have fewer pixels than random points do",
                "Both had the same d in your measurement.",
                formerly="They have fewer pixels",
            ),
            Answer(
                "whole_numbers",
                "Pixels are whole numbers",
                "So were the pixels you dealt out between garments, and their distances collapsed.",
            ),
        ),
        topic="curse",
        place="The curse of dimensionality",
    ),
    QuizQuestion(
        "big_models",
        "With 500 photos, a linear model of 28 × 28 pixels is right on all of these and on fewer "
        "new ones than a model of 13 × 13 pixels. What went wrong?",
        (
            Answer(
                "less_information",
                "Large photos hold less information than small ones made of them",
                "They hold more, and noise with it.",
                formerly="Large photos hold less information",
            ),
            Answer(
                "learned_by_heart",
                "It has more weights than photos, and learned them by heart",
                "7,850 parameters can fit 500 photos in many ways; most of these say nothing.",
                right=True,
            ),
            Answer(
                "too_large",
                "The test photos are too large",
                "Each model gets photos of its own resolution.",
            ),
        ),
        topic="big_models",
        place="The simplest classifier: one weight a pixel",
    ),
    QuizQuestion(
        "generalisation",
        "A classifier on raw pixels is right on most of the test photos. You turn the camera a "
        "little, and garments sit 3 pixels further right. What do you expect?",
        (
            Answer(
                "nothing",
                "Nothing: garments stay garments",
                "For you. The model sees other numbers.",
            ),
            Answer(
                "collapses",
                "Its accuracy collapses",
                "Its weights belong to places. Every place now holds another pixel.",
                right=True,
            ),
            Answer(
                "better",
                "It gets better, with fresh photos",
                "Testing does not teach. It never saw a garment there.",
            ),
        ),
        topic="generalisation",
        place="Where it fails",
    ),
)


def _way_back() -> Computed:
    from aml4d_utils.topics.pixels.flattening import pixel_at

    place, width = 1000, 320
    row, col, _ = pixel_at(place, width)
    values = {"place": f"{place:,}", "width": str(width), "right": f"Row {row}, column {col}"}
    values |= {"exchanged": f"Row {col}, column {row}", "from_one": f"Row {row + 1}, column {col}"}
    return Computed(values)


def _in_colour() -> Computed:
    from aml4d_utils.topics.pixels.flattening import flatten

    side = 32
    values = {"side": side, "colour": len(flatten(np.zeros((side, side, 3))))}
    values |= {"grey": len(flatten(np.zeros((side, side)))), "sides": 3 * side}
    return Computed({name: f"{value:,}" for name, value in values.items()})


def _leaning() -> Computed:
    from aml4d_utils import images
    from aml4d_utils.topics.pixels.flattening import flatten, read_with_width

    cut = 27
    boot = images.fashion_mnist().test_images[0]
    picture = read_with_width(flatten(boot), cut)
    edge = (picture < 40).argmax(axis=1)[[10, 18]]
    seen = (
        f"An ankle boot that leans: its right edge stands in column {edge[0]} of row 10 and in "
        f"column {edge[1]} of row 18. What leaves on one side comes in on the other."
    )
    values = {"width": str(boot.shape[1]), "cut": str(cut)}
    return Computed(values, Illustration(picture.astype(np.uint8), seen))


def _filling() -> Computed:
    per_line, dimensions = 10, 3
    values = {"all": per_line**dimensions, "added": per_line * dimensions, "square": per_line**2}
    return Computed({name: f"{value:,}" for name, value in values.items()})


def _nearest() -> Computed:
    from aml4d_utils.topics.pixels.distances import measure

    chance = np.random.default_rng(0)
    plane, many = (measure(chance.random((400, d))).nearest for d in (2, 784))
    values = {"plane": plane, "many": many, "nearer": plane / 2}
    return Computed({name: f"{100 * value:.0f} %" for name, value in values.items()})


def _weights() -> Computed:
    from aml4d_utils.topics.pixels.raw_linear import parameters

    side, classes = 64, 10
    values = {"side": side, "all": parameters(side * side * 3), "grey": parameters(side * side)}
    values |= {"one": side * side * 3 + 1}
    assert values["all"] == classes * values["one"]
    return Computed({name: f"{value:,}" for name, value in values.items()})


def _smaller() -> Computed:
    from aml4d_utils.topics.pixels.distances import shrinking

    small, large = shrinking(7).shape
    share = small / large if small < large else large / small
    values = {"area": share, "side": share**0.5, "both": 2 * share**0.5}
    return Computed({name: f"1 in {1 / value:.0f}" for name, value in values.items()})


def _moved() -> Computed:
    from aml4d_utils import images
    from aml4d_utils.topics.pixels.moved_tests import move

    data = images.fashion_mnist()
    before = data.test_images[6:7]
    after = move(before, 0, 3)
    changed = float((before != after).mean())
    gap = np.full((before.shape[1], 2), 255, np.uint8)
    seen = (
        f"A {data.class_names[data.test_labels[6]]} twice, in light grey on black. On the right it "
        f"sits 3 pixels further right. Its numbers have the mean {after.mean():.0f}, before "
        f"{before.mean():.0f}."
    )
    picture = Illustration(np.concatenate([before[0], gap, after[0]], axis=1), seen)
    values = {"changed": changed, "edge": 3 / before.shape[2], "none": 0.0}
    return Computed({name: percent(value) for name, value in values.items()}, picture)


MORE = (
    QuizQuestion(
        "way_back",
        "A grey photo is {width} pixels wide. Which pixel stands at place {place} of its flat "
        "row? All is counted from 0.",
        (
            Answer(
                "exchanged",
                "{exchanged}",
                "You exchanged the two. The row is the whole part of the division.",
            ),
            Answer(
                "from_one",
                "{from_one}",
                "The first row is row 0, so three whole rows lead to row 3.",
            ),
            Answer(
                "divide",
                "{right}",
                "Three whole rows of {width} go before it, and 40 pixels of the next one.",
                right=True,
            ),
        ),
        topic="flattening",
        place="Flattening, both ways",
        compute=_way_back,
    ),
    QuizQuestion(
        "in_colour",
        "How many inputs does a network need for a colour photo of {side} × {side} pixels, laid "
        "out in one row?",
        (
            Answer(
                "colour",
                "{colour}",
                "Three numbers for each of the pixels.",
                right=True,
            ),
            Answer(
                "grey",
                "{grey}",
                "That is enough for a grey one.",
            ),
            Answer(
                "sides",
                "{sides}",
                "So many numbers hold a single row of the photo.",
            ),
        ),
        topic="flattening",
        place="Flattening, both ways",
        compute=_in_colour,
    ),
    QuizQuestion(
        "leaning",
        "The flat row of a picture that was {width} pixels wide is cut every {cut} numbers. Why "
        "does the boot lean?",
        (
            Answer(
                "shift",
                "Each row begins one number too early, so the shift grows",
                "After ten rows it is ten numbers. At the right width all of them line up again.",
                right=True,
            ),
            Answer(
                "lost",
                "One number is lost at the end of each row, so the rest moves up",
                "No number is lost: the last one of each row comes in at the start of the next.",
            ),
            Answer(
                "askew",
                "The photo was taken askew, and flattening has kept that",
                "At the right width the same numbers stand upright.",
            ),
        ),
        topic="flattening",
        place="Flattening, both ways",
        compute=_leaning,
    ),
    QuizQuestion(
        "filling",
        "Ten points on a line leave gaps of a tenth. How many points leave no larger gaps along "
        "each side of a cube?",
        (
            Answer(
                "sum",
                "{added}",
                "That is three lines of ten. A cube has an inside.",
            ),
            Answer(
                "square",
                "{square}",
                "That fills a square.",
            ),
            Answer(
                "power",
                "{all}",
                "Ten for each of three directions, in every combination.",
                right=True,
            ),
        ),
        topic="curse",
        place="The curse of dimensionality",
        compute=_filling,
        keep_order=True,
    ),
    QuizQuestion(
        "nearest",
        "Among 400 random points in a plane, the nearest neighbour lies on average at {plane} "
        "of the mean distance. At how many per cent does it lie when each point has 784 "
        "numbers?",
        (
            Answer(
                "same",
                "{plane}",
                "With each number there is one more way to be apart, and few points to fill all "
                "that room.",
            ),
            Answer(
                "collapse",
                "{many}",
                "It is hardly nearer than any other: so distances say little. That is the curse.",
                right=True,
            ),
            Answer(
                "nearer",
                "{nearer}",
                "More numbers make it harder to be alike in all of them, not easier.",
            ),
        ),
        topic="curse",
        place="The curse of dimensionality",
        compute=_nearest,
    ),
    QuizQuestion(
        "idle_numbers",
        "You append 700 random numbers to the 49 pixels of each photo. What happens to a "
        "nearest-neighbour classifier?",
        (
            Answer(
                "ignore",
                "Nothing: it finds out which numbers say nothing, and leaves them out",
                "It learns no weights. Every number counts as much as any other.",
            ),
            Answer(
                "drown",
                "It needs far more examples",
                "A distance adds up all differences, and those that mean nothing drown the rest.",
                right=True,
            ),
            Answer(
                "better",
                "It gets better, since each photo is now described by more numbers",
                "More numbers help if they say something about the photo.",
            ),
        ),
        topic="curse",
        place="What the curse costs: examples",
    ),
    QuizQuestion(
        "weights",
        "A linear classifier tells ten classes apart in colour photos of {side} × {side} "
        "pixels. How many parameters does it learn?",
        (
            Answer(
                "grey",
                "{grey}",
                "That is enough for grey photos.",
            ),
            Answer(
                "one",
                "{one}",
                "That is one class. Each of the ten has weights of its own.",
            ),
            Answer(
                "all",
                "{all}",
                "One weight for each number and a bias, for each of the ten classes.",
                right=True,
            ),
        ),
        topic="big_models",
        place="The simplest classifier: one weight a pixel",
        compute=_weights,
    ),
    QuizQuestion(
        "smaller",
        "You downsample photos from 28 × 28 to 7 × 7 pixels. How many of their numbers are left?",
        (
            Answer(
                "area",
                "{area}",
                "A quarter of the width and a quarter of the height.",
                right=True,
            ),
            Answer(
                "side",
                "{side}",
                "That is one side. Both sides shrink.",
            ),
            Answer(
                "sum",
                "{both}",
                "Width and height multiply, they do not add up.",
            ),
        ),
        topic="generalisation",
        place="The simplest classifier: one weight a pixel",
        compute=_smaller,
        keep_order=True,
    ),
    QuizQuestion(
        "gap",
        "A model is right on 99 % of the photos that it has learned from, and on 71 % of new "
        "ones. What would you try first?",
        (
            Answer(
                "more_data",
                "More photos to learn from, or smaller ones",
                "The gap of 28 points says that it has learned by heart. It has too many "
                "weights for what it has seen.",
                right=True,
            ),
            Answer(
                "more_pixels",
                "Larger photos, so that it has more to go by",
                "More pixels are more weights, and with those it learns even more by heart.",
            ),
            Answer(
                "more_training",
                "More training on the same photos, until it reaches 100 %",
                "These it knows nearly all. What is missing are the others.",
            ),
        ),
        topic="generalisation",
        place="The simplest classifier: one weight a pixel",
    ),
    QuizQuestion(
        "moved",
        "The same garment, moved by 3 pixels. Which share of the picture's numbers has changed?",
        (
            Answer(
                "edge",
                "{edge}",
                "That is the strip of three columns that it left. Inside, each place has "
                "another value too.",
            ),
            Answer(
                "none",
                "{none}",
                "The garment stays, its numbers stand at other places.",
            ),
            Answer(
                "many",
                "{changed}",
                "To weights that belong to places this is another picture. You see the same "
                "garment.",
                right=True,
            ),
        ),
        topic="generalisation",
        place="Where it fails",
        compute=_moved,
    ),
)
