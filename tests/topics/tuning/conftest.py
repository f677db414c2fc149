"""What several tests of the tuning room need."""

import pytest
import walking


@pytest.fixture(scope="session")
def surveys():
    """The network, its survey, and the survey of one that never learned."""
    return walking.examples("topics.tuning").surveys()
