"""What is special about each explorer: the rectangle, the cascade, the detector."""

import dataclasses

import numpy as np
import pytest
from topics.viola_jones.examples import TILT

from aml4d_utils import images
from aml4d_utils.topics.viola_jones import explorers
from aml4d_utils.topics.viola_jones.haar import KINDS
from aml4d_utils.topics.viola_jones.region_picture import RegionPicture
from aml4d_utils.widgets.fields import controls_of

MADE = {
    "integral": explorers.integral_explorer,
    "feature": explorers.feature_explorer,
    "cascade": explorers.cascade_explorer,
    "detector": lambda: explorers.detector_explorer(TILT),
}


@pytest.fixture(scope="module")
def made():
    return {name: make() for name, make in MADE.items()}


def stage_of(explorer):
    return list(explorer.widget.children[0].children[1].children)


def send(picture, region):
    picture._on_message(picture, {"kind": "region", "region": region}, [])


def test_the_rectangle_moves_the_sliders(made):
    explorer = made["integral"]
    view = next(w for w in stage_of(explorer) if isinstance(w, RegionPicture))
    send(view, [10, 20, 30, 40])
    state = explorer.state
    assert (state.row, state.col, state.height, state.width) == (10, 20, 30, 40)
    grey = images.as_uint8(images.grey(images.resize(
        images.centre_square(images.own_photo()), 200, 200)))[:, :, 0]  # fmt: skip
    assert explorer.result.total == grey[10:40, 20:60].sum()
    assert "30 × 40 pixels" in explorer.sentence
    explorer.reset()


def test_a_rectangle_that_would_leave_the_photo_moves_back(made):
    explorer = made["integral"]
    explorer.set(row=199, col=199, height=150, width=200)
    view = next(w for w in stage_of(explorer) if isinstance(w, RegionPicture))
    assert view.region == [50, 0, 150, 200]
    assert "from row 50, column 0" in explorer.sentence
    explorer.reset()


@pytest.mark.parametrize("region", [(0, 170, 40, 30), (0, 0, 1, 1), (199, 199, 1, 1)])
def test_the_words_of_the_corners_do_not_overlap(made, region):
    explorer = made["integral"]
    explorer.set(**dict(zip(("row", "col", "height", "width"), region, strict=True)))
    words = [item["at"] for item in stage_of(explorer)[1].overlays]
    (top, left), (_, right), (bottom, _), _ = words
    assert right - left >= 40
    assert bottom - top >= 12
    assert left >= 0
    assert right <= 162
    assert top >= 10
    assert bottom <= 200
    explorer.reset()


@pytest.mark.parametrize("kind", KINDS)
def test_the_feature_follows_the_rectangle_in_cells(made, kind):
    explorer = made["feature"]
    explorer.set(kind=kind)
    view = next(w for w in stage_of(explorer) if isinstance(w, RegionPicture))
    assert view.pattern == list(KINDS[kind])
    down, across = len(KINDS[kind]), len(KINDS[kind][0])
    send(view, [2, 3, 3 * down, 4 * across])
    feature = explorer.result.separation.feature
    assert (feature.row, feature.col, feature.height, feature.width) == (2, 3, 3, 4)
    assert view.region == [2, 3, 3 * down, 4 * across]
    explorer.set(row=24, col=24, height=25, width=25)
    assert explorer.result.separation.feature.fits(25)
    explorer.reset()


def test_the_value_is_that_of_the_picture_shown(made):
    explorer = made["feature"]
    explorer.set(number=100)
    assert not explorer.result.is_face
    assert "this picture without a face" in explorer.sentence
    assert explorer.result.value == pytest.approx(explorer.result.separation.values[100])
    explorer.reset()


def test_later_stages_leave_fewer_windows(made):
    explorer = made["cascade"]
    left = []
    for stage in (0, 5, 10, 25):
        explorer.set(stage=stage)
        left.append(explorer.result.scanned.alive[stage])
    assert left[0] == 1
    assert (np.diff(left) < 0).all()
    view = stage_of(explorer)[0]
    assert len(view.overlays) == explorer.result.scanned.found.sum() or len(view.overlays) == 0
    explorer.reset()


def test_an_own_cascade_can_be_chosen(scanned):
    small = dataclasses.replace(scanned.cascade, name="own", stages=scanned.cascade.stages[:4])
    explorer = explorers.cascade_explorer(small)
    assert controls_of(explorer.state)["cascade"].options == ("OpenCV's", "yours")
    explorer.set(cascade="yours", stage=25)
    assert "After 4 of 4 stages" in explorer.sentence


def test_the_detector_finds_her_upright_and_loses_her_tilted(made):
    explorer = made["detector"]
    assert len(explorer.result.found) == 1
    explorer.set(tilt=60)
    assert len(explorer.result.found) == 0
    assert "no face found" in explorer.sentence
    assert "At 60°" in next(w for w in stage_of(explorer) if w.alt.startswith("Measured curve")).alt
    explorer.reset()
    explorer.set(neighbours=0)
    assert len(explorer.result.found) == len(explorer.result.windows) > 1
    explorer.reset()


def test_fewer_windows_that_agree_find_more_faces_and_more_that_are_none(made):
    explorer = made["detector"]
    explorer.set(tilt=25)
    assert len(explorer.result.found) == 0 < len(explorer.result.windows)
    explorer.set(neighbours=0)
    assert len(explorer.result.found) > 0
    explorer.reset()
    explorer.set(photo="a dahlia")
    assert len(explorer.result.found) == 0
    explorer.set(neighbours=0)
    assert len(explorer.result.found) > 0
    explorer.reset()


def test_one_window_is_not_many(made):
    explorer = made["detector"]
    for tilt in (35, 0):
        explorer.set(tilt=tilt)
        passed = len(explorer.result.windows)
        assert f"{passed} window{'s' if passed != 1 else ''} passed" in explorer.sentence
    explorer.reset()


def test_the_detector_needs_no_curve():
    explorer = explorers.detector_explorer()
    assert len(stage_of(explorer)) == 2


@pytest.mark.parametrize("photo", [
    np.zeros((300, 200, 3)), np.ones((1, 1, 3)), np.full((2, 500, 3), 0.5), np.eye(9),
])  # fmt: skip
def test_even_and_tiny_own_photos_get_a_sentence(photo):
    images.keep_own_photo(photo)
    explorer = explorers.integral_explorer()
    assert "D − B − C + A" in explorer.sentence
    explorer = explorers.cascade_explorer()
    explorer.set(photo="your photo")
    small = min(photo.shape[:2]) < 24
    assert (
        "smaller than the window" if small else "windows (0.00 %) are left"
    ) in explorer.sentence
    explorer = explorers.detector_explorer(TILT)
    explorer.set(photo="your photo", longest=40)
    assert "no face found" in explorer.sentence


def test_the_camera_shows_the_faces_of_a_frame(astronaut):
    camera = explorers.face_camera()
    assert "1 face found" in camera.picture.alt
    assert len(camera.look(np.zeros((240, 320, 3), np.uint8))) == 0
    assert "no face found" in camera.picture.alt
    assert camera.picture.overlays == []


def test_the_boosting_view_follows_the_training(boosting):
    view = explorers.boosting_view()
    seen = []
    for state in boosting:
        view.draw(state)
        seen.append((view.features.alt, view.hardest.alt, view.errors.alt))
    assert seen[0] == ("", "", "")
    assert len(set(seen)) == 7
    assert "held-out pictures wrong" in view.errors.alt
