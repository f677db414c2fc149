"""Exercises that forbid ready-made functions notice the call itself, however it is written."""

from __future__ import annotations

import sys
from collections.abc import Collection
from pathlib import Path
from types import FrameType
from typing import Any

from aml4d_utils.checking.exercise import Attempt, Checker, WrongAnswer

_LIBRARIES = ("site-packages", "dist-packages", str(Path(__file__).parents[1]))


def without(forbidden: Collection[str], check_with: Checker, instead: str) -> Checker:
    """Return a checker that also refuses right answers that left the work to a library.

    Parameters
    ----------
    forbidden : collection of str
        Names of functions and methods, such as ``reshape``. The exercise's text says them all.
        Calls of libraries count, from the student's own code; a student's function or variable may
        have such a name.
    check_with : callable
        Whether the answer is right.
    instead : str
        What to do instead, in one sentence.

    Notes
    -----
    The interpreter reports every call while the check runs (``sys.setprofile``): so it does not
    matter whether the student wrote ``image.ravel()``, ``np.ravel``, ``getattr`` or a function
    inside the function.
    """

    def check(attempt: Attempt) -> None:
        watch = _Watch(forbidden)
        before = sys.getprofile()
        sys.setprofile(watch.see)
        try:
            check_with(attempt)
        finally:
            sys.setprofile(before)
        if watch.used:
            raise WrongAnswer(f"The result is right, but {watch.used} did the work. {instead}")

    return check


class _Watch:
    def __init__(self, forbidden: Collection[str]):
        self.forbidden = forbidden
        self.used = ""

    def see(self, frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call" and argument.__name__ in self.forbidden:
            caller = frame
        elif event == "call" and frame.f_code.co_name in self.forbidden and _is_library(frame):
            caller = frame.f_back
        else:
            return
        if not _is_library(caller) or caller.f_code is Attempt.__call__.__code__:
            self.used = argument.__name__ if event == "c_call" else frame.f_code.co_name


def _is_library(frame: FrameType) -> bool:
    return any(place in frame.f_code.co_filename for place in _LIBRARIES)
