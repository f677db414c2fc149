"""Each explorer of the features room without a kernel: controls, photos, refusals, pointing."""

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.features import explorers, figures
from aml4d_utils.topics.features.opened_keypoint import moved_keypoint
from aml4d_utils.topics.features.survival import RANGES
from aml4d_utils.widgets import Picture, Plot
from aml4d_utils.widgets.fields import Choice, Slider, controls_of

WITH_PHOTO = {
    "detector": explorers.detector_explorer,
    "match": explorers.match_explorer,
    "sift": explorers.sift_explorer,
}


@pytest.fixture(scope="module")
def made():
    photo = images.fit(images.photo("astronaut"), 200)
    made = {name: make(photo) for name, make in WITH_PHOTO.items()}
    return {**made, "mean": explorers.mean_explorer()}


@pytest.fixture(params=[*WITH_PHOTO, "mean"])
def explorer(request, made):
    yield made[request.param]
    made[request.param].reset()


def stage_of(explorer):
    return list(explorer.widget.children[0].children[1].children)


def alts(explorer):
    return [widget.alt for widget in stage_of(explorer)]


def other_values(explorer, name):
    control = controls_of(explorer.state)[name]
    now = getattr(explorer.state, name)
    if isinstance(control, Slider):
        values = [control.low, control.clean((control.low + control.high) / 2), control.high]
    else:
        assert isinstance(control, Choice)
        values = control.options
    return [value for value in values if value != now]


def point_at(picture, row, col, action="press"):
    content = {"kind": "cursor", "row": int(row), "col": int(col), "action": action}
    picture._on_message(picture, content, [])


def test_every_control_changes_the_sentence_and_the_stage(explorer):
    for name in controls_of(explorer.state):
        for value in other_values(explorer, name)[: 1 if explorer.slow else 3]:
            explorer.reset()
            sentence, words = explorer.sentence, alts(explorer)
            explorer.set(**{name: value})
            assert getattr(explorer.state, name) == value
            assert explorer.sentence != sentence, (name, value)
            assert alts(explorer) != words, (name, value)
            assert explorer.status == ""
            assert "nan" not in explorer.sentence


def test_what_is_on_the_stage_is_described_and_fits(explorer):
    for widget in stage_of(explorer):
        assert isinstance(widget, (Picture, Plot))
        assert len(widget.alt) > 20
        assert widget.display_width <= 660


@pytest.mark.parametrize("make", WITH_PHOTO.values(), ids=WITH_PHOTO)
def test_an_even_photo_is_called_what_it_is(make):
    explorer = make(np.full((50, 70, 3), 0.4))
    assert " 0 " in explorer.sentence
    assert "nothing" in explorer.sentence


def test_without_a_photo_it_is_the_students_own():
    own = np.zeros((80, 120, 3))
    own[:, 60:] = (0, 0.2, 1)
    images.keep_own_photo(own)
    explorer = explorers.detector_explorer()
    np.testing.assert_allclose(explorer.result[0].photo[10, 100], (0, 0.2, 1), atol=0.03)


# --- averages --------------------------------------------------------------------------------


def test_the_marker_of_the_means_follows_the_pictures(made):
    explorer = made["mean"]
    plot = stage_of(explorer)[2]
    assert plot.spec["marker"]["x"] == 1
    explorer.set(doublings=5)
    assert plot.spec["marker"] == {"x": 32.0, "y": pytest.approx(explorer.result.score.accuracy)}
    assert plot.spec["series"][0]["y"][5] == pytest.approx(explorer.result.score.accuracy)
    explorer.reset()


# --- detectors -------------------------------------------------------------------------------


def test_rings_and_crosses_are_what_was_judged(made):
    explorer = made["detector"]
    explorer.set(change="noise", amount=0.6, detector="edges")
    judged, name = explorer.result
    found = judged.by[name]
    before, after, *bars = stage_of(explorer)
    rings = [item for item in after.overlays if item["kind"] == "point"]
    crosses = [item for item in after.overlays if item["kind"] == "line"]
    assert len(rings) == found.found.sum()
    assert len(crosses) == 2 * (found.in_view & ~found.found).sum() > 0
    assert {ring["colour"] for ring in rings}.isdisjoint({cross["colour"] for cross in crosses})
    assert len(before.overlays) == len(after.overlays) + (~found.in_view).sum()
    for plot, criterion in zip(bars, figures.CRITERIA.values(), strict=True):
        values = {bar["label"]: bar["value"] for bar in plot.spec["bars"]}
        assert values == {n: pytest.approx(getattr(f, criterion)) for n, f in judged.by.items()}
        assert [bar["label"] for bar in plot.spec["bars"] if bar["strong"]] == ["edges"]
    explorer.reset()


# --- SIFT opened up --------------------------------------------------------------------------


def test_a_click_opens_the_nearest_keypoint(made):
    explorer = made["sift"]
    picture = stage_of(explorer)[0]
    result = explorer.result
    for number in (1, len(result.chosen)):
        one = moved_keypoint(result.plain, int(result.chosen[number - 1]), result.scene)
        point_at(picture, round(one.row), round(one.col))
        opened = explorer.result.opened.inside.keypoint
        assert np.hypot(opened.row - one.row, opened.col - one.col) < 2
        assert picture.cursor == [round(opened.row), round(opened.col)]
    explorer.reset()


def test_arrow_keys_go_from_keypoint_to_keypoint(made):
    explorer = made["sift"]
    picture = stage_of(explorer)[0]
    before = explorer.result.opened.inside.keypoint
    row, col = picture.cursor
    point_at(picture, row, col + 1, "key")
    after = explorer.result.opened.inside.keypoint
    assert after.col > before.col
    assert picture.cursor == [round(after.row), round(after.col)]
    for _ in range(10):
        point_at(picture, picture.cursor[0] - 1, picture.cursor[1], "key")
    assert explorer.result.opened.inside.keypoint.row < after.row
    explorer.reset()


def test_the_descriptor_s_cells_can_be_chosen(made):
    explorer = made["sift"]
    explorer.set(step=figures.STEPS[3])
    detail, plot = stage_of(explorer)[1:]
    point_at(detail, 5, 130)
    assert explorer.state.cell == 3
    assert "cell 4 of 16" in plot.heading
    row, col = detail.cursor
    point_at(detail, row + detail.step, col, "key")
    assert explorer.state.cell == 7
    bins = explorer.result.opened.inside.description.histograms[1, 3]
    assert plot.spec["series"][1]["y"] == pytest.approx(list(bins))
    explorer.set(step=figures.STEPS[0])
    point_at(detail, 5, 5)
    assert explorer.state.cell == 7
    explorer.reset()


def test_the_bars_are_the_descriptor(made):
    explorer = made["sift"]
    explorer.set(step=figures.STEPS[4], turn=30)
    plot = stage_of(explorer)[2]
    opened = explorer.result.opened
    now, mine, before = (series["y"] for series in plot.spec["series"])
    assert now == pytest.approx(list(opened.inside.description.vector))
    assert mine == now[8 * explorer.state.cell : 8 * explorer.state.cell + 8]
    index = explorer.result.chosen[explorer.result.number - 1]
    assert before == pytest.approx(list(explorer.result.plain.keypoints.descriptors[index]))
    explorer.reset()


def test_a_lost_keypoint_is_said_to_be_lost(made):
    explorer = made["sift"]
    explorer.set(light=0.3)
    lost = []
    for number in range(1, len(explorer.result.chosen) + 1):
        explorer.set(number=number)
        if not explorer.result.opened.found:
            lost.append(explorer.sentence)
            assert stage_of(explorer)[0].overlays[-1]["dashed"]
    assert lost and all("no longer finds this keypoint" in words for words in lost)
    explorer.reset()


@pytest.mark.parametrize("photo", ["chelsea", "coffee"])
def test_every_keypoint_is_lost_in_the_dark_while_its_drawing_stays_right(photo):
    explorer = explorers.sift_explorer(images.photo(photo))
    explorer.set(step=figures.STEPS[4], light=0.05)
    for number in range(1, len(explorer.result.chosen) + 1, 5):
        explorer.set(number=number)
        assert not explorer.result.opened.found
        assert explorer.result.distance < 0.5 * explorer.result.nearest_other


# --- matching --------------------------------------------------------------------------------


def test_lines_join_the_matches_that_pass(made):
    explorer = made["match"]
    explorer.set(rotation=-60, noise=0.08, ratio=0.9)
    result = explorer.result
    picture = stage_of(explorer)[0]
    lines = [item for item in picture.overlays if item["kind"] == "line"]
    frames = [item for item in picture.overlays if item["kind"] == "circle"]
    shown = figures.shown_matches(result.two, 0.9)
    assert len(lines) == len(shown) <= figures.MOST_LINES
    assert len(frames) == 2 * len(lines)
    assert sum(not item["dashed"] for item in lines) == result.two.right[shown].sum()
    for item in lines:
        assert item["dashed"] == (item["colour"] == figures.WRONG)
    width = result.two.photo.shape[1]
    assert all(item["start"][1] < width < item["end"][1] for item in lines)
    explorer.reset()


@pytest.mark.parametrize("along", ["rotation", "light"])
def test_the_curve_ends_whole_with_a_ring_on_it(made, along):
    explorer = made["match"]
    explorer.set(along=along)
    result, plot = explorer.result, stage_of(explorer)[1]
    assert result.fraction == 1
    curve = plot.spec["series"][0]
    assert set(map(float, RANGES[result.along])) <= set(curve["x"])
    at = plot.spec["marker"]
    assert curve["y"][curve["x"].index(at["x"])] == at["y"] == result.right
    explorer.reset()


def test_the_match_explorer_computes_in_steps(made):
    assert made["match"].slow
    assert not any(made[name].slow for name in ("detector", "sift", "mean"))
