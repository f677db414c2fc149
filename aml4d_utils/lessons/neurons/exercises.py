"""The exercises of the lesson from neuron to network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np

from aml4d_utils.checking import (
    Case,
    Decision,
    DecisionCase,
    Exercise,
    Mistake,
    Rival,
    same_as,
)
from aml4d_utils.measuring.wording import percent
from aml4d_utils.topics.neurons import activations
from aml4d_utils.topics.neurons.activations import elu, leaky_relu, maxout, relu, sigmoid, tanh
from aml4d_utils.topics.neurons.firing import fire
from aml4d_utils.topics.neurons.network import Network, parameter_count
from aml4d_utils.topics.neurons.sizing import measure_network

LESSON = "14_neuron_to_network"
_exercise = partial(Exercise, lesson=LESSON, solutions=__package__)


_HIGH = "800, where exp(800) is too large to divide by"
_LOW = "−800, where np.exp(800) is inf and math.exp(800) an error"
"""Far-out numbers, named so that the card says what goes wrong there."""


_OVER = (
    "exp(z) / (1 + exp(z)) is inf / inf where z is large, which is no number. Divide by exp(−z) "
    "above and below: 1 / (1 + exp(−z))."
)


def _exp_over_exp(z: np.ndarray) -> np.ndarray:
    return np.exp(z) / (1 + np.exp(z))


# --- 1. one neuron ---------------------------------------------------------------------------


def _neuron_cases() -> list[Case]:
    rng = np.random.default_rng(14)
    cases = [
        Case("one input, weight and bias", (np.array([1.0]), np.array([2.0]), -0.5)),
        Case("two inputs", (np.array([1.0, 0.5]), np.array([2.0, -3.0]), 0.25)),
        Case("no input is active", (np.zeros(3), np.array([1.0, 2.0, -1.0]), 0.5)),
    ]
    for count in (4, 7, 784):
        inputs = rng.random(count)
        weights = rng.normal(size=count) / np.sqrt(count) * 2
        cases.append(Case(f"{count} inputs", (inputs, weights, float(rng.normal()))))
    return cases + [
        Case("whole numbers", (np.array([1, 2, 0, 3]), np.array([2, -1, 4, -1]), 2)),
        Case("whole inputs", (np.array([1, 0, 2]), np.array([0.5, -2.0, 0.75]), -1)),
        Case("equal products", (np.full(5, 0.5), np.array([1.0, 1.0, 1.0, -2.0, -2.0]), 0.25)),
        Case(
            "a silent input in the middle", (np.array([0.5, 0, 0.8]), np.array([1, 3, -2.0]), 0.5)
        ),
        Case("inputs below zero", (np.array([-1.5, 0.5, -0.25]), np.array([0.5, -1, 2.0]), -0.25)),
        Case(f"a sum of {_HIGH}", (np.array([100.0, 100.0]), np.array([3.0, 5.0]), 0.0)),
        Case(f"a sum of {_LOW}", (np.array([100.0, 100.0]), np.array([-5.0, -3.0]), 0.0)),
    ]


def _neuron(inputs: np.ndarray, weights: np.ndarray, bias: float) -> float:
    return fire(inputs, weights, bias).output


def _total(inputs: np.ndarray, weights: np.ndarray, bias: float) -> float:
    return fire(inputs, weights, bias).total


neuron = _exercise(
    "neuron",
    check_with=same_as(
        _neuron,
        _neuron_cases(),
        [
            Mistake(_total, "The activation function is missing: pass the sum through σ."),
            Mistake(
                lambda inputs, weights, bias: sigmoid((inputs * weights).sum()),
                "The bias is missing: add it to the sum before σ.",
            ),
            Mistake(
                lambda inputs, weights, bias: sigmoid((inputs * weights).sum()) + bias,
                "The bias comes too late: add it before σ, not after.",
            ),
            Mistake(
                lambda inputs, weights, bias: sigmoid((inputs * weights).sum() - bias),
                "The bias is subtracted; it is added to the sum.",
            ),
            Mistake(
                lambda inputs, weights, bias: sigmoid((inputs * weights + bias).sum()),
                "The bias is added once for each input. A neuron adds it once.",
            ),
            Mistake(
                lambda inputs, weights, bias: sigmoid(-_total(inputs, weights, bias)),
                "The sign in the exponent is lost: σ(z) = 1 / (1 + exp(−z)).",
            ),
            Mistake(
                lambda inputs, weights, bias: 1 + np.exp(-_total(inputs, weights, bias)),
                "1 / 1 + exp(−z) divides first: put brackets around the denominator, "
                "1 / (1 + exp(−z)).",
            ),
            Mistake(
                lambda inputs, weights, bias: sigmoid(inputs * weights + bias).sum(),
                "You passed each product through σ. Add all products up first, then σ once.",
            ),
            Mistake(
                lambda inputs, weights, bias: sigmoid((inputs * weights)[:-1].sum() + bias),
                "The last input is missing: a range ends one too early.",
            ),
            Mistake(
                lambda inputs, weights, bias: np.round(_neuron(inputs, weights, bias), 2),
                "You rounded. Return the number as it is.",
            ),
            Mistake(
                lambda inputs, weights, bias: sigmoid((inputs * weights).mean() + bias),
                "You took the mean of the products; a neuron takes their sum.",
            ),
            Mistake(
                lambda inputs, weights, bias: relu(_total(inputs, weights, bias)),
                "That is a ReLU neuron. This one uses the sigmoid σ.",
            ),
            Mistake(
                lambda inputs, weights, bias: tanh(_total(inputs, weights, bias)),
                "That is tanh. The sigmoid σ goes from 0 to 1.",
            ),
            Mistake(
                lambda inputs, weights, bias: sigmoid(inputs.sum() + weights.sum() + bias),
                "Inputs and weights are added; multiply each input by its own weight.",
            ),
            Mistake(
                lambda inputs, weights, bias: float(_total(inputs, weights, bias) > 0),
                "That is a step: 0 or 1 and nothing between. The sigmoid σ is smooth.",
            ),
            Mistake(
                lambda inputs, weights, bias: sigmoid(inputs * weights + bias),
                "You have one value for each input: add the products up first.",
            ),
            Mistake(lambda *given: _exp_over_exp(_total(*given)), _OVER),
        ],
    ),
    hints=(
        "Three steps: multiply each input by its weight, add the products and the bias, pass the "
        "sum through σ.",
        "z = (inputs * weights).sum() + bias, and then 1 / (1 + np.exp(-z)).",
    ),
)


# --- 2. the six activation functions ---------------------------------------------------------

_LINES = ((0.5, -1.0), (-1.5, 0.25))


def _activate(name: str, x: np.ndarray, lines: tuple) -> np.ndarray:
    return maxout(x, lines) if name == "maxout" else activations.activation(name).value(x)


def _activation_cases() -> list[Case]:
    rng = np.random.default_rng(6)
    some = np.array([-3.0, -0.5, 0.0, 0.25, 2.0])
    cases = [Case(f"{name} of five numbers", (name, some, _LINES)) for name in NAMES]
    for words, x, lines in (
        ("a grid", rng.normal(0, 2, (3, 4)), ((-0.75, 0.5), (2.0, -1.0))),
        ("whole numbers", np.array([-3, -1, 0, 2, 2]), ((0.75, 0.25), (-0.5, 0.5))),
        ("2 × 2 × 3 numbers", rng.normal(0, 2, (2, 2, 3)), ((0.5, -1.0), (1.5, 0.25))),
        (_HIGH, np.array([800.0, 1.0]), ((0.5, -1.0), (0.5, 0.25))),
        (_LOW, np.array([-800.0, -1.0]), ((-0.5, 1.0), (-0.25, -0.25))),
    ):
        cases += [Case(f"{name} of {words}", (name, x, lines)) for name in NAMES]
    return cases


NAMES = tuple(activations.ACTIVATIONS)
"""The names that :data:`activate` is called with."""


def _with(changes: dict, name: str, x: np.ndarray, lines: tuple) -> np.ndarray:
    return changes[name](x, lines) if name in changes else _activate(name, x, lines)


def _instead(cause: str, **changes) -> Mistake:
    """Return a mistake that differs from the right answer in some functions only."""
    return Mistake(partial(_with, {key.replace("_", " "): f for key, f in changes.items()}), cause)


activate = _exercise(
    "activate",
    check_with=same_as(
        _activate,
        _activation_cases(),
        [
            _instead(
                "sigmoid: the sign in the exponent is lost: 1 / (1 + exp(−x)).",
                sigmoid=lambda x, lines: sigmoid(-x),
            ),
            _instead(
                "sigmoid: 1 / 1 + exp(−x) divides first: write 1 / (1 + exp(−x)).",
                sigmoid=lambda x, lines: 1 + np.exp(-x),
            ),
            _instead(f"sigmoid: {_OVER}", sigmoid=lambda x, lines: _exp_over_exp(x)),
            _instead(
                "tanh as (exp(x) − exp(−x)) / (exp(x) + exp(−x)) is inf / inf where x is large, "
                "which is no number. np.tanh(x) goes on.",
                tanh=lambda x, lines: np.sinh(x) / np.cosh(x),
            ),
            _instead(
                "leaky ReLU has the slope 0.1 below zero only; above it is x itself.",
                leaky_ReLU=lambda x, lines: 0.1 * x,
            ),
            _instead(
                "maxout: you use the first line only; take the higher of the two.",
                maxout=lambda x, lines: lines[0][0] * x + lines[0][1],
            ),
            _instead(
                "maxout: your lines are always the same. Use those that the function is given.",
                maxout=lambda x, lines: maxout(x, _LINES),
            ),
            _instead(
                "ELU below zero is exp(x) − 1; yours is turned round, 1 − exp(x).",
                ELU=lambda x, lines: np.where(x >= 0, x, 1 - np.exp(np.minimum(x, 0))),
            ),
            _instead(
                "tanh goes from −1 to 1; yours is the sigmoid, from 0 to 1.",
                tanh=lambda x, lines: sigmoid(x),
            ),
            _instead("tanh is missing: you return x as it is.", tanh=lambda x, lines: x),
            _instead(
                "ReLU keeps what is above zero; yours keeps what is below.",
                ReLU=lambda x, lines: np.minimum(0, x),
            ),
            _instead(
                "ReLU is 0 below zero; yours is the absolute value.",
                ReLU=lambda x, lines: np.abs(x),
            ),
            _instead(
                "ReLU keeps the size of x above zero; yours is a step to 1.",
                ReLU=lambda x, lines: (x > 0) * 1.0,
            ),
            _instead(
                "leaky ReLU: the slope below zero is 0.1, not 0.01.",
                leaky_ReLU=lambda x, lines: np.maximum(0.01 * x, x),
            ),
            _instead(
                "leaky ReLU: take the larger of 0.1x and x, not the smaller.",
                leaky_ReLU=lambda x, lines: np.minimum(0.1 * x, x),
            ),
            _instead(
                "leaky ReLU leaks below zero: 0.1x there, not 0.",
                leaky_ReLU=lambda x, lines: relu(x),
            ),
            _instead(
                "maxout takes the higher of the two lines, not the lower.",
                maxout=lambda x, lines: -maxout(-x, tuple((w, -b) for w, b in lines)),
            ),
            _instead(
                "maxout: the biases of the lines are missing.",
                maxout=lambda x, lines: maxout(x, tuple((w, 0.0) for w, _ in lines)),
            ),
            _instead(
                "maxout: each line is (weight, bias); yours takes them the other way round.",
                maxout=lambda x, lines: maxout(x, tuple((b, w) for w, b in lines)),
            ),
            _instead(
                "maxout: you add the two lines up; take the higher one at each place.",
                maxout=lambda x, lines: sum(w * x + b for w, b in lines),
            ),
            _instead(
                "ELU: the − 1 is missing, so that the curve jumps at zero.",
                ELU=lambda x, lines: np.where(x >= 0, x, np.exp(np.minimum(x, 0))),
            ),
            _instead(
                "ELU is x above zero and bends only below it.",
                ELU=lambda x, lines: np.exp(x) - 1,
            ),
            _instead("ELU bends below zero; yours is a ReLU.", ELU=lambda x, lines: relu(x)),
            _instead(
                "ELU and leaky ReLU are two functions: yours are the same.",
                ELU=lambda x, lines: leaky_relu(x),
            ),
            _instead(
                "leaky ReLU and ELU are two functions: yours are the same.",
                leaky_ReLU=lambda x, lines: elu(x),
            ),
            Mistake(
                lambda name, x, lines: sigmoid(x),
                "All names give the sigmoid. Ask with if which name was given.",
            ),
        ],
    ),
    hints=(
        "One if for each name. NumPy works on whole arrays: np.exp, np.tanh, np.maximum, np.where.",
        "np.maximum(0.1 * x, x) is the leaky ReLU. maxout is the np.maximum of two such lines, "
        "w1 * x + b1 and w2 * x + b2; ELU is np.where(x >= 0, x, np.exp(x) - 1).",
    ),
)


# --- 3. a layer as a matrix product ----------------------------------------------------------


def _layer(inputs: np.ndarray, weights: np.ndarray, biases: np.ndarray) -> np.ndarray:
    return Network((weights,), (biases,)).forward(inputs).output


def _layer_cases() -> list[Case]:
    rng = np.random.default_rng(31)
    cases = []
    for examples, count, neurons in (
        (3, 3, 3),
        (1, 2, 2),
        (2, 2, 2),
        (4, 3, 2),
        (2, 5, 4),
        (5, 1, 3),
        (3, 4, 1),
        (7, 40, 12),
    ):
        name = f"{examples} examples, {count} inputs, {neurons} neurons"
        arrays = (
            rng.normal(size=(examples, count)),
            rng.normal(size=(neurons, count)),
            rng.normal(size=neurons),
        )
        cases.append(Case(name, arrays))
    whole = (np.array([[1, 0, 2], [3, -1, 1], [0, 0, 0]]), np.array([[1, -1, 0], [-2, 1, 1]]))
    alike = (np.full((4, 3), 0.5), np.array([[0.5] * 3, [0.5] * 3]), np.full(2, -0.25))
    far = (np.array([[100.0, 100.0], [-100.0, 0.0]]), np.array([[3.0, 5.0]]), np.zeros(1))
    return cases + [
        Case("whole numbers", (*whole, np.array([1, -1]))),
        Case("whole inputs", (whole[0], 0.3 * whole[1], np.array([0.5, -0.25]))),
        Case("equal examples and equal neurons", alike),
        Case(f"one neuron, a sum of {_HIGH}", (far[0][:1], *far[1:])),
        Case(f"one neuron, a sum of {_LOW}", (-far[0][:1], *far[1:])),
    ]


layer = _exercise(
    "layer",
    check_with=same_as(
        _layer,
        _layer_cases(),
        [
            Mistake(
                lambda inputs, weights, biases: sigmoid(inputs @ weights + biases),
                "The transpose is missing: each row of weights belongs to one neuron, so multiply "
                "by weights.T.",
            ),
            Mistake(
                lambda inputs, weights, biases: inputs @ weights.T + biases,
                "The activation function is missing: pass the sums through σ.",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(inputs @ weights.T),
                "The biases are missing: add one to each neuron's sum.",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(inputs @ weights.T) + biases,
                "The biases come too late: add them before σ.",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(inputs @ weights.T - biases),
                "The biases are subtracted; they are added.",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(inputs @ weights.T + biases[:, None]),
                "The biases run along the wrong axis: one for each neuron, not for each example.",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(inputs @ weights.T + biases).T,
                "Rows and columns are exchanged: one row for each example.",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(inputs @ weights.T + biases)[0],
                "Only the first example is there: return a row for each.",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(weights @ inputs.T + biases),
                "weights @ inputs.T has a row for each neuron; one row for each example is asked "
                "for: inputs @ weights.T.",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(weights @ inputs + biases),
                "The factors are exchanged: inputs @ weights.T.",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(inputs @ weights.T + biases[0]),
                "Every neuron has the bias of the first. Each adds its own.",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(inputs @ weights.T + biases.sum()),
                "Every neuron adds all biases. Each adds its own only.",
            ),
            Mistake(
                lambda inputs, weights, biases: 1 + np.exp(-(inputs @ weights.T + biases)),
                "1 / 1 + exp(−z) divides first: put brackets around the denominator, "
                "1 / (1 + exp(−z)).",
            ),
            Mistake(
                lambda inputs, weights, biases: np.squeeze(_layer(inputs, weights, biases)),
                "With a single example or neuron your result loses its row or column: the shape is "
                "always (examples, neurons).",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(-(inputs @ weights.T + biases)),
                "The sign in the exponent is lost: σ(z) = 1 / (1 + exp(−z)).",
            ),
            Mistake(
                lambda inputs, weights, biases: sigmoid(inputs * weights + biases),
                "* multiplies place by place. A matrix product is written @.",
            ),
            Mistake(
                lambda inputs, weights, biases: relu(inputs @ weights.T + biases),
                "That is a layer of ReLU neurons. These use the sigmoid σ.",
            ),
            Mistake(
                lambda inputs, weights, biases: _exp_over_exp(inputs @ weights.T + biases), _OVER
            ),
        ],
    ),
    hints=(
        "inputs has the shape (B, n) and weights (m, n). The result must be (B, m). Which matrix "
        "has to be turned round so that the inner sizes meet?",
        "sums = inputs @ weights.T + biases, and then the sigmoid of all of them at once.",
    ),
)


# --- 4. counting -----------------------------------------------------------------------------


def _weights_only(sizes: list[int]) -> int:
    return sum(a * b for a, b in zip(sizes, sizes[1:], strict=False))


count_parameters = _exercise(
    "count_parameters",
    check_with=same_as(
        parameter_count,
        [
            Case("the digit network", ([784, 16, 16, 10],)),
            Case("one neuron with two inputs", ([2, 1],)),
            Case("two inputs, three hidden neurons, one output", ([2, 3, 1],)),
            Case("no hidden layer", ([784, 10],)),
            Case("four layers", ([5, 4, 3, 2, 6],)),
            Case("a colour photo of 64 × 64 pixels", ([12288, 100, 10],)),
            Case("all layers alike", ([7, 7, 7, 7],)),
            Case("eight layers", ([9, 3, 1, 4, 1, 5, 9, 2, 6],)),
            Case("one output after two layers", ([6, 4, 3, 1],)),
            Case("a photo of 224 × 224 pixels", ([150528, 4096, 4096, 1000],)),
        ],
        [
            Mistake(_weights_only, "The biases are missing: one for each neuron."),
            Mistake(
                lambda sizes: _weights_only(sizes) + sum(sizes),
                "Inputs have no bias: they are not neurons.",
            ),
            Mistake(
                lambda sizes: _weights_only(sizes) + len(sizes) - 1,
                "You counted one bias for each layer. Each neuron has its own.",
            ),
            Mistake(
                lambda sizes: _weights_only(sizes) + sum(sizes[1:-1]),
                "The outputs are neurons too, and each has a bias.",
            ),
            Mistake(
                lambda sizes: _weights_only(sizes) + sum(sizes[:-1]),
                "The biases belong to the layer that receives, not to the one that sends.",
            ),
            Mistake(
                lambda sizes: sum(sizes[k - 1] * n + n for k, n in enumerate(sizes)),
                "Your loop begins at the inputs: sizes[-1] joins them to the last layer. Begin "
                "with the second size.",
            ),
            Mistake(
                lambda sizes: _weights_only(sizes) + 1,
                "You counted one bias for the whole network. Each neuron has its own.",
            ),
            Mistake(
                lambda sizes: sum(sizes[1:]), "You counted the biases; the weights are missing."
            ),
            Mistake(sum, "You counted inputs and neurons, not the weights between them."),
            Mistake(
                lambda sizes: int(np.prod(sizes)),
                "You multiplied all sizes. Weights lie only between neighbouring layers.",
            ),
            Mistake(
                lambda sizes: sizes[0] * sizes[1] + sizes[1],
                "Only the first layer is counted: go on to the last.",
            ),
            Mistake(
                lambda sizes: parameter_count(sizes[:-1]),
                "The last layer is missing.",
            ),
            Mistake(
                lambda sizes: sum(
                    (a + 1) * (b + 1) for a, b in zip(sizes, sizes[1:], strict=False)
                ),
                "One too many for each layer: (inputs + 1) × neurons counts the biases already.",
            ),
        ],
        tolerance=0,
    ),
    hints=(
        "How many weights lead from 784 inputs to 16 neurons? How many biases do 16 neurons have?",
        "For each pair of neighbouring sizes a, b add a · b weights and b biases. "
        "zip(sizes, sizes[1:]) gives the pairs.",
    ),
)


# --- 5. a design decision --------------------------------------------------------------------

Candidate = tuple[tuple[int, ...], str]

CANDIDATES: dict[str, Candidate] = {
    "64 tanh": ((64,), "tanh"),
    "32 sigmoid": ((32,), "sigmoid"),
    "16 ReLU": ((16,), "ReLU"),
    "8 tanh": ((8,), "tanh"),
    "no hidden layer": ((), "sigmoid"),
}
"""Each candidate: its hidden layers, and their activation function."""


def measure(candidate: Candidate) -> tuple[float, int]:
    """Train a candidate and return (share of 1,000 test digits read rightly, parameters)."""
    return measure_network(*candidate)


_OTHERS: dict[str, Candidate] = {
    "24 tanh": ((24,), "tanh"),
    "no hidden layer": ((), "sigmoid"),
    "12 ELU": ((12,), "ELU"),
    "8 and 8 ReLU": ((8, 8), "ReLU"),
}
_ALIKE: dict[str, Candidate] = {"16 ReLU": ((16,), "ReLU"), "16 tanh": ((16,), "tanh")}
_THOUSANDTH = 0.001


def _network_case(words: str, least: float, candidates: dict[str, Candidate]) -> DecisionCase:
    return DecisionCase(
        f"{words}, at least {percent(least, 1)}",
        (least, candidates),
        {name: measure(candidate) for name, candidate in candidates.items()},
        {"least": least},
    )


def _network_cases() -> Iterator[DecisionCase]:
    """Yield one candidate first, so that what is no answer is told at once; then the others."""
    yield _network_case("one candidate", 0.5, {"no hidden layer": CANDIDATES["no hidden layer"]})
    for words, candidates in (("all candidates", CANDIDATES), ("other candidates", _OTHERS)):
        accuracies = sorted({measure(one)[0] for one in candidates.values()})
        yield _network_case(words, accuracies[0] - 0.02, candidates)
        for accuracy in accuracies:  # Just met, and just missed by the same candidate.
            yield _network_case(words, accuracy, candidates)
            if accuracy < accuracies[-1]:
                yield _network_case(words, accuracy + _THOUSANDTH, candidates)
    yield _network_case("two of one size", 0.8, _ALIKE)


def _enough(case: DecisionCase, least: float | None = None) -> list[str]:
    least = case.facts["least"] if least is None else least
    return [name for name, (accuracy, _) in case.truth.items() if accuracy >= least]


def _smallest(case: DecisionCase, names: Iterable[str]) -> str | None:
    return min(names, key=lambda name: case.truth[name][1], default=None)


def _smallest_enough(case: DecisionCase) -> list[str]:
    best = _smallest(case, _enough(case))
    return [name for name in _enough(case) if case.truth[name][1] == case.truth[best][1]]


def _why_not(choice: str, case: DecisionCase) -> str:
    accuracy, size = case.truth[choice]
    least = case.facts["least"]
    if accuracy < least:
        return (
            f"By your own measurement “{choice}” reads {percent(accuracy, 1)}, and "
            f"{percent(least, 1)} are asked for."
        )
    best = _smallest(case, _enough(case))
    return (
        f"“{choice}” is good enough, but by your own measurement “{best}” is too, with "
        f"{case.truth[best][1]:,} instead of {size:,} parameters."
    )


def _by(rule: Callable[[DecisionCase, str], float]) -> Callable[[DecisionCase], str]:
    """Return a criterion that takes the candidate with the largest value of a rule, if enough."""
    return lambda case: max(_enough(case), key=lambda name: rule(case, name))


def _strictly_more(case: DecisionCase) -> str | None:
    more = [name for name in case.truth if case.truth[name][0] > case.facts["least"]]
    return _smallest(case, more or _enough(case))


def _in_whole_per_cents(case: DecisionCase) -> str | None:
    least = round(100 * case.facts["least"])
    return _smallest(
        case, [n for n, (share, _) in case.truth.items() if round(100 * share) >= least]
    )


def _first_that_falls(case: DecisionCase) -> str:
    best = _enough(case)[0]
    for name in list(case.truth)[list(case.truth).index(best) :]:
        if case.truth[name][0] < case.facts["least"]:
            break
        best = _smallest(case, (best, name))
    return best


_NETWORK_RIVALS = (
    Rival(lambda case: max(case.truth, key=lambda name: case.truth[name][0]),
          "You took the most accurate network; asked for is the smallest that is good enough."),
    Rival(lambda case: _smallest(case, case.truth),
          "You took the smallest network of all. First keep those that are good enough: "
          "accuracy >= least."),
    Rival(_strictly_more,
          "“At least” includes the share itself: a network that reads exactly so many digits is "
          "good enough."),
    Rival(_in_whole_per_cents,
          "You compare whole per cents. Compare the accuracies as they were measured."),
    Rival(lambda case: _enough(case)[0],
          "You took the first network that is good enough; look on for a smaller one."),
    Rival(lambda case: _enough(case)[-1],
          "You took the last network that is good enough; keep the smallest of them."),
    Rival(_first_that_falls,
          "You stop at the first network that is not good enough: look at all of them."),
    Rival(_by(lambda case, name: -case.truth[name][0]),
          "You took the least accurate network that is good enough; asked for is the smallest."),
    Rival(_by(lambda case, name: case.truth[name][0] / case.truth[name][1]),
          "You divide the accuracy by the parameters. All that are good enough are equal: take the "
          "smallest."),
    Rival(lambda case: _smallest(case, _enough(case, case.facts["least"] - 0.02)),
          "You allow 2 % less than what is asked for."),
    Rival(lambda case: _smallest(case, _enough(case, case.facts["least"] + 0.02) or _enough(case)),
          "You ask for 2 % more than `least`. Take `least` as it is given."),
)  # fmt: skip


choose_network = _exercise(
    "choose_network",
    check_with=Decision(
        _network_cases,
        parts=("accuracy", "parameters"),
        choose=_smallest_enough,
        explain=_why_not,
        called="the name of a candidate",
        rivals=_NETWORK_RIVALS,
    ),
    hints=(
        "Measure every candidate first: exercises.measure gives accuracy and parameters. Which "
        "ones are good enough?",
        "Keep only the candidates whose accuracy is at least `least`; choose the one with the "
        "fewest parameters.",
    ),
)
