"""Explorers whose computation is quick: set, messages from the page, errors, Reset."""

import dataclasses

import ipywidgets
import pytest

from aml4d_utils.widgets import Explorer, slider, toggle


@dataclasses.dataclass
class Number:
    """A number to be squared."""

    n: int = slider(3, low=0, high=10, label="Number")
    negative: bool = toggle(False, label="Negative")
    note: str = "kept"


class Made:
    """A squaring explorer that remembers what it drew and can be told to fail."""

    def __init__(self, state=None, compute=None):
        self.drawn = []
        self.broken = None
        self.explorer = Explorer(
            state or Number(),
            compute or self.compute,
            self.draw,
            title="Squares",
            stage=[],
            describe=lambda result: f"The square is {result}.",
        )
        self.sent = []
        self.explorer._controls.send = lambda content, buffers=None: self.sent.append(content)

    def compute(self, state):
        if self.broken == "compute":
            raise RuntimeError("the square\n  is round")
        return state.n**2 * (-1 if state.negative else 1)

    def draw(self, result):
        if self.broken == "draw":
            raise OSError("no\ncanvas")
        self.drawn.append(result)

    def message(self, content):
        self.explorer._controls._on_message(None, content, [])


@pytest.fixture
def made():
    return Made()


def test_it_is_ready_when_made(made):
    explorer = made.explorer
    assert (explorer.result, explorer.sentence, explorer.status) == (9, "The square is 9.", "")
    assert made.drawn == [9]
    assert not explorer.slow


def test_set(made):
    made.explorer.set(n=4, negative=True)
    assert made.explorer.result == -16
    assert made.explorer.state == Number(4, True)
    assert made.drawn == [9, -16]
    assert made.explorer._controls.values == {"n": 4, "negative": True}


def test_set_snaps(made):
    made.explorer.set(n=4.4)
    assert made.explorer.result == 16


def test_fields_without_a_control_can_be_set_too(made):
    made.explorer.set(note="changed")
    assert made.explorer.state.note == "changed"
    assert "note" not in made.explorer._controls.values


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"m": 3}, "has no control 'm'; it has n, negative"),
        ({"n": 11}, "Number must be a number from 0 to 10, not 11"),
        ({"n": 5, "negative": "no"}, "Negative must be True or False, not 'no'"),
    ],
)
def test_refusals_change_nothing(made, changes, words):
    with pytest.raises(ValueError, match=words):
        made.explorer.set(**changes)
    assert made.explorer.state == Number()
    assert made.explorer.result == 9
    assert made.drawn == [9]


def test_state_is_a_copy(made):
    made.explorer.state.n = 7
    assert made.explorer.state.n == 3
    state = Number(5)
    explorer = Made(state).explorer
    state.n = 6
    assert explorer.result == 25
    explorer.set(n=2)
    assert state.n == 6


def test_reset_forgets_what_is_remembered_beside_the_state():
    tried = []

    def compute(state):
        tried.append(state.n)
        return len(tried)

    explorer = Explorer(
        Number(),
        compute,
        lambda result: None,
        title="Tries",
        stage=[],
        describe=lambda result: f"{result} tried.",
        forget=tried.clear,
    )
    explorer.set(n=5)
    assert (explorer.result, tried) == (2, [3, 5])
    explorer.reset()
    assert (explorer.result, tried) == (1, [3])
    explorer.set(n=7)
    explorer._controls._on_message(None, {"kind": "reset"}, [])
    assert (explorer.sentence, tried) == ("1 tried.", [3])


def test_a_quick_one_can_remember_too():
    asked = []

    def compute(state):
        asked.append(state.n)
        return state.n**2

    explorer = Explorer(
        Number(),
        compute,
        lambda result: None,
        title="Squares",
        stage=[],
        describe=lambda result: f"The square is {result}.",
        remember=True,
    )
    explorer.set(n=4)
    explorer.reset()
    explorer.set(n=4)
    assert (explorer.result, asked) == (16, [3, 4])


def test_reset(made):
    made.explorer.set(n=8)
    made.explorer.reset()
    assert made.explorer.result == 9
    assert made.explorer._controls.values == {"n": 3, "negative": False}


def test_refresh_computes_again(made):
    made.explorer.refresh()
    assert made.drawn == [9, 9]


def test_cancel_without_work_is_harmless(made):
    made.explorer.cancel()
    assert made.explorer.result == 9


# --- messages from the page ------------------------------------------------------------------


def test_messages(made):
    made.message({"kind": "set", "values": {"n": 6}})
    assert made.explorer.result == 36
    made.message({"kind": "reset"})
    assert made.explorer.result == 9
    made.message({"kind": "other"})
    assert made.sent == [{"kind": "done", "sequence": None}, {"kind": "done", "sequence": None}]


def test_a_wrong_message_is_said_and_raised_and_answered(made):
    with pytest.raises(ValueError):
        made.message({"kind": "set", "values": {"n": 99}})
    assert made.explorer.status == "ValueError: Number must be a number from 0 to 10, not 99."
    assert made.explorer._caption.failed
    assert made.sent == [{"kind": "done", "sequence": None}]
    assert made.explorer.result == 9
    made.message({"kind": "set", "values": {"n": 1}})
    assert made.explorer.status == ""
    assert not made.explorer._caption.failed


ERRORS = {
    "compute": (RuntimeError, "RuntimeError: the square is round"),
    "draw": (OSError, "OSError: no canvas"),
}


@pytest.mark.parametrize("where", ERRORS)
@pytest.mark.parametrize("way", ["set", "message", "reset", "refresh"])
def test_an_error_is_shown_in_one_line_and_raised(made, where, way):
    kind, line = ERRORS[where]
    made.broken = where
    ways = {
        "set": lambda: made.explorer.set(n=5),
        "message": lambda: made.message({"kind": "set", "values": {"n": 5}}),
        "reset": made.explorer.reset,
        "refresh": made.explorer.refresh,
    }
    with pytest.raises(kind):
        ways[way]()
    assert made.explorer.status == line
    assert made.explorer._caption.failed
    with pytest.raises(kind):
        _ = made.explorer.result
    made.broken = None
    made.explorer.set(n=2)
    assert (made.explorer.result, made.explorer.status) == (4, "")
    assert not made.explorer._caption.failed


def test_an_error_while_it_is_made_fails_the_cell():
    def compute(state):
        raise ZeroDivisionError("nothing to divide")

    with pytest.raises(ZeroDivisionError):
        Made(compute=compute)


def test_a_generator_in_disguise_is_refused():
    with pytest.raises(TypeError, match="generator function"):
        Made(compute=lambda state: (n for n in range(state.n)))


# --- what reaches the page -------------------------------------------------------------------


def test_at_most_six_controls_are_visible():
    def state(visible, advanced):
        names = [f"c{i}" for i in range(visible + advanced)]
        fields = [
            (name, bool, toggle(False, label=name, advanced=i >= visible))
            for i, name in enumerate(names)
        ]
        return dataclasses.make_dataclass("Many", fields)()

    made = Explorer(
        state(6, 3),
        lambda state: 0,
        lambda result: None,
        title="",
        stage=[],
        describe=lambda _: "0",
    )
    assert len(made._controls.fields) == 9
    with pytest.raises(ValueError, match="at most 6 controls, not 7; mark the others as advanced"):
        Made(state(7, 0), compute=lambda state: 0)


def test_the_page_gets_words_and_fields(made):
    controls = made.explorer._controls
    assert controls.title == "Squares"
    assert [field["name"] for field in controls.fields] == ["n", "negative"]
    assert controls.key != Made().explorer._controls.key
    bundle = made.explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in (
        bundle[0] if isinstance(bundle, tuple) else bundle
    )


def test_it_says_where_its_pictures_come_from(made):
    assert made.explorer._controls.origin == "live"
    with pytest.raises(ValueError, match="live, rendered, precomputed, simulated, not 'invented'"):
        Explorer(
            Number(),
            lambda state: state.n,
            lambda result: None,
            title="Squares",
            stage=[],
            describe=str,
            origin="invented",
        )


def test_something_can_stand_below_the_controls():
    pad, plot = ipywidgets.Label("pad"), ipywidgets.Label("plot")
    explorer = Explorer(
        Number(),
        lambda state: state.n,
        lambda result: None,
        title="Squares",
        stage=[plot],
        beside=[pad],
        describe=lambda result: f"It is {result}.",
    )
    left, stage = explorer.widget.children[0].children
    assert left.children == (explorer._controls, pad)
    assert stage.children == (plot,)
