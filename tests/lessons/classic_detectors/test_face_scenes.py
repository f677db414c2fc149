import numpy as np
import pytest

from aml4d_utils.images import cutouts, faces
from aml4d_utils.lessons.classic_detectors.face_scenes import (
    GROUNDS,
    SIZE,
    THINGS,
    WITH_A_FACE,
    astronaut_scene,
    face_scenes,
    paste,
    plain_scenes,
)
from aml4d_utils.nets import box_iou
from aml4d_utils.topics.part_models import part_training
from aml4d_utils.topics.viola_jones import cascade_training


@pytest.fixture(scope="module")
def scenes():
    return face_scenes(faces().test_faces, np.random.default_rng(0))


def test_each_face_is_shown_once(scenes):
    assert [len(scene.boxes) for scene in scenes] == [4] * 10
    assert len({scene.name for scene in scenes}) == 10


def test_boxes_are_square_whole_inside_and_apart(scenes):
    for scene in scenes:
        assert scene.image.shape == (*SIZE, 3)
        sides = scene.boxes[:, 2:] - scene.boxes[:, :2]
        np.testing.assert_array_equal(sides[:, 0], sides[:, 1])
        assert (sides >= 43).all() and (sides <= 89).all()
        assert (scene.boxes >= 0).all()
        assert (scene.boxes[:, 2] <= SIZE[1]).all() and (scene.boxes[:, 3] <= SIZE[0]).all()
        np.testing.assert_array_equal(scene.boxes, scene.boxes.round())
        assert box_iou(scene.boxes, scene.boxes).sum() == pytest.approx(len(scene.boxes))


def test_the_face_is_really_in_its_box(scenes):
    """Shrunk again, what lies in the boxes of all scenes are the forty faces."""
    import cv2

    known = faces().test_faces[:, 4:-4, 4:-4].reshape(40, -1)
    seen = []
    for scene in scenes:
        for x0, y0, x1, y1 in scene.boxes.astype(int):
            small = cv2.resize(scene.image[y0:y1, x0:x1, 0], (25, 25), interpolation=cv2.INTER_AREA)
            distances = np.abs(known - small[4:-4, 4:-4].ravel()).mean(1)
            assert distances.min() < 0.03
            seen.append(int(distances.argmin()))
    assert sorted(seen) == list(range(40))


def test_scenes_are_grey_and_repeatable(scenes):
    again = face_scenes(faces().test_faces, np.random.default_rng(0))
    other = face_scenes(faces().test_faces, np.random.default_rng(1))
    for first, second in zip(scenes, again, strict=True):
        np.testing.assert_array_equal(first.image, second.image)
        assert np.ptp(first.image, axis=2).max() == 0
        assert first.image.min() >= 0 and first.image.max() <= 1
    assert any((a.boxes != b.boxes).any() for a, b in zip(scenes, other, strict=True))


def test_no_detector_has_learned_from_the_grounds():
    assert not set(GROUNDS) & set(part_training.WITHOUT_FACES)
    assert not set(GROUNDS) & set(cascade_training.WITHOUT_FACES)


def test_the_things_left_out_exist():
    names = {cutout.name for category in THINGS for cutout in cutouts(category)}
    assert set(WITH_A_FACE) <= names


def test_pasting_changes_only_the_box_and_fades_at_its_edge():
    image = np.full((60, 60, 3), 0.5, dtype=np.float32)
    paste(image, np.ones((25, 25)), np.array([10, 20, 40, 50]))
    outside = np.ones((60, 60), dtype=bool)
    outside[20:50, 10:40] = False
    assert (image[outside] == 0.5).all()
    assert image[35, 25, 0] == 1 and 0.5 < image[20, 25, 0] < 0.7


def test_plain_scenes_hold_all_faces_apart():
    plain = plain_scenes(faces().train_faces[:15])
    assert [len(scene.boxes) for scene in plain] == [12, 3]
    assert box_iou(plain[0].boxes, plain[0].boxes).sum() == pytest.approx(12)


def test_the_astronaut_has_one_face():
    scene = astronaut_scene()
    assert scene.image.shape == (384, 384, 3) and scene.boxes.shape == (1, 4)


def test_impossible_scenes_are_refused():
    with pytest.raises(ValueError, match="at least one face"):
        face_scenes(faces().test_faces[:0], np.random.default_rng(0))
    with pytest.raises(ValueError, match="find no place"):
        face_scenes(faces().test_faces[:4], np.random.default_rng(0), sizes=(200, 230))
