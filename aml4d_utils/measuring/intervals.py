"""A measured share, and how far chance alone may have moved it."""

from __future__ import annotations

import math

Z_95 = 1.959963984540054
"""95 % of a normal distribution lie within this many standard deviations."""


def wilson(share: float, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share that was measured on ``count`` examples.

    Wilson's score interval [1]_: it stays between 0 and 1, also for small counts.

    Parameters
    ----------
    share : float in [0, 1]
    count : int
        At least 1.

    Raises
    ------
    ValueError
        If the share is not between 0 and 1, or the count is below 1.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
       Journal of the American Statistical Association 22(158), 1927.

    Examples
    --------
    >>> low, high = wilson(0.5, 100)
    >>> f"{low:.3f} to {high:.3f}"
    '0.404 to 0.596'
    """
    if count < 1 or not 0 <= share <= 1:
        raise ValueError(f"A share of {share} of {count} examples has no interval.")
    square = Z_95**2 / count
    middle = (share + square / 2) / (1 + square)
    half = Z_95 / (1 + square) * math.sqrt(share * (1 - share) / count + square / (4 * count))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return float(min(low, share)), float(max(high, share))  # Sums may round past the share.


def half_width(share: float, count: int) -> float:
    """Return half the length of :func:`wilson`.

    Examples
    --------
    >>> round(half_width(0.8, 10000), 4)
    0.0078
    """
    low, high = wilson(share, count)
    return (high - low) / 2
