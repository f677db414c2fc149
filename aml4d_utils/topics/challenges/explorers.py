"""The explorers of the challenges: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aml4d_utils import images
from aml4d_utils.topics.challenges import figures
from aml4d_utils.topics.challenges.bench import CHALLENGES, Bench, Curves, Shown, challenge
from aml4d_utils.topics.challenges.chair_wall import ChairWalls, Wall
from aml4d_utils.topics.challenges.limits import SIX, BarelySeen, barely_seen
from aml4d_utils.topics.challenges.subjects import (
    CUTOUTS,
    OWN,
    THINGS,
    Subject,
    of_photo,
    subject,
)
from aml4d_utils.topics.challenges.texture_shape import CUES, KINDS, Conflict, conflict
from aml4d_utils.topics.poses.asking import Answer
from aml4d_utils.widgets import Axis, Bar, Explorer, Picture, Plot, Series, choice, slider
from aml4d_utils.widgets.picture import box

__all__ = ["bench_explorer", "conflict_explorer", "limits_explorer", "wall_explorer"]


# --- one challenge at a time -----------------------------------------------------------------


@dataclass
class BenchState:
    """What is on the bench, and how hard it is to see."""

    challenge: str = choice("occlusion", list(CHALLENGES), label="Challenge")
    name: str = choice(THINGS[0], [*THINGS, *CUTOUTS, OWN], label="Thing, cut-out or photo")
    strength: int = slider(30, low=0, high=100, step=5, label="Strength", unit="%")
    seed: int = slider(0, low=0, high=9, label="Another draw of warp and clutter")


@dataclass(frozen=True)
class OnBench:
    """What is shown, what the networks say, and the curves so far."""

    subject: Subject
    challenge: str
    shown: Shown
    answers: dict[str, Answer]
    curves: Curves


def bench_explorer(bench: Bench, photo: np.ndarray | None = None) -> Explorer:
    """Make one thing harder and harder to see, and watch three networks.

    Parameters
    ----------
    bench : Bench
        Remembers what was asked; its curves fill while one looks.
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    own = of_photo(images.photo_or_own(photo))
    view = Picture("what the networks see", display_width=270)
    bars = Plot("a right word now gets (✓: first guess)", display_width=340)
    curves = Plot("a right word gets, over the whole range", display_width=620)

    def chosen(state: BenchState) -> Subject:
        return own if state.name == OWN else subject(state.name)

    def compute(state: BenchState) -> OnBench:
        here = chosen(state)
        shown = challenge(here, state.challenge, state.strength / 100, state.seed)
        known = bench.curves(here, state.challenge, state.seed)
        return OnBench(here, state.challenge, shown, bench.ask(here, shown), known)

    def draw(on: OnBench) -> None:
        words = figures.describe_challenge(on.subject.name, on.challenge, on.shown, on.answers)
        view.show(on.shown.picture, words)
        bars.bars(
            [
                Bar(figures.answer_label(net, a), a.probability, strong=a.right)
                for net, a in on.answers.items()
            ],
            figures.describe_answers(on.answers),
            high=1.0,
            percent=True,
            label_room=190,
        )
        draw_curves(on.curves, on)

    def draw_curves(known: Curves, on: OnBench) -> None:
        lines = []
        for net, values in known.probability.items():
            asked = np.isfinite(values)
            if asked.any():
                lines.append(Series(known.strengths[asked], values[asked], net))
        curves.curves(
            lines,
            Axis(f"strength of {on.challenge}", 0, 1, percent=True),
            Axis("", 0, 1, percent=True),
            figures.describe_curves(known, on.challenge),
            marker=(on.shown.strength, None),
            height=210,
        )

    return Explorer(
        BenchState(),
        compute,
        draw,
        title="Challenge bench",
        purpose="One challenge at a time, from nothing to everything.",
        origin="live",
        stage=[view, bars.boxed(), curves],
        describe=lambda on: figures.describe_challenge(
            on.subject.name, on.challenge, on.shown, on.answers
        ),
        later=lambda state: bench.sweep(chosen(state), state.challenge, state.seed),
        draw_later=draw_curves,
    )


# --- the wall of chairs ----------------------------------------------------------------------


@dataclass
class WallState:
    """From where the chairs are seen, and what counts as found."""

    yaw: int = slider(30, low=-180, high=180, step=15, label="Yaw", unit="°")
    pitch: int = slider(15, low=-90, high=90, step=15, label="Pitch", unit="°")
    threshold: float = slider(0.3, low=0.1, high=0.9, step=0.05, label="Found from a score of")


def wall_explorer(walls: ChairWalls) -> Explorer:
    """Look at every chair from any side: which does the detector call a chair?

    Parameters
    ----------
    walls : ChairWalls
        Remembers what was asked.
    """
    picture = Picture(
        "blue with a full corner: found; orange: missed (click one)",
        display_width=528,
        interactive=True,
        step=figures.CHAIR_STEP,
    )
    words = Plot("the chair that you chose", display_width=612)
    pointed = {"chair": 0}

    def compute(state: WallState) -> Iterator[OnWall]:
        for wall in walls.wall(float(state.yaw), float(state.pitch)):
            yield OnWall(wall, state.threshold, wall.fraction)

    def draw(on: OnWall) -> None:
        place = min(pointed["chair"], len(on.wall.chairs) - 1)
        chair = on.wall.chairs[place]
        picture.show(
            figures.wall_picture(on.wall, on.threshold),
            f"{figures.describe_wall(on.wall, on.threshold)} A box marks the {chair.thing.name}; "
            "click another chair, or use the arrow keys.",
            overlays=[box(*figures.chair_box(place), colour=4)],
        )
        words.bars(
            [
                Bar(f"{chair.thing.name}: right word", chair.answer.probability, on.threshold,
                    strong=chair.found(on.threshold)),
                Bar(f"surest: {chair.answer.guess}", chair.answer.sureness),
            ],
            f"{figures.describe_chair(chair, on.threshold)}. A line marks {on.threshold:.2f}.",
            high=1.0,
            percent=True,
            label_room=290,
            row_height=26,
        )  # fmt: skip

    explorer = Explorer(
        WallState(),
        compute,
        draw,
        title="Wall of chairs",
        purpose="One word, many things. NanoDet looks at every chair by itself.",
        origin="rendered",
        stage=[picture, words],
        describe=lambda on: (
            f"{figures.describe_wall(on.wall, on.threshold)} "
            f"{figures.describe_told_apart(on.wall, on.threshold)}"
        ),
    )

    def choose(row: int, column: int) -> None:
        place = figures.chair_at(explorer.result.wall, row, column)
        if place is not None:
            pointed["chair"] = place
            draw(explorer.result)

    picture.on_cursor(choose)
    return explorer


@dataclass(frozen=True)
class OnWall:
    """A wall, as far as it is asked, and what counts as found."""

    wall: Wall
    threshold: float
    fraction: float


# --- texture against shape -------------------------------------------------------------------


@dataclass
class ConflictState:
    """Whose outline, whose skin."""

    shape: str = choice("teddy bear", KINDS, label="Outline of")
    texture: str = choice("zebra", KINDS, label="Skin of")


def conflict_explorer() -> Explorer:
    """Dress the outline of one thing in the skin of another and ask what it is."""
    view = Picture("outline of one, skin of the other", display_width=290)
    bars = Plot("goes to the kind of outline and skin", display_width=320)

    def draw(each: Conflict) -> None:
        words = figures.describe_conflict(each)
        view.show(each.picture, words)
        bars.bars(
            [
                Bar(f"{net}: {what}", share, strong=cue == each.decisions[net])
                for net, shares in each.shares.items()
                for what, share, cue in zip(("outline", "skin"), shares, CUES, strict=True)
            ],
            words,
            high=1.0,
            percent=True,
            label_room=140,
        )

    return Explorer(
        ConflictState(),
        lambda state: conflict(state.shape, state.texture),
        draw,
        title="Texture against shape",
        purpose="Which of the two does a network go by?",
        stage=[view, bars.boxed()],
        describe=figures.describe_conflict,
    )


# --- equal difficulty ------------------------------------------------------------------------


@dataclass
class LimitsState:
    """How strong each challenge may be so that you just still see the thing."""

    viewpoint: int = slider(50, low=0, high=100, step=5, label="Viewpoint", unit="%")
    scale: int = slider(50, low=0, high=100, step=5, label="Scale", unit="%")
    deformation: int = slider(50, low=0, high=100, step=5, label="Deformation", unit="%")
    occlusion: int = slider(50, low=0, high=100, step=5, label="Occlusion", unit="%")
    illumination: int = slider(50, low=0, high=100, step=5, label="Illumination", unit="%")
    clutter: int = slider(50, low=0, high=100, step=5, label="Clutter", unit="%")


def limits_explorer(name: str = THINGS[0]) -> Explorer:
    """Set each challenge so that you can just still see the thing.

    Parameters
    ----------
    name : str
        Of a thing in 3-D.
    """
    here = subject(name)
    picture = Picture("viewpoint, scale, deformation; occlusion, illumination, clutter", 612)

    def compute(state: LimitsState) -> BarelySeen:
        return barely_seen(here, {each: getattr(state, each) / 100 for each in SIX})

    def draw(seen: BarelySeen) -> None:
        picture.show(figures.limits_picture(seen), figures.describe_limits(seen))

    return Explorer(
        LimitsState(),
        compute,
        draw,
        title="I can just still see it",
        purpose="Set each slider as far as you still know what it is. No network looks yet.",
        origin="rendered",
        stage=[picture],
        describe=figures.describe_limits,
    )
