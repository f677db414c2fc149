"""Lesson 08 beside captum, plain autograd and Lucent's recipe, pair by pair in the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import captum.attr
import numpy as np
import torch
from torch import nn

from aml4d_utils import images, nets
from aml4d_utils.nets.squeezenet_layers import stage_named
from aml4d_utils.topics.visualisation import explorers, maximisation, shaking
from aml4d_utils.topics.visualisation.image_parameters import parameterise
from aml4d_utils.topics.visualisation.occlusion import occlude
from aml4d_utils.topics.visualisation.passing import RULES, one_cell, squeezenet_chain
from aml4d_utils.topics.visualisation.projection import LAYERS
from benchmarks.measure import Row, repeat, scaled

Work = Callable[[], object]
STEPS = 128


def _ratios(ours: Work, theirs: Work, times: int) -> tuple[float, ...]:
    """Return our seconds over theirs, for pairs of runs that directly follow each other."""
    ours()
    theirs()
    return tuple(repeat(ours, 1, 0)[0] / repeat(theirs, 1, 0)[0] for _ in range(times))


def _projections(net: nn.Module, pixels: torch.Tensor) -> Iterator[Row]:
    chain = squeezenet_chain(net)
    for layer in LAYERS:
        part = nn.Sequential(*net.features[: stage_named(layer).index + 1])
        maps = chain.forward(pixels, layer).maps(layer)
        cell = tuple(int(n) for n in np.unravel_index(int(maps[0].argmax()), maps.shape[1:]))
        method = captum.attr.Deconvolution(part)

        def ours(layer=layer, maps=maps, cell=cell) -> torch.Tensor:
            start = one_cell(maps, *cell)
            return chain.forward(pixels, layer).back(start, layer, RULES["deconvnet"])

        def by_captum(method=method, cell=cell) -> torch.Tensor:
            return method.attribute(pixels.clone().requires_grad_(True), target=cell)

        def by_autograd(part=part, cell=cell) -> torch.Tensor:
            given = pixels.clone().requires_grad_(True)
            return torch.autograd.grad(part(given)[(0, *cell)], given)[0]

        yield Row(f"deconvnet from {layer} ÷ captum", _ratios(ours, by_captum, 15), "×", 1)
        ratios = _ratios(ours, by_autograd, 15)
        yield Row(f"deconvnet from {layer} ÷ forward and backward", ratios, "×", 1.2)


def _occlusion(net: nn.Module, pixels: torch.Tensor, photo: np.ndarray) -> Iterator[Row]:
    method = captum.attr.Occlusion(lambda batch: net(batch).softmax(1))
    grey = nets.preprocess("squeezenet1_1", np.full((227, 227, 3), 0.5), pixels.device)

    def ours() -> object:
        return list(occlude(net, photo, [285], patch=47))

    for batch in (1, 13):

        def theirs(batch: int = batch) -> object:
            return method.attribute(
                pixels,
                sliding_window_shapes=(3, 47, 47),
                strides=(3, 15, 15),
                baselines=grey,
                target=285,
                perturbations_per_eval=batch,
            )

        ratios = _ratios(ours, theirs, 3)
        yield Row(f"occlusion 13 × 13 ÷ captum, {batch} at once", ratios, "×", 0.6)


def _recipe(net: nn.Module, layer: int, unit: int) -> None:
    """Draw as Lucent does, written from its description: 128 px, enlarged to 224, whole net."""
    generator = torch.Generator().manual_seed(0)
    numbers = parameterise(128, waves=True, natural_colours=True, generator=generator)
    optimiser = torch.optim.Adam([numbers.numbers], lr=0.05)
    answers: list[torch.Tensor] = []
    hook = net.features[layer].register_forward_hook(lambda _m, _i, out: answers.append(out))
    shake = shaking.in_turn(shaking.ROBUST)
    for _ in range(STEPS):
        optimiser.zero_grad()
        padded = nn.functional.pad(numbers.picture(), (12,) * 4, value=0.5)
        large = nn.functional.interpolate(
            shake(padded, generator), (224, 224), mode="bilinear", align_corners=True
        )
        net(nets.normalise("squeezenet1_1", large))
        (-answers.pop()[:, unit].mean()).backward()
        optimiser.step()
    hook.remove()


def _drawing(net: nn.Module) -> Iterator[Row]:
    def ours() -> object:
        generator = torch.Generator().manual_seed(0)
        numbers = parameterise(128, waves=True, natural_colours=True, generator=generator)
        objective = maximisation.unit_objective(net, "fire7", 131)
        shake = shaking.in_turn(shaking.ROBUST)
        return list(maximisation.draw(objective, numbers, shake, generator=generator, steps=STEPS))

    yield Row(f"drawing, {STEPS} steps at 128 px", repeat(ours, 3), "s")
    ratios = _ratios(ours, lambda: _recipe(net, 10, 131), 3)
    yield Row(f"drawing, {STEPS} steps ÷ Lucent's recipe", ratios, "×", 1)


def _callbacks(photo: np.ndarray) -> Iterator[Row]:
    explorer = explorers.projection_explorer(photo)
    places = iter(np.linspace(5, 220, 40).astype(int).tolist())

    def move() -> None:
        place = next(places)
        explorer.set(row=place, col=226 - place)

    times = scaled(repeat(move, 30, 3), 1000)
    yield Row("callback: send an answer back · place", times, "ms", 200, "p95")
    evidence = explorers.evidence_explorer(photo)
    guesses = iter([f"{n} guess" for n in ("2nd", "3rd", "4th", "5th", "1st")] * 4)
    times = scaled(repeat(lambda: evidence.set(guess=next(guesses)), 15, 2), 1000)
    yield Row("callback: what is it based on · class", times, "ms", 200, "p95")


def rows() -> Iterator[Row]:
    """Compare on Chelsea, on the processor."""
    photo = images.photo("chelsea")
    net = nets.load("squeezenet1_1", "cpu")
    pixels = nets.preprocess("squeezenet1_1", photo, "cpu")
    yield from _projections(net, pixels)
    yield from _occlusion(net, pixels, photo)
    yield from _drawing(net)
    yield from _callbacks(photo)
