"""A study: set a test aside, teach, measure, look inside, and keep every number with its origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from aml4d_utils.topics.detector.condition_sweep import Hardship
from aml4d_utils.topics.model_card.design_brief import DesignBrief
from aml4d_utils.topics.model_card.fingerprints import array_bytes, digest_of, model_fingerprint
from aml4d_utils.topics.model_card.hard_conditions import (
    CONDITIONS,
    AccuracyCurve,
    HardTest,
    hard_test,
)
from aml4d_utils.topics.model_card.hidden_parts import HiddenParts, hide_parts
from aml4d_utils.topics.model_card.sealed_test import SealedTest, most_per_class, set_aside
from aml4d_utils.topics.model_card.stored_measurements import (
    Measurement,
    Measurements,
    Origin,
    origin_now,
)
from aml4d_utils.topics.model_card.worst_failures import RULE, FailureCase, failure_gallery
from aml4d_utils.topics.own_classes.model_bundle import OwnClassifier, classifier
from aml4d_utils.topics.own_classes.photo_collection import (
    PhotoCollection,
    example_collection,
    things_of,
)
from aml4d_utils.topics.own_classes.teaching import BODY, Taught, teach
from aml4d_utils.topics.own_classes.teaching_session import Desk
from aml4d_utils.topics.transfer.linear_heads import LinearHead, fit_head
from aml4d_utils.topics.transfer.trained_bodies import Bodies

SURE = 0.9
"""From this probability on an answer counts as sure."""

EXAMPLE_CLASSES = ("fruit", "vegetables", "flowers")
EXAMPLE_THINGS = 20
"""Of each class in an example set at most."""

LEFT_FOR_PEERS = 2
"""Of each class that an example set leaves for peers at least."""


@dataclass(frozen=True)
class StudyStep:
    """How far a study has come, and what it is doing."""

    fraction: float
    words: str


@dataclass(frozen=True)
class Study:
    """A model and all that was measured about it.

    Attributes
    ----------
    brief : DesignBrief
    model : OwnClassifier
    test : SealedTest
    measured : Measurements
        Shares and counts by name: ``right``, ``right: CLASS``, ``CONDITION VALUE``, …
    chances : ndarray (N, K), float
        What the model says of the test.
    hidden : HiddenParts
        A look inside at the worst answer.
    learned_pictures : tuple of str
        Fingerprints of the other pictures that something was counted on.
    date : str
    taught : Taught or None
        How it was taught; None where the model came in a bundle.
    things : tuple of str
        What was photographed, learned from or sealed: nothing new for a peer.
    """

    brief: DesignBrief
    model: OwnClassifier
    test: SealedTest
    measured: Measurements
    chances: np.ndarray
    hidden: HiddenParts
    learned_pictures: tuple[str, ...]
    date: str
    taught: Taught | None = None
    things: tuple[str, ...] = ()
    fraction: float = 1.0
    counted: ClassVar[str] = "right"
    """The name of the share that the brief sets a goal for, and its word."""
    rule: ClassVar[str] = RULE
    """By which the gallery of failures is chosen."""

    @property
    def fingerprint(self) -> str:
        """The model's."""
        return model_fingerprint(self.model)

    @property
    def words(self) -> str:
        """What came out, in words."""
        return f"{self.measured['right'].in_words} right"

    @property
    def pictures(self) -> tuple[str, ...]:
        """The fingerprints of all pictures that something was measured on, as they are now."""
        return (self.test.seal, *self.learned_pictures)

    @property
    def curves(self) -> dict[str, AccuracyCurve]:
        """What each condition does, read from the stored measurements."""
        return curves_of(self.measured, CONDITIONS, self.counted)

    def gallery(self, count: int) -> tuple[FailureCase, ...]:
        """Return the worst answers of the test, by the rule."""
        return failure_gallery(self.test, self.chances, count)


def curves_of(
    measured: Measurements, conditions: Mapping[str, Hardship], counted: str
) -> dict[str, AccuracyCurve]:
    """Return a curve for each condition that was measured to its end.

    Parameters
    ----------
    measured : Measurements
    conditions : mapping of str to Hardship
    counted : str
        The name of the measurement that all curves begin with.
    """
    found = {}
    for name, condition in conditions.items():
        keys = [counted, *(condition_key(name, value) for value in condition.values[1:])]
        if all(key in measured for key in keys):
            right = tuple(measured[key].count for key in keys)
            total = measured[counted].total
            found[name] = AccuracyCurve(name, condition.axis, condition.values, right, total)
    return found


def condition_key(name: str, value: float) -> str:
    """Return the name of a measurement under a condition.

    Examples
    --------
    >>> condition_key("blur", 1.5), condition_key("tilt", 90)
    ('blur 1.5', 'tilt 90')
    """
    return f"{name} {value:g}"


def as_saved(model: OwnClassifier) -> OwnClassifier:
    """Return a model whose head has the precision of the file it is saved in."""
    weights, bias = (np.float32(part).astype(float) for part in (model.head.weights,
                                                                model.head.bias))  # fmt: skip
    return OwnClassifier(model.bodies, model.classes, LinearHead(weights, bias), model.top)


def measurements_of_test(
    chances: np.ndarray, test: SealedTest, origin: Origin
) -> list[Measurement]:
    """Count what a model's answers to a sealed test are worth.

    Parameters
    ----------
    chances : ndarray (N, K), float
    test : SealedTest
    origin : Origin

    Returns
    -------
    list of Measurement
        ``right``, ``right: CLASS`` for each class, ``sure and wrong``, and, if anything is wrong,
        the commonest ``confusion: TRUTH / ANSWER``.
    """
    answers = chances.argmax(1)
    right = answers == test.labels
    found = [origin.measured("right", right.sum(), len(right))]
    for label, name in enumerate(test.classes):
        mine = test.labels == label
        found.append(origin.measured(f"right: {name}", right[mine].sum(), mine.sum()))
    sure = chances.max(1) >= SURE
    found.append(origin.measured("sure and wrong", (sure & ~right).sum(), len(right)))
    if not right.all():
        table = np.zeros((len(test.classes),) * 2, int)
        np.add.at(table, (test.labels[~right], answers[~right]), 1)
        truth, answer = np.unravel_index(table.argmax(), table.shape)
        name = f"confusion: {test.classes[truth]} / {test.classes[answer]}"
        total = (test.labels == truth).sum()
        found.append(origin.measured(name, table[truth, answer], total))
    return found


def measurements_of_learning(
    collection: PhotoCollection, date: str, model: str
) -> tuple[list[Measurement], tuple[str, ...]]:
    """Count what a model learned from; return measurements and the pictures' fingerprints."""
    learned = [(photo, label) for photo, label in collection if not photo.elsewhere]
    pictures = _fingerprint([photo.picture for photo, _ in learned])
    origin = origin_now("photos to learn from", date, model, pictures)
    found = [
        origin.measured("learned photos", len(learned)),
        origin.measured("learned things", len({photo.burst for photo, _ in learned})),
    ]
    for name, count in zip(collection.classes, collection.counts, strict=True):
        found.append(origin.measured(f"learned: {name}", count))
    return found, (pictures,)


def _measurements_elsewhere(
    model: OwnClassifier, collection: PhotoCollection, date: str, fingerprint: str
) -> tuple[list[Measurement], tuple[str, ...]]:
    away = [(photo.picture, label) for photo, label in collection if photo.elsewhere]
    if not away:
        return [], ()
    pictures = np.stack([picture for picture, _ in away])
    right = model.chances(pictures).argmax(1) == [label for _, label in away]
    sign = _fingerprint(list(pictures))
    origin = origin_now("photos on another table", date, fingerprint, sign)
    return [origin.measured("another table", right.sum(), len(right))], (sign,)


def _fingerprint(pictures: list[np.ndarray]) -> str:
    return digest_of(*map(array_bytes, pictures))


def make_study(
    bodies: Bodies,
    collection: PhotoCollection,
    brief: DesignBrief,
    date: str,
    *,
    per_class: int | None = None,
    seed: int = 16,
) -> Iterator[StudyStep | Study]:
    """Set a test aside, teach what is left, and measure.

    Parameters
    ----------
    bodies : Bodies
    collection : PhotoCollection
    brief : DesignBrief
    date : str
        The day, as ``2026-11-29``: whoever measures says when.
    per_class : int, optional
        Things of each class for the test; by default ten, or half of what the smallest class has.
    seed : int
        Draws the test.

    Yields
    ------
    StudyStep
        While it works; the last record is a `Study`.

    Raises
    ------
    ValueError
        With a sentence, if a class has too few things.
    """
    count = most_per_class(collection) if per_class is None else per_class
    division = set_aside(collection, count, np.random.default_rng(seed))
    taught = None
    for record in teach(bodies, division.learned):
        if isinstance(record, Taught):
            taught = record
        yield StudyStep(0.25 * record.fraction, "teaching")
    model = as_saved(classifier(bodies, taught))
    for record in examine(model, division.sealed, brief, date, division.learned):
        if isinstance(record, Study):
            things = dict.fromkeys(photo.burst for photo in collection.photos)
            yield replace(record, taught=taught, things=tuple(things))
        else:
            yield StudyStep(0.25 + 0.75 * record.fraction, record.words)


def examine(
    model: OwnClassifier,
    test: SealedTest,
    brief: DesignBrief,
    date: str,
    learned: PhotoCollection,
) -> Iterator[StudyStep | Study]:
    """Measure a model on a sealed test, under hard conditions, and look inside.

    Parameters
    ----------
    model : OwnClassifier
    test : SealedTest
    brief : DesignBrief
    date : str
    learned : PhotoCollection
        What it learned from; its photos from elsewhere are measured too.

    Yields
    ------
    StudyStep
        While it measures; the last record is a `Study`.
    """
    sign = model_fingerprint(model)
    origin = origin_now("sealed test", date, sign, test.seal)
    hard = HardTest({}, 0.0)
    for hard in hard_test(model, test):
        yield StudyStep(0.9 * hard.fraction, "measuring under hard conditions")
    chances = model.chances(test.pictures)
    found = measurements_of_test(chances, test, origin)
    for name, curve in hard.curves.items():
        found += [
            origin.measured(condition_key(name, value), right, curve.total)
            for value, right in zip(curve.values[1:], curve.right[1:], strict=True)
        ]
    more, learned_from = measurements_of_learning(learned, date, sign)
    away, elsewhere = _measurements_elsewhere(model, learned, date, sign)
    hidden = None
    for hidden in look_inside(model, test, chances):
        yield StudyStep(0.9 + 0.1 * hidden.fraction, "looking inside")
    yield Study(
        brief, model, test, Measurements([*found, *more, *away]), chances, hidden,
        (*learned_from, *elsewhere), date,
    )  # fmt: skip


def look_inside(
    model: OwnClassifier, test: SealedTest, chances: np.ndarray
) -> Iterator[HiddenParts]:
    """Hide the parts of the photo that the model is worst at, one after the other."""
    worst = failure_gallery(test, chances, 1)[0]
    yield from hide_parts(model, worst.picture)


CHANGES = ("as it was measured", "one photo moved", "half of the photos")
"""What a model may have been taught anew with, after it was measured."""


def photos_after(study: Study, change: str) -> PhotoCollection:
    """Return the photos to learn from after a change.

    Parameters
    ----------
    study : Study
        With what it was taught from.
    change : str
        Of `CHANGES`.

    Raises
    ------
    ValueError
        If there is no such change, or the study came in a bundle without its photos.
    """
    if change not in CHANGES or study.taught is None:
        raise ValueError(f"Expected one of {', '.join(CHANGES)} and the photos, got {change!r}.")
    collection = study.taught.collection
    if change == CHANGES[0]:
        return collection
    if change == CHANGES[1]:
        return collection.moved(0, 1 - min(1, collection.labels[0]))
    seen = [0] * len(collection.classes)
    kept = []
    for place, label in enumerate(collection.labels):
        seen[label] += 1
        if seen[label] % 2:
            kept.append(place)
    return replace(
        collection,
        photos=tuple(collection.photos[k] for k in kept),
        labels=tuple(collection.labels[k] for k in kept),
    )


def taught_anew(study: Study, change: str) -> OwnClassifier:
    """Return the model as it is after a change of the photos that it learns from.

    Parameters
    ----------
    study : Study
    change : str
        Of `CHANGES`.

    Raises
    ------
    ValueError
        As `photos_after`.
    """
    collection = photos_after(study, change)
    bodies = study.model.bodies
    learned = collection.to_learn_from()
    pictures = np.stack([collection.photos[k].picture for k in learned])
    labels = np.array(collection.labels)[learned]
    head = fit_head(bodies.features(BODY, pictures), labels, len(collection.classes))
    return as_saved(OwnClassifier(bodies, collection.classes, head))


def fingerprint_after(study: Study, change: str) -> str:
    """Return the fingerprint of the model after a change, which is taught anew for it."""
    return model_fingerprint(taught_anew(study, change))


def measured_after(study: Study, change: str, date: str) -> Iterator[StudyStep | Study]:
    """Measure the model after a change: as `examine`, on the test that was sealed."""
    model, learned = taught_anew(study, change), photos_after(study, change)
    for record in examine(model, study.test, study.brief, date, learned):
        yield replace(record, things=study.things) if isinstance(record, Study) else record


def example_photos(classes: tuple[str, ...] = EXAMPLE_CLASSES) -> PhotoCollection:
    """Return an example set: up to twenty things of each class, two photos each.

    Parameters
    ----------
    classes : tuple of str
        Categories of cut-outs, or kinds of things in 3-D; of each a few are left for peers.

    Raises
    ------
    ValueError
        With a sentence, if a class is neither.

    Examples
    --------
    >>> example_photos().counts
    (40, 40, 40)
    """
    spare = min(len(things_of(name)) for name in classes) - LEFT_FOR_PEERS
    things = min(EXAMPLE_THINGS, max(spare, 1))
    return example_collection(things, misfiled=False, classes=classes)


def photos_on(desk: Desk) -> PhotoCollection:
    """Return the photos that lie on a desk of teaching.

    Raises
    ------
    ValueError
        With a sentence, if a class has no photo, so that nothing can be taught.
    """
    if desk.taught is None:
        raise ValueError(desk.note or "Wait until the photos have been looked at.")
    return desk.taught.collection
