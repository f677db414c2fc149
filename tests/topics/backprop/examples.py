"""What the walking tests are shown of the backprop room."""

from aml4d_utils.topics.backprop.nudge_grid import nudge_grid

EXPLORERS = {"own_digit_explorer": lambda: (nudge_grid(),)}
