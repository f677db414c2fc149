"""A photo through the layers: votes point along the stripes that are there."""

import numpy as np
import pytest

from aml4d_utils.topics.tuning.photo_layers import NAMED, look


def stripes(angle, width=14, side=227):
    rows, cols = np.mgrid[:side, :side]
    turned = np.deg2rad(angle)
    wave = np.cos(np.pi * (rows * np.cos(turned) + cols * np.sin(turned)) / width)
    return np.repeat(0.5 + 0.4 * wave[..., None], 3, axis=2)


@pytest.mark.parametrize("layer", ["fire3", "fire5"])
@pytest.mark.parametrize("word", NAMED)
def test_stripes_of_one_orientation_win_the_vote(surveys, layer, word):
    net, trained, _ = surveys
    view = look(net, stripes(NAMED[word]), layer, trained.layers[layer])
    assert max(view.shares, key=view.shares.get) == word
    assert view.shares[word] > 0.5


def test_strokes_lie_along_the_stripes(surveys):
    net, trained, _ = surveys
    view = look(net, stripes(90), "fire5", trained.layers["fire5"])
    (r0, c0), (r1, c1) = np.moveaxis(np.array(view.strokes), 0, -1)
    assert np.median(np.abs(r1 - r0)) > 3 * np.median(np.abs(c1 - c0))
    assert min(r0.min(), r1.min()) >= 0 and max(c0.max(), c1.max()) <= 227


def test_a_plain_photo_has_no_strokes(surveys):
    net, trained, _ = surveys
    view = look(net, np.full((50, 70, 3), 0.4), "fire3", trained.layers["fire3"])
    inner = np.abs(view.orientation)[3:-3, 3:-3]
    assert inner.max() < 0.1


def test_maps_come_strongest_first(surveys, cat):
    net, _, _ = surveys
    view = look(net, cat, "fire9")
    means = view.maps.mean(axis=(1, 2))
    assert (np.diff(means) <= 1e-5).all() and sorted(view.units) == list(range(512))
    assert view.orientation is None and view.strokes == [] and view.shares == {}
    assert 0 < view.silent < 1
    assert "cat" in view.guesses[0][0]
