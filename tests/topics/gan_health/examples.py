"""What the walking tests are shown of the doctor."""

from dataclasses import replace

import numpy as np

from aml4d_utils.topics.dcgan.generated_garments import load_pair
from aml4d_utils.topics.gan_health.diagnosis import Diagnosis, Patient

NONE = np.zeros((0, 2))
PICTURES = np.zeros((24, 28, 28), np.uint8)
WELL = Diagnosis("a", PICTURES, PICTURES, NONE, 0.6, 0.6, 0.95, 10, 0.2, 0.01, 7.0, 2000, 0.01, 1.0)
BEGUN = Diagnosis("b", PICTURES, PICTURES, NONE, fraction=0.3)


def patients():
    """Both committed stages."""
    return {stage: Patient(*load_pair(stage), NONE) for stage in ("final", "warm")}


DESCRIPTIONS = {
    "describe_diagnosis": lambda: [
        (WELL,),
        (replace(WELL, diversity=0.2, distance=30.0, classes=1),),
        (BEGUN,),
    ],
    "describe_nearest": lambda: [(WELL,), (replace(WELL, copied=0.5),), (BEGUN,)],
    "describe_losses": lambda: [(NONE,), (np.ones((30, 2)),), (np.full((40, 2), 0.3),)],
}
EXPLORERS = {"doctor_explorer": lambda: (patients(),)}
