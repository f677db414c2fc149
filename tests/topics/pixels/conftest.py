"""What several tests of the pixels room need."""

import pytest
from topics.fixtures import one_thread  # noqa: F401

from aml4d_utils import images


@pytest.fixture(scope="session")
def data():
    """Fashion-MNIST; tests must not change it."""
    return images.fashion_mnist()
