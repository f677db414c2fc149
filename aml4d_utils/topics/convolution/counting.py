"""Arithmetic of convolution layers: output sizes and parameters.

References
----------
.. [1] V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning",
   arXiv:1603.07285, 2016.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LayerComparison:
    """One layer built twice: as a dense layer and as a convolution, with the same output."""

    input_shape: tuple[int, int, int]
    output_shape: tuple[int, int, int]
    dense: int
    convolution: int

    @property
    def ratio(self) -> float:
        """How many times more parameters the dense layer has."""
        return self.dense / self.convolution


def output_size(
    size: int, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Return how many places a kernel finds along one side of an image.

    Raises
    ------
    ValueError
        If the kernel does not fit, or an argument is out of range.

    Examples
    --------
    >>> output_size(224, 3, stride=2, padding=1)
    112
    """
    if min(size, kernel, stride, dilation) < 1 or padding < 0:
        raise ValueError("Size, kernel, stride and dilation are at least 1, padding at least 0.")
    reach = dilation * (kernel - 1) + 1
    if reach > size + 2 * padding:
        raise ValueError(
            f"A kernel that reaches over {reach} pixels does not fit into "
            f"{size} + 2 × {padding} pixels."
        )
    return (size + 2 * padding - reach) // stride + 1


def dense_parameters(inputs: int, outputs: int) -> int:
    """Return the weights and biases of a dense layer.

    Examples
    --------
    >>> dense_parameters(28 * 28, 10)
    7850
    """
    return inputs * outputs + outputs


def convolution_parameters(in_channels: int, out_channels: int, kernel: int) -> int:
    """Return the weights and biases of a convolution layer; the image size does not matter.

    Examples
    --------
    >>> convolution_parameters(3, 64, 3)
    1792
    """
    return in_channels * out_channels * kernel * kernel + out_channels


def compare_layers(
    side: int, in_channels: int, out_channels: int, kernel: int, stride: int = 1
) -> LayerComparison:
    """Count one layer built as a dense layer and as a convolution with 'same' padding.

    Parameters
    ----------
    side : int
        Height and width of the input in pixels.
    in_channels, out_channels : int
    kernel : int
        Odd side of the kernel in pixels.
    stride : int
    """
    out_side = output_size(side, kernel, stride, padding=kernel // 2)
    return LayerComparison(
        input_shape=(side, side, in_channels),
        output_shape=(out_side, out_side, out_channels),
        dense=dense_parameters(side**2 * in_channels, out_side**2 * out_channels),
        convolution=convolution_parameters(in_channels, out_channels, kernel),
    )
