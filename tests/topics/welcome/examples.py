"""What the walking tests are shown of the welcome room."""

import numpy as np

from aml4d_utils.topics.welcome.checkup import Finding
from aml4d_utils.topics.welcome.light import relight

FINE, BROKEN = Finding("One", True, "well"), Finding("Two", False, "broken", "Mend it.")
PHOTO = np.random.default_rng(0).random((8, 8, 3))

DESCRIPTIONS = {
    "describe_findings": lambda: [((FINE, FINE),), ((FINE, BROKEN),), ((FINE, FINE, BROKEN),)],
    "describe_light": lambda: [
        (relight(PHOTO, brightness, contrast),)
        for brightness in (-0.3, 0, 0.3)
        for contrast in (0.5, 2)
    ],
}
