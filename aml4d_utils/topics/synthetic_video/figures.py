"""Pictures of clips, each with the words that describe it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.synthetic_video.clips import Clip

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_clip(clip: Clip, count: int = 9) -> Figure:
    """Draw some pictures of a clip as a strip."""
    places = np.linspace(0, len(clip.pictures) - 1, count).round().astype(int)
    figure = new_figure(9.4, 1.25)
    for ax, at in zip(figure.subplots(1, count), places, strict=True):
        ax.imshow(clip.pictures[at], interpolation="nearest")
        ax.axis("off")
    return figure


def describe_clip(clip: Clip) -> str:
    """Say what a clip shows and how much changes."""
    return (
        f"{len(clip.pictures)} pictures, {clip.about}. From one to the next a colour changes by "
        f"{clip.step:.3f} on average (of 1); the picture least like the first differs from it by "
        f"{clip.farthest:.3f}."
    )
