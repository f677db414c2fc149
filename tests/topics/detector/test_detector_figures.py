"""Pictures of the detector are drawn, and their words follow the result."""

import numpy as np
from topics.detector.examples import (
    FLAT,
    NOTHING,
    PHOTO,
    STEEP,
    detected,
    opened_with,
    report,
    scenes,
    world,
)

from aml4d_utils import nets
from aml4d_utils.notebook import show
from aml4d_utils.topics.detector import figures, opened
from aml4d_utils.topics.detector.degrading import Trouble


def drawn(figure, words):
    return show(figure, words).markup.startswith("<div")


def test_every_box_is_drawn():
    found = [nets.detect(PHOTO), NOTHING]
    figure = figures.draw_detected([PHOTO, np.full((60, 80, 3), 0.5)], found)
    assert drawn(figure, figures.describe_detected(["a motorcycle", "nothing"], found))
    assert len(figure.axes[0].patches) == 2 * len(found[0]) and not figure.axes[1].patches


def test_few_boxes_are_named_and_the_others_counted():
    words = figures.in_words(detected(*[("cat", score / 10) for score in range(9, 3, -1)]))
    assert "6 boxes" in words and words.count("cat") == 4 and "2 more" in words


def test_the_cell_that_won_is_told():
    found = opened_with(0.3)
    assert "It won." in figures.describe_cell(found, int(found.winners[0]))
    assert "It won." not in figures.describe_cell(found, 0)
    assert "3,549 cells" in figures.describe_opened(found, 0.3)


def test_the_thicket_shows_every_box():
    found = opened_with(0.3)
    picture = figures.thicket(PHOTO, found)
    assert picture.shape == PHOTO.shape and picture.dtype == np.uint8
    x0, y0 = np.rint(found.left.boxes[0]).astype(int)[:2]
    assert (picture[y0 + 50, x0] == (255, 196, 60)).all()


def test_without_a_box_there_are_no_rounds():
    none = opened.suppression_round(NOTHING, 0.5, True, 1)
    assert "0 rounds" in figures.describe_round(none)


def test_scenes_are_drawn_with_their_boxes():
    some = scenes(3)
    figure = figures.draw_scenes(some, columns=2)
    assert drawn(figure, figures.describe_scenes(some)) and len(figure.axes[0].patches) == 2


def test_a_report_is_drawn_and_told():
    both = report(STEEP, FLAT)
    words = figures.describe_report(both)
    assert "90 % to 5 %" in words and "72 % to 64 %" in words and "over 20 things" in words
    figure = figures.draw_report(both)
    assert drawn(figure, words)
    assert figure.axes[0].lines[0].get_ydata().tolist() == STEEP.recall.tolist()


def test_the_worst_condition_stands_first():
    shown = figures.report_table(report(FLAT, STEEP))
    assert shown.alt.startswith("Most is lost by size")
    assert shown.markup.index(">size<") < shown.markup.index(">clutter<")
    assert "18 of 20 → 1 of 20" in shown.markup


def test_trouble_is_told():
    assert figures.describe_trouble(Trouble()) == "as it is"
    words = figures.describe_trouble(Trouble(0.5, -30, 2.0, 9, 0.1, 0.2, 10))
    for part in ("50 %", "−30°", "2 pixels", "9 pixels", "10 % of the light", "0.2", "quality 10"):
        assert part in words


def test_the_open_world_is_drawn_and_told():
    words = figures.describe_called(world())
    assert "2 of 3 things" in words and "wrench → giraffe 0.70" in words
    figure = figures.draw_called(world(), columns=2)
    assert drawn(figure, words)
    assert "giraffe" in figure.axes[0].get_title(loc="left")
    assert "no word" in figure.axes[2].get_title(loc="left")
