"""Real photos that are on every machine: they come inside scikit-image and scikit-learn.

They are read straight from the installed packages; nothing is copied or fetched.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from aml4d_utils.images.conversion import as_float


@dataclass(frozen=True)
class _Photo:
    file: str
    description: str


_SKIMAGE = "skimage/data"
_SKLEARN = "sklearn/datasets/images"
_PHOTOS = {
    "astronaut": _Photo(
        f"{_SKIMAGE}/astronaut.png",
        "a smiling astronaut in an orange spacesuit, a model of the space shuttle behind her",
    ),
    "brick": _Photo(f"{_SKIMAGE}/brick.png", "a grey brick wall turned on its side"),
    "camera": _Photo(
        f"{_SKIMAGE}/camera.png", "a man in a dark coat looking through a camera on a tripod, grey"
    ),
    "chelsea": _Photo(
        f"{_SKIMAGE}/chelsea.png", "the face of a light ginger tabby cat with green eyes"
    ),
    "china": _Photo(f"{_SKLEARN}/china.jpg", "a red pagoda above trees, a lake behind it"),
    "coffee": _Photo(
        f"{_SKIMAGE}/coffee.png", "an espresso in a red cup on a red saucer, a spoon beside it"
    ),
    "coins": _Photo(
        f"{_SKIMAGE}/coins.png", "24 ancient coins in four rows on a dark ground, grey"
    ),
    "flower": _Photo(f"{_SKLEARN}/flower.jpg", "an orange dahlia in front of dark green leaves"),
    "grass": _Photo(f"{_SKIMAGE}/grass.png", "blades of grass from above, grey"),
    "gravel": _Photo(f"{_SKIMAGE}/gravel.png", "gravel from above, grey"),
    "hubble_deep_field": _Photo(
        f"{_SKIMAGE}/hubble_deep_field.jpg", "hundreds of small bright galaxies in a black sky"
    ),
    "motorcycle": _Photo(
        f"{_SKIMAGE}/motorcycle_left.png", "a red motorcycle in a garage with full shelves"
    ),
    "motorcycle_right": _Photo(
        f"{_SKIMAGE}/motorcycle_right.png",
        "the red motorcycle in the garage again, seen from a step to the right",
    ),
    "retina": _Photo(
        f"{_SKIMAGE}/retina.jpg", "the back of an eye: an orange disc with branching blood vessels"
    ),
    "rocket": _Photo(
        f"{_SKIMAGE}/rocket.jpg", "a white rocket on its launch pad at dusk, between four masts"
    ),
    "text": _Photo(
        f"{_SKIMAGE}/text.png", "handwritten formulas on lined paper, seen at a slant, grey"
    ),
}


def photo_names() -> tuple[str, ...]:
    """Return the names that `photo` knows, in alphabetical order.

    Examples
    --------
    >>> "chelsea" in photo_names()
    True
    """
    return tuple(_PHOTOS)


def photo(name: str) -> np.ndarray:
    """Return one of the bundled photos.

    Parameters
    ----------
    name : str
        One of `photo_names`.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]
        A new array each time. A photo taken in grey has three equal channels.

    Raises
    ------
    ValueError
        If there is no photo of that name.
    FileNotFoundError
        If the package that brings the photo is not installed whole.

    Examples
    --------
    >>> photo("chelsea").shape
    (300, 451, 3)
    """
    from PIL import Image

    with Image.open(bundled_file(_known(name).file)) as picture:
        return as_float(np.asarray(picture))


def describe_photo(name: str) -> str:
    """Return in one line what can be seen in a bundled photo, for alt texts.

    Parameters
    ----------
    name : str
        One of `photo_names`.

    Raises
    ------
    ValueError
        If there is no photo of that name.

    Examples
    --------
    >>> describe_photo("chelsea")
    'the face of a light ginger tabby cat with green eyes'
    """
    return _known(name).description


def _known(name: str) -> _Photo:
    if not isinstance(name, str) or name not in _PHOTOS:
        raise ValueError(f"There is no photo {name!r}; choose one of: {', '.join(_PHOTOS)}.")
    return _PHOTOS[name]


def bundled_file(file: str) -> Path:
    """Return where a file of an installed package is; its first folder names the package.

    Raises
    ------
    FileNotFoundError
        If the package is not installed whole.

    Examples
    --------
    >>> bundled_file("skimage/data/astronaut.png").name
    'astronaut.png'
    """
    package, _, rest = file.partition("/")
    # Finding a package does not import it, which would take a second.
    spec = find_spec(package)
    folders = spec.submodule_search_locations if spec else None
    for folder in folders or ():
        if (Path(folder) / rest).is_file():
            return Path(folder) / rest
    raise FileNotFoundError(
        f"The file {file} should come with the package {package}, but it is not there: "
        "run `python3 course.py lab` to install the packages again."
    )
