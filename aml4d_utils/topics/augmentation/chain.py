"""Augmentations in a row, by torchvision, each with one strength; and the line of code for each.

The course only names them, keeps them in order and draws with a given seed; torchvision's
``transforms.v2`` does the work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torchvision.transforms import v2

from aml4d_utils import images


@dataclass(frozen=True)
class Augmentation:
    """One way to vary a picture.

    Parameters
    ----------
    name : str
        In words.
    group : str
        What it changes: *geometry*, *colour*, *quality* or *hiding*.
    meaning : str
        What the strength is, with its unit.
    strengths : tuple of float
        Smallest and largest strength; the smallest changes nothing.
    usual : float
        A strength that is often taken.
    code : callable
        From strength to the line of code that makes the torchvision transform.
    """

    name: str
    group: str
    meaning: str
    strengths: tuple[float, float]
    usual: float
    code: Callable[[float], str]

    def transform(self, strength: float) -> v2.Transform:
        """Return the torchvision transform of a strength.

        Raises
        ------
        ValueError
            If the strength is out of range.
        """
        low, high = self.strengths
        if not low <= strength <= high:
            raise ValueError(
                f"{self.name}: expected a strength from {low:g} to {high:g}, got {strength}."
            )
        return _MAKERS[self.name](strength)


_MAKERS: dict[str, Callable[[float], v2.Transform]] = {
    "flip": lambda s: v2.RandomHorizontalFlip(p=s),
    "crop": lambda s: v2.RandomResizedCrop(224, scale=(1 - s, 1), antialias=True),
    "rotate": lambda s: v2.RandomRotation(s, interpolation=v2.InterpolationMode.BILINEAR, fill=0.5),
    "translate": lambda s: v2.RandomAffine(
        0, translate=(s, s), interpolation=v2.InterpolationMode.BILINEAR, fill=0.5
    ),
    "scale": lambda s: v2.RandomAffine(
        0, scale=(1 - s, 1 + s), interpolation=v2.InterpolationMode.BILINEAR, fill=0.5
    ),
    "perspective": lambda s: v2.RandomPerspective(distortion_scale=s, p=1, fill=0.5),
    "elastic": lambda s: v2.ElasticTransform(alpha=s, sigma=8.0, fill=0.5),
    "brightness": lambda s: v2.ColorJitter(brightness=s),
    "contrast": lambda s: v2.ColorJitter(contrast=s),
    "saturation": lambda s: v2.ColorJitter(saturation=s),
    "hue": lambda s: v2.ColorJitter(hue=s),
    "grey": lambda s: v2.RandomGrayscale(p=s),
    "noise": lambda s: v2.GaussianNoise(sigma=s),
    "blur": lambda s: v2.GaussianBlur(kernel_size=31, sigma=(1e-3, max(s, 1e-3))),
    "erase": lambda s: v2.RandomErasing(p=float(s > 0), scale=(s, max(s, 1e-6))),
}
"""Which transform each name stands for, made from its strength."""

_BILINEAR = "interpolation=v2.InterpolationMode.BILINEAR"

AUGMENTATIONS = (
    Augmentation(
        "flip",
        "geometry",
        "chance of a mirror image",
        (0, 1),
        0.5,
        lambda s: f"v2.RandomHorizontalFlip(p={s:g})",
    ),
    Augmentation(
        "crop",
        "geometry",
        "largest share cut away",
        (0, 0.9),
        0.5,
        lambda s: f"v2.RandomResizedCrop(224, scale=({round(1 - s, 6):g}, 1))",
    ),
    Augmentation(
        "rotate",
        "geometry",
        "largest turn, degrees",
        (0, 180),
        30,
        lambda s: f"v2.RandomRotation({s:g}, {_BILINEAR}, fill=0.5)",
    ),
    Augmentation(
        "translate",
        "geometry",
        "largest shift, share of the side",
        (0, 0.5),
        0.1,
        lambda s: f"v2.RandomAffine(0, translate=({s:g}, {s:g}), {_BILINEAR}, fill=0.5)",
    ),
    Augmentation(
        "scale",
        "geometry",
        "largest change of size, share",
        (0, 0.8),
        0.3,
        lambda s: (
            f"v2.RandomAffine(0, scale=({round(1 - s, 6):g}, {1 + s:g}), {_BILINEAR}, fill=0.5)"
        ),
    ),
    Augmentation(
        "perspective",
        "geometry",
        "how far the corners move, share of half the side",
        (0, 0.9),
        0.4,
        lambda s: f"v2.RandomPerspective(distortion_scale={s:g}, p=1, fill=0.5)",
    ),
    Augmentation(
        "elastic",
        "geometry",
        "strength of the ripples",
        (0, 400),
        120,
        lambda s: f"v2.ElasticTransform(alpha={float(s):g}, sigma=8.0, fill=0.5)",
    ),
    Augmentation(
        "brightness",
        "colour",
        "largest change of brightness, share",
        (0, 1),
        0.4,
        lambda s: f"v2.ColorJitter(brightness={s:g})",
    ),
    Augmentation(
        "contrast",
        "colour",
        "largest change of contrast, share",
        (0, 1),
        0.4,
        lambda s: f"v2.ColorJitter(contrast={s:g})",
    ),
    Augmentation(
        "saturation",
        "colour",
        "largest change of saturation, share",
        (0, 1),
        0.4,
        lambda s: f"v2.ColorJitter(saturation={s:g})",
    ),
    Augmentation(
        "hue",
        "colour",
        "largest turn of the colour circle",
        (0, 0.5),
        0.1,
        lambda s: f"v2.ColorJitter(hue={s:g})",
    ),
    Augmentation(
        "grey",
        "colour",
        "chance of losing all colour",
        (0, 1),
        0.2,
        lambda s: f"v2.RandomGrayscale(p={s:g})",
    ),
    Augmentation(
        "noise",
        "quality",
        "spread of the noise",
        (0, 0.5),
        0.1,
        lambda s: f"v2.GaussianNoise(sigma={s:g})",
    ),
    Augmentation(
        "blur",
        "quality",
        "largest blur, pixels",
        (0, 8),
        2,
        lambda s: f"v2.GaussianBlur(kernel_size=31, sigma=(0.001, {max(s, 1e-3):g}))",
    ),
    Augmentation(
        "erase",
        "hiding",
        "share of the picture covered",
        (0, 0.6),
        0.2,
        lambda s: f"v2.RandomErasing(p={int(s > 0)}, scale=({s:g}, {max(s, 1e-6):g}))",
    ),
)
"""Every augmentation of one picture that the bench offers."""

NAMES = tuple(augmentation.name for augmentation in AUGMENTATIONS)


def named(name: str) -> Augmentation:
    """Return an augmentation by name.

    Raises
    ------
    ValueError
        If there is none of that name.
    """
    for augmentation in AUGMENTATIONS:
        if augmentation.name == name:
            return augmentation
    raise ValueError(f"There is no augmentation {name!r}; there are {', '.join(NAMES)}.")


def at_share(name: str, share: float) -> float:
    """Return the strength at a share of an augmentation's range.

    Examples
    --------
    >>> at_share("rotate", 0.25)
    45.0
    """
    low, high = named(name).strengths
    return round(low + share * (high - low), 6)


def augment(picture: np.ndarray, chain: Sequence[tuple[str, float]], draw: int) -> np.ndarray:
    """Vary a picture by augmentations one after the other.

    Parameters
    ----------
    picture : ndarray (H, W, 3), float in [0, 1]
    chain : sequence of (name, strength)
        In the order in which they act.
    draw : int
        Which draw of chance; the same one gives the same picture, and no other random numbers of
        the program are touched.

    Returns
    -------
    ndarray (h, w, 3), float32 in [0, 1]
        A crop is 224 × 224; everything else keeps the size.

    Raises
    ------
    ValueError
        If a name is unknown or a strength out of range.

    Examples
    --------
    >>> from aml4d_utils import images
    >>> photo = images.fit(images.photo("coffee"), 100)
    >>> bool((augment(photo, [("flip", 1)], draw=0) == photo[:, ::-1]).all())
    True
    """
    steps = [named(name).transform(strength) for name, strength in chain]
    pixels = torch.from_numpy(images.as_float(picture).copy()).permute(2, 0, 1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(draw)
        for step in steps:
            pixels = step(pixels)
    return pixels.clamp(0, 1).permute(1, 2, 0).contiguous().numpy()


def as_code(chain: Sequence[tuple[str, float]]) -> str:
    """Return Python that makes the same chain, to copy.

    Examples
    --------
    >>> print(as_code([("flip", 0.5), ("rotate", 15)]))
    from torchvision.transforms import v2
    <BLANKLINE>
    augment = v2.Compose([
        v2.RandomHorizontalFlip(p=0.5),
        v2.RandomRotation(15, interpolation=v2.InterpolationMode.BILINEAR, fill=0.5),
    ])
    """
    lines = [f"    {named(name).code(strength)}," for name, strength in chain]
    return "\n".join(
        ["from torchvision.transforms import v2", "", "augment = v2.Compose([", *lines, "])"]
    )
