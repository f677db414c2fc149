"""Where cells look, what comes back to them, and how it is shown."""

import numpy as np
import pytest
import torch

from aml4d_utils.topics.visualisation.passing import RULES
from aml4d_utils.topics.visualisation.projection import (
    LAYERS,
    UNITS,
    Looking,
    as_picture,
    box_of,
    cell_at,
    cut,
    field_side,
    window_of,
)


@pytest.fixture(scope="module")
def looking(net, photo):
    return Looking(net, photo)


def test_the_layers_are_as_large_as_said(net, looking):
    assert {layer: len(looking.maps(layer)) for layer in LAYERS} == UNITS
    assert [field_side(net, layer) for layer in LAYERS] == [3, 23, 63, 143, 207]


@pytest.mark.parametrize("layer", LAYERS)
def test_what_comes_back_lies_in_the_box(net, looking, layer):
    """Beyond the box of a cell, measured with the whole way back, there is nothing."""
    spot = looking.loudest_spot(layer)
    start = torch.zeros_like(looking.trace.maps(layer))
    start[0, spot.unit, spot.row, spot.col] = 1
    back = looking.trace.back(start, layer, RULES["gradient"])[0].abs().sum(0).numpy()
    x0, y0, x1, y1 = np.clip(spot.box, 0, 227)
    inside = back[y0:y1, x0:x1].sum()
    assert inside == pytest.approx(back.sum())
    assert inside > 0


@pytest.mark.parametrize("layer", LAYERS)
def test_the_window_holds_nearly_all_of_it(looking, layer):
    spot = looking.loudest_spot(layer)
    start = torch.zeros_like(looking.trace.maps(layer))
    start[0, spot.unit, spot.row, spot.col] = 1
    back = looking.trace.back(start, layer, RULES["guided"])[0].abs().sum(0).numpy()
    x0, y0, x1, y1 = np.clip(spot.window, 0, 227)
    assert back[y0:y1, x0:x1].sum() > 0.9 * back.sum()


def test_a_clicked_pixel_is_seen_by_the_cell_that_answers(net, looking):
    for layer in LAYERS:
        shape = looking.maps(layer).shape[1:]
        for row, col in ((113, 113), (60, 170), (30, 40)):
            place = cell_at(net, layer, row, col, shape)
            x0, y0, x1, y1 = box_of(net, layer, *place)
            jump = 227 / shape[0]
            assert abs((y0 + y1 - 1) / 2 - row) <= jump
            assert abs((x0 + x1 - 1) / 2 - col) <= jump
        assert cell_at(net, layer, 0, 226, shape) == (0, shape[1] - 1)


def test_spots_at_a_pixel_are_ranked_and_fire(looking):
    spots = looking.spots_at_pixel("fire5", 78, 73)
    values = [spot.value for spot in spots]
    assert values == sorted(values, reverse=True)
    assert len(values) == 9 and min(values) > 0
    assert values[0] == looking.maps("fire5")[:, spots[0].row, spots[0].col].max()


def test_the_strongest_spot_is_the_largest_value(looking):
    spot = looking.strongest_spot("fire7", 131)
    assert spot.value == float(looking.maps("fire7")[131].max())
    loudest = looking.loudest_spot("fire7")
    assert loudest.value == float(looking.maps("fire7").max())
    with pytest.raises(ValueError, match="units 0 to 383"):
        looking.strongest_spot("fire7", 384)


def test_a_projection_is_what_the_window_cuts_out(looking):
    spot = looking.loudest_spot("fire5")
    found = looking.project(spot, "guided")
    side = spot.window[2] - spot.window[0]
    assert found.signal.shape == found.crop.shape == (side, side, 3)
    assert not found.silent and 0 < found.focus < 0.5
    with pytest.raises(ValueError, match="ways back are deconvnet, guided, gradient"):
        looking.project(spot, "sideways")


def test_nothing_comes_back_from_a_silent_cell(net):
    looking = Looking(net, np.full((30, 40, 3), 0.5))
    maps = looking.maps("fire9")
    unit = int((maps.amax((1, 2)) == 0).nonzero()[0])
    found = looking.project(looking.strongest_spot("fire9", unit), "deconvnet")
    assert found.silent and found.focus == 0
    assert (as_picture(found.signal) == 0.5).all()


def test_cutting_beyond_the_edge():
    image = np.arange(27.0).reshape(3, 3, 3) / 27
    cutout = cut(image, (-1, 1, 2, 5), 0.5)
    assert cutout.shape == (4, 3, 3)
    np.testing.assert_array_equal(cutout[:2, 1:], image[1:, :2].astype(np.float32))
    assert (cutout[2:] == 0.5).all() and (cutout[:, 0] == 0.5).all()


def test_windows_are_centred():
    assert window_of((-20, 0, 43, 63)) == (-11, 9, 34, 54)
    assert window_of((5, 6, 8, 9)) == (5, 6, 8, 9)


def test_the_picture_is_grey_at_zero_and_keeps_the_sign():
    signal = np.random.default_rng(0).normal(size=(20, 20, 3))
    picture = as_picture(signal)
    assert 0 <= picture.min() and picture.max() <= 1
    assert ((picture > 0.5) == (signal > 0)).all()
    np.testing.assert_allclose(as_picture(7 * signal), picture)
