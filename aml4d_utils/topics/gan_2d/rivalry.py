"""The contest: discriminator and generator learn in turns from each other's mistakes.

The losses are those of Goodfellow et al. [1]_. The discriminator minimises
``-log D(real) - log(1 - D(generated))``; the generator ``-log D(generated)``, the form whose
slope does not vanish when the discriminator is sure. Points and pictures play by the same rules.

References
----------
.. [1] I. Goodfellow et al., "Generative adversarial nets", NeurIPS 2014.
.. [2] M. Heusel et al., "GANs trained by a two time-scale update rule converge to a local Nash
   equilibrium", NeurIPS 2017.
.. [3] Y. Yazıcı et al., "The unusual effectiveness of averaging in GAN training", ICLR 2019.
.. [4] L. Mescheder, A. Geiger and S. Nowozin, "Which training methods for GANs do actually
   converge?", ICML 2018.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

BALANCE = 2 * math.log(2)
"""The discriminator's loss, 1.386 nats, when it can only toss a coin."""

MEMORY = 0.998
"""How slowly the averaged generator follows the one that learns."""


@dataclass(frozen=True)
class Rules:
    """How the two take turns.

    Parameters
    ----------
    generator_rate, discriminator_rate : float
        Steps of Adam. Twice as fast for the discriminator, after [2]_.
    generator_turns, discriminator_turns : int
        Steps of each in one round; with 0 it is asked but does not learn.
    batch_size : int
        Real examples, and as many generated ones, in a step.
    dropping : bool
        Whether the discriminator drops features while it learns.
    slope_cost : float
        What a steep discriminator costs it: half of this times the mean squared slope of its
        logit at the real examples, after [4]_.
    """

    generator_rate: float = 4e-4
    discriminator_rate: float = 8e-4
    generator_turns: int = 1
    discriminator_turns: int = 1
    batch_size: int = 64
    dropping: bool = True
    slope_cost: float = 0.0


@dataclass(frozen=True)
class PlayedRound:
    """What one round measured.

    Parameters
    ----------
    number : int
        Rounds so far.
    discriminator_loss : float
        Sum of its two halves, in nats; `BALANCE` when it cannot tell.
    generator_loss : float
        In nats; half of `BALANCE` then.
    real, generated : float
        Share of examples of each sort that the discriminator called rightly in this step.
    broken : bool
        Whether a loss was no longer a number. Then the last good weights are back, and the
        contest is over.
    """

    number: int
    discriminator_loss: float
    generator_loss: float
    real: float
    generated: float
    broken: bool = False


def discriminator_loss(real: Tensor, generated: Tensor) -> Tensor:
    """Return -mean log σ(real) - mean log(1 - σ(generated)) of logits, without overflow.

    Examples
    --------
    >>> unsure = torch.zeros(5)
    >>> round(float(discriminator_loss(unsure, unsure)), 3) == round(BALANCE, 3)
    True
    """
    return functional.softplus(-real).mean() + functional.softplus(generated).mean()


def generator_loss(generated: Tensor) -> Tensor:
    """Return -mean log σ(generated) of logits, without overflow.

    Examples
    --------
    >>> round(float(generator_loss(torch.zeros(5))), 3)
    0.693
    """
    return functional.softplus(-generated).mean()


class Rivalry:
    """Two networks with their optimisers, and an average of the generator over time [3]_.

    Parameters
    ----------
    generator : nn.Module
        Maps latent vectors (B, L) to examples; ``latent`` says how many numbers L are.
    discriminator : nn.Module
        Called with examples (B, ...) and a generator of chance or None (see `Rules.dropping`),
        returns logits (B,). Both are changed in place.
    seed : int
        Decides the noise, the order of the examples and what is dropped.
    rules : Rules
        May be replaced between rounds; the optimisers keep their memory.
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        seed: int,
        rules: Rules = Rules(),
    ) -> None:
        self.rules = rules
        self.random = torch.Generator().manual_seed(seed)
        self.generator = generator.train().requires_grad_(True)
        self.discriminator = discriminator.train().requires_grad_(True)
        self.average = copy.deepcopy(generator).eval().requires_grad_(False)
        self.number = 0
        betas = (0.5, 0.999)
        self._of_generator = torch.optim.Adam(generator.parameters(), betas=betas)
        self._of_discriminator = torch.optim.Adam(discriminator.parameters(), betas=betas)

    def noise(self, size: int) -> Tensor:
        """Return latent vectors (size, L), standard normal."""
        return torch.randn(size, self.generator.latent, generator=self.random)

    def play(self, examples: Tensor) -> PlayedRound:
        """Play one round on real examples (N, ...)."""
        rules = self.rules
        for turn in range(max(1, rules.discriminator_turns)):
            loss, real, generated = self._discriminate(examples, turn < rules.discriminator_turns)
        for turn in range(max(1, rules.generator_turns)):
            wish = self._generate(turn < rules.generator_turns)
        self.number += 1
        self._follow()
        return PlayedRound(self.number, loss, wish, real, generated)

    def state(self) -> dict:
        """Return a copy of everything that decides how the contest goes on."""
        return copy.deepcopy(
            {
                "generator": self.generator.state_dict(),
                "discriminator": self.discriminator.state_dict(),
                "average": self.average.state_dict(),
                "of_generator": self._of_generator.state_dict(),
                "of_discriminator": self._of_discriminator.state_dict(),
                "random": self.random.get_state(),
                "number": self.number,
            }
        )

    def go_back(self, state: dict) -> None:
        """Return to a state."""
        self.generator.load_state_dict(state["generator"])
        self.discriminator.load_state_dict(state["discriminator"])
        self.average.load_state_dict(state["average"])
        self._of_generator.load_state_dict(copy.deepcopy(state["of_generator"]))
        self._of_discriminator.load_state_dict(copy.deepcopy(state["of_discriminator"]))
        self.random.set_state(state["random"])
        self.number = state["number"]

    def _discriminate(self, examples: Tensor, learns: bool) -> tuple[float, float, float]:
        size = self.rules.batch_size
        with torch.no_grad():
            generated = self.generator(self.noise(size))
        chosen = torch.randint(len(examples), (size,), generator=self.random)
        both = torch.cat([examples[chosen], generated])
        steep = learns and self.rules.slope_cost > 0
        logits = self._judge(both.requires_grad_(steep))
        loss = discriminator_loss(logits[:size], logits[size:])
        cost = loss
        if steep:
            (slope,) = torch.autograd.grad(logits[:size].sum(), both, create_graph=True)
            squares = slope[:size].flatten(1).square().sum(1)
            cost = loss + self.rules.slope_cost / 2 * squares.mean()
        if learns:
            _step(self._of_discriminator, cost, self.rules.discriminator_rate)
        right = (logits[:size] > 0).float().mean(), (logits[size:] < 0).float().mean()
        return loss.item(), float(right[0]), float(right[1])

    def _generate(self, learns: bool) -> float:
        loss = generator_loss(self._judge(self.generator(self.noise(self.rules.batch_size))))
        if learns:
            _step(self._of_generator, loss, self.rules.generator_rate)
        return loss.item()

    def _judge(self, examples: Tensor) -> Tensor:
        return self.discriminator(examples, self.random if self.rules.dropping else None)

    def _follow(self) -> None:
        memory = min(MEMORY, self.number / (self.number + 10))
        pairs = zip(
            self.average.state_dict().values(), self.generator.state_dict().values(), strict=True
        )
        with torch.no_grad():
            for kept, new in pairs:
                if kept.is_floating_point():
                    kept.lerp_(new, 1 - memory)
                else:
                    kept.copy_(new)


def compete(
    contest: Rivalry, examples: Tensor, rounds: int, keep_every: int = 25
) -> Iterator[PlayedRound]:
    """Play rounds and yield what each measured; stop at a loss that is no number.

    Parameters
    ----------
    contest : Rivalry
        Changed in place.
    examples : Tensor (N, ...), float32
        The real ones.
    rounds : int
    keep_every : int
        Rounds between two copies of the state. The last of them comes back if a loss is no
        longer a number.

    Yields
    ------
    PlayedRound
    """
    good = contest.state()
    for _ in range(rounds):
        result = contest.play(examples)
        if not _is_sound(contest, result):
            contest.go_back(good)
            yield replace(result, broken=True)
            return
        if contest.number % keep_every == 0:
            good = contest.state()
        yield result


def _is_sound(contest: Rivalry, result: PlayedRound) -> bool:
    """Tell whether losses and weights are numbers: a good loss may leave broken weights behind."""
    if not math.isfinite(result.discriminator_loss + result.generator_loss):
        return False
    nets = (contest.generator, contest.discriminator)
    return all(bool(w.isfinite().all()) for net in nets for w in net.parameters())


def _step(optimiser: torch.optim.Optimizer, loss: Tensor, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate
    optimiser.zero_grad()
    # Only its own network's gradients: those of the rival would take time and go unused.
    loss.backward(inputs=[weight for group in optimiser.param_groups for weight in group["params"]])
    optimiser.step()
