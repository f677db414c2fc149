"""The instrument without a kernel: trials, marks, Reset, one subject after the other."""

import numpy as np
import pytest

from aml4d_utils.topics.tuning import explorers


@pytest.fixture
def cell():
    return explorers.cell_instrument()


def screen_of(explorer):
    return explorer.widget.children[0].children[-1].children[0]


def plot_of(explorer):
    return explorer.widget.children[0].children[-1].children[1].children[0]


def moved(explorer, row, col):
    screen_of(explorer)._hear_cursor({"row": row, "col": col, "action": "drag"}, [])


def test_every_trial_leaves_a_point_and_the_curve_draws_itself(cell):
    for angle in range(0, 180, 10):
        cell.set(orientation=angle)
    curve = cell.result.curve
    assert curve.orientations.tolist() == list(range(0, 180, 10))
    assert curve.preferred == 60 and curve.width == pytest.approx(48, abs=2)
    assert "width at half height" in cell.sentence
    series = {s["label"]: s for s in plot_of(cell).spec["series"]}
    assert len(series["here"]["x"]) == len(cell.result.trials) == 19
    assert series["peak"]["y"] == pytest.approx(curve.peaks.tolist())


def test_the_direction_cell_loses_its_answer_on_the_way_back(cell):
    cell.set(cell="direction cell", kind="grating", orientation=90)
    assert "as it crosses towards 180° up to 68.0 spikes/s" in cell.sentence
    cell.set(way="back")
    assert "as it crosses towards 0° up to 14.7 spikes/s" in cell.sentence
    assert len(cell.result.trials) == 1  # another way begins a new curve
    cell.set(kind="light spot")
    assert "towards" not in cell.sentence


def test_the_stimulus_is_moved_on_the_screen(cell):
    moved(cell, 40, 80)
    assert (cell.state.row, cell.state.col) == (40, 80)
    assert cell.result.latest.stimulus.row == 40
    assert screen_of(cell).cursor == [40, 80]
    assert "17 pixels right of and 23 above" in screen_of(cell).alt


def test_spots_leave_marks_and_reset_takes_them_away(cell):
    first = cell.sentence
    cell.set(kind="light spot", width=4)
    for col in range(47, 80, 4):
        moved(cell, 63, col)
    marks = [item["text"] for item in screen_of(cell).overlays if item["kind"] == "text"]
    assert {"+", "−"} <= set(marks)
    assert f"{marks.count('+')} plus, {marks.count('−')} minus" in cell.sentence
    cell.reset()
    assert cell.sentence == first
    assert [item["kind"] for item in screen_of(cell).overlays] == ["box"]


def test_the_box_is_what_the_subject_sees(surveys):
    unit = explorers.unit_instrument(surveys[0])
    sides = []
    for layer in ("conv1", "fire2", "fire3", "fire4", "fire5"):
        unit.set(layer=layer)
        x0, _, x1, _ = screen_of(unit).overlays[0]["box"]
        sides.append(x1 - x0)
    assert sides == [3, 15, 23, 47, 63]


def test_a_number_beyond_a_layer_means_its_last_unit(surveys):
    unit = explorers.unit_instrument(surveys[0])
    unit.set(layer="conv1", number=200)
    assert unit.result.subject.name == "unit conv1/63"
    before = unit.result.subject
    unit.set(number=63)
    assert unit.result.subject is before


def test_the_hierarchy_shows_both_networks(surveys):
    found = explorers.hierarchy_explorer(*surveys[1:])
    before = found.sentence
    found.set(measure="circular variance", layer="fire3")
    assert found.sentence != before and "Trained 0.6" in found.sentence


def test_a_photo_is_followed(surveys, cat):
    found = explorers.photo_layers_explorer(surveys[0], surveys[1], cat)
    stage = found.widget.children[0].children[-1].children
    found.set(layer="fire5")
    assert len(stage[2].overlays) == len(found.result[0].strokes) > 20
    found.set(layer="fire9", place=64)
    assert stage[2].overlays == [] and "not shown gratings" in stage[2].alt
    assert np.isfinite(found.result[0].maps).all()
