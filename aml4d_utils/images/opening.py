"""Open a photo that somebody else made: any common format, nothing trusted."""

import io
import os
import warnings
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from aml4d_utils.images.resizing import fit

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST = 1024
MOST_PIXELS = 80_000_000
MOST_BYTES = 64_000_000
# These take several passes, or several copies of the whole picture in memory.
FEWER_PIXELS = {
    "colour PNG": 40_000_000,
    "GIF": 40_000_000,
    "progressive JPEG": 40_000_000,
    "TIFF": 40_000_000,
    "WEBP": 20_000_000,
}
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
_STRIP_PIXELS = 2_000_000
_ORIENTATION_TAG = 0x0112
_SAVE_AGAIN = "open it in a picture viewer, save it as JPEG or PNG, and choose that file"


def open_photo(source: str | os.PathLike | bytes) -> np.ndarray:
    """Return a photo from a file, upright and at most 1024 pixels long.

    JPEG, PNG, WebP, GIF, BMP and TIFF are read; of an animation, its first picture. Transparent
    parts become white. A colour profile is not applied. The picture is made smaller before it
    becomes floats, so that a large photo needs little memory.

    Parameters
    ----------
    source : str, path or bytes
        The name of a file, or its content.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]
        Turned as the camera noted (EXIF orientation), longest side at most 1024 pixels.

    Raises
    ------
    ValueError
        With a sentence that says what to do: if there is no such file, it is not a photo, it is
        damaged or cut short, or it has more than 80 megapixels or 64 MB. Progressive JPEG, PNG
        in colour, GIF and TIFF may have 40 megapixels, WebP 20.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> open_photo("no_such_photo.jpg")
    Traceback (most recent call last):
    ...
    ValueError: There is no file no_such_photo.jpg: check its name and folder.
    """
    if not isinstance(source, (str, os.PathLike, bytes, bytearray, memoryview)):
        raise ValueError(
            f"Expected the name of a file or its bytes, but got {type(source).__name__}."
        )
    name = "This file" if isinstance(source, (bytes, bytearray, memoryview)) else str(source)
    with _stream(source) as stream:
        _check_start(stream, name)
        # Pillow reports oddities of a file as warnings; what matters is refused below.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(stream, name)


def _stream(source: str | os.PathLike | bytes) -> AbstractContextManager[BinaryIO]:
    if isinstance(source, (bytes, bytearray, memoryview)):
        _check_bytes(len(source))
        return nullcontext(io.BytesIO(source))
    path = Path(source)
    try:
        size = path.stat().st_size
        stream = path.open("rb") if size <= MOST_BYTES else None
    except FileNotFoundError:
        raise ValueError(f"There is no file {path}: check its name and folder.") from None
    except (OSError, ValueError) as error:
        raise ValueError(f"The file {path!s:.200} cannot be opened: {error}.") from None
    _check_bytes(size)
    return stream


def _check_bytes(size: int) -> None:
    if size > MOST_BYTES:
        raise ValueError(
            f"This file has {size / 1e6:.0f} MB; at most {MOST_BYTES / 1e6:.0f} MB are read: "
            "save a smaller copy as JPEG and choose that."
        )


def _check_start(stream: BinaryIO, name: str) -> None:
    start = stream.read(1024)
    stream.seek(0)
    if not start:
        raise ValueError(f"{name} is empty: choose another file.")
    if start[4:8] == b"ftyp":
        raise ValueError(
            f"{name} is a HEIC, AVIF or video file, which is not read here: export it as JPEG "
            "(on an iPhone: Settings, Camera, Formats, Most Compatible)."
        )
    if start.lstrip().startswith((b"<", b"\xef\xbb\xbf<")):
        raise ValueError(f"{name} is text such as SVG or HTML, not a photo: {_SAVE_AGAIN}.")


def _read(stream: BinaryIO, name: str) -> np.ndarray:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(stream, formats=_FORMATS) as picture:
            _check_size(picture)
            # A JPEG is decoded at a half, a quarter or an eighth of its size where that is enough.
            picture.draft(picture.mode, (LONGEST, LONGEST))
            turn = _orientation(picture)
            pixels = _shrunk(picture)
    except _TooLarge as error:
        raise ValueError(str(error)) from None
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        problem = "has too many pixels" if "bomb" in str(error) else "is not a photo"
        raise ValueError(f"{name} {problem}: choose a JPEG or PNG file.") from error
    except Exception as error:
        # Damaged files make decoders fail in every way there is.
        raise ValueError(
            f"{name} is damaged or cut short and cannot be read to its end: {_SAVE_AGAIN}, "
            "or copy it again."
        ) from error
    return np.ascontiguousarray(_turned(fit(pixels, LONGEST), turn))


class _TooLarge(Exception):
    pass


def _check_size(picture: "Image") -> None:
    kind = str(picture.format)
    if kind == "PNG" and picture.mode in ("RGB", "RGBA", "LA"):
        kind = "colour PNG"
    if kind == "JPEG" and picture.info.get("progressive"):
        kind = "progressive JPEG"
    most = FEWER_PIXELS.get(kind, MOST_PIXELS)
    count = picture.width * picture.height
    if count > most:
        raise _TooLarge(
            f"This photo has {count / 1e6:.0f} megapixels; at most {most / 1e6:.0f} are read of "
            f"a {kind} file: save a smaller copy as JPEG and choose that."
        )


def _orientation(picture: "Image") -> int:
    try:
        return int(picture.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:
        # The notes of the camera are damaged, the picture may be whole: show it as it is stored.
        return 1


def _shrunk(picture: "Image") -> np.ndarray:
    """Decode and average whole blocks of pixels, strip by strip, down to about twice LONGEST."""
    picture.load()
    width, height = picture.size
    factor = max(1, max(width, height) // (2 * LONGEST))
    rows = max(1, _STRIP_PIXELS // (width * factor)) * factor
    strips = []
    for top in range(0, height, rows):
        strip = picture.crop((0, top, width, min(top + rows, height)))
        strip.info = picture.info
        strips.append(_block_means(strip, factor))
    return np.concatenate(strips)


def _block_means(strip: "Image", factor: int) -> np.ndarray:
    """Return one strip as uint8 (h, w, 3) or uint16 (h, w)."""
    if strip.mode.startswith("I"):
        return _grey16(strip, factor)
    if strip.mode == "F":
        raise ValueError("A picture of measured values has no agreed range.")
    blocks = (min(factor, strip.width), min(factor, strip.height))
    if strip.has_transparency_data:
        # With colours multiplied by alpha, transparent pixels do not bleed into the average.
        small = np.asarray(strip.convert("RGBA").convert("RGBa").reduce(blocks))
        return small[..., :3] + (255 - small[..., 3:])
    direct = strip.mode in ("L", "RGB", "CMYK", "YCbCr")
    return np.asarray((strip if direct else strip.convert("RGB")).reduce(blocks).convert("RGB"))


def _grey16(strip: "Image", factor: int) -> np.ndarray:
    import cv2

    values = np.clip(np.asarray(strip), 0, 65535).astype(np.uint16)
    size = (-(-strip.width // factor), -(-strip.height // factor))
    return cv2.resize(values, size, interpolation=cv2.INTER_AREA)


def _turned(image: np.ndarray, orientation: int) -> np.ndarray:
    """Undo the eight ways in which a camera can have been held (EXIF 2.3, tag 0x0112)."""
    if orientation in (5, 6, 7, 8):
        image = image.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        image = image[::-1]
    if orientation in (2, 3, 6, 7):
        image = image[:, ::-1]
    return image
