"""Inverse HOG: what is rebuilt has the histograms of the photo, though not its light and dark."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aml4d_utils import images
from aml4d_utils.topics.hog.descriptor import HogSettings, hog
from aml4d_utils.topics.hog.inverse_hog import (
    PieceBank,
    agreeing_signs,
    collect_pieces,
    invert_hog,
    overlaid,
    similar_pieces,
)


@pytest.fixture(scope="module")
def bank():
    others = [images.fit(images.photo(name), 300) for name in ("astronaut", "coffee", "rocket")]
    return collect_pieces(others, np.random.default_rng(0), count=3000)


@pytest.fixture(scope="module")
def small_cat(cat):
    return images.fit(cat, 240)


def similarity(one, other):
    one, other = (blocks.reshape(-1, 36) for blocks in (one, other))
    lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(other, axis=1)
    return float(((one * other).sum(axis=1) / np.maximum(lengths, 1e-9)).mean())


def test_the_histograms_come_back(bank, small_cat):
    found = hog(small_cat)
    again = hog(invert_hog(found, bank)).blocks
    mixed = np.random.default_rng(1).permutation(len(bank.blocks))
    wrong = hog(invert_hog(found, PieceBank(bank.settings, bank.blocks[mixed], bank.pieces)))
    assert similarity(found.blocks, again) > 0.8
    assert similarity(found.blocks, again) > similarity(found.blocks, wrong.blocks) + 0.1


def test_it_does_not_know_a_photo_from_its_negative(bank, small_cat):
    straight, negative = (invert_hog(hog(photo), bank) for photo in (small_cat, 1 - small_cat))
    np.testing.assert_allclose(straight, negative, atol=1e-3)


@pytest.mark.parametrize("contrast", [True, False])
def test_size_and_range(bank, small_cat, contrast):
    rebuilt = invert_hog(hog(small_cat), bank, contrast)
    assert rebuilt.shape == (small_cat.shape[0] // 8 * 8, small_cat.shape[1] // 8 * 8)
    assert (rebuilt.min(), rebuilt.max()) == (0, 1)


def test_the_same_seed_gives_the_same_bank(small_cat):
    banks = [collect_pieces([small_cat], np.random.default_rng(s), count=50) for s in (0, 0, 1)]
    np.testing.assert_array_equal(banks[0].pieces, banks[1].pieces)
    assert (banks[0].pieces != banks[2].pieces).any()
    np.testing.assert_allclose(np.linalg.norm(banks[0].pieces, axis=(1, 2)), 1, atol=1e-5)
    np.testing.assert_allclose(banks[0].pieces.mean(axis=(1, 2)), 0, atol=1e-5)


def test_a_piece_and_its_negative_do_not_cancel_out(small_cat):
    found = hog(small_cat)
    piece = np.random.default_rng(0).normal(size=(16, 16)).astype(np.float32)
    pieces = np.stack([piece, -piece, piece, -piece])
    blocks = np.repeat(found.blocks[5, 5].reshape(1, -1), 4, axis=0).astype(np.float32)
    mean = similar_pieces(found, PieceBank(found.settings, blocks, pieces))
    np.testing.assert_allclose(np.abs(mean[5, 5]), np.abs(piece), atol=1e-6)


@pytest.mark.parametrize("contrast", [True, False])
def test_nothing_to_rebuild(bank, contrast):
    rebuilt = invert_hog(hog(np.full((40, 40), 0.3)), bank, contrast)
    np.testing.assert_array_equal(rebuilt, 0.5)


@pytest.mark.parametrize("block", [(1, 1), (3, 3), (2, 1)])
def test_other_blocks_and_a_single_one(small_cat, block):
    settings = HogSettings(cells_per_block=block)
    bank = collect_pieces([small_cat], np.random.default_rng(0), settings, count=40)
    height, width = np.multiply(8, block)
    for part in (small_cat, small_cat[20 : 20 + height, 30 : 30 + width]):
        assert np.isfinite(invert_hog(hog(part, settings), bank)).all()


def test_wrong_banks(bank, small_cat):
    with pytest.raises(ValueError, match="made with HogSettings"):
        invert_hog(hog(small_cat, HogSettings(6)), bank)
    with pytest.raises(ValueError, match="no contrast"):
        collect_pieces([np.zeros((40, 40))], np.random.default_rng(0))
    with pytest.raises(ValueError, match="at least one photo"):
        collect_pieces([], np.random.default_rng(0))


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 2**31))
def test_signs_mend_a_cut_up_photo(rows, cols, seed):
    rng = np.random.default_rng(seed)
    whole = rng.normal(size=(4 * rows + 4, 4 * cols + 4))
    pieces = np.array(
        [[whole[4 * r : 4 * r + 8, 4 * c : 4 * c + 8] for c in range(cols)] for r in range(rows)]
    )
    flipped = rng.choice([-1.0, 1.0], size=(rows, cols))
    signs = agreeing_signs(pieces * flipped[..., None, None], (4, 4))
    assert len(np.unique(signs * flipped)) == 1
    np.testing.assert_allclose(overlaid(pieces, (4, 4)), whole, atol=1e-9)
