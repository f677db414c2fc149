"""What the walking tests are shown of the room of synthetic video."""

import numpy as np

from aml4d_utils.topics.synthetic_video.clips import Clip

FRAMES = np.random.default_rng(0).random((5, 8, 8, 3)).astype(np.float32)

DESCRIPTIONS = {
    "describe_clip": lambda: [
        (Clip("a walk over 4 faces of nobody", FRAMES, 1.0),),
        (Clip("a flight around the forklift", FRAMES / 2, 1.0),),
    ]
}
