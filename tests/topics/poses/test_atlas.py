"""The map of all poses: against integrals, loops, and what the networks say pose by pose."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from topics.poses.examples import MOSTLY, RARELY, UNASKED, by_net

from aml4d_utils import solids
from aml4d_utils.topics.poses import atlas
from aml4d_utils.topics.poses.asking import accepted, ask


def test_weights_are_areas_of_the_sphere():
    yaws, pitches = np.linspace(-180, 180, 13), np.linspace(90, -90, 7)
    weights = atlas.sphere_weights(pitches, yaws)
    rng = np.random.default_rng(0)
    points = rng.normal(size=(200_000, 3))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    counts = np.zeros(weights.shape)
    rows = np.rint((90 - np.degrees(np.arcsin(points[:, 1]))) / 30).astype(int)
    columns = np.rint((np.degrees(np.arctan2(points[:, 0], points[:, 2])) + 180) / 30).astype(int)
    np.add.at(counts, (rows, columns), 1)
    assert weights.sum() == pytest.approx(1)
    np.testing.assert_allclose(counts / len(points), weights, atol=0.002)


def test_shares_are_those_of_the_sphere():
    weights = atlas.sphere_weights(MOSTLY.pitches, MOSTLY.yaws)
    assert MOSTLY.misread == pytest.approx(weights[~MOSTLY.right].sum())
    assert dict(MOSTLY.wrong_words) == {
        "bucket": pytest.approx(weights[0, 2]),
        "lampshade": pytest.approx(weights[1, 1] + weights[2].sum()),
    }
    assert UNASKED.misread == 0 and UNASKED.wrong_words == []


def test_what_was_not_asked_does_not_count():
    half = MOSTLY.probability.copy()
    half[1:] = np.nan
    seen = replace(MOSTLY, probability=half)
    weights = atlas.sphere_weights(seen.pitches, seen.yaws)[0]
    assert seen.misread == pytest.approx(weights[2] / weights.sum())


@given(st.lists(st.booleans(), min_size=45, max_size=45))
def test_transfer_is_a_share_of_the_poses_that_fool_the_first(flags):
    one, other, asked = np.array(flags).reshape(3, 3, 5)
    first = replace(MOSTLY, right=one)
    second = replace(RARELY, right=other, probability=np.where(asked, 0.5, np.nan))
    weights = atlas.sphere_weights(first.pitches, first.yaws)
    fooled = both = 0.0
    for place in np.ndindex(3, 5):
        if asked[place] and not one[place]:
            fooled += weights[place]
            both += weights[place] * (not other[place])
    found = atlas.transfer(by_net(first, second), "Lite0")["SqueezeNet"]
    assert found == (pytest.approx(both / fooled) if fooled else None)


def test_every_pose_is_asked_once_and_as_it_is_seen():
    book = atlas.Atlas(("SqueezeNet",), coarse=(3, 2), fine=(5, 3))
    cup = solids.thing("cup and saucer")
    steps = list(book.fill(cup, 15.0))
    assert len(steps) == 4 * 3  # the last column is the first
    assert [step.fraction for step in steps] == sorted({k / 12 for k in range(1, 13)})
    assert steps[3].maps["SqueezeNet"].asked.sum() == 4 + 2
    found = book.map(cup, 15.0, "SqueezeNet")
    np.testing.assert_array_equal(found.probability[:, 0], found.probability[:, -1])
    for row, column in ((0, 1), (1, 3), (2, 2)):
        picture = atlas.picture_of(cup, found.yaws[column], found.pitches[row], 15.0)
        answer = ask("SqueezeNet", picture, accepted(cup, "SqueezeNet"))
        assert found.guesses[row, column] == answer.guess
        assert found.right[row, column] == answer.right
        assert found.probability[row, column] == answer.probability
    assert list(book.fill(cup, 15.0)) == []


def test_the_first_network_is_asked_first_and_only_it_is_refined():
    book = atlas.Atlas(("Lite0", "SqueezeNet"), coarse=(2, 2), fine=(3, 3))
    ball = solids.thing("football")
    steps = list(book.fill(ball, 0.0, first="SqueezeNet"))
    assert steps[1].maps["SqueezeNet"].asked.sum() == 4
    assert not steps[1].maps["Lite0"].asked.any()
    assert steps[-1].maps["SqueezeNet"].asked.all()
    assert steps[-1].maps["Lite0"].asked.sum() == 4
    assert list(book.fill(ball, 0.0, first="Lite0", fine=False)) == []


def test_grids_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="no part of the grid"):
        atlas.Atlas(coarse=(4, 3), fine=(6, 5))


def test_the_nearest_cell_goes_round():
    yaws, pitches = np.linspace(-180, 180, 25), np.linspace(90, -90, 13)
    assert atlas.nearest_cell(yaws, pitches, 179, 0) == (6, 0)
    assert atlas.nearest_cell(yaws, pitches, 31, 44) == (3, 14)
