"""The picture of a network that reads: every neuron, and the weights of the one that is chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from aml4d_utils.topics.neurons.activations import activation
from aml4d_utils.topics.neurons.network import Network
from aml4d_utils.topics.neurons.reading_digits import Reading
from aml4d_utils.widgets.colours import SIGNED, hex_ramp
from aml4d_utils.widgets.scripts import joined
from aml4d_utils.widgets.widget import LessonWidget, styles

_HERE = Path(__file__).parent
_REACH = 8.0


class DigitFlow(LessonWidget):
    """Inputs, hidden neurons and outputs of a network, with the connections that matter.

    The page holds all weights, so that looking into a neuron never waits; what the network
    computes comes from Python with :meth:`show`.

    Parameters
    ----------
    network : Network
        784 inputs, any number of layers.
    """

    _esm = joined(_HERE / "digit_flow" / "index.js")
    _css = styles(_HERE / "digit_flow.css")
    sizes = traitlets.List(traitlets.Int()).tag(sync=True)
    parameters = traitlets.Bytes(b"").tag(sync=True)
    curve = traitlets.List().tag(sync=True)
    colours = traitlets.List(traitlets.Unicode()).tag(sync=True)
    values = traitlets.Bytes(b"").tag(sync=True)
    sums = traitlets.Bytes(b"").tag(sync=True)
    lines = traitlets.Int(40).tag(sync=True)
    selected = traitlets.List(traitlets.Int()).tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    revision = traitlets.Int(0).tag(sync=True)
    describes = ("alt",)

    def __init__(self, network: Network):
        places = np.linspace(-_REACH, _REACH, 65)
        curve = activation(network.hidden).value(places)
        super().__init__(
            sizes=list(network.sizes),
            parameters=_floats(network.parameters()),
            curve=np.stack([places, curve], axis=1).round(4).tolist(),
            colours=hex_ramp(SIGNED, 33),
        )

    def show(self, reading: Reading, alt: str, *, lines: int, selected: tuple[int, ...]) -> None:
        """Show what the network computed.

        Parameters
        ----------
        reading : Reading
            Of the network that this picture was made for.
        alt : str
            What there is to see; never empty.
        lines : int
            How many connections between two layers are drawn strong.
        selected : pair of int, or empty
            Layer (from 1) and index of the neuron that is opened up.
        """
        if not alt.strip():
            raise ValueError("Every picture needs a description: alt is empty.")
        with self.hold_sync():
            self.values = _floats(np.concatenate([a[0] for a in reading.forward.activations]))
            self.sums = _floats(np.concatenate([s[0] for s in reading.forward.sums]))
            self.lines = lines
            self.selected = list(selected)
            self.alt = alt
            self.revision += 1

    def on_select(self, listener: Any) -> None:
        """Call ``listener(selected)`` with (layer, index), or (), when the student chooses."""
        self.observe(lambda change: listener(tuple(change["new"])), "selected")


def _floats(values: np.ndarray) -> bytes:
    return np.asarray(values, dtype="<f4").tobytes()
