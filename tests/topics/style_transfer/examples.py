"""What the walking tests are shown of the room of style transfer."""

import numpy as np

from aml4d_utils.topics.style_transfer.instant import Painted
from aml4d_utils.topics.style_transfer.painting_by_features import StyleStep

PICTURE = np.random.default_rng(0).random((8, 12, 3)).astype(np.float32)


def step(number, missed):
    """An invented step."""
    content = np.linspace(0, 0.5, number + 1)
    return StyleStep(number, 0.5, PICTURE, content, {"conv1": np.linspace(1, missed, number + 1)})


DESCRIPTIONS = {
    "describe_style_step": lambda: [(step(10, 0.2),), (step(20, 0.1),)],
    "describe_paintings": lambda: [
        ([("the photo", PICTURE)],),
        ([("the photo", PICTURE / 2), ("another", PICTURE)],),
    ],
    "describe_painted": lambda: [
        (Painted("The Harvest, 1888", 0.5, PICTURE, PICTURE[::-1]),),
        (Painted("The Night Café, 1888", 1.0, PICTURE, PICTURE / 2),),
    ],
}
