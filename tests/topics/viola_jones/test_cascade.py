"""The scan of a photo, and what a cascade that was trained here does."""

from xml.etree import ElementTree

import cv2
import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.viola_jones import cascade_training
from aml4d_utils.topics.viola_jones.cascade import Cascade, CascadeStage, Stump, scan, stump_of
from aml4d_utils.topics.viola_jones.cascade_training import judge_windows, train_cascade, varied
from aml4d_utils.topics.viola_jones.detecting import find_faces
from aml4d_utils.topics.viola_jones.haar import FLAT, HaarFeature, contrast, feature_values
from aml4d_utils.topics.viola_jones.opencv_cascade import cascade_file, opencv_cascade


def test_the_share_of_windows_only_falls(scanned):
    assert scanned.alive[0] == 1
    assert (np.diff(scanned.alive) <= 0).all()
    assert scanned.alive[-1] == scanned.found.mean() > 0
    assert len(scanned.alive) == 26


def test_the_cost_is_that_of_the_stages_that_each_window_saw(scanned):
    sizes = scanned.cascade.features
    seen = np.minimum(scanned.passed + 1, 25)
    by_window = np.concatenate([[0], sizes.cumsum()])[seen]
    assert scanned.features_per_window == pytest.approx(by_window.mean())
    assert 9 <= scanned.features_per_window < 100


def test_finds_have_a_margin_of_at_least_nothing(scanned):
    assert (scanned.margins[scanned.found] >= 0).all()
    assert (scanned.margins[~scanned.found] < 0).all()


def test_windows_lie_inside_the_photo(scanned, astronaut):
    height, width = astronaut.shape[:2]
    assert scanned.boxes[:, :2].min() == 0
    # Sizes are rounded to whole pixels, as in OpenCV.
    assert scanned.boxes[:, 2].max() < width + 2
    assert scanned.boxes[:, 3].max() < height + 2


def test_the_map_shows_the_best_window_around(scanned, astronaut):
    stages = scanned.map_of_stages(cell=8)
    assert stages.shape == (32, 32)
    assert stages.max() == scanned.passed.max() == 25
    assert (stages[0] == -1).all()
    row, col = np.unravel_index(stages.argmax(), stages.shape)
    assert 6 <= row <= 9
    assert 12 <= col <= 16
    assert scanned.map_of_stages(cell=8).sum() < scanned.map_of_stages(cell=4).size * 25


def test_a_stump_of_a_feature_measures_it_as_haar_does():
    rng = np.random.default_rng(3)
    windows = (rng.random((50, 25, 25)) * 255).astype(np.uint8) / 255
    feature = HaarFeature("three rows", 4, 5, 3, 9)
    values = feature_values([feature], windows)[0]
    for threshold in (values.min() + 0.01, float(np.median(values)) + 1e-4, values.max() - 0.01):
        stump = stump_of(feature, 25, float(threshold), below=-1.0, above=1.0)
        cascade = Cascade("one question", 25, (CascadeStage((stump,), 0.0),))
        np.testing.assert_array_equal(judge_windows(cascade, windows), values >= threshold)


def test_flat_windows_are_rejected_before_the_first_stage():
    windows = np.full((2, 25, 25), 0.5)
    windows[1, ::2] += 0.2
    assert contrast(windows)[0] == FLAT
    always = Cascade("always", 25, (CascadeStage((Stump((), 0.0, 1.0, 1.0),), 0.0),))
    assert judge_windows(always, windows).tolist() == [False, True]
    nothing = Cascade("no stage", 25, ())
    assert judge_windows(nothing, windows).tolist() == [False, True]


def test_sizes_outside_the_limits_are_left_out(astronaut):
    sides = scan(astronaut, opencv_cascade(), smallest=40, largest=90, factor=1.3).sides
    assert 40 <= sides.min() <= sides.max() <= 90


@pytest.mark.parametrize("factor", [1.0, 0.5, float("nan")])
def test_sizes_must_grow(factor):
    with pytest.raises(ValueError, match="factor is above 1"):
        scan(np.zeros((30, 30)), opencv_cascade(), factor=factor)


def test_other_cascades_are_refused_with_the_reason():
    with pytest.raises(ValueError, match="upright Haar features"):
        opencv_cascade("haarcascade_smile")
    with pytest.raises(ValueError, match="several questions in a row"):
        opencv_cascade("haarcascade_frontalface_alt2")
    with pytest.raises(ValueError, match="it has haarcascade_eye"):
        cascade_file("haarcascade_nose")


# --- training --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trained():
    rng = np.random.default_rng(0)
    faces = varied(images.faces().train_faces, 2, rng)
    photos = [images.fit(images.photo(name), 200) for name in ("coffee", "china", "rocket")]
    return list(
        train_cascade(faces, photos, rng=rng, stages=3, negatives=200, features=400, most=12)
    )


def test_each_stage_lets_fewer_false_alarms_pass_and_keeps_the_faces(trained):
    assert [len(step.cascade.stages) for step in trained] == [1, 2, 3]
    alarms = [step.alarms_kept for step in trained]
    assert alarms == sorted(alarms, reverse=True)
    assert alarms[-1] < 0.1
    assert trained[-1].faces_kept > 0.95
    assert trained[-1].fraction == 1


def test_later_stages_learn_from_what_fooled_the_earlier_ones(trained):
    for before, step in zip(trained, trained[1:], strict=False):
        assert judge_windows(before.cascade, step.examples).all()
        assert not judge_windows(step.cascade, step.examples).all()


def test_it_finds_held_out_faces_more_often_than_other_things(trained):
    data, cascade = images.faces(), trained[-1].cascade
    assert judge_windows(cascade, data.test_faces).mean() > 0.8
    assert judge_windows(cascade, data.test_others).mean() < 0.3


def test_the_seed_decides_the_training(trained):
    rng = np.random.default_rng(0)
    faces = varied(images.faces().train_faces, 2, rng)
    photos = [images.fit(images.photo(name), 200) for name in ("coffee", "china", "rocket")]
    again = train_cascade(faces, photos, rng=rng, stages=1, negatives=200, features=400, most=12)
    assert next(again).cascade == trained[0].cascade


def test_training_ends_when_nothing_fools_it_any_more(monkeypatch):
    monkeypatch.setattr(cascade_training, "_MOST_WINDOWS", 2000)
    faces = images.faces().train_faces
    photos = [np.zeros((40, 40, 3))]
    rng = np.random.default_rng(0)
    assert list(train_cascade(faces, photos, rng=rng, negatives=50)) == []


def test_opencv_reads_and_runs_the_trained_cascade(trained, tmp_path, astronaut):
    path = tmp_path / "cascade.xml"
    path.write_text(as_opencv_writes_it(trained[-1].cascade))
    detector = cv2.CascadeClassifier(str(path))
    grey = images.as_uint8(images.grey(astronaut))[:, :, 0]
    theirs = detector.detectMultiScale(grey, 1.3, 0)
    ours = find_faces(astronaut, trained[-1].cascade, neighbours=0, factor=1.3)
    corners = {tuple(map(int, box)) for box in ours.boxes}
    assert {(x, y, x + w, y + h) for x, y, w, h in theirs.tolist()} <= corners
    # After a window that fails the first stage OpenCV leaves the next one out.
    assert len(theirs) > 0.7 * len(corners) > 100


def as_opencv_writes_it(cascade):
    """Write a cascade in OpenCV's format."""
    root = ElementTree.Element("opencv_storage")
    node = ElementTree.SubElement(root, "cascade", type_id="opencv-cascade-classifier")
    stumps = [stump for stage in cascade.stages for stump in stage.stumps]

    def put(parent, tag, text):
        ElementTree.SubElement(parent, tag).text = text

    for tag, text in (("stageType", "BOOST"), ("featureType", "HAAR")):
        put(node, tag, text)
    for tag in ("height", "width"):
        put(node, tag, str(cascade.side))
    put(ElementTree.SubElement(node, "stageParams"), "maxWeakCount", str(len(stumps)))
    put(ElementTree.SubElement(node, "featureParams"), "maxCatCount", "0")
    put(node, "stageNum", str(len(cascade.stages)))
    stages, number = ElementTree.SubElement(node, "stages"), 0
    for stage in cascade.stages:
        item = ElementTree.SubElement(stages, "_")
        put(item, "maxWeakCount", str(len(stage.stumps)))
        put(item, "stageThreshold", repr(stage.threshold + 1e-5))
        weak = ElementTree.SubElement(item, "weakClassifiers")
        for stump in stage.stumps:
            one = ElementTree.SubElement(weak, "_")
            put(one, "internalNodes", f"0 -1 {number} {stump.threshold!r}")
            put(one, "leafValues", f"{stump.below!r} {stump.above!r}")
            number += 1
    features = ElementTree.SubElement(node, "features")
    for stump in stumps:
        rects = ElementTree.SubElement(ElementTree.SubElement(features, "_"), "rects")
        for part in _at_most_three(stump.rectangles):
            put(rects, "_", "{} {} {} {} {!r}".format(*part))
    return "<?xml version='1.0'?>" + ElementTree.tostring(root, encoding="unicode")


def _at_most_three(rectangles):
    """Four squares as one large square and the two white ones, for OpenCV knows three at most."""
    parts = [(p.col, p.row, p.width, p.height, p.weight) for p in rectangles]
    if len(parts) < 4:
        return parts
    (x, y, w, h, weight), black = parts[0], parts[1][4]
    whole = (x, y, 2 * w, 2 * h, black)
    return [whole] + [(*part[:4], weight - black) for part in parts if part[4] == weight]
