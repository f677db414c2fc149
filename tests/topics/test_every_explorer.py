"""Every explorer of every topic without a kernel: found by walking, moved through its controls.

An explorer is a function of a room's ``explorers.py`` that returns one. What one without defaults
is made from stands in ``examples.py`` beside the room's tests.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import numpy as np
import pytest
import walking

from aml4d_utils.widgets import DrawingPad, Explorer
from aml4d_utils.widgets.fields import Choice, Slider, Typed, controls_of

FOUND = {
    f"{room}.{name}": (room, function)
    for room in walking.ROOMS
    for name, function in walking.functions(f"topics.{room}.explorers")
    if inspect.signature(function).return_annotation == "Explorer"
}
WITH_PHOTO = [name for name, (_, f) in FOUND.items() if "photo" in inspect.signature(f).parameters]
SILENT = {
    ("neurons.reading_explorer", "lines"): "how many connections are drawn",
}
"""Controls that change how a result is drawn and nothing that is said."""
RECORDS = {
    "hog.contest_explorer": "what was tried before is compared with, Reset or not",
    "neurons.reading_explorer": "Reset brings the first digit back, whatever was drawn",
    "neurons.postcode_explorer": "Reset brings the first code back, whatever was drawn",
}
PHOTOS = {
    "one pixel": lambda: np.full((1, 1, 3), 0.3),
    "large": lambda: np.random.default_rng(0).integers(0, 256, (1500, 2000, 3), dtype=np.uint8),
    "grey": lambda: np.random.default_rng(0).random((40, 60)),
    "constant": lambda: np.full((50, 50, 3), 128, dtype=np.uint8),
    "a strip": lambda: np.random.default_rng(0).random((2, 500, 3)),
    "sixteen bits": lambda: np.full((9, 9), 40000, dtype=np.uint16),
}
NO_PHOTOS = {
    "empty": np.zeros((0, 5, 3)),
    "NaN": np.full((4, 4, 3), np.nan),
    "four channels": np.zeros((4, 4, 4)),
    "a name": "photo.png",
}


def make(name: str, **options: object) -> Explorer:
    """Make an explorer, from the example of its room where it has no defaults."""
    room, function = FOUND[name]
    arguments = getattr(walking.examples(f"topics.{room}"), "EXPLORERS", {})
    wanted = [p for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    if wanted and function.__name__ not in arguments:
        pytest.fail(f"Put what {name} is made from into tests/topics/{room}/examples.py.")
    made = function(*arguments.get(function.__name__, tuple)(), **options)
    for pad in (part for part in walking.below(made.widget) if isinstance(part, DrawingPad)):
        drawn = np.tile(np.eye(28, dtype=np.uint8) * 255, (1, pad.cells))
        pad.show(drawn, as_is=True)  # of an empty one nothing is said
        made.refresh()
    return made


@pytest.fixture(scope="module", params=FOUND)
def named(request) -> tuple[str, Explorer]:
    """Each explorer and its name, made once; a test leaves it reset."""
    return request.param, make(request.param)


def values(control: object, default: object) -> list[object]:
    """Return what a control is moved to: ends, middle and its default, or every choice."""
    if isinstance(control, Typed):
        others = ("", "a big yellow cup", "cup " * 5000, "<b>\N{HOT BEVERAGE}")
    elif isinstance(control, Slider):
        others = (control.low, control.clean((control.low + control.high) / 2), control.high)
    else:
        others = control.options if isinstance(control, Choice) else (False, True)
    return [*(value for value in others if value != default), default]


def settings(state: object) -> dict[str, object]:
    """Return what the controls of a state stand at."""
    return {field: getattr(state, field) for field in controls_of(state)}


def alts(explorer: Explorer) -> list[str]:
    """Return the words of everything on the stage."""
    stage = explorer.widget.children[0].children[-1]
    return [part.alt for part in walking.below(stage) if hasattr(part, "alt")]


def check_words(explorer: Explorer) -> None:
    """The sentence has a number, everything has words, nothing is broken."""
    assert explorer.result is not None
    assert explorer.status == ""
    assert re.search(r"\d", explorer.sentence), explorer.sentence
    for words in (explorer.sentence, *alts(explorer)):
        assert len(words) > 20
        assert not re.search(walking.UNREADABLE, words), words


def sentences(explorer: Explorer, name: str) -> set[tuple[str, ...]]:
    """Move one control through its values and back; return what was said, pictures included."""
    said = set()
    for value in values(controls_of(explorer.state)[name], getattr(explorer.state, name)):
        explorer.set(**{name: value})
        assert getattr(explorer.state, name) == value
        check_words(explorer)
        said.add((explorer.sentence, *alts(explorer)))
    return said


def elsewhere(explorer: Explorer, name: str) -> Iterator[None]:
    """Go through the other choices, for a control that has nothing to say with the first ones.

    What a control depends on mostly stands shortly before it: there the search begins.
    """
    controls = controls_of(explorer.state)
    names = list(controls)
    place = names.index(name)
    others = [*reversed(names[:place]), *names[place + 1 :]]
    lows = {other: controls[other].low for other in others if isinstance(controls[other], Slider)}
    choices = [
        {other: value}
        for other in others
        if other not in lows
        for value in values(controls[other], getattr(explorer.state, other))[:-1]
    ]
    for choice in choices:
        explorer.reset()
        explorer.set(**choice)
        yield
    for choice in choices:
        explorer.reset()
        explorer.set(**choice)
        for other, low in lows.items():
            explorer.set(**{other: low})
            yield


def test_every_control_changes_the_sentence_and_reset_goes_back(named):
    name, explorer = named
    first, sentence, words = explorer.state, explorer.sentence, alts(explorer)
    assert controls_of(first) or any(
        isinstance(part, DrawingPad) for part in walking.below(explorer.widget)
    )
    for field, control in controls_of(first).items():
        if len(values(control, getattr(first, field))) == 1:
            continue  # a choice of one thing
        changes = len(sentences(explorer, field)) > 1
        if not changes:
            changes = any(len(sentences(explorer, field)) > 1 for _ in elsewhere(explorer, field))
        assert changes != ((name, field) in SILENT), f"{field} changes nothing that is said"
        explorer.reset()
        assert settings(explorer.state) == settings(first)
        if name not in RECORDS:
            assert (explorer.sentence, alts(explorer)) == (sentence, words)


def test_pictures_fit_the_page(named):
    stage = named[1].widget.children[0].children[-1]
    assert all(getattr(part, "display_width", 0) <= 664 for part in walking.below(stage))


def test_what_is_not_allowed_changes_nothing(named):
    explorer = named[1]
    state, sentence, words = explorer.state, explorer.sentence, alts(explorer)
    explorer._finished.clear()  # what is remembered must come out the same when computed anew
    explorer.set()
    for name, control in controls_of(state).items():
        if isinstance(control, Slider):
            wrong = [control.low - 1, control.high + 1, np.nan, np.inf, "3", True, [1]]
        elif isinstance(control, Typed):
            wrong = ["x" * (control.longest + 1), 3, ["cup"]]
        else:
            wrong = ["no such", 3, ["no such"]]
        for value in (*wrong, None):
            with pytest.raises(ValueError, match="must be"):
                explorer.set(**{name: value})
    with pytest.raises(ValueError, match="no control 'nonsense'"):
        explorer.set(nonsense=1)
    assert (settings(explorer.state), explorer.sentence) == (settings(state), sentence)
    assert alts(explorer) == words


@pytest.mark.parametrize("name", WITH_PHOTO)
@pytest.mark.parametrize("kind", PHOTOS)
def test_any_photo(name, kind):
    explorer = make(name, photo=PHOTOS[kind]())
    check_words(explorer)
    if not explorer.slow:
        for field, control in controls_of(explorer.state).items():
            explorer.set(**{field: values(control, getattr(explorer.state, field))[0]})
            check_words(explorer)


@pytest.mark.parametrize("name", WITH_PHOTO)
@pytest.mark.parametrize("kind", NO_PHOTOS)
def test_what_is_no_photo_is_refused(name, kind):
    with pytest.raises(ValueError, match="Expected"):
        make(name, photo=NO_PHOTOS[kind])


def test_every_room_is_met():
    assert len({room for room, _ in FOUND.values()}) == len(walking.ROOMS) >= 10
