"""Wall, ranking, curves and conflicting cues: against loops, closed forms and pairs by hand."""

from dataclasses import replace

import numpy as np
import pytest
from topics.challenges.examples import wall

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.nets import box_iou
from aml4d_utils.solids import thing, things
from aml4d_utils.topics.challenges import chair_wall, figures, ranking, texture_shape
from aml4d_utils.topics.challenges.bench import challenge
from aml4d_utils.topics.challenges.robustness import Robustness
from aml4d_utils.topics.challenges.subjects import of_thing, subject
from aml4d_utils.topics.poses.asking import ask

# --- the wall ----------------------------------------------------------------------------------


NO_TRAITS = (0.0,) * len(chair_wall.TRAITS)


def chair(mask, score=0.5, traits=NO_TRAITS):
    """A chair of an invented outline."""
    answer = wall().chairs[0].answer
    return chair_wall.ChairView(
        things("chair")[0],
        np.zeros((*mask.shape, 3)),
        mask,
        replace(answer, probability=score),
        traits,
    )


def test_the_two_most_unlike_are_those_with_the_smallest_iou():
    boxes = np.array([[0, 0, 8, 8], [1, 1, 8, 8], [4, 0, 9, 9], [0, 5, 9, 9]])
    masks = np.zeros((4, 10, 10))
    for mask, (x0, y0, x1, y1) in zip(masks, boxes, strict=True):
        mask[y0:y1, x0:x1] = 1
    made = chair_wall.Wall(tuple(chair(mask) for mask in masks), 1.0)
    overlap = box_iou(boxes, boxes)
    first, second, least = made.unlike()
    assert least == pytest.approx(overlap.min())
    assert overlap[first, second] == pytest.approx(overlap.min())


def test_traits_are_told_apart_by_the_chance_of_more():
    scores = [0.9, 0.8, 0.1, 0.2, 0.1]
    values = [1.0, 2.0, 2.0, 3.0, 4.0]
    chairs = [
        chair(np.ones((4, 4)), score, (value,) + (0.0,) * (len(chair_wall.TRAITS) - 1))
        for score, value in zip(scores, values, strict=True)
    ]
    made = chair_wall.Wall(tuple(chairs), 1.0)
    name, missed, found, more = made.told_apart(0.5)[0]
    assert name == next(iter(chair_wall.TRAITS))
    assert (missed, found) == (3.0, 1.5)
    # Of six pairs of a missed and a found one five have more, and one is equal.
    assert more == pytest.approx(5.5 / 6)
    assert [row[3] for row in made.told_apart(0.5)[1:]] == [0.5] * (len(chair_wall.TRAITS) - 1)
    assert made.told_apart(0.0) == [] and made.told_apart(0.95) == []


def test_traits_of_simple_outlines():
    ring = np.zeros((20, 20))
    ring[2:18, 5:15] = 1
    ring[6:14, 8:12] = 0
    light = np.where(ring > 0, 0.8, 0.5)
    found = {name: measure(ring, light) for name, measure in chair_wall.TRAITS.items()}
    assert list(found.values()) == pytest.approx([128 / 400, 10 / 16, 0.8, 0.3, 32 / 160])


def test_the_wall_is_asked_once_for_each_side():
    walls = chair_wall.ChairWalls(most=3)
    steps = list(walls.wall(60, 30))
    assert [len(step.chairs) for step in steps] == [1, 2, 3]
    again = list(walls.wall(60, 30))
    assert len(again) == 1 and again[0] is steps[-1]
    assert len(list(walls.wall(90, 30))) == 3
    assert len(chair_wall.ChairWalls().things) == 42


def test_a_click_meets_the_chair_that_is_drawn_there():
    picture = figures.wall_picture(wall(), 0.3)
    found = wall().found(0.3)
    for place, hit in enumerate(found):
        row, column = divmod(place, figures.WALL_COLUMNS)
        corner = picture[row * 76, column * 76]
        assert corner.tolist() == ([0, 114, 178] if hit else [213, 94, 0])
        assert figures.chair_at(wall(), row * 76 + 40, column * 76 + 40) == place
        x0, y0, x1, y1 = figures.chair_box(place)
        assert figures.chair_at(wall(), y0, x0) == figures.chair_at(wall(), y1, x1) == place
    assert figures.chair_at(wall(), 74, 10) is None
    assert figures.chair_at(wall(), 76 + 10, 76 * 6 + 10) is None


# --- curves and ranking ------------------------------------------------------------------------


def test_a_curve_has_wilsons_intervals():
    right = np.array([[1, 1, 1, 1], [1, 0, 1, 0]])
    curve = Robustness("scale", np.array([0.0, 0.5]), right)
    assert curve.shares.tolist() == [1.0, 0.5]
    assert curve.intervals.tolist() == [list(wilson(1.0, 4)), list(wilson(0.5, 4))]
    for wrong in (right[:1], right[0], np.zeros((2, 0))):
        with pytest.raises(ValueError, match="one row for each of 2 strengths"):
            Robustness("scale", np.array([0.0, 0.5]), wrong)


def test_the_ranking_counts_what_is_asked():
    asked = [of_thing(thing(name)) for name in ("motor scooter", "football")]
    chosen = {"scale": 0.6, "clutter": 1.0}
    last = list(ranking.rank(asked, chosen, ("SqueezeNet",)))[-1]
    harms = {harm.name: harm for harm in last.harms["SqueezeNet"]}
    for name, strength in chosen.items():
        right = sum(
            ask(
                "SqueezeNet", challenge(each, name, strength).picture, each.words["SqueezeNet"]
            ).right
            for each in asked
        )
        assert (harms[name].right, harms[name].count) == (right, 2)
    assert (harms[ranking.UNTOUCHED].right, harms[ranking.UNTOUCHED].count) == (2, 2)
    assert harms[ranking.VARIATION].count == 1  # there is one football
    assert last.harms["SqueezeNet"][-1].name == ranking.UNTOUCHED
    shares = [harm.share for harm in last.harms["SqueezeNet"][:-1]]
    assert shares == sorted(shares) and last.fraction == 1
    with pytest.raises(ValueError, match="nothing to ask about"):
        list(ranking.rank([], chosen, ("SqueezeNet",)))


def test_another_of_its_kind_shares_a_word_and_no_design():
    sofa = thing("white tufted sofa")
    other = ranking.another_of_its_kind(sofa)
    assert other.original != sofa.original and set(other.imagenet) & set(sofa.imagenet)
    assert ranking.another_of_its_kind(thing("football")) is None
    assert ranking.another_of_its_kind(thing("chandelier")) is None


# --- texture against shape ---------------------------------------------------------------------


def test_a_skin_has_nothing_of_its_outline():
    layer = np.zeros((40, 40, 4), np.float32)
    layer[10:30, 5:35] = (0.2, 0.4, 0.6, 1.0)
    layer[9, 5:35] = (1.0, 0.0, 0.0, 0.5)  # the soft edge
    np.testing.assert_allclose(texture_shape.skin(layer), np.full((40, 40, 3), (0.2, 0.4, 0.6)),
                               atol=1e-6)  # fmt: skip
    with pytest.raises(ValueError, match="no surface"):
        texture_shape.skin(np.zeros((8, 8, 4), np.float32))


def test_a_skin_is_mirrored_so_that_it_has_no_seams():
    rng = np.random.default_rng(0)
    layer = np.ones((24, 24, 4), np.float32)
    layer[..., :3] = rng.random((24, 24, 3))
    layer[:8, :, 3] = 0
    skin = texture_shape.skin(layer)
    side = 15  # the largest odd square in 16 rows
    np.testing.assert_array_equal(skin[side - 1], skin[side])


def test_a_dressed_thing_keeps_its_outline():
    bear, zebra = subject("teddy bear"), subject("zebra")
    picture = texture_shape.dressed(bear, zebra)
    outside = bear.layer()[..., 3] == 0
    np.testing.assert_allclose(picture[outside], 0.5)
    inside = bear.layer()[..., 3] == 1
    np.testing.assert_array_equal(picture[inside], texture_shape.skin(zebra.layer())[inside])


def test_shares_are_those_of_the_words_of_each_kind():
    kinds = ("zebra", "violin", "lemon")
    picture = challenge(subject("violin"), "scale", 0.0).picture
    shares = texture_shape.kind_shares("Lite0", picture, kinds)
    by_hand = {
        kind: ask("Lite0", picture, subject(kind).words["Lite0"]).probability for kind in kinds
    }
    total = sum(by_hand.values())
    assert shares == pytest.approx({kind: value / total for kind, value in by_hand.items()})


@pytest.mark.parametrize("kind", texture_shape.KINDS)
def test_the_control_each_kind_in_its_own_skin_is_mostly_right(kind):
    made = texture_shape.conflict(kind, kind)
    assert made.decisions["Lite0"] == "shape"
    assert np.abs(made.picture - 0.5).max() > 0.05


def test_every_pair_is_counted_once():
    kinds = ("zebra", "lemon", "violin")
    steps = list(texture_shape.count_decisions(kinds))
    assert len(steps) == 6 and steps[-1].fraction == 1
    assert all(sum(each.values()) == 6 for each in steps[-1].counts.values())
    by_hand = [
        texture_shape.conflict(a, b, kinds).decisions["SqueezeNet"]
        for a in kinds
        for b in kinds
        if a != b
    ]
    assert steps[-1].counts["SqueezeNet"] == {
        cue: by_hand.count(cue) for cue in ("shape", "texture", "neither")
    }


def test_only_decisions_for_one_of_the_two_count():
    made = texture_shape.ConflictCounts({"a": {"shape": 2, "texture": 6, "neither": 9}}, 1.0)
    assert made.shape_share("a") == (0.25, *wilson(0.25, 8))
    none = texture_shape.ConflictCounts({"a": {"shape": 0, "texture": 0, "neither": 9}}, 1.0)
    assert none.shape_share("a") is None
