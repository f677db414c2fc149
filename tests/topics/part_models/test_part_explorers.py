import numpy as np
import pytest

from aml4d_utils.images import photo
from aml4d_utils.topics.part_models import figures
from aml4d_utils.topics.part_models.explorers import (
    FACE_NAMES,
    PART_NAMES,
    deform_explorer,
    envelope_explorer,
    part_explorer,
)


@pytest.fixture(scope="module")
def made(model):
    return part_explorer(model, photo("coffee"))


@pytest.fixture
def explorer(made):
    made.reset()
    return made


def widgets(explorer):
    face, table, *maps = explorer.widget.children[0].children[1].children
    return face, table, maps


def send(picture, row, col, action):
    content = {"kind": "cursor", "row": row, "col": col, "action": action}
    picture._on_message(picture, content, [])


def test_it_begins_with_everything_at_its_best(explorer):
    result = explorer.result
    assert result.scored == result.best
    assert explorer.state.snapped and "No places of the parts give more" in explorer.sentence


@pytest.mark.parametrize("face", FACE_NAMES)
@pytest.mark.parametrize("part", PART_NAMES)
def test_every_face_and_part_can_be_shown(explorer, face, part):
    explorer.set(face=face, part=part)
    assert explorer.result.looked_at.name == part
    assert np.isfinite(explorer.result.scored.total)
    face_picture, table, maps = widgets(explorer)
    assert part in table.value and part in face_picture.alt
    assert all(picture.alt and picture.frame for picture in maps)


def test_dragging_a_part_moves_it_and_lowers_the_score(explorer):
    face, _, _ = widgets(explorer)
    before = explorer.result.scored.total
    row, col = face.cursor
    send(face, row, col, "press")
    send(face, row - 30, col, "drag")
    assert explorer.result.moves[3][0] <= -5
    assert explorer.result.scored.total < before - 0.1
    assert not explorer.state.snapped
    assert "At their best places" in explorer.sentence
    explorer.set(snapped=True)
    assert explorer.result.scored.total == pytest.approx(before)


def test_a_press_on_another_part_takes_hold_of_it(explorer):
    face, _, _ = widgets(explorer)
    top, left = explorer.result.places[1]
    send(face, top * 5 + 5, left * 5 + 25, "press")
    assert explorer.state.part == "right eye"


def test_arrow_keys_move_the_part_by_cells(explorer):
    face, _, _ = widgets(explorer)
    assert face.step == 5
    before = explorer.result.moves[3]
    send(face, face.cursor[0], face.cursor[1] + 5, "key")
    assert explorer.result.moves[3] == (before[0], before[1] + 1)


def test_stiffness_changes_cost_not_match(explorer):
    explorer.set(snapped=False, moves=((0, 0), (0, 0), (0, 0), (-2, 3)))
    once = explorer.result.scored.parts[3]
    explorer.set(stiffness=3)
    thrice = explorer.result.scored.parts[3]
    assert thrice.match == once.match and thrice.cost == pytest.approx(3 * once.cost)


def test_different_places_are_described_differently(explorer):
    words = {explorer.sentence}
    for moves in ((0, 0), (1, 0), (0, -4)):
        explorer.set(snapped=False, moves=((0, 0),) * 3 + (moves,))
        words.add(explorer.sentence)
    assert len(words) >= 3
    assert any("4 cells left of its anchor" in sentence for sentence in words)


@pytest.mark.parametrize("image", [np.full((60, 60, 3), 0.5), np.zeros((1, 1, 3))])
def test_photos_without_anything_are_no_problem(model, image):
    explorer = part_explorer(model, image)
    explorer.set(face=FACE_NAMES[-1])
    assert "no face" in explorer.sentence and "nan" not in explorer.sentence


# --- deforming and the envelope ------------------------------------------------------------------


@pytest.fixture(scope="module")
def bending(trained):
    return deform_explorer(trained)


def test_every_deformation_changes_picture_scores_and_words(bending):
    bending.reset()
    before, after, plot = bending.widget.children[0].children[1].children
    assert bending.result.before.with_parts == bending.result.after.with_parts
    words = {bending.sentence}
    for change in ({"mouth": 12}, {"shift": -8}, {"turn": 30}, {"cover": 40}):
        bending.reset()
        frame = after.frame
        bending.set(**change)
        words.add(bending.sentence)
        assert after.frame != frame and figures.describe_deformed(bending.result.after) in after.alt
        lost = bending.result.before.root_only - bending.result.after.root_only
        assert f"The root {'lost' if lost >= 0 else 'gained'} {abs(lost):.2f}" in bending.sentence
        assert after.heading != before.heading
    assert len(words) == 5


@pytest.mark.parametrize(
    "curve", ["moving the mouth", "moving the face", "turning it", "covering it"]
)
def test_the_curve_can_be_chosen(bending, curve):
    bending.reset()
    bending.set(curve=curve, edge="right")
    plot = bending.widget.children[0].children[1].children[2]
    assert len(plot.spec["series"]) == 3
    assert plot.spec["marker"]["y"] == pytest.approx(bending.result.after.with_parts)


def test_the_envelope_grows_place_by_place(model):
    explorer = envelope_explorer(model)
    kept = []
    for part in PART_NAMES:
        for seen in (1, 7, 13):
            explorer.set(part=part, seen=seen)
            assert f"{seen} of 13 places" in explorer.sentence
            kept.append(len(explorer.result.now.tops))
    assert max(kept) > 1
    explorer.set(seen=13, stiffness=5)
    stiff = len(explorer.result.now.tops)
    explorer.set(stiffness=0.1)
    assert len(explorer.result.now.tops) < stiff
