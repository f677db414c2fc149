"""The explorers: a state gives its result, messages from the page do what the mouse does."""

import dataclasses

import numpy as np
import pytest

from aml4d_utils import images
from aml4d_utils.topics.neurons import explorers, figures
from aml4d_utils.topics.neurons.activations import ACTIVATIONS
from aml4d_utils.topics.neurons.digit_flow import DigitFlow
from aml4d_utils.topics.neurons.digit_network import as_inputs, load_digit_network
from aml4d_utils.topics.neurons.neuron_view import NeuronView
from aml4d_utils.topics.neurons.plane import measure


def widget(explorer, kind):
    """Return the first widget of a kind on the explorer."""
    found, waiting = None, [explorer.widget]
    while waiting and found is None:
        one = waiting.pop(0)
        found = one if isinstance(one, kind) else None
        waiting += getattr(one, "children", ())
    assert found is not None
    return found


def quiet(one):
    """Keep what a widget sends to the page, and return that list."""
    sent = []
    one.send = lambda content, buffers=None: sent.append(content)
    return sent


# --- one neuron ------------------------------------------------------------------------------


def test_a_neuron_follows_its_parts():
    explorer = explorers.neuron_explorer()
    view = widget(explorer, NeuronView)
    sent = quiet(view)
    message = {"kind": "set", "inputs": [1, 0.5, 0], "weights": [2, -4, 9], "bias": 0}
    view._on_message(view, message, [])
    assert explorer.result.total == 0 and view.output == 0.5
    assert view.weights == [2, -4, 4]
    assert "σ(0.00) = 0.50" in explorer.sentence and explorer.sentence in view.alt
    assert sent == [{"kind": "done", "sequence": None}]
    explorer.reset()
    assert view.inputs == [0.9, 0.4, 0.1]


def test_brightness_follows_the_output():
    explorer = explorers.neuron_explorer()
    view = widget(explorer, NeuronView)
    for name in ("sigmoid", "tanh", "ReLU"):
        explorer.set(activation=name, bias=-6.0)
        dark = view.bright
        explorer.set(bias=6.0)
        assert 0 <= dark < 0.05 < 0.6 < view.bright <= 1
        assert view.name == name and len(view.curve) == 129


@pytest.mark.parametrize("bad", [{"inputs": [1]}, {"bias": float("nan")}, {"weights": [1, 2]}])
def test_a_neuron_refuses_what_it_cannot_be(bad):
    explorer = explorers.neuron_explorer()
    view = widget(explorer, NeuronView)
    sent, before = quiet(view), explorer.sentence
    message = {"kind": "set", "inputs": [1, 1, 1], "weights": [1, 1, 1], "bias": 0.0} | bad
    with pytest.raises(ValueError, match="finite numbers"):
        view._on_message(view, message, [])
    assert explorer.sentence == before and sent == [{"kind": "done", "sequence": None}]


# --- activation functions --------------------------------------------------------------------


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_function_is_shown_everywhere(name):
    explorer = explorers.activation_explorer()
    sentences = set()
    for x in (-6.0, 0.0, 6.0):
        explorer.set(name=name, x=x)
        assert explorer.result.value == pytest.approx(float(ACTIVATIONS[name].value(x)))
        sentences.add(explorer.sentence)
    assert len(sentences) == 3


def test_the_sentence_says_whether_it_saturates():
    explorer = explorers.activation_explorer()
    for name, x, words in (
        ("sigmoid", 6.0, "saturates"),
        ("ReLU", -2.0, "flat, so nothing is learned"),
        ("leaky ReLU", -2.0, "slowly"),
        ("tanh", 0.0, "steep enough"),
    ):
        explorer.set(name=name, x=x)
        assert words in explorer.sentence


def test_dragging_on_the_curve_moves_x_and_bends_maxout():
    explorer = explorers.activation_explorer()
    curve = explorer._stage.children[0]
    quiet(curve)

    def drag(name, x, y):
        curve._on_message(curve, {"kind": "drag", "name": name, "x": x, "y": y}, [])

    drag("x", -3.04, 0.0)
    assert explorer.state.x == -3.0
    explorer.set(name="maxout")
    assert [h["name"] for h in curve.spec["handles"]] == ["x", "0left", "0right", "1left", "1right"]
    for name, x, y in (("0left", -4, -3), ("0right", 4, 5), ("1left", -4, 0), ("1right", 4, 0)):
        drag(name, x, y)
    assert explorer.state.lines == ((1.0, 1.0), (0.0, 0.0))
    assert explorer.result.value == 0
    explorer.set(alpha=0.5, name="ELU")
    assert [h["name"] for h in curve.spec["handles"]] == ["x"]


# --- separating ------------------------------------------------------------------------------


def test_by_hand():
    explorer = explorers.hand_explorer()
    explorer.set(w1=-2.0, w2=3.0, bias=0.0)
    assert explorer.result.accuracy > 0.95
    before = explorer.result.surface
    plane = explorer._stage.children[0]
    middle = figures.SIDE // 2
    plane._listener(middle, figures.SIDE - 1)
    assert explorer.state.bias == pytest.approx(6.0)
    assert (explorer.result.surface != before).any()
    explorer.set(data="corners (made up)")
    assert "made up" in explorer.sentence


def test_a_layer_learns_at_each_change():
    explorer = explorers.layer_explorer()
    assert explorer.result.accuracy > 0.8 and explorer.result.fraction == 1
    explorer.set(hidden=0)
    assert explorer.result.hidden == 0 and explorer.sentence.startswith("One neuron puts")
    plane = explorer._stage.children[0]
    assert [item["kind"] for item in plane.overlays] == ["point"]
    explorer.set(hidden=3)
    assert 1 <= sum(item["kind"] == "line" for item in plane.overlays) <= 3
    assert explorer.sentence.startswith("3 hidden neurons put")


@pytest.mark.parametrize("make", [explorers.hand_explorer, explorers.layer_explorer])
def test_pointing_shows_the_nearest_digit_and_moves_nothing(make):
    explorer = make()
    plane, column = explorer._stage.children
    digit, numbers = column.children
    found, sentence = explorer.result, explorer.sentence
    for index in (7, 200):
        row, col = figures.plane_places(found.points.points[index : index + 1])[0].round()
        content = {"kind": "cursor", "row": row, "col": col, "action": "point"}
        plane._on_message(plane, content, [])
        shown = np.frombuffer(digit.frame, np.uint8).reshape(28, 28, 3)[:, :, 0]
        nearest = found.points.nearest(*figures.place_in_plane(row, col))
        assert (shown == found.points.pictures[nearest]).all()
        assert digit.heading.endswith(f"a {found.points.digits[nearest]}")
        measured = [bar["value"] for bar in numbers.spec["bars"]]
        assert measured == pytest.approx(
            measure(found.points.pictures[nearest : nearest + 1])[0], abs=0.0051
        )
        ring = plane.overlays[-1]
        assert ring["kind"] == "point" and np.hypot(ring["at"][0] - row, ring["at"][1] - col) < 3
    assert explorer.result is found and explorer.sentence == sentence


def test_made_up_points_have_no_digit():
    explorer = explorers.hand_explorer()
    plane, column = explorer._stage.children
    digit, numbers = column.children
    explorer.set(data="ring (made up)")
    assert plane.overlays == [] and "made up" in digit.alt
    plane._on_message(plane, {"kind": "cursor", "row": 9, "col": 9, "action": "point"}, [])
    assert plane.overlays == [] and "made up" in digit.alt


# --- reading ---------------------------------------------------------------------------------


@pytest.fixture
def reader():
    explorer = explorers.reading_explorer()
    pad = explorer.widget.children[0].children[0].children[1]
    quiet(pad)
    return explorer, pad, widget(explorer, DigitFlow)


def test_what_is_drawn_is_read(reader):
    explorer, pad, flow = reader
    data = images.mnist()
    for index in range(5):
        pad._on_message(pad, {"kind": "drawing"}, [data.test_images[index].tobytes()])
        expected = load_digit_network().predict(as_inputs(data.test_images[index]))[0]
        assert explorer.result.reading.answer == expected
        assert f" {expected} with" in explorer.sentence
        values = np.frombuffer(flow.values, "<f4")
        assert len(values) == 784 + 16 + 16 + 10
        np.testing.assert_allclose(values[-10:], explorer.result.reading.outputs, atol=1e-6)
        assert explorer.sentence == flow.alt


def test_a_drawing_in_a_corner_is_centred_first(reader):
    explorer, pad, _ = reader
    small = np.zeros((28, 28), dtype=np.uint8)
    small[:14, :14] = images.mnist().test_images[3].reshape(14, 2, 14, 2).mean(axis=(1, 3))
    pad._on_message(pad, {"kind": "drawing"}, [small.tobytes()])
    assert explorer.result.reading.answer == 3


def test_an_empty_pad_is_answered_too(reader):
    explorer, pad, _ = reader
    pad._on_message(pad, {"kind": "drawing"}, [bytes(784)])
    assert "empty" in explorer.sentence and "answers all the same" in explorer.sentence
    explorer.reset()
    assert "reads 3" in explorer.sentence and pad.drawing.any()


def test_test_digits_and_the_own_photo(reader):
    explorer, pad, _ = reader
    seen = set()
    for _ in range(3):
        pad._on_message(pad, {"kind": "source", "name": "A test digit"}, [])
        assert "Whoever wrote it meant" in explorer.sentence
        seen.add(pad.frame)
    assert len(seen) == 3
    pad._on_message(pad, {"kind": "source", "name": "Your photo"}, [])
    assert "no digit at all" in explorer.sentence and pad.as_is
    own = explorers.small_photo(images.own_photo())
    np.testing.assert_allclose(explorer.result.reading.pixels, own, atol=0.003)
    pad._on_message(pad, {"kind": "drawing"}, [bytes(783) + b"\xff"])
    assert "Whoever" not in explorer.sentence and "photo" not in explorer.sentence


@pytest.mark.parametrize("selected", [(1, 0), (2, 15), (3, 9)])
def test_any_neuron_can_be_opened(reader, selected):
    explorer, _, flow = reader
    flow.selected = list(selected)
    assert explorer.state.selected == selected
    words = f"Output {selected[1]}:" if selected[0] == 3 else f"Neuron {selected[1]} of hidden"
    assert words in explorer.sentence
    flow.selected = []
    assert words not in explorer.sentence


def test_photos_of_any_shape_become_28_pixels():
    for shape in ((5, 9, 3), (200, 50, 3)):
        assert explorers.small_photo(np.full(shape, 0.5)).shape == (28, 28)


def test_states_are_plain_and_whole():
    for state in (explorers.NeuronState, explorers.ActivationState, explorers.HandState,
                  explorers.LayerState, explorers.ReadingState):  # fmt: skip
        assert dataclasses.is_dataclass(state) and state()


# --- a postcode ------------------------------------------------------------------------------


@pytest.fixture
def code():
    explorer = explorers.postcode_explorer()
    pad, answers = explorer._stage.children
    quiet(pad)
    return explorer, pad, answers


def test_four_digits_on_one_pad_are_read_each_by_itself(code):
    explorer, pad, answers = code
    data = images.mnist()
    assert explorer.sentence.startswith("The network reads 2 9 8 3.")
    chosen = [0, 1, 4, 7]
    row = np.hstack(list(data.test_images[chosen]))
    pad._hear({"kind": "drawing"}, [row.tobytes()])
    parts = [images.centre_digit(data.test_images[k] / 255) for k in chosen]
    network = load_digit_network()
    expected = [int(network.predict(as_inputs(part))[0]) for part in parts]
    assert [one.answer for one in explorer.result.readings] == expected
    assert [bar["label"] for bar in answers.spec["bars"]] == [f"reads {k}" for k in expected]
    assert "meant" not in explorer.sentence


def test_an_empty_cell_and_an_empty_pad_are_named(code):
    explorer, pad, answers = code
    half = np.hstack([*images.mnist().test_images[:2], np.zeros((28, 56), np.uint8)])
    pad._hear({"kind": "drawing"}, [half.tobytes()])
    assert explorer.sentence.startswith("The network reads 2 9 – –.")
    assert [bar["label"] for bar in answers.spec["bars"]][2:] == ["empty", "empty"]
    pad.clear()
    assert explorer.sentence.startswith("Nothing is written yet")


def test_four_test_digits_come_with_what_was_meant(code):
    explorer, pad, _ = code
    pad._hear({"kind": "source", "name": explorers.TEST_CODE}, [])
    assert "The writers meant" in explorer.sentence
    assert pad.drawing.shape == (28, 112) and pad.prepared.any()
    explorer.reset()
    assert explorer.sentence.startswith("The network reads 2 9 8 3.")
