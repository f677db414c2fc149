"""A study of a detector: look at sealed scenes, count what it finds, keep every number."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import ClassVar

import numpy as np

from aml4d_utils.assets import verified_path
from aml4d_utils.nets.detection import Detections, detect
from aml4d_utils.topics.detection_metrics.judging_boxes import Judged, judge
from aml4d_utils.topics.detector.condition_sweep import LEAST
from aml4d_utils.topics.model_card.design_brief import DesignBrief
from aml4d_utils.topics.model_card.fingerprints import digest_of
from aml4d_utils.topics.model_card.hard_conditions import AccuracyCurve
from aml4d_utils.topics.model_card.model_study import StudyStep, condition_key, curves_of
from aml4d_utils.topics.model_card.scene_cases import RULE_OF_SCENES, SceneCase, scene_gallery
from aml4d_utils.topics.model_card.scene_test import SCENE_CONDITIONS, SceneTest
from aml4d_utils.topics.model_card.stored_measurements import (
    Measurement,
    Measurements,
    Origin,
    origin_now,
)

THRESHOLD, LOWEST = 0.3, 0.05
"""The score from which on a box counts, and from which on it is remembered."""

WEIGHTS = "weights/nanodet_g.safetensors"

BOXES_EXAMPLE = DesignBrief(
    name="Canteen tray",
    purpose="A camera above the tray rail of a canteen draws a box around each cup, bottle, glass, "
    "fruit and vegetable, and proposes the bill. The guest looks at it and pays.",
    not_for="Charging anybody without a person who looks; recognising guests.",
    mistake="What is missed is not paid for. A false alarm is charged, until the guest objects.",
    people="Nobody can be recognised: the scenes show things only.",
    owner="The course; this card is an example.",
    example=True,
)
"""The brief of the example with boxes."""

EXAMPLE_WORDS = ("cup", "bottle", "wine glass", "apple", "orange", "banana", "carrot", "broccoli")


@dataclass(frozen=True)
class Looked:
    """What a detector drew in the scenes under one condition.

    Attributes
    ----------
    truth : tuple of Detections
        What is there.
    found : tuple of Detections
        Boxes of the words that must be found, from `LOWEST` on.
    """

    truth: tuple[Detections, ...]
    found: tuple[Detections, ...]

    def judged(self, threshold: float, word: str | None = None) -> Judged:
        """Hold the boxes of a score against what is there; of one word or of all."""
        if word is None:
            found, truth = self.found, self.truth
        else:
            found, truth = (
                [d[d.labels == word] for d in part] for part in (self.found, self.truth)
            )
        return judge([d[d.scores >= threshold] for d in found], truth, LEAST)


@dataclass(frozen=True)
class DetectorStudy:
    """A detector and all that was measured about it.

    Attributes
    ----------
    brief : DesignBrief
    test : SceneTest
    threshold : float
        From this score on a box counts: it belongs to the model.
    looks : mapping of str to Looked
        By the name of the condition; ``found`` is the test as it is.
    measured : Measurements
    date : str
    """

    brief: DesignBrief
    test: SceneTest
    threshold: float
    looks: Mapping[str, Looked]
    measured: Measurements
    date: str
    fraction: float = 1.0
    counted: ClassVar[str] = "found"
    """The name of the share that the brief sets a goal for, and its word."""
    rule: ClassVar[str] = RULE_OF_SCENES

    @property
    def fingerprint(self) -> str:
        """The detector's, with its threshold and the words that it must find."""
        return detector_fingerprint(self.test.classes, self.threshold)

    @property
    def words(self) -> str:
        """What came out, in words."""
        return f"{self.measured['found'].in_words} found"

    @property
    def pictures(self) -> tuple[str, ...]:
        """The fingerprint of the scenes as they are now."""
        return (self.test.seal,)

    @property
    def curves(self) -> dict[str, AccuracyCurve]:
        """What each condition does, read from the stored measurements."""
        return curves_of(self.measured, SCENE_CONDITIONS, self.counted)

    @property
    def alarms(self) -> dict[str, Measurement]:
        """False alarms as a share of all boxes, by condition, at its hardest."""
        return {
            name: self.measured[f"false alarms: {condition_key(name, condition.values[-1])}"]
            for name, condition in SCENE_CONDITIONS.items()
        }

    def gallery(self, count: int) -> tuple[SceneCase, ...]:
        """Return the worst scenes of the test, by the rule."""
        return scene_gallery(self.test.scenes, self.looks["found"].found, self.threshold, count)


@cache
def _digest_of_weights() -> bytes:
    return hashlib.sha256(verified_path(WEIGHTS).read_bytes()).digest()


def detector_fingerprint(words: tuple[str, ...], threshold: float) -> str:
    """Return the fingerprint of NanoDet with a threshold and the words that it must find.

    Examples
    --------
    >>> one, other = (detector_fingerprint(("cup",), threshold) for threshold in (0.3, 0.5))
    >>> one == other
    False
    """
    return digest_of(json.dumps([WEIGHTS, *words, threshold]).encode(), _digest_of_weights())


def study_detector(
    test: SceneTest,
    brief: DesignBrief,
    date: str,
    *,
    threshold: float = THRESHOLD,
) -> Iterator[StudyStep | DetectorStudy]:
    """Look at sealed scenes, as they are and under hard conditions, and count.

    Parameters
    ----------
    test : SceneTest
    brief : DesignBrief
    date : str
        The day, as ``2026-11-29``.
    threshold : float

    Yields
    ------
    StudyStep
        After each scene; the last record is a `DetectorStudy`.
    """
    tries = [
        (name, value)
        for name, condition in SCENE_CONDITIONS.items()
        for value in condition.values[1:]
    ]
    looks = {}
    for number, tried in enumerate([None, *tries]):
        key = condition_key(*tried) if tried else "found"
        scenes, found = test.under(*tried) if tried else test.scenes, []
        for place, scene in enumerate(scenes):
            boxes = detect(scene.image, LOWEST)
            found.append(boxes[np.isin(boxes.labels, test.classes)])
            done = (number + (place + 1) / len(scenes)) / (1 + len(tries))
            yield StudyStep(done, f"looking for {', '.join(test.classes)}")
        looks[key] = Looked(tuple(scene.truth for scene in scenes), tuple(found))
    yield _counted(DetectorStudy(brief, test, threshold, looks, Measurements(), date))


def _counted(study: DetectorStudy) -> DetectorStudy:
    """Return a study with all its measurements, counted from what was looked at."""
    here = origin_now("sealed scenes", study.date, study.fingerprint, study.test.seal)
    found = [
        here.measured("learned photos", 0),
        here.measured("threshold in hundredths", round(100 * study.threshold)),
    ]
    for key, look in study.looks.items():
        judged = look.judged(study.threshold)
        found.append(here.measured(key, judged.hits.sum(), judged.truths))
        alarms = "false alarms" if key == "found" else f"false alarms: {key}"
        found.append(_alarms(here, alarms, judged))
    for word in study.test.classes:
        judged = study.looks["found"].judged(study.threshold, word)
        found.append(here.measured(f"found: {word}", judged.hits.sum(), judged.truths))
    return replace(study, measured=Measurements(found))


def _alarms(here: Origin, name: str, judged: Judged) -> Measurement:
    """Return false alarms as a share of all boxes; only a count where there is no box."""
    return here.measured(name, (~judged.hits).sum(), len(judged) or None)


CHANGES = ("as it was measured", "threshold 0.15", "threshold 0.5")
"""What a detector's threshold may have been set to, after it was measured."""


def threshold_after(study: DetectorStudy, change: str) -> float:
    """Return the threshold after a change.

    Raises
    ------
    ValueError
        If there is no such change.
    """
    if change not in CHANGES:
        raise ValueError(f"Expected one of {', '.join(CHANGES)}, got {change!r}.")
    return study.threshold if change == CHANGES[0] else float(change.removeprefix("threshold "))


def fingerprint_after(study: DetectorStudy, change: str) -> str:
    """Return the fingerprint of the detector after a change."""
    return detector_fingerprint(study.test.classes, threshold_after(study, change))


def measured_after(study: DetectorStudy, change: str, date: str) -> Iterator[DetectorStudy]:
    """Count again with the threshold after a change; the boxes are remembered."""
    yield _counted(replace(study, threshold=threshold_after(study, change), date=date))
