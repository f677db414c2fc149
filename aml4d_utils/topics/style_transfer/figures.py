"""Pictures of painted photos, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.style_transfer.instant import Painted
from aml4d_utils.topics.style_transfer.painting_by_features import StyleStep
from aml4d_utils.widgets.colours import OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LINES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1)))


def draw_style_step(photo: np.ndarray, style: np.ndarray, step: StyleStep) -> Figure:
    """Draw the photo, the painting whose manner is wanted, what came out, and the losses."""
    figure = new_figure(9.4, 3.0)
    axes = figure.subplots(1, 4, width_ratios=(1, 1, 1, 1.35))
    pictures = ((photo, "the photo"), (style, "the style"), (step.picture, f"step {step.step}"))
    for ax, (picture, words) in zip(axes, pictures, strict=False):
        ax.imshow(picture)
        ax.set_title(words, fontsize=10)
        ax.axis("off")
    plot = axes[-1]
    for k, (name, losses) in enumerate(step.style.items()):
        colour = OKABE_ITO[(k + 1) % len(OKABE_ITO)]
        plot.plot(np.maximum(losses, 1e-4), color=colour, linestyle=_LINES[k % 5], label=name)
    plot.plot(np.maximum(step.content, 1e-4), color=OKABE_ITO[0], linewidth=2.2, label="content")
    plot.set_yscale("log")
    plot.set_ylim(1e-3, 10)
    plot.set_xlabel("step")
    plot.set_title("missed (1: as much as there is)", fontsize=10)
    plot.legend(frameon=False, fontsize=8, ncols=2, loc="lower center")
    return figure


def describe_style_step(step: StyleStep) -> str:
    """Say how much of the style and of the content is missed after some steps."""
    style = ", ".join(
        f"{name} {losses[0]:.2f} at first, now {losses[-1]:.3f}"
        for name, losses in step.style.items()
    )
    return (
        f"After {step.step} steps the style is missed by {style}; the content by "
        f"{step.content[-1]:.2f} (0 at the start, 1 is as much as there is)."
    )


def draw_paintings(results: Sequence[tuple[str, np.ndarray]]) -> Figure:
    """Draw pictures side by side, each with its words."""
    columns = min(4, len(results))
    rows = -(-len(results) // columns)
    figure = new_figure(9.4, 2.4 * rows)
    axes = np.atleast_1d(figure.subplots(rows, columns)).ravel()
    for ax in axes:
        ax.axis("off")
    for ax, (words, picture) in zip(axes, results, strict=False):
        ax.imshow(picture)
        ax.set_title(words, fontsize=10)
    return figure


def describe_paintings(results: Sequence[tuple[str, np.ndarray]]) -> str:
    """Say which pictures are shown, and the mean colour of each."""
    words = []
    for name, picture in results:
        red, green, blue = (f"{100 * value:.0f}" for value in picture.mean((0, 1)))
        words.append(f"{name}: mean colour {red} % red, {green} % green, {blue} % blue.")
    return f"{len(results)} pictures. " + " ".join(words)


def describe_painted(result: Painted) -> str:
    """Say how a photo was painted in one pass, and how far its colours moved."""
    return (
        f"Painted in one pass in the manner of {result.style}, strength "
        f"{percent(result.strength)}: {result.picture.shape[0]} by {result.picture.shape[1]} "
        f"pixels, colours moved by {result.moved:.2f} on average (of 1); steps from pixel to "
        f"pixel are {result.texture:.1f} times the photo's."
    )
