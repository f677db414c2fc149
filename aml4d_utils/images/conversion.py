"""One form for every image: float32, (H, W, 3), values in [0, 1]."""

import numpy as np

# Sums of rounded numbers may end a hair outside [0, 1]; more than this is a mistake.
TOLERANCE = 1e-4
# Rec. 709, the weights scikit-image uses too.
LUMINANCE = (0.2125, 0.7154, 0.0721)


def as_float(image: np.ndarray) -> np.ndarray:
    """Return an image as float32 (H, W, 3) in [0, 1].

    Parameters
    ----------
    image : ndarray (H, W), (H, W, 1) or (H, W, 3)
        Any of bool, uint8 (0 to 255), uint16 (0 to 65,535) or float in [0, 1]. A grey image
        becomes three equal channels.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]
        Always a new array: writing into it leaves `image` alone.

    Raises
    ------
    ValueError
        If the shape, the type or the range is another one, or a value is NaN or infinite.

    Examples
    --------
    >>> as_float(np.array([[0, 51, 255]], dtype=np.uint8))[0, :, 0].round(3)
    array([0. , 0.2, 1. ], dtype=float32)
    """
    pixels = checked(image)
    if pixels.dtype == np.uint8:
        floats = pixels / np.float32(255)
    elif pixels.dtype == np.uint16:
        floats = pixels / np.float32(65535)
    else:
        floats = np.clip(pixels, 0, 1, dtype=np.float32, casting="unsafe")
    return _three_channels(floats)


def as_uint8(image: np.ndarray) -> np.ndarray:
    """Return an image as uint8 (H, W, 3), 0 to 255.

    A float value v becomes the nearest whole number to 255 v, halves upwards. So
    ``as_uint8(as_float(image))`` gives back the same uint8 values.

    Parameters
    ----------
    image : ndarray
        Anything that `as_float` accepts.

    Returns
    -------
    ndarray (H, W, 3), uint8
        Always a new array.

    Raises
    ------
    ValueError
        As `as_float`.

    Examples
    --------
    >>> as_uint8(np.array([[0.0, 0.1, 0.5, 1.0]]))[0, :, 0].tolist()
    [0, 26, 128, 255]
    """
    pixels = checked(image)
    if pixels.dtype == np.uint8:
        return _three_channels(pixels.copy())
    scaled = as_float(pixels)
    scaled *= np.float32(255)
    scaled += np.float32(0.5)
    return scaled.astype(np.uint8)


def grey(image: np.ndarray) -> np.ndarray:
    """Return how light each pixel looks: 0.2125 red + 0.7154 green + 0.0721 blue.

    These are the luminance weights of ITU-R BT.709, applied to the values as they are (without
    undoing the screen's gamma curve), as scikit-image does it.

    Parameters
    ----------
    image : ndarray
        Anything that `as_float` accepts.

    Returns
    -------
    ndarray (H, W), float32 in [0, 1]
        One value a pixel.

    Raises
    ------
    ValueError
        As `as_float`.

    Examples
    --------
    >>> float(grey(np.ones((1, 1, 3)))[0, 0])
    1.0
    """
    weights = np.array(LUMINANCE, dtype=np.float32)
    return np.clip(as_float(image) @ weights, 0, 1)


def checked(image: np.ndarray) -> np.ndarray:
    """Return the image unchanged if it is one that `as_float` accepts, else raise ValueError."""
    if not isinstance(image, np.ndarray):
        raise ValueError(
            f"Expected an image as a NumPy array (H, W, 3), but got {type(image).__name__}."
        )
    grey_or_colour = image.ndim == 2 or (image.ndim == 3 and image.shape[2] in (1, 3))
    if not grey_or_colour or image.size == 0:
        raise ValueError(
            "Expected an image of shape (H, W, 3), or (H, W) for a grey one, "
            f"but got {image.shape}."
        )
    if image.dtype in (np.bool_, np.uint8, np.uint16):
        return image
    if not np.issubdtype(image.dtype, np.floating):
        raise ValueError(
            f"Expected pixels as uint8 (0 to 255) or as floats in [0, 1], but got {image.dtype}."
        )
    _check_range(image)
    return image


def _check_range(image: np.ndarray) -> None:
    # The minimum of an array with a NaN is NaN: one pass, no temporary array.
    low, high = float(image.min()), float(image.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        bad = int(np.count_nonzero(~np.isfinite(image)))
        raise ValueError(f"Expected numbers only, but {bad:,} pixel values are NaN or infinite.")
    if low < -TOLERANCE or high > 1 + TOLERANCE:
        raise ValueError(
            f"Expected float pixels in [0, 1], but these go from {low:.4g} to {high:.4g}: "
            "divide by the largest possible value, or use numpy.clip(image, 0, 1)."
        )


def _three_channels(pixels: np.ndarray) -> np.ndarray:
    if pixels.ndim == 2:
        pixels = pixels[..., np.newaxis]
    return np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
