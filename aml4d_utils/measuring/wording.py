"""Measured numbers in words: one way to write a share, a count, and a number with its sign."""

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
    >>> percent(0.424), percent(0.8551, 1), percent(-0.08)
    ('42 %', '85.5 %', '−8 %')
    """
    return f"{plain(100 * share, digits)} %"


def counted(count: int, word: str) -> str:
    """Return how many there are of a thing, one or several.

    Examples
    --------
    >>> counted(1, "box"), counted(2, "box"), counted(1203, "face")
    ('1 box', '2 boxes', '1,203 faces')
    """
    plural = word + ("es" if word.endswith("x") else "s")
    return f"{count:,} {word if count == 1 else plural}"


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign, a true minus, and no negative zero.

    Examples
    --------
    >>> signed(0.25), signed(-1), signed(-0.001)
    ('+0.25', '−1.00', '+0.00')
    """
    return f"{round(float(value), digits) + 0.0:+.{digits}f}".replace("-", "−")


def plain(value: float, digits: int | None = None) -> str:
    """Return a number with a true minus where it is negative, and no negative zero.

    Parameters
    ----------
    value : float
    digits : int, optional
        Decimals; by default as few as it takes, six digits at most.

    Examples
    --------
    >>> plain(150.0), plain(0.12), plain(-0.02, 2), plain(-0.001, 2)
    ('150', '0.12', '−0.02', '0.00')
    """
    number = float(value) if digits is None else round(float(value), digits) + 0.0
    return (f"{number:g}" if digits is None else f"{number:.{digits}f}").replace("-", "−")
