"""The explorers of HOG without a kernel: any photo, every control, buttons, clear words."""

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.hog import explorers
from aml4d_utils.topics.hog.contest import FASHION, REAL
from aml4d_utils.topics.hog.face_windows import MISTAKES, ONLY_FACES, centre
from aml4d_utils.widgets.explorer import MOST_VISIBLE_CONTROLS
from aml4d_utils.widgets.fields import Choice, Slider, controls_of

MAKERS = {
    "memory": lambda: explorers.inverse_hog_explorer(images.fit(images.photo("chelsea"), 160)),
    "window": explorers.window_explorer,
    "contest": explorers.contest_explorer,
}


@pytest.fixture(scope="module")
def made():
    return {name: make() for name, make in MAKERS.items()}


@pytest.fixture(params=MAKERS)
def explorer(request, made):
    yield made[request.param]
    made[request.param].reset()


@pytest.fixture
def window(made):
    yield made["window"]
    made["window"].reset()


@pytest.fixture
def contest():
    return explorers.contest_explorer()


def widgets_below(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from widgets_below(child)


def alts(explorer):
    stage = explorer.widget.children[0].children[1]
    return [widget.alt for widget in widgets_below(stage) if hasattr(widget, "alt")]


def press(explorer, words):
    below = widgets_below(explorer.widget)
    buttons = [w for w in below if getattr(w, "description", "") == words]
    assert len(buttons) == 1
    buttons[0].click()


def values(control):
    if isinstance(control, Slider):
        return [control.low, control.high]
    return control.options if isinstance(control, Choice) else [False, True]


def test_every_control_has_a_say(explorer):
    first = explorer.state
    assert len(controls_of(first)) <= MOST_VISIBLE_CONTROLS
    for name, control in controls_of(first).items():
        for value in values(control):
            explorer.reset()
            before = explorer.sentence, alts(explorer)
            explorer.set(**{name: value})
            assert explorer.status == ""
            for words in (explorer.sentence, *alts(explorer)):
                assert len(words) > 20
                assert "nan" not in words.lower().split()
            if value != getattr(first, name):
                assert (explorer.sentence, alts(explorer)) != before, (name, value)
    explorer.reset()
    assert explorer.state == first


@pytest.mark.parametrize(
    "photo",
    [np.full((80, 90, 3), 0.5), np.ones((1, 1)), np.zeros((3, 200), dtype=np.uint8)],
    ids=["constant", "one pixel", "a thread"],
)
@pytest.mark.parametrize("make", [explorers.inverse_hog_explorer, explorers.window_explorer])
def test_odd_photos(make, photo):
    explorer = make(photo)
    for name, control in controls_of(explorer.state).items():
        explorer.set(**{name: values(control)[-1]})
    assert explorer.status == ""
    assert "nan" not in explorer.sentence


# --- what HOG remembers ----------------------------------------------------------------------


def test_the_negative_says_nothing_happened(made):
    explorer = made["memory"]
    explorer.set(change="negative")
    assert "its HOG by 0 %" in explorer.sentence
    assert explorer.result.pixels_changed > 0.1
    explorer.set(change="as it is", cell=24)
    assert explorer.result.found.settings.pixels_per_cell == (24, 24)


# --- the window ------------------------------------------------------------------------------


def test_it_begins_on_the_best_window(window):
    view = window.result
    assert view.place == view.best
    assert view.template.lesson == MISTAKES
    assert "it is the best one" in window.sentence


def test_dragging_moves_the_window(window):
    photo, scores = (w for w in widgets_below(window.widget) if getattr(w, "interactive", False))
    photo._on_message(photo, {"kind": "cursor", "row": 150, "col": 200}, [])
    down, across = centre(window.result, window.result.place)
    assert (down * 512, across * 512) == (pytest.approx(150, abs=8), pytest.approx(200, abs=8))
    assert photo.cursor == [int(down * 512), int(across * 512)]
    scores._on_message(scores, {"kind": "cursor", "row": 6, "col": 5}, [])
    assert window.result.place == (6 - 4, 5 - 4)
    frame = photo.frame
    press(window, "Go to the best window")
    assert window.result.place == window.result.best
    assert photo.frame is frame  # The photo itself is not sent again.


def test_every_window_can_be_reached(window):
    window.set(size=60)
    view = window.result
    rows = {window_place(window, down=at)[0] for at in range(101)}
    cols = {window_place(window, across=at)[1] for at in range(101)}
    assert rows == set(range(view.scores.shape[0]))
    assert cols == set(range(view.scores.shape[1]))


def window_place(window, **where):
    window.set(**where)
    return window.result.place


def test_mistakes_are_learned(window):
    careful = window.result.above
    window.set(lesson=ONLY_FACES)
    assert window.result.above > 20 * max(1, careful)


def test_a_window_larger_than_the_photo_is_made_to_fit():
    explorer = explorers.window_explorer(images.fit(images.photo("chelsea"), 100))
    explorer.set(size=240)
    assert explorer.result.size == 67
    assert explorer.result.scores.shape[0] == 1


# --- the contest -----------------------------------------------------------------------------


def board(explorer):
    return [one.name for one in explorer.result.attempts]


def test_attempts_stay_on_the_board(contest):
    assert board(contest) == ["no features", "pixels", "HOG"]
    contest.set(colours=True)
    contest.set(hog=False)
    assert board(contest)[2:] == ["HOG", "HOG + colours", "colours"]
    contest.set(hog=True)
    assert board(contest)[2:] == ["HOG", "colours", "HOG + colours"]
    assert contest.result.before.name == "colours"
    assert "Against colours" in contest.sentence


def test_undo_takes_back(contest):
    contest.set(colours=True)
    contest.set(lbp=True)
    press(contest, "Undo")
    assert board(contest)[2:] == ["HOG", "HOG + colours"]
    assert contest.state.families == ("HOG", "colours")
    for _ in range(3):
        press(contest, "Undo")
    assert board(contest)[2:] == ["HOG"]
    assert contest.state.families == ("HOG",)


def test_clear_keeps_the_one_shown(contest):
    contest.set(colours=True)
    contest.set(lbp=True)
    press(contest, "Clear")
    assert board(contest)[2:] == ["HOG + LBP + colours"]
    assert contest.result.before is None


def test_each_set_of_pictures_has_its_own_board(contest):
    contest.set(dataset=FASHION)
    assert contest.result.attempt.dataset == FASHION
    assert board(contest) == ["no features", "pixels", "HOG"]
    assert contest.result.before is None
    press(contest, "Undo")
    assert contest.state.dataset == REAL


def test_nothing_chosen_is_no_attempt(contest):
    contest.set(hog=False)
    assert "Choose at least one" in contest.sentence
    assert board(contest) == ["no features", "pixels", "HOG"]
    contest.set(pixels=True)
    assert board(contest) == ["no features", "pixels", "HOG"]
