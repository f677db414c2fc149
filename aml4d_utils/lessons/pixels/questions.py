"""The quiz of the pixels lesson."""

from __future__ import annotations

from aml4d_utils.checking import Answer, QuizQuestion

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
                "stays", "It stays", "Only if the photo is made smaller again before flattening."
            ),
        ),
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
                "fewer_pixels", "They have fewer pixels", "Both had the same d in your measurement."
            ),
            Answer(
                "whole_numbers",
                "Pixels are whole numbers",
                "So were the pixels you dealt out between garments, and their distances collapsed.",
            ),
        ),
    ),
    QuizQuestion(
        "big_models",
        "With 500 photos, a linear model of 28 × 28 pixels is right on all of these and on fewer "
        "new ones than a model of 13 × 13 pixels. What went wrong?",
        (
            Answer(
                "less_information",
                "Large photos hold less information",
                "They hold more, and noise with it.",
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
    ),
)
