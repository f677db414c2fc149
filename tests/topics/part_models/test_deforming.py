import numpy as np
import pytest

from aml4d_utils.images import faces
from aml4d_utils.topics.part_models import figures
from aml4d_utils.topics.part_models.deforming import (
    AMOUNTS,
    KINDS,
    Deformation,
    deform,
    score_curve,
    score_deformed,
    sweep,
)
from aml4d_utils.topics.part_models.part_model import score_maps, two_levels


@pytest.fixture(scope="module")
def face():
    return faces().test_faces[2]


def test_nothing_done_is_the_face_enlarged(face):
    plain = deform(face, Deformation())
    assert plain.shape == (100, 100)
    shrunk = plain.reshape(25, 4, 25, 4).mean((1, 3))
    assert np.abs(shrunk - face)[1:-1, 1:-1].mean() < 0.03


def test_the_mouth_moves_and_the_eyes_stay(face):
    plain, moved = deform(face, Deformation()), deform(face, Deformation(mouth=12))
    assert np.abs(moved - plain)[:35].max() < 0.05
    assert np.abs(moved - plain)[60:90, 25:60].mean() > 0.02
    # The dark line of the mouth is 12 rows further down.
    column = slice(38, 46)
    before, after = (p[62:98, column].mean(1) for p in (plain, moved))
    assert 6 <= int(after.argmin()) - int(before[:24].argmin()) <= 14


def test_a_cover_is_plain_and_where_it_should_be(face):
    below = deform(face, Deformation(cover=30))
    right = deform(face, Deformation(cover=30, edge="right"))
    assert np.ptp(below[70:]) == 0 and np.ptp(right[:, 70:]) == 0
    np.testing.assert_array_equal(below[:70], deform(face, Deformation())[:70])
    assert np.ptp(below[65:70]) > 0


def test_turning_four_times_a_quarter_is_nothing():
    gradient = np.linspace(0, 1, 10000).reshape(100, 100)
    turned = gradient
    for _ in range(4):
        turned = deform(turned, Deformation(turn=90))
    np.testing.assert_allclose(turned, gradient, atol=1e-4)
    once = deform(gradient, Deformation(turn=90))
    np.testing.assert_allclose(once, np.rot90(gradient), atol=1e-3)


def test_moving_to_the_right_moves_every_pixel():
    picture = np.random.default_rng(0).random((100, 100)).astype(np.float32)
    moved = deform(picture, Deformation(shift=10))
    np.testing.assert_allclose(moved[:, 10:], picture[:, :90], atol=1e-5)


def test_scores_are_those_of_the_models(trained, face):
    done = Deformation(mouth=8, turn=5)
    result = score_deformed(trained, face, done)
    levels = two_levels(deform(face, done))
    assert result.root_only == score_maps(trained.root_only, levels).total[0, 0]
    assert result.with_parts == score_maps(trained.model, levels).total[0, 0]
    assert len(result.places) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_the_curve_goes_through_the_score(trained, face, kind):
    done = Deformation(mouth=4, turn=12)
    curve = score_curve(trained, face, done, kind)
    assert curve.shape == (len(AMOUNTS[kind]), 2)
    here = AMOUNTS[kind].index(int(getattr(done, kind)))
    result = score_deformed(trained, face, done)
    np.testing.assert_allclose(curve[here], [result.root_only, result.with_parts])


def test_the_sweep_counts_faces(trained):
    chosen = faces().test_faces[:6]
    *_, last = sweep(trained, chosen, "cover")
    assert last.fraction == 1 and last.amounts == tuple(map(float, AMOUNTS["cover"]))
    for number, amount in enumerate(AMOUNTS["cover"]):
        scored = [score_deformed(trained, f, Deformation(cover=amount)) for f in chosen]
        assert last.root_only[number] == sum(s.root_only > 0 for s in scored)
        assert last.with_parts[number] == sum(s.with_parts > 0 for s in scored)
    assert last.with_parts[-1] < last.with_parts[0]
    intervals = last.intervals(last.with_parts)
    shares = np.array(last.with_parts) / 6
    assert (intervals[:, 0] <= shares + 1e-9).all() and (shares <= intervals[:, 1] + 1e-9).all()


def test_a_turned_face_is_lost(trained):
    steps = list(sweep(trained, faces().test_faces[:10], "turn"))
    assert len(steps) == len(AMOUNTS["turn"])
    middle = AMOUNTS["turn"].index(0)
    assert steps[-1].with_parts[middle] >= 8
    assert max(steps[-1].with_parts[0], steps[-1].with_parts[-1]) <= 2
    assert figures.describe_sweep(steps[-1]) != figures.describe_sweep(steps[0])
    assert "of 10 faces" in figures.describe_sweep(steps[-1]).lower()


def test_what_was_done_is_said(trained, face):
    words = [
        figures.describe_deformed(score_deformed(trained, face, done))
        for done in (
            Deformation(),
            Deformation(mouth=-8),
            Deformation(turn=20, cover=30),
            Deformation(shift=-10, cover=30, edge="right"),
        )
    ]
    assert len(set(words)) == 4
    assert words[0].startswith("The face is as it was")
    assert "8 % of the face further up" in words[1]
    assert "turned by 20° anticlockwise" in words[2] and "from below" in words[2]
    assert "10 % to the left" in words[3] and "from the right" in words[3]


def test_wrong_numbers_are_refused(trained, face):
    with pytest.raises(ValueError, match="finite"):
        deform(face, Deformation(turn=np.nan))
    with pytest.raises(ValueError, match="below or right"):
        deform(face, Deformation(cover=5, edge="above"))
    with pytest.raises(ValueError, match="mouth, shift, turn, cover"):
        next(sweep(trained, faces().test_faces, "age"))
    with pytest.raises(ValueError, match="at least one face"):
        next(sweep(trained, faces().test_faces[:0], "turn"))


@pytest.mark.parametrize("plain", [np.full((25, 25), 0.5), np.zeros((1, 1)), np.ones((3, 9, 3))])
def test_pictures_without_anything_are_no_problem(trained, plain):
    result = score_deformed(trained, plain, Deformation(mouth=16, turn=30, cover=20))
    assert np.isfinite([result.root_only, result.with_parts]).all()
