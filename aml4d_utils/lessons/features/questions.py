"""The quiz of the lesson on features."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, Illustration, QuizQuestion
from aml4d_utils.measuring.wording import percent

QUESTIONS = (
    QuizQuestion(
        "repeatable",
        "A feature is found in one photo of a chair, but not in the next, taken a second later. "
        "Which quality does it lack?",
        (
            Answer(
                "not_repeatable",
                "It is not repeatable",
                "Whatever follows needs to find it again.",
                right=True,
            ),
            Answer(
                "not_distinctive",
                "It is not distinctive",
                "That would mean: found again, but mistaken for another place.",
            ),
            Answer(
                "not_large",
                "It is not large enough",
                "Small features can be found again very well.",
            ),
        ),
        topic="good_features",
        place="What makes a feature good",
    ),
    QuizQuestion(
        "edge",
        "Why does a point in the middle of a long straight edge make a poor feature to follow?",
        (
            Answer(
                "contrast",
                "It has too little contrast",
                "Edges have the strongest contrast of all.",
            ),
            Answer(
                "slides",
                "It looks the same a little further along the edge",
                "Nothing says how far it has slid. SIFT throws such points away.",
                right=True,
            ),
            Answer(
                "light",
                "It changes with the light more than corners do, so it is lost",
                "A corner would change just as much.",
                formerly="It changes with the light",
            ),
        ),
        topic="good_features",
        place="What makes a feature good",
    ),
    QuizQuestion(
        "scale",
        "How does SIFT know how large the frame around a keypoint must be?",
        (
            Answer(
                "fixed",
                "It always takes a frame of 16 × 16 pixels around the keypoint",
                "Then a photo from afar would not match.",
                formerly="It always takes 16 × 16 pixels",
            ),
            Answer(
                "strongest_blur",
                "It takes the blur at which the place stands out most",
                "Half as large a photo: half as large a blur, and the same content in the frame.",
                right=True,
            ),
            Answer("network", "A network has learned it", "Nothing in SIFT is learned."),
        ),
        topic="sift",
        place="SIFT: the size belongs to the feature",
    ),
    QuizQuestion(
        "covariant",
        "SIFT is called a covariant detector. What does that mean?",
        (
            Answer(
                "moves_along",
                "Its frames move, turn and grow along with the photo",
                "So the content of the frame stays the same, and with it the 128 numbers.",
                right=True,
            ),
            Answer(
                "stays",
                "Its keypoints stay where they are, whatever happens to the photo",
                "Then they would no longer sit on the same part of the cat.",
            ),
            Answer(
                "colour",
                "It works in colour and in grey",
                "It looks at grey only; the word means another thing.",
            ),
        ),
        topic="sift",
        place="Matching: the best must be clearly better",
    ),
    QuizQuestion(
        "ratio",
        "The best match has a distance of 0.30, the second best 0.32. What does Lowe's ratio test "
        "with 0.8 do?",
        (
            Answer(
                "keeps", "It keeps the match: 0.30 is small", "Small for what? It compares the two."
            ),
            Answer(
                "rejects",
                "It rejects the match",
                "0.30 is not below 0.8 × 0.32 = 0.256. Two places look alike: nobody knows which.",
                right=True,
            ),
            Answer(
                "keeps_both",
                "It keeps both",
                "One keypoint of the first photo gets one partner or none.",
            ),
        ),
        topic="sift",
        place="Matching: the best must be clearly better",
    ),
    QuizQuestion(
        "engineering",
        "The lecture: a model is only as good as the features you give it. How do you find out "
        "which ones to give?",
        (
            Answer(
                "all_features",
                "Take as many as there are",
                "More numbers need more examples: lesson 04.",
            ),
            Answer(
                "experts_and_measurement",
                "Use what experts know, then measure on pictures that were kept apart",
                "Domain knowledge proposes, the experiment decides.",
                right=True,
            ),
            Answer(
                "best_in_training",
                "Take the set of features that does best on the pictures of the training",
                "It may have learned them by heart. Only unseen pictures tell.",
                formerly="Take the set that does best on the training pictures",
            ),
        ),
        topic="engineering",
        place="Feature engineering: a contest",
    ),
)


def _many_boots() -> Computed:
    from aml4d_utils import images
    from aml4d_utils.topics.features.garments import growing_means

    data = images.fashion_mnist()
    label = data.class_names.index("ankle boot")
    one, mean = growing_means(label, (1, 1000))
    gap = np.ones((one.shape[0], 2))
    pixels = np.uint8(np.round(255 * np.concatenate([one, gap, mean], axis=1)))
    steep = [float(np.abs(np.diff(picture, axis=1)).max()) for picture in (one, mean)]
    seen = (
        "Left: one ankle boot, sharp. Right: a soft grey boot without details. Between "
        f"neighbouring pixels the steepest step is {steep[0]:.2f} on the left and {steep[1]:.2f} "
        "on the right."
    )
    return Computed(picture=Illustration(pixels, seen))


def _descriptor() -> Computed:
    from aml4d_utils import images
    from aml4d_utils.topics.features.sift import fast_sift

    length = fast_sift(images.fit(images.photo("coffee"), 200)).descriptors.shape[1]
    values = {"length": length, "cells": 4 * 4, "added": 4 * 4 + 8}
    return Computed({name: str(value) for name, value in values.items()})


def _half_as_long() -> Computed:
    from aml4d_utils.topics.features.sift_descriptor import unit_clipped

    votes = np.random.default_rng(0).random(128)
    moved = np.linalg.norm(unit_clipped(votes) - unit_clipped(votes / 2))
    return Computed({"moved": f"{moved:.1f}", "half": "0.5", "all": "1.0"})


def _hog_numbers() -> Computed:
    from aml4d_utils.topics.hog.descriptor import hog

    window = np.zeros((128, 64), np.float32)
    found = hog(np.repeat(window[..., None], 3, axis=2))
    values = {"blocks": found.vector.size, "cells": found.cells.size, "pixels": window.size}
    return Computed({name: f"{value:,}" for name, value in values.items()})


def _bin() -> Computed:
    from aml4d_utils.topics.hog.descriptor import orientation_bin

    angle = 100
    values = {"angle": angle, "bin": orientation_bin(angle, 9), "circle": angle // (360 // 9)}
    return Computed({name: str(value) for name, value in (values | {"ninth": angle // 9}).items()})


def _negative() -> Computed:
    from aml4d_utils import images
    from aml4d_utils.topics.hog.descriptor import hog

    photo = images.fit(images.photo("chelsea"), 120)
    one, other = hog(photo).vector, hog(1 - photo).vector
    alike = float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))
    return Computed({"alike": f"{alike:.1f}", "half": "0.5", "opposite": f"{0:.1f}"})


def _two_counts() -> Computed:
    from aml4d_utils.measuring.intervals import wilson

    ends = [wilson(share, 100) for share in (0.82, 0.86)]
    return Computed(
        dict(zip(("one", "other"), (f"{percent(a)} to {percent(b)}" for a, b in ends), strict=True))
    )


def _cheapest() -> Computed:
    from aml4d_utils.measuring.intervals import wilson

    ends = [wilson(share, 400)[0] for share in (0.94, 0.97)]
    return Computed({"pixels": percent(ends[0]), "hog": percent(ends[1])})


MORE = (
    QuizQuestion(
        "distinctive",
        "A feature is found again in every photo of a façade, but it looks like forty other "
        "places there. Which quality does it lack?",
        (
            Answer(
                "not_repeatable",
                "It is not repeatable",
                "It is found in every photo, and that is what repeatable means.",
            ),
            Answer(
                "not_distinctive",
                "It is not distinctive",
                "Found again is not enough: you must also know which one it is.",
                right=True,
            ),
            Answer(
                "not_light",
                "It does not bear other light",
                "Nothing was said about the light. It has been found each time.",
            ),
        ),
        topic="good_features",
        place="What makes a feature good",
    ),
    QuizQuestion(
        "many_boots",
        "Left: one boot. Right: the mean of a thousand boots. Why has it lost its details?",
        (
            Answer(
                "focus",
                "Most of the thousand photos were out of focus",
                "Each of them is as sharp as the one on the left.",
            ),
            Answer(
                "shared",
                "Only what most boots share is left",
                "Laces and seams lie elsewhere on each boot and average out. The outline is "
                "common to all.",
                right=True,
            ),
            Answer(
                "small",
                "A mean has fewer pixels than the pictures that it is made from",
                "It has exactly as many: one mean for each place.",
            ),
        ),
        topic="good_features",
        place="After one picture, after thousands",
        compute=_many_boots,
    ),
    QuizQuestion(
        "descriptor",
        "SIFT turns a square frame with its keypoint, cuts it into 4 × 4 cells and counts eight "
        "directions in each. How long is the descriptor?",
        (
            Answer(
                "cells",
                "{cells} numbers",
                "That is one number for each cell. Each cell has a whole histogram.",
            ),
            Answer(
                "added",
                "{added} numbers",
                "Cells and directions multiply: every cell counts all directions.",
            ),
            Answer(
                "product",
                "{length} numbers",
                "Eight numbers for each of the cells.",
                right=True,
            ),
        ),
        topic="sift",
        place="SIFT: the size belongs to the feature",
        compute=_descriptor,
    ),
    QuizQuestion(
        "half_as_long",
        "The light is halved, so all gradients around a keypoint become half as long. How far "
        "does its SIFT descriptor, which has the length 1, move?",
        (
            Answer(
                "nowhere",
                "By {moved}",
                "It is divided by its own length, and the half cancels.",
                right=True,
            ),
            Answer(
                "half",
                "By {half}",
                "Before the division its numbers are half as large. After it they are what they "
                "were.",
            ),
            Answer(
                "all",
                "By {all}",
                "Directions have stayed the same, and all lengths have shrunk alike.",
            ),
        ),
        topic="sift",
        place="Matching: the best must be clearly better",
        compute=_half_as_long,
        keep_order=True,
    ),
    QuizQuestion(
        "hog_numbers",
        "A window of 64 × 128 pixels is described by HOG: cells of 8 × 8 pixels, nine bins, "
        "blocks of 2 × 2 cells at every place. How many numbers are that?",
        (
            Answer(
                "blocks",
                "{blocks}",
                "7 × 15 blocks of 4 cells with 9 bins. Inner cells come in four blocks.",
                right=True,
            ),
            Answer(
                "cells",
                "{cells}",
                "These are the histograms of all cells. Blocks overlap and repeat them, each "
                "time normalised anew.",
            ),
            Answer(
                "pixels",
                "{pixels}",
                "That is how many pixels the window has.",
            ),
        ),
        topic="hog",
        place="HOG: describe every place",
        compute=_hog_numbers,
    ),
    QuizQuestion(
        "bin",
        "HOG shares 180° among nine bins, counted from 0. Into which one does an orientation of "
        "{angle}° fall?",
        (
            Answer(
                "forty",
                "Bin {circle}",
                "That would be right for a full circle of 360°. HOG forgets which side is the "
                "lighter one.",
            ),
            Answer(
                "nine",
                "Bin {ninth}",
                "You divided by nine. There are nine bins, so the last one is bin 8.",
            ),
            Answer(
                "twenty",
                "Bin {bin}",
                "Each bin is 20° wide.",
                right=True,
            ),
        ),
        topic="hog",
        place="HOG: describe every place",
        compute=_bin,
    ),
    QuizQuestion(
        "negative",
        "You turn a photo into its negative. How alike are both HOGs, from 0 (nothing in "
        "common) to 1 (the same)?",
        (
            Answer(
                "nothing",
                "{opposite}",
                "Every pixel has changed, but no edge has moved or turned.",
            ),
            Answer(
                "half",
                "{half}",
                "That might hold for directions over 360°. HOG takes opposite ones for the same.",
            ),
            Answer(
                "same",
                "{alike}",
                "Every edge keeps its orientation and its strength. Only its sign changes, and "
                "HOG has no sign.",
                right=True,
            ),
        ),
        topic="hog",
        place="HOG: describe every place",
        compute=_negative,
        keep_order=True,
    ),
    QuizQuestion(
        "two_counts",
        "With one set of features 82 of 100 new pictures are named rightly, with another one "
        "86. Which set is better?",
        (
            Answer(
                "second",
                "The second one, since 86 of 100 are more than 82 of 100",
                "In another hundred pictures it may be the other way round: {one} against {other}.",
            ),
            Answer(
                "unsure",
                "Nobody can say so far",
                "The intervals, {one} and {other}, overlap widely. More test pictures would tell.",
                right=True,
            ),
            Answer(
                "equal",
                "Both are equally good: four pictures in a hundred are nothing",
                "That is not shown either. Four points may be real, and may matter.",
            ),
        ),
        topic="engineering",
        place="Feature engineering: a contest",
        compute=_two_counts,
    ),
    QuizQuestion(
        "cheapest",
        "A client needs 90 %. The lower ends of the intervals are {pixels} for plain pixels and "
        "{hog} for HOG. A learned network would cost thousands of labelled pictures. What do "
        "you deliver?",
        (
            Answer(
                "hog",
                "HOG, because it is better",
                "It is, but the client pays for an afternoon that the task does not need.",
            ),
            Answer(
                "network",
                "A network, because only that will be good enough for sure",
                "Both intervals lie above 90 % already.",
            ),
            Answer(
                "pixels",
                "Plain pixels",
                "They are surely enough, and they cost nothing.",
                right=True,
            ),
        ),
        topic="engineering",
        place="Exercises",
        compute=_cheapest,
    ),
)
