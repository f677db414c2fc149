"""From a photo to the tensor that a network was trained to see, and back."""

from dataclasses import dataclass

import numpy as np
import torch

from aml4d_utils.images import as_float, centre_square, resize
from aml4d_utils.nets.catalogue import known
from aml4d_utils.nets.devices import choose_device

# The coarsest grid of the detector has one cell for 32 × 32 pixels.
_CELL = 32


@dataclass(frozen=True)
class Letterbox:
    """Where a photo lies in the square that a detector sees.

    Parameters
    ----------
    scale : float
        Pixels of the square for one pixel of the photo.
    top, left : int
        First row and column of the photo in the square.
    height, width : int
        Rows and columns of the photo in the square.
    """

    scale: float
    top: int
    left: int
    height: int
    width: int


def letterbox(shape: tuple[int, ...], size: int) -> Letterbox:
    """Return how a photo is fitted, whole and centred, into a square.

    Parameters
    ----------
    shape : tuple (H, W, ...)
        Of the photo.
    size : int
        Side of the square in pixels.

    Returns
    -------
    Letterbox
        The bands that stay free are equally wide up to one pixel.

    Examples
    --------
    >>> letterbox((300, 640, 3), 320)
    Letterbox(scale=0.5, top=85, left=0, height=150, width=320)
    """
    scale = size / max(shape[:2])
    height, width = (max(1, round(side * scale)) for side in shape[:2])
    return Letterbox(scale, (size - height) // 2, (size - width) // 2, height, width)


def preprocess(
    name: str,
    image: np.ndarray,
    device: str | torch.device | None = None,
    size: int | None = None,
) -> torch.Tensor:
    """Return a photo as the input of a network.

    A classifier gets the largest centred square of the photo (`images.centre_square`), resized:
    it does not see the parts beside it. The detector gets the whole photo, centred in a square
    whose free bands have the mean colour. A network that enlarges gets the photo as it is.

    Parameters
    ----------
    name : str
        One of `net_names`, but not one that makes pictures from numbers.
    image : ndarray (H, W, 3), float in [0, 1]
        Or anything else that `images.as_float` accepts.
    device : str, torch.device or None
        Where the tensor lies; ``None`` chooses as `load` does, so that both fit together.
    size : int or None
        Side of the input in pixels, a multiple of 32 for the detector and at least 32; ``None``
        takes the size the network was trained for.

    Returns
    -------
    Tensor (1, 3, S, S), float32
        In the network's own channel order and scale.

    Raises
    ------
    ValueError
        If there is no network of that name or it does not look at photos, if `size` does not
        suit it, or if `image` is not an image.

    Examples
    --------
    >>> preprocess("squeezenet1_1", np.zeros((300, 451, 3)), device="cpu").shape
    torch.Size([1, 3, 227, 227])
    """
    recipe = known(name)
    if recipe.task == "generate":
        raise ValueError(f"The network {name!r} makes pictures from numbers; it takes no photo.")
    if recipe.task == "enlarge":
        return as_tensor(image, device)
    side = recipe.size if size is None else _checked_size(size, recipe.task)
    if recipe.task == "classify":
        return normalise(name, as_tensor(resize(centre_square(image), side, side), device))
    return _letterboxed(name, image, side, device)


def as_tensor(image: np.ndarray, device: str | torch.device | None = None) -> torch.Tensor:
    """Return an image with its axes in PyTorch's order: (H, W, 3) becomes (1, 3, H, W).

    Parameters
    ----------
    image : ndarray (H, W, 3), float in [0, 1]
        Or anything else that `images.as_float` accepts.
    device : str, torch.device or None
        Where the tensor lies, as in `choose_device`.

    Returns
    -------
    Tensor (1, 3, H, W), float32 in [0, 1]
        RGB.

    Raises
    ------
    ValueError
        If `image` is not an image.

    Examples
    --------
    >>> as_tensor(np.zeros((2, 5, 3)), device="cpu").shape
    torch.Size([1, 3, 2, 5])
    """
    channels_first = np.ascontiguousarray(as_float(image).transpose(2, 0, 1))
    return torch.from_numpy(channels_first)[None].to(choose_device(device))


def as_image(picture: torch.Tensor) -> np.ndarray:
    """Return a picture from a network as an image: (1, 3, H, W) becomes (H, W, 3).

    Parameters
    ----------
    picture : Tensor (1, 3, H, W) or (3, H, W)
        RGB; values outside [0, 1] are clipped.

    Returns
    -------
    ndarray (H, W, 3), float32 in [0, 1]
        A new array in main memory.

    Raises
    ------
    ValueError
        If the shape is another one or a value is NaN.

    Examples
    --------
    >>> as_image(torch.full((1, 3, 2, 5), 1.5)).max()
    np.float32(1.0)
    """
    if tuple(picture.shape[:-2]) not in ((3,), (1, 3)):
        raise ValueError(
            f"Expected one picture of shape (1, 3, H, W), but got {tuple(picture.shape)}."
        )
    pixels = picture.detach().reshape(picture.shape[-3:]).clamp(0, 1).permute(1, 2, 0)
    return as_float(pixels.float().cpu().numpy())


def normalise(name: str, pictures: torch.Tensor) -> torch.Tensor:
    """Return RGB pictures in the channel order and scale of a network.

    Gradients pass through, so that a picture can be optimised for what the network answers.

    Parameters
    ----------
    name : str
        One of `net_names`.
    pictures : Tensor (B, 3, H, W), float in [0, 1]
        RGB.

    Returns
    -------
    Tensor (B, 3, H, W), float32
        ``(scale · colour - mean) / std`` channel by channel, on the same device.

    Raises
    ------
    ValueError
        If there is no network of that name, or the shape is another one.

    Examples
    --------
    >>> normalise("squeezenet1_1", torch.zeros(1, 3, 1, 1)).flatten().round().int().tolist()
    [-104, -117, -123]
    """
    recipe = known(name)
    if pictures.ndim != 4 or pictures.shape[1] != 3:
        raise ValueError(
            f"Expected pictures of shape (B, 3, H, W), but got {tuple(pictures.shape)}."
        )
    if recipe.order == "BGR":
        pictures = pictures.flip(1)
    mean = pictures.new_tensor(recipe.mean).view(1, 3, 1, 1)
    std = pictures.new_tensor(recipe.std).view(1, 3, 1, 1)
    return (recipe.scale * pictures - mean) / std


def _letterboxed(
    name: str, image: np.ndarray, side: int, device: str | torch.device | None
) -> torch.Tensor:
    image = as_float(image)
    place = letterbox(image.shape, side)
    pixels = normalise(name, as_tensor(resize(image, place.height, place.width), device))
    square = pixels.new_zeros(1, 3, side, side)
    rows = slice(place.top, place.top + place.height)
    square[:, :, rows, place.left : place.left + place.width] = pixels
    return square


def _checked_size(size: int, task: str) -> int:
    step = _CELL if task == "detect" else 1
    whole = isinstance(size, (int, np.integer)) and not isinstance(size, bool)
    if not whole or size < _CELL or size % step:
        multiple = f"a multiple of {step}, " if step > 1 else ""
        raise ValueError(f"Expected `size` as {multiple}at least {_CELL}, but got {size}.")
    return int(size)
