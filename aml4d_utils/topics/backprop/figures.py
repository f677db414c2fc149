"""Pictures of backpropagation, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, plain
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.backprop.fading import Fading
from aml4d_utils.topics.backprop.knobs import Turned
from aml4d_utils.topics.backprop.landscape import Path
from aml4d_utils.topics.backprop.learning import Curve, LearningStep
from aml4d_utils.topics.backprop.wishes import Wishes
from aml4d_utils.widgets.colours import OKABE_ITO, mosaic, signed_to_rgb

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DESCENTS = {
    "one": "one digit at a time",
    "mini-batch": "mini-batch",
    "all": "all digits at once",
}
_SIDE = 28


def signed(value: float, digits: int = 3) -> str:
    """Return a number with its sign, a real minus, and so many digits.

    Examples
    --------
    >>> signed(-0.12345), signed(2)
    ('−0.123', '+2')
    """
    return f"{value + 0.0:+.{digits}g}".replace("-", "−")


# --- an answer -----------------------------------------------------------------------------------


def draw_answer(picture: np.ndarray, outputs: np.ndarray, label: int) -> Figure:
    """Draw a digit (28, 28), the ten outputs as bars, and what they should be as lines."""
    figure = new_figure(8.4, 3.0)
    left, right = figure.subplots(1, 2, width_ratios=[1, 2.6])
    left.imshow(picture, cmap="gray_r", vmin=0, vmax=picture.max() or 1)
    left.set_title(f"a {label}", loc="center")
    left.set_xticks([])
    left.set_yticks([])
    left.spines[:].set_visible(False)
    places = np.arange(len(outputs))
    right.bar(places, outputs, color=OKABE_ITO[0], width=0.62)
    for place in places:
        right.plot([place - 0.42, place + 0.42], [float(place == label)] * 2, color="#111", lw=3)
    for place, gap in enumerate(np.abs(outputs - (places == label))):
        top = max(outputs[place], float(place == label))
        right.text(place, top + 0.04, f"{gap:.2f}", ha="center", va="bottom")
    right.text(-0.45, 1.17, "how far off each output is", va="bottom")
    right.set_xticks(places)
    right.set_ylim(-0.04, 1.3)
    right.set_yticks([0, 0.5, 1])
    right.set_xlabel("output neuron (line: what it should be)")
    right.set_ylabel("activation")
    return figure


def describe_answer(outputs: np.ndarray, label: int) -> str:
    """Say what :func:`draw_answer` shows."""
    wanted = np.arange(len(outputs)) == label
    cost = float(((outputs - wanted) ** 2).sum())
    strongest = int(np.argmax(outputs))
    return (
        f"A handwritten {label} and ten bars. Output {strongest} is strongest with "
        f"{outputs[strongest]:.2f}; output {label} should be 1 and is {outputs[label]:.2f}, the "
        f"others should be 0. The squared differences add up to a cost of {cost:.2f}."
    )


def describe_turn(turned: Turned, name: str) -> str:
    """Say what turning one parameter did to the cost; ``name`` says which one."""
    now = f"{turned.value:.3f}".replace("-", "−")
    if not turned.by:
        return (
            f"The knob {name} stands at {now} and is not turned: the cost is {turned.before:.3f}."
        )
    then = f"{turned.value + turned.by:.3f}".replace("-", "−")
    lead = f"Turning {name} from {now} to {then}: the cost"
    if turned.after == turned.before:
        return f"{lead} stays at {turned.before:.3f}."
    return (
        f"{lead} goes from {turned.before:.3f} to {turned.after:.3f}, "
        f"{signed(turned.each_unit)} for each unit of the turn."
    )


def describe_own_digit(outputs: np.ndarray, label: int) -> str:
    """Say what a network answers to a student's own digit."""
    guess = int(outputs.argmax())
    cost = float(((outputs - (np.arange(10) == label)) ** 2).sum())
    return (
        f"The table's network reads your drawing as a {guess}, with {outputs[guess]:.2f}. If it is "
        f"meant to be a {label}, its cost is {cost:.2f}."
    )


# --- the three steps -----------------------------------------------------------------------------


def neuron_name(layer: int, neuron: int, layers: int) -> str:
    """Name a neuron as the nudges table does."""
    last = layer == layers - 1
    return f"output {neuron}" if last else f"hidden {layer + 1}, neuron {neuron}"


def describe_wishes(one: Wishes, step: int, label: int, layers: int, count: int) -> str:
    """Say what step 1, 2 or 3 shows for one neuron; ``count`` examples make the mean."""
    name = neuron_name(one.layer, one.neuron, layers)
    name = name[0].upper() + name[1:]
    towards = "higher" if one.wish > 0 else "lower"
    start = f"{name} answers {one.activation:.2f} to this {label} and wishes to be {towards}"
    pixels = one.layer == 0
    if step == 1:
        top = int(np.argmax(np.abs(one.weight_changes)))
        source = f"pixel ({top // _SIDE}, {top % _SIDE})" if pixels else f"neuron {top}"
        still = int((one.weight_changes == 0).sum())
        words = (
            f"{start}. Its bias wants {signed(one.strength)}; each weight wants that, times the "
            f"previous activation: most at {source}, {signed(one.previous[top], 2)} × "
            f"{signed(one.strength)} = {signed(one.weight_changes[top])}."
        )
        if still:
            words += f" {still} weights want nothing, because nothing comes through them."
        return words
    if step == 2:
        top = int(np.argmax(np.abs(one.all_passed_back)))
        if pixels:
            return (
                f"{start}. Before it come the pixels, and nobody can change those: here the way "
                f"back ends. The map shows what all 16 neurons together would wish of the picture, "
                f"at most {signed(one.all_passed_back[top])}."
            )
        up = one.passed_back[top] > 0
        return (
            f"{start}. It wishes the previous activations changed in proportion to its weights: "
            f"neuron {top} {'up' if up else 'down'}, {signed(one.passed_back[top])}. All neurons "
            f"of this layer added up wish {signed(one.all_passed_back[top])} of it: the wish that "
            f"goes one layer further back."
        )
    same = np.sign(one.weight_changes) == np.sign(one.mean_changes)
    ratio = float(np.abs(one.mean_changes).sum() / (np.abs(one.weight_changes).sum() or 1))
    return (
        f"{name}, averaged over {count} digits: {percent(same.mean())} of its weights move the way "
        f"this {label} wants, and the mean is {ratio:.2f} times as large as this digit's own wish."
    )


# --- descents ------------------------------------------------------------------------------------


def describe_descents(paths: Mapping[str, Path], rate: float, shuffled: bool) -> str:
    """Say where three descents end and what they have looked at."""
    updates = len(paths["all"].costs) - 1
    parts = [
        f"{DESCENTS[name]} cost {path.costs[-1]:.3f} after {path.seen[-1]:,} digits"
        for name, path in paths.items()
    ]
    shaky = paths["one"].costs[-40:].std()
    order = "shuffled" if shuffled else "in order, all sixes first"
    return (
        f"After {updates} updates with learning rate {rate:g}, digits {order}: {'; '.join(parts)}. "
        f"Over the last 40 updates, the cost of one at a time still varies by {shaky:.3f}."
    )


# --- learning ------------------------------------------------------------------------------------


def describe_learning(step: LearningStep) -> str:
    """Say how far a training is."""
    return (
        f"{step.seen:,} digits seen, cost {step.history[-1, 1]:.2f}, "
        f"{percent(step.accuracy, 1)} of the test digits right"
    )


def weight_tiles(weights: np.ndarray) -> np.ndarray:
    """Return the first layer's weights (16, 784) as one picture, each on its own scale."""
    tiles = [signed_to_rgb(row.reshape(_SIDE, _SIDE))[0] for row in weights]
    return mosaic(np.stack(tiles), columns=8, gap=2)


def describe_weights(weights: np.ndarray) -> str:
    """Say what :func:`weight_tiles` shows, with how smooth the patterns are."""
    tiles = weights.reshape(-1, _SIDE, _SIDE)[:, 4:24, 4:24]
    right, left = tiles[:, :, 1:].ravel(), tiles[:, :, :-1].ravel()
    likeness = float(np.corrcoef(right, left)[0, 1]) if right.std() and left.std() else 0.0
    return (
        f"{len(weights)} small pictures: the weights from the pixels to each neuron of the first "
        f"layer, orange above zero and blue below. Neighbouring weights correlate with "
        f"{plain(likeness, 2)}: 0 is noise, 1 is smooth."
    )


def draw_curves(size: Curve, noise: Curve) -> Figure:
    """Draw test accuracy against the number of examples and against wrong labels."""
    figure = new_figure(9.4, 3.5)
    left, right = figure.subplots(1, 2)
    for ax, curve in ((left, size), (right, noise)):
        x = np.array([point.value for point in curve.points])
        test = np.array([point.test for point in curve.points])
        gaps = [[p.test - p.low for p in curve.points], [p.high - p.test for p in curve.points]]
        ax.errorbar(x, test, gaps, color=OKABE_ITO[0], marker="o", lw=2, capsize=3)
        train = [point.train for point in curve.points]
        ax.plot(x, train, color=OKABE_ITO[1], marker="s", ls="--", lw=2)
        ax.axhline(0.1, color="#57606a", lw=1, ls=":")
        ax.set_ylim(-0.03, 1.06)
        ax.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    left.set_xscale("log")
    ticks = [point.value for point in size.points]
    left.set_xticks(ticks, [f"{tick:,.0f}" for tick in ticks])
    left.minorticks_off()
    left.set_xlabel("digits to learn from")
    left.set_ylabel("rightly named")
    right.set_xlabel("wrong labels")
    right.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    for point, words, height, colour, place, side in (
        *((p, "test digits", p.test, OKABE_ITO[0], (-6, -20), "right") for p in size.points[-1:]),
        *((p, "what it learned from", p.train, OKABE_ITO[1], (4, 7), "left")
          for p in size.points[:1]),
    ):  # fmt: skip
        left.annotate(
            words,
            (point.value, height),
            place,
            textcoords="offset points",
            color=colour,
            ha=side,
            weight="bold",
        )
    right.annotate("chance", (0, 0.1), (0, 4), textcoords="offset points", color="#57606a")
    return figure


def describe_curves(size: Curve, noise: Curve) -> str:
    """Say what :func:`draw_curves` shows."""
    if not (size.points and noise.points):
        done = len(size.points) + len(noise.points)
        return f"Two curves that were stopped early: {done} of the networks have finished."
    few, many = size.points[0], size.points[-1]
    words = [
        f"{percent(point.value)} wrong {percent(point.test)}"
        for point in noise.points[:: max(1, len(noise.points) // 4)]
    ]
    return (
        f"Two curves of test accuracy with 95 % intervals. Left: from {percent(few.test)} with "
        f"{few.value:,.0f} digits to {percent(many.test)} with {many.value:,.0f}, while what was "
        f"learned from is {percent(few.train)} and {percent(many.train)} right. Right, by share of "
        f"wrong labels: {', '.join(words)}."
    )


def describe_curve(curve: Curve) -> str:
    """Say how far a curve is."""
    if not curve.points:
        return "the first network is learning"
    last = curve.points[-1]
    what = (
        f"{last.value:,.0f} digits"
        if curve.kind == "size"
        else f"{percent(last.value)} wrong labels"
    )
    return f"{what}: {percent(last.test, 1)} of the test digits right"


# --- fading --------------------------------------------------------------------------------------


def draw_fading(results: list[Fading]) -> Figure:
    """Draw the mean gradient of each layer for several activation functions, on a log axis."""
    figure = new_figure(8.4, 3.5)
    ax = figure.subplots()
    for k, result in enumerate(results):
        layers = np.arange(1, len(result.gradients) + 1)
        ax.plot(layers, np.maximum(result.gradients, 1e-12), color=OKABE_ITO[k],
                marker="os^D"[k % 4], ls=("-", "--", "-.", ":")[k % 4], lw=2)  # fmt: skip
        ax.annotate(
            result.hidden,
            (1, max(result.gradients[0], 1e-12)),
            (-10, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=OKABE_ITO[k],
            weight="bold",
        )
    ax.set_yscale("log")
    ax.set_xlim(0, len(results[0].gradients) + 0.3)
    ax.set_xticks(layers, [*(str(k) for k in layers[:-1]), "output"])
    ax.set_xlabel("layer, from the pixels to the output")
    ax.set_ylabel("mean size of ∂C/∂w")
    return figure


def describe_fading(results: list[Fading]) -> str:
    """Say what :func:`draw_fading` shows."""
    parts = [
        f"with {r.hidden} the first layer's gradient is {small(r.gradients[0])} and the last "
        f"layer's {small(r.gradients[-1])}"
        for r in results
    ]
    return (
        f"Mean gradient of the weights in {len(results[0].gradients)} layers: {'; '.join(parts)}."
    )


def describe_fade(result: Fading) -> str:
    """Say how one network's gradients fade."""
    first, last = result.gradients[0], result.gradients[-1]
    if not result.gradients.any():
        reached = "no weight of any layer has a gradient"
    elif not first:
        reached = f"of the gradient at the output ({small(last)}) nothing reaches the first layer"
    else:
        if 0.95 < result.ratio < 1.05:
            change = "about as large as"
        elif result.ratio > 1:
            change = f"{times(result.ratio)} smaller than"
        else:
            change = f"{times(1 / max(result.ratio, 1e-12))} larger than"
        reached = (
            f"the gradient at the first layer ({small(first)}) is {change} at the output "
            f"({small(last)})"
        )
    return (
        f"{result.hidden}, {len(result.gradients) - 1} hidden layers: {reached}. "
        f"{percent(result.flat[:-1].mean())} of the hidden neurons are saturated; a hidden neuron "
        f"passes on {result.slopes[:-1].mean():.3f} of a change on average (its slope)."
    )


def small(value: float) -> str:
    """Return a number above 0, however small, so that it can be read.

    Examples
    --------
    >>> small(0.13), small(3.8e-6)
    ('0.13', '3.8 × 10⁻⁶')
    """
    if value >= 0.001 or value <= 0:
        return f"{value:.2g}"
    front, power = f"{value:.1e}".split("e-")
    raised = str(int(power)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{front} × 10⁻{raised}"


def times(ratio: float) -> str:
    """Return how many times, in words that can be read.

    Examples
    --------
    >>> times(34475.2), times(2.37)
    ('34,000 times', '2.4 times')
    """
    if ratio >= 100:
        return f"{float(f'{ratio:.2g}'):,.0f} times"
    return f"{ratio:.2g} times"
