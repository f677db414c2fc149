"""The laboratory: a contest over points whose density is known, and everything measured of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import torch
from torch import Tensor

from aml4d_utils.topics.gan_2d import densities
from aml4d_utils.topics.gan_2d.densities import Bells
from aml4d_utils.topics.gan_2d.point_players import even_latents, fresh_players
from aml4d_utils.topics.gan_2d.rivalry import Rivalry, Rules, compete

EXAMPLES = 10_000
"""Real points that the discriminator may see."""

SHOWN = 180
"""Points of each sort that a picture shows."""

ARROWS = 24
CLOUD = 80
"""Latent vectors along a side from which the generator's density is estimated."""

MESH = 17
"""Lines of the generator's grid in each direction."""

FAIR = Rules(generator_rate=1e-3, discriminator_rate=2e-3, batch_size=128, dropping=False)
"""One turn each."""

UNFAIR = replace(FAIR, generator_turns=5, discriminator_rate=1e-3)
"""The generator moves five times while the discriminator looks once."""

CURED = replace(FAIR, generator_turns=5, discriminator_turns=5, slope_cost=0.03)
"""As often as the generator, and a steep discriminator pays."""

GENTLE = replace(FAIR, slope_cost=0.1)
"""One turn each, and a steep discriminator pays."""

WHO = ("both", "discriminator only", "generator only")


@dataclass(frozen=True)
class PlaneShot:
    """The contest at one moment.

    Parameters
    ----------
    number : int
        Rounds so far.
    learner : str
        Who may learn, one of `WHO`.
    real, generated : ndarray (180, 2), float
        Some points of each sort.
    arrows : ndarray (24, 2, 2), float
        From some generated points, where the discriminator's slope sends them.
    answers : ndarray (66, 66), float in [0, 1]
        The discriminator's probability of "real" on the grid.
    best : ndarray (66, 66), float in [0, 1]
        That of the best discriminator there can be against this generator.
    p, q : ndarray (66, 66), float
        Densities of real and of generated points.
    mesh : ndarray (17, 17, 2), float
        Where the generator puts a regular grid of latent vectors.
    losses : ndarray (rounds, 2), float
        Discriminator's and generator's loss, round by round.
    broken : bool
        Whether a loss was no longer a number.
    fraction : float
        Share of the rounds that were asked for.
    plan : str
        By which rules it goes on, in words.
    """

    number: int
    learner: str
    real: np.ndarray
    generated: np.ndarray
    arrows: np.ndarray
    answers: np.ndarray
    best: np.ndarray
    p: np.ndarray
    q: np.ndarray
    mesh: np.ndarray
    losses: np.ndarray
    broken: bool = False
    fraction: float = 1.0
    plan: str = "fair turns"

    @property
    def divergence(self) -> float:
        """KL(p ‖ q) in nats."""
        return densities.divergence(self.p, self.q)

    @property
    def js(self) -> float:
        """Jensen-Shannon divergence in nats, 0 to ln 2."""
        return densities.js_divergence(self.p, self.q)

    @property
    def covered(self) -> float:
        """Share of the real points where the generator goes too."""
        return densities.covered(self.p, self.q)

    @property
    def off_best(self) -> float:
        """Mean distance of the discriminator's answers from the best ones, where points are."""
        weights = self.p + self.q
        return float((np.abs(self.answers - self.best) * weights).sum() / weights.sum())


class PlaneLab:
    """A contest over points, which can be played on and looked at.

    Parameters
    ----------
    bells : Bells
        What the generator should learn.
    seed : int
        Of weights, points and noise.
    """

    def __init__(self, bells: Bells, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.examples = torch.from_numpy(bells.draw(EXAMPLES, rng)).float()
        self.contest = Rivalry(*fresh_players(seed), seed, FAIR)
        self.latents = torch.randn(SHOWN, 2, generator=torch.Generator().manual_seed(seed))
        self.p = densities.density_on_grid(bells)
        self.losses: list[tuple[float, float]] = []

    def play(self, rules: Rules, who: str, rounds: int) -> Iterator[PlaneShot]:
        """Play rounds and yield a snapshot every few of them, and at the end.

        Parameters
        ----------
        rules : Rules
            Of these rounds.
        who : str
            One of `WHO`.
        rounds : int
        """
        rules = allowed(rules, who)
        self.contest.rules = rules
        every = max(1, 16 // max(rules.generator_turns, rules.discriminator_turns))
        for done, result in enumerate(compete(self.contest, self.examples, rounds), 1):
            if not result.broken:
                self.losses.append((result.discriminator_loss, result.generator_loss))
            if done % every == 0 or done == rounds or result.broken:
                yield replace(self.look(who), fraction=done / rounds, broken=result.broken)

    def look(self, who: str = WHO[0]) -> PlaneShot:
        """Measure the contest as it stands."""
        generator, discriminator = self.contest.generator, self.contest.discriminator
        with torch.no_grad():
            generated = generator(self.latents)
            cloud = generator(_even(CLOUD)).numpy()
            mesh = generator(_even(MESH)).numpy().reshape(MESH, MESH, 2)
            logits = discriminator(_places())
        q = densities.estimate_on_grid(cloud)
        return PlaneShot(
            self.contest.number,
            who,
            self.examples[:SHOWN].numpy(),
            generated.numpy(),
            pushed(discriminator, generated[:ARROWS]),
            torch.sigmoid(logits).numpy().reshape(q.shape),
            densities.best_discriminator(self.p, q),
            self.p,
            q,
            mesh,
            np.array(self.losses).reshape(-1, 2),
        )


def rules_for(provoked: bool, cured: bool) -> Rules:
    """Return the rules that two switches stand for."""
    if provoked:
        return CURED if cured else UNFAIR
    return GENTLE if cured else FAIR


def allowed(rules: Rules, who: str) -> Rules:
    """Take the other one's turns away.

    Raises
    ------
    ValueError
        If ``who`` is not in `WHO`.
    """
    if who not in WHO:
        raise ValueError(f"There is nobody called {who!r}; choose one of: {', '.join(WHO)}.")
    if who == WHO[1]:
        return replace(rules, generator_turns=0)
    return replace(rules, discriminator_turns=0) if who == WHO[2] else rules


def pushed(discriminator: torch.nn.Module, points: Tensor, longest: float = 0.5) -> np.ndarray:
    """Return where the generator's loss sends points: (N, 2, 2), start and end of an arrow.

    The direction is the slope of log D; the longest arrow has a fixed length, the others are in
    proportion.
    """
    start = points.detach().clone().requires_grad_(True)
    believed = -torch.nn.functional.softplus(-discriminator(start)).sum()
    (slope,) = torch.autograd.grad(believed, start)
    largest = slope.norm(dim=1).max().clamp(min=1e-9)
    return torch.stack([start.detach(), start.detach() + longest * slope / largest], 1).numpy()


@cache
def _even(side: int) -> Tensor:
    return torch.from_numpy(even_latents(side))


@cache
def _places() -> Tensor:
    return torch.from_numpy(densities.grid()).float()
