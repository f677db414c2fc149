"""What several tests of the selectivity room need."""

import pytest
import walking


@pytest.fixture(scope="session")
def searches():
    """Two networks, trained and not, each with what a few pictures gave."""
    return walking.examples("topics.selectivity").searches()
