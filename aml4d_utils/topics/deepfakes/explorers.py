"""The explorers of face swap and detector: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aml4d_utils.measuring.wording import percent
from aml4d_utils.topics.deepfakes import figures
from aml4d_utils.topics.deepfakes.fake_trials import MAKERS, Trial, try_detector
from aml4d_utils.topics.deepfakes.small_faces import WAYS
from aml4d_utils.topics.deepfakes.swap_film import PERSONS, SwapFilm, swap_film
from aml4d_utils.widgets import Axis, Bar, Explorer, Film, Picture, Plot, Series, choice, slider

__all__ = ["detector_explorer", "swap_explorer"]


@dataclass
class SwapState:
    """Who is filmed, and what the person does."""

    person: str = choice(PERSONS[0], PERSONS, label="Who is filmed")
    draw: int = slider(1, low=0, high=20, label="Draw of chance")
    pictures: int = slider(48, low=24, high=96, step=24, label="Pictures", advanced=True)


def swap_explorer() -> Explorer:
    """Film a person who is nobody, and put another face on: original, own decoder, swap."""
    film = Film("original · own decoder · swap", display_width=576, rate=12)

    def compute(state: SwapState) -> Iterator[SwapFilm]:
        yield from swap_film(PERSONS.index(state.person), state.draw, state.pictures)

    def draw(result: SwapFilm) -> None:
        beside = np.concatenate([result.original, result.own, result.swap], axis=2)
        film.show_frames(beside, figures.describe_swap(result))

    return Explorer(
        SwapState(),
        compute,
        draw,
        title="Face swap",
        purpose="One encoder reads the face, one of two decoders paints it. Press Play.",
        stage=[film],
        describe=figures.describe_swap,
        remember=True,
    )


@dataclass
class DetectorState:
    """Which fakes the detector sees, what happened to them, and when it calls them fake."""

    maker: str = choice(MAKERS[0], MAKERS, label="Fakes made by")
    way: str = choice("nothing", list(WAYS), label="What happened to all pictures")
    threshold: int = slider(50, low=1, high=99, label="Threshold", unit="%")


def detector_explorer() -> Explorer:
    """Move a detector's threshold, change the maker and what happened to the pictures."""
    for maker in MAKERS:  # Generating faces takes seconds: now, not when a control moves.
        try_detector(maker)
    curve = Plot("ROC curve (ring: your threshold)", display_width=305)
    counts = Plot("how suspicious they look", display_width=305)
    rates = Plot("at your threshold, with 95 % intervals", display_width=620)
    sheet = Picture("above: real; below: fake; framed: called fake", display_width=620)

    def compute(state: DetectorState) -> Trial:
        return try_detector(state.maker, state.way, state.threshold / 100)

    def draw(trial: Trial) -> None:
        words = figures.describe_trial(trial)
        found, accused = trial.found / len(trial.fake), trial.accused / len(trial.real)
        curve.curves(
            [
                Series([0, 1], [0, 1], kind="faint"),
                Series(trial.known.false_alarms, trial.known.found, "known"),
                Series(trial.roc.false_alarms, trial.roc.found, "here"),
            ],
            Axis("real faces accused", 0, 1, percent=True, ticks=(0, 0.5, 1)),
            Axis("fakes found", 0, 1, percent=True),
            words,
            marker=(accused, found),
        )
        counts.curves(
            [
                Series(*figures.spread(trial.real), "real"),
                Series(*figures.spread(trial.fake), "fake"),
            ],
            Axis("suspicion", 0, 1, percent=True, ticks=(0, 0.5, 1)),
            Axis("share of faces", 0, 1, percent=True),
            f"Shares of faces by suspicion; half of the real ones are below "
            f"{percent(float(np.median(trial.real)))}, half of the fakes below "
            f"{percent(float(np.median(trial.fake)))}.",
            marker=(trial.threshold, None),
        )
        rates.bars(
            [
                Bar("fakes found", found, interval=trial.found_interval, strong=True),
                Bar("real faces accused", accused, interval=trial.accused_interval),
            ],
            words,
            high=1,
            percent=True,
        )
        sheet.show(*figures.framed_faces(trial))

    return Explorer(
        DetectorState(),
        compute,
        draw,
        title="Fake or real?",
        purpose="40 real faces and 200 fakes that the detector has never seen.",
        stage=[curve.boxed(), counts.boxed(), rates, sheet],
        describe=figures.describe_trial,
    )
