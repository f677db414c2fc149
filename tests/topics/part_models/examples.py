"""What the walking tests are shown of the part models' room."""

from dataclasses import replace

import numpy as np

from aml4d_utils.images import faces, photo
from aml4d_utils.topics.part_models.deforming import (
    AMOUNTS,
    Deformation,
    Sweep,
    score_deformed,
)
from aml4d_utils.topics.part_models.distance_transform import EnvelopeScan, Spring
from aml4d_utils.topics.part_models.part_search import best_face, find_faces, view_of_patch
from aml4d_utils.topics.part_models.part_training import trained_part_model
from aml4d_utils.topics.part_models.placing import place_parts

LINE = np.array([0.0, 0.3, -0.2, 0.5, 0.45, 0.1])
STIFF, SOFT = Spring(0.0, 0.5), Spring(0.0, 0.02)
FALLING = np.array([[0.5, 1.0], [0.1, 0.4], [-0.2, -0.1]])


def model():
    """Return the trained model."""
    return trained_part_model().model


def placed():
    """Return the parts on two faces, one of them looked at for two parts."""
    return [
        (place_parts(model(), view_of_patch(faces().test_faces[number], "A face"), part),)
        for number, part in ((2, "mouth"), (2, "nose"), (3, "mouth"))
    ]


def deformed(**done):
    """Return what both models make of a face to which something was done."""
    return score_deformed(trained_part_model(), faces().test_faces[2], Deformation(**done))


def swept(*with_parts):
    """Return invented counts of faces that were still found while the mouth moved."""
    amounts = tuple(map(float, AMOUNTS["mouth"]))[: len(with_parts)]
    return Sweep("mouth", amounts, (8, 6, 1), with_parts, 10, 1.0)


DESCRIPTIONS = {
    "describe_placed": placed,
    "describe_maps": placed,
    "describe_scan": lambda: [(EnvelopeScan(LINE, SOFT, n),) for n in range(1, 7)],
    "describe_training": lambda: [
        (trained_part_model(),),
        (replace(trained_part_model(), moved=9.0),),
    ],
    "describe_found": lambda: [
        ("The astronaut", find_faces(model(), photo("astronaut"))),
        ("Chelsea", best_face(model(), photo("chelsea"))),
        ("Grey", find_faces(model(), 0 * photo("chelsea"))),
    ],
    "describe_deformed": lambda: [
        (deformed(),),
        (deformed(mouth=-8),),
        (deformed(turn=20, cover=30),),
        (deformed(shift=-10, cover=30, edge="right"),),
    ],
    "describe_bent": lambda: [
        (deformed(), deformed()),
        (deformed(), deformed(mouth=-8)),
        (deformed(), deformed(turn=20)),
    ],
    "describe_curves": lambda: [
        ("turn", (0, 20, 40), FALLING),
        ("cover", (0, 20, 40), FALLING),
        ("turn", (0, 20, 40), -FALLING),
    ],
    "describe_sweep": lambda: [(swept(9, 8, 7),), (swept(10, 8, 3),)],
}
