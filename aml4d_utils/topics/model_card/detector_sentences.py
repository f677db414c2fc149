"""The sentences of a detector's card: the same nine sections, and what only a detector has."""

from __future__ import annotations

from functools import partial

from aml4d_utils.topics.model_card.card_sentences import (
    METHOD,
    WILSON,
    Sentence,
    Writer,
    listed,
    write_card,
)


class DetectorWriter(Writer):
    """Makes sentences about a detector that must find some words."""

    def about(self) -> list[Sentence]:
        return [
            Sentence(
                "A detector, NanoDet-g, as it is: nothing was learned here. It must find "
                f"{listed(self.study.test.classes)}.",
                METHOD,
            ),
            self.measured("A box counts from a score of {0} hundredths on.",
                          "threshold in hundredths"),
        ]  # fmt: skip

    def not_varied(self) -> str:
        return (
            "what the scenes do not show: they are composed, with two things at most that hide "
            "nothing of each other and throw no shadow"
        )

    def share(self) -> list[Sentence]:
        return [
            Sentence(
                "The share of things that get a box of their own word, half over them or more "
                f"(intersection over union), {WILSON}.",
                METHOD,
            ),
            Sentence(
                "A false alarm is a box of one of these words that finds nothing. It is a share of "
                "all boxes.",
                METHOD,
            ),
        ]

    def sealed(self) -> list[Sentence]:
        return [
            self.measured("Sealed before anything was measured. Found so far: {0}.", "found"),
            Sentence(
                "Composed by chance from photographs, cut out, and things in 3-D, each thing once. "
                "The same words and the same seed give anybody the same scenes.",
                METHOD,
            ),
        ]

    def training_data(self) -> list[Sentence]:
        return [
            self.measured("Photos that it learned from here: {0}.", "learned photos"),
            Sentence(
                "The network saw the photos of COCO before. None of them was chosen here, and how "
                "many of them show these words is not known here.",
                METHOD,
            ),
        ]

    def more_caveats(self) -> list[Sentence]:
        alarms = self.study.alarms
        worst = max(alarms, key=lambda name: alarms[name].count)
        return [
            self.measured("False alarms: {0} of all boxes.", "false alarms"),
            self.measured(
                f"Most false alarms come with {worst}: {{0}} of all boxes at its hardest.",
                alarms[worst].name,
            ),
        ]


write_detector_card = partial(write_card, kind=DetectorWriter)
