"""The explorers of cells, units and layers: controls and wiring, no mathematics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from torch import nn

from aml4d_utils import images
from aml4d_utils.topics.dissection.units import LAYERS, Unit
from aml4d_utils.topics.tuning import figures
from aml4d_utils.topics.tuning.gabor_cells import CELLS
from aml4d_utils.topics.tuning.motion_cell import MotionCell
from aml4d_utils.topics.tuning.photo_layers import SHOWN, PhotoLayer, look
from aml4d_utils.topics.tuning.recording import (
    SURVEYED,
    Logbook,
    NetUnit,
    Session,
    Subject,
    record,
)
from aml4d_utils.topics.tuning.stimuli import KINDS, MIDDLE, Stimulus
from aml4d_utils.topics.tuning.unit_survey import Survey
from aml4d_utils.widgets import Axis, Explorer, Picture, Plot, Series, choice, slider
from aml4d_utils.widgets.picture import box, line, text

__all__ = ["cell_instrument", "hierarchy_explorer", "photo_layers_explorer", "unit_instrument"]

SUBJECTS = {**CELLS, "direction cell": MotionCell(orientation=90.0)}
"""Whom the instrument for cells can record from."""

WAYS = ("orientation + 90°", "back")
"""Which way a bar or a grating crosses."""

_HALF = 305
_WHOLE = 620


# --- the instrument --------------------------------------------------------------------------


@dataclass
class CellState:
    """Which cell looks at which stimulus."""

    cell: str = choice("simple cell", list(SUBJECTS), label="Cell")
    kind: str = choice("light bar", KINDS, label="Stimulus")
    orientation: float = slider(0, low=0, high=175, step=5, label="Orientation", unit="°")
    width: float = slider(8, low=1, high=24, label="Width", unit="px")
    contrast: float = slider(100, low=10, high=100, step=10, label="Contrast", unit="%")
    way: str = choice(WAYS[0], WAYS, label="Moves towards")
    row: float = float(MIDDLE)
    col: float = float(MIDDLE)


@dataclass
class UnitState:
    """Which unit looks at which stimulus."""

    layer: str = choice("fire4", SURVEYED, label="Layer")
    number: int = slider(0, low=0, high=max(LAYERS[n] for n in SURVEYED) - 1, label="Unit")
    kind: str = choice("light bar", KINDS, label="Stimulus")
    orientation: float = slider(0, low=0, high=175, step=5, label="Orientation", unit="°")
    width: float = slider(8, low=1, high=24, label="Width", unit="px")
    contrast: float = slider(100, low=10, high=100, step=10, label="Contrast", unit="%")
    way: str = WAYS[0]  # without memory, it answers the same on the way back
    row: float = float(MIDDLE)
    col: float = float(MIDDLE)


def cell_instrument() -> Explorer:
    """Show bars, spots and gratings to a simulated cell and watch its firing rate.

    Every trial leaves a point. Spots leave marks on the screen: + where the cell answers more
    than at rest, − where it answers less.
    """
    return _instrument(
        CellState(),
        lambda state: SUBJECTS[state.cell],
        title="Recording from a cell",
        purpose="Drag the stimulus, or click the screen and use the arrow keys.",
        origin="simulated",
    )


def unit_instrument(net: nn.Module) -> Explorer:
    """Record from a unit of a real network, with the instrument for the simulated cells.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    """

    @cache
    def subject(layer: str, number: int) -> NetUnit:
        return NetUnit(net, Unit(layer, number))

    return _instrument(
        UnitState(),
        # The slider is as long as the largest layer; in a smaller one its last unit is meant.
        lambda state: subject(state.layer, min(state.number, LAYERS[state.layer] - 1)),
        title="Recording from a unit",
        purpose="The same instrument. The subject is one unit of SqueezeNet, in the middle.",
        origin="live",
    )


def _instrument(
    state: CellState | UnitState,
    subject_of: Callable[[CellState | UnitState], Subject],
    *,
    title: str,
    purpose: str,
    origin: str,
) -> Explorer:
    logbook = Logbook()
    screen = Picture("the screen; the box is what is seen", display_width=_HALF, interactive=True)
    screen.step = 2
    tuning = Plot("peak as it crosses, answer here", display_width=_HALF)
    passing = Plot("answer while the stimulus crosses the box", display_width=_WHOLE)

    def compute(state: CellState | UnitState) -> Session:
        subject = subject_of(state)
        stimulus = Stimulus(
            state.kind,
            state.orientation,
            state.width,
            state.contrast / 100,
            state.row,
            state.col,
            back=state.way == WAYS[1],
        )
        return logbook.note(subject, record(subject, stimulus))

    def draw(session: Session) -> None:
        subject, trial = session.subject, session.latest
        low, high = MIDDLE - subject.field / 2, MIDDLE + subject.field / 2
        marks = [
            text(
                one.stimulus.row,
                one.stimulus.col,
                session.mark(one),
                1 if one.answer > subject.rest else 0,
            )
            for one in session.spots
        ]
        screen.cursor = [round(trial.stimulus.row), round(trial.stimulus.col)]
        screen.show(
            trial.screen,
            figures.describe_screen(session),
            overlays=[box(low, low, high, high), *marks],
        )
        _draw_curve(tuning, session)
        top = _top(session)
        passing.curves(
            [Series(trial.shifts, trial.passing, "answer")],
            Axis("pixels from the middle", float(trial.shifts.min()), float(trial.shifts.max())),
            Axis(subject.unit or "answer", 0, top),
            figures.describe_passing(trial, subject),
            height=130,
        )

    explorer = Explorer(
        state,
        compute,
        draw,
        title=title,
        purpose=purpose,
        origin=origin,
        stage=[screen, tuning.boxed(), passing],
        describe=figures.describe_session,
        forget=logbook.forget,
    )
    screen.on_cursor(lambda row, col: explorer.set(row=float(row), col=float(col)))
    return explorer


def _top(session: Session) -> float:
    return 1.05 * max(session.strongest, session.latest.answer, session.subject.rest, 1e-3)


def _draw_curve(plot: Plot, session: Session) -> None:
    subject, curve = session.subject, session.curve
    axes = (
        Axis("orientation, degrees", 0, 180, ticks=(0, 60, 120, 180)),
        Axis(subject.unit or "answer", 0, _top(session)),
    )
    rest = Series([0, 180], [subject.rest, subject.rest], "rest", "faint")
    if curve is None:
        words = f"No bar or grating was shown yet; at rest the answer is {subject.rest:.1f}."
        plot.curves([rest], *axes, words, height=270)
        return
    angles = [trial.stimulus.orientation for trial in session.trials]
    plot.curves(
        [
            rest,
            Series(curve.orientations, curve.peaks, "peak"),
            Series(angles, [trial.answer for trial in session.trials], "here", "points"),
            *(
                [Series([0, 180], [curve.half_height] * 2, "half height", "faint")]
                if np.isfinite(curve.width)
                else []
            ),
        ],
        *axes,
        figures.describe_curve(curve, subject),
        marker=(session.trials[-1].stimulus.orientation, None),
        height=270,
    )


# --- layers ----------------------------------------------------------------------------------


@dataclass
class HierarchyState:
    """What is compared over the layers, and whose widths are shown in full."""

    measure: str = choice("width at half height", list(figures.MEASURES), label="Compare")
    layer: str = choice("conv1", SURVEYED, label="Widths of the units of")


def hierarchy_explorer(trained: Survey, untrained: Survey) -> Explorer:
    """Compare layers, in the trained network and in one that never learned.

    Parameters
    ----------
    trained, untrained : Survey
        From `unit_survey.survey`.
    """
    over_layers = Plot("layer by layer", display_width=_HALF)
    spread = Plot("widths of all tuned units of one layer", display_width=_HALF)
    places = np.arange(1, len(SURVEYED) + 1)

    def draw(state: HierarchyState) -> None:
        measure = state.measure
        top = 180.0 if "width" in measure else 1.0
        over_layers.curves(
            [
                Series(places, figures.measured(one, measure), name)
                for name, one in (("trained", trained), ("untrained", untrained))
            ],
            Axis("1 is conv1, 5 is fire5", 1, len(SURVEYED), ticks=tuple(map(float, places))),
            Axis(figures.MEASURES[measure][1], 0, top, percent=figures.is_share(measure)),
            figures.describe_measure(trained, measure, "Trained")
            + " "
            + figures.describe_measure(untrained, measure, "Untrained"),
            height=300,
        )
        layers = [one.layers[state.layer] for one in (trained, untrained)]
        rows = [figures.histogram(layer) for layer in layers]
        spread.curves(
            [Series(*row, name) for row, name in zip(rows, ("trained", "untrained"), strict=True)],
            Axis("width, degrees", 0, 180, ticks=(0, 45, 90, 135, 180)),
            Axis("share of the units", 0, max(float(row[1].max()) for row in rows), percent=True),
            figures.describe_widths(*layers),
            height=300,
        )

    return Explorer(
        HierarchyState(),
        replace,
        draw,
        title="Layer by layer",
        purpose="832 units, 960 gratings each. With learning and without.",
        stage=[over_layers.boxed(), spread.boxed()],
        describe=lambda state: (
            figures.describe_hierarchy(trained, untrained, state.measure)
            + " "
            + figures.describe_widths(trained.layers[state.layer], untrained.layers[state.layer])
        ),
    )


@dataclass
class PhotoState:
    """Which layer and which of its maps is shown."""

    layer: str = choice("conv1", SHOWN, label="Layer")
    place: int = slider(1, low=1, high=64, label="Map, strongest first")


def photo_layers_explorer(
    net: nn.Module, tuning: Survey, photo: np.ndarray | None = None
) -> Explorer:
    """Follow a photo through the layers.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    tuning : Survey
        Of this network; it says which orientation each unit prefers.
    photo : ndarray (H, W, 3), optional
        By default the student's own photo.
    """
    photo = images.photo_or_own(photo)
    seen = Picture("what the network sees", display_width=200)
    one = Picture("one map", display_width=200)
    ruling = Picture("orientations that rule", display_width=200)

    @cache
    def layer_of(name: str) -> PhotoLayer:
        return look(net, photo, name, tuning.layers.get(name))

    def draw(result: tuple[PhotoLayer, int]) -> None:
        view, place = result
        seen.show(view.view, figures.describe_photo_layer(view, place))
        one.show_magnitude(view.maps[place], figures.describe_map(view, place), low=0.0)
        ruling.show(
            figures.faded(view.view),
            figures.describe_orientations(view),
            overlays=[line(*ends, 3, width=2) for ends in view.strokes],
        )

    return Explorer(
        PhotoState(),
        lambda state: (layer_of(state.layer), state.place - 1),
        draw,
        title="Your photo, layer by layer",
        purpose="From edges to shapes to things.",
        stage=[seen, one, ruling],
        describe=lambda result: figures.describe_photo_layer(*result),
    )
