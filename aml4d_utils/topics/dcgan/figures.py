"""Pictures of garments and of the networks that paint and judge them, each with its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent
from aml4d_utils.notebook import picture_figure
from aml4d_utils.topics.dcgan.passing_through import Journey
from aml4d_utils.topics.dcgan.training_film import Film, Moment
from aml4d_utils.topics.gan_2d.rivalry import BALANCE, PlayedRound
from aml4d_utils.widgets.colours import magnitude_to_rgb, mosaic, signed_to_rgb

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def sheet(pictures: np.ndarray, columns: int = 10) -> np.ndarray:
    """Lay out garments (N, 28, 28) uint8 in rows."""
    return mosaic(np.repeat(pictures[..., None], 3, axis=3), columns, ground=90)


def maps_sheet(maps: np.ndarray, *, signed: bool) -> np.ndarray:
    """Lay out 16 feature maps (16, h, w) in a square, coloured alike."""
    limit = float(np.abs(maps).max()) or 1.0
    rows = [
        signed_to_rgb(one, limit)[0] if signed else magnitude_to_rgb(one, 0.0, limit)[0]
        for one in maps
    ]
    return mosaic(np.stack(rows), 4)


def draw_garments(pictures: np.ndarray, columns: int = 10) -> Figure:
    """Draw garments in rows."""
    return picture_figure(sheet(pictures, columns))


def describe_garments(pictures: np.ndarray) -> str:
    """Say how many garments there are and how much of each picture is light."""
    light = pictures.reshape(len(pictures), -1).mean(1) / 255
    return (
        f"{len(pictures)} pictures of 28 by 28 pixels, light on black; their mean grey value goes "
        f"from {percent(light.min())} to {percent(light.max())} of white."
    )


def describe_moment(moment: Moment) -> str:
    """Say after how many rounds these pictures were painted."""
    words = describe_garments(moment.pictures)
    return f"The same latent vectors after {moment.number} rounds. {words}"


def describe_round(result: PlayedRound) -> str:
    """Say what a round measured."""
    if result.broken:
        return (
            f"Round {result.number}: a loss was no longer a number. The last good weights are back."
        )
    return (
        f"round {result.number}: losses D {result.discriminator_loss:.2f} and G "
        f"{result.generator_loss:.2f}; D is right about {percent(result.real)} of real and "
        f"{percent(result.generated)} of generated"
    )


def describe_film(film: Film) -> str:
    """Say where both losses stand against the balance."""
    if not film.rounds:
        return f"Before the first round; the line at {BALANCE:.2f} nats is a tossed coin."
    discriminator, generator = film.losses[-20:].mean(0)
    return (
        f"{len(film.rounds)} rounds. Mean of the last ones: discriminator {discriminator:.2f} nats "
        f"({BALANCE:.2f} is a tossed coin), generator {generator:.2f}."
    )


def describe_journey(passage: Journey) -> str:
    """Say what came out and what the discriminator makes of it."""
    origin = "A real garment" if passage.latent is None else "64 numbers become a garment"
    shapes = " → ".join(" × ".join(map(str, shape)) for shape, _ in passage.rising)
    return (
        f"{origin}; {shapes or 'no layer of the generator'} → 1 × 28 × 28. The discriminator takes "
        f"it for real with {percent(passage.chance)}."
    )
