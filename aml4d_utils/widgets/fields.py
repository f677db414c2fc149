"""The controls of an explorer, written as fields of its state.

An explorer's state is a plain dataclass. Each field says by :func:`slider`,
:func:`choice`, :func:`toggle` or :func:`typed` which control changes it::

    @dataclass
    class Turn:
        angle: int = slider(0, low=-180, high=180, label="Turn", unit="°")
        colour: bool = toggle(True, label="In colour")
"""

from __future__ import annotations

import dataclasses
import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Slider:
    """A number between two limits; whole when ``step`` is whole."""

    label: str
    low: float
    high: float
    step: float
    unit: str = ""
    advanced: bool = False
    later: bool = False
    kind = "slider"

    def clean(self, value: Any) -> float | int:
        """Return ``value`` as a number on the slider, or raise ValueError with what is allowed."""
        allowed = f"{self.label} must be a number from {self.low} to {self.high}"
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise ValueError(f"{allowed}, not {value!r}.")
        if not self.low <= value <= self.high:
            raise ValueError(f"{allowed}, not {value}.")
        value = float(value)
        last = math.floor((self.high - self.low) / self.step + 1e-9)
        snapped = self.low + min(last, round((value - self.low) / self.step)) * self.step
        return round(snapped) if self.whole else round(snapped, 10)

    @property
    def whole(self) -> bool:
        """Whether every position of the slider is a whole number."""
        return float(self.step).is_integer() and float(self.low).is_integer()

    def for_browser(self) -> dict[str, Any]:
        """Return what the browser needs to draw the control."""
        decimals = 0 if self.whole else max(0, -math.floor(math.log10(self.step) + 1e-9))
        return {**dataclasses.asdict(self), "kind": self.kind, "decimals": decimals}


@dataclass(frozen=True)
class Choice:
    """One of several named options."""

    label: str
    options: tuple[str, ...]
    advanced: bool = False
    later: bool = False
    kind = "choice"

    def clean(self, value: Any) -> str:
        """Return ``value`` if it is an option, or raise ValueError listing the options."""
        if value not in self.options:
            raise ValueError(
                f"{self.label} must be one of {', '.join(self.options)}, not {value!r}."
            )
        return value

    def for_browser(self) -> dict[str, Any]:
        """Return what the browser needs to draw the control."""
        return {**dataclasses.asdict(self), "kind": self.kind}


@dataclass(frozen=True)
class Toggle:
    """On or off."""

    label: str
    advanced: bool = False
    later: bool = False
    kind = "toggle"

    def clean(self, value: Any) -> bool:
        """Return ``value`` if it is True or False, or raise ValueError."""
        if not isinstance(value, bool):
            raise ValueError(f"{self.label} must be True or False, not {value!r}.")
        return value

    def for_browser(self) -> dict[str, Any]:
        """Return what the browser needs to draw the control."""
        return {**dataclasses.asdict(self), "kind": self.kind}


@dataclass(frozen=True)
class Typed:
    """A line that the student types; Enter sends it."""

    label: str
    longest: int
    advanced: bool = False
    kind = "typed"

    def clean(self, value: Any) -> str:
        """Return ``value`` if it is text that is short enough, or raise ValueError."""
        if not isinstance(value, str):
            raise ValueError(f"{self.label} must be text, not {value!r}.")
        if len(value) > self.longest:
            raise ValueError(
                f"{self.label} must be at most {self.longest:,} characters, not {len(value):,}."
            )
        return value

    def for_browser(self) -> dict[str, Any]:
        """Return what the browser needs to draw the control."""
        return {**dataclasses.asdict(self), "kind": self.kind}


Control = Slider | Choice | Toggle | Typed


def slider(
    default: float,
    *,
    low: float,
    high: float,
    label: str,
    step: float = 1,
    unit: str = "",
    advanced: bool = False,
    later: bool = False,
) -> Any:
    """Return a dataclass field that a slider from ``low`` to ``high`` changes.

    ``advanced`` puts the control behind *More controls*. One that acts ``later``, with what comes
    next, such as a click on a button, changes only the sentence at once.
    """
    control = Slider(label, low, high, step, unit, advanced, later)
    return dataclasses.field(default=control.clean(default), metadata={"control": control})


def choice(
    default: str,
    options: Sequence[str],
    *,
    label: str,
    advanced: bool = False,
    later: bool = False,
) -> Any:
    """Return a dataclass field that a drop-down list of ``options`` changes."""
    control = Choice(label, tuple(options), advanced, later)
    return dataclasses.field(default=control.clean(default), metadata={"control": control})


def toggle(default: bool, *, label: str, advanced: bool = False, later: bool = False) -> Any:
    """Return a dataclass field that a check box changes."""
    control = Toggle(label, advanced, later)
    return dataclasses.field(default=control.clean(default), metadata={"control": control})


def typed(default: str, *, label: str, longest: int = 100_000, advanced: bool = False) -> Any:
    """Return a dataclass field that a line of text changes, at most ``longest`` characters."""
    control = Typed(label, longest, advanced)
    return dataclasses.field(default=control.clean(default), metadata={"control": control})


def controls_of(state: Any) -> dict[str, Control]:
    """Return the controls of a state dataclass by field name, in the order of its fields."""
    if not dataclasses.is_dataclass(state) or isinstance(state, type):
        raise TypeError(f"An explorer's state is a dataclass instance, not {type(state).__name__}.")
    return {
        field.name: field.metadata["control"]
        for field in dataclasses.fields(state)
        if "control" in field.metadata
    }
