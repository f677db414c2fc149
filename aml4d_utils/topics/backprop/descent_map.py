"""Three descents on a map of the cost, played in the page."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import Any

import numpy as np
import traitlets

from aml4d_utils.topics.backprop.landscape import Path
from aml4d_utils.widgets.colours import MAGNITUDE, hex_ramp
from aml4d_utils.widgets.scripts import joined
from aml4d_utils.widgets.widget import LessonWidget, styles

_HERE = FilePath(__file__).parent


class DescentMap(LessonWidget):
    """A map of a cost over two weights, and paths on it that can be played.

    The paths are computed in the kernel; the page shows them up to an update that moves by
    itself (play), by a slider, or one by one.
    """

    _esm = joined(_HERE / "descent_map.js")
    _css = styles(_HERE / "descent_map.css")

    surface = traitlets.Bytes().tag(sync=True)
    shape = traitlets.List(traitlets.Int(), default_value=[0, 0]).tag(sync=True)
    limits = traitlets.List(traitlets.Float(), default_value=[0.0, 1.0, 0.0, 1.0]).tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    paths = traitlets.List(traitlets.Dict()).tag(sync=True)
    best = traitlets.List(traitlets.Float()).tag(sync=True)
    tick = traitlets.Int(10**6).tag(sync=True)
    against = traitlets.Unicode("updates").tag(sync=True)
    ramp = traitlets.List(hex_ramp(MAGNITUDE, 33)).tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    revision = traitlets.Int(0).tag(sync=True)
    describes = ("alt",)

    def __init__(
        self, costs: np.ndarray, limits: tuple[float, float, float, float], names: tuple[str, str]
    ):
        best = np.unravel_index(int(costs.argmin()), costs.shape)
        across = np.linspace(limits[0], limits[1], costs.shape[1])
        up = np.linspace(limits[2], limits[3], costs.shape[0])
        super().__init__(
            surface=costs.astype("<f4").tobytes(),
            shape=list(costs.shape),
            limits=[float(limit) for limit in limits],
            names=list(names),
            best=[float(across[best[1]]), float(up[best[0]])],
        )
        self._listener: Callable[[float, float], None] | None = None
        self.hear(start=self._hear_start)

    def show(
        self, paths: dict[str, Path], words: dict[str, str], alt: str, against: str = "updates"
    ) -> None:
        """Show paths and their costs.

        Parameters
        ----------
        paths : dict of str to Path
            All of the same length.
        words : dict of str to str
            What they are called in the page.
        alt : str
            What the map shows.
        against : str
            ``updates``, or ``digits looked at`` (an axis in steps of ten times).
        """
        if not alt.strip():
            raise ValueError("Every picture needs a description: alt is empty.")
        with self.hold_sync():
            self.paths = [
                {
                    "name": words[name],
                    "x": path.weights[:, 0].round(4).tolist(),
                    "y": path.weights[:, 1].round(4).tolist(),
                    "cost": path.costs.round(5).tolist(),
                    "seen": path.seen.tolist(),
                }
                for name, path in paths.items()
            ]
            self.alt = alt
            self.against = against
            self.revision += 1

    def on_start(self, listener: Callable[[float, float], None]) -> None:
        """Call ``listener(x, y)`` when the student moves the start."""
        self._listener = listener

    def _hear_start(self, content: dict[str, Any], _buffers: Any) -> None:
        x, y = float(content["x"]), float(content["y"])
        left, right, bottom, top = self.limits
        inside = left <= x <= right and bottom <= y <= top
        if self._listener and math.isfinite(x + y) and inside:
            self._listener(x, y)
