"""Haar features against scikit-image and against plain means."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.feature import haar_like_feature, haar_like_feature_coord
from skimage.transform import integral_image

from aml4d_utils.topics.viola_jones.haar import (
    FLAT,
    KINDS,
    HaarFeature,
    all_features,
    contrast,
    corner_matrix,
    feature_values,
)

SKIMAGE = {
    "left and right": "type-2-x",
    "top and bottom": "type-2-y",
    "three columns": "type-3-x",
    "three rows": "type-3-y",
    "four squares": "type-4",
}


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_as_many_as_in_scikit_image(kind):
    ours = {feature.box for feature in all_features(8) if feature.kind == kind}
    coordinates, _ = haar_like_feature_coord(8, 8, SKIMAGE[kind])
    theirs = set()
    for feature in coordinates:
        corners = [corner for rectangle in feature for corner in rectangle]
        rows, cols = zip(*corners, strict=True)
        theirs.add((min(cols), min(rows), max(cols) + 1, max(rows) + 1))
    assert ours == theirs
    assert sum(f.kind == kind for f in all_features(8)) == len(coordinates)


@pytest.mark.parametrize("kind", KINDS)
def test_values_are_those_of_scikit_image(kind):
    window = np.random.default_rng(1).random((9, 9))
    coordinates, types = haar_like_feature_coord(9, 9, SKIMAGE[kind])
    theirs = {}
    for value, feature in zip(
        haar_like_feature(
            integral_image(window), 0, 0, 9, 9, feature_type=types, feature_coord=coordinates
        ),
        coordinates,
        strict=True,
    ):
        (top, left), (bottom, right) = feature[0]
        theirs[top, left, bottom - top + 1, right - left + 1] = value
    for feature in all_features(9):
        if feature.kind != kind:
            continue
        ours = feature_values([feature], window[None])[0, 0] * contrast(window[None])[0]
        place = (feature.row, feature.col, feature.height, feature.width)
        # scikit-image adds sums up, black minus white; ours are means, white minus black.
        if kind in ("three columns", "three rows"):
            means = _means(feature, window)
            assert ours == pytest.approx(means, abs=1e-5)
        else:
            signs = "".join(KINDS[kind])
            area = feature.height * feature.width * signs.count("+")
            assert abs(ours) == pytest.approx(abs(theirs[place]) / area, abs=1e-5)
            assert ours == pytest.approx(_means(feature, window), abs=1e-5)


def _means(feature, window):
    parts = {"+": [], "-": []}
    for down, line in enumerate(KINDS[feature.kind]):
        for across, sign in enumerate(line):
            rows = slice(feature.row + down * feature.height, None)
            cols = slice(feature.col + across * feature.width, None)
            parts[sign].append(window[rows, cols][: feature.height, : feature.width])
    return np.mean(parts["+"]) - np.mean(parts["-"])


FEATURES = st.builds(
    HaarFeature,
    st.sampled_from(list(KINDS)),
    *(st.integers(0, 10) for _ in range(2)),
    *(st.integers(1, 6) for _ in range(2)),
).filter(lambda feature: feature.fits(16))


@given(FEATURES, st.integers(0, 10**6), st.floats(0.35, 1), st.floats(0, 0.3))
def test_light_does_not_change_a_value(feature, seed, gain, offset):
    window = np.random.default_rng(seed).random((1, 16, 16)) * 0.7
    plain, relit = (feature_values([feature], w)[0, 0] for w in (window, gain * window + offset))
    assert relit == pytest.approx(plain, abs=1e-4)


@given(FEATURES)
def test_an_even_window_gives_zero(feature):
    values = feature_values([feature], np.full((1, 16, 16), 0.7))
    assert values[0, 0] == pytest.approx(0, abs=1e-4)
    assert np.isfinite(values).all()


@given(FEATURES)
def test_weights_of_the_corners_add_up_to_nothing(feature):
    weights = corner_matrix([feature], 16).toarray()
    assert weights.sum() == pytest.approx(0, abs=1e-9)
    assert 6 <= np.count_nonzero(np.abs(weights) > 1e-12) <= 9


def test_contrast_is_that_of_the_inner_window_and_never_zero():
    windows = np.random.default_rng(0).random((3, 8, 8))
    windows[2] = 0.5
    assert contrast(windows)[:2] == pytest.approx(windows[:2, 1:-1, 1:-1].std((1, 2)))
    assert contrast(windows)[2] == FLAT


def test_a_feature_outside_the_window_is_refused():
    outside = HaarFeature("three rows", 0, 0, 9, 2)
    assert not outside.fits(25)
    with pytest.raises(ValueError, match="does not fit into a window of 25"):
        feature_values([outside], np.zeros((1, 25, 25)))


def test_steps_thin_the_features_out():
    every = set(all_features(12))
    assert set(all_features(12, step=2, least=2)) < every
    assert all(f.height >= 3 and f.width >= 3 for f in all_features(12, least=3))
    assert all(feature.fits(12) for feature in every)
