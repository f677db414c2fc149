"""What the walking tests are shown of the room of super-resolution."""

import numpy as np

from aml4d_utils.topics.super_resolution.comparing import Comparison, Quality, Tradeoff
from aml4d_utils.topics.super_resolution.measures import detail

TRUE = np.random.default_rng(0).random((16, 16, 3)).astype(np.float32)


def quality(method, share, psnr):
    """An invented quality: the true picture, or partly another one."""
    other = np.random.default_rng(1).random((16, 16, 3)).astype(np.float32)
    picture = (1 - share) * TRUE + share * other
    return Quality(method, picture, psnr, 0.5 + share, detail(TRUE, picture))


def comparison(*shares):
    """An invented comparison."""
    methods = ("bicubic", "small net, least error", "Real-ESRGAN")
    qualities = tuple(
        quality(method, share, 30 - 9 * share)
        for method, share in zip(methods, shares, strict=True)
    )
    return Comparison("chelsea", (3, 4), TRUE, TRUE[::4, ::4], qualities, 1.0)


DESCRIPTIONS = {
    "describe_quality": lambda: [
        (quality("bicubic", 0.2, 25.0),),
        (quality("bicubic", 0.9, float("inf")),),
    ],
    "describe_comparison": lambda: [(comparison(0.1, 0.2, 0.8),), (comparison(0.3, 0.2, 0.5),)],
    "describe_invented": lambda: [(comparison(0.1, 0.2, 0.8),), (comparison(0.3, 0.2, 0.5),)],
    "describe_tradeoff": lambda: [
        (Tradeoff((comparison(0.1, 0.2, 0.8),), 1.0),),
        (Tradeoff((comparison(0.3, 0.2, 0.5),), 1.0),),
    ],
}
