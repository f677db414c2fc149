"""What a cell is shown on its screen: bars, spots and gratings."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

SIDE = 127
"""Height and width of the screen in pixels; its middle is pixel 63."""

MIDDLE = SIDE // 2
LENGTH = 80
"""Length of a bar in pixels."""

GROUND = 0.5
"""Grey of the empty screen."""

KINDS = ("light bar", "dark bar", "grating", "light spot", "dark spot")
STEPS = 16
"""In how many steps a stimulus crosses the screen."""


@dataclass(frozen=True)
class Stimulus:
    """One thing on a grey screen.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    orientation : float
        Degrees, anticlockwise: 0 lies, 90 stands upright. A spot has none.
    width : float
        Pixels: of a bar, of one stripe of a grating (half a period), or across a spot.
    contrast : float in [0, 1]
        1 goes from the grey of the screen to white or black.
    row, col : float
        Pixel of its centre; a grating is brightest there.
    back : bool
        Which way it moves when it crosses the screen: towards ``orientation`` + 90°, or back.

    Raises
    ------
    ValueError
        If the kind is unknown, the width below 1 or the contrast out of range.
    """

    kind: str = "light bar"
    orientation: float = 0.0
    width: float = 8.0
    contrast: float = 1.0
    row: float = MIDDLE
    col: float = MIDDLE
    back: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"A stimulus is one of {', '.join(KINDS)}, not {self.kind!r}.")
        if not (self.width >= 1 and 0 <= self.contrast <= 1):
            raise ValueError(
                f"Expected a width of at least 1 and a contrast in [0, 1], "
                f"got {self.width} and {self.contrast}."
            )

    @property
    def heading(self) -> float:
        """Where it moves as it crosses, in degrees anticlockwise: 0 is to the right, 90 up."""
        return (self.orientation + (-90 if self.back else 90)) % 360

    @property
    def is_spot(self) -> bool:
        """Whether it has no orientation."""
        return self.kind.endswith("spot")


def on_screen(stimulus: Stimulus) -> np.ndarray:
    """Return the screen with a stimulus on it, with smooth edges.

    Returns
    -------
    ndarray (127, 127), float32 in [0, 1]

    Examples
    --------
    >>> screen = on_screen(Stimulus("light bar", orientation=90, width=5))
    >>> bool((screen[40:90, 63] == 1).all()), float(screen[63, 40])
    (True, 0.5)
    """
    across, along = _coordinates(stimulus)
    if stimulus.kind == "grating":
        pattern = np.cos(np.pi * across / stimulus.width)
    elif stimulus.is_spot:
        pattern = _inside(np.hypot(across, along), stimulus.width)
    else:
        pattern = _inside(np.abs(across), stimulus.width) * _inside(np.abs(along), LENGTH)
    sign = -1.0 if stimulus.kind.startswith("dark") else 1.0
    return (GROUND + GROUND * sign * stimulus.contrast * pattern).astype(np.float32)


def empty_screen() -> np.ndarray:
    """Return the grey screen without anything on it, ndarray (127, 127), float32."""
    return np.full((SIDE, SIDE), GROUND, np.float32)


def crossing(
    stimulus: Stimulus, field: float, steps: int = STEPS
) -> tuple[np.ndarray, list[Stimulus]]:
    """Let a stimulus cross the middle of the screen, at right angles to its orientation.

    Parameters
    ----------
    stimulus : Stimulus
        Where it is does not matter.
    field : float
        Side in pixels of what is to be crossed. A grating moves on by one whole period instead.

    steps : int

    Returns
    -------
    shifts : ndarray (steps,)
        Pixels from the middle, upwards for one that lies, in the order of time.
    stimuli : list of Stimulus
    """
    if stimulus.kind == "grating":
        shifts = 2 * stimulus.width * np.arange(steps) / steps
    else:
        reach = (field + stimulus.width) / 2
        shifts = np.linspace(-reach, reach, steps + 1)[1:]
    if stimulus.back:
        shifts = -shifts
    down, right = _normal(stimulus.orientation)
    return shifts, [
        replace(stimulus, row=MIDDLE + down * shift, col=MIDDLE + right * shift) for shift in shifts
    ]


def film(stimulus: Stimulus, field: float, steps: int = STEPS) -> np.ndarray:
    """Return the screens of a crossing, ndarray (steps, 127, 127), float32 in [0, 1]."""
    return np.stack([on_screen(one) for one in crossing(stimulus, field, steps)[1]])


def _normal(orientation: float) -> tuple[float, float]:
    """Return the direction (down, right) across an orientation; upwards for one that lies."""
    angle = np.deg2rad(orientation)
    return -float(np.cos(angle)), -float(np.sin(angle))


def _coordinates(stimulus: Stimulus) -> tuple[np.ndarray, np.ndarray]:
    rows, cols = np.mgrid[:SIDE, :SIDE].astype(np.float64)
    down, right = _normal(stimulus.orientation)
    rows, cols = rows - stimulus.row, cols - stimulus.col
    return rows * down + cols * right, rows * right - cols * down


def _inside(distance: np.ndarray, width: float) -> np.ndarray:
    """Return the share of each pixel that lies within half a width; its edge is a pixel wide."""
    return np.clip(width / 2 + 0.5 - distance, 0, 1)
