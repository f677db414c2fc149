"""Figures are drawn, and their words follow the result."""

import numpy as np
import pytest

from aml4d_utils.notebook import show
from aml4d_utils.topics.tuning import figures
from aml4d_utils.topics.tuning.gabor_cells import CELLS
from aml4d_utils.topics.tuning.photo_layers import look
from aml4d_utils.topics.tuning.recording import Logbook, TuningCurve, measure_curve, record
from aml4d_utils.topics.tuning.stimuli import Stimulus


def session(*stimuli, cell="simple cell"):
    book = Logbook()
    for stimulus in stimuli:
        found = book.note(CELLS[cell], record(CELLS[cell], stimulus))
    return found


def test_a_trial_is_told():
    texts = [
        session(Stimulus(orientation=60)),
        session(Stimulus(orientation=60, row=70, col=50)),
        session(Stimulus("grating", 60)),
        session(Stimulus("dark spot", width=5)),
    ]
    said = [figures.describe_screen(one) for one in texts]
    assert len(set(said)) == 4
    assert "13 pixels left of and 7 below the middle" in said[1]
    assert "Marks of 1 spots" in said[3]
    passing = {figures.describe_passing(one.latest, one.subject) for one in texts}
    assert len(passing) == 3 or len(passing) == 4
    assert len({figures.describe_session(one) for one in texts}) == 4


def test_the_width_is_told_once_it_can_be_read_off():
    few = session(*(Stimulus("grating", angle) for angle in (0, 60)))
    many = session(*(Stimulus("grating", angle) for angle in range(0, 180, 10)))
    assert "cannot be read off" in figures.describe_session(few)
    assert "width at half height 41°" in figures.describe_session(many)
    assert "18 orientations tried" in figures.describe_curve(many.curve, many.subject)


def test_trials_side_by_side():
    cell = CELLS["simple cell"]
    trials = [record(cell, Stimulus("light bar", angle)) for angle in (0, 60, 90)]
    show(figures.draw_trials(trials, cell), figures.describe_trials(trials, cell))
    said = figures.describe_trials(trials, cell)
    assert f"60° {trials[1].answer:.1f} spikes/s" in said
    assert said != figures.describe_trials(trials[::-1], cell)


def test_curves_and_fields():
    curves = {name: measure_curve(cell, Stimulus("grating")) for name, cell in CELLS.items()}
    curves["flat"] = TuningCurve(np.arange(0, 180, 20), np.ones(9), 0.0)
    show(figures.draw_curves(curves), figures.describe_curves(curves))
    said = figures.describe_curves(curves)
    assert "complex cell is highest at 120° and 29° wide" in said
    assert "flat is highest at 0° and never falls to half" in said
    fields = [cell.fields[0] for cell in CELLS.values()]
    assert figures.describe_field(fields[0]) != figures.describe_field(fields[1])
    show(figures.draw_field(fields[0]), figures.describe_field(fields[0]))


def test_layers_are_drawn_and_told(surveys):
    _, trained, untrained = surveys
    show(figures.draw_layers(trained, untrained), figures.describe_layers(trained, untrained))
    for measure in figures.MEASURES:
        one = figures.describe_hierarchy(trained, untrained, measure)
        assert one != figures.describe_hierarchy(untrained, trained, measure)
        assert "conv1" in one and "fire5" in one
        said = {figures.describe_measure(survey, measure, "Net") for survey in surveys[1:]}
        assert len(said) == 2
    layers = [survey.layers["fire5"] for survey in surveys[1:]]
    assert figures.describe_widths(*layers) != figures.describe_widths(*layers[::-1])


def test_a_histogram_counts_every_tuned_unit(surveys):
    layer = surveys[1].layers["fire4"]
    middles, shares = figures.histogram(layer)
    assert shares.sum() == pytest.approx(layer.tuned)
    assert (middles[0], middles[-1]) == (7.5, 172.5)


def test_a_photo_layer_is_told(surveys, cat):
    net, trained, _ = surveys
    views = [look(net, cat, name, trained.layers.get(name)) for name in ("fire3", "fire9")]
    for describe in (figures.describe_orientations, lambda view: figures.describe_map(view, 0)):
        assert describe(views[0]) != describe(views[1])
    assert figures.describe_photo_layer(views[0], 0) != figures.describe_photo_layer(views[1], 0)
    assert f"{len(views[0].strokes)} strokes" in figures.describe_orientations(views[0])
    assert figures.faded(views[0].view).min() >= 0.55
