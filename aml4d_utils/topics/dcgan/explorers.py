"""The explorers of garments, and the view of their training: controls and wiring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, make_dataclass

import ipywidgets
import numpy as np
from torch import nn

from aml4d_utils.measuring.wording import percent
from aml4d_utils.topics.dcgan import figures
from aml4d_utils.topics.dcgan.between import slerp
from aml4d_utils.topics.dcgan.generated_garments import latents, real_garments
from aml4d_utils.topics.dcgan.passing_through import (
    Journey,
    through_both,
    through_discriminator,
)
from aml4d_utils.topics.dcgan.training_film import Film, Moment
from aml4d_utils.topics.gan_2d.rivalry import BALANCE, PlayedRound, Rivalry
from aml4d_utils.widgets import Axis, Bar, Explorer, Picture, Plot, Series, choice, slider

__all__ = ["film_explorer", "passage_explorer", "training_view"]


# --- training --------------------------------------------------------------------------------


class GanView:
    """Garments and losses that follow a training; pass :meth:`draw` to ``run``."""

    def __init__(self, contest: Rivalry, seed: int) -> None:
        self.film = Film(contest, seed)
        self.garments = Picture("the same 40 latent vectors, again and again", display_width=520)
        self.losses = Plot("losses (grey: 2 ln 2 and ln 2)", display_width=400)
        self.widget = ipywidgets.Box([self.garments, self.losses])
        self.widget.add_class("aml4d-training")
        self._show(self.film.moments[-1])

    def follow(self, rounds: Iterator[PlayedRound]) -> Iterator[PlayedRound]:
        """Pass rounds on and keep what they measured."""
        for result in rounds:
            self.film.note(result)
            yield result

    def draw(self, _result: PlayedRound) -> None:
        """Paint anew and show it beside the losses so far."""
        self._show(self.film.take())

    def _show(self, moment: Moment) -> None:
        self.garments.show(figures.sheet(moment.pictures), figures.describe_moment(moment))
        losses = self.film.losses
        end = max(2, len(losses))
        series = [Series([1, end], [level] * 2, kind="faint") for level in (BALANCE, BALANCE / 2)]
        if len(losses):
            at = np.arange(1, len(losses) + 1)
            series += [Series(at, losses[:, k].clip(0, 6), name) for k, name in enumerate("DG")]
        words = figures.describe_film(self.film)
        self.losses.curves(series, Axis("round", 1, end), Axis("nats", 0, 6), words, height=220)

    def _repr_mimebundle_(self, **options: object) -> object:
        return self.widget._repr_mimebundle_(**options)


def training_view(contest: Rivalry, seed: int = 0) -> GanView:
    """Return a view; ``await run(view.follow(compete(...)), draw=view.draw)`` fills it."""
    return GanView(contest, seed)


# --- the film --------------------------------------------------------------------------------


def film_explorer(film: Film) -> Explorer:
    """Go back and forth through the moments of a training."""
    last = len(film.moments) - 1
    state = make_dataclass(
        "FilmState", [("moment", int, slider(0, low=0, high=last, label="Moment"))]
    )
    garments = Picture("the same 40 latent vectors", display_width=600)

    def draw(moment: Moment) -> None:
        garments.show(figures.sheet(moment.pictures), figures.describe_moment(moment))

    return Explorer(
        state(),
        lambda state: film.moments[state.moment],
        draw,
        title="Film",
        purpose="What the generator painted while it learned. Each place keeps its numbers.",
        stage=[garments],
        describe=figures.describe_moment,
    )


# --- up and down -----------------------------------------------------------------------------

_GENERATED, _REAL = "generated", "real, never learned from"


@dataclass
class JourneyState:
    """Which garment passes through the networks."""

    number: int = slider(21, low=0, high=199, label="Number")
    share: int = slider(0, low=0, high=100, label="On the way to the next one", unit="%")
    origin: str = choice(_GENERATED, (_GENERATED, _REAL), label="Garment")


def passage_explorer(generator: nn.Module, discriminator: nn.Module) -> Explorer:
    """Follow 64 numbers up through the generator and the picture down to a judgement."""
    vectors = latents(201, 0)
    numbers = Picture("64 numbers", display_width=112)
    rising = [Picture("", display_width=150) for _ in range(2)]
    garment = Picture("1 × 28 × 28", display_width=150)
    falling = [Picture("", display_width=150) for _ in range(2)]
    answer = Plot("what the discriminator says", display_width=280)

    def compute(state: JourneyState) -> Journey:
        if state.origin == _REAL:
            return through_discriminator(discriminator, real_garments("test")[state.number])
        pair = vectors[state.number], vectors[state.number + 1]
        return through_both(generator, discriminator, slerp(*pair, state.share / 100))

    def draw(passage: Journey) -> None:
        words = figures.describe_journey(passage)
        if passage.latent is None:
            numbers.show(np.full((8, 8), 235, np.uint8), f"No numbers: nobody knows them. {words}")
        else:
            numbers.show_signed(passage.latent.reshape(8, 8), f"64 numbers. {words}", limit=3)
        blank = ((0, 0, 0), np.zeros((16, 7, 7))), ((0, 0, 0), np.zeros((16, 14, 14)))
        for picture, (shape, maps) in zip(rising, passage.rising or blank, strict=True):
            _show_maps(picture, shape, maps, words, signed=False)
        garment.show(passage.picture, f"The garment. {words}")
        for picture, (shape, maps) in zip(falling, passage.falling, strict=True):
            _show_maps(picture, shape, maps, words, signed=True)
        bars = [Bar("real", passage.chance), Bar("generated", 1 - passage.chance)]
        answer.bars(bars, words, high=1, percent=True, label_room=90)

    return Explorer(
        JourneyState(),
        compute,
        draw,
        title="Up and down again",
        purpose="Above, the generator: few numbers become a picture. Below, the discriminator: a "
        "picture becomes one number. Of each layer, the 16 maps that vary most.",
        stage=[numbers, *rising, garment, *falling, answer.boxed()],
        describe=figures.describe_journey,
    )


def _show_maps(
    picture: Picture, shape: tuple[int, ...], maps: np.ndarray, words: str, *, signed: bool
) -> None:
    picture.heading = f"{shape[0]} × {shape[1]} × {shape[2]}" if shape[0] else "not needed"
    lit = percent(float((maps > 0).mean()))
    picture.show(
        figures.maps_sheet(maps, signed=signed),
        f"16 maps, {maps.shape[1]} by {maps.shape[2]}; {lit} of their values are above 0. {words}",
    )
