"""How many right matches survive: the curve agrees with looking at each view by itself."""

from dataclasses import replace

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.features.sift import fast_sift
from aml4d_utils.topics.features.survival import RANGES, survival
from aml4d_utils.topics.features.transforms import View
from aml4d_utils.topics.features.two_views import look_twice

SIDE = 150


@pytest.fixture(scope="module")
def photo():
    return images.fit(images.photo("chelsea"), 120)


@pytest.fixture(scope="module")
def first(photo):
    return fast_sift(photo)


@pytest.mark.parametrize("along", RANGES)
def test_the_curve_is_what_each_view_gives(photo, first, along):
    view = View(rotation=20, noise=0.01)
    last = list(survival(photo, first, view, SIDE, along=along, ratio=0.7))[-1]
    assert last.fraction == 1
    assert set(RANGES[along]) <= set(last.values)
    assert (np.diff(last.values) > 0).all()
    for value, count in list(zip(last.values, last.counts, strict=True))[::3]:
        two = look_twice(photo, replace(view, **{along: value}), SIDE, first)
        assert count == (two.kept(0.7) & two.right).sum()


def test_the_first_record_comes_at_once_and_the_last_is_whole(photo, first):
    records = list(survival(photo, first, View(rotation=10), SIDE))
    assert records[0].values.tolist() == [10.0]
    assert [len(record.values) for record in records] == list(range(1, len(records) + 1))
    assert [record.fraction for record in records] == sorted(r.fraction for r in records)
    kept = records[0].two.kept(0.8)
    assert records[0].right + records[0].wrong == kept.sum()
    assert records[0].right == (kept & records[0].two.right).sum()


def test_what_is_known_is_not_computed_again(photo, first):
    known = {}
    whole = list(survival(photo, first, View(), SIDE, known=known))[-1]
    again = list(survival(photo, first, View(rotation=30), SIDE, known=known))
    assert len(again) == 1
    np.testing.assert_array_equal(again[0].counts, whole.counts)
    tighter = list(survival(photo, first, View(rotation=30), SIDE, ratio=0.5, known=known))
    assert len(tighter) == 1
    assert (tighter[0].counts <= whole.counts).all()


def test_darkness_costs_matches(photo, first):
    last = list(survival(photo, first, View(), SIDE, along="brightness"))[-1]
    assert last.counts[0] < 0.3 * last.counts[last.values == 1][0]


def test_a_photo_of_one_colour_has_a_flat_curve():
    grey = np.full((40, 40, 3), 0.5, dtype=np.float32)
    last = list(survival(grey, fast_sift(grey), View(), 60))[-1]
    assert last.counts.tolist() == [0] * len(last.counts)


def test_an_unknown_range_is_refused(photo, first):
    with pytest.raises(ValueError, match="rotation, scale, tilt, brightness, noise, but got 'crop"):
        next(survival(photo, first, View(), SIDE, along="crop"))
