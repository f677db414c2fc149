"""The stored favourites are what a search finds, and no original comes twice."""

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.nets import preprocess
from aml4d_utils.nets.squeezenet_layers import feature_maps
from aml4d_utils.topics.visualisation.collection import collection, collection_picture
from aml4d_utils.topics.visualisation.projection import LAYERS, UNITS, box_of
from aml4d_utils.topics.visualisation.top_patches import (
    BEST,
    favourite_patches,
    find_top_cells,
    first_patch,
    patch,
    shown_originals,
    stored_top_cells,
)


def outcome(search):
    while True:
        try:
            next(search)
        except StopIteration as end:
            return end.value


def test_every_unit_is_stored():
    stored = stored_top_cells()
    assert {layer: len(cells.values) for layer, cells in stored.items()} == UNITS
    for cells in stored.values():
        assert (np.diff(cells.values, axis=1) <= 0).all()
        assert ((cells.pictures >= 0) == (cells.values > 0)).all()
        assert cells.pictures.max() < len(collection())
        assert (cells.pictures[:, 0] >= 0).mean() > 0.99


@pytest.mark.parametrize("layer", LAYERS)
def test_stored_answers_are_measured_again(net, layer):
    cells = stored_top_cells()[layer]
    for unit in np.random.default_rng(1).choice(UNITS[layer], 2, replace=False):
        for place in (0, 4):
            number = int(cells.pictures[unit, place])
            pixels = preprocess("squeezenet1_1", collection_picture(number).image, "cpu")
            (maps,) = feature_maps(net, pixels, [layer])
            answer = float(maps[0, unit, cells.rows[unit, place], cells.cols[unit, place]])
            assert answer == pytest.approx(cells.values[unit, place], rel=2e-3)


@pytest.mark.parametrize("layer", ["fire3", "fire9"])
def test_no_original_comes_twice(net, layer):
    cells = stored_top_cells()[layer]
    for unit in (0, 40, 100):
        seen: set[str] = set()
        for number, row, col in zip(
            cells.pictures[unit], cells.rows[unit], cells.cols[unit], strict=True
        ):
            if number < 0:
                continue
            box = box_of(net, layer, int(row), int(col))
            shown = shown_originals(collection_picture(int(number)), box)
            assert shown and not shown & seen
            seen |= shown


def test_a_search_finds_the_largest_answers(net):
    """Against a plain search over few pictures, without any bookkeeping."""
    numbers = [0, 5, 80, 120, 400]
    found = outcome(find_top_cells(net, ["fire5"], numbers))["fire5"]
    answers = []
    for number in numbers:
        pixels = preprocess("squeezenet1_1", collection_picture(number).image, "cpu")
        answers.append(feature_maps(net, pixels, ["fire5"])[0][0].amax((1, 2)).numpy())
    best = np.max(answers, axis=0)
    np.testing.assert_allclose(found.values[:, 0], best, rtol=1e-5)
    by_number = dict(zip(numbers, answers, strict=True))
    for unit in np.flatnonzero(best > 0):
        assert by_number[int(found.pictures[unit, 0])][unit] == pytest.approx(best[unit], rel=1e-5)


def test_favourites_arrive_one_after_the_other(net):
    steps = list(favourite_patches(net, "fire5", 171, "guided"))
    assert [len(step.projections) for step in steps] == list(range(BEST + 1))
    last = steps[-1]
    assert last.fraction == 1 and steps[0].fraction == 0
    for shown, projection in zip(last.patches, last.projections, strict=True):
        np.testing.assert_array_equal(shown, projection.crop)
    assert last.projections[0].spot.value == pytest.approx(last.values[0], rel=2e-3)
    np.testing.assert_array_equal(first_patch(net, "fire5", 171), last.patches[0])


def test_a_dead_unit_has_no_patches(net):
    dead = int(np.flatnonzero(stored_top_cells()["fire5"].pictures[:, 0] < 0)[0])
    (only,) = favourite_patches(net, "fire5", dead)
    assert only.patches == () and only.fraction == 0
    assert (first_patch(net, "fire5", dead) == 0.5).all()


def test_what_does_not_exist_is_refused(net):
    with pytest.raises(ValueError, match="stored for conv1"):
        next(favourite_patches(net, "fire2", 0))
    with pytest.raises(ValueError, match="units 0 to 63"):
        next(favourite_patches(net, "conv1", 64))
    with pytest.raises(ValueError, match="pictures 0 to"):
        collection_picture(len(collection()))


def test_the_collection_is_real_and_stays_the_same(net):
    kinds = [entry.kind for entry in collection()]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "photo": 75,
        "cut-out": len({cutout.original for cutout in images.cutouts()}),
        "scene": 60,
    }
    for number in (3, 200, 454):
        picture = collection_picture(number)
        collection_picture.cache_clear()
        again = collection_picture(number)
        np.testing.assert_array_equal(picture.image, again.image)
        assert picture.image.shape == (227, 227, 3)
        assert picture.origins.max() < len(picture.names)


def test_the_middle_of_a_single_cutout_is_the_cutout():
    number = next(k for k, entry in enumerate(collection()) if entry.name == "zebra")
    picture = collection_picture(number)
    assert picture.original_at(113, 113) == picture.names[1]
    assert picture.original_at(0, 0).startswith("background")
    assert picture.original_at(-50, 900).startswith("background")


def test_a_patch_beyond_the_edge_is_grey_there(net):
    corner = patch(net, "fire9", 0, 0, 0)
    assert (corner[0] == 0.5).all()
