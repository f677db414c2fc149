"""The survey: recovered tuning, and what the network shows with and without learning."""

import numpy as np
import pytest

from aml4d_utils.topics.dissection.units import LAYERS, Unit
from aml4d_utils.topics.tuning.recording import SURVEYED, NetUnit
from aml4d_utils.topics.tuning.stimuli import MIDDLE, Stimulus, on_screen
from aml4d_utils.topics.tuning.unit_survey import (
    CONTRAST,
    ORIENTATIONS,
    PHASES,
    STRIPES,
    survey,
    tuning_of,
)


def synthetic(width, at, swing):
    """Return answers of one unit that is tuned to the third stripe width."""
    away = (ORIENTATIONS - at + 90) % 180 - 90
    heights = np.exp(-np.log(2) * (2 * away / width) ** 2)
    phases = 1 + swing * np.cos(2 * np.pi * np.arange(PHASES) / PHASES)
    stripes = np.array([0.1, 0.5, 1.0, 0.4, 0.2])
    return np.einsum("o,s,p->osp", heights, stripes, phases)[..., None]


@pytest.mark.parametrize(("width", "at", "swing"), [(30, 60, 0.2), (50, 0, 1.4), (80, 172.5, 0.9)])
def test_tuning_is_recovered(width, at, swing):
    found = tuning_of("any", 2 + synthetic(width, at, swing), np.array([2.0]))
    assert found.width[0] == pytest.approx(width, rel=0.03)
    assert found.modulation[0] == pytest.approx(swing)
    off = np.rad2deg(np.angle(found.direction[0] * np.exp(-2j * np.deg2rad(at)))) / 2
    assert off == pytest.approx(0, abs=0.1)
    assert found.simple == float(swing > 1)
    assert found.tuned == 1.0 and found.typical == 0


def test_units_that_do_not_answer_are_left_out():
    silent, flat = np.zeros_like(synthetic(30, 0, 1)), np.ones_like(synthetic(30, 0, 1))
    answers = np.concatenate([silent, synthetic(40, 90, 0.5), flat], axis=-1)
    found = tuning_of("any", answers, np.zeros(3))
    assert found.heard.tolist() == [False, True, True]
    assert (found.count, found.tuned) == (2, 0.5)
    assert np.isnan(found.width[2]) and found.variance[2] == pytest.approx(1)
    assert found.median_width == pytest.approx(40, rel=0.03) and found.typical == 1
    low, high = found.interval(found.tuned)
    assert low < 0.5 < high


def test_the_survey_shows_what_it_says(surveys):
    net, trained, _ = surveys
    assert trained.fraction == 1
    assert {name: a.shape for name, a in trained.answers.items()} == {
        layer: (24, 5, 8, LAYERS[layer]) for layer in SURVEYED
    }
    angle, stripe, phase = 7, 2, 3
    shift = 2 * STRIPES[stripe] * phase / PHASES
    turned = np.deg2rad(ORIENTATIONS[angle])
    grating = Stimulus(
        "grating",
        ORIENTATIONS[angle],
        STRIPES[stripe],
        CONTRAST,
        MIDDLE - np.cos(turned) * shift,
        MIDDLE - np.sin(turned) * shift,
    )
    unit = NetUnit(net, Unit("fire3", 40))
    answer = unit.answers(on_screen(grating)[None])[0]
    assert trained.answers["fire3"][angle, stripe, phase, 40] == pytest.approx(answer, abs=0.01)
    assert trained.rest["fire3"][40] == pytest.approx(unit.rest, abs=0.01)


def test_progress_is_told_orientation_by_orientation(surveys):
    steps = survey(surveys[0])
    first, second = next(steps), next(steps)
    assert (first.fraction, second.fraction) == (1 / 24, 2 / 24)
    assert np.isnan(first.layers["fire4"].median_width)


def test_what_learning_changes(surveys):
    """The findings that the lesson tells, with room for other processors."""
    trained, untrained = (one.layers for one in surveys[1:])
    assert 85 < trained["conv1"].median_width < 115
    assert 25 < trained["fire5"].median_width < 45 < untrained["fire5"].median_width
    assert trained["fire5"].median_variance < 0.3 and untrained["fire5"].median_variance > 0.7
    for layers in (trained, untrained):
        assert layers["conv1"].simple > 0.9 and layers["fire5"].simple < 0.5
