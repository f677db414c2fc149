"""Lesson 12: rounds in the plane, rounds with garments, the doctor, and sliders of faces."""

from __future__ import annotations

import time
from collections.abc import Iterator

from aml4d_utils import nets
from aml4d_utils.topics.augmentation.three_networks import load_taught
from aml4d_utils.topics.dcgan import explorers as garment_explorers
from aml4d_utils.topics.dcgan.generated_garments import load_pair, real_garments
from aml4d_utils.topics.face_gan import explorers as face_explorers
from aml4d_utils.topics.face_gan.face_latents import find_directions
from aml4d_utils.topics.gan_2d import plane_lab
from aml4d_utils.topics.gan_2d.densities import SHAPES
from aml4d_utils.topics.gan_2d.rivalry import Rivalry, compete
from aml4d_utils.topics.gan_health.diagnosis import Patient, examine
from benchmarks.callbacks import moves
from benchmarks.measure import Row, repeat


def rows() -> Iterator[Row]:
    """Time what the lesson runs, and move its controls."""
    for words, rules in (("fair", plane_lab.FAIR), ("cured", plane_lab.CURED)):
        lab = plane_lab.PlaneLab(SHAPES["eight islands"], seed=0)
        seconds = repeat(lambda lab=lab, rules=rules: list(lab.play(rules, "both", 60)), 5, 1)
        # Thirty rounds a second or more, with all that is shown of them.
        yield Row(f"60 rounds in the plane, {words}", seconds, "s", 2)
    rivalry = Rivalry(*load_pair("warm"), seed=0)
    view, clothes = garment_explorers.training_view(rivalry), real_garments("train")
    begun = time.perf_counter()
    for result in compete(rivalry, clothes, 20):
        view.film.note(result)
    yield Row("a round with garments", [(time.perf_counter() - begun) / 20], "s", 0.3)
    # Every 1.5 s a look is taken: it may cost a tenth of that.
    yield Row("a look at 40 garments", repeat(lambda: view.draw(result), 5, 1), "s", 0.15)
    patient = Patient(*load_pair("final"), view.film.losses)
    judge = load_taught("plain")
    yield Row("the doctor", repeat(lambda: list(examine("x", patient, judge)), 3, 0), "s", 10)
    painter = nets.load("dcgan_faces")
    *_, known = find_directions(painter)
    yield from moves(face_explorers.face_explorer(painter, known), "face", 60)
    yield from moves(face_explorers.between_explorer(painter), "between", 120)
