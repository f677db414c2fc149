"""A light plot that follows a slider: numbers from Python, drawn as SVG in the browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import ipywidgets
import numpy as np
import traitlets

from aml4d_utils.widgets.widget import LessonWidget, script


@dataclass(frozen=True)
class Axis:
    """An axis: its words (with the unit), its ends, numbers as per cent, or steps of ten times.

    ``ticks`` names the numbers to write; by default a few round ones.
    """

    label: str
    low: float
    high: float
    percent: bool = False
    log: bool = False
    ticks: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not np.isfinite([self.low, self.high, *self.ticks]).all():
            raise ValueError(f"An axis needs finite ends and ticks, not {self.low} to {self.high}.")
        if self.log and not 0 < self.low < self.high:
            raise ValueError(f"A logarithmic axis begins above 0, not at {self.low}.")


@dataclass(frozen=True)
class Series:
    """Numbers to draw: ``kind`` is ``line``, ``points``, ``bars`` or ``faint``.

    The label stands beside it. A faint one is a thin line behind all others, without a label.
    """

    x: Sequence[float]
    y: Sequence[float]
    label: str = ""
    kind: str = "line"

    def __post_init__(self) -> None:
        if self.kind not in ("line", "points", "bars", "faint"):
            raise ValueError(
                f"A series is drawn as line, points, bars or faint, not as {self.kind!r}."
            )
        if len(self.x) != len(self.y):
            raise ValueError(f"A series has {len(self.x)} values of x and {len(self.y)} of y.")


@dataclass(frozen=True)
class Bar:
    """One named horizontal bar; ``before`` marks an earlier value with a line.

    ``interval`` (low, high) draws how sure the value is, as a thin line with ends.
    """

    label: str
    value: float
    before: float | None = None
    strong: bool = False
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Handle:
    """A point of a plot that a student drags, or moves with the arrow keys.

    ``moves`` is ``x``, ``y`` or ``xy``; ``label`` says in words what is moved; an arrow key moves
    it by ``step`` units of the axis, with Shift by ten times as much. ``mark`` is a letter or
    digit in the handle that tells it from others.
    """

    name: str
    x: float
    y: float
    label: str
    moves: str = "xy"
    step: float = 0.1
    mark: str = ""

    def __post_init__(self) -> None:
        if self.moves not in ("x", "y", "xy"):
            raise ValueError(f"A handle moves along x, y or xy, not {self.moves!r}.")
        if not self.label.strip():
            raise ValueError("Every handle needs words that say what it moves: label is empty.")


class Plot(LessonWidget):
    """Curves, points or bars in the page, redrawn in milliseconds; handles can be dragged.

    Parameters
    ----------
    heading : str
        A few words above the plot.
    display_width : int
        Width on the page in CSS pixels; it shrinks with the page.
    """

    _esm = script("plot.js")
    spec = traitlets.Dict().tag(sync=True)
    revision = traitlets.Int(0).tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    heading = traitlets.Unicode("").tag(sync=True)
    display_width = traitlets.Int(420).tag(sync=True)
    describes = ("alt",)

    def __init__(self, heading: str = "", display_width: int = 420):
        super().__init__(
            heading=heading, display_width=display_width, spec={"kind": "", "height": 10}
        )
        self._listener: Callable[[str, float, float], None] | None = None
        self.hear(drag=self._hear_drag)

    def boxed(self) -> ipywidgets.Box:
        """Return the plot kept to its own width, so that something finds room beside it."""
        return ipywidgets.Box([self], layout=ipywidgets.Layout(width=f"{self.display_width}px"))

    def on_drag(self, listener: Callable[[str, float, float], None]) -> None:
        """Call ``listener(name, x, y)`` when a handle is dragged; it draws the plot anew."""
        self._listener = listener

    def _hear_drag(self, content: dict[str, Any], _buffers: Any) -> None:
        known = {handle["name"] for handle in self.spec.get("handles", ())}
        place = [float(content["x"]), float(content["y"])]
        if self._listener and content["name"] in known and np.isfinite(place).all():
            self._listener(content["name"], *place)

    def curves(
        self,
        series: Sequence[Series],
        x: Axis,
        y: Axis,
        alt: str,
        *,
        marker: tuple[float, float | None] | None = None,
        handles: Sequence[Handle] = (),
        height: int = 260,
    ) -> None:
        """Draw series over two axes; ``marker`` puts a vertical line (and a ring) at (x, y).

        Each of ``handles`` can be dragged; :meth:`on_drag` says who hears of it.

        Raises
        ------
        ValueError
            If a number is NaN, infinite, or not above 0 on a logarithmic axis, or ``alt`` is empty.
        """
        spec = {
            "kind": "xy",
            "height": height,
            "x": _axis(x),
            "y": _axis(y),
            "series": [
                {"kind": s.kind, "label": s.label, "x": _numbers(s.x, x), "y": _numbers(s.y, y)}
                for s in series
            ],
            "marker": None
            if marker is None
            else {
                "x": _number(marker[0], x),
                "y": None if marker[1] is None else _number(marker[1], y),
            },
            "handles": [
                {**asdict(handle), "x": _number(handle.x, x), "y": _number(handle.y, y)}
                for handle in handles
            ],
        }
        self._publish(spec, alt)

    def bars(
        self,
        bars: Sequence[Bar],
        alt: str,
        *,
        high: float,
        percent: bool = False,
        label_room: int = 170,
        row_height: int = 34,
    ) -> None:
        """Draw named horizontal bars from 0 to ``high``, each with its number."""
        spec = {
            "kind": "bars",
            "height": row_height * max(1, len(bars)),
            "bars": [
                {
                    "label": bar.label,
                    "value": _number(bar.value),
                    "before": None if bar.before is None else _number(bar.before),
                    "strong": bool(bar.strong),
                    "interval": None if bar.interval is None else _numbers(bar.interval),
                }
                for bar in bars
            ],
            "high": _number(high),
            "percent": percent,
            "label_room": label_room,
        }
        self._publish(spec, alt)

    def _publish(self, spec: dict[str, Any], alt: str) -> None:
        if not alt.strip():
            raise ValueError("Every plot needs a description: alt is empty.")
        with self.hold_sync():
            self.spec = spec
            self.alt = alt
            self.revision += 1


def _axis(axis: Axis) -> dict[str, Any]:
    ends = {"low": float(axis.low), "high": float(axis.high)}
    return {**asdict(axis), **ends, "ticks": [float(tick) for tick in axis.ticks]}


def _numbers(values: Sequence[float], axis: Axis | None = None) -> list[float]:
    array = np.asarray(values, dtype=np.float64)
    if not np.isfinite(array).all():
        raise ValueError("A plot cannot draw NaN or infinite values.")
    if axis is not None and axis.log and (array <= 0).any():
        raise ValueError(f"The logarithmic axis {axis.label!r} shows numbers above 0 only.")
    return array.tolist()


def _number(value: float, axis: Axis | None = None) -> float:
    return _numbers([value], axis)[0]
