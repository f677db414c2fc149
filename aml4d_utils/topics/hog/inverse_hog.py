"""What HOG remembers of a photo: a jigsaw of pieces of other photos with the same histograms.

For each block, the pieces of a bank whose blocks are most like it are laid over each other. HOG
does not know light from dark, so a piece may be laid down as its negative: signs are chosen so
that neighbours agree where they overlap, the surest first. The whole may come out as a negative.

This is a simple relative of [1]_, which learns a paired dictionary instead of keeping pieces.

References
----------
.. [1] C. Vondrick, A. Khosla, T. Malisiewicz and A. Torralba, "HOGgles: visualizing object
   detection features", ICCV 2013, doi:10.1109/ICCV.2013.8.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from aml4d_utils.images import grey
from aml4d_utils.topics.hog.descriptor import Hog, HogSettings, hog

LAYERS = 8
"""Pieces laid over each other at each block."""

_LEAST_CONTRAST = 0.2


@dataclass(frozen=True)
class PieceBank:
    """Pieces of photos and the blocks that HOG makes of them.

    Attributes
    ----------
    settings : HogSettings
    blocks : ndarray (N, F), float32
    pieces : ndarray (N, h, w), float32
        Grey, as large as a block, of mean 0 and length 1.
    """

    settings: HogSettings
    blocks: np.ndarray
    pieces: np.ndarray


def collect_pieces(
    photos: Iterable[np.ndarray],
    rng: np.random.Generator,
    settings: HogSettings | None = None,
    count: int = 8000,
) -> PieceBank:
    """Cut photos into pieces, each as large as a block, and keep some by chance.

    Parameters
    ----------
    photos : iterable of ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
        Without the one that is to be rebuilt, else its own pieces are found again.
    rng : numpy.random.Generator
    settings : HogSettings, optional
    count : int
        How many pieces to keep at most.

    Returns
    -------
    PieceBank
        Only pieces with some contrast.

    Raises
    ------
    ValueError
        If there is no photo, one is smaller than a block, or no piece has any contrast.

    Examples
    --------
    >>> from aml4d_utils.images import photo
    >>> bank = collect_pieces([photo("coins")], np.random.default_rng(0), count=100)
    >>> bank.pieces.shape
    (100, 16, 16)
    """
    settings = settings or HogSettings()
    parts = [_blocks_and_pieces(photo, settings) for photo in photos]
    if not parts:
        raise ValueError("Expected at least one photo to cut pieces from, but got none.")
    blocks, pieces = (np.concatenate(part) for part in zip(*parts, strict=True))
    pieces = pieces - pieces.mean(axis=(1, 2), keepdims=True)
    length = np.linalg.norm(pieces, axis=(1, 2))
    useful = np.flatnonzero(length > _LEAST_CONTRAST)
    if not len(useful):
        raise ValueError("The photos have no contrast: there is nothing to cut pieces from.")
    kept = rng.permutation(useful)[:count]
    return PieceBank(settings, blocks[kept], pieces[kept] / length[kept, None, None])


def invert_hog(found: Hog, bank: PieceBank, contrast: bool = True) -> np.ndarray:
    """Rebuild a photo from nothing but its HOG and pieces of other photos.

    Parameters
    ----------
    found : Hog
        Of the photo.
    bank : PieceBank
        With the same settings.
    contrast : bool
        Give each piece the square root of the contrast of its cells. Without it every piece is
        equally strong, since normalised blocks do not know contrast.

    Returns
    -------
    ndarray (H', W'), float64 in [0, 1]
        The pixels that the blocks cover; 0.5 all over where the photo has no gradients.

    Raises
    ------
    ValueError
        If the bank was made with other settings.
    """
    if found.settings != bank.settings:
        raise ValueError(
            f"The bank was made with {bank.settings}, but the photo's HOG with {found.settings}."
        )
    pieces = similar_pieces(found, bank)
    energy = _energy(found)
    strength = np.sqrt(energy) if contrast else energy > 0
    pieces *= strength[..., None, None]
    step = found.settings.pixels_per_cell
    pieces *= agreeing_signs(pieces, step)[..., None, None]
    return _stretched(overlaid(pieces, step))


def similar_pieces(found: Hog, bank: PieceBank) -> np.ndarray:
    """Return for each block the mean of the pieces with the most similar blocks.

    Parameters
    ----------
    found : Hog
    bank : PieceBank

    Returns
    -------
    ndarray (R', C', h, w), float64
        Before the mean, each piece gets the sign that agrees with the most similar one.
    """
    blocks = found.blocks.reshape(-1, bank.blocks.shape[1]).astype(np.float32)
    distance = (bank.blocks**2).sum(axis=1) - 2 * blocks @ bank.blocks.T
    layers = min(LAYERS, len(bank.blocks))
    nearest = np.argpartition(distance, layers - 1, axis=1)[:, :layers]
    order = np.take_along_axis(distance, nearest, axis=1).argsort(axis=1)
    chosen = bank.pieces[np.take_along_axis(nearest, order, axis=1)]
    agreement = np.einsum("nhw,nkhw->nk", chosen[:, 0], chosen)
    signs = np.where(agreement < 0, -1.0, 1.0)
    mean = np.einsum("nk,nkhw->nhw", signs, chosen) / layers
    return mean.reshape(*found.blocks.shape[:2], *bank.pieces.shape[1:])


def agreeing_signs(pieces: np.ndarray, step: tuple[int, int]) -> np.ndarray:
    """Choose which pieces to lay down as negatives, so that overlapping neighbours agree.

    The pairs of neighbours that are surest, for or against each other, decide first: they make
    a maximum spanning tree.

    Parameters
    ----------
    pieces : ndarray (R', C', h, w), float
    step : tuple of int
        Distance of two neighbours, in pixels.

    Returns
    -------
    ndarray (R', C'), float64
        1 or −1 each.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, minimum_spanning_tree

    first, second, agreement = _overlaps(pieces, step)
    count = pieces.shape[0] * pieces.shape[1]
    cost = 1 / (np.abs(agreement) + 1e-9)
    tree = minimum_spanning_tree(coo_array((cost, (first, second)), shape=(count, count)).tocsr())
    positive = dict(
        zip(zip(first.tolist(), second.tolist(), strict=True), agreement >= 0, strict=True)
    )
    signs = np.ones(count)
    order, before = breadth_first_order(tree, 0, directed=False)
    for piece in order[1:]:
        pair = (min(piece, before[piece]), max(piece, before[piece]))
        signs[piece] = signs[before[piece]] * (1 if positive[pair] else -1)
    return signs.reshape(pieces.shape[:2])


def overlaid(pieces: np.ndarray, step: tuple[int, int]) -> np.ndarray:
    """Lay pieces down on a grid; where they overlap, average, the middle of a piece counting most.

    Parameters
    ----------
    pieces : ndarray (R', C', h, w), float
    step : tuple of int
        Distance of two neighbours, in pixels.

    Returns
    -------
    ndarray, float64
        Of ((R' − 1) step + h) × ((C' − 1) step + w) pixels.
    """
    rows, cols, high, wide = pieces.shape
    bell = np.outer(np.hanning(high + 2)[1:-1], np.hanning(wide + 2)[1:-1])
    total = np.zeros(((rows - 1) * step[0] + high, (cols - 1) * step[1] + wide))
    weight = np.zeros_like(total)
    for row, col in np.ndindex(rows, cols):
        place = np.s_[row * step[0] :, col * step[1] :]
        total[place][:high, :wide] += bell * pieces[row, col]
        weight[place][:high, :wide] += bell
    return total / weight


def _blocks_and_pieces(photo: np.ndarray, settings: HogSettings) -> tuple[np.ndarray, np.ndarray]:
    blocks = hog(photo, settings).blocks
    high, wide = np.multiply(settings.pixels_per_cell, settings.cells_per_block)
    down, across = settings.pixels_per_cell
    pieces = sliding_window_view(grey(photo), (high, wide))[::down, ::across]
    return blocks.reshape(-1, blocks[0, 0].size).astype(np.float32), pieces.reshape(-1, high, wide)


def _energy(found: Hog) -> np.ndarray:
    windows = sliding_window_view(found.cells.sum(axis=2), found.settings.cells_per_block)
    return windows.sum(axis=(2, 3))


def _overlaps(
    pieces: np.ndarray, step: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return all pairs of neighbours, as numbers of pieces, and how well each pair agrees."""
    rows, cols, high, wide = pieces.shape
    number = np.arange(rows * cols).reshape(rows, cols)
    pairs = []
    for down, across in ((0, 1), (1, 0)):
        one, other = np.s_[: rows - down, : cols - across], np.s_[down:, across:]
        shared = high - down * step[0], wide - across * step[1]
        upper = pieces[one][..., high - shared[0] :, wide - shared[1] :]
        lower = pieces[other][..., : shared[0], : shared[1]]
        agreement = np.einsum("rchw,rchw->rc", upper, lower)
        pairs.append((number[one].ravel(), number[other].ravel(), agreement.ravel()))
    first, second, agreement = (np.concatenate(part) for part in zip(*pairs, strict=True))
    return first, second, agreement


def _stretched(image: np.ndarray) -> np.ndarray:
    """Put 0 on middle grey and all but the two strongest percent between black and white."""
    reach = np.percentile(np.abs(image), 98)
    return np.clip(0.5 + 0.5 * image / reach, 0, 1) if reach > 0 else np.full(image.shape, 0.5)
