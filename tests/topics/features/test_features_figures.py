"""What the figures say: a measured number each, and another text for another result."""

import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from aml4d_utils import images
from aml4d_utils.checking import progress
from aml4d_utils.lessons.features.questions import QUESTIONS
from aml4d_utils.topics.features import figures
from aml4d_utils.topics.features.criteria import judge
from aml4d_utils.topics.features.failures import Failure
from aml4d_utils.topics.features.garments import growing_mean
from aml4d_utils.topics.features.opened_keypoint import (
    Extremum,
    open_result,
    open_scene,
    worth_opening,
)
from aml4d_utils.topics.features.survival import survival
from aml4d_utils.topics.features.transforms import View
from aml4d_utils.topics.features.two_views import look_twice


@pytest.fixture(scope="module")
def photo():
    return images.fit(images.photo("chelsea"), 150)


@pytest.fixture(scope="module")
def first(photo):
    return look_twice(photo, View(), 160).first


def looked(photo, first, view, ratio=0.8, along="rotation"):
    return next(survival(photo, first, view, 160, ratio=ratio, along=along))


@pytest.fixture(scope="module")
def scenes(photo):
    plain = open_scene(photo, View(), 160)
    turned = open_scene(photo, View(rotation=50, brightness=0.8), 160)
    return plain, turned, worth_opening(plain, photo.shape[:2])


def numbers(words):
    return re.findall(r"\d+", words)


# --- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (View(), "As it is"),
        (View(rotation=-30), "Turned by −30°"),
        (View(rotation=10, scale=0.5), "Turned by 10°, scale 0.50"),
        (View(tilt=40, brightness=0.3, noise=0.05), "Tilted by 40°, light × 0.3, noise 0.05"),
        (View(brightness=0.05), "Light × 0.05"),
        (View(brightness=1.25), "Light × 1.25"),
        (View(crop=0.7), "70 % cropped"),
    ],
)
def test_a_view_in_words(view, words):
    assert figures.describe_view(view) == words


def test_the_words_about_matches_are_the_counts(photo, first):
    result = looked(photo, first, View(rotation=45, scale=0.8))
    words = figures.describe_matches(result)
    assert f"Matches that pass the ratio test: {result.right + result.wrong}" in words
    assert f"{result.right} of them right" in words
    turn = int(re.search(r"turned by (−?\d+)°", words.partition("By their frames")[2])[1])
    assert abs(turn - 45) <= 2


def test_no_match_and_no_keypoint_are_said():
    grey = np.full((60, 60, 3), 0.5, dtype=np.float32)
    none = look_twice(grey, View(), 80).first
    assert "SIFT finds 0 keypoints" in figures.describe_matches(looked(grey, none, View()))


def test_nothing_left_is_said(photo, first):
    words = figures.describe_pair(looked(photo, first, View(brightness=0.02)))
    assert "0 matches pass the ratio test of 0.80" in words


def test_the_curve_in_words(photo, first):
    partial, *_, result = survival(photo, first, View(), 160, along="tilt")
    assert "Over tilt: still counting." in figures.describe_matches(partial)
    whole = f"Over tilt: {result.counts.min()} to {result.counts.max()} right ones."
    assert whole in figures.describe_matches(result)
    words = figures.describe_curve(result)
    assert f"most, {result.counts.max()}, at" in words
    assert f"{result.right} in the view that is shown" in words


# --- drawn on the pictures -------------------------------------------------------------------


def test_both_views_stand_side_by_side(photo, first):
    two = looked(photo, first, View(rotation=30)).two
    sheet = figures.side_by_side(two)
    height, width = photo.shape[:2]
    assert sheet.shape[0] == max(height, 160) and sheet.shape[1] > width + 160
    top = (sheet.shape[0] - height) // 2
    np.testing.assert_array_equal(sheet[top : top + height, :width], two.photo)
    np.testing.assert_array_equal(sheet[:, -160:], two.again)


def test_shown_matches_are_spread(photo, first):
    two = looked(photo, first, View(rotation=30)).two
    shown = figures.shown_matches(two, 0.8)
    places = two.first.positions[two.matches.first[shown]]
    apart = np.linalg.norm(places[:, None] - places, axis=2) + 1e9 * np.eye(len(places))
    assert apart.min() > figures.APART
    assert two.kept(0.8)[shown].all()
    assert len(figures.shown_matches(two, 0.8, most=5)) == 5


def test_the_sheet_of_means_holds_every_mean():
    means = np.linspace(0, 1, 10)[:, None, None] * np.ones((10, 28, 28))
    sheet = figures.template_sheet(means)
    for index in range(10):
        row, col = index // 5 * 30 + 5, index % 5 * 30 + 5
        assert sheet[row, col, 0] == round(255 * index / 9)


def test_the_longest_arrow_points_where_the_fullest_bin_is():
    histograms = np.full((4, 4, 8), 0.05)
    histograms[2, 1, 2] = 1.0  # 90 degrees: down
    drawing, overlays = figures.descriptor_drawing(np.zeros((160, 160)), histograms, cell=9)
    assert drawing.min() >= 0 and drawing.max() <= 1
    arrows = [item for item in overlays if item["kind"] == "line"]
    length = [np.linalg.norm(np.subtract(item["end"], item["start"])) for item in arrows]
    longest = arrows[int(np.argmax(length))]
    assert longest["start"] == [99.5, 59.5]
    assert longest["end"][0] > 115 and longest["end"][1] == pytest.approx(59.5)
    assert longest["colour"] == figures.WRONG
    assert overlays[-1]["box"] == [41.0, 81.0, 79.0, 119.0]


def test_an_empty_descriptor_draws_no_arrow():
    _, overlays = figures.descriptor_drawing(np.zeros((160, 160)), np.zeros((4, 4, 8)), 0)
    assert [item["kind"] for item in overlays] == ["box"]


@pytest.mark.parametrize("cell", range(16))
def test_cells_and_pixels_agree(cell):
    assert figures.cell_at(*figures.cell_centre(cell)) == cell


def test_the_27_numbers_are_written_where_they_belong():
    values = np.arange(27.0).reshape(3, 3, 3) / 1000 - 0.013
    sheet, overlays = figures.neighbour_grids(Extremum(values, 26, 0.1, 2.0))
    written = [item["text"] for item in overlays if item["kind"] == "text"]
    assert len(written) == 30
    assert {"−13.0", "0.0", "13.0", "finer", "this size", "coarser"} <= set(written)
    assert sheet.dtype == np.uint8
    frame = overlays[-1]["box"]
    middle = sheet[int(frame[1] + frame[3]) // 2, int(frame[0] + frame[2]) // 2]
    assert middle.min() > 240


def test_tiles_of_sizes_carry_their_blur(scenes):
    plain, _, chosen = scenes
    opened = open_result(plain, plain, chosen, 1, figures.STEPS[0], 0).opened
    sheet, overlays = figures.size_tiles(opened.sizes)
    written = [item["text"] for item in overlays if item["kind"] == "text"]
    assert written == [f"σ {sigma:.1f}" for sigma in opened.sizes.tile_sigmas]
    assert sheet.shape == (2 * 96 + 6, 3 * 96 + 12, 3)


def test_the_frame_on_the_direction_patch_is_the_keypoint(scenes):
    plain, _, chosen = scenes
    inside = open_result(plain, plain, chosen, 3, figures.STEPS[2], 0).opened.inside
    pixels, overlays = figures.direction_patch(inside)
    frame = overlays[-1]
    assert frame["angle"] == inside.keypoint.angle
    row, col = map(int, frame["at"])
    assert 0 <= row < pixels.shape[0] and 0 <= col < pixels.shape[1]
    assert sum(item["kind"] == "line" for item in overlays) > 5


# --- steps in words --------------------------------------------------------------------------


@pytest.mark.parametrize("step", figures.STEPS)
def test_each_step_has_its_words(scenes, step):
    plain, turned, chosen = scenes
    said = {
        figures.describe_step(open_result(plain, scene, chosen, number, step, 5))
        for scene in (plain, turned)
        for number in (1, 4, len(chosen))
    }
    assert len(said) == 6
    for words in said:
        assert len(numbers(words)) >= 4
        assert "nan" not in words and "inf" not in words


# --- good features, means, failures ----------------------------------------------------------


def test_judged_in_words(photo):
    noisy, turned = (judge(photo, change, 0.5, count=40) for change in ("noise", "turn"))
    said = {figures.describe_judged(j, name) for j in (noisy, turned) for name in noisy.by}
    assert len(said) == 8
    best = max(noisy.by, key=lambda name: noisy.by[name].repeatable)
    words = figures.describe_judged(noisy, "edges")
    assert words.endswith(f"{best}, {figures.percent(noisy.by[best].repeatable)}.")


def test_means_in_words():
    one, many = growing_mean(5, 1), growing_mean(5, 64)
    assert "The mean of 1 picture of the class “sandal”" in figures.describe_means(one)
    assert "64 pictures" in figures.describe_means(many)
    assert figures.percent(many.score.accuracy, 1) in figures.describe_means(many)


def test_the_second_look(photo):
    two = look_twice(photo, View(rotation=30, scale=0.8), 160)
    assert isinstance(figures.draw_second_look(two), Figure)
    same = look_twice(photo, View(), 160)
    assert "agree by 1.00;" in figures.describe_second_look(same)
    assert figures.describe_second_look(two) != figures.describe_second_look(same)


def test_failures_are_drawn_and_told():
    grey = np.full((20, 20, 3), 0.5, dtype=np.float32)
    cases = [Failure("a card", grey, 0, 0, 0), Failure("a wall", grey, 50, 12, 30)]
    figure = figures.draw_failures(cases)
    assert isinstance(figure, Figure)
    written = {text.get_text() for ax in figure.axes for text in ax.texts}
    assert {"12 right, 30 wrong", "a wall: 50 keypoints"} <= written
    words = figures.describe_failures(cases)
    assert "a wall: 50 found, matches 12 right and 30 wrong" in words
    assert words != figures.describe_failures(cases[:1])


# --- quiz ------------------------------------------------------------------------------------


def test_the_quiz_is_counted_and_its_numbers_are_true():
    names = [question.name for question in QUESTIONS]
    assert len(set(names)) == len(names) == progress.totals("05_features_by_hand")["quiz"]
    places = {[a.right for a in question.answers].index(True) for question in QUESTIONS}
    assert len(places) > 1
    right = {q.name: next(a for a in q.answers if a.right) for q in QUESTIONS}
    assert right["ratio"].words == "It rejects the match"
    assert not 0.30 < 0.8 * 0.32
    assert "0.256" in right["ratio"].why
