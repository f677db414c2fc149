"""What several rooms' tests need; a room's ``conftest.py`` imports what it takes."""

import pytest
import torch

from aml4d_utils import images, nets


@pytest.fixture(scope="session")
def net():
    """The real SqueezeNet; tests must not change it."""
    return nets.load("squeezenet1_1", device="cpu")


@pytest.fixture(scope="session")
def photo():
    """Chelsea the cat, (300, 451, 3), float32 in [0, 1]; tests must not change it."""
    pixels = images.photo("chelsea")
    pixels.flags.writeable = False
    return pixels


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Keep torch's threads of several test processes from waiting for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
