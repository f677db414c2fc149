"""The nudges table in the page: scroll it, sort it, take the step, take it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from aml4d_utils import images
from aml4d_utils.topics.backprop.nudges import NudgeTable, groups, nudge_table, take_step
from aml4d_utils.topics.neurons.digit_training import one_hot
from aml4d_utils.topics.neurons.network import Network, random_network
from aml4d_utils.widgets.colours import SIGNED, hex_ramp
from aml4d_utils.widgets.scripts import joined
from aml4d_utils.widgets.widget import LessonWidget, error_in_words, styles

SIDE = 28
SIZES = (SIDE * SIDE, 16, 16, 10)
COUNTS = (1, 4, 8, 16, 32, 64)
RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
FIRST_DIGITS = (2, 1, 6, 2, 7, 4, 0, 9)
"""The digits that the table begins with; the first five are the lecture's."""
UNTRAINED, TRAINED = "untrained", "trained"
_SAMPLE = 50_000
"""Cells of a group that its colours are fitted to: all of them, or every n-th."""

_HERE = Path(__file__).parent


class NudgeGrid(LessonWidget):
    """The nudges table of a digit network; made by ``explorers.nudges_explorer``.

    Attributes
    ----------
    table : NudgeTable
        What is shown now, in float64; the page gets float32.
    network : Network
        The network now.
    summary : str
        One sentence about the whole table.
    """

    _esm = joined(_HERE / "nudge_grid" / "index.js")
    _css = styles(_HERE / "nudge_grid.css")

    cells = traitlets.Bytes().tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)
    examples = traitlets.List(traitlets.Dict()).tag(sync=True)
    groups = traitlets.List(traitlets.Dict()).tag(sync=True)
    history = traitlets.List(traitlets.Float()).tag(sync=True)
    side = traitlets.Int(SIDE).tag(sync=True)
    ramp = traitlets.List(hex_ramp(SIGNED, 33)).tag(sync=True)
    counts = traitlets.List(list(COUNTS)).tag(sync=True)
    starts = traitlets.List([UNTRAINED, TRAINED]).tag(sync=True)
    rates = traitlets.List(list(RATES)).tag(sync=True)
    count = traitlets.Int(8).tag(sync=True)
    start = traitlets.Unicode(UNTRAINED).tag(sync=True)
    first_rate = traitlets.Float(1.0).tag(sync=True)
    first_selected = traitlets.List([12832 + 16 * 2, 0]).tag(sync=True)
    selected = traitlets.List(traitlets.Int(), default_value=[12832 + 16 * 2, 0]).tag(sync=True)
    summary = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    revision = traitlets.Int(0).tag(sync=True)
    describes = ("summary",)

    def __init__(self, networks: dict[str, Network], pictures: np.ndarray, labels: np.ndarray):
        super().__init__(starts=list(networks), start=next(iter(networks)))
        self._networks = networks
        self._pool = pictures.reshape(len(pictures), -1)
        self._pool_labels = labels
        self._own: list[tuple[np.ndarray, int]] = []
        self._seed = 0
        self._choose()
        self._begin()
        self.hear(
            step=lambda content, _: self._try(self.step, float(content["rate"]), content["column"]),
            undo=lambda _content, _buffers: self._try(self.undo),
            count=lambda content, _: self._try(self.set, count=int(content["value"])),
            start=lambda content, _: self._try(self.set, start=str(content["value"])),
            other=lambda _content, _buffers: self._try(self.other_digits),
            reset=lambda _content, _buffers: self._try(self.reset),
        )

    # --- what a lesson and a test use ---------------------------------------------------------

    def step(self, rate: float, column: int = -1) -> None:
        """Take a step along the mean of all columns, or along one column's wishes only."""
        if not 0 < rate <= 1000:
            raise ValueError(f"The learning rate lies between 0 and 1000, not {rate!r}.")
        if not -1 <= column < len(self.table.costs):
            raise ValueError(f"There is no column {column}.")
        direction = self.table.mean if column < 0 else self.table.changes[:, column]
        self._past.append((self.network, self.table.costs))
        self._show(take_step(self.network, direction, rate), self.table.costs)

    def undo(self) -> None:
        """Take the last step back; without one nothing happens."""
        if not self._past:
            return
        network, _ = self._past.pop()
        before = self._past[-1][1] if self._past else None
        self.history = self.history[:-2]
        self._show(network, before)

    def set(self, *, count: int | None = None, start: str | None = None) -> None:
        """Choose how many digits there are, or the network to begin with; steps start anew."""
        if count is not None and count not in COUNTS:
            raise ValueError(f"The table has {', '.join(map(str, COUNTS))} columns, not {count}.")
        if start is not None and start not in self._networks:
            raise ValueError(f"There is no network {start!r}: {', '.join(self._networks)}.")
        if count is not None:
            self.count = count
            self._choose()
        if start is not None:
            self.start = start
        self._begin()

    def other_digits(self) -> None:
        """Draw other digits from the training data."""
        self._seed += 1
        self._own = []
        self._choose()
        self._begin()

    def add_digit(self, picture: np.ndarray, label: int) -> None:
        """Put an own digit into the first column.

        Parameters
        ----------
        picture : ndarray (28, 28), float in [0, 1], ink bright
        label : int
            Which digit it is meant to be, 0 to 9.

        Raises
        ------
        ValueError
            If there is nothing on the picture, or the label is no digit.
        """
        picture = np.asarray(picture, dtype=np.float64)
        if picture.shape != (SIDE, SIDE) or not np.isfinite(picture).all():
            raise ValueError(f"A digit is a picture of {SIDE} × {SIDE} numbers.")
        if picture.max() < 0.1:
            raise ValueError("There is nothing on the pad yet: draw a digit first.")
        if label not in range(10):
            raise ValueError(f"A digit lies between 0 and 9, not {label!r}.")
        self._own.insert(0, (picture.ravel().clip(0, 1), int(label)))
        self._choose()
        self._begin()

    def reset(self) -> None:
        """Go back to the first digits and the first network."""
        self._seed, self._own = 0, []
        self.count, self.start = 8, next(iter(self._networks))
        self.selected = list(self.first_selected)
        self._choose()
        self._begin()

    # --- wiring -------------------------------------------------------------------------------

    def _try(self, change: Callable[..., None], *values: Any, **settings: Any) -> None:
        self.problem = ""
        try:
            change(*values, **settings)
        except Exception as error:
            self.problem = error_in_words(error)
            raise

    def _choose(self) -> None:
        """Choose the digits: own ones first, then the lecture's, or others drawn with a seed."""
        chosen = []
        if self._seed == 0:
            used: set[int] = set()
            for digit in FIRST_DIGITS:
                place = next(i for i in np.flatnonzero(self._pool_labels == digit) if i not in used)
                used.add(int(place))
                chosen.append(int(place))
        rng = np.random.default_rng(self._seed)
        others = rng.permutation(len(self._pool))
        chosen += [int(i) for i in others if i not in set(chosen)][: max(COUNTS)]
        own = self._own[: self.count]
        rest = chosen[: self.count - len(own)]
        pictures = [picture for picture, _ in own] + [self._pool[i] for i in rest]
        labels = [label for _, label in own] + [int(self._pool_labels[i]) for i in rest]
        self._inputs, self._labels = np.array(pictures), np.array(labels)

    def _begin(self) -> None:
        self._past: list[tuple[Network, np.ndarray]] = []
        self.history = []
        with self.hold_sync():
            self.pictures = np.rint(self._inputs * 255).astype(np.uint8).tobytes()
            self._show(self._networks[self.start], None)

    def _show(self, network: Network, before: np.ndarray | None) -> None:
        self.network = network
        self.table = nudge_table(network, self._inputs, one_hot(self._labels, network.sizes[-1]))
        with self.hold_sync():
            self.cells = _as_cells(self.table)
            self.weights = network.parameters().astype("<f4").tobytes()
            self.groups = _groups(network, self.table)
            self.examples = [
                {
                    "label": int(label),
                    "guess": int(output.argmax()),
                    "cost": float(cost),
                    "before": None if before is None else float(before[k]),
                }
                for k, (label, output, cost) in enumerate(
                    zip(self._labels, self.table.outputs, self.table.costs, strict=True)
                )
            ]
            self.history = [*self.history, self.table.cost]
            self.summary = describe_table(self.table)
            self.revision += 1


def describe_table(table: NudgeTable) -> str:
    """Say what the whole table shows."""
    rows, columns = table.changes.shape
    if columns == 1:
        return (
            f"The table has {rows:,} rows; {100 * table.untouched:.0f} % of them this digit leaves "
            f"alone. Its cost is {table.cost:.3f}."
        )
    return (
        f"In the whole table, {columns} digits agree on the direction in "
        f"{100 * table.agreement:.0f} % of the rows that any of them wants changed; "
        f"{100 * table.untouched:.0f} % of all {rows:,} rows nobody wants changed. Mean cost "
        f"{table.cost:.3f}."
    )


def _as_cells(table: NudgeTable) -> bytes:
    rows, columns = table.changes.shape
    cells = np.empty((rows, columns + 1), dtype="<f4")
    cells[:, :columns] = table.changes
    cells[:, columns] = table.mean
    return cells.tobytes()


def _groups(network: Network, table: NudgeTable) -> list[dict[str, Any]]:
    """Return the groups for the page, each with the change at which its colours end."""
    found = []
    for group in groups(network.sizes):
        sizes = table.changes[group.start : group.stop].ravel()
        sizes = np.abs(sizes[:: 1 + len(sizes) // _SAMPLE])
        sizes = sizes[sizes > 0]
        found.append(
            {
                "layer": group.layer,
                "kind": group.kind,
                "start": group.start,
                "stop": group.stop,
                "neurons": group.neurons,
                "inputs": group.inputs,
                "name": group.name,
                "last": group.layer == network.layers - 1,
                "limit": float(np.percentile(sizes, 99)) if len(sizes) else 1.0,
            }
        )
    return found


def nudge_grid(networks: dict[str, Network] | None = None) -> NudgeGrid:
    """Return the nudges table of a digit network, on digits of MNIST's training data.

    Parameters
    ----------
    networks : dict of str to Network, optional
        The networks to begin with, each of 784–16–16–10; by default an untrained and a trained one.
    """
    data = images.mnist()
    if networks is None:
        networks = {UNTRAINED: random_network(SIZES, np.random.default_rng(0))}
        networks |= _trained()
    return NudgeGrid(networks, data.train_images[:4000] / 255, data.train_labels[:4000])


def _trained() -> dict[str, Network]:
    from aml4d_utils.topics.neurons.digit_network import load_digit_network

    return {TRAINED: load_digit_network()}
