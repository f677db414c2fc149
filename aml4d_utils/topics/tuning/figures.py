"""Pictures of cells, curves and layers, each with the words that describe it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from aml4d_utils.measuring.wording import percent, plain
from aml4d_utils.notebook import new_figure
from aml4d_utils.topics.tuning.photo_layers import NAMED, PhotoLayer
from aml4d_utils.topics.tuning.recording import Session, Subject, Trial, TuningCurve
from aml4d_utils.topics.tuning.stimuli import MIDDLE, Stimulus
from aml4d_utils.topics.tuning.unit_survey import LayerTuning, Survey
from aml4d_utils.widgets.colours import OKABE_ITO, signed_map

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKERS = ("o", "s", "^", "D", "v", "P")


# --- one trial after the other ---------------------------------------------------------------


def answer_in_words(value: float, subject: Subject) -> str:
    """Write an answer with its unit, if it has one."""
    return f"{value:.1f} {subject.unit}".strip()


def describe_stimulus(stimulus: Stimulus) -> str:
    """Say what is on the screen."""
    size = f"{stimulus.width:g} pixels wide"
    if stimulus.is_spot:
        return f"a {stimulus.kind}, {size}"
    if stimulus.kind == "grating":
        return f"a grating at {stimulus.orientation:g}°, each stripe {size}"
    return f"a {stimulus.kind} at {stimulus.orientation:g}°, {size}"


def describe_screen(session: Session) -> str:
    """Say what is on the screen, where, what the subject answers, and which marks there are."""
    trial, subject = session.latest, session.subject
    right = trial.stimulus.col - MIDDLE
    up = MIDDLE - trial.stimulus.row
    sides = (
        f"{abs(right):.0f} pixels {'right' if right >= 0 else 'left'} of",
        f"{abs(up):.0f} {'above' if up >= 0 else 'below'}",
    )
    return (
        f"A grey screen with {describe_stimulus(trial.stimulus)}, contrast "
        f"{percent(trial.stimulus.contrast)}, {sides[0]} and {sides[1]} the middle. "
        f"{subject.name.capitalize()} sees the {subject.field} pixels in the box and answers "
        f"{answer_in_words(trial.answer, subject)}; at rest "
        f"{answer_in_words(subject.rest, subject)}.{describe_marks(session)}"
    )


def describe_curve(curve: TuningCurve, subject: Subject) -> str:
    """Say how a tuning curve runs and how wide it is."""
    count = len(curve.orientations)
    tried = f"{count} orientation{'s' if count > 1 else ''} tried"
    best = (
        f"strongest answer {answer_in_words(float(curve.peaks.max()), subject)} at "
        f"{curve.preferred:g}°, weakest {answer_in_words(float(curve.peaks.min()), subject)}"
    )
    if np.isfinite(curve.width):
        return f"{tried}; {best}; width at half height {curve.width:.0f}°."
    return f"{tried}; {best}; the width cannot be read off yet or the curve never falls to half."


def describe_passing(trial: Trial, subject: Subject) -> str:
    """Say how the answer changes while the stimulus crosses the field."""
    return (
        f"While it crosses{_heading(trial.stimulus)}, from {plain(trial.shifts[0], 0)} to "
        f"{plain(trial.shifts[-1], 0)} pixels, the answer goes from "
        f"{answer_in_words(float(trial.passing.min()), subject)} to "
        f"{answer_in_words(trial.peak, subject)}."
    )


def _heading(stimulus: Stimulus) -> str:
    return "" if stimulus.is_spot else f" towards {stimulus.heading:g}°"


def describe_marks(session: Session) -> str:
    """Say how many spots were answered more and less than at rest; nothing without spots."""
    if not session.spots:
        return ""
    marks = [session.mark(trial) for trial in session.spots]
    return (
        f" Marks of {len(marks)} spots: {marks.count('+')} plus, {marks.count('−')} minus, "
        f"{marks.count('·')} the same as at rest."
    )


def describe_session(session: Session) -> str:
    """Say what the latest trial gave and what the curve says so far."""
    subject, trial = session.subject, session.latest
    words = (
        f"{subject.name.capitalize()} answers {answer_in_words(trial.answer, subject)} to "
        f"{describe_stimulus(trial.stimulus)} (at rest {answer_in_words(subject.rest, subject)}), "
        f"and as it crosses{_heading(trial.stimulus)} up to {answer_in_words(trial.peak, subject)}."
    )
    if trial.stimulus.is_spot or session.curve is None:
        return words + describe_marks(session)
    return f"{words} {describe_curve(session.curve, subject)}"


# --- still pictures --------------------------------------------------------------------------


def draw_trials(trials: Sequence[Trial], subject: Subject) -> Figure:
    """Draw screens side by side, each above what it was answered."""
    figure = new_figure(9.2, 2.1)
    for axes, trial in zip(figure.subplots(1, len(trials)), trials, strict=True):
        axes.imshow(trial.screen, cmap="gray", vmin=0, vmax=1)
        axes.set_title(f"{trial.stimulus.orientation:g}°")
        axes.set_xlabel(answer_in_words(trial.answer, subject))
        axes.set_xticks([])
        axes.set_yticks([])
    return figure


def describe_trials(trials: Sequence[Trial], subject: Subject) -> str:
    """Say what was shown and what was answered."""
    answers = ", ".join(
        f"{trial.stimulus.orientation:g}° {answer_in_words(trial.answer, subject)}"
        for trial in trials
    )
    return (
        f"{len(trials)} screens with {trials[0].stimulus.kind}s through the middle. "
        f"{subject.name.capitalize()} answers: {answers}."
    )


def draw_curves(curves: Mapping[str, TuningCurve]) -> Figure:
    """Draw tuning curves above each other's rest, each divided by its own height."""
    figure = new_figure(7.6, 3.4)
    axes = figure.subplots()
    for number, (name, curve) in enumerate(curves.items()):
        turned = (curve.orientations - curve.preferred + 90) % 180 - 90
        order = np.argsort(turned)
        heights = (curve.peaks - curve.rest) / max(float((curve.peaks - curve.rest).max()), 1e-9)
        width = f"{curve.width:.0f}°" if np.isfinite(curve.width) else "never falls to half"
        axes.plot(
            turned[order],
            heights[order],
            color=OKABE_ITO[number],
            marker=_MARKERS[number],
            markersize=4,
            label=f"{name}: {width}",
        )
    axes.axhline(0.5, color="#8c959f", linestyle=":")
    axes.set_xlabel("degrees from the best orientation")
    axes.set_ylabel("share of the highest answer")
    axes.set_xticks([-90, -45, 0, 45, 90])
    axes.legend(frameon=False)
    return figure


def describe_curves(curves: Mapping[str, TuningCurve]) -> str:
    """Say how wide each tuning curve is."""
    words = [
        f"{name} is highest at {curve.preferred:g}° and "
        + (
            f"{curve.width:.0f}° wide at half height"
            if np.isfinite(curve.width)
            else "never falls to half"
        )
        for name, curve in curves.items()
    ]
    return f"{len(curves)} tuning curves: " + "; ".join(words) + "."


def draw_field(field: np.ndarray) -> Figure:
    """Draw a field (H, W): orange where light excites, blue where it silences."""
    figure = new_figure(4.2, 3.4)
    axes = figure.subplots()
    limit = float(np.abs(field).max())
    shown = axes.imshow(field, cmap=signed_map(), vmin=-limit, vmax=limit)
    figure.colorbar(shown, ax=axes, label="weight of the light")
    axes.set_xlabel("pixels")
    return figure


def describe_field(field: np.ndarray) -> str:
    """Say how much of a field is positive and negative."""
    limit = float(np.abs(field).max())
    plus, minus = (float((sign * field > 0.1 * limit).mean()) for sign in (1, -1))
    return (
        f"The field of a cell, {field.shape[1]} pixels wide: light excites it on {percent(plus)} "
        f"of the square and silences it on {percent(minus)}; the weights go from "
        f"{plain(field.min(), 2)} to {plain(field.max(), 2)}."
    )


# --- layers ----------------------------------------------------------------------------------

MEASURES = {
    "width at half height": ("median_width", "median width, degrees"),
    "tuned units": ("tuned", "share of the units"),
    "simple units (F1 > F0)": ("simple", "share of the units"),
    "circular variance": ("median_variance", "median circular variance"),
}
"""What is measured of a layer: the words, its attribute, the words on the axis."""


def is_share(measure: str) -> bool:
    """Whether a measure is a share, written in per cent."""
    return MEASURES[measure][1].startswith("share")


def measured(survey: Survey, measure: str) -> np.ndarray:
    """Return a measure of each layer; 0 where a layer has none."""
    found = [getattr(layer, MEASURES[measure][0]) for layer in survey.layers.values()]
    return np.nan_to_num(np.array(found))


def _value(value: float, measure: str) -> str:
    if is_share(measure):
        return percent(value)
    return f"{value:.0f}°" if "width" in measure else f"{value:.2f}"


def describe_measure(survey: Survey, measure: str, name: str) -> str:
    """Say a measure layer by layer."""
    values = zip(survey.layers, measured(survey, measure), strict=True)
    words = ", ".join(f"{layer} {_value(value, measure)}" for layer, value in values)
    return f"{name}, {measure}: {words}."


def describe_hierarchy(trained: Survey, untrained: Survey, measure: str) -> str:
    """Say how the first and the last layer differ, with and without learning."""
    ends = []
    for name, one in (("Trained", trained), ("untrained", untrained)):
        values = measured(one, measure)
        ends.append(f"{name} {_value(values[0], measure)} → {_value(values[-1], measure)}")
    layers = list(trained.layers)
    return f"{measure.capitalize()}, from {layers[0]} to {layers[-1]}: {', '.join(ends)}."


def draw_layers(trained: Survey, untrained: Survey) -> Figure:
    """Draw the four measures over the layers, with and without learning."""
    figure = new_figure(9.2, 5.0)
    layers = list(trained.layers)
    for axes, measure in zip(figure.subplots(2, 2).flat, MEASURES, strict=True):
        for number, (name, one) in enumerate((("trained", trained), ("untrained", untrained))):
            axes.plot(
                layers,
                measured(one, measure),
                color=OKABE_ITO[number],
                marker=_MARKERS[number],
                linestyle="-" if number == 0 else "--",
                label=name,
            )
        axes.set_title(measure)
        top = 180 if "width" in measure else 1
        axes.set_ylim(0, top * 1.05)
        if is_share(measure):
            axes.yaxis.set_major_formatter(lambda value, _place: f"{100 * value:.0f} %")
    figure.axes[0].legend(frameon=False)
    return figure


def describe_layers(trained: Survey, untrained: Survey) -> str:
    """Say all four measures layer by layer."""
    return " ".join(
        describe_measure(one, measure, name)
        for measure in MEASURES
        for name, one in (("Trained", trained), ("Untrained", untrained))
    )


def histogram(layer: LayerTuning, step: float = 15.0) -> tuple[np.ndarray, np.ndarray]:
    """Return how the widths of a layer's units are spread: middles of bins, shares of units."""
    edges = np.arange(0, 180 + step, step)
    counts, _ = np.histogram(layer.widths, edges)
    return edges[:-1] + step / 2, counts / max(1, layer.count)


def describe_widths(trained: LayerTuning, untrained: LayerTuning) -> str:
    """Say how wide the units of a layer are, with and without learning."""
    parts = []
    for name, one in (("Trained", trained), ("untrained", untrained)):
        if len(one.widths):
            low, high = np.percentile(one.widths, [25, 75])
            parts.append(
                f"{name}: {one.count} units answer, {len(one.widths)} are tuned, half of these "
                f"between {low:.0f}° and {high:.0f}° wide, median {one.median_width:.0f}°"
            )
        else:
            parts.append(f"{name}: {one.count} units answer, 0 are tuned")
    return f"{trained.layer}. " + "; ".join(parts) + "."


# --- a photo through the layers --------------------------------------------------------------


def faded(view: np.ndarray) -> np.ndarray:
    """Return a photo (H, W, 3), float in [0, 1], in light grey, so that strokes stand out."""
    return 0.55 + 0.45 * view.mean(axis=2)


def describe_orientations(view: PhotoLayer) -> str:
    """Say which orientations rule where."""
    if view.orientation is None:
        return (
            f"Your photo in light grey, without strokes: the units of {view.layer} were not shown "
            "gratings (0 orientations known)."
        )
    words = ", ".join(f"{word} ({NAMED[word]:g}°) {percent(s)}" for word, s in view.shares.items())
    return (
        f"Your photo in light grey with {len(view.strokes)} strokes: the orientation that rules in "
        f"{view.layer}, longer where it is clear. Of all places {words}."
    )


def describe_map(view: PhotoLayer, place: int) -> str:
    """Say where one unit answers to the photo."""
    values = view.maps[place]
    row, col = np.unravel_index(int(values.argmax()), values.shape)
    return (
        f"Unit {view.layer}/{view.units[place]} on your photo: {values.shape[0]} × "
        f"{values.shape[1]} places, strongest answer {values.max():.1f} in row {row + 1}, column "
        f"{col + 1}; it answers at {percent(float((values > 0).mean()))} of the places."
    )


def describe_photo_layer(view: PhotoLayer, place: int) -> str:
    """Say which layer is shown, how coarse it is and what the network calls the photo."""
    label, share = view.guesses[0]
    height, width = view.maps.shape[1:]
    return (
        f"{view.layer} has {len(view.units)} maps of {height} × {width} places; place "
        f"{place + 1} is unit {view.units[place]}. {percent(view.silent)} of the units are silent. "
        f"At the end the network says {label}, {percent(share)}."
    )
