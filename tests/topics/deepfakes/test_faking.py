"""Faces of nobody, swapped, brought to one form, and judged."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from aml4d_utils import images
from aml4d_utils.topics.deepfakes import fake_trials, makers, small_faces
from aml4d_utils.topics.deepfakes.eigenfaces import eigenfaces
from aml4d_utils.topics.deepfakes.likeness import likeness
from aml4d_utils.topics.deepfakes.swap_film import swap_film


def seeded(number):
    """A generator of chance."""
    return torch.Generator().manual_seed(number)


# --- makers ------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_faces_bit_by_bit():
    assert np.array_equal(makers.invented(3, seeded(1)), makers.invented(3, seeded(1)))
    assert not np.array_equal(makers.invented(3, seeded(1)), makers.invented(3, seeded(2)))


def test_two_persons_differ_more_than_pictures_of_one():
    first, second = (makers.pictures_of(person, 8, seeded(3)) for person in (0, 1))
    means = first.mean(0), second.mean(0)
    within = np.abs(first - means[0]).mean()
    assert np.abs(means[0] - means[1]).mean() > 0.5 * within


def test_each_decoder_paints_its_own_person():
    """The lesson's claim: who it is comes from the decoder, whoever is filmed."""
    for source in (0, 1):
        originals = makers.pictures_of(source, 16, seeded(50 + source))
        assert likeness(originals, source) > 0.9
        for painter in (0, 1):
            painted = makers.swapped(originals, source, painter)
            assert likeness(painted, painter) > likeness(painted, 1 - painter) + 0.2


def test_a_swap_is_no_ghost():
    """It is as rich in contrast as what the painter makes of its own person, and as like it."""
    for source in (0, 1):
        filmed, other = (makers.pictures_of(p, 16, seeded(60 + p)) for p in (source, 1 - source))
        swap = makers.swapped(filmed, source, 1 - source)
        own = makers.swapped(other, 1 - source, 1 - source)
        assert swap.std((1, 2)).mean() > 0.9 * own.std((1, 2)).mean()
        assert likeness(swap, 1 - source) > 0.9
        light = [pictures.mean((1, 2, 3)) for pictures in (filmed, swap)]
        assert np.corrcoef(*light)[0, 1] > 0.9


def test_likeness_looks_at_edges_only():
    face = makers.pictures_of(1, 8, seeded(1))
    assert likeness(0.5 * face + 0.3, 1) == pytest.approx(likeness(face, 1), abs=1e-4)
    assert likeness(np.full((1, 64, 64, 3), 0.4), 1) == 0
    assert abs(likeness(face[:, ::-1], 1)) < 0.5


def test_a_swap_follows_the_original():
    *_, film = swap_film(0, 1, 24)
    assert film.fraction == 1 and film.original.shape == (24, 64, 64, 3)
    assert film.lost < film.changed
    assert film.follows > 0.2


def test_a_walk_is_closed_and_keeps_its_length():
    path = makers.face_walk(3, 8, seeded(0))
    assert path.shape == (24, 100)
    lengths = path.norm(dim=1)
    assert lengths.min() > 0.9 * lengths[::8].min()
    steps = (path.roll(-1, 0) - path).norm(dim=1)
    assert steps.max() < 2 * steps.min()
    near = makers.face_walk(3, 8, seeded(0), person=1)
    assert torch.allclose(near, makers.swapper().anchors[1] + makers.SPREAD * path)


# --- one form ----------------------------------------------------------------------------------


def test_a_face_is_cut_grey_and_small():
    face = np.zeros((1, 64, 64, 3), np.float32)
    face[:, 5:61, 4:60] = (1, 0, 0)
    small = small_faces.as_small_faces(face)
    assert small.shape == (1, 25, 25) and small.dtype == np.float32
    assert small[0, 12, 12] == pytest.approx(0.299, abs=0.003)
    with pytest.raises(ValueError, match="64, 64, 3"):
        small_faces.as_small_faces(np.zeros((1, 32, 32, 3)))
    assert small_faces.as_small_faces(np.zeros((0, 64, 64, 3))).shape == (0, 25, 25)


def test_the_form_alone_tells_nothing():
    """What differs in sharpness only would teach the detector the form."""
    data = images.faces()
    real = np.concatenate([data.train_faces, data.test_faces])
    forms = [small_faces.form(faces) for faces in (real, fake_trials.fakes_of(fake_trials.KNOWN))]
    for one, two in zip(*(form.T for form in forms), strict=True):
        truth = np.repeat([0, 1], [len(one), len(two)])
        assert 0.4 < roc_auc_score(truth, np.concatenate([one, two])) < 0.6


def test_normalised_faces():
    faces = np.stack([np.full((25, 25), 0.3), np.random.default_rng(0).random((25, 25))])
    even, other = small_faces.normalised(faces)
    assert not even.any()
    assert other.mean() == pytest.approx(0) and other.std() == pytest.approx(1)


@pytest.mark.parametrize("way", small_faces.WAYS)
def test_what_happens_on_the_way(way):
    faces = fake_trials.real_faces()
    changed = small_faces.WAYS[way](faces)
    assert changed.shape == faces.shape and 0 <= changed.min() and changed.max() <= 1
    moved = np.abs(changed - faces).mean()
    assert moved == 0 if way == "nothing" else 0.003 < moved < 0.1


def test_less_quality_changes_more():
    faces = fake_trials.real_faces()
    moved = [np.abs(small_faces.compressed(faces, q) - faces).mean() for q in (95, 50, 10)]
    assert moved == sorted(moved)
    for wrong in (0, 101, 50.5, True):
        with pytest.raises(ValueError, match="quality"):
            small_faces.compressed(faces, wrong)


# --- judging -----------------------------------------------------------------------------------


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=20), st.lists(st.integers(0, 6), min_size=1)
)
def test_roc_is_scikit_learns(real, fake):
    real, fake = np.array(real) / 6, np.array(fake) / 6
    truth = np.repeat([0, 1], [len(real), len(fake)])
    found = fake_trials.roc(real, fake)
    assert found.area == pytest.approx(roc_auc_score(truth, np.concatenate([real, fake])))
    alarms, hits, _ = roc_curve(truth, np.concatenate([real, fake]), drop_intermediate=False)
    assert np.allclose(found.false_alarms, alarms) and np.allclose(found.found, hits)


def test_the_detector_knows_its_maker():
    trial = fake_trials.try_detector()
    assert trial.roc.area > 0.9
    assert trial.found > 0.8 * len(trial.fake) and trial.accused < 0.3 * len(trial.real)
    low, high = trial.accused_interval
    assert low < trial.accused / len(trial.real) < high


def test_a_stranger_passes():
    """The lesson's claim: what is made in another way is not found, however plain it is."""
    trial = fake_trials.try_detector(fake_trials.EIGEN)
    assert trial.found < 0.3 * len(trial.fake) and trial.roc.area < 0.7


def test_eigenfaces_vary_as_real_faces_do():
    made = eigenfaces(2000, np.random.default_rng(0))
    real = images.faces().train_faces
    assert np.abs(made.mean(0) - real.mean(0)).max() < 0.06
    assert made.std(0).mean() == pytest.approx(real.std(0).mean(), rel=0.1)
    assert np.array_equal(made, eigenfaces(2000, np.random.default_rng(0)))
    distances = np.abs(made[:50, None] - real[None]).mean((2, 3))
    assert distances.min() > 0.03  # none is one of the real ones


def test_the_ranking_stays_and_the_threshold_does_not():
    """The lesson's claim on pictures that were shrunk on the way."""
    clean = fake_trials.try_detector()
    shrunk = fake_trials.try_detector(way="halved, enlarged again")
    assert shrunk.roc.area > clean.roc.area - 0.05
    assert shrunk.found < clean.found - 0.1 * len(clean.fake)


def test_what_is_not_known():
    with pytest.raises(ValueError, match="Expected a maker"):
        fake_trials.try_detector("nobody")
    with pytest.raises(ValueError, match="Expected a maker"):
        fake_trials.try_detector(way="burnt")
