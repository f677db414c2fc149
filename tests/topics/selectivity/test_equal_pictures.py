"""Pictures are equal in what is cheap to tell, and no photograph is in both halves."""

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.selectivity.equal_pictures import (
    CONTRAST,
    FACES,
    GROUPS,
    KINDS,
    MEAN,
    both_halves,
    equalise,
    filling,
    scrambled,
    upside_down,
)


@pytest.fixture(scope="module")
def halves():
    return both_halves()


def test_every_picture_has_size_mean_and_contrast_of_the_others(halves):
    for half in halves:
        assert tuple(half.groups) == GROUPS
        for pictures in half.groups.values():
            assert pictures.shape[1:] == (25, 25) and pictures.dtype == np.float32
            np.testing.assert_allclose(pictures.mean(axis=(1, 2)), MEAN, atol=0.02)
            # One piece of a photo is nearly plain: a few bright pixels cannot carry the contrast.
            alike = np.isclose(pictures.std(axis=(1, 2)), CONTRAST, atol=0.005)
            assert (~alike).sum() <= 1


def test_there_are_enough_pictures_and_no_face_too_many(halves):
    choosing, testing = (half.counts() for half in halves)
    assert (choosing[FACES], testing[FACES]) == (60, 40)
    assert min(testing.values()) >= 30


def test_no_picture_is_in_both_halves(halves):
    choosing, testing = (
        np.concatenate(list(half.groups.values())).reshape(-1, 625) for half in halves
    )
    distance = np.abs(choosing[:, None] - testing[None]).mean(axis=2)
    assert distance.min() > 0.005


def test_only_one_picture_of_each_original(halves):
    for name, categories in KINDS.items():
        originals = {c.original for kind in categories for c in images.cutouts(kind)}
        assert sum(half.counts()[name] for half in halves) == len(originals)


def test_upside_down_is_undone_by_itself(halves):
    faces = halves[1].faces
    assert (upside_down(faces)[:, 0] == faces[:, -1]).all()
    assert (upside_down(upside_down(faces)) == faces).all()


def test_scrambling_keeps_the_waves_and_loses_the_face(halves):
    rng = np.random.default_rng(5)
    smooth = 0.5 + 0.08 * rng.standard_normal((6, 25, 25))
    found = scrambled(smooth, np.random.default_rng(0))
    before, after = (
        np.abs(np.fft.fft2(p - p.mean(axis=(1, 2), keepdims=True))) for p in (smooth, found)
    )
    for one, other in zip(before, after, strict=True):
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.99
    faces = halves[1].faces
    mixed = scrambled(faces, np.random.default_rng(0))
    likeness = [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(faces, mixed, strict=True)]
    assert abs(np.mean(likeness)) < 0.1
    assert (mixed == scrambled(faces, np.random.default_rng(0))).all()
    assert (mixed != scrambled(faces, np.random.default_rng(1))).any()


@pytest.mark.parametrize("shape", [(40, 90), (90, 40), (25, 25)])
def test_a_cut_out_fills_its_square(shape):
    rgba = np.zeros((*shape, 4), np.float32)
    inside = tuple(slice(side // 2, side) for side in shape)
    rgba[inside] = [0.9, 0.9, 0.9, 1]
    rgba[inside][..., :3] -= np.linspace(0, 0.5, inside[1].stop - inside[1].start)[:, None]
    found = filling(rgba)
    assert found.shape == (25, 25)
    # Beside the thing lies its mean grey, so the whole has about that mean.
    assert found.mean() == pytest.approx(0.65, abs=0.06)


def test_a_photo_without_contrast_stays_grey():
    assert (equalise(np.full((30, 50, 3), 0.9)) == MEAN).all()
    assert equalise(images.photo("camera")).std() == pytest.approx(CONTRAST, abs=0.02)
