"""Lesson 01: one trial of the instrument, the survey of all units, the search for face units."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from aml4d_utils import nets
from aml4d_utils.topics.dissection.units import Unit, untrained_net
from aml4d_utils.topics.selectivity import explorers as face_explorers
from aml4d_utils.topics.selectivity.equal_pictures import both_halves
from aml4d_utils.topics.selectivity.face_search import search_faces
from aml4d_utils.topics.tuning import explorers
from aml4d_utils.topics.tuning.gabor_cells import CELLS
from aml4d_utils.topics.tuning.recording import NetUnit, record
from aml4d_utils.topics.tuning.stimuli import Stimulus
from aml4d_utils.topics.tuning.unit_survey import survey
from benchmarks.callbacks import moves
from benchmarks.measure import Row, repeat, scaled


def _result(steps):
    last = None
    while True:
        try:
            last = next(steps)
        except StopIteration as end:
            return last if end.value is None else end.value


def _trials(subject: object) -> tuple[float, ...]:
    angles = count(0, 7)
    once = repeat(
        lambda: record(subject, Stimulus("grating", float(next(angles) % 180))), 30, warm_up=3
    )
    return scaled(once, 1000)


def rows() -> Iterator[Row]:
    """Record, survey and search; then move every control."""
    net = nets.load("squeezenet1_1")
    for name, cell in CELLS.items():
        yield Row(f"instrument: trial of the {name}", _trials(cell), "ms", 50)
    for layer in ("conv1", "fire5"):
        subject = NetUnit(net, Unit(layer, 3))
        yield Row(f"instrument: trial of a unit of {layer}", _trials(subject), "ms", 80)
    yield Row("survey: 832 units, 960 gratings", repeat(lambda: _result(survey(net)), 3), "s", 30)
    halves = both_halves()
    search = repeat(lambda: _result(search_faces(net, *halves)), 2, warm_up=0)
    yield Row("search for face units, 2,624 units", search, "s")
    surveys = [_result(survey(one)) for one in (net, untrained_net())]
    yield from moves(explorers.cell_instrument(), "cell instrument", 50)
    yield from moves(explorers.unit_instrument(net), "unit instrument", 80)
    yield from moves(explorers.hierarchy_explorer(*surveys), "layer by layer", 50)
    yield from moves(explorers.photo_layers_explorer(net, surveys[0]), "photo layers", 200)
    both = [(one, _result(search_faces(one, *halves))) for one in (net, untrained_net())]
    yield from moves(face_explorers.face_unit_explorer(*both), "face units", 200)
