"""The quiz of the lesson from neuron to network."""

from __future__ import annotations

import numpy as np

from aml4d_utils.checking import Answer, Computed, Illustration, QuizQuestion
from aml4d_utils.measuring.wording import percent

QUESTIONS = (
    QuizQuestion(
        "neuron",
        "What does a neuron with sigmoid activation compute?",
        (
            Answer(
                "curve_after_sum",
                "σ(w₀a₀ + w₁a₁ + … + b)",
                "Products, their sum, the bias, and then the curve.",
                right=True,
            ),
            Answer(
                "curve_on_each", "σ(w₀a₀) + σ(w₁a₁) + … + b", "The curve comes once, after the sum."
            ),
            Answer(
                "no_curve",
                "w₀a₀ + w₁a₁ + … + b",
                "That is the weighted sum; the activation is missing.",
            ),
        ),
        topic="neuron",
        place="One neuron: multiply, add, squash",
    ),
    QuizQuestion(
        "bias",
        "What does a neuron's bias do?",
        (
            Answer("stronger", "It makes each input stronger", "That is what weights do."),
            Answer(
                "moves_threshold",
                "It moves the point from which the neuron becomes active",
                "In the plane it shifted the line without turning it.",
                right=True,
            ),
            Answer(
                "keeps_range",
                "It stops the neuron's output from leaving the range 0 to 1",
                "The sigmoid does that.",
                formerly="It stops the output from leaving 0 to 1",
            ),
        ),
        topic="neuron",
        place="Explore: one neuron",
    ),
    QuizQuestion(
        "saturation",
        "A sigmoid neuron has the sum z = 9. A small change of a weight should help. What happens?",
        (
            Answer(
                "jumps",
                "The output jumps from one end to the other",
                "At 9 the curve is flat: its slope is about 0.0001.",
                formerly="The output jumps",
            ),
            Answer(
                "saturated",
                "Almost nothing: the neuron is saturated",
                "A slope near zero hides the change. ReLU would pass it on.",
                right=True,
            ),
            Answer("negative", "The output becomes negative", "A sigmoid stays between 0 and 1."),
        ),
        topic="activations",
        place="Six curves",
    ),
    QuizQuestion(
        "leaky",
        "How does the leaky ReLU max(0.1x, x) differ from ReLU?",
        (
            Answer(
                "saturates",
                "It saturates for large x, as a sigmoid does",
                "Above zero both have the slope 1.",
                formerly="It saturates for large x",
            ),
            Answer(
                "slope_below_zero",
                "It keeps a slope of 0.1 below zero",
                "So a neuron with a negative sum can still learn.",
                right=True,
            ),
            Answer(
                "smooth",
                "It is smooth at zero",
                "It has a kink there, as ReLU has. ELU bends smoothly.",
            ),
        ),
        topic="activations",
        place="Six curves",
    ),
    QuizQuestion(
        "separate",
        "Two classes lie in a plane, one of them in a band between two parts of the other. What "
        "separates them?",
        (
            Answer(
                "one_neuron",
                "One neuron with the right weights",
                "One neuron draws one straight line.",
            ),
            Answer(
                "hidden_layer",
                "A layer with two or more hidden neurons",
                "Each draws a line; the output neuron combines them.",
                right=True,
            ),
            Answer(
                "nothing", "Nothing: such classes cannot be separated", "You watched a layer do it."
            ),
        ),
        topic="forward",
        place="One neuron draws one line",
    ),
    QuizQuestion(
        "stranger",
        "You show the digit network a photo of a cat, and one output is 0.9. What does that mean?",
        (
            Answer(
                "looks_alike",
                "The cat looks like that digit to people too",
                "Compare the two pictures.",
            ),
            Answer(
                "certain",
                "It is 90 % certain that there is a digit",
                "No output was trained to say so.",
            ),
            Answer(
                "little",
                "Little: it learned ten answers, and none of them is “no digit”",
                "A network cannot know what it was never taught to tell apart.",
                right=True,
            ),
        ),
        topic="forward",
        place="Where it fails",
    ),
)


def _fires() -> Computed:
    from aml4d_utils.topics.neurons.firing import fire

    inputs, weights, bias = (1, 0.5), (2, -4), 1
    whole = fire(inputs, weights, bias)
    values = {"output": whole.output, "total": whole.total}
    values |= {"no_bias": fire(inputs, weights, 0).output}
    return Computed({name: f"{value:.2f}" for name, value in values.items()})


def _all_three() -> Computed:
    from aml4d_utils.topics.neurons.firing import fire

    three, two = (fire(inputs, (2, 2, 2), -5).output for inputs in ((1, 1, 1), (1, 1, 0)))
    one = fire((1, 0, 0), (2, 2, 2), -1).output
    none = fire((0, 0, 0), (2, 2, 2), 5).output
    values = {"three": three, "two": two, "one": one, "none": none}
    return Computed({name: f"{value:.2f}" for name, value in values.items()})


def _in_words(values: dict[str, float]) -> Computed:
    """Return numbers with at most two digits behind the point and a true minus."""
    words = {name: f"{round(float(value), 2):g}" for name, value in values.items()}
    return Computed({name: number.replace("-", "−") for name, number in words.items()})


def _leaks() -> Computed:
    from aml4d_utils.topics.neurons.activations import leaky_relu, relu

    x = np.array(-5.0)
    return _in_words({"x": x, "leaky": leaky_relu(x), "relu": relu(x)})


def _steepest() -> Computed:
    from aml4d_utils.topics.neurons.activations import sigmoid, sigmoid_derivative

    places = np.linspace(-6, 6, 241)
    steepest = sigmoid_derivative(places).max()
    return _in_words({"steepest": steepest, "height": sigmoid(np.array(0.0)), "tanh": 1.0})


def _higher_line() -> Computed:
    from aml4d_utils.topics.neurons.activations import LINES, maxout

    x = -4.0
    lines = [weight * x + bias for weight, bias in LINES]
    values = {"x": x, "highest": maxout(np.array(x)), "other": min(lines), "sum": sum(lines)}
    return _in_words(values)


def _lowest() -> Computed:
    from aml4d_utils.topics.neurons.activations import elu, leaky_relu

    x = np.array(-20.0)
    return _in_words({"x": x, "elu": elu(x), "leaky": leaky_relu(x), "zero": 0.0})


def _count() -> Computed:
    from aml4d_utils.topics.neurons.network import parameter_count

    sizes = (100, 20, 5)
    values = {"all": parameter_count(sizes), "weights": 100 * 20 + 20 * 5, "neurons": sum(sizes)}
    return Computed({name: f"{value:,}" for name, value in values.items()})


def _weights_of_one() -> Computed:
    from aml4d_utils.topics.neurons.digit_network import SIDE, load_digit_network

    weights = load_digit_network().weights[0][8].reshape(SIDE, SIDE)
    most = float(np.quantile(np.abs(weights), 0.99))
    shares = [float((sign * weights > most / 4).mean()) for sign in (1, -1)]
    seen = (
        f"28 × 28 squares, most of them mid-grey, which is zero. {percent(shares[0])} are clearly "
        f"lighter and {percent(shares[1])} clearly darker, in patches beside each other."
    )
    grey = np.clip(127.5 + 127.5 * weights / most, 0, 255)
    return Computed(picture=Illustration(np.uint8(np.round(grey)), seen))


MORE = (
    QuizQuestion(
        "fires",
        "A sigmoid neuron has the inputs 1 and 0.5, the weights 2 and −4, and the bias 1. What "
        "is its output?",
        (
            Answer(
                "sum",
                "{total}",
                "That is the sum. The curve comes after it.",
            ),
            Answer(
                "squashed",
                "{output}",
                "1 × 2 less 0.5 × 4, plus 1, is 1. The sigmoid of that is its output.",
                right=True,
            ),
            Answer(
                "no_bias",
                "{no_bias}",
                "You left the bias out: then the sum would be 0.",
            ),
        ),
        topic="neuron",
        place="One neuron: multiply, add, squash",
        compute=_fires,
    ),
    QuizQuestion(
        "all_three",
        "A sigmoid neuron has three weights of 2. With which bias is its output above 0.5 only "
        "if all three inputs are 1?",
        (
            Answer(
                "three",
                "−5",
                "Three bright inputs make 6, and the output is {three}. Two make 4, and it is "
                "{two}.",
                right=True,
            ),
            Answer(
                "one",
                "−1",
                "One bright input is enough then: its output is {one}.",
            ),
            Answer(
                "never",
                "+5",
                "Even without any input the output is {none}.",
            ),
        ),
        topic="neuron",
        place="Explore: one neuron",
        compute=_all_three,
        keep_order=True,
    ),
    QuizQuestion(
        "leaks",
        "What does the leaky ReLU max(0.1x, x) make of x = {x}?",
        (
            Answer(
                "leak",
                "{leaky}",
                "Below zero a tenth is the larger of the two.",
                right=True,
            ),
            Answer(
                "relu",
                "{relu}",
                "That is what ReLU makes of it.",
            ),
            Answer(
                "as_it_is",
                "{x}",
                "Of the two, a tenth of it is the larger one.",
            ),
        ),
        topic="activations",
        place="Six curves",
        compute=_leaks,
    ),
    QuizQuestion(
        "steepest",
        "How steep is the sigmoid where it is steepest?",
        (
            Answer(
                "quarter",
                "{steepest}",
                "At 0, where the curve has the height {height}. Slopes multiply through layers, "
                "so this matters in lesson 15.",
                right=True,
            ),
            Answer(
                "half",
                "{height}",
                "That is its height at 0, not its slope.",
            ),
            Answer(
                "one",
                "{tanh}",
                "So steep is tanh at 0.",
            ),
        ),
        topic="activations",
        place="Six curves",
        compute=_steepest,
        keep_order=True,
    ),
    QuizQuestion(
        "higher_line",
        "A maxout neuron has the two lines x and −0.5x − 1. What is its output at x = {x}?",
        (
            Answer(
                "first",
                "{other}",
                "That is the first line, and here it is the lower one.",
            ),
            Answer(
                "sum",
                "{sum}",
                "Maxout takes one of the two. It does not add them up.",
            ),
            Answer(
                "higher",
                "{highest}",
                "−0.5 × (−4) − 1: at this place the second line is the higher one.",
                right=True,
            ),
        ),
        topic="activations",
        place="Six curves",
        compute=_higher_line,
    ),
    QuizQuestion(
        "lowest",
        "What does ELU with α = 1 make of x = {x}?",
        (
            Answer(
                "leak",
                "{leaky}, a tenth of it",
                "That is the leaky ReLU. It goes on falling.",
            ),
            Answer(
                "floor",
                "{elu}, very nearly",
                "Below zero it is eˣ − 1, and eˣ is nearly nothing here. It never falls below −α.",
                right=True,
            ),
            Answer(
                "zero",
                "{zero}, as for all below zero",
                "That is ReLU. ELU bends down below zero.",
            ),
        ),
        topic="activations",
        place="Six curves",
        compute=_lowest,
    ),
    QuizQuestion(
        "count",
        "A network has 100 inputs, 20 hidden neurons and 5 outputs. How many parameters does it "
        "have?",
        (
            Answer(
                "weights",
                "{weights}",
                "The biases are parameters as well.",
            ),
            Answer(
                "all",
                "{all}",
                "100 × 20 and 20 × 5 weights, and a bias for each of the 25 neurons.",
                right=True,
            ),
            Answer(
                "neurons",
                "{neurons}",
                "That is how many numbers are shown to it or computed by it. Parameters stand "
                "between them.",
            ),
        ),
        topic="forward",
        place="784 inputs, three layers, ten answers",
        compute=_count,
    ),
    QuizQuestion(
        "weights_of_one",
        "These are the 784 weights of one hidden neuron of the digit network; zero is mid-grey. "
        "What does a dark place say?",
        (
            Answer(
                "no_ink",
                "There was no ink in any of the digits that it has learned from",
                "Then nothing could have moved this weight far from where it started. Most such "
                "places are mid-grey.",
            ),
            Answer(
                "ignored",
                "Ink there makes no difference to the neuron at all",
                "That would be a weight of zero: mid-grey.",
            ),
            Answer(
                "against",
                "Ink there counts against the neuron",
                "Dark weights are below zero, so ink there pushes its sum down.",
                right=True,
            ),
        ),
        topic="forward",
        place="What do hidden neurons look for?",
        compute=_weights_of_one,
    ),
)
