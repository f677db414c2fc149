"""What several tests of the features room need: photos and their keypoints."""

import pytest

from aml4d_utils import images
from aml4d_utils.topics.features.sift import fast_sift, sift_steps


@pytest.fixture(scope="session", params=["chelsea", "astronaut", "coffee"])
def both(request):
    """The name of a photo, our steps on it and OpenCV's keypoints."""
    image = images.fit(images.photo(request.param), 450)
    image.flags.writeable = False
    return request.param, sift_steps(image), fast_sift(image)
