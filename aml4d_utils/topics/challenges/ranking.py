"""Which challenge costs most, measured on many things at a difficulty that people chose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.solids import Thing, things
from aml4d_utils.topics.challenges.bench import challenge
from aml4d_utils.topics.challenges.subjects import Subject, of_thing
from aml4d_utils.topics.poses.asking import ask

UNTOUCHED = "untouched"
VARIATION = "another of its kind"


@dataclass(frozen=True)
class Harm:
    """How many things a network still names rightly under one challenge.

    Parameters
    ----------
    name : str
        Of the challenge.
    right, count : int
        Named rightly, and asked.
    """

    name: str
    right: int
    count: int

    @property
    def share(self) -> float:
        """Named rightly, in [0, 1]."""
        return self.right / max(self.count, 1)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share."""
        return wilson(self.share, self.count) if self.count else (0.0, 1.0)


@dataclass(frozen=True)
class Ranking:
    """What each challenge costs one network.

    Parameters
    ----------
    harms : dict of str to tuple of Harm
        By network, worst first; among them `UNTOUCHED`, last.
    fraction : float in [0, 1]
    """

    harms: dict[str, tuple[Harm, ...]]
    fraction: float


def another_of_its_kind(shown: Thing) -> Thing | None:
    """Return another design that may be called the same, the next in the catalogue; or None.

    Examples
    --------
    >>> from aml4d_utils.solids import thing
    >>> another_of_its_kind(thing("motor scooter")).name
    'sports motorcycle'
    """
    every = things()
    start = every.index(shown)
    for other in (*every[start + 1 :], *every[:start]):
        same_words = set(other.imagenet) & set(shown.imagenet)
        if same_words and other.original != shown.original:
            return other
    return None


def rank(
    subjects: Sequence[Subject], limits: Mapping[str, float], nets: Sequence[str]
) -> Iterator[Ranking]:
    """Ask networks about things under each challenge, at the strengths that somebody chose.

    Beside them stand the untouched things, and another design of each thing's kind.

    Parameters
    ----------
    subjects : sequence of Subject
        Things in 3-D.
    limits : mapping of str to float in [0, 1]
        Strength by name of challenge.
    nets : sequence of str

    Yields
    ------
    Ranking
        After each thing.

    Raises
    ------
    ValueError
        If there is no thing.
    """
    if not subjects:
        raise ValueError("There is nothing to ask about.")
    names = (*limits, VARIATION, UNTOUCHED)
    counts = {(net, name): [0, 0] for net in nets for name in names}
    for number, subject in enumerate(subjects, start=1):
        for name in names:
            shown = _shown(subject, name, limits)
            if shown is None:
                continue
            asked, picture = shown
            for net in nets:
                tally = counts[net, name]
                tally[0] += ask(net, picture, asked.words[net]).right
                tally[1] += 1
        yield Ranking(
            {net: _worst_first([Harm(n, *counts[net, n]) for n in names]) for net in nets},
            number / len(subjects),
        )


def _shown(subject: Subject, name: str, limits: Mapping[str, float]):
    if name == VARIATION:
        other = None if subject.thing is None else another_of_its_kind(subject.thing)
        if other is None:
            return None
        subject = of_thing(other)
    strength = limits.get(name, 0.0)
    return subject, challenge(subject, name if name in limits else "viewpoint", strength).picture


def _worst_first(harms: list[Harm]) -> tuple[Harm, ...]:
    return tuple(sorted(harms, key=lambda harm: (harm.name == UNTOUCHED, harm.share)))
