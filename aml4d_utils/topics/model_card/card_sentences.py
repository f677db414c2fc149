"""The sentences of a model card, each made from the brief or from stored measurements.

The nine sections are those of Mitchell and colleagues [1]_. No number is written by hand: it comes
out of the store, with its origin, and is out of date as soon as the model or the pictures change.

References
----------
.. [1] M. Mitchell, S. Wu, A. Zaldivar, P. Barnes, L. Vasserman, B. Hutchinson, E. Spitzer,
   I. D. Raji and T. Gebru, "Model cards for model reporting", FAT* 2019.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aml4d_utils.measuring.wording import percent
from aml4d_utils.topics.model_card.fingerprints import short
from aml4d_utils.topics.model_card.model_study import Study, condition_key
from aml4d_utils.topics.model_card.peer_round import PeerFinding
from aml4d_utils.topics.model_card.stored_measurements import Measurement
from aml4d_utils.topics.model_card.worst_failures import FailureCase

SECTIONS = (
    "Model details",
    "Intended use",
    "Factors",
    "Metrics",
    "Evaluation data",
    "Training data",
    "Quantitative analyses",
    "Ethical considerations",
    "Caveats and recommendations",
)
"""Mitchell's nine, in the order of the paper."""

MEASURED, BRIEF, METHOD, MISSING, PEER = "measured", "brief", "method", "missing", "peer"
"""Where a sentence comes from."""

WILSON = "with Wilson's interval: ninety-five in a hundred such intervals hold the true share"


@dataclass(frozen=True)
class Sentence:
    """One sentence of a card.

    Attributes
    ----------
    text : str
    kind : str
        ``measured``, ``brief``, ``method``, ``missing`` or ``peer``.
    source : str
        For a measured one: n, split, date and fingerprints.
    stale : str
        Why it is out of date, in words; empty where it is not.
    """

    text: str
    kind: str
    source: str = ""
    stale: str = ""


@dataclass(frozen=True)
class CardSection:
    """A heading and its sentences."""

    title: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class ModelCard:
    """A card, ready to be shown.

    Attributes
    ----------
    name : str
        Of the product.
    example : bool
        Whether it is the course's example.
    model : str
        The fingerprint of the model as it is now.
    sections : tuple of CardSection
    gallery : tuple of FailureCase
    findings : tuple of PeerFinding
    """

    name: str
    example: bool
    model: str
    sections: tuple[CardSection, ...]
    gallery: tuple[FailureCase, ...]
    findings: tuple[PeerFinding, ...]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences in their order."""
        return tuple(s for section in self.sections for s in section.sentences)

    @property
    def stale(self) -> tuple[Sentence, ...]:
        """Those that are out of date."""
        return tuple(s for s in self.sentences if s.stale)

    @property
    def missing(self) -> tuple[Sentence, ...]:
        """What the brief has left out."""
        return tuple(s for s in self.sentences if s.kind == MISSING)

    def __getitem__(self, title: str) -> CardSection:
        return next(section for section in self.sections if section.title == title)


class Writer:
    """Makes sentences about one study, judged by the model as it is now.

    A kind of model has a writer of its own, which says what is said of no other kind.

    Parameters
    ----------
    study : Study or DetectorStudy
    model_now : str
        The fingerprint of the model as it is now.
    """

    def __init__(self, study: Any, model_now: str):
        self.study = study
        self.store = study.measured
        self.model_now = model_now
        self.pictures = tuple(study.pictures)

    def measured(self, text: str, *names: str) -> Sentence:
        """Return a sentence made from measurements; ``{0}``, ``{1}`` … stand for them in words."""
        used = [self.store[name] for name in names]
        stale = next(filter(None, map(self._why_stale, used)), "")
        words = text.format(*(one.in_words for one in used))
        return Sentence(words, MEASURED, _sources(used), stale)

    def _why_stale(self, one: Measurement) -> str:
        if not one.is_stale(self.model_now, self.pictures):
            return ""
        if one.origin.model != self.model_now:
            return (
                f"Measured on model {short(one.origin.model)}; this is model "
                f"{short(self.model_now)}. Measure it again."
            )
        return (
            f"Measured on pictures {short(one.origin.pictures)}, which are not there any more. "
            "Measure it again."
        )

    def said(self, part: str, lead: str) -> Sentence:
        """Return a sentence of the brief, or the one that says it is missing."""
        words = getattr(self.study.brief, part).strip()
        if not words:
            return Sentence(f"Missing: {lead.lower()}", MISSING)
        return Sentence(f"{lead}: {words}", BRIEF)

    # --- what only one kind of model has ----------------------------------------------------

    def about(self) -> list[Sentence]:
        """Say what the model is."""
        raise NotImplementedError

    def not_varied(self) -> str:
        """Say what was not tried."""
        raise NotImplementedError

    def share(self) -> list[Sentence]:
        """Say what is counted."""
        raise NotImplementedError

    def sealed(self) -> list[Sentence]:
        """Say how the test was sealed and made: the first and the last sentence about it."""
        raise NotImplementedError

    def training_data(self) -> list[Sentence]:
        """Say what it learned from."""
        raise NotImplementedError

    def more_caveats(self) -> list[Sentence]:
        """Say what else is known about its failures."""
        raise NotImplementedError

    # --- the nine sections ------------------------------------------------------------------

    def model_details(self) -> list[Sentence]:
        return [
            self.said("name", "Product"), self.said("owner", "Who answers for it"), *self.about()
        ]  # fmt: skip

    def intended_use(self) -> list[Sentence]:
        return [
            self.said("purpose", "What it is for"),
            self.said("not_for", "What it is not for"),
        ]

    def factors(self) -> list[Sentence]:
        varied = listed([f"{name} ({curve.axis})" for name, curve in self.study.curves.items()])
        return [
            Sentence(f"Groups: the classes {listed(self.study.test.classes)}.", METHOD),
            Sentence(f"Conditions that were varied, one at a time: {varied}.", METHOD),
            Sentence(
                "Not varied, so nothing is known: two conditions at once, other cameras, and "
                f"{self.not_varied()}.",
                METHOD,
            ),
        ]

    def metrics(self) -> list[Sentence]:
        return [
            *self.share(),
            Sentence(
                f"The brief asks for {percent(self.study.brief.goal)}. A share is promised only "
                "if the whole interval reaches it.",
                BRIEF,
            ),
        ]

    def evaluation_data(self) -> list[Sentence]:
        before, after = self.sealed()
        return [before, self.by_class(self.study.counted), after]

    def by_class(self, counted: str) -> Sentence:
        """Return a sentence with a measurement of each class."""
        names = self.study.test.classes
        return self.measured(
            "By class: " + "; ".join(f"{_safe(n)} {{{k}}}" for k, n in enumerate(names)) + ".",
            *(f"{counted}: {name}" for name in names),
        )

    def analyses(self) -> list[Sentence]:
        counted = self.study.counted
        found = [self.measured(f"{counted.capitalize()}: {{0}}.", counted)]
        for name, curve in self.study.curves.items():
            values = curve.values[1:]
            steps = "; ".join(f"at {value:g}: {{{k}}}" for k, value in enumerate(values))
            keys = (condition_key(name, value) for value in values)
            found.append(self.measured(f"{name.capitalize()} ({curve.axis}): {steps}.", *keys))
        found.append(Sentence(f"The gallery shows {self.study.rule}.", METHOD))
        return found

    def ethics(self) -> list[Sentence]:
        return [
            self.said("people", "People in the photos"),
            self.said("mistake", "When it is wrong"),
        ]

    def caveats(self) -> list[Sentence]:
        goal, counted = self.study.brief.goal, self.study.counted
        low, high = self.store[counted].interval
        if low >= goal:
            verdict = "the goal may be promised for photos like these"
        elif high < goal:
            verdict = "the goal is missed"
        else:
            verdict = "the goal can neither be promised nor ruled out: test with more things"
        found = [self.measured(f"On the sealed test {{0}}; {verdict}.", counted)]
        worst = max(self.study.curves.values(), key=lambda curve: curve.lost)
        hardest = condition_key(worst.name, worst.values[-1])
        found.append(
            self.measured(
                f"The condition that costs most is {worst.name}: {{0}} are left at its hardest.",
                hardest,
            )
        )
        shares = {name: self.store[f"{counted}: {name}"].share for name in self.study.test.classes}
        weakest = min(shares, key=shares.get)
        found.append(
            self.measured(f"The weakest class is {_safe(weakest)}: {{0}}.", f"{counted}: {weakest}")
        )
        return [*found, *self.more_caveats()]

    def of_peers(self, findings: Sequence[PeerFinding]) -> list[Sentence]:
        if not findings:
            return [Sentence("No peer has looked for a failure yet.", METHOD)]
        return [
            Sentence(
                finding.in_words,
                PEER,
                f"peer round, {finding.date}, model {short(finding.model)}",
                ""
                if finding.model == self.model_now
                else f"Found on model {short(finding.model)}; this is model "
                f"{short(self.model_now)}. Try it again.",
            )
            for finding in findings
        ]


class ClassifierWriter(Writer):
    """Makes sentences about a classifier of one's own."""

    def about(self) -> list[Sentence]:
        tuned = self.study.model.top is not None
        learned = "the head and the last block" if tuned else "the head only, on a frozen body"
        return [
            Sentence(
                f"A classifier with the classes {listed(self.study.model.classes)}. Body: "
                f"EfficientNet-Lite0, trained on ImageNet. What was learned here: {learned}.",
                METHOD,
            ),
            self.measured("Photos that it learned from: {0}.", "learned photos"),
        ]

    def not_varied(self) -> str:
        return "whatever the photos do not show"

    def share(self) -> list[Sentence]:
        return [
            Sentence(f"The share of things whose most probable class is the true one, {WILSON}.",
                     METHOD),
            Sentence(
                "One photo of each thing counts, so that photos of one thing are not taken for "
                "many things.",
                METHOD,
            ),
        ]  # fmt: skip

    def sealed(self) -> list[Sentence]:
        return [
            self.measured("Sealed before anything was learned. Right so far: {0}.", "right"),
            Sentence(
                "Drawn by chance, burst by burst. A peer gets the same pictures and can count "
                "again.",
                METHOD,
            ),
        ]

    def training_data(self) -> list[Sentence]:
        return [
            self.measured("{0} photos of {1} things.", "learned photos", "learned things"),
            self.by_class("learned"),
            Sentence(
                "The body saw over a million photos of ImageNet before; none of them was "
                "chosen here.",
                METHOD,
            ),
        ]

    def more_caveats(self) -> list[Sentence]:
        found = [self.measured("Sure, by its own probability, and wrong: {0}.", "sure and wrong")]
        for name in (name for name in self.store if name.startswith("confusion: ")):
            truth, _, answer = name.removeprefix("confusion: ").partition(" / ")
            found.append(
                self.measured(
                    f"The commonest mistake is {_safe(truth)} called {_safe(answer)}: {{0}}.", name
                )
            )
        if "another table" in self.store:
            found.append(self.measured("On another table: {0}.", "another table"))
        return found


def write_card(
    study: Study,
    *,
    worst: int = 4,
    model_now: str | None = None,
    findings: Sequence[PeerFinding] = (),
    kind: type[Writer] = ClassifierWriter,
) -> ModelCard:
    """Write the card of a study.

    Parameters
    ----------
    study : Study
    worst : int
        Photos in the gallery of failures.
    model_now : str, optional
        The fingerprint of the model as it is now; by default the one that was measured.
    findings : sequence of PeerFinding
        What peers found, appended to the last section.
    kind : type of Writer
        Who says what only one kind of model has.

    Raises
    ------
    ValueError
        With a sentence, if nothing was measured: a card cannot have an empty evaluation or be
        silent about its limits.
    """
    if study.counted not in study.measured:
        raise ValueError("A card without an evaluation is none: measure the sealed test first.")
    if not study.curves:
        raise ValueError("A card must name its limits: measure the hard conditions first.")
    now = study.fingerprint if model_now is None else model_now
    writer = kind(study, now)
    parts = (
        writer.model_details(), writer.intended_use(), writer.factors(), writer.metrics(),
        writer.evaluation_data(), writer.training_data(), writer.analyses(), writer.ethics(),
        [*writer.caveats(), *writer.of_peers(findings)],
    )  # fmt: skip
    sections = tuple(
        CardSection(title, tuple(part)) for title, part in zip(SECTIONS, parts, strict=True)
    )
    name = study.brief.name.strip() or "a product without a name"
    return ModelCard(
        name, study.brief.example, now, sections, study.gallery(worst), tuple(findings)
    )


def listed(words: Iterable[str]) -> str:
    """Return words one after the other.

    Examples
    --------
    >>> listed(("cup", "bottle"))
    'cup, bottle'
    """
    return ", ".join(words)


def _safe(words: str) -> str:
    """Return words that may stand in a text with places to fill."""
    return words.replace("{", "{{").replace("}", "}}")


def _sources(used: Sequence[Measurement]) -> str:
    return "; ".join(dict.fromkeys(one.source for one in used))
