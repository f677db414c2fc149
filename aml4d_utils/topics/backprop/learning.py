"""Stochastic gradient descent on the digit network, and how it depends on the data.

Shuffle, divide into batches, take one step for each batch [1]_. Nothing else happens in
:func:`learn`. The two experiments repeat it with less data and with wrong labels.

References
----------
.. [1] H. Robbins and S. Monro, "A stochastic approximation method", Annals of Mathematical
   Statistics 22(3), 1951.
.. [2] E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
   Journal of the American Statistical Association 22, 1927.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from aml4d_utils.measuring.intervals import wilson
from aml4d_utils.topics.backprop.backward import backward
from aml4d_utils.topics.neurons.digit_training import one_hot
from aml4d_utils.topics.neurons.network import Network, random_network

SIZES = (784, 16, 16, 10)


@dataclass(frozen=True)
class Digits:
    """Inputs (N, 784) in [0, 1] and labels (N,) to learn from, and others to be tested on."""

    inputs: np.ndarray
    labels: np.ndarray
    test_inputs: np.ndarray
    test_labels: np.ndarray


@dataclass(frozen=True)
class LearningStep:
    """What there is to see after one batch.

    Attributes
    ----------
    step : int
        Batches so far.
    fraction : float
        Share of all batches, 0 to 1.
    seen : int
        Examples looked at so far, repetitions included.
    cost : float
        Mean cost of this batch before its step.
    accuracy : float
        On the test data, at the last look.
    network : Network
        As it is now.
    history : ndarray (looks, 3), float64
        Columns: examples looked at, mean cost of the batches since the last look, accuracy.
    """

    step: int
    fraction: float
    seen: int
    cost: float
    accuracy: float
    network: Network
    history: np.ndarray


def batches(count: int, size: int, rng: np.random.Generator | None) -> list[np.ndarray]:
    """Divide the numbers 0 to ``count`` − 1 into batches, shuffled if there is an ``rng``.

    The last batch holds what is left.

    Examples
    --------
    >>> [batch.tolist() for batch in batches(5, 2, None)]
    [[0, 1], [2, 3], [4]]
    """
    order = np.arange(count) if rng is None else rng.permutation(count)
    return [order[start : start + size] for start in range(0, count, size)]


def learn(
    network: Network,
    digits: Digits,
    *,
    rng: np.random.Generator | None,
    epochs: int = 10,
    batch_size: int = 32,
    rate: float = 2.0,
    look_every: int = 25,
) -> Iterator[LearningStep]:
    """Learn by stochastic gradient descent and yield a record after every batch.

    Parameters
    ----------
    network : Network
        Where to begin; it stays as it is.
    digits : Digits
    rng : numpy.random.Generator or None
        Decides the order of the examples; None leaves them in their order.
    epochs, batch_size, rate
        How often each example is seen, how many make one step, and how long a step is.
    look_every : int
        Batches between two looks at the accuracy on the test data.

    Raises
    ------
    ValueError
        If there is nothing to learn from or to be tested on, or a number is not positive.
    """
    if len(digits.inputs) == 0 or len(digits.test_inputs) == 0:
        raise ValueError("There must be examples to learn from and examples to be tested on.")
    if min(epochs, batch_size, look_every) < 1 or not rate > 0:
        raise ValueError("Epochs, batch size and learning rate must be above 0.")
    wanted = one_hot(digits.labels, network.sizes[-1])
    total = epochs * -(-len(digits.inputs) // batch_size)
    step = seen = 0
    history: list[tuple[float, float, float]] = []
    costs: list[float] = []
    for _ in range(epochs):
        for chosen in batches(len(digits.inputs), batch_size, rng):
            result = backward(network, digits.inputs[chosen], wanted[chosen])
            network = network.with_parameters(network.parameters() - rate * result.mean())
            step, seen = step + 1, seen + len(chosen)
            cost = float(result.costs.mean())
            costs.append(cost)
            if step % look_every == 0 or step in (1, total):
                right = accuracy(network, digits.test_inputs, digits.test_labels)
                history.append((seen, float(np.mean(costs)), right))
                costs = []
            yield LearningStep(
                step, step / total, seen, cost, history[-1][2], network, np.array(history)
            )


def accuracy(network: Network, inputs: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of inputs whose strongest output is the label's."""
    return float((network.predict(inputs) == labels).mean())


# --- the recap notes, tested ---------------------------------------------------------------------


@dataclass(frozen=True)
class CurvePoint:
    """One finished training of a curve.

    Attributes
    ----------
    value : float
        Number of examples, or share of wrong labels.
    train, test : float
        Accuracy on what was learned from (with the labels it was learned with) and on test data.
    low, high : float
        95 % interval of ``test``: how far chance in the choice of test digits may move it.
    """

    value: float
    train: float
    test: float
    low: float
    high: float


@dataclass(frozen=True)
class Curve:
    """A curve so far: its points, the share that is done, and what varies (``size``, ``noise``)."""

    kind: str
    points: tuple[CurvePoint, ...]
    fraction: float

    def nearest(self, value: float) -> CurvePoint:
        """Return the finished training whose value is nearest.

        Raises
        ------
        ValueError
            If none has finished.
        """
        if not self.points:
            raise ValueError("No network has finished learning yet: let the cell above run longer.")
        return min(self.points, key=lambda point: abs(point.value - value))


def with_wrong_labels(labels: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Return labels of which a share is replaced, each by another digit drawn at random.

    Raises
    ------
    ValueError
        If the share lies outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"The share of wrong labels lies between 0 and 1, not {share!r}.")
    wrong = np.array(labels, copy=True)
    chosen = rng.permutation(len(wrong))[: round(share * len(wrong))]
    wrong[chosen] = (wrong[chosen] + rng.integers(1, 10, len(chosen))) % 10
    return wrong


def size_curve(
    digits: Digits, sizes: Sequence[int], *, seed: int = 0, seen: int = 48_000
) -> Iterator[Curve]:
    """Train once for each number of examples, always looking at ``seen`` examples in all."""
    cases = [(size, digits.inputs[:size], digits.labels[:size]) for size in sizes]
    yield from _curve("size", cases, digits, seed, seen)


def noise_curve(
    digits: Digits, shares: Sequence[float], *, seed: int = 0, seen: int = 48_000
) -> Iterator[Curve]:
    """Train once for each share of wrong labels; the test data keep their true labels."""
    cases = [
        (
            share,
            digits.inputs,
            with_wrong_labels(digits.labels, share, np.random.default_rng(seed + 1)),
        )
        for share in shares
    ]
    yield from _curve("noise", cases, digits, seed, seen)


def _curve(
    kind: str,
    cases: list[tuple[float, np.ndarray, np.ndarray]],
    digits: Digits,
    seed: int,
    seen: int,
) -> Iterator[Curve]:
    points: tuple[CurvePoint, ...] = ()
    for number, (value, inputs, labels) in enumerate(cases):
        data = Digits(inputs, labels, digits.test_inputs, digits.test_labels)
        network = random_network(SIZES, np.random.default_rng(seed))
        rng = np.random.default_rng(seed)
        epochs = max(1, -(-seen // len(inputs)))
        for step in learn(network, data, rng=rng, epochs=epochs, look_every=10**9):
            if step.step % 50 == 0:
                part = min(1.0, step.seen / seen)
                yield Curve(kind, points, (number + part) / len(cases))
            if step.seen >= seen:
                break
        test = accuracy(step.network, digits.test_inputs, digits.test_labels)
        train = accuracy(step.network, inputs, labels)
        low, high = wilson(test, len(digits.test_labels))
        points = (*points, CurvePoint(float(value), train, test, low, high))
        yield Curve(kind, points, (number + 1) / len(cases))
