"""Stimuli: what is on the screen, and how it crosses it."""

import numpy as np
import pytest

from aml4d_utils.topics.tuning.stimuli import (
    KINDS,
    MIDDLE,
    SIDE,
    Stimulus,
    crossing,
    empty_screen,
    on_screen,
)


@pytest.mark.parametrize("orientation", [0, 30, 75, 90, 120, 165])
def test_the_long_side_of_a_bar_has_its_orientation(orientation):
    lit = on_screen(Stimulus("light bar", orientation, width=5)) - 0.5
    rows, cols = np.mgrid[:SIDE, :SIDE] - float(MIDDLE)
    spread = np.cov(np.stack([cols.ravel(), -rows.ravel()]), aweights=lit.ravel().clip(0))
    long_side = np.linalg.eigh(spread)[1][:, 1]
    assert np.degrees(np.arctan2(long_side[1], long_side[0])) % 180 == pytest.approx(
        orientation, abs=0.2
    )


@pytest.mark.parametrize("orientation", [0, 40, 90, 150])
def test_a_grating_has_the_frequency_and_direction_of_its_stripes(orientation):
    screen = on_screen(Stimulus("grating", orientation, width=6)) - 0.5
    waves = np.abs(np.fft.fft2(screen, (512, 512)))
    row, col = np.unravel_index(waves[:256].argmax(), (256, 512))
    up, right = -np.fft.fftfreq(512)[row], np.fft.fftfreq(512)[col]
    assert np.hypot(up, right) == pytest.approx(1 / 12, abs=2 / 512)
    across = np.degrees(np.arctan2(up, right))
    assert (across - orientation) % 180 == pytest.approx(90, abs=2)


@pytest.mark.parametrize("width", [1, 4, 9.5])
def test_a_bar_covers_its_area(width):
    lit = on_screen(Stimulus("light bar", 33, width)) - 0.5
    assert lit.sum() / 0.5 == pytest.approx(80 * width, rel=0.01)


def test_dark_mirrors_light_and_contrast_scales():
    light, dark = (
        on_screen(Stimulus(f"{kind} bar", 20, contrast=0.4)) for kind in ("light", "dark")
    )
    np.testing.assert_allclose(light - 0.5, 0.5 - dark, atol=1e-6)
    assert light.max() == pytest.approx(0.7) and dark.min() == pytest.approx(0.3)
    assert (on_screen(Stimulus("grating", contrast=0)) == empty_screen()).all()


def test_a_spot_is_round_and_has_no_orientation():
    spots = [on_screen(Stimulus("light spot", angle, 9)) for angle in (0, 50)]
    np.testing.assert_allclose(*spots, atol=1e-6)
    np.testing.assert_allclose(spots[0], spots[0].T)
    assert (spots[0] - 0.5).sum() / 0.5 == pytest.approx(np.pi * 4.5**2, rel=0.05)


@pytest.mark.parametrize("kind", KINDS)
def test_crossing_goes_at_right_angles_through_the_middle(kind):
    shifts, path = crossing(Stimulus(kind, 30, row=5, col=9), field=40)
    places = np.array([(one.row, one.col) for one in path]) - MIDDLE
    np.testing.assert_allclose(np.hypot(*places.T), np.abs(shifts))
    # 30° rises to the right; across it one goes up and to the left.
    np.testing.assert_allclose(places, np.outer(shifts, [-np.cos(np.pi / 6), -0.5]))


def test_a_grating_moves_on_by_one_period():
    shifts, path = crossing(Stimulus("grating", 70, width=5), field=40)
    assert shifts[0] == 0 and np.diff(shifts) == pytest.approx(10 / len(shifts))
    again = Stimulus("grating", 70, 5, row=2 * MIDDLE - path[1].row, col=2 * MIDDLE - path[1].col)
    np.testing.assert_allclose(on_screen(path[-1]), on_screen(again), atol=1e-5)


@pytest.mark.parametrize("wrong", [{"kind": "ring"}, {"width": 0.5}, {"contrast": 1.5}])
def test_what_cannot_be_shown_is_refused(wrong):
    with pytest.raises(ValueError, match="stimulus is one of|Expected a width"):
        Stimulus(**wrong)
