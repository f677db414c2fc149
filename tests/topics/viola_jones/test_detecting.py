"""The readable cascade decides as OpenCV's own code does, window by window."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.nets.detection import box_iou
from aml4d_utils.topics.viola_jones import detecting
from aml4d_utils.topics.viola_jones.cascade import scan
from aml4d_utils.topics.viola_jones.detecting import find_faces, find_faces_with_opencv, grouped
from aml4d_utils.topics.viola_jones.opencv_cascade import cascade_file, opencv_cascade

FACE = np.array([[170, 60, 280, 170]])
"""Where the astronaut's face is, by eye."""


def windows(found):
    return {tuple(map(int, box)) for box in found.boxes}


@pytest.mark.parametrize("name", ["astronaut", "coins", "chelsea"])
def test_the_same_windows_pass_as_in_opencv(name):
    photo = images.fit(images.photo(name), 384)
    ours = find_faces(photo, opencv_cascade(), neighbours=0)
    theirs = find_faces_with_opencv(photo, neighbours=0)
    assert windows(ours) == windows(theirs)
    assert len(theirs) > 0


def test_the_same_groups_as_in_opencv():
    photo = images.photo("astronaut")
    grey = images.as_uint8(images.grey(photo))[:, :, 0]
    detector = cv2.CascadeClassifier(str(cascade_file()))
    truth = np.array(detector.detectMultiScale(grey, 1.1, 3), dtype=float)
    truth[:, 2:] += truth[:, :2]
    for found in (find_faces(photo, opencv_cascade()), find_faces_with_opencv(photo)):
        np.testing.assert_array_equal(found.boxes, truth)
        assert box_iou(found.boxes, FACE).max() > 0.6
        assert found.labels.tolist() == ["face"]


def test_the_order_of_opencv_s_threads_makes_no_difference(monkeypatch):
    windows = find_faces_with_opencv(images.photo("astronaut"), neighbours=0).boxes
    sized = np.concatenate([windows[:, :2], windows[:, 2:] - windows[:, :2]], axis=1)
    for neighbours in (0, 3):
        answers = []
        for seed in range(4):
            order = np.random.default_rng(seed).permutation(len(sized))
            threads = SimpleNamespace(detectMultiScale=lambda *_, order=order, **__: sized[order])
            monkeypatch.setattr(detecting, "_detector", lambda name, threads=threads: threads)
            photo = images.photo("astronaut")
            answers.append(find_faces_with_opencv(photo, neighbours=neighbours).boxes.tolist())
        assert len(sized) > 20 and all(answer == answers[0] for answer in answers)


def test_smallest_leaves_small_windows_out():
    photo = images.photo("astronaut")
    for find in (lambda **o: find_faces(photo, opencv_cascade(), **o),
                 lambda **o: find_faces_with_opencv(photo, **o)):  # fmt: skip
        sides = np.diff(find(smallest=100, neighbours=0).boxes[:, [0, 2]])
        assert sides.min() >= 100


@pytest.mark.parametrize("shape", [(1, 1), (23, 23), (24, 24), (24, 300)])
@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_nothing_is_found_in_an_even_or_tiny_photo(shape, value):
    photo = np.full(shape, value)
    assert len(find_faces(photo, opencv_cascade(), neighbours=0)) == 0
    assert len(find_faces_with_opencv(photo, neighbours=0)) == 0
    scanned = scan(photo, opencv_cascade())
    assert np.isfinite(scanned.features_per_window)
    assert np.isfinite(scanned.margins).all()
    assert scanned.map_of_stages().max() <= 0


def test_nan_is_refused():
    with pytest.raises(ValueError, match="NaN"):
        find_faces(np.full((30, 30), np.nan), opencv_cascade())


def test_groups_need_more_windows_than_neighbours():
    boxes = np.array([[0, 0, 20, 20]] * 4 + [[100, 100, 130, 130]] * 3)
    found = grouped(boxes, 3)
    assert found.boxes.tolist() == [[0, 0, 20, 20]]
    assert found.scores.tolist() == pytest.approx([4 / 9])
    assert len(grouped(boxes, 2)) == 2
    assert len(grouped(boxes, 0)) == 7
    assert len(grouped(np.zeros((0, 4)), 3)) == 0
