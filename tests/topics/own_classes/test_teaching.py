"""Teaching: honest numbers, corrections, undo, stopping, bundles that are read and refused."""

import json

import numpy as np
import pytest
import torch
from topics.own_classes.examples import RIGHT, collection, picture, taught

from aml4d_utils.topics.own_classes import figures, model_bundle, teaching
from aml4d_utils.topics.own_classes.background_trap import background_trap
from aml4d_utils.topics.own_classes.explorers import _TeachingDesk
from aml4d_utils.topics.own_classes.photo_collection import OwnPhoto, PhotoCollection
from aml4d_utils.topics.own_classes.teaching_session import TeachingSession
from aml4d_utils.topics.transfer.trained_bodies import Bodies


@pytest.fixture(scope="module")
def bodies():
    return Bodies()


@pytest.fixture(scope="module")
def frozen(bodies):
    return last(teaching.teach(bodies, collection()))


@pytest.fixture(scope="module")
def tuned(bodies):
    return last(teaching.teach(bodies, collection(), unfrozen=True))


def last(steps):
    *_, record = steps
    return record


def test_colours_are_learned_and_a_misfiled_burst_is_on_the_wrong_side(bodies, frozen):
    assert frozen.honest == 1 and not len(frozen.wrong)
    wrong = last(teaching.teach(bodies, collection(bursts=4, misfiled=("red 1",))))
    named = {wrong.collection.photos[k].burst for k in wrong.wrong}
    assert "red 1" in named
    assert wrong.honest < 1


def test_no_photo_is_judged_by_a_head_that_learned_from_its_burst(bodies, monkeypatch):
    made, seen = collection(bursts=3, frames=2), []
    features = bodies.features("Lite0", np.stack([p.picture for p in made.photos]))
    monkeypatch.setattr(teaching, "fit_head", lambda f, y, k: seen.append(f) or _fit(f, y, k))
    last(teaching.teach(bodies, made))
    bursts = np.array([photo.burst for photo in made.photos])
    learned = [{b for row in f for b in bursts[(features == row).all(1)]} for f in seen]
    assert len(learned[0]) == 6  # the head that is kept
    assert all(len(each) == 4 for each in learned[1:4])
    judged = [set(bursts) - each for each in learned[1:4]]
    assert set.union(*judged) == set(bursts)


def _fit(features, labels, classes):
    from aml4d_utils.topics.transfer.linear_heads import fit_head

    return fit_head(features, labels, classes)


def test_a_single_burst_leaves_no_honest_test(bodies):
    record = last(teaching.teach(bodies, collection(bursts=1)))
    assert record.honest is record.careless is None
    assert "single burst" in record.problem


def test_unequal_classes_are_said(bodies):
    made = collection(bursts=2)
    more = [OwnPhoto(picture(50 + k, 1), f"more {k}", f"more {k}") for k in range(12)]
    made, _ = made.added(more, 1)
    record = last(teaching.teach(bodies, made))
    assert "unequal: red has 4 photos, another one 16" in record.problem


def test_photos_from_elsewhere_are_never_learned_from(bodies, frozen):
    away = [OwnPhoto(picture(90 + k, 1 - k), f"away {k}", "away", True) for k in range(2)]
    made, _ = collection().added(away, 0)
    record = last(teaching.teach(bodies, made))
    assert np.allclose(record.head.weights, frozen.head.weights)
    assert record.elsewhere == 0.5
    assert record.honest == frozen.honest


def test_tuning_keeps_the_statistics_of_the_body(bodies, tuned):
    body = bodies.net("Lite0")
    own = dict(tuned.top.named_buffers())
    first = next(k for k in own if k.endswith("running_mean"))
    wanted = torch.nn.Sequential(body.blocks[-1], body.head).state_dict()
    assert all(torch.equal(v, wanted[k]) for k, v in own.items() if "running" in k)
    assert first in wanted
    moved = [not torch.equal(v, wanted[k]) for k, v in tuned.top.named_parameters()]
    assert all(moved)
    assert tuned.honest == 1


def test_maps_lie_between_0_and_1_and_the_head_sees_its_classes_apart(frozen):
    for places in (frozen.map_by_likeness(), frozen.map_by_scores()):
        assert places.shape == (12, 2)
        assert np.allclose([places.min(0), places.max(0)], [[0, 0], [1, 1]])
    across = frozen.map_by_scores()[:, 0]
    labels = np.array(frozen.collection.labels)
    assert abs(across[labels == 0].mean() - across[labels == 1].mean()) > 0.5


def test_the_strongest_weights_are_those_that_differ_most():
    record = taught(RIGHT)
    weights = record.strongest_weights(3)
    assert weights.shape == (2, 3)
    assert np.allclose(weights.sum(0), 0)


# --- a session -------------------------------------------------------------------------------


@pytest.fixture
def session(bodies):
    return TeachingSession(bodies, collection(misfiled=("red 1",)))


def test_a_correction_and_its_undo(session):
    wrong = last(session.teach(False, 0, 0)).taught
    place = int(wrong.wrong[0])
    session.move(place, 1 - wrong.collection.labels[place])
    assert last(session.teach(False, place, 0)).taught.honest >= wrong.honest
    session.delete(0)
    assert len(session.now) == 11
    session.undo()
    session.undo()
    assert session.now is wrong.collection
    assert last(session.teach(False, 0, 0)).taught is wrong  # not taught again
    session.undo()
    assert session.note == "There is nothing to take back."


def test_stopping_loses_nothing(session):
    steps = session.teach(True, 0, 0)
    first = next(steps)
    steps.close()
    assert first.taught is None and 0 < first.fraction <= 1
    assert len(session.now) == 12
    assert last(session.teach(True, 0, 0)).taught is not None


def test_a_burst_keeps_few_frames_a_second_and_one_name(session):
    frame = OwnPhoto(picture(500, 0), "burst 1", "burst 1")
    times = np.arange(0, 3, 0.05)
    for number, seconds in enumerate(times):
        session.record(OwnPhoto(picture(500 + number, 0), *2 * ("burst 1",)), seconds)
    before = len(session.now)
    session.end_burst(0)
    added = session.now.photos[before:]
    assert len(added) == 12
    assert {photo.burst for photo in added} == {frame.burst}
    assert len({photo.name for photo in added}) == 12
    session.end_burst(0)
    assert session.note.startswith("0 photos added")


def test_new_classes_begin_without_photos(session):
    session.begin(["mug", "pen", "lamp"])
    assert (session.now.classes, len(session.now)) == (("mug", "pen", "lamp"), 0)
    desk = last(session.teach(False, 0, 0))
    assert desk.taught is None
    assert "mug has no photo yet" in desk.note
    with pytest.raises(ValueError, match="nothing to save"):
        session.save("nowhere", desk)
    with pytest.raises(ValueError, match="not 1"):
        session.begin(["mug"])
    session.start_again()
    assert len(session.now) == 12


@pytest.fixture
def desk(bodies):
    made = _TeachingDesk(TeachingSession(bodies, collection(misfiled=("red 1",))))
    return made


def test_what_cannot_be_done_is_said_and_nothing_is_lost(desk):
    desk.names.value = "mug"
    desk._new_classes()
    assert "2 to 6 names of classes, not 1" in desk.explorer.sentence
    assert desk.explorer.result.taught is not None
    desk.names.value = "mug, pen"
    desk._new_classes()
    assert "mug has no photo yet" in desk.explorer.sentence
    desk._delete()
    desk._save()
    assert "nothing to save" in desk.explorer.sentence
    desk._undo()
    assert desk.explorer.result.taught is not None


def test_files_and_frames_reach_the_class_that_is_chosen(desk):
    desk.explorer.set(target="class 2")
    desk.files.receive([("a.txt", b"no photo")])
    assert "0 photos added to green. a.txt is skipped" in desk.explorer.sentence
    desk.record.value = True
    for seed in range(3):
        desk._frame(picture(700 + seed, 1))
    desk.record.value = False
    assert "1 photo added to green" in desk.explorer.sentence
    assert desk.explorer.result.taught.collection.counts[1] == 9
    answers = desk._frame(picture(800, 1))
    assert max(answers, key=answers.get) == "green"


def test_a_click_chooses_a_photo(desk):
    desk.gallery._listener(5, figures.TILES[0] + 5)
    place = desk.explorer.result.place
    assert figures.box_in_gallery(desk.explorer.result.taught, place)[0] == figures.TILES[0]
    spot = figures.centres(desk.explorer.result.taught.map_by_likeness())[3]
    desk.map._listener(*map(int, spot))
    assert desk.explorer.result.place == 3


def test_a_saved_network_is_loaded_and_put_away(desk, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    desk._save()
    files = [(p.name, p.read_bytes()) for p in (tmp_path / "own_classes").iterdir()]
    desk.names.value = "mug, pen"
    desk._new_classes()
    desk.bundle.receive(files)
    assert "Loaded: a network that knows red, green" in desk.explorer.sentence
    assert set(desk._frame(picture(801, 0))) == {"red", "green"}
    desk._undo()
    assert "put away" in desk.explorer.sentence
    assert desk._frame(picture(801, 0)) is None  # nothing is taught
    desk._undo()
    desk.bundle.receive(files)
    assert set(desk.explorer.result.loaded) == {"red", "green"}
    assert "the network that was loaded says red" in desk.live.alt
    desk._delete()
    assert desk.explorer.result.loaded is None
    assert "off" in desk.live.alt


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda files: files[:1], "is missing: choose both"),
        (lambda files: [(n, c[: len(c) // 2]) for n, c in files], "cut short"),
        (lambda files: [("model.pt", b"\x80\x04cos\nsystem\n.")], "labels.json is missing"),
        (
            lambda files: [(n, c.replace(b'"version": 1', b'"version": 9')) for n, c in files],
            "another version",
        ),
        (lambda files: [("labels.json", b"{" * 30_000), files[1]], "larger than"),
        (lambda files: [], "labels.json is missing"),
    ],
)
def test_a_network_that_is_none_is_refused_and_nothing_is_lost(
    desk, tmp_path, monkeypatch, spoil, words
):
    monkeypatch.chdir(tmp_path)
    desk._save()
    files = sorted((p.name, p.read_bytes()) for p in (tmp_path / "own_classes").iterdir())[::-1]
    before, taught = desk.session.now, desk.explorer.result.taught
    desk.bundle.receive(spoil(files))
    assert words in desk.explorer.sentence
    assert (desk.session.now, desk.session.loaded) == (before, None)
    assert desk.explorer.result.taught is taught


def test_the_camera_says_what_is_kept_and_stops_out_of_sight(desk, monkeypatch):
    sent = []
    monkeypatch.setattr(desk.camera, "send", lambda content: sent.append(content["kind"]))
    desk.explorer.set(shown="camera and files")
    assert (desk.looking.layout.display, desk.collecting.layout.display) == ("none", None)
    assert desk.camera.kept == "Only what you record is kept."
    desk.record.value = True
    assert desk.camera.kept == "Up to 20 of them are kept while you record."
    assert sent == []
    desk.explorer.set(shown="map: alike lies near")
    assert sent == ["stop"]
    desk.explorer.reset()
    assert not desk.record.value
    assert desk.camera.kept == "Only what you record is kept."


def test_one_thing_at_a_time_is_to_be_seen_and_the_weights_say_whose_they_are(desk):
    parts = {
        "map: alike lies near": desk.looking,
        "map: as the head sees it": desk.looking,
        "the head's weights": desk.weights,
        "camera and files": desk.collecting,
    }
    for shown, chosen in parts.items():
        desk.explorer.set(shown=shown)
        for part in (desk.looking, desk.weights, desk.collecting):
            assert part.layout.display == (None if part is chosen else "none")
        if chosen is desk.looking:
            assert desk.map.heading == f"feature {shown}"
    assert desk.weights.heading.endswith("red, green")


@pytest.mark.parametrize("count", [1, 56, 57, 100, 101, 300])
def test_every_photo_of_a_gallery_is_found_where_it_is_drawn(count):
    made = PhotoCollection(("a", "b"))
    photos = [OwnPhoto(picture(k, 0), f"{k}", f"{k}") for k in range(count)]
    made, _ = made.added(photos, 0)
    chances = np.tile([0.9, 0.1], (count, 1))
    record = teaching.Taught(made, None, None, chances, None, None, None, None, "")
    height, width, _ = figures.gallery(record).shape
    assert width == figures.GALLERY_WIDTH
    assert height <= 250
    for place in {0, count // 2, count - 1}:
        left, top, right, bottom = figures.box_in_gallery(record, place)
        assert bottom <= height and right <= width
        assert figures.in_gallery(record, (top + bottom) // 2, (left + right) // 2) == place
    assert figures.in_gallery(record, height - 1, width - 1) in (None, count - 1)


# --- bundles ---------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path, frozen):
    return model_bundle.save_bundle(tmp_path / "mine", frozen)


def test_what_is_saved_answers_as_before(tmp_path, bodies, frozen, tuned):
    for name, record in (("frozen", frozen), ("tuned", tuned)):
        folder = model_bundle.save_bundle(tmp_path / name, record)
        again = model_bundle.load_bundle(folder, bodies)
        now = model_bundle.classifier(bodies, record).probabilities(picture(77, 1))
        read = again.probabilities(picture(77, 1))
        assert list(read) == ["red", "green"]
        assert np.allclose(list(read.values()), list(now.values()), atol=1e-4)
        assert sum(read.values()) == pytest.approx(1)
        assert sorted(p.name for p in folder.iterdir()) == ["head.safetensors", "labels.json"]


def change(folder, **entries):
    file = folder / "labels.json"
    about = json.loads(file.read_text("utf-8")) | entries
    file.write_text(json.dumps(about), "utf-8")


def replace_numbers(folder, numbers):
    import hashlib

    from safetensors.numpy import save

    content = save(numbers) if isinstance(numbers, dict) else numbers
    (folder / "head.safetensors").write_bytes(content)
    change(folder, sha256=hashlib.sha256(content).hexdigest())


WEIGHTS = np.zeros((1280, 2), np.float32)
BIAS = np.zeros(2, np.float32)
HOSTILE = {
    "cut short": (lambda f: (f / "head.safetensors").write_bytes(b"123"), "cut short or altered"),
    "no numbers": (lambda f: (f / "head.safetensors").unlink(), "no head.safetensors"),
    "no labels": (lambda f: (f / "labels.json").unlink(), "no labels.json"),
    "half the labels": (lambda f: (f / "labels.json").write_text('{"format": "aml'), "damaged"),
    "not utf-8": (lambda f: (f / "labels.json").write_bytes(b"\xff\xfe{"), "damaged"),
    "deep": (lambda f: (f / "labels.json").write_text("[" * 15000), "damaged"),
    "huge labels": (lambda f: (f / "labels.json").write_text(" " * 30000), "larger than"),
    "a list": (lambda f: (f / "labels.json").write_text("[]"), "does not say"),
    "another version": (lambda f: change(f, version=2), "another version"),
    "a version of words": (lambda f: change(f, version=["x" * 999]), "another version"),
    "another body": (lambda f: change(f, body="SqueezeNet"), "another body"),
    "no classes": (lambda f: change(f, classes="mug"), "names no classes"),
    "numbers as classes": (lambda f: change(f, classes=[1, 2]), "names no classes"),
    "one class": (lambda f: change(f, classes=["mug"]), "not 1"),
    "three classes": (lambda f: change(f, classes=["a", "b", "c"]), r"expected float32, \(1280, 3"),
    "no checksum": (lambda f: change(f, sha256=None), "which numbers"),
    "a pickle": (lambda f: replace_numbers(f, b"\x80\x04cos\nsystem\n."), "no safetensors"),
    "NaN": (lambda f: replace_numbers(f, {"weights": WEIGHTS * np.nan, "bias": BIAS}), "NaN"),
    "float64": (
        lambda f: replace_numbers(f, {"weights": WEIGHTS.astype(float), "bias": BIAS}), "float64",
    ),
    "no bias": (lambda f: replace_numbers(f, {"weights": WEIGHTS}), "nothing for bias"),
    "something else": (
        lambda f: replace_numbers(f, {"weights": WEIGHTS, "bias": BIAS, "code": BIAS}), "unknown",
    ),
    "half a block": (
        lambda f: replace_numbers(f, {"weights": WEIGHTS, "bias": BIAS, "top.1.0.weight": BIAS}),
        "top.",
    ),
    "a strange block": (
        lambda f: replace_numbers(f, {"weights": WEIGHTS, "bias": BIAS, "top.x": BIAS}), "unknown",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_bundle_that_is_not_one_is_refused_with_a_sentence(saved, bodies, kind):
    spoil, words = HOSTILE[kind]
    spoil(saved)
    with pytest.raises(ValueError, match=words) as refused:
        model_bundle.load_bundle(saved, bodies)
    assert str(refused.value).endswith(".")


def test_a_large_file_is_not_read_whole(saved, bodies, monkeypatch):
    monkeypatch.setattr(model_bundle, "MOST_BYTES", 1000)
    with pytest.raises(ValueError, match="larger than"):
        model_bundle.load_bundle(saved, bodies)


# --- the background test ---------------------------------------------------------------------


def test_the_ground_is_learned_where_it_tells_the_classes_apart(bodies):
    steps = background_trap(bodies)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result = end.value
            break
    (usual, other), (mixed, mixed_other) = result.right.tolist()
    assert usual >= 0.85 * result.tested
    assert other <= 0.4 * result.tested
    assert mixed_other >= other + 0.3 * result.tested
    assert min(mixed, mixed_other) > 0.5 * result.tested


def test_an_empty_collection_is_refused(bodies):
    with pytest.raises(ValueError, match="has no photo"):
        last(teaching.teach(bodies, PhotoCollection(("a", "b"))))
