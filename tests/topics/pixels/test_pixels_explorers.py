"""Each explorer without a kernel: every control, any photo, clear refusals, Reset."""

import numpy as np
import pytest
from topics.pixels.examples import small_measured, small_moved, small_sweep

from aml4d_utils.topics.pixels import explorers
from aml4d_utils.topics.pixels.distances import KINDS, PATCHES, Measured
from aml4d_utils.topics.pixels.permuting import (
    IN_ORDER,
    LEARNERS,
    MAKERS,
    PERMUTED,
    PermutationStep,
)
from aml4d_utils.topics.pixels.two_pixels import METHODS, guess_from, pair_of
from aml4d_utils.widgets import Picture, Plot
from aml4d_utils.widgets.fields import Choice, Slider, controls_of

TITLES = ("resolution", "two pixels", "curse", "moved")


@pytest.fixture(scope="module")
def measured():
    return small_measured()


@pytest.fixture(scope="module")
def made(measured):
    return {
        "resolution": explorers.resolution_explorer(small_sweep()),
        "two pixels": explorers.two_pixel_explorer(),
        "curse": explorers.curse_explorer(measured),
        "moved": explorers.moved_explorer(
            {name: MAKERS[name]() for name in LEARNERS}, small_moved()
        ),
    }


@pytest.fixture(params=TITLES)
def explorer(request, made):
    yield made[request.param]
    made[request.param].reset()


def stage_of(explorer):
    """The pictures and plots of the stage, also those that stand in columns."""
    found = []
    for widget in explorer.widget.children[0].children[1].children:
        found += getattr(widget, "children", (widget,))
    return found


def values(control):
    if isinstance(control, Slider):
        return [control.low, control.clean((control.low + control.high) / 2), control.high]
    assert isinstance(control, Choice)
    return control.options


def test_every_control_moves_what_is_shown_and_said(explorer):
    first = explorer.state
    for name, control in controls_of(first).items():
        for value in values(control):
            explorer.reset()
            before = [widget.alt for widget in stage_of(explorer)]
            sentence = explorer.sentence
            explorer.set(**{name: value})
            assert getattr(explorer.state, name) == value
            assert explorer.status == ""
            assert "nan" not in explorer.sentence
            if value == getattr(first, name):
                continue
            shown = [widget.alt for widget in stage_of(explorer)]
            assert shown != before, (name, value)
            if name not in ("garment", "lower", "moving"):
                assert explorer.sentence != sentence, (name, value)


def test_everything_on_the_stage_has_words(explorer):
    assert all(isinstance(widget, (Picture, Plot)) for widget in stage_of(explorer))
    assert all(len(widget.alt) > 20 and "nan" not in widget.alt for widget in stage_of(explorer))


def click(picture, row, col):
    picture._on_message(None, {"kind": "cursor", "row": row, "col": col}, None)


def test_a_click_moves_the_chosen_pixel(made, data):
    explorer = made["two pixels"]
    left, right = stage_of(explorer)[:2]
    click(left, 3, 5)
    assert explorer.state.a == (3, 5)
    explorer.set(moving="B")
    click(right, 20, 7)
    assert (explorer.state.a, explorer.state.b) == ((3, 5), (20, 7))
    assert left.cursor == right.cursor == [20, 7]
    expected = guess_from(pair_of(data, 7, 9), ((3, 5), (20, 7)), METHODS[0])
    assert explorer.result.guess.accuracy == expected.accuracy
    click(left, 40, 7)
    assert explorer.state.b == (20, 7)
    explorer.reset()


def test_patches_of_an_empty_photo_are_refused_in_words_and_nothing_is_lost(measured):
    kinds = {kind: measured.kinds[kind] for kind in KINDS if kind != PATCHES}
    explorer = explorers.curse_explorer(Measured(kinds, 1.0))
    sentence = explorer.sentence
    with pytest.raises(ValueError, match="no distances to compare between patches"):
        explorer.set(kind=PATCHES)
    assert "no distances to compare" in explorer.status
    assert explorer.sentence == sentence
    explorer.set(kind=KINDS[0], side=9)
    assert explorer.status == ""


def test_the_permutation_view_follows():
    view = explorers.permutation_view()

    def step(fall):
        accuracy = {
            (learner, kind): np.array([0.1, 0.8 - fall * (kind == PERMUTED)])
            for learner in LEARNERS
            for kind in (IN_ORDER, PERMUTED)
        }
        return PermutationStep(1.0, 1280, 1000, np.array([64, 1280]), accuracy, {})

    view.draw(step(0.1))
    words = [widget.alt for widget in view.widget.children]
    assert "CNN: 80.0 % right in order, 70.0 % permuted" in words[2]
    view.draw(step(0.2))
    assert all(widget.alt != said for widget, said in zip(view.widget.children, words, strict=True))
