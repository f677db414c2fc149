"""A detector's answer, step by step: all cells, those above a threshold, those that are left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.nets import labels
from aml4d_utils.nets.detection import (
    CellAnswers,
    Detections,
    SuppressionStep,
    suppression_steps,
)

STRIDES = (8, 16, 32)


@dataclass(frozen=True)
class Opened:
    """What all cells say about a photo, and what a threshold and suppression leave of it.

    Attributes
    ----------
    answers : CellAnswers
        Of every cell.
    words : ndarray (N,) of str
        The best word of each cell.
    best : ndarray (N,), float in [0, 1]
        Its score.
    cells : ndarray (M,), int64
        The cell of each box above the threshold, surest first.
    above : Detections
        These boxes.
    left : Detections
        What suppression leaves of them: first among boxes of one word, then among all.
    winners : ndarray (L,), int64
        The cell that each of the left boxes comes from.
    """

    answers: CellAnswers
    words: np.ndarray
    best: np.ndarray
    cells: np.ndarray
    above: Detections
    left: Detections
    winners: np.ndarray


def open_up(answers: CellAnswers, threshold: float, iou: float) -> Opened:
    """Follow the answers of all cells to the boxes that are left.

    Parameters
    ----------
    answers : CellAnswers
        From `nets.cell_answers`.
    threshold : float in [0, 1]
        Lowest score that counts.
    iou : float in [0, 1]
        Of two boxes that overlap by more than this, the less sure one goes.

    Raises
    ------
    ValueError
        If `iou` is out of range.

    Examples
    --------
    >>> from aml4d_utils import images, nets
    >>> cat = images.photo("chelsea")
    >>> opened = open_up(nets.cell_answers(cat), 0.3, 0.6)
    >>> len(opened.best), opened.left.labels.tolist() == nets.detect(cat).labels.tolist()
    (3549, True)
    """
    cells, _ = answers.cells_above(threshold)
    above = answers.above(threshold)
    first = [step.kept for step in suppression_steps(above, iou, across_labels=False)]
    kept = np.array(first, dtype=np.int64)
    kept = kept[[step.kept for step in suppression_steps(above[kept], iou)]]
    return Opened(
        answers,
        np.array(labels("nanodet_g"))[answers.scores.argmax(axis=1)],
        answers.scores.max(axis=1),
        cells,
        above,
        above[kept],
        cells[kept],
    )


def cell_at(answers: CellAnswers, stride: int, x: float, y: float) -> int:
    """Return the number of the cell of one grid that lies nearest to a place in the photo.

    Parameters
    ----------
    answers : CellAnswers
    stride : int
        8, 16 or 32.
    x, y : float
        In pixels of the photo.

    Raises
    ------
    ValueError
        If there is no such grid.

    Examples
    --------
    >>> from aml4d_utils import images, nets
    >>> answers = nets.cell_answers(images.photo("chelsea"))
    >>> cell_at(answers, 32, 0, 0) - (52**2 + 26**2)
    26
    """
    if stride not in STRIDES:
        raise ValueError(f"Expected a stride of {', '.join(map(str, STRIDES))}, got {stride}.")
    grid = np.flatnonzero(answers.strides == stride)
    middles = (answers.squares[grid, :2] + answers.squares[grid, 2:]) / 2
    return int(grid[np.abs(middles - (x, y)).max(axis=1).argmin()])


def surest_cell(opened: Opened) -> int:
    """Return the cell that won, or, where nothing is left, the one with the highest score."""
    return int(opened.winners[0]) if len(opened.winners) else int(opened.best.argmax())


def grid_map(opened: Opened, stride: int) -> np.ndarray:
    """Return the best score of each cell of one grid as a map: ndarray (S, S), float."""
    scores = opened.best[opened.answers.strides == stride]
    side = round(len(scores) ** 0.5)
    return scores.reshape(side, side)


@dataclass(frozen=True)
class Round:
    """One round of non-maximum suppression among the boxes of a photo.

    Attributes
    ----------
    found : Detections
        All boxes above the threshold.
    number : int
        Which round, from 1.
    rounds : int
        How many there are.
    step : SuppressionStep or None
        What happens in it; None where there is no box at all.
    kept : ndarray, int64
        The boxes that were kept in the rounds before.
    limit : float in [0, 1]
        Overlap from which on a box goes.
    """

    found: Detections
    number: int
    rounds: int
    step: SuppressionStep | None
    kept: np.ndarray
    limit: float


def suppression_round(found: Detections, limit: float, across_labels: bool, number: int) -> Round:
    """Return one round of suppression; a number beyond the last one gives the last one.

    Parameters
    ----------
    found : Detections
    limit : float in [0, 1]
    across_labels : bool
        Whether boxes with different words compete.
    number : int
        From 1.
    """
    steps = list(suppression_steps(found, limit, across_labels))
    number = min(max(1, number), max(1, len(steps)))
    kept = np.array([step.kept for step in steps[: number - 1]], dtype=np.int64)
    step = steps[number - 1] if steps else None
    return Round(found, number, len(steps), step, kept, limit)


def strongest_rivals(step: SuppressionStep, most: int) -> np.ndarray:
    """Return the places in ``step.rivals`` of those that overlap the kept box most."""
    return np.argsort(-step.overlaps, kind="stable")[:most]
