"""Tasks and splits: no original on both sides; styles that change what they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.transfer import figures, picture_styles
from aml4d_utils.topics.transfer.task_distance import (
    STATIONS,
    labels_for,
    rendered_and_photographed,
    station,
)
from aml4d_utils.topics.transfer.tasks import SIDE, Task, photo_task, product_task, split_task


@pytest.fixture(scope="module")
def photos():
    return photo_task()


def originals(task, places):
    return {task.originals[k] for k in places}


@pytest.mark.parametrize("seed", range(6))
def test_no_original_is_learned_from_and_tested_with(photos, seed):
    split = split_task(photos, 20, seed)
    assert not originals(photos, split.labelled(20)) & originals(photos, split.test)
    assert len(originals(photos, split.test)) == len(split.test)


def test_fewer_labels_are_the_first_of_more(photos):
    split = split_task(photos, 20, 3)
    few, more = split.labelled(2), split.labelled(5)
    assert set(few) < set(more)
    assert np.bincount(photos.labels[few]).tolist() == [2] * 6
    assert set(photos.labels[split.test]) == set(range(6))


def test_another_seed_is_another_split(photos):
    assert set(split_task(photos, 20, 0).test) != set(split_task(photos, 20, 1).test)
    assert (split_task(photos, 20, 0).test == split_task(photos, 20, 0).test).all()


@given(st.lists(st.integers(0, 5), min_size=8, max_size=40), st.integers(0, 99))
def test_pictures_of_one_original_stay_together(which, seed):
    labels = np.array([k % 2 for k in which])
    names = tuple(f"original {k}" for k in which)
    task = Task("invented", ("a", "b"), np.zeros((len(which), 1, 1, 3), np.uint8), labels, names)
    each = [len({n for n, y in zip(names, labels, strict=True) if y == k}) for k in (0, 1)]
    if min(each) < 2:
        with pytest.raises(ValueError, match="leave"):
            split_task(task, max(1, min(each)), seed)
        return
    split = split_task(task, 1, seed)
    learned = np.concatenate(split.pools)
    assert not originals(task, learned) & originals(task, split.test)
    assert sorted([*learned, *split.test]) == list(range(len(which)))


def test_too_many_labels_are_refused(photos):
    with pytest.raises(ValueError, match="vegetables.*22 originals"):
        split_task(photos, 22, 0)
    with pytest.raises(ValueError, match="1 to 5 labels"):
        split_task(photos, 5, 0).labelled(6)


def test_products_are_split_by_model():
    task = product_task(11)
    assert np.bincount(task.labels).tolist() == [11] * 6
    assert len(set(task.originals)) == len(task.originals)
    assert labels_for("rendered", (1, 5, 20)) == (1, 5)
    assert labels_for("photos", (1, 5, 20)) == (1, 5, 20)
    split_task(task, 5, 0)


def test_rendered_and_photographed_share_their_classes():
    rendered, photos = rendered_and_photographed()
    assert rendered.classes == photos.classes
    assert np.bincount(rendered.labels).tolist() == [20, 20, 20]
    assert len(set(rendered.originals)) == 15
    assert not set(rendered.originals) & set(photos.originals)


def test_an_unknown_station_is_refused():
    with pytest.raises(ValueError, match="scrambled"):
        station("paintings")
    assert len(STATIONS) == 6


def test_social_media_blurs_tints_and_packs():
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)
    shared = picture_styles.social(noise)
    assert shared.shape == noise.shape
    assert shared.std() < noise.std() / 2
    means = shared.reshape(-1, 3).mean(0) / noise.reshape(-1, 3).mean(0)
    assert means[0] > means[1] > means[2]


def test_a_drawing_is_white_but_for_edges():
    picture = np.full((SIDE, SIDE, 3), 90, np.uint8)
    picture[:, SIDE // 2 :] = 200
    drawn = picture_styles.drawing(picture)
    assert drawn[:, :20].min() > 250
    assert drawn[:, -20:].min() > 250
    assert drawn[SIDE // 2, SIDE // 2 - 2].max() < 200
    assert (drawn == drawn[..., :1]).all()


def test_scrambling_moves_squares_and_loses_none():
    rng = np.random.default_rng(1)
    small = rng.integers(0, 256, (32, 32, 3), dtype=np.uint8)
    picture = small.repeat(4, 0).repeat(4, 1)
    mixed = picture_styles.scrambled(picture)
    again = mixed[::4, ::4].reshape(-1, 3)
    assert sorted(map(tuple, again.tolist())) == sorted(map(tuple, small.reshape(-1, 3).tolist()))
    assert (again != small.reshape(-1, 3)).any(1).mean() > 0.9
    assert (picture_styles.scrambled(picture) == mixed).all()


@pytest.mark.parametrize("per_class", [1, 2, 5, 10])
def test_tiles_show_every_picture_class_by_class_and_stay_low(photos, per_class):
    places = split_task(photos, 20, 0).labelled(per_class)
    sheet = figures.task_tiles(photos, places, per_class)
    spots = []
    for tile in photos.pictures[places][:, ::2, ::2]:
        side = len(tile)
        windows = np.lib.stride_tricks.sliding_window_view(sheet[..., 1], (side, side))
        alike = (windows[:, :, ::9, ::9] == tile[::9, ::9, 1]).all((2, 3))
        found = [
            (row, col)
            for row, col in np.argwhere(alike).tolist()
            if (sheet[row : row + side, col : col + side] == tile).all()
        ]
        assert len(found) == 1
        spots += found
    assert len(set(spots)) == 6 * per_class
    firsts = spots[::per_class]
    assert firsts == sorted(firsts)
    width = figures.width_of_tiles(sheet)
    assert width <= 620
    assert width * sheet.shape[0] / sheet.shape[1] <= 200
