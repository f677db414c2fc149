"""Turn a thing by pulling at its picture, with a pointer or with the arrow keys."""

from __future__ import annotations

import numpy as np

MIDDLE = (112, 112)
KEY_STEP = 6
"""Pixels of one arrow key."""
_DEGREES = 5 / KEY_STEP
_EDGE = 2 * KEY_STEP
_FARTHEST = 10 * KEY_STEP


class Hand:
    """Follows a place on a picture and says how far it was pulled.

    Arrow keys move a place that ends at the edge of the picture. There it is taken back to the
    middle, so that one can go on turning.

    Examples
    --------
    >>> hand = Hand()
    >>> hand.pull(100, 50, "press"), hand.pull(100, 62, "drag")
    ((0.0, 0.0), (10.0, 0.0))
    """

    def __init__(self) -> None:
        self.at = MIDDLE

    def pull(self, row: int, column: int, action: str) -> tuple[float, float]:
        """Return how far the thing was pulled to the right and down, in degrees.

        Parameters
        ----------
        row, column : int
            Where the hand is now, in pixels of the picture.
        action : str
            ``press``, ``drag`` or ``key``, as `Picture.action` says.
        """
        down, right = row - self.at[0], column - self.at[1]
        self.at = (row, column)
        if action == "press":
            return 0.0, 0.0
        if action == "key":
            if max(abs(down), abs(right)) > _FARTHEST:
                return 0.0, 0.0  # It was on its way when the hand was taken to the middle.
            if not all(_EDGE <= place < 2 * MIDDLE[0] - _EDGE for place in self.at):
                self.at = MIDDLE
        return right * _DEGREES, down * _DEGREES


def turned(yaw: float, pitch: float, right: float, down: float) -> tuple[int, int]:
    """Return the pose after a thing was pulled by so many degrees to the right and down.

    The yaw goes round, the pitch ends at the poles.

    Examples
    --------
    >>> turned(-170, 80, right=20, down=30)
    (170, 90)
    """
    around = round(yaw - right + 180) % 360 - 180
    return around, int(np.clip(round(pitch + down), -90, 90))
