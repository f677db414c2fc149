"""The student's own photo, chosen once and used by every lesson. It stays on this machine."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np

from aml4d_utils.images.conversion import as_uint8
from aml4d_utils.images.opening import open_photo
from aml4d_utils.images.photos import describe_photo, photo
from aml4d_utils.images.resizing import fit
from aml4d_utils.places import state_dir

DEFAULT = "chelsea"
LONGEST = 1024
_FILE = "own_photo.png"


def own_photo() -> np.ndarray:
    """Return the photo that the student chose, or Chelsea the cat before one was chosen.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]
        Longest side at most 1024 pixels.

    Raises
    ------
    ValueError
        If the kept file is damaged.

    Examples
    --------
    >>> own_photo().dtype
    dtype('float32')
    """
    path = _path()
    if not path.exists():
        return photo(DEFAULT)
    try:
        return open_photo(path)
    except ValueError as error:
        raise ValueError(
            f"Your kept photo {path} cannot be read: choose it again in lesson 00, "
            "or go back to the cat with images.forget_own_photo()."
        ) from error


def describe_own_photo() -> str:
    """Return in a few words what `own_photo` is, for alt texts.

    Examples
    --------
    >>> describe_own_photo().startswith(("the face of", "your own photo"))
    True
    """
    return "your own photo" if _path().exists() else describe_photo(DEFAULT)


def keep_own_photo(image: np.ndarray) -> None:
    """Keep a photo for all lessons, in place of the one kept before.

    It is shrunk to at most 1024 pixels and written to the folder where the course keeps your
    progress. A crash or a full disk while writing leaves the earlier photo as it was.

    Parameters
    ----------
    image : ndarray
        Anything that `as_float` accepts.

    Raises
    ------
    ValueError
        If `image` is not an image.
    OSError
        If the folder cannot be written to.

    Examples
    --------
    >>> keep_own_photo(photo("coffee"))  # doctest: +SKIP
    """
    from PIL import Image

    picture = Image.fromarray(as_uint8(fit(image, LONGEST)))
    path = _path()
    try:
        _write(picture, path)
    except OSError as error:
        raise OSError(
            error.errno,
            "Your photo cannot be kept because this folder cannot be written to "
            f"({error.strerror or error}): free some space, or set AML4D_HOME to another folder",
            str(path.parent),
        ) from error


def forget_own_photo() -> None:
    """Delete the kept photo, so that the lessons use Chelsea the cat again.

    Examples
    --------
    >>> forget_own_photo()  # doctest: +SKIP
    """
    _path().unlink(missing_ok=True)


def _write(picture, path: Path) -> None:
    # A second notebook may keep a photo at the same moment: each writes its own file.
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        unfinished = Path(file.name)
        try:
            picture.save(file, format="PNG")
        except OSError:
            file.close()
            unfinished.unlink()
            raise
    os.replace(unfinished, path)


def _path() -> Path:
    return state_dir() / _FILE
