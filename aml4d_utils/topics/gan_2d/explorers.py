"""The explorer of a contest in the plane: controls and wiring, no mathematics."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import ipywidgets
import numpy as np

from aml4d_utils.topics.gan_2d import figures
from aml4d_utils.topics.gan_2d.densities import SHAPES, Bells
from aml4d_utils.topics.gan_2d.plane_lab import WHO, PlaneLab, PlaneShot, rules_for
from aml4d_utils.topics.gan_2d.rivalry import BALANCE
from aml4d_utils.widgets import Axis, Explorer, Picture, Plot, Series, choice, slider, toggle
from aml4d_utils.widgets.buttons import button_row
from aml4d_utils.widgets.colours import SIGNED, hex_ramp
from aml4d_utils.widgets.picture import line

__all__ = ["plane_explorer"]

OWN = "yours: click the plane"
_FIRST_OWN = ((-1.5, -1.0), (0.0, 1.5), (1.5, -1.0))
_OWN_WIDTH = 0.2
_MOST_OWN = 60
_PACES = ("fast", "slow motion")
_ROUNDS = {_PACES[0]: 600, _PACES[1]: 12}
"""Rounds that one play takes; in slow motion a round is a move of each."""
_MOVE = 10
"""Steps of one network before the other one answers in slow motion: a single one is not seen."""
_PLANS = {
    (False, False): "fair turns",
    (True, False): "five turns of the generator to one",
    (False, True): "fair turns and a steep discriminator pays",
    (True, True): "five turns each and a steep discriminator pays",
}
"""What provoking and curing stand for."""
_SLOW = 0.35
"""Seconds between two moves then."""


@dataclass
class PlaneState:
    """What is learned, who learns how fast, and what is done to the contest."""

    shape: str = choice("eight islands", (*SHAPES, OWN), label="Real points")
    who: str = choice(WHO[0], WHO, label="Who learns", later=True)
    playing: bool = toggle(False, label="Play")
    provoked: bool = toggle(False, label="Provoke a collapse", later=True)
    cured: bool = toggle(False, label="Cure", later=True)
    pace: str = choice(_PACES[0], _PACES, label="Pace", advanced=True, later=True)
    seed: int = slider(0, low=0, high=9, label="Start (random weights)", advanced=True)
    own: tuple[tuple[float, float], ...] = _FIRST_OWN


class _Laboratory:
    """The lab that is shown; a new one when points or start change."""

    def __init__(self) -> None:
        self.made_for: object = None
        self.steps = 0
        self.forget()

    def forget(self) -> None:
        self.made_for = None

    def lab(self, state: PlaneState) -> PlaneLab:
        wanted = (state.shape, state.seed, state.own if state.shape == OWN else None)
        if wanted != self.made_for:
            own = Bells(np.array(state.own), _OWN_WIDTH)
            self.current = PlaneLab(SHAPES.get(state.shape, own), state.seed)
            self.made_for = wanted
        return self.current


def plane_explorer() -> Explorer:
    """Two small networks compete over points in the plane; the best answers are known."""
    room = _Laboratory()
    said = Picture("the discriminator says", display_width=figures.SIDE, interactive=True, step=12)
    best = Picture("the best one would say", display_width=figures.SIDE)
    mesh = Picture("the generator's grid", display_width=figures.SIDE)
    losses = Plot("losses (grey: 2 ln 2 and ln 2)", display_width=306)
    far = Plot("how far apart real and generated are", display_width=306)
    once = ipywidgets.Button(description="One round")
    track: list[tuple[int, float, float]] = []

    def compute(state: PlaneState) -> Iterator[PlaneShot]:
        switch = "on" if state.playing else "off"
        plan = f"{_PLANS[state.provoked, state.cured]}, {state.pace}, play {switch}"
        for shot in played(state):
            yield replace(shot, plan=plan)

    def played(state: PlaneState) -> Iterator[PlaneShot]:
        lab = room.lab(state)
        yield lab.look(state.who)
        rules = rules_for(state.provoked, state.cured)
        rounds = room.steps or (_ROUNDS[state.pace] if state.playing else 0)
        room.steps = 0
        if state.pace == _PACES[0]:
            yield from lab.play(rules, state.who, rounds)
            return
        movers = WHO[1:] if state.who == WHO[0] else (state.who,)
        moves = rounds * len(movers)
        for done in range(moves):
            *_, shot = lab.play(rules, movers[done % len(movers)], _MOVE)
            yield replace(shot, fraction=(done + 1) / moves)
            time.sleep(_SLOW)

    def draw(shot: PlaneShot) -> None:
        said.show(
            figures.answers_picture(shot),
            figures.describe_answers(shot),
            overlays=[
                line(*figures.to_pixels(arrow), colour=1, arrow=True, width=1.5)
                for arrow in shot.arrows
            ],
            colour_bar={
                "colours": hex_ramp(SIGNED),
                "low": "generated",
                "high": "real",
                "signed": False,
            },
        )
        best.show(figures.best_picture(shot), figures.describe_best(shot))
        mesh.show(figures.mesh_picture(shot), figures.describe_mesh(shot))
        _draw_losses(losses, shot)
        _draw_track(far, shot, track)

    explorer = Explorer(
        PlaneState(),
        compute,
        draw,
        title="Two networks, one plane",
        purpose="Dots are real points, plus signs generated ones. Orange: taken for real; white: "
        "undecided.",
        stage=[said, best, mesh, losses.boxed(), far.boxed()],
        beside=[button_row(once)],
        describe=figures.describe_contest,
        forget=room.forget,
    )

    def one_round(_button: ipywidgets.Button) -> None:
        room.steps = 1
        explorer.refresh()

    def put(row: int, col: int) -> None:
        before = explorer.state.own if explorer.state.shape == OWN else ()
        place = figures.to_point(row, col)
        if place not in before:
            explorer.follow(shape=OWN, own=(*before, place)[-_MOST_OWN:])

    once.on_click(one_round)
    said.on_cursor(put)
    return explorer


def _draw_losses(plot: Plot, shot: PlaneShot) -> None:
    rounds = max(1, len(shot.losses))
    thin = np.unique(np.linspace(0, len(shot.losses) - 1, 120).astype(int)) if rounds > 1 else [0]
    kept = shot.losses[thin] if len(shot.losses) else np.full((1, 2), BALANCE) / (1, 2)
    at = np.asarray(thin) + 1
    series = [
        Series([1, rounds + 1], [BALANCE] * 2, kind="faint"),
        Series([1, rounds + 1], [BALANCE / 2] * 2, kind="faint"),
        Series(at, kept[:, 0].clip(0, 4), "D"),
        Series(at, kept[:, 1].clip(0, 4), "G"),
    ]
    words = figures.describe_contest(shot)
    plot.curves(series, Axis("round", 1, rounds + 1), Axis("nats", 0, 4), words, height=200)


def _draw_track(plot: Plot, shot: PlaneShot, track: list[tuple[int, float, float]]) -> None:
    if track and shot.number < track[-1][0]:
        track.clear()
    if track and shot.number == track[-1][0]:
        track.pop()  # perhaps of another start, or other points
    track.append((shot.number, shot.divergence, shot.js))
    number, kl, js = np.array(track[:: max(1, len(track) // 120)]).T
    plot.curves(
        [Series(number, kl.clip(0, 12), "KL"), Series(number, js, "JS")],
        Axis("round", 0, max(1, shot.number)),
        Axis("nats", 0, max(1.0, float(kl.clip(0, 12).max()))),
        f"KL now {shot.divergence:.2f}, Jensen-Shannon {shot.js:.2f} nats of at most 0.69.",
        height=200,
    )
