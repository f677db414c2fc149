"""What the walking tests are shown of the invariance room."""

from functools import cache

import numpy as np
import torch

from aml4d_utils import images
from aml4d_utils.nets.grey_batches import to_batch
from aml4d_utils.topics.convolution.training import SmallCNN
from aml4d_utils.topics.invariance.forgiveness import ViewpointCurve, forgiveness
from aml4d_utils.topics.invariance.one_pixel import ShiftedAnswers, Steadiness


@cache
def small():
    """Two networks that have learned nothing, and sixty pictures."""
    torch.manual_seed(0)
    fashion = images.fashion_mnist()
    pictures, labels = to_batch(fashion.test_images[:60]), fashion.test_labels[:60]
    networks = [("one", SmallCNN().eval()), ("two", SmallCNN().eval())]
    return networks, pictures, torch.as_tensor(labels).long()


def answers(tops, chances):
    """Invented answers at three shifts."""
    return ShiftedAnswers(((0, 0), (0, 1), (1, 0)), tops, np.array(chances))


def steady(flips, changed):
    """Invented counts over ten photos."""
    return [("SqueezeNet", Steadiness(10, 40, flips, 0.05, 1.0, changed))]


def curves(change):
    """Two networks over one change."""
    networks, pictures, labels = small()
    return [(name, forgiveness(net, pictures, labels, change)) for name, net in networks]


def seen(right):
    """An invented flight round a thing."""
    views = np.zeros((3, 8, 8, 3), np.float32)
    chances = np.where(right, 0.8, 0.1)
    tops = tuple("mug" if known else "hook" for known in right)
    return ViewpointCurve(np.array([0.0, 90, 180]), chances, tops, np.array(right), views, 1.0)


EXPLORERS = {
    "forgiveness_explorer": lambda: small(),
    "severity_explorer": lambda: small(),
}

DESCRIPTIONS = {
    "describe_shifted": lambda: [
        (answers(("cat", "cat", "dog"), (0.9, 0.8, 0.2)),),
        (answers(("cat", "cat", "cat"), (0.9, 0.8, 0.7)),),
    ],
    "describe_first_guesses": lambda: [
        ([("cat", 0.75, 1.0), ("dog", 0.25, 0.0)],),
        ([("cat", 1.0, 1.0)],),
    ],
    "describe_steadiness": lambda: [(steady(3, (1, 4)),), (steady(0, ()),)],
    "describe_forgiveness": lambda: [(curves("turn"),), (curves("shift"),)],
    "describe_viewpoint": lambda: [
        (seen([True, False, True]), "mug"),
        (seen([True, True, True]), "mug"),
    ],
}
