"""What the walking tests are shown of the Viola-Jones room."""

import numpy as np

from aml4d_utils.topics.viola_jones.conditions import CONDITIONS, Sweep

TILT = Sweep(
    CONDITIONS["tilt"],
    np.array(CONDITIONS["tilt"].values, float),
    np.array([0, 0, 0, 10, 60, 95, 98, 90, 30, 0, 0, 0, 0]),
    100,
)

EXPLORERS = {"detector_explorer": lambda: (TILT,)}
