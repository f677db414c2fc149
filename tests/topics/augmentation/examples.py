"""What the walking tests are shown of the augmentation room."""

import numpy as np
import torch

from aml4d_utils.topics.augmentation.attacked_photo import AttackedPhoto
from aml4d_utils.topics.augmentation.label_changing import Harm
from aml4d_utils.topics.augmentation.robust_training import UnderAttack
from aml4d_utils.topics.augmentation.small_training_sets import HelpTable, LabelledPictures
from aml4d_utils.topics.augmentation.varied_photo import VariedPhoto

BLANK = np.zeros((4, 4, 3), np.float32)
NAMES = ("cat", "dog")


def varied(chain, label, after, draw=0):
    """An invented answer to a varied photo."""
    now = np.array(after)
    then = np.array((0.9, 0.1))
    first = NAMES[int(now.argmax())]
    return VariedPhoto(BLANK, BLANK, chain, draw, label, NAMES, then, now, float(now[0]), first)


def attacked(change, after):
    """An invented answer to an attack."""
    before = np.full((4, 4, 3), 0.5, np.float32)
    chances = np.array((0.9, 0.1)), np.array(after)
    return AttackedPhoto(
        before, before + np.float32(change), 2.0, "FGSM, one step", NAMES, *chances
    )


def table(gain, done):
    """An invented table of two ways and two tests with three seeds."""
    shares = np.full((2, 2, 3), np.nan)
    shares[:, :, :done] = 0.5
    shares[1, 1, :done] += gain
    shares[1, 0, :done] -= 0.1
    return HelpTable(("nothing", "mirror"), ("nothing", "shift"), shares, 20, 500, done / 3)


def invented(per_class):
    """Invented garments of two classes, all black."""
    return LabelledPictures(
        np.zeros((2 * per_class, 28, 28), np.uint8), np.repeat([0, 9], per_class)
    )


def harmed(right):
    """Invented counts of three ways."""
    return [Harm("Six or nine?", ("nothing", "turn", "half a turn"), right, 300, 1.0)]


def held(*counts):
    """Invented counts under attack."""
    return [("standard", UnderAttack((0.0, 0.1), torch.tensor(counts), 100))]


DESCRIPTIONS = {
    "describe_varied": lambda: [
        (varied((("flip", 1.0),), (("cat", 1.0),), (0.8, 0.2)),),
        (varied((), (("cat", 0.6), ("dog", 0.4)), (0.3, 0.7)),),
        (varied((), (("cat", 0.6), ("dog", 0.4)), (0.3, 0.7), draw=1),),
    ],
    "describe_attack": lambda: [(attacked(0.01, (0.4, 0.6)),), (attacked(0.0, (0.9, 0.1)),)],
    "describe_help": lambda: [
        (table(0.2, 3),),
        (table(0.1, 3),),
        (table(0.1, 1),),
        (table(0.1, 0),),
    ],
    "describe_invented": lambda: [(invented(2), 0.5), (invented(3), 0.75)],
    "describe_harm": lambda: [(harmed((290, 288, 150)),), (harmed((290, 288, 160)),)],
    "describe_under_attack": lambda: [(held(90, 10),), (held(85, 60),)],
}
