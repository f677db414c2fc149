"""What several tests of the pixels room need."""

import pytest
import torch

from aml4d_utils import images


@pytest.fixture(scope="session")
def data():
    """Fashion-MNIST; tests must not change it."""
    return images.fashion_mnist()


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Keep torch's threads of several test processes from waiting for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
