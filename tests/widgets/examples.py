"""What the walking tests are shown of the widgets."""

import numpy as np

BAR = np.zeros((28, 28), dtype=np.uint8)
BAR[3:13, 5:7] = 255

DRAWINGS = (BAR / 255, BAR.T / 255, np.tile(BAR / 255, 2), np.zeros((28, 28)))

DESCRIPTIONS = {"describe_drawing": lambda: [(drawing,) for drawing in DRAWINGS]}
