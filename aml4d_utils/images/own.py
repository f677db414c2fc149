"""The student's own photo, chosen once for all lessons. It stays on this machine."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np

from aml4d_utils.images.conversion import as_uint8, checked
from aml4d_utils.images.opening import open_photo
from aml4d_utils.images.photos import describe_photo, photo
from aml4d_utils.images.resizing import fit
from aml4d_utils.places import state_dir

DEFAULT = "chelsea"
LONGEST = 1024
UNDESCRIBED = "your own photo"
MOST_LETTERS = 200
_FILE = "own_photo.png"
_NOTE = "Description"


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
        raise _unreadable(path) from error


def photo_or_own(image: np.ndarray | None) -> np.ndarray:
    """Return the photo that is given, or the student's own where none is.

    Parameters
    ----------
    image : ndarray (H, W), (H, W, 3) or None
        As `as_float` takes it.

    Raises
    ------
    ValueError
        If what is given is no image, or the kept photo is damaged.

    Examples
    --------
    >>> photo_or_own(np.zeros((2, 2, 3))).shape
    (2, 2, 3)
    """
    return own_photo() if image is None else checked(image)


def describe_own_photo() -> str:
    """Return in a few words what `own_photo` is, for alt texts.

    It is the description that was kept with the photo, else "your own photo".

    Raises
    ------
    ValueError
        If the kept file is damaged.

    Examples
    --------
    >>> describe_own_photo()  # doctest: +SKIP
    'the face of a light ginger tabby cat with green eyes'
    """
    from PIL import Image

    path = _path()
    if not path.exists():
        return describe_photo(DEFAULT)
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            return str(picture.info.get(_NOTE) or UNDESCRIBED)
    except (OSError, SyntaxError, ValueError) as error:
        raise _unreadable(path) from error


def keep_own_photo(image: np.ndarray, description: str = "") -> None:
    """Keep a photo for all lessons, in place of the one kept before.

    It is shrunk to at most 1024 pixels and written to the folder where the course keeps your
    progress. A crash or a full disk while writing leaves the earlier photo as it was.

    Parameters
    ----------
    image : ndarray
        Anything that `as_float` accepts.
    description : str
        What can be seen in it, at most 200 letters, for people who cannot see it; it is kept
        inside the file.

    Raises
    ------
    ValueError
        If `image` is not an image, or the description is too long.
    OSError
        If the folder cannot be written to.

    Examples
    --------
    >>> keep_own_photo(photo("coffee"))  # doctest: +SKIP
    """
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    words = "".join(letter for letter in " ".join(description.split()) if letter.isprintable())
    if len(words) > MOST_LETTERS:
        raise ValueError(
            f"A description has at most {MOST_LETTERS} letters, but this one has {len(words)}."
        )
    notes = PngInfo()
    if words:
        notes.add_itxt(_NOTE, words)
    picture = Image.fromarray(as_uint8(fit(image, LONGEST)))
    path = _path()
    try:
        _write(picture, notes, path)
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


def _unreadable(path: Path) -> ValueError:
    return ValueError(
        f"Your kept photo {path} cannot be read: choose it again in lesson 00, "
        "or go back to the cat with images.forget_own_photo()."
    )


def _write(picture, notes, path: Path) -> None:
    # A second notebook may keep a photo at the same moment: each writes its own file.
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        unfinished = Path(file.name)
        try:
            picture.save(file, format="PNG", pnginfo=notes)
        except OSError:
            file.close()
            unfinished.unlink()
            raise
    os.replace(unfinished, path)


def _path() -> Path:
    return state_dir() / _FILE
