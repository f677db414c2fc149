"""The explorers of lesson 15: every control, clear sentences, Reset, live views."""

import numpy as np
import pytest

from aml4d_utils.topics.backprop import explorers, figures
from aml4d_utils.topics.backprop.learning import Curve, CurvePoint, LearningStep
from aml4d_utils.widgets.explorer import MOST_VISIBLE_CONTROLS
from aml4d_utils.widgets.fields import Choice, Slider, controls_of

MAKERS = {
    "steps": explorers.steps_explorer,
    "descent": explorers.descent_explorer,
    "fading": explorers.fading_explorer,
}


@pytest.fixture(scope="module")
def made():
    return {name: make() for name, make in MAKERS.items()}


@pytest.fixture(params=MAKERS)
def explorer(request, made):
    yield made[request.param]
    made[request.param].reset()


def values_of(control):
    if isinstance(control, Slider):
        return [control.low, control.clean((control.low + control.high) / 2), control.high]
    return list(control.options) if isinstance(control, Choice) else [False, True]


def alts(explorer):
    found, waiting = [], list(explorer._stage.children)
    while waiting:
        widget = waiting.pop(0)
        waiting += getattr(widget, "children", ())
        if hasattr(widget, "alt"):
            found.append(widget.alt)
    return found


def test_every_control_changes_what_is_shown(explorer):
    first = explorer.state
    for name, control in controls_of(first).items():
        seen = set()
        for value in values_of(control):
            explorer.reset()
            explorer.set(**{name: value})
            assert explorer.status == ""
            assert "nan" not in explorer.sentence and "inf" not in explorer.sentence
            assert all("nan" not in alt for alt in alts(explorer))
            seen.add((explorer.sentence, *alts(explorer)))
        assert len(seen) == len(values_of(control)), name


def test_few_controls_and_quick(explorer):
    visible = [c for c in controls_of(explorer.state).values() if not c.advanced]
    assert 1 <= len(visible) <= MOST_VISIBLE_CONTROLS
    assert not explorer.slow


def test_the_start_of_the_descents_can_be_moved(made):
    explorer = made["descent"]
    view = explorer._stage.children[0]
    view._on_message(view, {"kind": "start", "x": 5.0, "y": 1.5}, [])
    assert (explorer.state.x, explorer.state.y) == (5.0, 1.5)
    assert view.paths[0]["x"][0] == 5.0
    assert "start at (5, 1.5)" in view.alt
    explorer.reset()


def test_the_page_gets_the_paths(made):
    explorer = made["descent"]
    paths, _ = explorer.result
    view = explorer._stage.children[0]
    for shown, path in zip(view.paths, paths.values(), strict=True):
        assert shown["cost"] == pytest.approx(list(path.costs), abs=1e-5)
        assert shown["seen"] == list(path.seen)
    explorer.set(axis="digits looked at", batch=50)
    assert view.against == "digits looked at"
    assert view.paths[1]["name"] == "mini-batches of 50" and view.paths[1]["seen"][2] == 100
    explorer.reset()


# --- own digit -----------------------------------------------------------------------------------


@pytest.fixture
def own():
    table = explorers.nudges_explorer()
    explorer = explorers.own_digit_explorer(table)
    left = explorer.widget.children[0].children[0]
    return table, explorer, left.children[1]


def test_the_table_stands_beside_the_pad_that_changes_it(own):
    table, explorer, _ = own
    assert explorer._stage.children == (table,)


def a_one():
    picture = np.zeros((28, 28))
    picture[4:24, 13:16] = 1
    return picture


def test_an_own_digit_is_read_and_put_into_the_table(own):
    table, explorer, pad = own
    empty = explorer.sentence
    assert "empty" in empty
    pad.show(a_one())
    outputs, label = explorer.result
    assert label == 3 and f"reads your drawing as a {outputs.argmax()}" in explorer.sentence
    explorer.set(label=1)
    before = explorer.sentence
    pad._on_message(pad, {"kind": "source", "name": pad.sources[1]}, [])
    assert table.examples[0]["label"] == 1
    cost = table.examples[0]["cost"]
    assert f"cost is {cost:.2f}" in before
    np.testing.assert_allclose(table._inputs[0], pad.prepared.ravel())


def test_a_digit_can_be_picked_by_what_it_is(own, digits):
    table, explorer, pad = own
    explorer.set(label=7)
    seen = set()
    for _ in range(3):
        pad._on_message(pad, {"kind": "source", "name": pad.sources[0]}, [])
        place = np.flatnonzero((digits.inputs == pad.prepared.ravel()).all(axis=1))
        assert digits.labels[place].tolist() == [7]
        seen.add(int(place[0]))
    assert len(seen) == 3
    pad._on_message(pad, {"kind": "source", "name": pad.sources[1]}, [])
    assert table.examples[0]["label"] == 7


def test_an_empty_pad_is_said_and_changes_nothing(own):
    table, explorer, pad = own
    cells = table.cells
    pad._on_message(pad, {"kind": "source", "name": pad.sources[1]}, [])
    assert "nothing on the pad" in pad.status
    assert table.cells == cells


def test_pixels_are_shown_as_maps_and_neurons_as_bars(made):
    explorer = made["steps"]
    room = explorer._stage.children[1]
    bars = room.children[0]
    explorer.set(layer="hidden layer 1")
    before, after = room.children[0].children
    assert room.children[0] is not bars
    assert "28 by 28" in after.alt and after.colour_bar["signed"]
    explorer.set(layer="hidden layer 2")
    assert room.children[0] is bars
    explorer.reset()


# --- live views ----------------------------------------------------------------------------------


def test_the_learning_view_shows_a_record(network):
    history = np.array([[32, 3.0, 0.1], [64, 1.0, 0.4]])
    step = LearningStep(2, 0.5, 64, 1.0, 0.4, network, history)
    view = explorers.learning_view()
    view.draw(step)
    assert view.accuracy.spec["series"][0]["y"] == [0.1, 0.4]
    assert "64 digits seen" in view.cost.alt and "40.0 %" in view.cost.alt
    assert "16 small pictures" in view.weights.alt
    assert "text/plain" in view._repr_mimebundle_()


def points(kind):
    xs = (20, 8000) if kind == "size" else (0.0, 0.6)
    return tuple(CurvePoint(x, 0.9, 0.5 + 0.1 * k, 0.4, 0.7) for k, x in enumerate(xs))


def test_the_curve_view_fills_the_right_plot():
    view = explorers.curve_view()
    view.draw(Curve("size", (), 0.1))
    assert view.size.alt == ""
    view.draw(Curve("size", points("size"), 0.5))
    view.draw(Curve("noise", points("noise"), 1.0))
    assert view.size.spec["x"]["log"] and "8,000 digits" in view.size.alt
    assert "60 % wrong labels" in view.noise.alt


# --- figures -------------------------------------------------------------------------------------


def test_descriptions_follow_what_they_describe(network, digits):
    outputs = network.forward(digits.inputs[:2]).output
    a, b = (figures.describe_answer(out, 3) for out in outputs)
    assert a != b and f"{outputs[0][3]:.2f}" in a
    figures.draw_answer(digits.inputs[0].reshape(28, 28), outputs[0], 3)
    figures.draw_answer(np.zeros((28, 28)), np.zeros(10), 0)
    size, noise = Curve("size", points("size"), 1.0), Curve("noise", points("noise"), 1.0)
    assert "20 digits" in figures.describe_curves(size, noise)
    assert figures.describe_curve(size) != figures.describe_curve(noise)
    assert figures.describe_curve(Curve("size", (), 0)) == "the first network is learning"
    assert len(figures.draw_curves(size, noise).axes) == 2


def test_curves_that_were_stopped_early_can_be_shown():
    none, one = Curve("size", (), 0.1), Curve("noise", points("noise")[:1], 0.5)
    figures.draw_curves(none, one)
    assert "1 of the networks" in figures.describe_curves(none, one)
    assert one.nearest(0.6).value == 0.0
    with pytest.raises(ValueError, match="No network has finished"):
        none.nearest(0.6)


def test_weights_are_described_by_their_smoothness(network):
    smooth = np.tile(np.linspace(-1, 1, 784), (16, 1))
    noisy, even = figures.describe_weights(network.weights[0]), figures.describe_weights(smooth)
    assert noisy != even
    assert figures.weight_tiles(smooth).shape == (58, 238, 3)
    assert "0.00" in figures.describe_weights(np.zeros((16, 784)))


@pytest.mark.parametrize(
    ("gradients", "words"),
    [
        ((0.0, 0.0), "no weight of any layer has a gradient"),
        ((0.0, 0.2), "nothing reaches the first layer"),
        ((0.1, 0.1), "about as large as"),
        ((0.2, 0.1), "2 times larger than"),
        ((0.1, 0.2), "2 times smaller than"),
    ],
)
def test_a_fade_is_told_without_dividing_by_zero(gradients, words):
    from aml4d_utils.topics.backprop.fading import Fading

    half = np.full(2, 0.5)
    told = figures.describe_fade(Fading("ReLU", np.array(gradients), half, half))
    assert words in told
    assert "000,000" not in told


def test_fading_is_described_and_drawn(batch):
    from aml4d_utils.topics.backprop.fading import deep_network, measure_fading

    results = [
        measure_fading(deep_network(3, name, 1, np.random.default_rng(0)), *batch)
        for name in ("sigmoid", "ReLU")
    ]
    assert "smaller than" in figures.describe_fade(results[0])
    assert figures.describe_fading(results) != figures.describe_fading(results[::-1])
    assert figures.draw_fading(results).axes[0].get_yscale() == "log"
