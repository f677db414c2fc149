"""A film: pictures one after another, played in the browser."""

from __future__ import annotations

import numpy as np
import traitlets

from aml4d_utils.widgets.picture import Picture, as_frame
from aml4d_utils.widgets.widget import script

_MOST_BYTES = 12_000_000


class Film(Picture):
    """Pictures that a student plays, stops, steps through or drags along.

    Nothing moves until Play is pressed, and all pictures lie in the browser: playing needs no
    answer from Python.

    Parameters
    ----------
    heading : str
        A few words above the film.
    display_width : int
        Width on the page in CSS pixels.
    rate : float
        Pictures a second.

    Examples
    --------
    >>> film = Film("A clip")
    >>> film.show_frames(np.zeros((5, 4, 6, 3), np.uint8), alt="Five black pictures.")
    >>> film.count, film.height, film.width
    (5, 4, 6)
    """

    _esm = script("film.js")
    frames = traitlets.Bytes(b"").tag(sync=True)
    count = traitlets.Int(0).tag(sync=True)
    rate = traitlets.Float(10.0).tag(sync=True)

    def __init__(self, heading: str = "", display_width: int = 300, rate: float = 10.0):
        super().__init__(heading, display_width)
        self.rate = rate

    def show_frames(self, frames: np.ndarray, alt: str) -> None:
        """Show a film.

        Parameters
        ----------
        frames : ndarray (N, H, W, 3), uint8, or float in [0, 1]
            At most 12 MB in all.
        alt : str
            What the film shows, for people who cannot see it; never empty.

        Raises
        ------
        ValueError
            If a picture is none, there is none, all are too large, or ``alt`` is empty.
        """
        if not alt.strip():
            raise ValueError("Every film needs a description: alt is empty.")
        if np.ndim(frames) != 4 or not len(frames):
            raise ValueError(f"A film has the shape (N, H, W, 3), not {np.shape(frames)}.")
        pictures = np.stack([as_frame(frame) for frame in frames])
        if pictures.nbytes > _MOST_BYTES:
            raise ValueError(
                f"A film has at most {_MOST_BYTES // 10**6} MB, not {pictures.nbytes / 1e6:.0f}; "
                "take fewer or smaller pictures."
            )
        with self.hold_sync():
            self.height, self.width = pictures.shape[1:3]
            self.frames = pictures.tobytes()
            self.count = len(pictures)
            self.alt = alt
            self.revision += 1
