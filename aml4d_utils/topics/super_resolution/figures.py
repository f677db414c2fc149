"""Pictures of enlarged photos, each with the words that describe it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.super_resolution.comparing import Comparison, Quality, Tradeoff
from aml4d_utils.topics.super_resolution.enlarging import METHODS
from aml4d_utils.widgets.colours import OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKS = "osD"
_SHORT = dict(zip(METHODS, ("bicubic", "small net", "Real-ESRGAN"), strict=True))


def decibels(value: float) -> str:
    """Return a PSNR in words; equal pictures have no error."""
    return f"{value:.1f} dB" if np.isfinite(value) else "no error"


def times(value: float) -> str:
    """Return a sharpness in words."""
    return f"{value:.2f}" if np.isfinite(value) else "beyond measure"


def describe_quality(quality: Quality) -> str:
    """Say how near, how sharp and how much invented an enlarged picture is."""
    return (
        f"{quality.method}: PSNR {decibels(quality.psnr)}, sharpness {times(quality.sharpness)} "
        "(the true picture: 1). Of the fine detail it painted, "
        f"{percent(quality.detail.invented_share)} is not in the true picture; of the true "
        f"picture's detail, {percent(quality.detail.found_share)} was painted."
    )


def draw_comparison(comparison: Comparison) -> Figure:
    """Draw what the methods saw, what each made of it, and the true picture."""
    columns = [("what they see", comparison.small)]
    columns += [
        (f"{_SHORT[q.method]}\n{decibels(q.psnr)}, sharpness {times(q.sharpness)}", q.picture)
        for q in comparison.qualities
    ]
    columns.append(("the true picture", comparison.true))
    figure = new_figure(9.4, 2.5)
    for ax, (words, picture) in zip(figure.subplots(1, len(columns)), columns, strict=True):
        ax.imshow(picture, interpolation="nearest")
        ax.set_title(words, fontsize=9.5)
        ax.axis("off")
    return figure


def describe_comparison(comparison: Comparison) -> str:
    """Say what each method made of a part of a photo."""
    side = comparison.small.shape[0]
    made = " ".join(describe_quality(quality) for quality in comparison.qualities)
    return (
        f"A part of the photo {comparison.name}, {side} by {side} pixels made four times larger. "
        f"{made}"
    )


def draw_invented(comparison: Comparison) -> Figure:
    """Draw a map of what each method invented, all on one scale."""
    figure = new_figure(9.4, 2.9)
    axes = figure.subplots(1, len(comparison.qualities) + 1)
    axes[0].imshow(comparison.true, interpolation="nearest")
    axes[0].set_title("the true picture", fontsize=10)
    highest = max(float(q.detail.invented.max()) for q in comparison.qualities)
    for ax, quality in zip(axes[1:], comparison.qualities, strict=True):
        shown = ax.imshow(quality.detail.invented, cmap="viridis", vmin=0, vmax=max(highest, 1e-3))
        ax.set_title(
            f"{_SHORT[quality.method]}\n{percent(quality.detail.invented_share)} of its detail "
            "invented",
            fontsize=9.5,
        )
    for ax in axes:
        ax.axis("off")
    bar = figure.colorbar(shown, ax=axes, fraction=0.02, pad=0.01)
    bar.set_label("invented, grey levels (0 to 1)", fontsize=9)
    return figure


def describe_invented(comparison: Comparison) -> str:
    """Say how much each method invented, and where most."""
    words = []
    for quality in comparison.qualities:
        invented = quality.detail.invented
        row, col = np.unravel_index(invented.argmax(), invented.shape)
        words.append(
            f"{quality.method}: {percent(quality.detail.invented_share)} of the detail it painted "
            f"is invented, most at {percent(row / invented.shape[0])} from the top and "
            f"{percent(col / invented.shape[1])} from the left."
        )
    return " ".join(words)


def draw_tradeoff(result: Tradeoff) -> Figure:
    """Draw every photo and method by PSNR and sharpness."""
    figure = new_figure(8.4, 3.6)
    ax = figure.subplots()
    for comparison in result.comparisons:
        ax.plot(
            [q.psnr for q in comparison.qualities],
            [q.sharpness for q in comparison.qualities],
            color="#8c959f",
            linewidth=1,
            zorder=1,
        )
        first = comparison.qualities[0]
        ax.annotate(
            comparison.name,
            (first.psnr, first.sharpness),
            xytext=(6, -12),
            textcoords="offset points",
            fontsize=10,
        )
    for k, method in enumerate(METHODS):
        found = [comparison.by(method) for comparison in result.comparisons]
        ax.scatter(
            [q.psnr for q in found],
            [q.sharpness for q in found],
            color=OKABE_ITO[k],
            marker=_MARKS[k],
            s=55,
            label=method,
            zorder=2,
        )
    ax.axhline(1, color="#57606a", linestyle="--", linewidth=1)
    ax.annotate(
        "as sharp as the true picture",
        (1, 1),
        xycoords=("axes fraction", "data"),
        xytext=(-4, -13),
        textcoords="offset points",
        ha="right",
        fontsize=10,
    )
    ax.set_xlabel("PSNR, dB (right: nearer to the true picture)")
    ax.set_ylabel("sharpness")
    ax.set_ylim(0, 1.12)
    ax.margins(x=0.1)
    ax.legend(frameon=False, loc="lower right", fontsize=10)
    return figure


def describe_tradeoff(result: Tradeoff) -> str:
    """Say which method is nearest and which is sharpest, photo by photo."""
    words = []
    for comparison in result.comparisons:
        nearest = max(comparison.qualities, key=lambda q: q.psnr)
        sharpest = max(comparison.qualities, key=lambda q: q.sharpness)
        words.append(
            f"{comparison.name}: nearest {nearest.method} with {decibels(nearest.psnr)}, sharpest "
            f"{sharpest.method} with {times(sharpest.sharpness)}."
        )
    return " ".join(words)
