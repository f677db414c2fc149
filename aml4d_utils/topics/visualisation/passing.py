"""A convolutional network as a chain of steps that can be walked forwards and back.

Autograd could walk back too. This walk is written out because the way back through the ReLU is
what lesson 08 is about: :data:`RULES` holds three ways, all else stays the same.

References
----------
.. [1] M. D. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks",
   ECCV 2014: the deconvnet, with switches for max pooling.
.. [2] K. Simonyan, A. Vedaldi and A. Zisserman, "Deep inside convolutional networks: visualising
   image classification models and saliency maps", ICLR workshop 2014: the gradient.
.. [3] J. T. Springenberg, A. Dosovitskiy, T. Brox and M. Riedmiller, "Striving for simplicity:
   the all convolutional net", ICLR workshop 2015: guided backpropagation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.functional import conv_transpose2d, max_pool2d

from aml4d_utils.nets.squeezenet_layers import STAGES
from aml4d_utils.topics.convolution.training import SmallCNN

ReluRule = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def back_by_gradient(signal: torch.Tensor, came_in: torch.Tensor) -> torch.Tensor:
    """Let the signal through where the photo made the ReLU let something through."""
    return signal * (came_in > 0)


def back_by_deconvnet(signal: torch.Tensor, came_in: torch.Tensor) -> torch.Tensor:
    """Let through what is positive in the signal; the photo has no say."""
    return signal.clamp(min=0)


def back_by_guided(signal: torch.Tensor, came_in: torch.Tensor) -> torch.Tensor:
    """Ask for both: a positive signal, at a place that the photo made fire."""
    return signal.clamp(min=0) * (came_in > 0)


RULES: dict[str, ReluRule] = {
    "deconvnet": back_by_deconvnet,
    "guided": back_by_guided,
    "gradient": back_by_gradient,
}
"""The way back through a ReLU, by name."""


@dataclass(frozen=True)
class Signal:
    """What walks back: a window of feature maps; beyond the window all is 0.

    One cell sees a part of the photo only, so that the window stays small for early layers.

    Attributes
    ----------
    values : Tensor (B, C, h, w)
    top, left : int
        Where the window starts in the whole maps.
    """

    values: torch.Tensor
    top: int
    left: int

    @classmethod
    def of(cls, maps: torch.Tensor) -> Signal:
        """Return the smallest window that holds all that is not 0 (one cell where all is 0)."""
        lit = (maps != 0).flatten(0, 1).any(0)
        rows, cols = lit.any(1).nonzero().flatten(), lit.any(0).nonzero().flatten()
        if not len(rows):
            return cls(maps[..., :1, :1], 0, 0)
        top, left = int(rows[0]), int(cols[0])
        return cls(maps[..., top : int(rows[-1]) + 1, left : int(cols[-1]) + 1], top, left)

    def cut(self, maps: torch.Tensor) -> torch.Tensor:
        """Return the same window of other maps."""
        height, width = self.values.shape[2:]
        return maps[..., self.top : self.top + height, self.left : self.left + width]

    def whole(self, shape: torch.Size) -> torch.Tensor:
        """Return the whole maps, 0 beyond the window."""
        maps = self.values.new_zeros(shape)
        self.cut(maps).copy_(self.values)
        return maps


class Convolution:
    """One convolution, or several side by side whose maps are stacked."""

    def __init__(self, *branches: nn.Conv2d):
        self.branches = branches

    def forward(self, values: torch.Tensor) -> tuple[torch.Tensor, None]:
        """Return the feature maps; nothing needs to be remembered."""
        return torch.cat([branch(values) for branch in self.branches], 1), None

    def back(self, signal: Signal, passage: Passage, rule: ReluRule) -> Signal:
        """Lay each kernel down wherever the signal is, as strongly as the signal says."""
        parts = signal.values.split([branch.out_channels for branch in self.branches], 1)
        pairs = zip(self.branches, parts, strict=True)
        laid = [_laid_down(branch, Signal(part, signal.top, signal.left)) for branch, part in pairs]
        return _sum_within(laid, passage.came_in.shape[2:])


def _laid_down(conv: nn.Conv2d, signal: Signal) -> Signal:
    """Return the transposed convolution; it may reach beyond the edges, into the padding."""
    (down, right), (over, beside) = conv.stride, conv.padding
    values = conv_transpose2d(signal.values, conv.weight, stride=conv.stride)
    return Signal(values, signal.top * down - over, signal.left * right - beside)


def _sum_within(signals: list[Signal], size: torch.Size) -> Signal:
    """Add signals up in the window that they fill together, cut at the edges of the maps."""
    top = max(0, min(s.top for s in signals))
    left = max(0, min(s.left for s in signals))
    bottom = min(size[0], max(s.top + s.values.shape[2] for s in signals))
    right = min(size[1], max(s.left + s.values.shape[3] for s in signals))
    batch, channels = signals[0].values.shape[:2]
    total = signals[0].values.new_zeros(batch, channels, bottom - top, right - left)
    for s in signals:
        rows = slice(max(0, top - s.top), bottom - s.top)
        cols = slice(max(0, left - s.left), right - s.left)
        inside = s.values[..., rows, cols]
        first, start = max(0, s.top - top), max(0, s.left - left)
        height, width = inside.shape[2:]
        total[..., first : first + height, start : start + width] += inside
    return Signal(total, top, left)


class Rectifier:
    """ReLU: negative values become 0. The way back is the rule's."""

    def forward(self, values: torch.Tensor) -> tuple[torch.Tensor, None]:
        """Return what is positive."""
        return values.clamp(min=0), None

    def back(self, signal: Signal, passage: Passage, rule: ReluRule) -> Signal:
        """Do what the rule says."""
        came_in = signal.cut(passage.came_in)
        return Signal(rule(signal.values, came_in), signal.top, signal.left)


class MaxPool:
    """The largest value of each window; *switches* remember where it stood."""

    def __init__(self, pool: nn.MaxPool2d):
        self.kernel, self.stride, self.ceil = pool.kernel_size, pool.stride, pool.ceil_mode

    def forward(self, values: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the maxima and the switches."""
        return max_pool2d(
            values, self.kernel, self.stride, ceil_mode=self.ceil, return_indices=True
        )

    def back(self, signal: Signal, passage: Passage, rule: ReluRule) -> Signal:
        """Put each signal back where its maximum stood; where windows overlap they add up."""
        batch, channels, height, width = passage.came_in.shape
        top, left = signal.top * self.stride, signal.left * self.stride
        rows, cols = signal.values.shape[2:]
        bottom = min(height, top + (rows - 1) * self.stride + self.kernel)
        right = min(width, left + (cols - 1) * self.stride + self.kernel)
        switches = signal.cut(passage.switches)
        place = (switches // width - top) * (right - left) + switches % width - left
        result = signal.values.new_zeros(batch, channels, (bottom - top) * (right - left))
        result.scatter_add_(2, place.flatten(2), signal.values.flatten(2))
        return Signal(result.unflatten(2, (bottom - top, right - left)), top, left)


class MeanPool:
    """The mean of a whole map: one number for each map."""

    def forward(self, values: torch.Tensor) -> tuple[torch.Tensor, None]:
        """Return the means (B, C, 1, 1)."""
        return values.mean((2, 3), keepdim=True), None

    def back(self, signal: Signal, passage: Passage, rule: ReluRule) -> Signal:
        """Share the signal out evenly over the map."""
        height, width = passage.came_in.shape[2:]
        return Signal(signal.values.expand_as(passage.came_in) / (height * width), 0, 0)


Step = Convolution | Rectifier | MaxPool | MeanPool


@dataclass(frozen=True)
class Passage:
    """What one step of the way forward leaves behind.

    Attributes
    ----------
    step : Step
    came_in, went_out : Tensor (B, C, h, w)
    switches : Tensor (B, C, h, w), int64, or None
        For max pooling: where in its map each maximum stood.
    """

    step: Step
    came_in: torch.Tensor
    went_out: torch.Tensor
    switches: torch.Tensor | None


@dataclass(frozen=True)
class Chain:
    """A network as steps; ``stages`` says how many steps lead to each named place."""

    steps: tuple[Step, ...]
    stages: dict[str, int]

    def forward(self, pixels: torch.Tensor, stage: str | None = None) -> Trace:
        """Walk forward to a stage (by default to the end) and remember the way.

        Parameters
        ----------
        pixels : Tensor (B, 3, H, W)
            From ``nets.preprocess``.
        stage : str, optional
            One of ``stages``.

        Raises
        ------
        ValueError
            If there is no such stage.
        """
        count = len(self.steps) if stage is None else self.steps_to(stage)
        passages, values = [], pixels.contiguous(memory_format=torch.channels_last)
        with torch.no_grad():
            for step in self.steps[:count]:
                went_out, switches = step.forward(values)
                passages.append(Passage(step, values, went_out, switches))
                values = went_out
        return Trace(self, tuple(passages))

    def maps(self, pixels: torch.Tensor, stage: str) -> torch.Tensor:
        """Return the feature maps (B, C, h, w) at a stage, as `forward`, and forget the way."""
        values = pixels.contiguous(memory_format=torch.channels_last)
        with torch.no_grad():
            for step in self.steps[: self.steps_to(stage)]:
                values, _ = step.forward(values)
        return values

    def steps_to(self, stage: str) -> int:
        """Return how many steps lead to a stage."""
        if stage not in self.stages:
            raise ValueError(
                f"This network has no stage {stage!r}; it has {', '.join(self.stages)}."
            )
        return self.stages[stage]


@dataclass(frozen=True)
class Trace:
    """The way of one batch through a chain."""

    chain: Chain
    passages: tuple[Passage, ...]

    def maps(self, stage: str) -> torch.Tensor:
        """Return the feature maps (B, C, h, w) at a stage."""
        return self.passages[self.chain.steps_to(stage) - 1].went_out

    def back(
        self, signal: torch.Tensor, stage: str, rule: ReluRule, until: str | None = None
    ) -> torch.Tensor:
        """Walk back from a stage to the pixels.

        Parameters
        ----------
        signal : Tensor (B, C, h, w)
            Where to start, in the shape of ``maps(stage)``: 1 at a unit's cell, 0 elsewhere.
        stage : str
        rule : ReluRule
            One of ``RULES.values()``, or your own.
        until : str, optional
            An earlier stage to stop at.

        Returns
        -------
        Tensor (B, 3, H, W), or in the shape of ``maps(until)``
        """
        first = 0 if until is None else self.chain.steps_to(until)
        passages = self.passages[first : self.chain.steps_to(stage)]
        with torch.no_grad():
            walking = Signal.of(signal)
            for passage in reversed(passages):
                walking = passage.step.back(walking, passage, rule)
            return walking.whole(passages[0].came_in.shape)


SCORES = "conv10"
"""The stage before: one map of scores for each class, before the last ReLU."""

ANSWER = "answer"
"""The last stage of SqueezeNet: 1000 numbers, one for each class, before softmax."""


def squeezenet_chain(net: nn.Module) -> Chain:
    """Return SqueezeNet 1.1 as a chain; its stages are lesson 07's, ``conv10`` and ``answer``."""
    steps: list[Step] = []
    stages: dict[str, int] = {}
    names = {stage.index: stage.name for stage in STAGES}
    for index, module in enumerate(net.features):
        if isinstance(module, nn.Conv2d):
            steps.append(Convolution(module))
        elif isinstance(module, nn.ReLU):
            steps.append(Rectifier())
        elif isinstance(module, nn.MaxPool2d):
            steps.append(MaxPool(module))
        else:
            steps += [Convolution(module.squeeze), Rectifier()]
            steps += [Convolution(module.expand1x1, module.expand3x3), Rectifier()]
        if index in names:
            stages[names[index]] = len(steps)
    steps.append(Convolution(net.classifier[1]))
    stages[SCORES] = len(steps)
    steps += [Rectifier(), MeanPool()]
    stages[ANSWER] = len(steps)
    return Chain(tuple(steps), stages)


def small_cnn_chain(cnn: SmallCNN) -> Chain:
    """Return lesson 07's small CNN, up to its last feature maps, as a chain."""
    pool = MaxPool(nn.MaxPool2d(2))
    steps = (Convolution(cnn.first), Rectifier(), pool, Convolution(cnn.second), Rectifier())
    return Chain(steps, {"first": 2, "second": 5})


def one_cell(maps: torch.Tensor, unit: int, row: int, col: int, picture: int = 0) -> torch.Tensor:
    """Return a signal that is 1 at one cell of one map and 0 elsewhere, shaped as ``maps``.

    Raises
    ------
    ValueError
        If there is no such unit or cell.
    """
    _, units, height, width = maps.shape
    if not (0 <= unit < units and 0 <= row < height and 0 <= col < width):
        raise ValueError(
            f"There is no cell ({row}, {col}) of unit {unit} in {units} maps of "
            f"{height} × {width} cells."
        )
    signal = torch.zeros_like(maps)
    signal[picture, unit, row, col] = 1
    return signal
