"""The brief of a design problem: what a model is for, and what it is not for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

LONGEST = 2_000
"""Letters of each part of a brief."""


@dataclass(frozen=True)
class DesignBrief:
    """What a designer writes down before the first photo is taken.

    Attributes
    ----------
    name : str
        Of the product.
    purpose : str
        What it does for whom.
    not_for : str
        What it must not be used for.
    mistake : str
        What happens when it is wrong.
    people : str
        Who can be recognised in the photos, and whether they agreed.
    owner : str
        Who answers for it.
    goal : float in (0, 1)
        The share of right answers that it needs.
    example : bool
        Whether it is the course's example and nobody's own work.
    """

    name: str
    purpose: str
    not_for: str
    mistake: str
    people: str
    owner: str
    goal: float = 0.8
    example: bool = False

    @property
    def problems(self) -> tuple[str, ...]:
        """A sentence for each part that is missing; none where the brief is complete.

        Examples
        --------
        >>> DesignBrief("Scale", " ", "People.", "A wrong price.", "Nobody.", "Me").problems
        ('The brief does not say what the model is for, and for whom.',)
        """
        found = [words for part, words in MISSING.items() if not getattr(self, part).strip()]
        if not 0 < self.goal < 1:
            found.append("The goal of the brief is a share between 0 and 1.")
        found += [
            f"A part of the brief has more than {LONGEST:,} letters: “{part}”. Make it shorter."
            for part in MISSING
            if len(getattr(self, part)) > LONGEST
        ]
        return tuple(found)

    def as_data(self) -> dict[str, Any]:
        """Return the brief as JSON takes it."""
        return asdict(self)


MISSING = {
    "name": "The brief does not say what the product is called.",
    "purpose": "The brief does not say what the model is for, and for whom.",
    "not_for": "The brief does not say what the model must not be used for.",
    "mistake": "The brief does not say what happens when the model is wrong.",
    "people": "The brief does not say whether people can be recognised in the photos.",
    "owner": "The brief does not say who answers for the model.",
}
"""What a brief cannot do without, and the sentence that says so."""


def brief_from(data: Any) -> DesignBrief:
    """Return a brief from what JSON gave.

    Raises
    ------
    ValueError
        With a sentence, if a part is missing or of another kind.

    Examples
    --------
    >>> brief_from(EXAMPLE.as_data()) == EXAMPLE
    True
    """
    names = {field.name for field in fields(DesignBrief)}
    if not isinstance(data, Mapping) or set(data) != names:
        raise ValueError("The brief of this bundle is damaged: it has other parts than expected.")
    goal, example = data["goal"], data["example"]
    if not all(isinstance(data[part], str) for part in MISSING):
        raise ValueError("The brief of this bundle is damaged: a part of it is no text.")
    if (
        isinstance(goal, bool)
        or not isinstance(goal, (int, float))
        or not isinstance(example, bool)
    ):
        raise ValueError("The brief of this bundle is damaged: its goal is no number.")
    return DesignBrief(**{**data, "goal": float(goal)})


EXAMPLE = DesignBrief(
    name="Market scale",
    purpose="A scale in a shop proposes the key to press: fruit, vegetables or flowers. The "
    "customer looks at the proposal and presses the key.",
    not_for="Deciding a price without a person who looks; recognising customers.",
    mistake="The customer has to look for the key. Who does not look pays a wrong price.",
    people="Nobody can be recognised: the photos show things only.",
    owner="The course; this card is an example.",
    example=True,
)
"""The brief of the example set."""
