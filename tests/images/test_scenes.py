import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aml4d_utils import nets
from aml4d_utils.images import (
    Layout,
    Placement,
    background,
    background_names,
    compose,
    cutouts,
    random_layout,
)

NAMED = {cutout.name: cutout for cutout in cutouts()}
ZEBRA, COIN = NAMED["zebra"], NAMED["US penny"]
PLAIN = np.full((120, 200, 3), 0.5, np.float32)


def test_a_scene_is_its_background_where_nothing_is():
    scene = compose(Layout(PLAIN, (Placement(ZEBRA, 60, 100, 80),)))
    far = ~np.pad(scene.masks[0], 3)[3:-3, 3:-3]
    x0, y0, x1, y1 = scene.boxes[0].astype(int)
    far[y0 - 2 : y1 + 2, x0 - 2 : x1 + 2] = False
    assert np.array_equal(scene.image[far], PLAIN[far])
    assert compose(Layout(PLAIN, ())).boxes.shape == (0, 4)
    assert np.array_equal(compose(Layout(PLAIN, ())).image, PLAIN)


def test_a_coin_covers_a_disc_of_known_area_and_box():
    scene = compose(Layout(PLAIN, (Placement(COIN, 60, 100, 80),)))
    assert scene.masks[0].sum() == pytest.approx(np.pi * 40**2, rel=0.05)
    assert np.abs(scene.boxes[0] - [60, 20, 140, 100]).max() <= 2
    assert scene.visible[0] == 1


def test_what_lies_in_front_hides_what_lies_behind():
    back, front = Placement(ZEBRA, 60, 90, 100), Placement(COIN, 60, 120, 50)
    scene = compose(Layout(PLAIN, (back, front)))
    alone = compose(Layout(PLAIN, (back,)))
    assert scene.visible[1] == 1 and 0 < scene.visible[0] < 1
    assert np.array_equal(scene.masks[0], alone.masks[0] & ~scene.masks[1])
    assert scene.visible[0] == pytest.approx(scene.masks[0].sum() / alone.masks[0].sum())
    buried = compose(Layout(PLAIN, (Placement(COIN, 60, 100, 20), Placement(COIN, 60, 100, 90))))
    assert buried.visible.tolist() == [0, 1]
    assert buried.boxes[0].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(("row", "column"), [(60, 0), (0, 100), (60, 200), (120, 100)])
def test_half_outside_is_half_visible(row, column):
    scene = compose(Layout(PLAIN, (Placement(COIN, row, column, 60),)))
    assert scene.visible[0] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("row", [-500, 0, 500])
@pytest.mark.parametrize("column", [-500, 900])
def test_wholly_outside_is_not_visible(row, column):
    scene = compose(Layout(PLAIN, (Placement(COIN, row, column, 60, 30),)))
    assert scene.visible[0] == 0 and np.array_equal(scene.image, PLAIN)


def test_mirroring_and_turning():
    plain = compose(Layout(PLAIN, (Placement(ZEBRA, 60, 100, 81),)))
    mirrored = compose(Layout(PLAIN, (Placement(ZEBRA, 60, 100, 81, mirrored=True),)))
    turned = compose(Layout(PLAIN, (Placement(ZEBRA, 60, 100, 81, angle=180),)))
    quarter = compose(Layout(PLAIN, (Placement(ZEBRA, 60, 100, 81, angle=90),)))

    def inside(scene):
        x0, y0, x1, y1 = scene.boxes[0].astype(int)
        return scene.masks[0][y0:y1, x0:x1]

    def same(first, second):
        if np.abs(np.subtract(first.shape, second.shape)).max() > 1:
            return False
        rows, columns = np.minimum(first.shape, second.shape)
        first, second = first[:rows, :columns], second[:rows, :columns]
        return (first & second).sum() / (first | second).sum() > 0.9

    assert same(inside(mirrored), inside(plain)[:, ::-1])
    assert same(inside(turned), inside(plain)[::-1, ::-1])
    assert same(inside(quarter), np.rot90(inside(plain)))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 4), st.sampled_from([0, 40]))
def test_random_scenes_keep_their_promises(seed, count, steepest):
    layout = random_layout(seed, count=count, size=(160, 220), steepest=steepest)
    scene = compose(layout)
    assert len(scene.cutouts) == count == len({cutout.original for cutout in scene.cutouts})
    assert scene.image.shape == (160, 220, 3) and scene.image.dtype == np.float32
    assert scene.masks.sum(0).max(initial=0) <= 1
    for mask, (x0, y0, x1, y1), visible in zip(
        scene.masks, scene.boxes, scene.visible, strict=True
    ):
        assert visible >= 0.7
        rows, columns = mask.nonzero()
        assert (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1) == (x0, y0, x1, y1)


def test_the_same_seed_gives_the_same_scene():
    first, second = (compose(random_layout(7)) for _ in range(2))
    assert np.array_equal(first.image, second.image)
    assert first.cutouts == second.cutouts
    assert not np.array_equal(compose(random_layout(8)).image, first.image)


def test_a_real_detector_finds_placed_animals_where_they_are():
    animals = [NAMED[name] for name in ("zebra", "elephant", "giraffe", "horse")]
    found = right = 0
    for seed in range(5):
        scene = compose(random_layout(seed, animals, count=2, lengths=(0.5, 0.6)))
        answer = nets.detect(scene.image)
        overlap = nets.box_iou(scene.boxes, answer.boxes)
        for cutout, row in zip(scene.cutouts, overlap, strict=True):
            found += 1
            right += bool(((row > 0.5) & (answer.labels == cutout.name)).any())
    assert right / found >= 0.7


@pytest.mark.parametrize("name", background_names())
def test_backgrounds_cover_any_shape_and_hold_nothing_to_detect(name):
    for shape in ((1, 1), (30, 200), (200, 30), (320, 416)):
        ground = background(name, *shape)
        assert ground.shape == (*shape, 3) and ground.dtype == np.float32
    assert len(nets.detect(ground, threshold=0.5)) == 0


def test_what_cannot_be_composed_is_refused():
    with pytest.raises(ValueError, match="choose one of: brick"):
        background("moonscape", 9, 9)
    with pytest.raises(ValueError, match="at least 1 pixel"):
        background("brick", 0, 9)
    for length in (0, 3, np.nan, np.inf):
        with pytest.raises(ValueError, match="at least 4"):
            compose(Layout(PLAIN, (Placement(ZEBRA, 1, 1, length),)))
    with pytest.raises(ValueError, match="NaN"):
        compose(Layout(PLAIN * np.nan, ()))
    with pytest.raises(ValueError, match="from 0 to 2"):
        random_layout(0, [ZEBRA, COIN], count=3)
    with pytest.raises(ValueError, match="shortest <= longest"):
        random_layout(0, lengths=(0.5, 0.2))
    with pytest.raises(ValueError, match="find no place"):
        random_layout(0, cutouts("coins"), count=12, lengths=(0.9, 1.0))
