"""Measurements, fingerprints, the sealed test and the rule of the gallery."""

import copy
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from topics.model_card.examples import bodies, study
from topics.own_classes.examples import collection

from aml4d_utils.topics.model_card.data_plan import plan_test, things_needed
from aml4d_utils.topics.model_card.fingerprints import array_bytes, model_fingerprint
from aml4d_utils.topics.model_card.hard_conditions import CONDITIONS, harden
from aml4d_utils.topics.model_card.hidden_parts import PATCH, hide_parts
from aml4d_utils.topics.model_card.model_study import (
    CHANGES,
    LEFT_FOR_PEERS,
    example_photos,
    measurements_of_test,
    photos_after,
    taught_anew,
)
from aml4d_utils.topics.model_card.opened_often import choose_by_sealed
from aml4d_utils.topics.model_card.peer_things import unseen_things
from aml4d_utils.topics.model_card.sealed_test import SealedTest, most_per_class, set_aside
from aml4d_utils.topics.model_card.stored_measurements import (
    Measurements,
    Origin,
    measurements_from,
    origin_now,
)
from aml4d_utils.topics.model_card.worst_failures import worst_places
from aml4d_utils.topics.own_classes.model_bundle import OwnClassifier
from aml4d_utils.topics.transfer.linear_heads import LinearHead

HERE = Origin("the sealed test", "2026-11-29", "a" * 64, "b" * 64, "c" * 64)
SEED = 16


# --- measurements ------------------------------------------------------------------------------


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_intervals_are_those_of_scipy(pair):
    count, total = pair
    measured = HERE.measured("right", count, total)
    theirs = binomtest(count, total).proportion_ci(method="wilson")
    assert measured.share == count / total
    assert measured.interval == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize(
    ("model", "pictures", "stale"),
    [("a", ["b"], False), ("x", ["b"], True), ("a", ["x"], True), ("a", ["x", "b"], False)],
)
def test_a_number_is_stale_when_model_or_pictures_change(model, pictures, stale):
    measured = HERE.measured("right", 1, 2)
    assert measured.is_stale(64 * model, [64 * sign for sign in pictures]) == stale


def test_what_was_only_counted_has_no_share():
    counted = HERE.measured("photos", 1200)
    assert counted.in_words == "1,200"
    with pytest.raises(ValueError, match="no share"):
        counted.share  # noqa: B018


def test_a_store_survives_json():
    store = Measurements([HERE.measured("right", 3, 4), HERE.measured("photos", 60)])
    again = measurements_from(json.loads(json.dumps(store.as_data())))
    assert dict(again) == dict(store)


GOOD = HERE.measured("right", 3, 4).as_data()
HOSTILE = {
    "no list": lambda d: {"right": d},
    "too many": lambda d: [d] * 1001,
    "a number": lambda d: [3],
    "a part too many": lambda d: [{**d, "more": 1}],
    "no name": lambda d: [{**d, "name": ""}],
    "a long name": lambda d: [{**d, "name": "x" * 201}],
    "more than all": lambda d: [{**d, "count": 5}],
    "below none": lambda d: [{**d, "count": -1}],
    "of none": lambda d: [{**d, "count": 0, "total": 0}],
    "half a thing": lambda d: [{**d, "count": 1.5}],
    "truth": lambda d: [{**d, "count": True}],
    "no origin": lambda d: [{**d, "origin": None}],
    "a list for an origin": lambda d: [{**d, "origin": ["a"]}],
    "a number for a split": lambda d: [{**d, "origin": {**d["origin"], "split": 4}}],
    "no date": lambda d: [{**d, "origin": {**d["origin"], "date": "yesterday"}}],
    "no fingerprint": lambda d: [{**d, "origin": {**d["origin"], "model": "<b>"}}],
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_damaged_store_is_refused_with_a_sentence(kind):
    with pytest.raises(ValueError, match=r"of this bundle .*\.$"):
        measurements_from(HOSTILE[kind](copy.deepcopy(GOOD)))


def test_an_origin_needs_a_date():
    with pytest.raises(ValueError, match="isoformat"):
        origin_now("test", "today", "a" * 64, "b" * 64)


# --- fingerprints ------------------------------------------------------------------------------


def model(weights, classes=("mug", "pen")):
    return OwnClassifier(bodies(), classes, LinearHead(weights, np.zeros(2)))


def test_every_number_and_every_name_counts():
    weights = np.arange(2560, dtype=float).reshape(1280, 2)
    first = model_fingerprint(model(weights))
    assert model_fingerprint(model(weights.copy())) == first
    moved = weights.copy()
    moved[700, 1] += 1
    assert model_fingerprint(model(moved)) != first
    assert model_fingerprint(model(weights, ("pen", "mug"))) != first


def test_a_shape_counts():
    assert array_bytes(np.zeros((2, 3))) != array_bytes(np.zeros((3, 2)))


# --- the sealed test ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def photos():
    return collection(bursts=5, frames=3, misfiled=("red 1",))


@given(seed=st.integers(0, 500))
def test_no_thing_is_on_both_sides(photos, seed):
    division = set_aside(photos, 2, np.random.default_rng(seed))
    learned = {photo.burst for photo in division.learned.photos}
    sealed = {name.rsplit(",", 1)[0] for name in division.sealed.names}
    assert not learned & sealed
    assert len(sealed) == len(division.sealed) == 4
    assert len(division.learned) == len(photos) - 3 * 4


def test_one_photo_of_each_thing_is_tested():
    division = set_aside(collection(bursts=4, frames=3), 1, np.random.default_rng(0))
    assert division.sealed.counts == (1, 1)
    for picture, name in zip(division.sealed.pictures, division.sealed.names, strict=True):
        (photo,) = [p for p in collection(bursts=4, frames=3).photos if p.name == name]
        assert (photo.picture == picture).all()


def test_photos_from_elsewhere_are_neither_learned_from_nor_sealed():
    photos = collection(bursts=4)
    away = replace(photos.photos[0], elsewhere=True)
    photos = replace(photos, photos=(away, *photos.photos[1:]))
    division = set_aside(photos, 2, np.random.default_rng(0))
    assert away.name not in division.sealed.names
    assert away in division.learned.photos


@pytest.mark.parametrize(("bursts", "per_class"), [(2, 1), (3, 2), (5, 4)])
def test_too_few_things_are_told(bursts, per_class):
    with pytest.raises(ValueError, match=f"red has {bursts} things .* Take photos of more things"):
        set_aside(collection(bursts=bursts), per_class, np.random.default_rng(0))


def test_nothing_to_test_is_told():
    with pytest.raises(ValueError, match="nothing is tested"):
        set_aside(collection(bursts=4), 0, np.random.default_rng(0))


@pytest.mark.parametrize(("bursts", "most"), [(1, 1), (3, 1), (4, 2), (5, 2), (30, 10)])
def test_at_most_half_is_set_aside(bursts, most):
    assert most_per_class(collection(bursts=bursts, frames=1)) == most


def test_the_seal_breaks_with_any_change():
    test = set_aside(collection(bursts=4), 2, np.random.default_rng(0)).sealed
    pictures = test.pictures.copy()
    pictures[1, 5, 5, 0] ^= 1
    labels = test.labels.copy()
    labels[0] = 1 - labels[0]
    changed = (
        replace(test, pictures=pictures),
        replace(test, labels=labels),
        replace(test, names=("other", *test.names[1:])),
        replace(test, classes=("mug", "pen")),
        SealedTest(test.classes, test.pictures[1:], test.labels[1:], test.names[1:]),
    )
    seals = {test.seal, *(one.seal for one in changed)}
    assert len(seals) == 1 + len(changed)
    assert replace(test, labels=test.labels.astype(np.int32)).seal == test.seal


# --- the rule of the gallery -------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 1)), min_size=1), st.integers(0, 12))
def test_the_worst_are_those_with_the_least_probable_truth(rows, count):
    first = np.array([tenths / 10 for tenths, _ in rows])
    labels = np.array([label for _, label in rows])
    chances = np.stack([first, 1 - first], 1)
    truth = [chances[k, label] for k, label in enumerate(labels)]
    obvious = sorted(range(len(rows)), key=lambda k: (truth[k], k))[:count]
    assert worst_places(chances, labels, count).tolist() == obvious


# --- hard conditions ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_first_value_leaves_the_picture_and_the_last_does_not(name):
    picture = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    first, *_, last = CONDITIONS[name].values
    assert (harden(picture, name, first) == picture).all()
    assert np.abs(harden(picture, name, last).astype(int) - picture).mean() > 20


def test_curves_hold_what_counting_gives():
    found = study()
    for name, curve in found.curves.items():
        for value, right in zip(curve.values, curve.right, strict=True):
            pictures = np.stack([harden(p, name, value) for p in found.test.pictures])
            answers = found.model.chances(pictures).argmax(1)
            assert right == (answers == found.test.labels).sum()
    assert len(found.curves) == len(CONDITIONS)


def test_answers_are_counted_by_class_and_mistake():
    test = replace(study().test, labels=np.array([0, 0, 1, 1]))
    chances = np.array([[0.95, 0.05], [0.05, 0.95], [0.6, 0.4], [0.3, 0.7]])
    found = {m.name: (m.count, m.total) for m in measurements_of_test(chances, test, HERE)}
    assert found == {
        "right": (2, 4),
        "right: red": (1, 2),
        "right: green": (1, 2),
        "sure and wrong": (1, 4),
        "confusion: red / green": (1, 2),
    }


# --- a study -----------------------------------------------------------------------------------


def test_every_measurement_belongs_to_the_model_that_was_measured():
    found = study()
    for one in found.measured.values():
        assert not one.is_stale(found.fingerprint, found.pictures)
    counted = found.measured["learned photos"].count, found.measured["learned things"].count
    assert counted == (12, 6)


def test_the_sealed_test_is_counted_again():
    found = study()
    answers = found.model.chances(found.test.pictures).argmax(1)
    assert found.measured["right"].count == (answers == found.test.labels).sum()


@pytest.mark.parametrize("change", CHANGES[1:])
def test_other_photos_make_another_model(change):
    assert model_fingerprint(taught_anew(study(), change)) != study().fingerprint


def test_without_a_change_the_model_is_the_same():
    assert model_fingerprint(taught_anew(study(), CHANGES[0])) == study().fingerprint
    with pytest.raises(ValueError, match="Expected one of"):
        photos_after(study(), "more photos")
    with pytest.raises(ValueError, match="and the photos"):
        photos_after(replace(study(), taught=None), CHANGES[1])


def test_hiding_a_part_is_what_it_says():
    found = study()
    last = list(hide_parts(found.model, found.test.pictures[0]))[-1]
    row, col = np.unravel_index(last.drops.argmax(), last.drops.shape)
    picture = found.test.pictures[0].copy()
    top, left = last.starts[row], last.starts[col]
    picture[top : top + PATCH, left : left + PATCH] = np.rint(picture.mean((0, 1)))
    chances = found.model.probabilities(picture)[last.answer]
    assert last.whole - chances == pytest.approx(last.drops[row, col], abs=1e-4)


# --- planning, and opening too often -----------------------------------------------------------


def test_an_example_of_things_in_3d_shows_each_from_two_sides_and_leaves_some_for_peers():
    photos = example_photos(("table", "lamp"))
    assert photos.counts == (20, 20)
    first, second = photos.photos[:2]
    assert first.burst == second.burst
    assert np.abs(first.picture.astype(int) - second.picture).mean() > 5
    seen = tuple({photo.burst for photo in photos.photos})
    left = unseen_things(photos.classes, seen)
    assert [thing.truth for thing in left] == ["table", "lamp"] * LEFT_FOR_PEERS
    assert len(unseen_things(photos.classes, ())) == 10
    with pytest.raises(ValueError, match="nothing here of the class mugs. There are: .*fruit"):
        example_photos(("table", "mugs"))


@pytest.mark.parametrize(("share", "goal"), [(0.9, 0.8), (1.0, 0.95), (0.81, 0.8), (0.6, 0.5)])
def test_the_number_needed_is_the_first_that_is_enough(share, goal):
    needed = things_needed(share, goal)
    if needed is None:
        assert (share, goal) == (0.81, 0.8)
        return

    def low(n):
        z2 = 1.959963984540054**2
        root = (z2 / 4 + n * share * (1 - share)) ** 0.5
        return (n * share + z2 / 2 - z2**0.5 * root) / (n + z2)

    assert low(needed) >= goal > low(needed - 1)


def test_counting_photos_as_things_narrows_the_interval():
    plan = plan_test(20, 0.8, 10, 0.7)
    assert plan.photos == 200
    assert plan.interval[0] < plan.careless[0] < plan.careless[1] < plan.interval[1]


def test_who_chooses_by_a_test_promises_too_much():
    right = np.random.default_rng(0).random((40, 200)) < 0.7
    sealed, fresh = choose_by_sealed(right, 100, 20, np.random.default_rng(1))
    assert sealed.mean() > 0.8
    assert abs(fresh.mean() - 0.7) < 0.05
    alone, rest = choose_by_sealed(right[:1], 100, 20, np.random.default_rng(1))
    assert abs(alone.mean() - rest.mean()) < 0.05
