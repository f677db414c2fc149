"""The kernel inspector: a photo, an editable kernel and its feature map, live in the browser."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import traitlets

from aml4d_utils import images
from aml4d_utils.images.conversion import LUMINANCE
from aml4d_utils.topics.convolution.kernels import (
    KERNELS,
    LARGEST_WEIGHT,
    SIZES,
    kernel_named,
    name_of,
)
from aml4d_utils.widgets.scripts import joined
from aml4d_utils.widgets.widget import LessonWidget, styles

OWN_NAME = "My own kernel"
CHANNELS = 3
LARGEST_PICTURE = 256

_HERE = Path(__file__).parent


def checked_kernel(values: np.ndarray) -> np.ndarray:
    """Return kernel weights for three channels, or say what is wrong with them.

    Parameters
    ----------
    values : array_like (k, k) or (3, k, k), k in 1, 3, 5, 7
        Weights in [-99, 99]. One grid is used for all three channels.

    Returns
    -------
    ndarray (3, k, k), float64

    Raises
    ------
    ValueError
        If the values are not numbers, not finite, too large or not of one of these shapes.

    Examples
    --------
    >>> checked_kernel([[2]]).shape
    (3, 1, 1)
    """
    try:
        weights = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("A kernel is a square grid of numbers, such as [[1]].") from error
    shapes = [(k, k) for k in SIZES] + [(CHANNELS, k, k) for k in SIZES]
    if weights.shape not in shapes:
        raise ValueError(
            "A kernel has 1×1, 3×3, 5×5 or 7×7 weights, or three such grids for red, green and "
            f"blue, but this one has shape {weights.shape}."
        )
    if not (np.abs(weights) <= LARGEST_WEIGHT).all():
        raise ValueError(
            f"Kernel weights lie between -{LARGEST_WEIGHT:g} and {LARGEST_WEIGHT:g}, but this "
            f"kernel reaches from {weights.min():g} to {weights.max():g}."
        )
    return np.broadcast_to(weights, (CHANNELS, *weights.shape[-2:]))


class _KernelWeights(traitlets.TraitType):
    """Kernel weights for three channels, kept as nested lists so that they travel as JSON."""

    default_value = [[[1.0]]] * CHANNELS
    info_text = "a grid of 1×1, 3×3, 5×5 or 7×7 numbers, or three of them"

    def validate(self, obj: object, value: object) -> list:
        return checked_kernel(value).tolist()


class KernelInspector(LessonWidget):
    """A photo, a kernel and the feature map they make, computed in the browser.

    Made by `kernel_inspector`. Every setting is a trait: reading it tells what the student chose,
    setting it changes the page.

    Attributes
    ----------
    kernel : list of three k×k lists of float
        Weights for red, green and blue; grey mode uses the first. Any array (k, k) or (3, k, k)
        with k in 1, 3, 5, 7 and weights in [-99, 99] may be assigned.
    kernel_name : str
        A preset's name, or 'My own kernel'. Assigning a preset's name loads its weights.
    mode : {'grey', 'rgb'}
        Whether the photo is one plane of brightness or three planes of colour.
    linked : bool
        Whether red, green and blue share one kernel.
    stride : int, 1 to 4
        Pixels from one window position to the next.
    padding : int, 0 to 3
        Rows and columns of zeros around the photo.
    dilation : int, 1 to 3
        Pixels from one kernel cell to the next.
    display : {'signed', 'clipped'}
        Diverging colours around zero, or grey with everything outside [0, 1] cut off.
    cursor : tuple of two int
        Row and column, counted from 0, of the output pixel that is explained.
    scanned : int
        Output pixels that a running scan has filled in; -1 shows the whole map.
    """

    _esm = joined(_HERE / "kernel_inspector" / "index.js")
    _css = styles(_HERE / "kernel_inspector.css")

    pixels = traitlets.Bytes().tag(sync=True)
    size = traitlets.Tuple(traitlets.Int(), traitlets.Int(), default_value=(0, 0)).tag(sync=True)
    kernel = _KernelWeights().tag(sync=True)
    kernel_name = traitlets.Unicode().tag(sync=True)
    mode = traitlets.Enum(("grey", "rgb"), default_value="grey").tag(sync=True)
    linked = traitlets.Bool(True).tag(sync=True)
    stride = traitlets.Int(1, min=1, max=4).tag(sync=True)
    padding = traitlets.Int(1, min=0, max=3).tag(sync=True)
    dilation = traitlets.Int(1, min=1, max=3).tag(sync=True)
    display = traitlets.Enum(("signed", "clipped"), default_value="signed").tag(sync=True)
    cursor = traitlets.Tuple(traitlets.Int(), traitlets.Int(), default_value=(0, 0)).tag(sync=True)
    scanned = traitlets.Int(-1, min=-1).tag(sync=True)
    presets = traitlets.List().tag(sync=True)
    grey_weights = traitlets.List(list(LUMINANCE)).tag(sync=True)
    start = traitlets.Dict().tag(sync=True)

    def __init__(self, pixels: np.ndarray, kernel_name: str) -> None:
        rows, columns, _ = pixels.shape
        super().__init__(
            pixels=pixels.tobytes(),
            size=(rows, columns),
            kernel=kernel_named(kernel_name).values,
            kernel_name=kernel_name,
            cursor=(rows // 2, columns // 2),
            presets=[
                {
                    "name": preset.name,
                    "values": preset.values.tolist(),
                    "what_it_finds": preset.what_it_finds,
                }
                for preset in KERNELS.values()
            ],
        )
        self.start = {
            name: getattr(self, name)
            for name in (
                "kernel",
                "kernel_name",
                "mode",
                "linked",
                "stride",
                "padding",
                "dilation",
                "display",
            )
        }

    @traitlets.validate("kernel_name")
    def _valid_name(self, proposal: dict) -> str:
        name = proposal["value"]
        if name != OWN_NAME:
            kernel_named(name)
        return name

    @traitlets.observe("kernel")
    def _name_follows_kernel(self, change: dict) -> None:
        weights = np.array(change["new"])
        alike = bool((weights == weights[0]).all())
        if not alike:
            self.linked = False
        self.kernel_name = (name_of(weights[0]) if alike else None) or OWN_NAME

    @traitlets.observe("kernel_name")
    def _kernel_follows_name(self, change: dict) -> None:
        name = change["new"]
        if name in KERNELS:
            self.kernel = KERNELS[name].values

    @traitlets.observe("linked")
    def _channels_follow_link(self, change: dict) -> None:
        if change["new"]:
            self.kernel = self.kernel[0]

    def image(self) -> np.ndarray:
        """Return the photo as the page shows it.

        Returns
        -------
        ndarray (H, W, 3), float64 in [0, 1]
        """
        return np.frombuffer(self.pixels, np.uint8).reshape(*self.size, CHANNELS) / 255

    def output(self) -> np.ndarray:
        """Compute the feature map with PyTorch.

        The kernel is not flipped: this is the cross-correlation that deep-learning libraries call
        convolution.

        Returns
        -------
        ndarray (rows, columns), float64
            The sum of products at every window position. Empty when the window does not fit.
        """
        from torch import tensor
        from torch.nn.functional import conv2d

        planes = np.moveaxis(self.image(), -1, 0)
        kernels = np.array(self.kernel)
        if self.mode == "grey":
            planes = np.tensordot(LUMINANCE, planes, axes=1)[None]
            kernels = kernels[:1]
        shape = tuple(self._output_length(length, kernels.shape[-1]) for length in self.size)
        if 0 in shape:
            return np.zeros(shape)
        return conv2d(
            tensor(planes[None]),
            tensor(kernels[None]),
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
        )[0, 0].numpy()

    def _output_length(self, length: int, k: int) -> int:
        span = self.dilation * (k - 1) + 1
        return max(0, (length + 2 * self.padding - span) // self.stride + 1)


def kernel_inspector(
    image: np.ndarray | None = None, *, kernel: str = "Laplacian", longest: int = 96
) -> KernelInspector:
    """Show a photo, an editable kernel and the feature map that they make.

    Parameters
    ----------
    image : ndarray (H, W), (H, W, 1) or (H, W, 3), optional
        Any photo, uint8, uint16 or float in [0, 1]. Without one, your own photo.
    kernel : str
        Name of the preset to begin with, a key of `kernels.KERNELS`.
    longest : int, 1 to 256
        The photo is scaled down until its longest side has at most this many pixels.

    Returns
    -------
    KernelInspector
        A widget; its traits are the settings, `output` is the feature map.

    Raises
    ------
    ValueError
        If there is no kernel of that name, `longest` is out of range or `image` is no image.

    Examples
    --------
    >>> inspector = kernel_inspector(np.ones((4, 6)), kernel="Box blur")
    >>> inspector.padding = 0
    >>> inspector.output().round(6).tolist()
    [[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0]]
    """
    if not 1 <= longest <= LARGEST_PICTURE:
        raise ValueError(f"longest is between 1 and {LARGEST_PICTURE} pixels, but got {longest}.")
    photo = images.photo_or_own(image)
    return KernelInspector(images.as_uint8(images.fit(photo, longest)), kernel)
