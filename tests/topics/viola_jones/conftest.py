"""What the tests of Viola and Jones share."""

import pytest
from topics.viola_jones import examples


@pytest.fixture(scope="session")
def astronaut():
    """The astronaut, 256 × 256; tests must not change her."""
    photo = examples.astronaut()
    photo.flags.writeable = False
    return photo


@pytest.fixture(scope="session")
def scanned():
    """The astronaut, seen by OpenCV's cascade."""
    return examples.scans()[0]


@pytest.fixture(scope="session")
def boosting():
    """Every record of boosting few features in six rounds."""
    return examples.boosting()
