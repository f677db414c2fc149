"""Pictures of swapped faces and of detectors, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, plain
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.deepfakes.fake_trials import Trial
from aml4d_utils.topics.deepfakes.swap_film import PERSONS, SwapFilm
from aml4d_utils.widgets.colours import OKABE_ITO

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LINES = ("-", "--", ":", "-.")
_SHOWN = 6


def draw_swap(film: SwapFilm) -> Figure:
    """Draw some pictures of a clip, as painted by the own decoder and by the other's."""
    places = np.linspace(0, len(film.original) - 1, _SHOWN).round().astype(int)
    rows = (
        (PERSONS[film.person], film.original),
        ("own decoder", film.own),
        (f"{PERSONS[1 - film.person]}'s decoder", film.swap),
    )
    figure = new_figure(8.4, 4.3)
    axes = figure.subplots(len(rows), _SHOWN, gridspec_kw={"wspace": 0.03, "hspace": 0.05})
    for line, (words, pictures) in zip(axes, rows, strict=True):
        for ax, at in zip(line, places, strict=True):
            ax.imshow(pictures[at], interpolation="nearest")
            ax.set(xticks=[], yticks=[])
            ax.spines[:].set_visible(False)
        line[0].set_ylabel(words, fontsize=10)
    return figure


def describe_swap(film: SwapFilm) -> str:
    """Say how much is lost, how far the swap is from the original, and whether it moves along."""
    filmed, other = PERSONS[film.person], PERSONS[1 - film.person]
    return (
        f"{len(film.original)} pictures of {filmed}, who is nobody. Painted by the own decoder, "
        f"colours are {film.lost:.3f} off on average (of 1). Painted as {other}, the changes from "
        f"picture to picture agree with the original's by {plain(film.follows, 2)} (1: they move "
        f"exactly alike, 0: each on its own). Edges of the face agree with {other}'s by "
        f"{plain(film.like_other, 2)}, with {filmed}'s by {plain(film.like_filmed, 2)}."
    )


def draw_faces(groups: Sequence[tuple[str, np.ndarray]], count: int = 12) -> Figure:
    """Draw the first faces of several groups, a row each."""
    figure = new_figure(9.0, 0.85 * len(groups) + 0.2)
    axes = np.atleast_1d(figure.subplots(len(groups), 1))
    for ax, (words, faces) in zip(axes, groups, strict=True):
        shown = [np.pad(face, 1, constant_values=1) for face in faces[:count]]
        ax.imshow(np.concatenate(shown, 1), cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.set_ylabel(words, rotation=0, ha="right", va="center", fontsize=10)
    return figure


def describe_faces(groups: Sequence[tuple[str, np.ndarray]], count: int = 12) -> str:
    """Say which faces are shown and how light each group is."""
    return " ".join(
        f"{min(count, len(faces))} of {len(faces)} small grey faces, {words}: mean grey "
        f"{100 * float(np.mean(faces)):.0f} %."
        for words, faces in groups
    )


def describe_trial(trial: Trial) -> str:
    """Say what a detector finds, what it accuses wrongly, and how well it ranks."""
    return (
        f"Fakes of {trial.maker}; what happened to all pictures: {trial.way}. At a threshold of "
        f"{percent(trial.threshold)} the detector finds {trial.found} of {len(trial.fake)} fakes "
        f"({_range(trial.found_interval)}) and accuses {trial.accused} of {len(trial.real)} real "
        f"faces ({_range(trial.accused_interval)}). Area below the ROC curve: "
        f"{trial.roc.area:.2f}; for untouched fakes of the generator it knows: "
        f"{trial.known.area:.2f}; chance: 0.50."
    )


def _range(interval: tuple[float, float]) -> str:
    return f"95 % interval {percent(interval[0])} to {percent(interval[1])}"


def draw_rocs(trials: Sequence[tuple[str, Trial]]) -> Figure:
    """Draw several ROC curves, each with a mark at its threshold."""
    figure = new_figure(5.6, 4.4)
    ax = figure.subplots()
    ax.plot([0, 1], [0, 1], color="#8c959f", linestyle=":", linewidth=1)
    for k, (words, trial) in enumerate(trials):
        colour = OKABE_ITO[k % len(OKABE_ITO)]
        ax.plot(
            trial.roc.false_alarms,
            trial.roc.found,
            color=colour,
            linestyle=_LINES[k % len(_LINES)],
            label=f"{words}: area {trial.roc.area:.2f}",
        )
        ax.plot(
            trial.accused / len(trial.real),
            trial.found / len(trial.fake),
            marker="osD^"[k % 4],
            color=colour,
            markersize=9,
            markeredgecolor="white",
        )
    ax.set_xlabel("share of real faces that are accused")
    ax.set_ylabel("share of fakes found")
    ax.set_aspect("equal")
    ax.legend(frameon=False, fontsize=9, loc="lower right")
    return figure


def describe_rocs(trials: Sequence[tuple[str, Trial]]) -> str:
    """Say for each curve its area, and the two shares at its threshold."""
    return " ".join(
        f"{words}: area {trial.roc.area:.2f}; at a threshold of {percent(trial.threshold)}, "
        f"{percent(trial.found / len(trial.fake))} of the fakes found, "
        f"{percent(trial.accused / len(trial.real))} of the real faces accused."
        for words, trial in trials
    )


def spread(suspicions: np.ndarray, bins: int = 10) -> tuple[np.ndarray, np.ndarray]:
    """Return the middles of equal bins from 0 to 1 and the share of faces in each."""
    counts, edges = np.histogram(suspicions, bins=bins, range=(0, 1))
    return (edges[:-1] + edges[1:]) / 2, counts / len(suspicions)


def framed_faces(trial: Trial, count: int = 16) -> tuple[np.ndarray, str]:
    """Return a picture of some real faces above some fakes, and its words.

    Faces that are called fake have a frame in orange.
    """
    rows, words = [], []
    for name, faces, suspicions in (
        ("real", trial.real_faces, trial.real),
        ("fake", trial.fake_faces, trial.fake),
    ):
        called = suspicions[:count] >= trial.threshold
        tiles = []
        for face, accused in zip(faces[:count], called, strict=True):
            tile = np.pad(np.repeat(face[..., None], 3, 2), ((3, 3), (3, 3), (0, 0)), mode="edge")
            if accused:
                for edge in (tile[:3], tile[-3:], tile[:, :3], tile[:, -3:]):
                    edge[...] = (0.84, 0.37, 0.0)
            tiles.append(tile)
        rows.append(np.concatenate(tiles, 1))
        words.append(f"{called.sum()} of {len(called)} {name} faces shown are called fake")
    return np.concatenate(rows, 0), "; ".join(words) + "."
