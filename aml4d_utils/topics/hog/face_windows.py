"""A face detector of one window: HOG and a linear classifier, trained while you wait.

It learns from small pictures of faces and of other things (`images.face_pictures`), and if wanted
from its own mistakes: windows of photos without faces that it took for faces come back as
counterexamples, as Dalal and Triggs did it.

References
----------
.. [1] N. Dalal and B. Triggs, "Histograms of oriented gradients for human detection", CVPR 2005,
   doi:10.1109/CVPR.2005.177.
.. [2] G. B. Huang, M. Ramesh, T. Berg and E. Learned-Miller, "Labeled faces in the wild: a
   database for studying face recognition in unconstrained environments", Technical report 07-49,
   University of Massachusetts, 2007.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.hog.descriptor import Hog, HogSettings, hog
from aml4d_utils.topics.hog.window_scores import window_box, window_scores

SETTINGS = HogSettings(pixels_per_cell=(3, 3))
CELLS = 8
"""A window has 8 × 8 cells, which are 24 × 24 of a training picture's 25 × 25 pixels."""
ONLY_FACES, MISTAKES = "small pictures", "pictures and mistakes"
LESSONS = (ONLY_FACES, MISTAKES)
FACELESS = (
    "brick",
    "china",
    "coffee",
    "flower",
    "grass",
    "gravel",
    "hubble_deep_field",
    "motorcycle",
    "retina",
    "rocket",
    "text",
)
"""Bundled photos in which nobody's face can be seen."""

_BLOCKS = CELLS - 1
_WIDE = CELLS * SETTINGS.pixels_per_cell[0]
_COST = 0.1
_ROUNDS = 2
_LONGEST = (48, 80, 128, 200)
_WORST = 25


@dataclass(frozen=True)
class FaceTemplate:
    """What a linear classifier of windows has learned.

    Attributes
    ----------
    lesson : str
        One of ``LESSONS``: what it was trained on.
    weights : ndarray (7, 7, 2, 2, 9), float64
        One weight for each number of a window's HOG.
    bias : float
    examples : int
        Pictures and windows that it was trained on.
    mistakes : int
        How many of them were its own mistakes.
    held_out : ndarray (N,), bool
        Which of the small pictures that were kept out of the training are right: first the
        faces, then as many other things.
    """

    lesson: str
    weights: np.ndarray
    bias: float
    examples: int
    mistakes: int
    held_out: np.ndarray

    @property
    def accuracy(self) -> float:
        """Share of the held-out pictures that are right."""
        return float(self.held_out.mean())


@dataclass(frozen=True)
class TemplateStep:
    """One step of the training; ``template`` is the state after it."""

    fraction: float
    doing: str
    template: FaceTemplate


@dataclass(frozen=True)
class WindowView:
    """A photo under a window.

    Attributes
    ----------
    template : FaceTemplate
    photo : ndarray (H, W, 3), float32 in [0, 1]
        Shrunk so that the window covers ``24 × 24`` of its pixels.
    size : int
        The window's side in pixels of the photo as it was given.
    scores : ndarray (R, C), float64
        Of every window; positive is "face".
    place : tuple of int
        Row and column in ``scores`` of the window that is looked at.
    best : tuple of int
        Where the highest score is.
    contributions : ndarray (8, 8), float64
        What each cell adds to the score: with the bias they add up to it. A cell is in up to four
        blocks; what it says in each is added.
    window : Hog
        HOG of the whole shrunk photo.
    scale : float
        Pixels of the shrunk photo per pixel of the given one.
    """

    template: FaceTemplate
    photo: np.ndarray
    size: int
    scores: np.ndarray
    place: tuple[int, int]
    best: tuple[int, int]
    contributions: np.ndarray
    window: Hog
    scale: float

    @property
    def score(self) -> float:
        """Of the window that is looked at."""
        return float(self.scores[self.place])

    @property
    def above(self) -> int:
        """How many windows are called a face."""
        return int((self.scores > 0).sum())

    @property
    def cells(self) -> np.ndarray:
        """The histograms under the window: ndarray (8, 8, 9)."""
        row, col = self.place
        return self.window.cells[row : row + CELLS, col : col + CELLS]

    def box(self, place: tuple[int, int]) -> tuple[int, int, int, int]:
        """Return a window as x0, y0, x1, y1 in pixels of ``photo``."""
        return window_box(*place, _BLOCKS, _BLOCKS, SETTINGS)


# --- training --------------------------------------------------------------------------------


def window_vector(picture: np.ndarray) -> np.ndarray:
    """Return the HOG of one small picture as the row of numbers that the classifier sees.

    Parameters
    ----------
    picture : ndarray (25, 25) or (24, 24), float in [0, 1] or uint8

    Returns
    -------
    ndarray (1764,), float64
    """
    return hog(picture, SETTINGS).blocks[:_BLOCKS, :_BLOCKS].ravel()


def train_steps(
    lesson: str = MISTAKES, without: np.ndarray | None = None
) -> Generator[TemplateStep, None, FaceTemplate]:
    """Train the face template, one record per round.

    Parameters
    ----------
    lesson : str
        One of ``LESSONS``.
    without : ndarray (H, W, 3), optional
        A photo that mistakes must not be taken from, since it will be looked at later.

    Yields
    ------
    TemplateStep

    Returns
    -------
    FaceTemplate

    Raises
    ------
    ValueError
        If there is no such lesson.
    """
    return (yield from _steps(_faceless(lesson, without)))


def trained(lesson: str = MISTAKES, without: np.ndarray | None = None) -> FaceTemplate:
    """As `train_steps`, at once; what the last photos led to is remembered."""
    return _trained(_faceless(lesson, without))


@lru_cache(maxsize=4)
def _trained(names: tuple[str, ...]) -> FaceTemplate:
    *_, last = _steps(names)
    return last.template


def _faceless(lesson: str, without: np.ndarray | None) -> tuple[str, ...]:
    """Return the photos whose mistakes are learned, none where only small pictures are."""
    if lesson not in LESSONS:
        raise ValueError(f"There is no lesson {lesson!r}; choose one of: {', '.join(LESSONS)}.")
    return tuple(name for name in FACELESS if lesson == MISTAKES and not _is(name, without))


def _steps(names: tuple[str, ...]) -> Generator[TemplateStep, None, FaceTemplate]:
    vectors, answers = _small_vectors()
    template = _template(ONLY_FACES, vectors, answers, 0)
    yield TemplateStep(0.3 if names else 1.0, "the small pictures", template)
    if not names:
        return template
    maps = [found for name in names for found in _maps(name)]
    for number in range(_ROUNDS):
        worst = np.concatenate([_mistakes(blocks, template) for blocks in maps])
        vectors = np.concatenate([vectors, worst])
        answers = np.concatenate([answers, np.zeros(len(worst), dtype=bool)])
        template = _template(MISTAKES, vectors, answers, template.mistakes + len(worst))
        done = 0.3 + 0.7 * (number + 1) / _ROUNDS
        yield TemplateStep(done, f"{template.mistakes:,} mistakes learned", template)
    return template


@lru_cache(maxsize=1)
def _small_vectors() -> tuple[np.ndarray, np.ndarray]:
    """Each face also mirrored: a face seen in a mirror is a face."""
    data = images.faces()
    mirrored = data.train_faces[:, :, ::-1]
    every = np.concatenate([data.train_faces, mirrored, data.train_others])
    vectors = np.array([window_vector(picture) for picture in every])
    return vectors, np.arange(len(every)) < 2 * len(mirrored)


@lru_cache(maxsize=1)
def _held_out_vectors() -> tuple[np.ndarray, np.ndarray]:
    data = images.faces()
    every = np.concatenate([data.test_faces, data.test_others])
    vectors = np.array([window_vector(picture) for picture in every])
    return vectors, np.arange(len(every)) < len(data.test_faces)


def _template(lesson: str, vectors: np.ndarray, answers: np.ndarray, mistakes: int) -> FaceTemplate:
    from sklearn.svm import LinearSVC

    svm = LinearSVC(C=_COST, random_state=0).fit(vectors, answers)
    block = (*SETTINGS.cells_per_block, SETTINGS.orientations)
    held_out, truth = _held_out_vectors()
    return FaceTemplate(
        lesson,
        svm.coef_.reshape(_BLOCKS, _BLOCKS, *block),
        float(svm.intercept_[0]),
        len(answers),
        mistakes,
        svm.predict(held_out) == truth,
    )


@lru_cache(maxsize=len(FACELESS))
def _maps(name: str) -> tuple[np.ndarray, ...]:
    """Return the blocks of a faceless photo at several sizes."""
    photo = images.photo(name)
    sizes = (images.fit(photo, longest) for longest in _LONGEST)
    return tuple(hog(small, SETTINGS).blocks for small in sizes if min(small.shape[:2]) > _WIDE)


def _mistakes(blocks: np.ndarray, template: FaceTemplate) -> np.ndarray:
    """Return the windows that come closest to being taken for a face, or are."""
    scores = window_scores(blocks, template.weights, template.bias)
    worst = np.argsort(-scores.ravel())[:_WORST]
    windows = [
        blocks[row : row + _BLOCKS, col : col + _BLOCKS].ravel()
        for row, col in np.stack(np.unravel_index(worst, scores.shape), axis=1)
        if scores[row, col] > -1
    ]
    return np.array(windows).reshape(len(windows), template.weights.size)


def _is(name: str, photo: np.ndarray | None) -> bool:
    if photo is None:
        return False
    one, other = (images.resize(picture, 12, 12) for picture in (images.photo(name), photo))
    return bool(np.abs(one - other).mean() < 0.02)


# --- looking ---------------------------------------------------------------------------------


def shrunk(photo: np.ndarray, size: int) -> tuple[np.ndarray, float]:
    """Shrink a photo until a window of ``size`` pixels becomes as large as the training pictures.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    size : int
        At least 24.

    Returns
    -------
    photo : ndarray (h, w, 3), float32 in [0, 1]
    scale : float

    Raises
    ------
    ValueError
        If the window is too small, or does not fit into the photo.
    """
    height, width = photo.shape[:2]
    if size < _WIDE:
        raise ValueError(f"The smallest window is {_WIDE} pixels wide, but got {size}.")
    scale = _WIDE / size
    sides = round(height * scale), round(width * scale)
    if min(sides) < _WIDE:
        raise ValueError(
            f"A window of {size} × {size} pixels does not fit into a photo of {height} × {width}: "
            "take a smaller window or a larger photo."
        )
    return images.resize(photo, *sides), scale


def view_windows(
    photo: np.ndarray, template: FaceTemplate, size: int, place: tuple[int, int] | None = None
) -> WindowView:
    """Score every window of one size and look at one of them.

    Parameters
    ----------
    photo : ndarray (H, W) or (H, W, 3), float in [0, 1] or uint8
    template : FaceTemplate
    size : int
        The window's side in pixels of the photo.
    place : tuple of int, optional
        Row and column of the window in the map of scores; by default the best one. One that lies
        outside is moved to the border.

    Returns
    -------
    WindowView

    Raises
    ------
    ValueError
        As `shrunk`.
    """
    small, scale = shrunk(photo, size)
    found = hog(small, SETTINGS)
    scores = window_scores(found.blocks, template.weights, template.bias)
    best = tuple(int(index) for index in np.unravel_index(scores.argmax(), scores.shape))
    view = WindowView(
        template, small, size, scores, best, best, np.zeros((CELLS, CELLS)), found, scale
    )
    return moved(view, best if place is None else place)


def moved(view: WindowView, place: tuple[int, int]) -> WindowView:
    """Look at another window of the same photo: nothing but its contributions is computed.

    Parameters
    ----------
    view : WindowView
    place : tuple of int
        One that lies outside is moved to the border.
    """
    row, col = (
        int(np.clip(at, 0, length - 1)) for at, length in zip(place, view.scores.shape, strict=True)
    )
    blocks = view.window.blocks[row : row + _BLOCKS, col : col + _BLOCKS]
    return replace(
        view, place=(row, col), contributions=cell_contributions(blocks, view.template.weights)
    )


def centre(view: WindowView, place: tuple[int, int]) -> tuple[float, float]:
    """Return where the centre of a window lies: shares of the photo's height and width."""
    x0, y0, x1, y1 = view.box(place)
    height, width = view.photo.shape[:2]
    return (y0 + y1) / 2 / height, (x0 + x1) / 2 / width


def place_at(view: WindowView, down: float, across: float) -> tuple[int, int]:
    """Return the window whose centre is nearest to a place of the photo.

    Parameters
    ----------
    view : WindowView
    down, across : float in [0, 1]
        Shares of the photo's height and width.

    Returns
    -------
    tuple of int
        Row and column in ``view.scores``.
    """
    cell = SETTINGS.pixels_per_cell
    rows, cols = (
        int(np.clip(round(share * side / step - CELLS / 2), 0, count - 1))
        for share, side, step, count in zip(
            (down, across), view.photo.shape[:2], cell, view.scores.shape, strict=True
        )
    )
    return rows, cols


def on_the_photo(view: WindowView) -> tuple[np.ndarray, np.ndarray]:
    """Put each score where the centre of its window lies.

    Returns
    -------
    scores : ndarray (R + 7, C + 7), float64
        One cell of the photo each; 0 where no window has its centre.
    inside : ndarray (R + 7, C + 7), bool
    """
    before = CELLS // 2
    inside = np.zeros(np.add(view.scores.shape, CELLS - 1), dtype=bool)
    rows, cols = view.scores.shape
    inside[before : before + rows, before : before + cols] = True
    scores = np.zeros(inside.shape)
    scores[inside] = view.scores.ravel()
    return scores, inside


def cell_contributions(blocks: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return what each cell of a window adds to its score.

    Parameters
    ----------
    blocks, weights : ndarray (h, w, block height, block width, orientations), float

    Returns
    -------
    ndarray (h + block height − 1, w + block width − 1), float64
        Adds up to the score without the bias.

    Examples
    --------
    >>> ones = np.ones((2, 2, 2, 2, 1))
    >>> cell_contributions(ones, ones).tolist()
    [[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]
    """
    shares = (blocks * weights).sum(axis=-1)
    high, wide, tall, broad = shares.shape
    cells = np.zeros((high + tall - 1, wide + broad - 1))
    for row in range(tall):
        for col in range(broad):
            cells[row : row + high, col : col + wide] += shares[:, :, row, col]
    return cells


def wanted(template: FaceTemplate) -> tuple[np.ndarray, np.ndarray]:
    """Return which orientations speak for a face and which against it, cell by cell.

    Returns
    -------
    ndarray (8, 8, 9), ndarray (8, 8, 9), float64, not negative
    """
    sides: Sequence[np.ndarray] = (
        np.maximum(template.weights, 0),
        np.maximum(-template.weights, 0),
    )
    return tuple(_per_cell(side) for side in sides)


def _per_cell(weights: np.ndarray) -> np.ndarray:
    high, wide, tall, broad, bins = weights.shape
    cells = np.zeros((high + tall - 1, wide + broad - 1, bins))
    for row, col in _pairs(tall, broad):
        cells[row : row + high, col : col + wide] += weights[:, :, row, col]
    return cells


def _pairs(rows: int, cols: int) -> Iterator[tuple[int, int]]:
    return ((row, col) for row in range(rows) for col in range(cols))
