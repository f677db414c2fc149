"""What the tests of Viola and Jones share."""

import pytest

from aml4d_utils import images
from aml4d_utils.topics.viola_jones.cascade import scan
from aml4d_utils.topics.viola_jones.face_boosting import boost_faces
from aml4d_utils.topics.viola_jones.opencv_cascade import opencv_cascade


@pytest.fixture(scope="session")
def astronaut():
    """The astronaut, 256 × 256; tests must not change her."""
    photo = images.fit(images.photo("astronaut"), 256)
    photo.flags.writeable = False
    return photo


@pytest.fixture(scope="session")
def scanned(astronaut):
    """The astronaut, seen by OpenCV's cascade."""
    return scan(astronaut, opencv_cascade(), factor=1.25)


@pytest.fixture(scope="session")
def boosting():
    """Every record of boosting few features in six rounds."""
    return list(boost_faces(images.faces(), 6, step=3))
