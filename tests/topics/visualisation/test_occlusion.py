"""Occlusion is what a one-by-one loop gives, and what captum gives."""

import captum.attr
import numpy as np
import pytest
import torch

from aml4d_utils import nets
from aml4d_utils.nets.squeezenet_layers import network_view
from aml4d_utils.topics.visualisation.occlusion import (
    FILLS,
    fill_colour,
    occlude,
    patch_starts,
    smooth,
)


def last(steps):
    *_, end = steps
    return end


@pytest.fixture(scope="module")
def occlusion(net, photo):
    return last(occlude(net, photo, [285, 281], patch=47, positions=5))


def test_it_equals_a_loop(net, photo, occlusion):
    view = network_view(photo)
    for row, col in ((0, 0), (1, 3), (4, 4), (2, 0)):
        hidden = view.copy()
        top, left = occlusion.starts[[row, col]]
        hidden[top : top + 47, left : left + 47] = 0.5
        with torch.no_grad():
            chances = net(nets.preprocess("squeezenet1_1", hidden, "cpu"))[0].softmax(0)
        expected = chances[[285, 281]].numpy()
        np.testing.assert_allclose(occlusion.chances[row, col], expected, rtol=1e-4, atol=1e-6)


def test_it_agrees_with_captum(net, photo, occlusion):
    """Captum takes the mean over all patches on a pixel; in their middle there is only one."""
    pixels = nets.preprocess("squeezenet1_1", photo, "cpu")
    grey = nets.preprocess("squeezenet1_1", np.full((227, 227, 3), 0.5), "cpu")
    method = captum.attr.Occlusion(lambda batch: net(batch).softmax(1))
    expected = method.attribute(
        pixels,
        sliding_window_shapes=(3, 47, 47),
        strides=(3, 45, 45),
        baselines=grey,
        target=285,
        perturbations_per_eval=4,
    )
    for (row, col), drop in np.ndenumerate(occlusion.drops(0)):
        middle = occlusion.starts[[row, col]] + 23
        assert drop == pytest.approx(float(expected[0, 0, middle[0], middle[1]]), abs=1e-5)


def test_it_grows_row_by_row(net, photo):
    steps = list(occlude(net, photo, [285], patch=95, positions=3))
    assert [step.done for step in steps] == [3, 6, 9]
    assert steps[-1].fraction == 1
    assert np.isnan(steps[0].chances[1:]).all()
    assert np.isfinite(steps[-1].chances).all()
    np.testing.assert_array_equal(steps[0].chances[0], steps[-1].chances[0])


def test_the_worst_place_and_the_place_under_a_pixel(occlusion):
    drops = occlusion.drops(0)
    row, col = occlusion.worst_place(0)
    assert drops[row, col] == drops.max()
    assert occlusion.place_at(0, 226) == (0, 4)
    middle = occlusion.starts + 23
    assert occlusion.place_at(middle[1], middle[3]) == (1, 3)


def test_hiding_everything_leaves_nothing_to_choose(net, photo):
    step = last(occlude(net, photo, [285], patch=227, positions=2))
    assert np.ptp(step.chances) == 0


@pytest.mark.parametrize("patch", [1, 23, 47, 95, 227])
def test_patches_go_from_edge_to_edge(patch):
    starts = patch_starts(patch)
    assert (starts[0], starts[-1] + patch, len(starts)) == (0, 227, 13)
    assert np.ptp(np.diff(starts)) <= 1


@pytest.mark.parametrize("patch", [0, 228, -3])
def test_a_patch_must_fit(patch):
    with pytest.raises(ValueError, match="1 to 227 pixels"):
        patch_starts(patch)


def test_fills():
    view = np.random.default_rng(0).random((9, 9, 3)).astype(np.float32)
    np.testing.assert_allclose(fill_colour(view, FILLS[1]), view.mean((0, 1)))
    assert fill_colour(view, "black").tolist() == [0, 0, 0]
    assert fill_colour(view, "mid-grey").tolist() == [0.5] * 3
    with pytest.raises(ValueError, match="filled with"):
        fill_colour(view, "pink")


def test_the_smooth_map_passes_through_the_centres():
    values = np.random.default_rng(1).normal(size=(13, 13))
    starts = patch_starts(47)
    fine = smooth(values, starts, 47)
    centres = starts + 23
    np.testing.assert_allclose(fine[np.ix_(centres, centres)], values)
    assert fine.min() == pytest.approx(values.min())
    assert fine[0, 0] == values[0, 0]
