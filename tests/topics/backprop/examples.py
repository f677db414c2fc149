"""What the walking tests are shown of the backprop room."""

import numpy as np

from aml4d_utils.topics.backprop import explorers
from aml4d_utils.topics.backprop.expressions import EXPRESSIONS
from aml4d_utils.topics.backprop.fading import Fading
from aml4d_utils.topics.backprop.graph_stepper import graph_stepper
from aml4d_utils.topics.backprop.knobs import turn
from aml4d_utils.topics.backprop.landscape import six_or_nine, three_descents
from aml4d_utils.topics.backprop.learning import Curve, CurvePoint, LearningStep
from aml4d_utils.topics.backprop.nudge_grid import nudge_grid
from aml4d_utils.topics.backprop.wishes import wishes
from aml4d_utils.topics.neurons.digit_training import one_hot


def answers():
    """Return what an untrained network answers to two digits, and a label."""
    return [(output, 3) for output in explorers.untrained().forward(_inputs(2)[0]).output]


def turned(by):
    """Return one parameter turned by so much, and its name."""
    inputs, wanted = _inputs(1)
    return turn(explorers.untrained(), inputs[0], wanted[0], 5, by), "b"


def one_step(step, layer=1, neuron=2):
    """Return what one neuron wishes, for a step of the three."""
    network = explorers.untrained()
    return wishes(network, *_inputs(4), 1, layer, neuron), step, 3, network.layers, 4


def descents(rate):
    """Return three short descents."""
    paths = three_descents(
        six_or_nine(20),
        np.array([5.0, 1.5]),
        rate=rate,
        mini_batch=5,
        updates=50,
        shuffle=True,
    )
    return paths, rate, True


def learning(cost):
    """Return the record of a training."""
    history = np.array([[32, 3.0, 0.1], [64, cost, 0.4]])
    return LearningStep(2, 0.5, 64, cost, 0.4, explorers.untrained(), history)


def curve(kind, test=0.5, count=2):
    """Return a curve of few trainings over the size or the noise."""
    values = (20, 8000) if kind == "size" else (0.0, 0.6)
    points = (CurvePoint(value, 0.9, test + 0.1 * k, 0.4, 0.7) for k, value in enumerate(values))
    return Curve(kind, tuple(points)[:count], count / 2)


def fading(*gradients, hidden="ReLU"):
    """Return gradients that fade."""
    half = np.full(len(gradients), 0.5)
    return Fading(hidden, np.array(gradients), half, half)


def tables():
    """Return the table of the nudges before and after a step, and that of one digit."""
    grid = nudge_grid()
    found = [grid.table]
    grid.step(1.0)
    found.append(grid.table)
    grid.set(count=1)
    return [(table,) for table in [*found, grid.table]]


def _inputs(count):
    digits = explorers.digits()
    return digits.inputs[:count], one_hot(digits.labels[:count], 10)


EXPLORERS = {"own_digit_explorer": lambda: (nudge_grid(),)}

DESCRIPTIONS = {
    "describe_answer": answers,
    "describe_own_digit": answers,
    "describe_turn": lambda: [turned(by) for by in (0.0, 1.0, -2.0)],
    "describe_wishes": lambda: [one_step(step, layer) for step in (1, 2, 3) for layer in (0, 1, 2)],
    "describe_descents": lambda: [descents(rate) for rate in (1.0, 4.0)],
    "describe_learning": lambda: [(learning(cost),) for cost in (1.0, 0.5)],
    "describe_weights": lambda: [
        (explorers.untrained().weights[0],),
        (np.tile(np.linspace(-1, 1, 784), (16, 1)),),
        (np.zeros((16, 784)),),
    ],
    "describe_curves": lambda: [
        (curve("size"), curve("noise")),
        (curve("size", 0.6), curve("noise")),
        (curve("size"), curve("noise", 0.6)),
        (curve("size", count=0), curve("noise", count=1)),
    ],
    "describe_curve": lambda: [
        (curve("size"),),
        (curve("size", count=1),),
        (curve("noise"),),
        (curve("noise", 0.2),),
    ],
    "describe_fading": lambda: [
        ([fading(0.1, 0.2), fading(1e-6, 0.1, hidden="tanh")],),
        ([fading(0.1, 0.3), fading(1e-5, 0.1, hidden="tanh")],),
    ],
    "describe_fade": lambda: [
        (fading(*gradients),)
        for gradients in ((0.0, 0.0), (0.0, 0.2), (0.1, 0.1), (0.2, 0.1), (0.1, 0.2))
    ],
    "describe_graph": lambda: [(graph_stepper(name).values,) for name in EXPRESSIONS],
    "describe_table": tables,
}
