"""The explorers of films that nobody filmed: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from aml4d_utils.topics.synthetic_video import figures
from aml4d_utils.topics.synthetic_video.clips import THINGS, Clip, flight, walk_through_faces
from aml4d_utils.widgets import Axis, Explorer, Film, Plot, Series, choice, slider

__all__ = ["flight_explorer", "walk_explorer"]


@dataclass
class WalkState:
    """Which faces are visited, and how slowly."""

    draw: int = slider(11, low=0, high=20, label="Draw of chance")
    stops: int = slider(4, low=2, high=8, label="Faces to visit")
    between: int = slider(12, low=4, high=24, step=4, label="Pictures from one to the next")


def walk_explorer() -> Explorer:
    """Walk through a generator's numbers: a film in which one face becomes another."""
    return _clip_explorer(
        WalkState(),
        lambda state: walk_through_faces(state.draw, state.stops, state.between),
        name="a walk through 100 numbers",
        title="A walk through faces",
        purpose="Everything is invented, from picture to picture anew. Press Play.",
    )


@dataclass
class FlightState:
    """Around which thing, and how high."""

    thing: str = choice(THINGS[0], THINGS, label="Thing")
    height: int = slider(20, low=-20, high=60, step=10, label="Height of the camera", unit="°")
    pictures: int = slider(24, low=12, high=72, step=12, label="Pictures in a round")


def flight_explorer() -> Explorer:
    """Fly a camera around a thing in 3-D: a film in which nothing is invented."""
    return _clip_explorer(
        FlightState(),
        lambda state: flight(state.thing, state.height, state.pictures),
        name="once around",
        title="A flight around a thing",
        purpose="Every picture is computed from the same triangles. Press Play.",
        origin="rendered",
    )


def _clip_explorer(
    state: Any, make: Callable[[Any], Iterator[Clip]], *, name: str, **words: str
) -> Explorer:
    """Return an explorer of films: the film, and how far each picture is from the first."""
    film = Film(name, display_width=320, rate=12)
    away = Plot("how far from the first picture", display_width=290)

    def compute(state: Any) -> Iterator[Clip]:
        yield from make(state)

    return Explorer(
        state,
        compute,
        lambda clip: _show(film, away, clip),
        stage=[film, away.boxed()],
        describe=figures.describe_clip,
        **words,
        remember=True,
    )


def _show(film: Film, away: Plot, clip: Clip) -> None:
    words = figures.describe_clip(clip)
    film.show_frames(clip.pictures, words)
    count = len(clip.pictures)
    away.curves(
        [Series(range(1, count + 1), clip.away)],
        Axis("picture", 1, max(2, count)),
        Axis("mean change of a colour", 0, max(0.4, clip.farthest)),
        words,
        height=250,
    )
