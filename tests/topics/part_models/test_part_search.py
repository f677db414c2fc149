import numpy as np
import pytest

from aml4d_utils.images import faces, photo, resize
from aml4d_utils.nets import box_iou
from aml4d_utils.topics.part_models.part_model import best_root, score_maps
from aml4d_utils.topics.part_models.part_search import (
    find_faces,
    pyramid,
    view_in_photo,
    view_of_patch,
)


@pytest.fixture(scope="module")
def pasted():
    """A held-out face of 80 pixels on plain ground, and its box."""
    scene = np.full((200, 260, 3), 0.5, dtype=np.float32)
    scene[60:140, 100:180] = resize(faces().test_faces[2], 80, 80)
    return scene, np.array([[100, 60, 180, 140]])


def test_a_pasted_face_is_found_where_it_is(trained, pasted):
    scene, truth = pasted
    for model in (trained.root_only, trained.model):
        found = find_faces(model, scene)
        assert box_iou(truth, found.faces.boxes[:1])[0, 0] > 0.6
        assert (np.diff(found.faces.scores) <= 0).all()
        assert found.parts.shape == (len(found.faces), len(model.parts), 4)


def test_the_parts_lie_in_the_face_in_order(model, pasted):
    left_eye, right_eye, nose, mouth = find_faces(model, pasted[0]).parts[0]
    centres = [(box[:2] + box[2:]) / 2 for box in (left_eye, right_eye, nose, mouth)]
    assert centres[0][0] < centres[2][0] < centres[1][0]
    assert centres[0][1] < centres[2][1] < centres[3][1]


def test_no_two_boxes_overlap_much(model):
    found = find_faces(model, photo("astronaut"), threshold=-0.5).faces
    overlaps = box_iou(found.boxes, found.boxes) - np.eye(len(found))
    assert len(found) > 3 and overlaps.max() <= 0.3


def test_the_astronauts_face_comes_first(model):
    found = find_faces(model, photo("astronaut")).faces
    assert box_iou(np.array([[175, 65, 275, 175]]), found.boxes[:1])[0, 0] > 0.5


@pytest.mark.parametrize("shape", [(10, 10, 3), (39, 300, 3), (1, 1, 3)])
def test_a_photo_smaller_than_a_face_has_none(model, shape):
    found = find_faces(model, np.zeros(shape))
    assert len(found.faces) == 0 and found.faces.boxes.shape == (0, 4)
    assert found.parts.shape == (0, 4, 4)


def test_a_constant_photo_has_no_face(model):
    assert len(find_faces(model, np.full((120, 150, 3), 0.7)).faces) == 0


def test_a_face_may_not_be_tiny(model):
    with pytest.raises(ValueError, match="at least 8 pixels"):
        find_faces(model, np.zeros((50, 50, 3)), smallest=2)


def test_sizes_grow_and_every_size_fits(model):
    scales = [scale for scale, maps in pyramid(model, photo("chelsea")) if maps.total.size]
    assert scales == sorted(scales, reverse=True) and len(scales) > 8
    assert 50 / scales[-1] <= 300


@pytest.mark.parametrize("shape", [(300, 451), (30, 30), (5, 400), (1, 1)])
def test_any_photo_gives_a_view(model, shape):
    rng = np.random.default_rng(0)
    view = view_in_photo(model, rng.random((*shape, 3)), "Noise")
    assert view.picture.shape == (140, 140) and np.isfinite(view.picture).all()
    assert np.isfinite(score_maps(model, view.levels).total).all()


def test_the_view_of_the_astronaut_has_the_face_in_its_middle(model):
    view = view_in_photo(model, photo("astronaut"), "The astronaut")
    maps = score_maps(model, view.levels)
    assert view.root == (2, 2) and np.abs(np.subtract(best_root(maps), 2)).max() <= 1
    assert maps.total.max() > 0


def test_a_patch_is_as_large_as_the_root():
    view = view_of_patch(faces().test_faces[0], "A face")
    assert view.picture.shape == (100, 100) and view.root == (0, 0)
