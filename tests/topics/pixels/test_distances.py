"""Distances against SciPy, shrinking against OpenCV, components against scikit-learn."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import pdist, squareform
from sklearn.decomposition import PCA

from aml4d_utils import images
from aml4d_utils.topics.pixels import distances
from aml4d_utils.topics.pixels.distances import (
    BINS,
    GARMENTS,
    KINDS,
    PATCHES,
    PRINCIPAL,
    SHUFFLED,
    WIDEST,
    concentration,
    measure,
    measure_kinds,
    pairwise,
    patches,
    principal_components,
    random_numbers_spread_like,
    shrinking,
)

RNG = np.random.default_rng(1)


@pytest.fixture(scope="module")
def flat(data):
    return data.train_images[:800].reshape(800, -1) / 255


@pytest.fixture(scope="module")
def photo():
    return images.photo("chelsea")


@given(st.integers(2, 12), st.integers(1, 30), st.integers(0, 99))
def test_pairwise_is_scipys(count, d, seed):
    points = np.random.default_rng(seed).normal(3, 5, (count, d))
    assert np.allclose(pairwise(points), squareform(pdist(points)), atol=1e-6)


def test_measure_is_what_scipy_gives():
    points = RNG.random((60, 5))
    each = pdist(points)
    table = squareform(each)
    np.fill_diagonal(table, np.inf)
    nearest = table.min(axis=1)
    np.fill_diagonal(table, 0)
    found = measure(points)
    assert found.d == 5
    assert found.spread == pytest.approx(each.std() / each.mean())
    assert found.nearest == pytest.approx(nearest.mean() / each.mean())
    assert found.contrast == pytest.approx(np.median((table.max(axis=1) - nearest) / nearest))
    counts, _ = np.histogram(each / each.mean(), BINS, (0, WIDEST))
    assert np.allclose(found.histogram, counts / len(each))


def test_far_pairs_count_in_the_last_bin():
    points = np.concatenate([RNG.random((40, 2)), [[500.0, 0.0]]])
    found = measure(points)
    assert found.histogram.sum() == pytest.approx(1)
    assert found.histogram[-1] > 0


def test_equal_points_do_not_divide_by_zero():
    points = np.concatenate([np.zeros((3, 4)), np.ones((3, 4))])
    assert np.isfinite(measure(points).contrast)
    with pytest.raises(ValueError, match="All points are the same"):
        measure(np.ones((5, 4)))


@pytest.mark.parametrize("side", [1, 2, 5, 7, 13, 20, 27, 28])
def test_shrinking_is_opencvs_area_averaging(side, data):
    picture = data.test_images[3].astype(np.float64)
    expected = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    found = (picture.ravel() @ shrinking(side)).reshape(side, side)
    assert np.allclose(found, expected, atol=0.51)
    assert np.allclose(shrinking(side).sum(axis=0), 1)


def test_shrinking_to_its_own_size_changes_nothing():
    assert np.allclose(shrinking(28), np.eye(784))


def test_components_are_scikit_learns(flat):
    found = principal_components(flat[:100])
    expected = PCA(20, svd_solver="full").fit_transform(flat[:100])
    assert np.allclose(np.abs(found[:, :20]), np.abs(expected), atol=1e-6)
    assert np.allclose(pdist(found), pdist(flat[:100]), atol=1e-6)


def test_patches_come_from_the_photo(photo):
    cut = patches(photo, 5, np.random.default_rng(0))
    grey = images.grey(photo)
    windows = np.lib.stride_tricks.sliding_window_view(grey, (28, 28))
    for patch in cut.reshape(-1, 28, 28):
        starts = np.argwhere(windows[:, :, 0, 0] == patch[0, 0])
        assert any(np.array_equal(windows[row, col], patch) for row, col in starts)


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 90, 3), (28, 28, 3)])
def test_a_tiny_photo_has_patches_too(shape):
    photo = np.random.default_rng(0).random(shape)
    cut = patches(photo, 7, np.random.default_rng(0))
    assert cut.shape == (7, 784)
    assert np.isfinite(cut).all()


@pytest.fixture(scope="module")
def kinds(flat, photo):
    sides = (1, 7, 28)
    return {
        kind: concentration(kind, flat, photo, rng=np.random.default_rng(0), count=200, sides=sides)
        for kind in KINDS
    }


def test_random_points_collapse_and_real_ones_do_not(kinds):
    for kind in (GARMENTS, PATCHES, PRINCIPAL):
        assert kinds[kind].points[-1].nearest < 0.6
        assert kinds[kind].uniform[-1].nearest > 0.9
        assert 2 < kinds[kind].alike[-1] < 30


def test_without_dependence_the_curse_returns(kinds):
    assert kinds[SHUFFLED].points[-1].nearest > 0.85
    assert kinds[SHUFFLED].alike[-1] > 100


def test_all_components_keep_all_distances(kinds):
    # Both draw the same garments; with every coordinate the rotation changes nothing.
    assert kinds[PRINCIPAL].points[-1].spread == pytest.approx(
        kinds[GARMENTS].points[-1].spread, rel=0.02
    )


@pytest.mark.parametrize("d", [1, 3, 10, 60, 400])
def test_random_points_are_spread_like_themselves(d):
    points = np.random.default_rng(7).random((500, d))
    assert random_numbers_spread_like(measure(points).spread) == pytest.approx(d, rel=0.12)


def test_an_unknown_kind_is_refused(flat, photo):
    with pytest.raises(ValueError, match="There are points of the kinds"):
        concentration("stars", flat, photo, rng=np.random.default_rng(0))


def test_a_constant_photo_is_refused_in_words(flat):
    with pytest.raises(ValueError, match="All points are the same"):
        concentration(PATCHES, flat, np.ones((40, 40, 3)), rng=np.random.default_rng(0), count=20)


def test_every_kind_is_measured_in_turn(flat, photo, monkeypatch):
    monkeypatch.setattr(distances, "KINDS", (GARMENTS, SHUFFLED))
    steps = list(measure_kinds(flat, photo, count=20))
    assert [step.fraction for step in steps] == [0.5, 1.0]
    assert list(steps[-1].kinds) == [GARMENTS, SHUFFLED]


@pytest.mark.parametrize("photo", [np.zeros((9, 9, 3)), np.full((400, 300, 3), 0.5)])
def test_an_empty_photo_has_no_patches_and_costs_nothing_else(flat, photo, monkeypatch):
    monkeypatch.setattr(distances, "KINDS", (PATCHES, GARMENTS))
    last = list(measure_kinds(flat, photo, count=20))[-1]
    assert list(last.kinds) == [GARMENTS]
    assert last.fraction == 1
