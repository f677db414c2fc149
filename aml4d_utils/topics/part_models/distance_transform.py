"""The best place for a part, for every anchor at once: match minus the cost of the spring.

A part that lies `d` cells from its anchor costs ``linear · d + quadratic · d²`` along each axis.
Trying all places for all anchors takes a time that grows with the square of their number. The
distance transform of Felzenszwalb and Huttenlocher finds the same in one pass: every place
puts up a parabola, and only the outermost of them matter.

References
----------
.. [1] P. F. Felzenszwalb and D. P. Huttenlocher, "Distance transforms of sampled functions",
   Theory of Computing 8(19), 2012, doi:10.4086/toc.2012.v008a019.
.. [2] P. F. Felzenszwalb, R. B. Girshick, D. McAllester and D. Ramanan, "Object detection with
   discriminatively trained part-based models", IEEE TPAMI 32(9), 2010, doi:10.1109/TPAMI.2009.167.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Spring:
    """What it costs to move a part away from its anchor, in units of the score.

    Attributes
    ----------
    linear, quadratic : float
        Along one axis a displacement of d cells costs ``linear · d + quadratic · d²``;
        ``quadratic`` is above 0, so that far away always costs more. With a linear term the
        cheapest place is not the anchor itself, and its cost is below 0.
    """

    linear: float
    quadratic: float

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises
        ------
        ValueError
            If a number is NaN or infinite, or ``quadratic`` is not above 0.
        """
        if not (np.isfinite(self.linear) and np.isfinite(self.quadratic) and self.quadratic > 0):
            raise ValueError(
                "A spring needs finite numbers and a quadratic one above 0, not "
                f"{self.linear} and {self.quadratic}."
            )

    def cost(self, displacement: np.ndarray | float) -> np.ndarray | float:
        """Return the cost of displacements in cells, of any shape.

        Examples
        --------
        >>> Spring(linear=0.0, quadratic=0.5).cost(np.array([-2, 0, 1])).tolist()
        [2.0, 0.0, 0.5]
        """
        return self.linear * displacement + self.quadratic * displacement * displacement

    def times(self, factor: float) -> Spring:
        """Return a spring that costs ``factor`` times as much."""
        return Spring(self.linear * factor, self.quadratic * factor)


@dataclass(frozen=True)
class Envelope:
    """The result along one line of n places.

    Attributes
    ----------
    values : ndarray (n,), float64
        For each anchor the best match minus cost.
    sources : ndarray (n,), int64
        The place where that best is reached.
    tops : list of int
        The places whose parabola is kept, from left to right: each is the highest somewhere,
        the first and the last perhaps only beyond the ends of the line.
    borders : list of float
        Where one of them hands over to the next; one shorter than `tops`.
    """

    values: np.ndarray
    sources: np.ndarray
    tops: list[int]
    borders: list[float]

    @property
    def visible(self) -> list[int]:
        """The places whose parabola is the highest somewhere between the ends of the line."""
        ends = [-np.inf, *self.borders, np.inf]
        last = len(self.values) - 1
        return [
            top
            for top, begins, ceases in zip(self.tops, ends, ends[1:], strict=False)
            if begins <= last and ceases >= 0
        ]


def upper_envelope(matches: np.ndarray, spring: Spring) -> Envelope:
    """Find the best place for every anchor along a line, in one pass to the right and one back.

    Each place q puts up a parabola over all anchors p: ``matches[q] − cost(q − p)``. All of them
    have the same width, so two cross exactly once. A new parabola that crosses the last one
    before that one has even become the highest hides it for good.

    Parameters
    ----------
    matches : ndarray (n,), float
        How well the part fits at each place.
    spring : Spring

    Returns
    -------
    Envelope

    Raises
    ------
    ValueError
        If `matches` is empty, not one line, or not finite.

    Examples
    --------
    >>> found = upper_envelope(np.array([0.0, 0.0, 5.0, 0.0]), Spring(0.0, 1.0))
    >>> found.values.tolist(), found.sources.tolist()
    ([1.0, 4.0, 5.0, 4.0], [2, 2, 2, 2])
    """
    matches = _checked(matches, 1)
    count = len(matches)
    tops = [0]
    borders: list[float] = []
    for place in range(1, count):
        border = _crossing(matches, spring, tops[-1], place)
        while borders and border <= borders[-1]:
            tops.pop()
            borders.pop()
            border = _crossing(matches, spring, tops[-1], place)
        tops.append(place)
        borders.append(border)
    values, sources = np.empty(count), np.empty(count, dtype=np.int64)
    number = 0
    for anchor in range(count):
        while number < len(borders) and borders[number] < anchor:
            number += 1
        place = tops[number]
        sources[anchor] = place
        values[anchor] = matches[place] - spring.cost(place - anchor)
    return Envelope(values, sources, tops, borders)


def _crossing(matches: np.ndarray, spring: Spring, left: int, right: int) -> float:
    """Return the anchor from which on the parabola of ``right`` is the higher one."""
    height = matches[left] - spring.cost(left) - matches[right] + spring.cost(right)
    return height / (2 * spring.quadratic * (right - left))


@dataclass(frozen=True)
class EnvelopeScan:
    """The pass to the right, stopped after some places.

    Attributes
    ----------
    matches : ndarray (n,), float64
        Along the whole line.
    spring : Spring
    seen : int
        How many places have put up their parabola, from the left, at least 1.
    """

    matches: np.ndarray
    spring: Spring
    seen: int

    @property
    def now(self) -> Envelope:
        """The envelope of the places seen so far."""
        return upper_envelope(self.matches[: self.seen], self.spring)

    @property
    def before(self) -> Envelope:
        """The envelope before the newest place; of the first place alone at the start."""
        return upper_envelope(self.matches[: max(1, self.seen - 1)], self.spring)


@dataclass(frozen=True)
class BestPlaces:
    """For every anchor of a map the best place of the part.

    Attributes
    ----------
    scores : ndarray (R, C), float64
        Match minus cost at that place.
    rows, cols : ndarray (R, C), int64
        The place.
    """

    scores: np.ndarray
    rows: np.ndarray
    cols: np.ndarray


def distance_transform(matches: np.ndarray, down: Spring, across: Spring) -> BestPlaces:
    """Find the best place for every anchor of a map: all columns first, then all rows.

    Parameters
    ----------
    matches : ndarray (R, C), float
        How well the part fits at each place.
    down, across : Spring
        Cost of moving along the rows and along the columns.

    Returns
    -------
    BestPlaces

    Raises
    ------
    ValueError
        If `matches` is empty, not a map, or not finite.

    Examples
    --------
    >>> matches = np.zeros((3, 3))
    >>> matches[0, 2] = 4
    >>> found = distance_transform(matches, Spring(0.0, 1.0), Spring(0.0, 0.5))
    >>> found.scores.tolist()
    [[2.0, 3.5, 4.0], [1.0, 2.5, 3.0], [0.0, 0.0, 0.0]]
    >>> int(found.rows[1, 1]), int(found.cols[1, 1])
    (0, 2)
    """
    matches = _checked(matches, 2)
    between, rows = np.empty(matches.shape), np.empty(matches.shape, dtype=np.int64)
    for col in range(matches.shape[1]):
        line = upper_envelope(matches[:, col], down)
        between[:, col], rows[:, col] = line.values, line.sources
    scores, cols = np.empty(matches.shape), np.empty(matches.shape, dtype=np.int64)
    for row in range(matches.shape[0]):
        line = upper_envelope(between[row], across)
        scores[row], cols[row] = line.values, line.sources
    return BestPlaces(scores, np.take_along_axis(rows, cols, axis=1), cols)


def best_places(matches: np.ndarray, down: Spring, across: Spring) -> BestPlaces:
    """Find the same as `distance_transform`, with whole arrays instead of loops over places.

    All anchors try the same displacement at once. A displacement that costs more than the best
    match is better than the worst can never pay; so only a few are left to try.

    Parameters
    ----------
    matches, down, across
        As in `distance_transform`.

    Returns
    -------
    BestPlaces
        With the same scores; where several places are equally good, perhaps another one.

    Raises
    ------
    ValueError
        As `distance_transform`.
    """
    matches = _checked(matches, 2)
    between, rows = _best_along(matches, down)
    scores, cols = _best_along(between.T, across)
    scores, cols = scores.T, cols.T
    return BestPlaces(scores, np.take_along_axis(rows, cols, axis=1), cols)


def _best_along(matches: np.ndarray, spring: Spring) -> tuple[np.ndarray, np.ndarray]:
    """Return for each anchor the best along the first axis, and its place."""
    count = len(matches)
    steps = np.arange(1 - count, count)
    costs = spring.cost(steps)
    # Staying at the anchor costs nothing, so a place pays at most the whole range of the matches.
    worth = costs <= np.ptp(matches)
    best = matches.copy()
    chosen = np.zeros(matches.shape, dtype=np.int64)
    for step, cost in zip(steps[worth].tolist(), costs[worth].tolist(), strict=True):
        here = np.s_[max(0, -step) : count - max(0, step)]
        there = np.s_[max(0, step) : count - max(0, -step)]
        tried = matches[there] - cost
        better = tried > best[here]
        np.copyto(best[here], tried, where=better)
        np.copyto(chosen[here], step, where=better)
    return best, chosen + np.arange(count)[:, None]


def _checked(matches: np.ndarray, dimensions: int) -> np.ndarray:
    matches = np.asarray(matches, dtype=np.float64)
    if matches.ndim != dimensions or matches.size == 0:
        raise ValueError(
            f"Expected the matches along {'a line' if dimensions == 1 else 'rows and columns'}, "
            f"but got the shape {matches.shape}."
        )
    if not np.isfinite(matches).all():
        raise ValueError("The matches contain NaN or infinite values.")
    return matches
