import numpy as np
import pytest

from aml4d_utils.images import faces, photo
from aml4d_utils.topics.part_models import figures
from aml4d_utils.topics.part_models.distance_transform import EnvelopeScan, Spring, upper_envelope
from aml4d_utils.topics.part_models.part_search import best_face, find_faces, view_of_patch
from aml4d_utils.topics.part_models.part_training import check_on_held_out
from aml4d_utils.topics.part_models.placing import place_parts

LINE = np.array([0.0, 0.3, -0.2, 0.5, 0.45, 0.1])


@pytest.fixture(scope="module")
def placed(model):
    return place_parts(model, view_of_patch(faces().test_faces[2], "A face"), "mouth")


def test_visible_parabolas_are_those_that_are_highest_somewhere_on_the_line():
    spring = Spring(0.0, 0.05)
    found = upper_envelope(LINE, spring)
    fine = np.linspace(0, len(LINE) - 1, 5001)
    heights = [match - spring.cost(place - fine) for place, match in enumerate(LINE)]
    assert found.visible == sorted(set(np.argmax(heights, axis=0).tolist()))
    assert set(found.visible) <= set(found.tops)


def test_the_envelopes_curve_is_the_highest_parabola():
    spring = Spring(0.1, 0.05)
    across, values = figures.envelope_curve(LINE, spring, upper_envelope(LINE, spring))
    expected = np.max([m - spring.cost(q - across) for q, m in enumerate(LINE)], axis=0)
    np.testing.assert_allclose(values, expected, atol=1e-9)


def test_the_scan_says_what_the_newest_place_changes():
    spring = Spring(0.0, 0.02)
    words = [figures.describe_scan(EnvelopeScan(LINE, spring, n)) for n in range(1, 7)]
    assert len(set(words)) == 6
    assert words[0].startswith("1 of 6 places seen, 1 parabola kept.")
    assert "hides 1 parabola for good" in words[3]
    assert not any("-" in said for said in words)  # Below 0 stands a true minus.
    for n in range(1, 7):
        across, values, newest = figures.scan_curves(EnvelopeScan(LINE, spring, n))
        expected = np.max([m - spring.cost(q - across) for q, m in enumerate(LINE[:n])], axis=0)
        np.testing.assert_allclose(values, expected, atol=1e-9)
        assert (newest <= values + 1e-9).all()


def test_maps_lie_where_the_parts_centre_is(placed):
    part, face = placed.looked_at, placed.view.picture
    rgb, bar = figures.map_on_face(placed.matches, part, face, 0.5, is_signed=True)
    assert rgb.shape == (80, 80, 3) and bar["signed"]
    row, col = placed.places[placed.part]
    ring = figures.ring_on_map(part, (row, col), 3, 6)
    at = tuple(int(round(value)) for value in ring["at"])
    strong = np.zeros_like(placed.matches)
    strong[row, col] = 0.5
    marked, _ = figures.map_on_face(strong, part, face, 0.5, is_signed=True)
    blank, _ = figures.map_on_face(0 * strong, part, face, 0.5, is_signed=True)
    changed = np.argwhere((marked != blank).any(axis=2))
    assert len(changed) == 16
    assert np.abs(changed.mean(0) - ring["at"]).max() < 0.01
    assert (marked[at] != blank[at]).any()


def test_the_table_adds_up(placed):
    markup = figures.score_table(placed)
    for score in placed.scored.parts:
        assert score.name in markup and figures.signed(score.score) in markup
    assert figures.signed(placed.scored.total) in markup


def test_signs_are_never_lost():
    assert figures.signed(0.0004) == "+0.0004" and figures.signed(-0.004) == "−0.004"
    assert figures.signed(-1e-9) == "+0.0000"


def test_faces_in_a_photo_are_described(model):
    astronaut, cat = photo("astronaut"), photo("chelsea")
    found = find_faces(model, astronaut)
    assert "the surest face is" in figures.describe_found("The astronaut", found)
    assert "nothing scores above 0" in figures.describe_found("Grey", find_faces(model, cat * 0))
    best = best_face(model, cat)
    words = figures.describe_found("Chelsea", best)
    assert len(best.faces) == 1 and "Chelsea: no face is found" in words and "below 0" in words
    with pytest.raises(ValueError, match="more than the photo"):
        best_face(model, np.zeros((20, 20, 3)))


def test_held_out_numbers_are_counted(trained):
    held = check_on_held_out(trained.model)
    assert held.faces == 40 and held.others == 40 and held.windows > 10_000
    assert held.faces_found >= 34 and held.windows_found <= held.windows / 1000
    low, high = held.interval
    assert low < held.faces_found / 40 < high


def test_the_training_says_how_far_it_is(trained):
    assert "60 faces against" in figures.describe_training(trained)
    assert "cells from their anchors" in figures.describe_training(trained)


def test_the_curves_of_two_deformations_are_told_apart():
    falling = np.array([[0.5, 1.0], [0.1, 0.4], [-0.2, -0.1]])
    words = figures.describe_curves("turn", (0, 20, 40), falling)
    assert "turned" in words and "from 0 to 40" in words and "above 0 at 2 of 3 amounts" in words
    assert "root only from +0.50 to −0.20, with parts from +1.00 to −0.10" in words
    assert figures.describe_curves("cover", (0, 20, 40), falling) != words
    assert figures.describe_curves("turn", (0, 20, 40), -falling) != words
