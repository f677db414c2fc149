"""Pictures of generated faces and of answers about them, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.measuring.wording import percent, signed
from aml4d_utils.notebook import new_figure, picture_figure
from aml4d_utils.topics.face_gan.face_latents import TRAITS, Arithmetic, Directions
from aml4d_utils.topics.face_gan.real_or_not import PEOPLE, CallScore
from aml4d_utils.widgets.colours import OKABE_ITO, mosaic

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def sheet(faces: np.ndarray, columns: int) -> np.ndarray:
    """Lay out faces, (N, H, W, 3) or grey (N, H, W) in [0, 1], in rows, as uint8."""
    if faces.ndim == 3:
        faces = np.repeat(faces[..., None], 3, axis=3)
    return mosaic(np.rint(255 * faces.clip(0, 1)).astype(np.uint8), columns, gap=2)


def draw_faces(faces: np.ndarray, columns: int = 8) -> Figure:
    """Draw faces in rows."""
    return picture_figure(sheet(faces, columns))


def describe_faces(faces: np.ndarray) -> str:
    """Say how many faces there are and how they differ in light."""
    light = faces.reshape(len(faces), -1).mean(1)
    return (
        f"{len(faces)} generated faces of nobody, {faces.shape[1]} by {faces.shape[2]} pixels; "
        f"their mean brightness goes from {percent(light.min())} to {percent(light.max())}."
    )


def describe_moved(face: np.ndarray, known: Directions, length: float) -> str:
    """Say what is measured of a face, against all that were measured."""
    parts = []
    for name, measure in TRAITS.items():
        values = known.traits[name]
        standard = (float(measure(face[None])[0]) - values.mean()) / values.std()
        parts.append(f"{name} {signed(standard, 1)}")
    return (
        f"A face of nobody from 100 numbers of length {length:.1f}. In standard deviations from "
        f"{len(values)} other faces: {', '.join(parts)}."
    )


def describe_between(face: np.ndarray, way: str, share: float, length: float) -> str:
    """Say where on the way between two faces a face is."""
    return (
        f"{percent(share)} of the way, {way}: the 100 numbers have length {length:.1f} (random "
        f"ones about 10), the face a contrast of {percent(face.std())}."
    )


def describe_arithmetic(result: Arithmetic) -> str:
    """Say what arithmetic did to the trait, and what a random step does."""
    return (
        f"Mean of 8 faces with most {result.trait} − mean of 8 with least + this face: "
        f"{result.trait} changes by {signed(result.changes[0], 1)} standard deviations; a random "
        f"step of the same length changes it by {signed(result.changes[1], 1)}."
    )


def draw_scores(scores: Sequence[tuple[str, CallScore]]) -> Figure:
    """Draw shares of right answers with their intervals, and the published one of people."""
    figure = new_figure(8.2, 1.0 + 0.5 * len(scores))
    ax = figure.subplots()
    for k, (_, one) in enumerate(scores):
        low, high = one.interval
        ax.plot([low, high], [-k, -k], color=OKABE_ITO[0], linewidth=2)
        ax.plot([one.right], [-k], "o", color=OKABE_ITO[0])
    ax.axvline(0.5, color="#57606a", linestyle="--", linewidth=1)
    ax.axvline(PEOPLE, color=OKABE_ITO[1], linewidth=1.5)
    ax.annotate(
        "people, StyleGAN2 faces (2022)",
        (PEOPLE, 0.7),
        xytext=(-6, 0),
        textcoords="offset points",
        ha="right",
        va="center",
        color=OKABE_ITO[1],
    )
    ax.set_yticks([-k for k in range(len(scores))], [name for name, _ in scores])
    ax.set_ylim(-len(scores) + 0.4, 1.1)
    ax.set_xlim(0, 1)
    ax.set_xlabel("share of right answers, with 95 % interval; dashed: chance")
    return figure


def describe_scores(scores: Sequence[tuple[str, CallScore]]) -> str:
    """Say how many are right, how sure that is, and d′."""
    return (
        " ".join(f"{name}: {describe_score(one)}" for name, one in scores)
        + f" People before StyleGAN2 faces: {percent(PEOPLE, 1)}."
    )


def describe_score(one: CallScore) -> str:
    """Say what one counted series gives."""
    if not one.asked:
        return "0 faces answered."
    low, high = wilson(one.right, one.asked)
    return (
        f"{percent(one.right)} of {one.asked} right (95 % interval {percent(low)} to "
        f"{percent(high)}), d′ {signed(one.d_prime, 2)}."
    )
