"""The instrument: the same answers as the whole network gives, and what is written down."""

import numpy as np
import pytest
import torch

from aml4d_utils.nets.preprocessing import normalise
from aml4d_utils.nets.squeezenet_layers import NAME, feature_maps
from aml4d_utils.topics.dissection.units import LAYERS, Unit
from aml4d_utils.topics.tuning.gabor_cells import CELLS
from aml4d_utils.topics.tuning.recording import (
    SURVEYED,
    Logbook,
    NetUnit,
    curve_of,
    middle_answers,
    record,
)
from aml4d_utils.topics.tuning.stimuli import SIDE, Stimulus, on_screen

FIELDS = {"conv1": 3, "fire2": 15, "fire3": 23, "fire4": 47, "fire5": 63}


@pytest.fixture(scope="module")
def net(surveys):
    return surveys[0]


def test_the_part_that_is_seen_gives_the_answers_to_the_whole_screen(net):
    rng = np.random.default_rng(0)
    screens = rng.random((3, SIDE, SIDE)).astype(np.float32)
    pixels = torch.from_numpy(screens)[:, None].expand(-1, 3, -1, -1)
    whole = feature_maps(net, normalise(NAME, pixels), SURVEYED)
    for found, layer, maps in zip(middle_answers(net, screens), SURVEYED, whole, strict=True):
        middle = maps.shape[2] // 2
        assert found.shape == (3, LAYERS[layer])
        np.testing.assert_allclose(found, maps[:, :, middle, middle].numpy(), rtol=1e-4, atol=1e-2)


def test_who_keeps_the_answers_does_not_keep_the_feature_maps(net):
    screens = np.full((3, SIDE, SIDE), 0.5, np.float32)
    assert all(found.flags.owndata for found in middle_answers(net, screens))


@pytest.mark.parametrize("layer", SURVEYED)
def test_a_unit_sees_its_box_and_nothing_beside_it(net, layer):
    field = NetUnit(net, Unit(layer, 3)).field
    assert field == FIELDS[layer]
    rng = np.random.default_rng(1)
    screens = np.full((3, SIDE, SIDE), 0.5, np.float32)
    edge = (SIDE - field) // 2
    screens[1] = rng.random((SIDE, SIDE))
    screens[1, edge : edge + field, edge : edge + field] = 0.5
    screens[2, edge : edge + field, edge : edge + field] = rng.random((field, field))
    (answers,) = middle_answers(net, screens, (layer,))
    np.testing.assert_allclose(answers[1], answers[0], rtol=1e-4, atol=1e-2)
    assert np.abs(answers[2] - answers[0]).max() > 1


def test_units_that_do_not_fit_on_the_screen_are_refused(net):
    with pytest.raises(ValueError, match="fit on the screen"):
        NetUnit(net, Unit("fire9", 0))
    with pytest.raises(ValueError, match="no unit"):
        NetUnit(net, Unit("conv1", 64))


def test_a_trial_holds_the_answer_here_and_on_the_way():
    cell = CELLS["simple cell"]
    stimulus = Stimulus("light bar", 60, row=70, col=60)
    trial = record(cell, stimulus)
    alone = cell.answers(on_screen(stimulus)[None])[0]
    assert trial.answer == pytest.approx(alone, rel=1e-9)
    assert trial.peak == trial.passing.max() and len(trial.shifts) == len(trial.passing)
    # On its way it stood in the middle, wherever it stands now.
    middle = record(cell, Stimulus("light bar", 60)).answer
    assert trial.passing[np.abs(trial.shifts).argmin()] == pytest.approx(middle, rel=1e-6)


def test_a_curve_keeps_the_strongest_answer_at_each_orientation():
    cell = CELLS["complex cell"]
    trials = [record(cell, Stimulus("grating", angle, w)) for angle in (150, 30) for w in (8, 4)]
    curve = curve_of(trials, cell.rest)
    assert curve.orientations.tolist() == [30, 150]
    assert curve.peaks.tolist() == [trials[2].peak, trials[0].peak]
    assert np.isnan(curve.width)
    assert curve.half_height == pytest.approx((cell.rest + trials[0].peak) / 2)


def noted(book, subject, **stimulus):
    return book.note(subject, record(subject, Stimulus(**stimulus)))


def test_the_logbook_begins_anew_where_trials_cannot_be_compared():
    book, (one, other) = Logbook(), CELLS.values()
    noted(book, one, orientation=10)
    assert len(noted(book, one, orientation=20).trials) == 2
    assert len(noted(book, one, orientation=20, width=5).trials) == 1
    assert len(noted(book, one, orientation=30, width=5, row=20).trials) == 2
    session = noted(book, one, kind="light spot", width=9)
    assert (len(session.trials), len(session.spots)) == (2, 1)
    session = noted(book, one, orientation=40, width=5)
    assert (len(session.trials), len(session.spots)) == (3, 1)
    session = noted(book, other, orientation=40, width=5)
    assert (len(session.trials), len(session.spots)) == (1, 0)
    book.forget()
    session = noted(book, other, kind="dark spot")
    assert session.curve is None and len(session.spots) == 1


def test_marks_map_the_field_of_a_simple_cell():
    book, cell = Logbook(), CELLS["simple cell"]
    for row in range(43, 84, 4):
        for col in range(43, 84, 6):
            session = noted(book, cell, kind="light spot", width=4, row=row, col=col)
    field = cell.fields[0]
    for trial in session.spots:
        weight = field[int(trial.stimulus.row), int(trial.stimulus.col)]
        mark = session.mark(trial)
        if abs(weight) > 0.4:
            assert mark == ("+" if weight > 0 else "−")
    assert {session.mark(trial) for trial in session.spots} == {"+", "−", "·"}


def test_a_complex_cell_has_no_minus():
    book, cell = Logbook(), CELLS["complex cell"]
    for row in range(43, 84, 5):
        session = noted(book, cell, kind="light spot", width=4, row=row, col=63)
    assert {session.mark(trial) for trial in session.spots} == {"+", "·"}
