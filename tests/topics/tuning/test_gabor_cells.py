"""Simulated cells: the field against scikit-image, the tuning curve against its closed form."""

import numpy as np
import pytest
from skimage.filters import gabor_kernel

from aml4d_utils.topics.tuning.gabor_cells import BEST, CELLS, REST, GaborCell, gabor
from aml4d_utils.topics.tuning.recording import measure_curve, record
from aml4d_utils.topics.tuning.stimuli import Stimulus, empty_screen
from aml4d_utils.topics.tuning.tuning_measures import half_width, modulation


@pytest.mark.parametrize("orientation", [0, 25, 90, 130])
def test_a_gabor_as_scikit_image_makes_it(orientation):
    # There theta turns clockwise on the screen and points across the stripes.
    theta = np.deg2rad(90 - orientation)
    kernel = gabor_kernel(1 / 8, theta, sigma_x=3, sigma_y=5, n_stds=4, offset=0).real
    ours = gabor(max(kernel.shape), orientation, 8, 0, 3, 5)
    rows, cols = ((max(kernel.shape) - length) // 2 for length in kernel.shape)
    cut = ours[rows : rows + kernel.shape[0], cols : cols + kernel.shape[1]]
    np.testing.assert_allclose(kernel * 2 * np.pi * 15, cut, atol=1e-9)


@pytest.mark.parametrize("kind", ["simple", "complex"])
@pytest.mark.parametrize(("across", "along"), [(6.0, 8.5), (5.0, 5.0), (7.0, 14.0)])
def test_a_tuning_curve_has_the_width_of_the_closed_form(kind, across, along):
    cell = GaborCell(kind, 50, 16, across=across, along=along)
    measured = measure_curve(cell, Stimulus("grating", width=8), step=2.5)
    angles = np.arange(0, 180, 0.25)
    heights = cell.amplitude(angles) ** (1 if kind == "simple" else 2)
    assert measured.preferred == 50
    assert measured.width == pytest.approx(half_width(angles, heights), abs=0.6)


@pytest.mark.parametrize("width", [4, 6, 8, 12])
def test_peaks_follow_the_closed_form_at_every_stripe_width(width):
    cell = GaborCell("complex", 40, 16, phase=0)
    answer = record(cell, Stimulus("grating", 40, width)).passing
    closed = REST + BEST * (cell.amplitude(40, 2 * width) / cell.amplitude(40)) ** 2
    assert answer.mean() == pytest.approx(closed, rel=0.03)


def test_the_simple_cell_swings_and_the_complex_one_does_not():
    swings = {
        name: modulation(record(cell, Stimulus("grating", cell.orientation)).passing, cell.rest)
        for name, cell in CELLS.items()
    }
    assert swings["simple cell"] > 1.5
    assert swings["complex cell"] < 0.1


def test_both_rest_at_rest_and_never_fire_less_than_never():
    for cell in CELLS.values():
        assert cell.answers(empty_screen()[None])[0] == pytest.approx(REST)
        bars = [Stimulus("dark bar", angle) for angle in range(0, 180, 15)]
        assert min(record(cell, bar).passing.min() for bar in bars) >= 0


def test_light_and_dark_are_the_same_to_a_complex_cell_only():
    for name, cell in CELLS.items():
        light, dark = (
            record(cell, Stimulus(f"{kind} bar", cell.orientation)) for kind in ("light", "dark")
        )
        same = np.allclose(light.passing, dark.passing)
        assert same == (name == "complex cell")


def test_other_kinds_are_refused():
    with pytest.raises(ValueError, match="simple or complex"):
        GaborCell("hypercomplex")
