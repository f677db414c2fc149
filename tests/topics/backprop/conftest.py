"""What several tests of the backprop room need: real digits and networks."""

import numpy as np
import pytest

from aml4d_utils.topics.backprop import explorers
from aml4d_utils.topics.neurons.digit_training import one_hot


@pytest.fixture(scope="session")
def digits():
    """All digits as inputs; tests must not change them."""
    found = explorers.digits()
    for array in (found.inputs, found.labels, found.test_inputs, found.test_labels):
        array.flags.writeable = False
    return found


@pytest.fixture(scope="session")
def network():
    """An untrained digit network."""
    return explorers.untrained()


@pytest.fixture(scope="session")
def batch(digits):
    """Sixteen digits and what the network should answer to them."""
    return digits.inputs[:16], one_hot(digits.labels[:16], 10)


@pytest.fixture
def rng():
    return np.random.default_rng(15)
