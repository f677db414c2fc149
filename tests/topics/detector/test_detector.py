"""The opened detector, the scenes whose truth is known, and what makes them harder."""

import io

import numpy as np
import pytest
import torch
from PIL import Image
from scipy import ndimage

from aml4d_utils import images, nets, solids
from aml4d_utils.nets.detection import Detections, box_iou, suppress
from aml4d_utils.topics.detector import condition_sweep, degrading, known_scenes, opened
from aml4d_utils.topics.detector import open_world as world
from aml4d_utils.topics.detector.condition_sweep import (
    HARDSHIPS,
    agreement_scenes,
    hardened,
    recall_curve,
    sweep_conditions,
)
from aml4d_utils.topics.detector.degrading import Trouble, degrade
from aml4d_utils.topics.detector.known_scenes import (
    CUT_OUT,
    RENDERED,
    SIZE,
    KnownScene,
    Posed,
    look_at,
    plan_scenes,
)

CAT = images.photo("chelsea")


@pytest.fixture(scope="module")
def answers():
    return nets.cell_answers(images.photo("motorcycle"))


@pytest.fixture(scope="module")
def plans():
    return {kind: plan_scenes(np.random.default_rng(1), 3, kind) for kind in (CUT_OUT, RENDERED)}


# --- opened -------------------------------------------------------------------------------------


def test_every_cell_lies_where_its_number_says(answers):
    assert len(answers) == 52**2 + 26**2 + 13**2
    assert np.bincount(answers.strides)[[8, 16, 32]].tolist() == [52**2, 26**2, 13**2]
    scale = 741 / 416
    sides = answers.squares[:, 2:] - answers.squares[:, :2]
    assert sides == pytest.approx(np.repeat(answers.strides[:, None], 2, 1) * scale, rel=1e-4)
    assert answers.sides.sum(axis=2) == pytest.approx(np.ones((len(answers), 4)), abs=1e-5)


def test_the_sides_give_the_box(answers):
    cell = int(answers.scores.max(axis=1).argmax())
    scale = 741 / 416
    middle = (answers.squares[cell, :2] + answers.squares[cell, 2:]) / 2
    away = answers.sides[cell] @ np.arange(11) * answers.strides[cell] * scale
    assert answers.boxes[cell] == pytest.approx(
        [*(middle - away[:2]), *(middle + away[2:])], abs=0.01
    )


@pytest.mark.parametrize("threshold", [0.05, 0.3, 0.99])
def test_what_is_left_is_what_detect_finds(answers, threshold):
    found = opened.open_up(answers, threshold, 0.6)
    wanted = nets.detect(images.photo("motorcycle"), threshold)
    assert found.left.labels.tolist() == wanted.labels.tolist()
    assert found.left.boxes == pytest.approx(wanted.boxes)
    assert (answers.boxes[found.winners] == found.left.boxes).all()


def test_the_surest_cell_won_or_would_have(answers):
    found = opened.open_up(answers, 0.3, 0.6)
    assert opened.surest_cell(found) == found.best.argmax() == found.winners[0]
    assert opened.surest_cell(opened.open_up(answers, 0.99, 0.6)) == found.best.argmax()


@pytest.mark.parametrize("stride", opened.STRIDES)
def test_a_place_has_a_cell_in_each_grid(answers, stride):
    for x, y in ((3, 5), (400, 300), (740, 490)):
        x0, y0, x1, y1 = answers.squares[opened.cell_at(answers, stride, x, y)]
        assert x0 <= x + 1e-3 and y0 <= y + 1e-3 and x <= x1 + 1e-3 and y <= y1 + 1e-3
    levels = opened.grid_map(opened.open_up(answers, 0.3, 0.6), stride)
    assert levels.shape == (416 // stride, 416 // stride)
    assert opened.cell_at(answers, stride, -900, -900) >= 0


def test_a_grid_that_is_not_there(answers):
    with pytest.raises(ValueError, match="8, 16, 32"):
        opened.cell_at(answers, 4, 0, 0)


def test_the_rounds_keep_what_suppression_keeps_and_what_torchvision_keeps(answers):
    from torchvision.ops import nms

    found = answers.above(0.1)
    rounds = [opened.suppression_round(found, 0.4, True, n) for n in range(1, 40)]
    last = rounds[-1]
    kept = [*last.kept.tolist(), last.step.kept]
    assert last.number == last.rounds == len(kept)
    assert found[np.array(kept)].boxes == pytest.approx(suppress(found, 0.4).boxes)
    assert kept == nms(torch.tensor(found.boxes), torch.tensor(found.scores), 0.4).tolist()
    first = rounds[0]
    assert (first.step.goes == (first.step.overlaps > 0.4)).all() and len(first.kept) == 0
    order = opened.strongest_rivals(first.step, 5)
    assert (np.diff(first.step.overlaps[order]) <= 0).all() and len(order) <= 5


def test_without_a_box_there_is_no_round():
    none = Detections(np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=str))
    assert opened.suppression_round(none, 0.5, True, 1).step is None


# --- degrading ----------------------------------------------------------------------------------


@pytest.mark.parametrize("sigma", [0.8, 2, 5])
def test_blur_is_scipy_s(sigma):
    wanted = ndimage.gaussian_filter(CAT, (sigma, sigma, 0), mode="nearest", truncate=4)
    # OpenCV cuts its Gaussian at another place.
    assert np.abs(degrading.blurred(CAT, sigma) - wanted).max() < 2e-3


@pytest.mark.parametrize("length", [3, 9, 21])
def test_smear_is_a_running_mean(length):
    wanted = ndimage.uniform_filter1d(CAT, length, axis=1, mode="nearest")
    assert np.abs(degrading.smeared(CAT, length) - wanted).max() < 1e-4


def test_a_smear_of_any_length_moves_light_and_loses_none():
    line = np.zeros((3, 31, 3))
    line[:, 15] = 1
    spread = [degrading.smeared(line, length)[1, :, 0] for length in (1, 2, 4.5, 8)]
    assert all(one.sum() == pytest.approx(1) for one in spread)
    assert [one.max() for one in spread] == pytest.approx([1, 1 / 2, 1 / 4.5, 1 / 8], rel=1e-5)


def test_noise_has_the_deviation_that_is_asked_for():
    grey = np.full((200, 200, 3), 0.5, np.float32)
    assert degrading.noisy(grey, 0.1, np.random.default_rng(0)).std() == pytest.approx(
        0.1, rel=0.02
    )


def test_a_jpeg_is_pillow_s():
    memory = io.BytesIO()
    Image.fromarray(images.as_uint8(CAT)).save(memory, "JPEG", quality=12)
    assert (images.as_uint8(degrading.compressed(CAT, 12)) == np.asarray(Image.open(memory))).all()


def test_further_away_is_smaller_in_the_middle():
    far = degrading.further_away(np.ones((100, 200, 3), np.float32), 0.5)
    assert (
        (far[25:75, 50:150] == 1).all() and (far[:25] == 0.5).all() and far.shape == (100, 200, 3)
    )


@pytest.mark.parametrize(
    "change",
    [
        {"share": 0.4},
        {"turn": 30.0},
        {"blur": 3.0},
        {"smear": 15},
        {"light": 0.1},
        {"noise": 0.2},
        {"quality": 5},
    ],
)
def test_each_trouble_changes_the_picture_and_keeps_its_kind(change):
    seen = degrade(CAT, Trouble(**change), np.random.default_rng(0))
    assert seen.shape == CAT.shape and seen.dtype == np.float32
    assert 0 <= seen.min() and seen.max() <= 1 and np.abs(seen - CAT).max() > 0.05
    again = degrade(CAT, Trouble(**change), np.random.default_rng(0))
    assert (seen == again).all()


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 50, 3), (50, 1, 3)])
def test_a_tiny_picture_survives_everything(shape):
    everything = Trouble(0.1, 45.0, 8.0, 61, 0.02, 0.5, 2)
    assert degrade(np.full(shape, 0.4), everything, np.random.default_rng(0)).shape == shape


# --- scenes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", known_scenes.SUBJECTS)
def test_the_boxes_are_where_the_things_are(plans, kind):
    """What the ground and the scene differ in lies in the boxes and reaches their edges."""
    for plan in plans[kind]:
        scene = plan.scene()
        changed = np.abs(scene.image - plan.ground).max(axis=2) > 0.02
        inside = np.zeros(SIZE, dtype=bool)
        for x0, y0, x1, y1 in scene.truth.boxes.astype(int):
            inside[y0 - 2 : y1 + 2, x0 - 2 : x1 + 2] = True
            assert changed[y0:y1, x0:x1].mean() > 0.1
            sides = max(x1 - x0, y1 - y0)
            assert abs(sides - known_scenes.LENGTH) <= 4
        assert not (changed & ~inside).any()
        assert box_iou(scene.truth.boxes, scene.truth.boxes)[0, 1] == 0


def test_clutter_hides_nothing(plans):
    plan = plans[CUT_OUT][0]
    alone, crowded = plan.scene(), plan.scene(clutter=known_scenes.MOST_CLUTTER)
    assert (alone.truth.boxes == crowded.truth.boxes).all()
    assert np.abs(alone.image - crowded.image).mean() > 0.02


def test_a_higher_camera_changes_things_in_3d_only(plans):
    for kind, changes in ((CUT_OUT, False), (RENDERED, True)):
        level, above = (plans[kind][0].scene(pitch=pitch) for pitch in (0, 80))
        assert (np.abs(level.image - above.image).max() > 0.1) == changes


def test_the_same_generator_gives_the_same_plans(plans):
    again = plan_scenes(np.random.default_rng(1), 3)
    for one, other in zip(plans[CUT_OUT], again, strict=True):
        assert (one.scene().image == other.scene().image).all()


def test_every_word_is_one_of_coco_s():
    words = nets.labels("nanodet_g")
    for kind in known_scenes.SUBJECTS:
        pool = known_scenes.pool(kind)
        assert len(pool) >= 20 and set(pool) <= set(words)
    with pytest.raises(ValueError, match="cut out"):
        known_scenes.pool("drawings")


def test_a_posed_thing_is_cut_to_its_edges():
    rgba = Posed(solids.thing("bicycle"), solids.Viewpoint(yaw=60)).rgba
    alpha = rgba[..., 3] > 0
    assert alpha[0].any() and alpha[-1].any() and alpha[:, 0].any() and alpha[:, -1].any()
    rgba[:] = 0
    assert Posed(solids.thing("bicycle"), solids.Viewpoint(yaw=60)).rgba.any()


def test_looking_goes_scene_by_scene(plans):
    scenes = [plan.scene() for plan in plans[CUT_OUT]]
    steps = list(look_at(scenes, 0.2))
    assert [len(step.found) for step in steps] == [1, 2, 3] and steps[-1].fraction == 1
    assert steps[-1].found[0].scores.min(initial=1) > 0.2


# --- the sweep ----------------------------------------------------------------------------------


def oracle(scenes):
    """Return a detector that knows each scene and finds what is bright enough."""
    truths = {scene.image.tobytes(): scene.truth for scene in scenes}

    def find(image):
        return truths.get(image.tobytes(), Detections(np.zeros((0, 4)), np.zeros(0), np.array([])))

    return find


def test_a_detector_that_knows_the_clean_scene_only(plans):
    scenes = [plan.scene() for plan in plans[CUT_OUT]]
    *_, curve = recall_curve(scenes, "blur", oracle(scenes))
    assert curve.found.tolist() == [6, 0, 0, 0, 0] and curve.shown == 6
    assert curve.alarms.tolist() == [0] * 5 and curve.precision.tolist() == [1] * 5
    assert curve.lost == 1 and curve.recall.tolist() == [1, 0, 0, 0, 0]
    assert curve.intervals[1] == pytest.approx([0, 0.39], abs=0.01)


def test_wherever_it_stops_all_curves_rest_on_the_same_scenes(plans):
    scenes = [plan.scene() for plan in plans[CUT_OUT]]
    names = ["blur", "noise"]
    steps = list(sweep_conditions(scenes, names, oracle(scenes)))
    assert len(steps) == 3 * 10 and steps[-1].fraction == 1
    assert [step["noise"].shown for step in steps[8:11]] == [0, 2, 2]
    for step in steps:
        assert step["blur"].shown == step["noise"].shown
        assert step["blur"].found[0] == step["noise"].found[0] == step["blur"].shown
    assert steps[0]["blur"].intervals.tolist() == [[0, 1]] * 5
    assert list(steps[-1].curves) == names


@pytest.mark.parametrize("name", HARDSHIPS)
def test_the_easiest_value_leaves_a_scene_nearly_as_it_is(plans, name):
    kind = RENDERED if name == "viewpoint" else CUT_OUT
    plan, hardship = plans[kind][0], HARDSHIPS[name]
    easy, hard = (hardened(plan, hardship, hardship.values[k]) for k in (0, -1))
    plain = plan.scene()
    assert easy.image.shape == plain.image.shape
    if name not in ("viewpoint", "JPEG"):
        assert (easy.image == plain.image).all()
    assert np.abs(easy.image - plain.image).mean() < np.abs(hard.image - plain.image).mean()
    assert len(hardship.values) == 5 and len(hard.truth) == 2


def test_small_things_are_found_less(plans):
    """By size NanoDet's recall falls as its makers' does: large about five times small."""
    *_, curve = recall_curve(plan_scenes(np.random.default_rng(0), 8), "size")
    assert curve.found[0] >= 6 and curve.found[-1] <= curve.found[0] / 3


def test_a_finished_picture_is_not_composed_again():
    with pytest.raises(ValueError, match="clutter"):
        hardened(agreement_scenes([CAT])[0], HARDSHIPS["clutter"], 5)


def test_a_condition_that_does_not_exist(plans):
    with pytest.raises(ValueError, match="rain"):
        next(sweep_conditions(plans[CUT_OUT], ["rain"]))


def test_agreement_is_whole_on_the_clean_photo():
    scenes = agreement_scenes([CAT, images.photo("brick"), np.full((60, 80, 3), 0.5)])
    assert len(scenes) == 1 and isinstance(scenes[0], KnownScene)
    *_, curve = recall_curve(scenes, "darkness")
    assert curve.recall[0] == 1 and curve.precision[0] == 1 and curve.recall[-1] == 0
    assert condition_sweep.LEAST == 0.5


# --- the open world -----------------------------------------------------------------------------


def test_nothing_in_it_has_a_word_and_no_twin_comes_twice():
    names = set()
    for kind in world.categories():
        for one in world.wordless(kind):
            assert not (one.thing.coco if isinstance(one, Posed) else one.coco is not None)
            names.add((kind, one.name))
    assert len(names) > 200
    with pytest.raises(ValueError, match="no kind"):
        world.wordless("ghosts")


def test_words_are_noted_and_vanish_with_the_threshold():
    last = list(world.ask(world.wordless("tools")[:6], 0.1))[-1]
    assert len(last.called) == 6 and last.fraction == 1
    assert len(last.named) == sum(count for _, count in last.words)
    scores = [one.score for one in last.ordered]
    assert scores == sorted(scores, reverse=True)
    strict = last.above(0.95)
    assert not strict.named and len(strict.ordered) == 6 and {o.word for o in strict.called} == {""}
