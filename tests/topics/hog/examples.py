"""What the walking tests are shown of the HOG room."""

from dataclasses import replace

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.hog.contest import REAL, FeatureAttempt, Pictures
from aml4d_utils.topics.hog.descriptor import HogSettings, hog
from aml4d_utils.topics.hog.face_windows import ONLY_FACES, trained, view_windows
from aml4d_utils.topics.hog.remembering import remember

PHOTO = images.resize(images.photo("chelsea"), 96, 128)

FOUND = hog(PHOTO)

FLAT = np.full((64, 64, 3), 0.5)

UPRIGHT = np.tile(np.repeat([0.0, 1.0], 12), (64, 3))[:, :64]

TEMPLATE = trained(ONLY_FACES)

VIEW = view_windows(PHOTO, TEMPLATE, 48)

MEMORY = remember(PHOTO, "noisy")


def an_attempt(right, families=("HOG",), numbers=1764, dataset=REAL):
    right = np.array(right, dtype=bool)
    return FeatureAttempt(dataset, families, numbers, right, np.arange(len(right)))


HALF = an_attempt([1, 0] * 20)

GOOD = an_attempt([1] * 36 + [0] * 4, ("HOG", "colours"), 1828)

PICTURES = Pictures(
    REAL,
    np.random.default_rng(0).random((12, 30, 30, 3)).astype(np.float32),
    np.repeat(np.arange(6), 2),
    np.arange(12),
    ("birds", "coins", "flowers", "fruit", "mammals", "vegetables"),
)

CHOSEN = np.arange(4)


DESCRIPTIONS = {
    "describe_hog": lambda: [
        (UPRIGHT, hog(UPRIGHT)),
        (FLAT, hog(FLAT)),
        (UPRIGHT.T, hog(UPRIGHT.T)),
        (UPRIGHT, hog(UPRIGHT, HogSettings(12))),
        (UPRIGHT, hog(UPRIGHT), "some stripes"),
        (PHOTO, FOUND),
    ],
    "describe_cell": lambda: [
        (UPRIGHT, hog(UPRIGHT), 1, 1),
        (UPRIGHT, hog(UPRIGHT), 2, 1),
        (UPRIGHT.T, hog(UPRIGHT.T), 1, 1),
        (PHOTO, FOUND, 1, 1),
        (FLAT, hog(FLAT), 0, 3),
        (FLAT, hog(FLAT), 1, 3),
    ],
    "describe_memory": lambda: [
        (MEMORY,),
        (replace(MEMORY, change="as it is"),),
        (replace(MEMORY, rebuilt=None),),
        (replace(MEMORY, alike=0.123),),
        (replace(MEMORY, edges_kept=0.99),),
        (replace(MEMORY, hog_changed=0.0),),
        (remember(FLAT),),
        (remember(FLAT, settings=HogSettings(pixels_per_cell=(4, 4))),),
    ],
    "describe_template": lambda: [
        (TEMPLATE,),
        (replace(TEMPLATE, mistakes=9),),
        (replace(TEMPLATE, weights=2 * TEMPLATE.weights),),
    ],
    "describe_window": lambda: [
        (VIEW,),
        (replace(VIEW, size=99),),
        (replace(VIEW, place=(0, 0)),),
        (replace(VIEW, scores=VIEW.scores - 9),),
        (replace(VIEW, contributions=2 * VIEW.contributions),),
    ],
    "describe_leaderboard": lambda: [
        ([HALF, GOOD],),
        ([HALF],),
        ([HALF, replace(GOOD, numbers=9)],),
    ],
    "describe_attempt": lambda: [
        (GOOD, HALF),
        (GOOD,),
        (HALF, GOOD),
        (GOOD, replace(HALF, families=("LBP",))),
        (an_attempt([1] + [0] * 9, ()),),
        (an_attempt([1, 1] + [0] * 8, ()),),
    ],
    "describe_examples": lambda: [
        (PICTURES, CHOSEN, np.array([1, 0, 1, 1] * 3, dtype=bool)),
        (PICTURES, CHOSEN, np.zeros(12, dtype=bool)),
        (PICTURES, CHOSEN[:2], np.array([1, 0, 1, 1] * 3, dtype=bool)),
    ],
}
