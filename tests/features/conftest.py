"""What several tests of the features room need: photos and their keypoints."""

import pytest

from aml4d_utils import images
from aml4d_utils.features.sift import fast_sift, sift_steps

LONGEST = 450


def pixels(name):
    image = images.fit(images.photo(name), LONGEST)
    image.flags.writeable = False
    return image


@pytest.fixture(scope="session")
def cat():
    """Chelsea the cat, (299, 450, 3), float32 in [0, 1]; tests must not change it."""
    return pixels("chelsea")


@pytest.fixture(scope="session", params=["chelsea", "astronaut", "coffee"])
def both(request):
    """The name of a photo, our steps on it and OpenCV's keypoints."""
    image = pixels(request.param)
    return request.param, sift_steps(image), fast_sift(image)
