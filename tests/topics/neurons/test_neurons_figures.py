"""Figures: drawn without error; the words name measured numbers and follow the result."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from aml4d_utils.lessons.neurons.questions import QUESTIONS
from aml4d_utils.notebook import show
from aml4d_utils.topics.neurons import figures
from aml4d_utils.topics.neurons.firing import fire
from aml4d_utils.topics.neurons.network import random_network
from aml4d_utils.topics.neurons.plane import NAMES, measure, points
from aml4d_utils.topics.neurons.reading_digits import Strangers, read
from aml4d_utils.topics.neurons.separating_points import learn, one_neuron, separate
from aml4d_utils.topics.neurons.slopes import slope_at


def digit_reader(seed):
    network = random_network((784, 4, 10), np.random.default_rng(seed))
    return read(network, np.random.default_rng(seed).random((28, 28)))


def test_numbers_are_written_plainly():
    assert figures.signed(-0.001) == figures.plain(-0.001) == "0.00"
    assert figures.signed(-1.5) == "−1.50" and figures.plain(2) == "2.00"
    assert figures.signed(2, 1) == "+2.0" and figures.percent(0.125, 1) == "12.5 %"


def test_a_firing_is_a_calculation():
    words = figures.describe_firing(fire([0.5, 1.0], [-2.0, 3.0], -1.0))
    assert words == "0.50 × (−2.00) + 1.00 × 3.00 + (−1.00) = 1.00, and σ(1.00) = 0.73."
    assert "tanh(1.00) = 0.76" in figures.describe_firing(fire([1.0], [1.0], 0.0, "tanh"))


def test_slopes_are_told_apart():
    words = {figures.describe_slope(slope_at("sigmoid", x)) for x in (-6.0, -2.0, 0.0, 6.0)}
    assert len(words) == 4 and all("slope 0." in each for each in words)


def test_activation_figure():
    figure = figures.draw_activations()
    assert isinstance(figure, Figure) and len(figure.axes) == 6
    assert "sigmoid 0.25" in figures.describe_activations()
    assert show(figure, figures.describe_activations()).markup


@pytest.fixture(scope="module")
def found():
    return separate(points("0 or 1"), one_neuron(-2.0, 3.0, 0.0))


def test_the_plane_shows_both_sides_and_the_line_between(found):
    picture = figures.plane_picture(found)
    assert picture.shape == (figures.SIDE, figures.SIDE, 3) and picture.dtype == np.uint8
    # Lower right: much ink, dark in the middle: zero, blue. Upper left: one, orange.
    assert picture[400, 400, 2] > picture[400, 400, 0]
    assert picture[20, 20, 0] > picture[20, 20, 2]
    ((start, end),) = figures.line_ends(found.lines)
    middle = (start + end) / 2
    patch = picture[round(middle[0]) - 3 : round(middle[0]) + 4, round(middle[1])]
    assert (patch == 40).all(axis=1).any()


def test_points_say_what_was_measured_of_their_digits():
    given = points("0 or 1")
    words = {figures.describe_point(given, index) for index in (0, 1, 299)}
    ink, middle = measure(given.pictures[:1])[0]
    assert len(words) == 3
    assert f"a 0, ink in all {ink:.2f}, light in the middle {middle:.2f}" in (
        figures.describe_point(given, 0)
    )
    assert "300 points are made up" in figures.describe_point(points("ring (made up)"), 0)


def test_a_place_of_the_picture_is_a_place_of_the_plane():
    places = np.array([[0.5, -2.0], [-3.0, 3.0]])
    for (row, col), place in zip(figures.plane_places(places), places, strict=True):
        assert figures.place_in_plane(row, col) == pytest.approx(tuple(place))


def test_lines_outside_the_plane_are_left_out():
    assert figures.line_ends(np.array([[0.0, 1.0, 99.0], [0.0, 0.0, 1.0]])) == []
    ((start, end),) = figures.line_ends(np.array([[1.0, 0.0, 0.0]]))
    assert start[1] == pytest.approx(end[1]) == pytest.approx((figures.SIDE - 1) / 2)
    assert {start[0], end[0]} == {0, figures.SIDE - 1}
    ((start, end),) = figures.line_ends(np.array([[1.0, -1.0, 0.0]]))
    assert np.ptp([start[0], end[0]]) == np.ptp([start[1], end[1]]) == figures.SIDE - 1


def test_separations_are_told_apart(found):
    other = separate(points("ring (made up)"), one_neuron(1.0, 0.0, 0.0))
    words = figures.describe_separation(found)
    assert "circles: zero" in words.lower() and "%" in words
    assert "made up" not in words and "made up" in figures.describe_separation(other)


def test_readings_are_told_apart():
    words = {figures.describe_reading(digit_reader(seed)) for seed in range(4)}
    assert len(words) == 4
    assert figures.describe_neuron(digit_reader(0), 1, 2).startswith("Neuron 2 of hidden layer 1")
    assert figures.describe_neuron(digit_reader(0), 2, 2).startswith("Output 2: 4 products")


def test_strangers():
    def strangers(strongest):
        return Strangers(
            np.zeros((12, 28, 28)),
            tuple("abcdefghijkl"),
            np.arange(12) % 10,
            np.array(strongest),
            np.full(5, 0.95),
        )

    sure = strangers([0.95] * 11 + [0.99])
    words = figures.describe_strangers(sure)
    assert "100 % get an output over 0.5" in words and "Surest: l as 1 with 0.99" in words
    assert words != figures.describe_strangers(strangers([0.2] * 12))
    assert show(figures.draw_strangers(sure), words).markup


def test_every_question_has_one_right_answer_and_reasons():
    assert 4 <= len(QUESTIONS) <= 6
    for question in QUESTIONS:
        assert sum(answer.right for answer in question.answers) == 1


def test_another_start_gets_other_words_where_it_ends_as_well():
    """Two starts may both end at 100 %: the sentence must still tell them apart."""
    data = points(NAMES[-1])
    ends = [list(learn(data, 5, "tanh", seed))[-1] for seed in (0, 3)]
    words = [figures.describe_separation(end) for end in ends]
    assert words[0].endswith("Learned with tanh from start 0.")
    assert words[0] != words[1]
