"""Look at an activation function: its curve, its slope, and its tangent at one place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils.topics.neurons import activations
from aml4d_utils.topics.neurons.activations import FLAT, LINES, Line

REACH = 6.0
"""The curve is shown from −6 to 6."""
_PLACES = np.round(np.linspace(-REACH, REACH, 241), 6)


@dataclass(frozen=True)
class Slope:
    """An activation function around one place.

    Attributes
    ----------
    name : str
    x, value, slope : float
        A place, the function there, and its derivative there.
    places, values, slopes : ndarray (241,), float64
        The whole curve.
    alpha : float
        ELU's floor is −alpha.
    lines : pair of (w, b)
        Maxout's two lines.
    """

    name: str
    x: float
    value: float
    slope: float
    places: np.ndarray
    values: np.ndarray
    slopes: np.ndarray
    alpha: float
    lines: tuple[Line, Line]

    @property
    def saturated(self) -> bool:
        """Whether the slope is too small to learn from."""
        return abs(self.slope) < FLAT

    def tangent(self) -> tuple[np.ndarray, np.ndarray]:
        """Return x and y (2,) of the tangent's ends, two units to each side."""
        ends = np.array([self.x - 2.0, self.x + 2.0])
        return ends, self.value + self.slope * (ends - self.x)


def slope_at(name: str, x: float, alpha: float = 1.0, lines: tuple[Line, Line] = LINES) -> Slope:
    """Return curve, derivative and tangent of an activation function at x.

    Parameters
    ----------
    name : str
        One of ``activations.ACTIVATIONS``.
    x : float
    alpha : float
        Used by ELU only.
    lines : pair of (w, b)
        Used by maxout only.

    Examples
    --------
    >>> at = slope_at("sigmoid", 0.0)
    >>> at.value, at.slope, at.saturated
    (0.5, 0.25, False)
    """
    kind = activations.activation(name)
    if not np.isfinite([x, alpha, *lines[0], *lines[1]]).all():
        raise ValueError("Place, α, weights and biases are finite numbers.")
    options = {"ELU": (alpha,), "maxout": (lines,)}.get(name, ())
    at = np.append(_PLACES, x)
    values, slopes = kind.value(at, *options), kind.derivative(at, *options)
    return Slope(
        name,
        float(x),
        float(values[-1]),
        float(slopes[-1]),
        _PLACES,
        values[:-1],
        slopes[:-1],
        float(alpha),
        lines,
    )
