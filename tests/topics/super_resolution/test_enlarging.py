"""Enlarging by three methods: whole or in tiles, cancelled or not, any picture."""

import numpy as np
import pytest
import torch
from PIL import Image

from aml4d_utils import images, nets
from aml4d_utils.topics.super_resolution import comparing, enlarging, shrinking


@pytest.fixture
def small(photo):
    """A part of the cat, 20 × 28 pixels."""
    return shrinking.shrink(photo[60:140, 100:212])


def test_shrinking_is_pillows_bicubic():
    picture = images.photo("coffee")[40:140, 60:180]
    levels = Image.fromarray(images.as_uint8(picture))
    expected = np.asarray(levels.resize((30, 25), Image.Resampling.BICUBIC)) / 255
    assert np.abs(shrinking.shrink(picture) - expected).max() < 1.5 / 255


def test_shrinking_takes_the_largest_crop_of_fours():
    picture = np.random.default_rng(0).random((10, 15, 3)).astype(np.float32)
    assert np.array_equal(shrinking.shrink(picture), shrinking.shrink(picture[:8, :12]))
    with pytest.raises(ValueError, match="at least 4"):
        shrinking.shrink(picture[:3])


@pytest.mark.parametrize("method", enlarging.METHODS)
def test_shrunk_again_it_is_the_small_picture(method, small):
    """Nothing has moved, no channels are swapped."""
    *_, last = enlarging.enlarge(method, small)
    assert last.fraction == 1 and last.picture.shape == (80, 112, 3)
    again = shrinking.shrink(last.picture)
    error = np.abs(again - small).mean()
    assert error < 0.05
    for other in (small[..., ::-1], np.roll(small, 1, axis=0), np.roll(small, 1, axis=1)):
        assert np.abs(again - other).mean() > 1.2 * error


def test_block_by_block_is_the_net_at_once(small):
    *steps, last = enlarging.enlarge(enlarging.GAN, small)
    net = nets.load("realesrgan_x4plus", "cpu")
    with torch.inference_mode():
        at_once = nets.as_image(net(nets.as_tensor(small, "cpu")).clamp(0, 1))
    assert np.abs(last.picture - at_once).max() <= 1.01 / 255
    fractions = [step.fraction for step in steps]
    assert len(fractions) >= 20 and fractions == sorted(fractions)


def test_tiles_leave_no_seam(monkeypatch, small):
    monkeypatch.setattr(enlarging, "TILE", 16)
    *_, tiled = enlarging.enlarge(enlarging.GAN, small)
    monkeypatch.setattr(enlarging, "TILE", 64)
    *_, whole = enlarging.enlarge(enlarging.GAN, small)
    assert np.abs(tiled.picture - whole.picture).mean() < 0.01
    for axis in (0, 1):
        seam = [np.abs(np.diff(p.picture, axis=axis)).take(63, axis).mean() for p in (tiled, whole)]
        assert seam[0] < 1.25 * seam[1]


def test_it_can_be_stopped_after_any_step(small):
    steps = enlarging.enlarge(enlarging.GAN, small)
    first = next(steps)
    steps.close()
    assert 0 < first.fraction < 0.1
    assert np.array_equal(first.picture, shrinking.as_levels(shrinking.enlarge_bicubic(small)))


def test_the_large_net_answers_the_same_bit_by_bit(small):
    first, second = (list(enlarging.enlarge(enlarging.GAN, small[:8, :8]))[-1] for _ in range(2))
    assert np.array_equal(first.picture, second.picture)


def test_an_unknown_method():
    with pytest.raises(ValueError, match="no method 'magic'"):
        next(enlarging.enlarge("magic", np.zeros((4, 4, 3))))


def test_the_small_net_is_nearer_than_bicubic_on_photos_it_has_not_seen():
    """The claim of the lesson: least squared error, on each of its four photos."""
    for name, corner in comparing.EXAMPLES.items():
        photo = comparing.prepared(images.photo(name))
        *_, last = comparing.compare(name, photo, corner, enlarging.METHODS[:2])
        bicubic, small_net = last.qualities
        assert small_net.psnr > bicubic.psnr + 0.1, name


def test_what_is_ready_is_not_made_again(photo):
    bench = comparing.Bench({"cat": photo})
    first = list(bench.compare("cat", 0.5, 0.2, enlarging.SMALL_NET))
    again = list(bench.compare("cat", 0.5, 0.2, enlarging.SMALL_NET))
    assert len(again) == 1 < len(first)
    assert again[-1].qualities == first[-1].qualities


def test_a_part_outside_the_photo_is_refused(photo):
    for corner in ((-1, 0), (0, -1), (200, 0), (0, 300)):
        with pytest.raises(ValueError, match="not inside"):
            next(comparing.compare("cat", photo, corner))


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_place_and_its_corner_agree(photo, share):
    top, left = comparing.corner_at(photo, share, share)
    middle = comparing.SIDE // 2
    assert comparing.place_of(photo, top + middle, left + middle) == pytest.approx(
        (share, share), abs=0.01
    )


def test_the_wipe_joins_two_pictures(photo):
    bench = comparing.Bench({"cat": photo})
    *_, made = bench.compare("cat", 0.5, 0.5, enlarging.BICUBIC)
    wiped = comparing.wiped(made, enlarging.BICUBIC, comparing.LEFTS[0], 0.25)
    assert np.array_equal(wiped[:, :48], made.true[:, :48])
    assert np.array_equal(wiped[:, 48:], made.qualities[0].picture[:, 48:])
