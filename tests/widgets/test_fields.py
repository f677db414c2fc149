"""Controls: what they accept, how they snap, what the browser is told."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from aml4d_utils.widgets import choice, slider, toggle, typed
from aml4d_utils.widgets.fields import Choice, Slider, Toggle, Typed, controls_of


@dataclasses.dataclass
class State:
    """One of each control, and a field without one."""

    angle: int = slider(0, low=-180, high=180, label="Turn", unit="°")
    share: float = slider(0.5, low=0, high=1, step=0.05, label="Share")
    kind: str = choice("a", ["a", "b"], label="Kind")
    colour: bool = toggle(True, label="In colour", advanced=True)
    title: str = typed("", label="Title", longest=20)
    history: tuple = ()


def test_controls_keep_the_order_of_the_fields():
    controls = controls_of(State())
    assert list(controls) == ["angle", "share", "kind", "colour", "title"]
    assert [type(c) for c in controls.values()] == [Slider, Slider, Choice, Toggle, Typed]
    assert [c.advanced for c in controls.values()] == [False, False, False, True, False]


def test_defaults_are_the_fields_defaults():
    assert dataclasses.astuple(State()) == (0, 0.5, "a", True, "", ())


@pytest.mark.parametrize("wrong", [State, 3, {"angle": 3}])
def test_a_state_is_a_dataclass_instance(wrong):
    with pytest.raises(TypeError, match="dataclass instance"):
        controls_of(wrong)


@given(st.integers(-1000, 1000), st.integers(1, 50), st.integers(1, 400), st.floats(0, 1))
def test_whole_sliders_stay_on_their_steps(low, step, span, part):
    slider = Slider("Size", low, low + span, step)
    value = low + part * span
    clean = slider.clean(value)
    assert isinstance(clean, int)
    assert low <= clean <= low + span
    assert (clean - low) % step == 0
    nearest = min(range(low, low + span + 1, step), key=lambda place: abs(place - value))
    assert abs(clean - value) == pytest.approx(abs(nearest - value))
    assert slider.clean(clean) == clean


@given(st.floats(-10, 10), st.sampled_from((0.01, 0.05, 0.1, 0.25)), st.floats(0, 1))
def test_fine_sliders_stay_in_their_range(low, step, part):
    slider = Slider("Share", round(low, 2), round(low, 2) + 40 * step, step)
    value = slider.low + part * (slider.high - slider.low)
    assume(slider.low <= value <= slider.high)
    clean = slider.clean(value)
    assert slider.low - 1e-9 <= clean <= slider.high + 1e-9
    assert abs(clean - value) <= step / 2 + 1e-9


def test_the_last_step_does_not_leave_the_range():
    assert Slider("Size", 0, 7, 4).clean(7) == 4
    assert Slider("Size", 1, 11, 2).clean(11) == 11


@pytest.mark.parametrize(
    "value", [np.int64(30), np.float32(30), np.uint8(30), 30.0, np.float64(30.2)]
)
def test_numbers_of_numpy_are_numbers(value):
    clean = Slider("Turn", -180, 180, 1).clean(value)
    assert clean == 30
    assert type(clean) is int


@pytest.mark.parametrize("value", [True, "30", None, [30], np.array([30]), 1j, np.True_])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(ValueError, match="Turn must be a number from -180 to 180, not"):
        Slider("Turn", -180, 180, 1).clean(value)


@pytest.mark.parametrize("value", [-181, 180.001, float("nan"), float("inf"), 10**400])
def test_numbers_out_of_range_are_refused(value):
    with pytest.raises(ValueError, match="Turn must be a number from -180 to 180, not"):
        Slider("Turn", -180, 180, 1).clean(value)


def test_choice():
    control = Choice("Kind", ("a", "b"))
    assert control.clean("b") == "b"
    for wrong in ("c", 1, None, "A"):
        with pytest.raises(ValueError, match="Kind must be one of a, b, not"):
            control.clean(wrong)


def test_toggle():
    control = Toggle("In colour")
    assert control.clean(False) is False
    for wrong in (0, 1, "yes", None):
        with pytest.raises(ValueError, match="In colour must be True or False, not"):
            control.clean(wrong)


def test_typed():
    control = Typed("Title", 5)
    for right in ("", "a\nb", "éàü🍵"):
        assert control.clean(right) == right
    for wrong in (0, None, b"abc", ["abc"]):
        with pytest.raises(ValueError, match="Title must be text, not"):
            control.clean(wrong)
    with pytest.raises(ValueError, match="at most 5 characters, not 5,000"):
        control.clean("x" * 5000)


def test_a_default_out_of_range_is_noticed_at_once():
    with pytest.raises(ValueError, match="from 0 to 5, not 7"):
        slider(7, low=0, high=5, label="Size")
    with pytest.raises(ValueError, match="one of a, b"):
        choice("c", ["a", "b"], label="Kind")
    with pytest.raises(ValueError, match="True or False"):
        toggle(1, label="In colour")
    with pytest.raises(ValueError, match="must be text"):
        typed(1, label="Title")


@pytest.mark.parametrize(("step", "decimals"), [(1, 0), (2, 0), (0.5, 1), (0.1, 1), (0.05, 2)])
def test_the_browser_writes_enough_decimals(step, decimals):
    assert Slider("Share", 0, 1, step).for_browser()["decimals"] == decimals


def test_the_browser_gets_plain_json():
    for control in controls_of(State()).values():
        told = control.for_browser()
        assert json.loads(json.dumps(told))["label"] == control.label
        assert told["kind"] in ("slider", "choice", "toggle", "typed")
