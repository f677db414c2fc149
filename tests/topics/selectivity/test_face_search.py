"""The search finds what was planted, chooses on one half only, and tests on the other."""

import numpy as np
import pytest
import torch

from aml4d_utils import images
from aml4d_utils.nets.preprocessing import normalise
from aml4d_utils.topics.dissection.units import LAYERS, UNITS, Unit, unit_index
from aml4d_utils.topics.selectivity.discrimination import d_prime, selectivity_index
from aml4d_utils.topics.selectivity.equal_pictures import FACES, GROUPS, PictureHalf
from aml4d_utils.topics.selectivity.face_search import (
    CONTROLS,
    INVERTED,
    SCRAMBLED,
    FaceSearch,
    ask_about,
    controls_of,
    mean_answers,
)


def planted(**changes):
    """Return invented answers in which single units prefer faces, in one half or in both."""
    rng = np.random.default_rng(0)
    halves = []
    for number in range(2):
        half = {name: rng.random((12, UNITS)) for name in (*GROUPS, *CONTROLS)}
        for unit, (groups, where) in changes.items():
            for group in groups:
                if number in where:
                    half[group][:, int(unit[1:])] += 3
        halves.append(half)
    nothing = PictureHalf({name: np.zeros((12, 25, 25), np.float32) for name in GROUPS})
    return FaceSearch(*halves, nothing)


def test_a_unit_is_chosen_on_one_half_and_judged_on_the_other():
    search = planted(u2000=((FACES, INVERTED), (0,)), u2001=((FACES, INVERTED), (1,)))
    lucky = search.best_of_all()
    assert unit_index(lucky.unit) == 2000
    assert lucky.chosen_by > 5 and abs(lucky.d_prime) < 1.5
    low, high = lucky.interval
    assert low < lucky.d_prime < high


def test_the_control_changes_who_is_best():
    search = planted(u70=((FACES, INVERTED, SCRAMBLED), (0, 1)), u2100=((FACES, INVERTED), (0, 1)))
    found = search.best_with_control()
    assert unit_index(found.unit) == 2100
    assert min(found.d_prime, found.against[SCRAMBLED]) > 5 > abs(found.against[INVERTED])
    assert abs(search.report(Unit("fire2", 6)).against[SCRAMBLED]) < 1.5


def test_a_report_says_what_the_answers_say():
    search = planted(u300=((FACES,), (0, 1)))
    unit = Unit("fire3", 300 - unit_index(Unit("fire3", 0)))
    report = search.report(unit)
    faces = search.testing[FACES][:, 300]
    others = np.concatenate([search.testing[name][:, 300] for name in GROUPS[1:]])
    assert report.d_prime == pytest.approx(float(d_prime(faces, others)))
    assert search.tested[300] == pytest.approx(report.d_prime)
    assert report.index == pytest.approx(float(selectivity_index(faces, others)))
    assert set(report.against) == {*GROUPS[1:], *CONTROLS}


def test_the_ranking_of_a_layer_is_complete_and_ordered():
    search = planted()
    for layer in ("conv1", "fire9"):
        ranking = search.ranking(layer)
        assert sorted(unit.number for unit in ranking) == list(range(LAYERS[layer]))
        scores = [search.chosen_by[unit_index(unit)] for unit in ranking]
        assert (np.diff(scores) <= 0).all()
    assert [report.unit.layer for report in search.best_of_layers()] == list(LAYERS)


def test_a_silent_unit_is_reported_and_never_best():
    search = planted()
    for half in (search.choosing, search.testing):
        for answers in half.values():
            answers[:, 5] = 0
    report = search.report(Unit("conv1", 5))
    assert (report.d_prime, report.interval, report.index) == (0.0, (0.0, 0.0), 0.0)
    assert unit_index(search.best_of_all().unit) != 5


def test_answers_are_means_over_all_places(searches):
    net = searches[0][0]
    picture = images.faces().test_faces[0]
    answers = mean_answers(net, picture[None])[0]
    large = torch.from_numpy(images.resize(picture, 127, 127)).permute(2, 0, 1)[None]
    values = normalise("squeezenet1_1", large)
    for number, module in enumerate(net.features):
        values = module(values)
        if number == 1:
            np.testing.assert_allclose(answers[:64], values[0].mean(dim=(1, 2)), rtol=1e-4)
    np.testing.assert_allclose(answers[-512:], values[0].mean(dim=(1, 2)), rtol=1e-3, atol=1e-4)
    own = ask_about(net, picture, Unit("fire9", 7))
    assert own.answer == pytest.approx(float(answers[-512 + 7]), rel=1e-3, abs=1e-4)


def test_controls_belong_to_the_faces_of_their_half():
    rng = np.random.default_rng(1)
    half = PictureHalf({FACES: rng.random((4, 25, 25))})
    found = controls_of(half, np.random.default_rng(0))
    assert tuple(found) == CONTROLS
    assert (found[INVERTED][:, ::-1] == half.faces).all()
    assert found[SCRAMBLED].shape == half.faces.shape


def test_a_search_shows_everything_and_tells_how_far_it_is(searches):
    for _, search in searches:
        for half in (search.choosing, search.testing):
            assert tuple(half) == (*GROUPS, *CONTROLS)
            assert {answers.shape for answers in half.values()} == {(6, UNITS)}
    assert not np.allclose(searches[0][1].tested, searches[1][1].tested)
