"""The explorers of generated faces: controls and wiring, no mathematics."""

from __future__ import annotations

from dataclasses import dataclass

import ipywidgets
import numpy as np
import torch
from torch import nn

from aml4d_utils.measuring.wording import percent, plain
from aml4d_utils.topics.dcgan.between import lerp, slerp
from aml4d_utils.topics.face_gan import figures
from aml4d_utils.topics.face_gan.face_latents import (
    TRAITS,
    Arithmetic,
    Directions,
    arithmetic,
    face_latents,
    faces_from,
    move,
)
from aml4d_utils.topics.face_gan.matched_faces import FaceSets
from aml4d_utils.topics.face_gan.real_or_not import (
    MATCHED,
    PEOPLE,
    RAW,
    TRIALS,
    CallScore,
    score,
    series,
)
from aml4d_utils.widgets import Bar, Explorer, Picture, Plot, choice, slider
from aml4d_utils.widgets.buttons import button_row

__all__ = ["arithmetic_explorer", "between_explorer", "face_explorer", "which_explorer"]

_NAMES = tuple(TRAITS)
_MOST_FACES = 99


# --- latent sliders --------------------------------------------------------------------------


@dataclass
class LatentFaceState:
    """Which face, and how far it is moved along each direction."""

    number: int = slider(8, low=0, high=_MOST_FACES, label="Face")
    first: float = slider(0, low=-6, high=6, step=0.5, label=_NAMES[0].capitalize())
    second: float = slider(0, low=-6, high=6, step=0.5, label=_NAMES[1].capitalize())
    third: float = slider(0, low=-6, high=6, step=0.5, label=_NAMES[2].capitalize())
    fourth: float = slider(0, low=-6, high=6, step=0.5, label=_NAMES[3].capitalize())


def face_explorer(generator: nn.Module, known: Directions) -> Explorer:
    """Move a face along measured directions of its 100 numbers.

    Parameters
    ----------
    generator : nn.Module
        Of faces, for example ``nets.load("dcgan_faces")``.
    known : Directions
        Found by :func:`~aml4d_utils.topics.face_gan.face_latents.find_directions`.
    """
    before = Picture("the face", display_width=200)
    after = Picture("moved", display_width=320)
    explained = Plot("how much of a trait its direction explains (R²)", display_width=560)

    def compute(state: LatentFaceState) -> tuple[np.ndarray, np.ndarray, float]:
        start = face_latents(_MOST_FACES + 1, 0)[state.number]
        by = dict(zip(_NAMES, (state.first, state.second, state.third, state.fourth), strict=True))
        end = move(start, known, by)
        return *faces_from(generator, torch.stack([start, end])), float(end.norm())

    def describe(result: tuple[np.ndarray, np.ndarray, float]) -> str:
        return figures.describe_moved(result[1], known, result[2])

    def draw(result: tuple[np.ndarray, np.ndarray, float]) -> None:
        before.show(result[0], f"The face before. {figures.describe_moved(result[0], known, 10)}")
        after.show(result[1], describe(result))

    explained.bars(
        [Bar(name, round(max(0.0, known.explained[name]), 2)) for name in _NAMES],
        "R² on faces that the regression has not seen: "
        + ", ".join(f"{name} {plain(known.explained[name], 2)}" for name in _NAMES),
        high=1,
        row_height=26,
    )
    return Explorer(
        LatentFaceState(),
        compute,
        draw,
        title="A face in 100 numbers",
        purpose="Each slider moves all 100 numbers at once, in one direction.",
        stage=[before, after, explained],
        describe=describe,
    )


# --- between two faces -----------------------------------------------------------------------

_WAYS = {"straight (lerp)": lerp, "along the sphere (slerp)": slerp}


@dataclass
class BetweenState:
    """From which face to which, how, and how far."""

    start: int = slider(8, low=0, high=_MOST_FACES, label="From face")
    end: int = slider(51, low=0, high=_MOST_FACES, label="To face")
    share: int = slider(50, low=0, high=100, label="Share of the way", unit="%")
    way: str = choice("straight (lerp)", tuple(_WAYS), label="Way")


def between_explorer(generator: nn.Module) -> Explorer:
    """Walk from one face to another, on the straight line or along the sphere."""
    walk = Picture("the whole way", display_width=626)
    here = Picture("where you are", display_width=300)
    lengths = Plot("length of the 100 numbers", display_width=300)

    def compute(state: BetweenState):
        pair = face_latents(_MOST_FACES + 1, 0)[[state.start, state.end]]
        go = _WAYS[state.way]
        now = go(*pair, state.share / 100)
        steps = [go(*pair, k / 6) for k in range(7)]
        made = faces_from(generator, torch.stack([*steps, now]))
        norms = [round(float(one.norm()), 1) for one in (pair[0], now, pair[1])]
        return made, norms, state

    def describe(result) -> str:
        made, norms, state = result
        return f"From face {state.start} to face {state.end}. " + figures.describe_between(
            made[-1], state.way, state.share / 100, norms[1]
        )

    def draw(result) -> None:
        made, norms, _ = result
        walk.show(figures.sheet(made[:-1], 7), f"Seven faces on the way. {describe(result)}")
        here.show(made[-1], describe(result))
        names = ("at the start", "here", "at the end")
        lengths.bars(
            [Bar(name, norm, strong=name == "here") for name, norm in zip(names, norms,
                                                                        strict=True)],
            describe(result),
            high=14,
            label_room=110,
            row_height=84,
        )  # fmt: skip

    return Explorer(
        BetweenState(),
        compute,
        draw,
        title="From face to face",
        purpose="Every picture on the way is a face of nobody too.",
        stage=[walk, here, lengths.boxed()],
        describe=describe,
    )


# --- arithmetic ------------------------------------------------------------------------------


@dataclass
class ArithmeticState:
    """What is added to which face, how often."""

    trait: str = choice(_NAMES[2], _NAMES, label="Trait")
    number: int = slider(0, low=0, high=_MOST_FACES, label="Face")
    strength: float = slider(1.0, low=-2.0, high=2.0, step=0.1, label="Times")


def arithmetic_explorer(generator: nn.Module, known: Directions) -> Explorer:
    """Add the difference of two groups of faces to a third face, beside a random step."""
    high = Picture("mean of these: most of the trait", display_width=306)
    low = Picture("minus the mean of these: least", display_width=306)
    three = [Picture(words, display_width=198) for words in ("+ this face", "=", "a random step")]

    def compute(state: ArithmeticState) -> Arithmetic:
        return arithmetic(generator, known, state.trait, state.number, state.strength)

    def draw(result: Arithmetic) -> None:
        words = figures.describe_arithmetic(result)
        high.show(figures.sheet(result.high, 4), f"Eight faces with most. {words}")
        low.show(figures.sheet(result.low, 4), f"Eight faces with least. {words}")
        faces = (result.before, result.after, result.control)
        for picture, face, name in zip(three, faces, ("before", "after", "random"), strict=True):
            picture.show(face, f"The face, {name}: brightness {percent(face.mean())}. {words}")

    return Explorer(
        ArithmeticState(),
        compute,
        draw,
        title="Arithmetic with faces",
        purpose="Means of 100 numbers are subtracted and added, nothing else.",
        stage=[high, low, *three],
        describe=figures.describe_arithmetic,
    )


# --- which face is real? ---------------------------------------------------------------------


_TOLD = ("at the end", "at once")


@dataclass
class WhichState:
    """Which faces are asked about, and whether each answer is told at once."""

    form: str = choice(MATCHED, (MATCHED, RAW), label="Faces")
    number: int = slider(0, low=0, high=19, label="Series")
    told: str = choice(_TOLD[0], _TOLD, label="Answers are told")
    said: tuple[bool, ...] = ()
    said_of: tuple[str, int] = (MATCHED, 0)


@dataclass(frozen=True)
class Asking:
    """A series as far as it is answered."""

    state: WhichState
    shown: np.ndarray
    truth: tuple[bool, ...]
    said: tuple[bool, ...]
    total: int

    @property
    def score(self) -> CallScore:
        """Of the answers so far."""
        return score(self.truth[: len(self.said)], self.said)

    @property
    def over(self) -> bool:
        """Whether all faces are answered."""
        return len(self.said) == self.total

    def words(self) -> str:
        """Say where the series stands, and the score where it may be told."""
        told = ""
        if self.said and self.state.told == _TOLD[1]:
            right = self.said[-1] == self.truth[len(self.said) - 1]
            kind = "real" if self.truth[len(self.said) - 1] else "generated"
            told = f" The last one was {kind}: {'right' if right else 'wrong'}."
        if self.over:
            told += f" {figures.describe_score(self.score)}"
        return (
            f"Series {self.state.number}, faces {self.state.form}, "
            f"told {self.state.told}: {len(self.said)} of "
            f"{self.total} answered.{told}"
        )


def which_explorer(sets: FaceSets, discriminator: CallScore) -> Explorer:
    """Answer for each face whether a person or nobody is on it.

    Parameters
    ----------
    sets : FaceSets
        Whole, as :func:`~aml4d_utils.topics.face_gan.matched_faces.face_sets` ends with.
    discriminator : CallScore
        Of a trained discriminator on the same faces.
    """
    face = Picture("real, or generated?", display_width=270)
    bars = Plot("right answers", display_width=340)
    real = ipywidgets.Button(description="Real")
    fake = ipywidgets.Button(description="Generated")
    again = ipywidgets.Button(description="Again")

    def compute(state: WhichState) -> Asking:
        asked = series(sets, state.form, state.number)
        said = state.said if state.said_of == (state.form, state.number) else ()
        shown = asked.pictures[min(len(said), TRIALS - 1)]
        return Asking(state, shown, asked.real, said, TRIALS)

    def draw(asking: Asking) -> None:
        face.heading = "all answered" if asking.over else "real, or generated?"
        face.show(
            asking.shown,
            f"A face, {asking.shown.shape[0]} pixels high, number {len(asking.said) + 1} of "
            f"{asking.total} at most. {asking.words()}",
        )
        rows = [
            Bar("discriminator", discriminator.right, interval=discriminator.interval),
            Bar("people (2022)", PEOPLE),
        ]
        told_now = asking.state.told == _TOLD[1]
        you = Bar("you, so far" if told_now else "you: at the end", 0.0)
        if asking.over or (told_now and asking.said):
            you = Bar(
                "you" if asking.over else "you, so far",
                asking.score.right,
                strong=True,
                interval=asking.score.interval,
            )
        words = asking.words()
        bars.bars([you, *rows], words, high=1, percent=True, label_room=130, row_height=90)

    explorer = Explorer(
        WhichState(),
        compute,
        draw,
        title="Which face is real?",
        purpose="Twenty faces, half of them photographs of people.",
        stage=[face, bars.boxed()],
        beside=[button_row(real, fake, again)],
        describe=Asking.words,
    )

    def answer(call: bool) -> None:
        said, state = explorer.result.said, explorer.state
        if len(said) < TRIALS:
            explorer.set(said=(*said, call), said_of=(state.form, state.number))

    real.on_click(lambda _button: answer(True))
    fake.on_click(lambda _button: answer(False))
    again.on_click(lambda _button: explorer.set(said=()))
    return explorer
