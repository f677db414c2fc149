"""The explorers of the detector: what a click, a frame or a stop does."""

import io

import numpy as np
import pytest
from PIL import Image
from topics.detector.examples import few_plans, report
from topics.walking import below

from aml4d_utils import images, nets
from aml4d_utils.topics.detector import explorers
from aml4d_utils.topics.detector.condition_sweep import HARDSHIPS, RecallCurve
from aml4d_utils.topics.detector.open_world import ask, wordless
from aml4d_utils.widgets import Camera, Picture

ASTRONAUT = images.photo("astronaut")


def part(explorer, kind):
    """Return the first widget of a kind on the stage."""
    stage = explorer.widget.children[0].children[-1]
    return next(one for one in below(stage) if isinstance(one, kind))


def jpeg(photo):
    memory = io.BytesIO()
    Image.fromarray(images.as_uint8(photo)).save(memory, "JPEG", quality=95)
    return memory.getvalue()


def test_a_click_asks_the_cell_there_and_reset_the_one_that_won():
    explorer = explorers.pipeline_explorer(ASTRONAUT)
    won = explorer.result.cell
    view = part(explorer, Picture)
    view._hear_cursor({"row": 20, "col": 30, "action": "press"}, None)
    result = explorer.result
    x0, y0, x1, y1 = result.opened.answers.squares[result.cell]
    assert x0 <= 30.5 <= x1 and y0 <= 20.5 <= y1 and "It won." not in explorer.sentence
    explorer.set(grid="8 pixels")
    finer = explorer.result.opened.answers.squares[explorer.result.cell]
    assert finer[2] - finer[0] < x1 - x0
    explorer.reset()
    assert explorer.result.cell == won and "It won." in explorer.sentence


def test_every_box_that_is_left_stands_on_the_photo():
    explorer = explorers.pipeline_explorer()
    view = part(explorer, Picture)
    for shown, count in (("what is left", "left"), ("above the threshold", "above")):
        explorer.set(shown=shown)
        boxes = [one for one in view.overlays if one["kind"] == "box"]
        # one more lies around what the marked cell sees
        assert len(boxes) == len(getattr(explorer.result.opened, count)) + 1
    before = view.frame
    explorer.set(shown="every cell")
    assert view.frame != before


@pytest.mark.parametrize("grey", [0.0, 0.5, 1.0])
def test_a_photo_of_one_colour_has_cells_and_no_box(grey):
    photo = np.full((90, 120, 3), grey)
    opened = explorers.pipeline_explorer(photo)
    opened.set(photo="your photo", threshold=0.9)
    assert "no box" in opened.sentence and "3,549 cells" in opened.sentence
    rounds = explorers.suppression_explorer(photo)
    rounds.set(photo="your photo", threshold=0.9)
    assert "0 rounds" in rounds.sentence


@pytest.mark.parametrize("make", [explorers.pipeline_explorer, explorers.suppression_explorer])
def test_each_photo_is_shown_with_its_own_boxes_whatever_was_looked_at_before(make):
    for own in (ASTRONAUT, np.full((90, 120, 3), 0.5)):
        explorer = make(own)
        for words, name in explorers.PHOTOS.items():
            explorer.set(photo=words)
            photo = images.fit(own if name is None else images.photo(name), 416)
            found = nets.candidates(photo, explorer.state.threshold)
            result = explorer.result
            above = result.round.found if hasattr(result, "round") else result.opened.above
            np.testing.assert_array_equal(result.photo, photo)
            np.testing.assert_array_equal(above.boxes, found.boxes)
            np.testing.assert_array_equal(above.labels, found.labels)


def test_frames_go_through_the_conditions_to_the_boxes():
    explorer = explorers.camera_explorer(np.full((240, 320, 3), 0.5))
    camera = part(explorer, Camera)
    assert "no box" in explorer.sentence
    frame = images.fit(ASTRONAUT, 320)
    camera._hear_frame({}, [jpeg(frame)])
    assert "person" in explorer.sentence and "person" in camera.result.labels
    explorer.set(light=0.02)
    assert "no box" in explorer.sentence and "2 % of the light" in explorer.sentence
    explorer.set(light=1.0)
    assert "person" in explorer.sentence  # the last frame is still looked at
    with pytest.raises(ValueError, match="damaged"):
        camera._hear_frame({}, [b"no picture"])
    camera._hear_frame({}, [jpeg(frame[:, ::-1].copy())])
    assert camera.frames == 2


def test_a_detector_of_ones_own_looks_at_the_same_picture():
    seen = []

    def finder(image, threshold):
        seen.append((image.shape, threshold))
        return nets.detect(image, threshold, size=320)

    explorer = explorers.camera_explorer(ASTRONAUT, finder)
    explorer.set(threshold=0.5)
    assert seen == [((320, 320, 3), 0.3), ((320, 320, 3), 0.5)]


def test_a_curve_that_was_measured_before_is_shown_and_one_cut_short_is_not():
    found, alarms = np.array([4, 3, 2, 1, 0]), np.arange(5)
    whole = RecallCurve(HARDSHIPS["blur"], found, alarms, 40, 1.0)
    explorer = explorers.condition_explorer(few_plans(), report(whole))
    assert explorer.state.hardship == "blur" and "over 40 things" in explorer.sentence
    short = RecallCurve(HARDSHIPS["blur"], found, alarms, 40, 0.5)
    explorer = explorers.condition_explorer(few_plans(), report(short))
    explorer.set(hardship="blur")
    assert "over 4 things" in explorer.sentence


def test_things_measured_before_are_shown_at_once():
    *_, world = ask(wordless("coins")[:2], 0.1)
    explorer = explorers.open_world_explorer(world, "coins")
    assert "2 things without a word" in explorer.sentence
    explorer.set(place=2, threshold=0.9)
    assert "gets no word" in explorer.sentence
