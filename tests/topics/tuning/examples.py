"""What the walking tests are shown of the tuning room."""

from functools import cache

import numpy as np

from aml4d_utils import images, nets
from aml4d_utils.topics.dissection.units import untrained_net
from aml4d_utils.topics.tuning.gabor_cells import CELLS
from aml4d_utils.topics.tuning.motion_cell import MotionCell
from aml4d_utils.topics.tuning.photo_layers import look
from aml4d_utils.topics.tuning.recording import Logbook, TuningCurve, measure_curve, record
from aml4d_utils.topics.tuning.stimuli import Stimulus
from aml4d_utils.topics.tuning.unit_survey import survey

SIMPLE, COMPLEX = CELLS.values()
MOTION = MotionCell(orientation=90.0)


@cache
def surveys():
    """Return the network, and what gratings gave with it and with one that never learned."""
    net = nets.load("squeezenet1_1", "cpu")
    return net, *(list(survey(one))[-1] for one in (net, untrained_net()))


def session(*stimuli, cell=SIMPLE):
    """Write trials down one after the other."""
    book = Logbook()
    for stimulus in stimuli:
        found = book.note(cell, record(cell, stimulus))
    return found


def bars(*angles):
    """Bars at these orientations."""
    return [Stimulus("light bar", angle) for angle in angles]


SPOT = Stimulus("light spot", width=4)
SESSIONS = (
    lambda: session(Stimulus("grating", 90), Stimulus("grating", 90, back=True), cell=MOTION),
    lambda: session(*bars(60)),
    lambda: session(*bars(*range(0, 180, 10))),
    lambda: session(*bars(60), SPOT),
    lambda: session(SPOT, Stimulus("dark spot", width=6, row=70), cell=COMPLEX),
)


def sessions(first=0):
    """A grating and back; one bar; a whole tuning curve; with a spot; spots only, another cell."""
    return [(make(),) for make in SESSIONS[first:]]


def with_subject(part):
    """The same sessions, one part of each beside its subject."""
    return [(part(one), one.subject) for (one,) in sessions()[:2]]


def flat():
    """A curve that never falls to half."""
    return TuningCurve(np.arange(0, 180, 20), np.ones(9), 0.0)


def views():
    """A cat in a surveyed layer, and in the last one."""
    net, trained, _ = surveys()
    cat = images.fit(images.photo("chelsea"), 300)
    return [look(net, cat, name, trained.layers.get(name)) for name in ("fire3", "fire9")]


def layers():
    """One layer with and without learning."""
    return tuple(one.layers["fire5"] for one in surveys()[1:])


EXPLORERS = {
    "unit_instrument": lambda: surveys()[:1],
    "hierarchy_explorer": lambda: surveys()[1:],
    "photo_layers_explorer": lambda: surveys()[:2],
}

DESCRIPTIONS = {
    "describe_stimulus": lambda: [(one,) for one in (Stimulus("grating", 20), SPOT, *bars(0, 40))],
    "describe_screen": sessions,
    "describe_curve": lambda: [
        *with_subject(lambda one: one.curve),
        (flat(), SIMPLE),
    ],
    "describe_passing": lambda: [
        (record(cell, Stimulus("grating", 60)), cell) for cell in CELLS.values()
    ],
    "describe_marks": lambda: sessions(first=3),
    "describe_session": sessions,
    "describe_trials": lambda: [
        ([record(SIMPLE, bar) for bar in bars(*angles)], SIMPLE) for angles in ((0, 60), (30, 120))
    ],
    "describe_curves": lambda: [
        ({"simple cell": measure_curve(SIMPLE, Stimulus("grating"))},),
        ({"complex cell": measure_curve(COMPLEX, Stimulus("grating")), "flat": flat()},),
    ],
    "describe_field": lambda: [(SIMPLE.fields[0],), (COMPLEX.fields[1],)],
    "describe_measure": lambda: [
        (one, "tuned units", name)
        for one, name in zip(surveys()[1:], ("Trained", "Untrained"), strict=True)
    ],
    "describe_hierarchy": lambda: [
        (*surveys()[1:], "circular variance"),
        (*surveys()[:0:-1], "width at half height"),
    ],
    "describe_layers": lambda: [surveys()[1:], surveys()[:0:-1]],
    "describe_widths": lambda: [layers(), layers()[::-1]],
    "describe_orientations": lambda: [(view,) for view in views()],
    "describe_map": lambda: [(view, 3) for view in views()],
    "describe_photo_layer": lambda: [(view, place) for place, view in enumerate(views())],
}
