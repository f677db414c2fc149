import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lessons.classic_detectors.examples import (
    ANSWERS,
    SCENES,
    Scripted,
    comparing,
    found,
    looks_at,
)

from aml4d_utils.images import faces
from aml4d_utils.lessons.classic_detectors import comparison, figures
from aml4d_utils.lessons.classic_detectors.comparison import (
    FACE,
    PERSON,
    PUBLISHED,
    Detector,
    Habit,
    compare,
    detectors,
    habit_of,
    judged,
)
from aml4d_utils.lessons.classic_detectors.face_scenes import plain_scenes
from aml4d_utils.measuring.intervals import wilson


def overlap_by_pixels(first, second):
    """Count the pixels of whole boxes, one by one."""
    cells = [
        {(x, y) for x in range(int(b[0]), int(b[2])) for y in range(int(b[1]), int(b[3]))}
        for b in (first, second)
    ]
    return len(cells[0] & cells[1]) / len(cells[0] | cells[1])


def test_the_table_is_what_an_obvious_loop_counts():
    *_, step = compare([Detector("scripted", Scripted(ANSWERS))], SCENES)
    hits, alarms, known = 0, 0, 0
    for shown, answer in zip(SCENES, ANSWERS, strict=True):
        free = [tuple(box) for box in shown.boxes]
        known += len(free)
        for box in [answer.boxes[i] for i in np.argsort(-answer.scores)]:
            overlaps = {face: overlap_by_pixels(box, face) for face in free}
            best = max(overlaps, key=overlaps.get, default=None)
            if best is not None and overlaps[best] >= 0.5:
                hits += 1
                free.remove(best)
            else:
                alarms += 1
    row = step.rows[0]
    assert (row.found, row.alarms, row.faces, row.scenes) == (hits, alarms, known, 3)
    assert (hits, alarms, known) == (1, 5, 3)
    assert row.recall == pytest.approx(1 / 3)
    assert row.interval == pytest.approx(wilson(1 / 3, 3))
    assert row.alarms_per_scene == pytest.approx(5 / 3)
    assert len(row.milliseconds) == 3 and row.median >= 0


def test_the_steps_grow_and_end_at_one():
    pair = [Detector("a", Scripted(ANSWERS)), Detector("b", Scripted([found([])] * 3))]
    steps = list(compare(pair, SCENES))
    assert len(steps) == 3 and steps[-1].fraction == 1
    assert [len(step.looks) for step in steps] == [2, 4, 6]
    assert all(a.faces == b.faces and a.scenes == b.scenes for a, b in (s.rows for s in steps))
    assert steps[-1].rows[1].found == steps[-1].rows[1].alarms == 0
    assert [row.scenes for row in steps[0].rows] == [1, 1] and steps[0].rows[1].recall == 0
    looks = [look for look in steps[-1].looks if look.detector == "a"]
    assert sum((look.hits >= 0).sum() for look in looks) == steps[-1].rows[0].found


@given(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.floats(0.5, 2))
def test_a_habit_is_taken_back_exactly(right, down, size):
    known = np.array([[10.0, 20, 60, 70], [0, 0, 30, 30]])
    sides = known[:, 2:] - known[:, :2]
    centres = (known[:, :2] + known[:, 2:]) / 2 + sides * [right, down]
    drawn = np.concatenate([centres - sides * size / 2, centres + sides * size / 2], axis=1)
    np.testing.assert_allclose(Habit(right, down, size).undone(drawn), known, atol=1e-9)


def test_the_habit_of_a_detector_is_measured():
    known = {s.image.tobytes(): s.boxes for s in plain_scenes(faces().train_faces)}

    def tight(image):
        boxes = known[image.tobytes()]
        side = boxes[0, 2] - boxes[0, 0]
        return found(boxes + side * np.array([0.2, 0.1, -0.1, -0.2], dtype=np.float32))

    habit = habit_of(Detector("tight", tight))
    assert habit.right == pytest.approx(0.05, abs=1e-3)
    assert habit.down == pytest.approx(-0.05, abs=1e-3)
    assert habit.size == pytest.approx(0.7, abs=1e-3)
    assert habit_of(Detector("blind", lambda image: found([]))) == Habit()


def test_a_person_finds_the_face_whose_centre_it_holds():
    shown = SCENES[0]
    body = found([[0, 5, 58, 100], [0, 0, 9, 9]])
    look = judged(Detector("p", None, PERSON), Habit(), shown, body)
    assert look.hits.tolist() == [0, -1]
    assert judged(Detector("f", None, FACE), Habit(), shown, body).hits.tolist() == [-1, -1]


def test_the_surest_box_comes_first():
    boxes = [[10, 10, 50, 52], [10, 10, 50, 50]]
    look = judged(Detector("f", None), Habit(), SCENES[0], found(boxes, [0.2, 0.8]))
    np.testing.assert_array_equal(look.boxes[0], boxes[1])
    assert look.hits.tolist() == [0, -1]


def test_the_lessons_detectors_find_pasted_faces(trained):
    taking_part = detectors(trained)
    assert [d.task for d in taking_part].count(PERSON) == 1
    scenes = comparison.held_out_scenes(np.random.default_rng(0))
    assert sum(len(s.boxes) for s in scenes) == 41
    *_, step = compare(taking_part[:3], scenes[:2])
    for row in step.rows:
        assert row.found >= 2 and row.alarms <= 6


def test_it_can_take_your_own_cascade(trained):
    assert len(detectors(trained, cascade=object())) == len(detectors(trained)) + 1


# --- figures and words -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def steps():
    return comparing()


def test_the_words_name_what_was_measured(steps):
    words = figures.describe_comparison(steps[-1])
    assert "good finds 3, loud 1" in words and "1.7 an image" in words and "body" not in words
    assert "3 faces shown; good leads with 3" == figures.describe_progress(steps[-1])


def test_the_table_has_a_row_for_each_and_marks_the_other_task(steps):
    shown = figures.comparison_table(steps[-1])
    assert "3 of 3" in shown.markup and "100 %" in shown.markup
    assert "body (another task)" in shown.markup


def test_looks_say_what_was_found(steps):
    looks = looks_at(steps[-1], "one")
    assert "loud finds 1 and raises 2 false alarms" in figures.describe_looks(looks)
    assert len(figures.draw_looks(looks).axes) == 3
    with pytest.raises(ValueError, match="at least one look"):
        figures.draw_looks([])


def test_figures_can_be_drawn_at_every_step(steps):
    for step in (steps[0], steps[-1]):
        assert len(figures.draw_comparison(step).axes) == 3
        figures.comparison_table(step)


def test_every_published_number_has_its_source():
    words = figures.describe_published()
    for result in PUBLISHED:
        assert result.source in words and f"{result.average:.1f}" in words
        assert any(str(year) in result.source for year in range(2008, 2020))
    assert "not measured here" in words
