"""The doctor's panel: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import make_dataclass
from typing import Any

import numpy as np

from aml4d_utils.topics.augmentation.three_networks import load_taught
from aml4d_utils.topics.gan_2d.rivalry import BALANCE
from aml4d_utils.topics.gan_health import figures
from aml4d_utils.topics.gan_health.diagnosis import Diagnosis, Patient, examine
from aml4d_utils.widgets import Axis, Bar, Explorer, Picture, Plot, Series, choice

__all__ = ["doctor_explorer"]

_COUNTS = ("2,000", "500", "150")
_LOSSES = "losses (grey: 2 ln 2 and ln 2)"


def doctor_explorer(patients: Mapping[str, Patient]) -> Explorer:
    """Examine contests of garments: measurements, and the verdict that follows from them.

    Parameters
    ----------
    patients : mapping of str to Patient
        At least one; the first is examined first.
    """
    names = tuple(patients)
    state = make_dataclass(
        "DoctorState",
        [
            ("patient", str, choice(names[0], names, label="Patient")),
            ("count", str, choice(_COUNTS[0], _COUNTS, label="Pictures on each side")),
        ],
    )
    judge = load_taught("plain")
    painted = Picture("generated", display_width=626)
    copies = Picture("the nearest training picture of each", display_width=626)
    far = Plot("Fréchet distance from real pictures", display_width=306)
    calls = Plot("shares", display_width=306)
    losses = Plot(_LOSSES, display_width=620)
    known: dict[tuple[str, int], Diagnosis] = {}

    def compute(state: Any) -> Iterator[Diagnosis]:
        count = int(state.count.replace(",", ""))
        key = state.patient, count
        if key not in known:
            for found in examine(state.patient, patients[state.patient], judge, count=count):
                yield found
            known[key] = found
        yield known[key]

    def draw(found: Diagnosis) -> None:
        words = figures.describe_diagnosis(found)
        painted.show(figures.sheet(found.pictures), f"24 generated garments. {words}")
        copies.show(figures.sheet(found.nearest), figures.describe_nearest(found))
        most = max(1e-3, *np.nan_to_num([found.ceiling, found.distance]))
        far.bars(
            [
                Bar("other real pictures", _known(found.floor, 3)),
                Bar("generated", _known(found.distance), strong=True),
                Bar("blurred real pictures", _known(found.ceiling)),
            ],
            words,
            high=float(most),
            label_room=150,
        )
        calls.bars(
            [
                Bar("diversity (real: 100 %)", min(1.2, _known(found.diversity))),
                Bar("real, called real", _known(found.real)),
                Bar("generated, called so", _known(found.generated)),
                Bar("suspected copies", _known(found.copied)),
            ],
            words,
            high=1.2,
            percent=True,
            label_room=150,
            row_height=28,
        )
        _draw_losses(losses, found.losses)

    return Explorer(
        state(),
        compute,
        draw,
        title="The doctor",
        purpose="Measures what losses do not say. The sentence below begins with the verdict.",
        stage=[painted, copies, far.boxed(), calls.boxed(), losses],
        describe=figures.describe_diagnosis,
    )


def _known(value: float, digits: int = 2) -> float:
    return round(float(np.nan_to_num(value)), digits)


def _draw_losses(plot: Plot, losses: np.ndarray) -> None:
    end = max(2, len(losses))
    series = [Series([1, end], [level] * 2, kind="faint") for level in (BALANCE, BALANCE / 2)]
    if len(losses):
        at = np.arange(1, len(losses) + 1)
        series += [Series(at, losses[:, k].clip(0, 8), name) for k, name in enumerate("DG")]
    plot.heading = _LOSSES if len(losses) else "losses: none were kept of this contest"
    words = figures.describe_losses(losses)
    plot.curves(series, Axis("round", 1, end), Axis("nats", 0, 8), words, height=150)
