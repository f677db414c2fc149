"""A thing is turned by what the hand does, and never beyond its poles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils.topics.poses.pulling import KEY_STEP, MIDDLE, Hand, turned


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(-200, 200), st.floats(-200, 200))
def test_a_turned_thing_stays_on_the_map(yaw, pitch, right, down):
    around, height = turned(yaw, pitch, right, down)
    assert -180 <= around < 180 and -90 <= height <= 90
    assert np.cos(np.radians(around - yaw + right)) > 0.99


def test_a_press_takes_hold_and_a_drag_pulls_from_there():
    hand = Hand()
    assert hand.pull(10, 200, "press") == (0, 0)
    assert hand.pull(16, 188, "drag") == pytest.approx((-10, 5))
    assert hand.pull(16, 200, "drag") == pytest.approx((10, 0))


def test_keys_after_a_drag_go_on_from_where_it_ended():
    hand = Hand()
    hand.pull(50, 60, "press")
    hand.pull(50, 90, "drag")
    assert hand.pull(50, 90 + KEY_STEP, "key") == pytest.approx((5, 0))
    assert hand.pull(50 - KEY_STEP, 90 + KEY_STEP, "key") == pytest.approx((0, -5))


def test_keys_never_come_to_an_end():
    hand, total = Hand(), 0.0
    for _ in range(100):
        right, _ = hand.pull(hand.at[0], min(hand.at[1] + KEY_STEP, 223), "key")
        total += right
    assert total == pytest.approx(500)


def test_what_was_under_way_when_the_hand_went_to_the_middle_turns_nothing():
    hand = Hand()
    hand.pull(112, 206, "press")
    assert hand.pull(112, 212, "key") == pytest.approx((5, 0))
    assert hand.at == MIDDLE
    assert hand.pull(112, 218, "key") == (0, 0)
    assert hand.pull(112, 118, "key") == (0, 0)
    assert hand.pull(112, 124, "key") == pytest.approx((5, 0))
