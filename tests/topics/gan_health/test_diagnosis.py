"""The doctor on real patients: the committed generator, and contests made ill by training."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from topics.gan_health.examples import NONE, WELL

from aml4d_utils.topics.augmentation.three_networks import load_taught
from aml4d_utils.topics.dcgan.generated_garments import latents, load_pair, real_garments
from aml4d_utils.topics.gan_2d.rivalry import Rivalry, compete
from aml4d_utils.topics.gan_health import diagnosis, sick_rules
from aml4d_utils.topics.gan_health.diagnosis import Patient, examine


def found(patient, count=1000):
    *_, last = examine("a patient", patient, load_taught("plain"), count=count)
    return last


@pytest.fixture(scope="module")
def final():
    return found(Patient(*load_pair("final"), NONE), 2000)


def test_the_final_generator_is_healthy(final):
    assert final.verdict == diagnosis.HEALTHY
    assert final.floor < 0.05 < final.distance < 0.5 < final.ceiling
    assert final.diversity > 0.85 and final.classes == 10 and final.copied < 0.1


def test_the_final_generator_is_far_better_than_the_warm_start(final):
    warm = found(Patient(*load_pair("warm"), NONE), 2000)
    assert warm.verdict == diagnosis.EARLY
    assert warm.distance > 3 * final.distance


@pytest.mark.parametrize(
    ("rules", "rounds", "verdict"),
    [
        (sick_rules.HASTY, 8, diagnosis.COLLAPSED),
        (sick_rules.STRICT, 15, diagnosis.WINS),
    ],
)
def test_an_ill_contest_gets_its_verdict(rules, rounds, verdict):
    one = Rivalry(*load_pair("warm"), seed=0, rules=rules)
    list(compete(one, real_garments("train"), rounds))
    last = found(Patient(one.generator, one.discriminator, NONE))
    assert last.verdict == verdict, last


class Copyist(torch.nn.Module):
    """Paints training pictures only."""

    def forward(self, latent):
        return real_garments("train")[: len(latent)]


def test_copies_are_noticed():
    last = found(Patient(Copyist(), load_pair("warm")[1], NONE))
    assert last.verdict == diagnosis.COPIES and last.copied == 1
    np.testing.assert_array_equal(last.pictures, last.nearest)


def test_the_gravest_verdict_comes_first():
    assert WELL.verdict == diagnosis.HEALTHY
    assert replace(WELL, distance=2.0).verdict == diagnosis.EARLY
    assert replace(WELL, copied=0.3, distance=2.0).verdict == diagnosis.COPIES
    winning = replace(WELL, real=0.95, generated=0.9, copied=0.3)
    assert winning.verdict == diagnosis.WINS
    assert replace(winning, diversity=0.3).verdict == diagnosis.COLLAPSED
    assert replace(WELL, real=1.0, generated=0.5).verdict == diagnosis.HEALTHY


def test_the_examination_goes_forward_and_needs_pictures():
    steps = examine("x", Patient(*load_pair("warm"), NONE), load_taught("plain"), count=100)
    fractions = [step.fraction for step in steps]
    assert fractions == sorted(fractions) and fractions[-1] == 1
    for count in (99, 5001):
        with pytest.raises(ValueError, match="100 to 5,000"):
            next(examine("x", Patient(*load_pair("warm"), NONE), load_taught("plain"), count=count))


def test_the_nearest_is_that_of_a_slow_search():
    pictures, others = latents(5, 0), latents(40, 1)
    distances, places = diagnosis.nearest(pictures, others)
    for k, picture in enumerate(pictures):
        slow = [(float((picture - other).norm()), n) for n, other in enumerate(others)]
        assert places[k] == min(slow)[1]
        assert distances[k] == pytest.approx(min(slow)[0], rel=1e-4)
