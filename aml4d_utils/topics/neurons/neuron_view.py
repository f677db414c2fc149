"""One neuron whose inputs, weights and bias are dragged in the picture itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from aml4d_utils.topics.neurons.activations import activation
from aml4d_utils.topics.neurons.firing import Firing
from aml4d_utils.widgets.scripts import joined
from aml4d_utils.widgets.widget import LessonWidget, styles

_HERE = Path(__file__).parent
MOST_WEIGHT = 4.0
MOST_BIAS = 6.0
REACH = 8.0

Listener = Callable[[tuple[float, ...], tuple[float, ...], float], None]


class NeuronView(LessonWidget):
    """Three inputs, their weights, the sum, the activation function and the output.

    Every circle and number with a frame is dragged up and down, or moved with the arrow keys;
    :meth:`on_change` says who hears of it and then calls :meth:`show`.
    """

    _esm = joined(_HERE / "neuron_view.js")
    _css = styles(_HERE / "neuron_view.css")
    inputs = traitlets.List(traitlets.Float()).tag(sync=True)
    weights = traitlets.List(traitlets.Float()).tag(sync=True)
    bias = traitlets.Float(0.0).tag(sync=True)
    products = traitlets.List(traitlets.Float()).tag(sync=True)
    total = traitlets.Float(0.0).tag(sync=True)
    output = traitlets.Float(0.0).tag(sync=True)
    bright = traitlets.Float(0.0).tag(sync=True)
    name = traitlets.Unicode("").tag(sync=True)
    curve = traitlets.List().tag(sync=True)
    span = traitlets.List(traitlets.Float()).tag(sync=True)
    limits = traitlets.Dict().tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    revision = traitlets.Int(0).tag(sync=True)
    describes = ("alt",)

    def __init__(self) -> None:
        limits = {
            "input": [0.0, 1.0, 0.05],
            "weight": [-MOST_WEIGHT, MOST_WEIGHT, 0.1],
            "bias": [-MOST_BIAS, MOST_BIAS, 0.1],
        }
        super().__init__(limits=limits)
        self._listener: Listener | None = None
        self.hear(set=self._hear_set)

    def on_change(self, listener: Listener) -> None:
        """Call ``listener(inputs, weights, bias)`` after each change by the student."""
        self._listener = listener

    def show(self, firing: Firing, alt: str) -> None:
        """Show a neuron with three inputs in [0, 1]; ``alt`` says what there is to see."""
        if not alt.strip():
            raise ValueError("Every picture needs a description: alt is empty.")
        places = np.linspace(-REACH, REACH, 129)
        values = activation(firing.activation).value(places)
        low, high = min(0.0, float(values.min())), float(values.max())
        with self.hold_sync():
            self.inputs, self.weights = firing.inputs.tolist(), firing.weights.tolist()
            self.bias, self.products = firing.bias, firing.products.tolist()
            self.total, self.output = firing.total, firing.output
            self.bright = float(np.clip((firing.output - low) / (high - low), 0, 1))
            self.name = firing.activation
            self.curve = np.stack([places, values], axis=1).round(4).tolist()
            self.span = [low, high]
            self.alt = alt
            self.revision += 1

    def _hear_set(self, content: dict[str, Any], _buffers: Any) -> None:
        inputs = _within(content["inputs"], len(self.inputs), *self.limits["input"][:2])
        weights = _within(content["weights"], len(self.weights), *self.limits["weight"][:2])
        (bias,) = _within([content["bias"]], 1, *self.limits["bias"][:2])
        if self._listener is not None:
            self._listener(inputs, weights, bias)


def _within(values: list[float], count: int, low: float, high: float) -> tuple[float, ...]:
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.shape != (count,) or not np.isfinite(numbers).all():
        raise ValueError(f"Expected {count} finite numbers, not {values!r}.")
    return tuple(np.clip(numbers, low, high).tolist())
