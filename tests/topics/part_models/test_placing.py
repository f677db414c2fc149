import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.images import faces
from aml4d_utils.topics.part_models.part_search import view_of_patch
from aml4d_utils.topics.part_models.placing import centre_of, dragged, place_parts

STILL = ((0, 0),) * 4


@pytest.fixture(scope="module")
def view():
    return view_of_patch(faces().test_faces[2], "A face")


def test_without_moves_all_parts_are_at_their_best_places(model, view):
    placed = place_parts(model, view, "nose")
    assert placed.places == placed.best_places
    assert placed.scored == placed.best
    assert placed.looked_at.name == "nose"


def test_the_maps_explain_the_table(model, view):
    placed = place_parts(model, view, "mouth", ((0, 0), (1, -1), (0, 2), (-3, 2)))
    place, score = placed.places[3], placed.scored.parts[3]
    assert placed.matches[place] == pytest.approx(score.match)
    assert placed.costs[place] == pytest.approx(score.cost)
    best = (placed.matches - placed.costs).max()
    assert best == pytest.approx(placed.best.parts[3].score)
    assert placed.transformed[placed.anchors[3]] == pytest.approx(best)


@given(moves=st.tuples(*[st.tuples(st.integers(-30, 30), st.integers(-30, 30))] * 4))
def test_parts_stay_inside_and_never_beat_the_best(model, view, moves):
    placed = place_parts(model, view, "mouth", moves)
    for found, (row, col) in zip(placed.maps.parts, placed.places, strict=True):
        assert 0 <= row < found.matches.shape[0] and 0 <= col < found.matches.shape[1]
    assert placed.scored.total <= placed.best.total + 1e-9


def test_pressing_takes_the_part_under_the_pointer(model, view):
    placed = place_parts(model, view, "mouth", STILL)
    row, col = centre_of(model.parts[0], placed.places[0])
    name, moves = dragged(placed, int(row), int(col), pressed=True)
    assert name == "left eye" and moves == STILL
    name, moves = dragged(placed, int(row), int(col), pressed=False)
    assert name == "mouth" and moves[3][0] < -4 and moves[:3] == STILL[:3]


def test_pressing_on_nothing_moves_the_part_that_is_looked_at(model, view):
    placed = place_parts(model, view, "nose", STILL)
    name, moves = dragged(placed, 99, 99, pressed=True)
    assert name == "nose" and moves[2] != (0, 0)


def test_one_arrow_key_is_one_cell(model, view):
    for number, part in enumerate(model.parts):
        placed = place_parts(model, view, part.name, STILL)
        row, col = (int(at) for at in centre_of(part, placed.places[number]))
        assert dragged(placed, row, col, pressed=False)[1] == STILL
        for step in ((5, 0), (-5, 0), (0, 5), (0, -5)):
            _, moves = dragged(placed, row + step[0], col + step[1], pressed=False)
            assert moves[number] == (step[0] // 5, step[1] // 5)


def test_soft_springs_give_more_than_stiff_ones(model, view):
    soft, stiff = (place_parts(model, view, "nose", stiffness=k) for k in (0.1, 5))
    far = [np.abs(placed.moves).sum() for placed in (soft, stiff)]
    assert far[0] > far[1]


def test_an_unknown_part_is_refused(model, view):
    with pytest.raises(ValueError, match="no part 'ear'; the model has left eye"):
        place_parts(model, view, "ear")
