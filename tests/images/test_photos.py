import subprocess
import sys

import numpy as np
import pytest
from skimage import data
from sklearn.datasets import load_sample_image

from aml4d_utils.images import as_float, describe_photo, photo, photo_names


@pytest.mark.parametrize("name", photo_names())
def test_every_photo_is_a_picture_with_a_description(name):
    image = photo(name)
    assert image.dtype == np.float32 and image.ndim == 3 and image.shape[2] == 3
    assert image.min() >= 0 and image.max() <= 1 and image.std() > 0.05
    description = describe_photo(name)
    assert 10 < len(description) < 100 and "\n" not in description


def test_descriptions_differ():
    assert len({describe_photo(name) for name in photo_names()}) == len(photo_names())


@pytest.mark.parametrize(
    "name",
    [
        "astronaut",
        "brick",
        "camera",
        "chelsea",
        "coffee",
        "coins",
        "grass",
        "gravel",
        "hubble_deep_field",
        "retina",
        "rocket",
        "text",
    ],
)
def test_same_pixels_as_scikit_image(name):
    assert np.array_equal(photo(name), as_float(getattr(data, name)()))


def test_same_pixels_for_the_others():
    left, right, _ = data.stereo_motorcycle()
    assert np.array_equal(photo("motorcycle"), as_float(left))
    assert np.array_equal(photo("motorcycle_right"), as_float(right))
    for name in ("china", "flower"):
        assert np.array_equal(photo(name), as_float(load_sample_image(f"{name}.jpg")))


@pytest.mark.parametrize("name", ["dog", "", "../chelsea", None, 3])
def test_an_unknown_name_lists_the_names(name):
    for function in (photo, describe_photo):
        with pytest.raises(ValueError, match="choose one of: astronaut, .*, text"):
            function(name)


def test_images_load_neither_torch_nor_skimage():
    code = (
        "import sys; from aml4d_utils import images; images.photo('chelsea'); "
        "images.fashion_mnist(); "
        "print(sorted({'torch', 'skimage', 'sklearn', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
