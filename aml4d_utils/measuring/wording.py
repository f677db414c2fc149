"""Measured numbers in words: one way to write a share, and a number with its sign."""

from __future__ import annotations


def percent(share: float, digits: int = 0) -> str:
    """Return a share of 1 in per cent.

    Parameters
    ----------
    share : float
        Usually from 0 to 1.
    digits : int
        Decimals.

    Examples
    --------
    >>> percent(0.424), percent(0.8551, 1)
    ('42 %', '85.5 %')
    """
    return f"{100 * float(share):.{digits}f} %"


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign, a true minus, and no negative zero.

    Examples
    --------
    >>> signed(0.25), signed(-1), signed(-0.001)
    ('+0.25', '−1.00', '+0.00')
    """
    return f"{round(float(value), digits) + 0.0:+.{digits}f}".replace("-", "−")
