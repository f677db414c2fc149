"""What several tests of the dissection room need: scenes, the network, a small dissection."""

import pytest
from topics.dissection import examples
from topics.fixtures import net  # noqa: F401


def _last_of(steps):
    seen = []
    while True:
        try:
            seen.append(next(steps))
        except StopIteration as end:
            return seen, end.value


@pytest.fixture(scope="session")
def last_of():
    """A function that returns the steps of a generator and what it returns."""
    return _last_of


@pytest.fixture(scope="session")
def both_sets():
    """Ten scenes to measure on and eight to find thresholds on."""
    return examples.both_sets()


@pytest.fixture(scope="session")
def dissection():
    """SqueezeNet dissected on these few scenes."""
    return examples.dissected()[1]
