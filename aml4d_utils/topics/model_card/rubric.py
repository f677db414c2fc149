"""What peers and teachers look for in a card: the part that can be read off, with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aml4d_utils.topics.model_card.card_bundle import counted_again
from aml4d_utils.topics.model_card.card_sentences import ModelCard
from aml4d_utils.topics.model_card.model_study import Study
from aml4d_utils.topics.model_card.peer_round import PeerFinding

ENOUGH_THINGS = 10
"""Things of each class in a test."""


@dataclass(frozen=True)
class Criterion:
    """One line of the rubric: what is asked, whether it is met, and by what one sees it."""

    asked: str
    met: bool
    evidence: str


FOR_PEOPLE = (
    "Would you know from the brief whom a mistake hurts?",
    "Are the hard conditions those that the product will meet?",
    "Would the owner's next step follow from the numbers?",
)
"""What only a person can judge, each from 0 to 2 points."""


def judge_card(
    study: Study, card: ModelCard, findings: Sequence[PeerFinding] = ()
) -> tuple[Criterion, ...]:
    """Return the part of the rubric that can be read off a card."""
    fewest = min(study.test.counts)
    then, now = counted_again(study)
    worst = max(study.curves.values(), key=lambda curve: curve.lost)
    return (
        Criterion(
            "The brief is complete and the project your own.",
            not card.missing and not study.brief.problems and not study.brief.example,
            "it is the example of the course"
            if study.brief.example
            else f"{len(study.brief.problems)} parts are missing",
        ),
        Criterion(
            f"At least {ENOUGH_THINGS} things of each class are tested.",
            fewest >= ENOUGH_THINGS,
            f"{fewest} in the smallest class",
        ),
        Criterion(
            "Counted again, the sealed test gives what the card says.",
            then == now,
            f"the card says {then}, counted again {now}",
        ),
        Criterion(
            "No sentence is out of date.",
            not card.stale,
            f"{len(card.stale)} sentences are",
        ),
        Criterion(
            "The limits are measured.",
            bool(study.curves),
            f"{len(study.curves)} conditions, worst {worst.name}: {100 * worst.lost:.0f} points",
        ),
        Criterion(
            "A peer has found a failure that the card did not know.",
            bool(findings),
            f"{len(findings)} found",
        ),
    )
