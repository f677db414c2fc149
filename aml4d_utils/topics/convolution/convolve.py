"""Two-dimensional convolution: once as it is explained, once as it is computed.

Both follow deep-learning libraries: the kernel is laid on the image as it is, not flipped.
Signal processing calls this cross-correlation and flips the kernel for convolution.

References
----------
.. [1] V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning",
   arXiv:1603.07285, 2016.
"""

from __future__ import annotations

import numpy as np

from aml4d_utils.topics.convolution.counting import output_size


def convolve_loops(
    image: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: int = 0, dilation: int = 1
) -> np.ndarray:
    """Convolve with loops that say what happens: lay on, multiply, add up, move on.

    Parameters
    ----------
    image : ndarray (H, W), float
    kernel : ndarray (kh, kw), float
    stride : int
        Pixels that the kernel moves on.
    padding : int
        Zeros put around the image on each side.
    dilation : int
        Distance between neighbouring kernel cells in the image.

    Returns
    -------
    ndarray (H', W'), float64
        ``H' = output_size(H, kh, stride, padding, dilation)``, likewise W'.

    Raises
    ------
    ValueError
        If the kernel does not fit into the padded image.

    Examples
    --------
    >>> convolve_loops(np.array([[1.0, 2, 4]]), np.array([[-1.0, 1]]))
    array([[1., 2.]])
    """
    kernel_height, kernel_width = kernel.shape
    height = output_size(image.shape[0], kernel_height, stride, padding, dilation)
    width = output_size(image.shape[1], kernel_width, stride, padding, dilation)
    padded = np.pad(np.asarray(image, dtype=np.float64), padding)
    result = np.zeros((height, width))
    for row in range(height):
        for col in range(width):
            total = 0.0
            for i in range(kernel_height):
                for j in range(kernel_width):
                    pixel = padded[row * stride + i * dilation, col * stride + j * dilation]
                    total += pixel * kernel[i, j]
            result[row, col] = total
    return result


def convolve(
    image: np.ndarray, kernel: np.ndarray, stride: int = 1, padding: int = 0, dilation: int = 1
) -> np.ndarray:
    """Convolve fast, with torch.

    Parameters
    ----------
    image : ndarray (H, W) or (H, W, C), float
    kernel : ndarray (kh, kw) or (kh, kw, C), float
        A kernel without channels is used for every channel; the channels are added up.
    stride, padding, dilation : int
        As in :func:`convolve_loops`.

    Returns
    -------
    ndarray (H', W'), float64
        One feature map.

    Raises
    ------
    ValueError
        If the kernel does not fit, or image and kernel have different numbers of channels.

    Examples
    --------
    >>> convolve(np.array([[1.0, 2, 4]]), np.array([[-1.0, 1]]))
    array([[1., 2.]])
    """
    import torch

    image = _with_channels(image)
    kernel = _with_channels(kernel)
    if kernel.shape[2] == 1:
        kernel = np.repeat(kernel, image.shape[2], axis=2)
    if kernel.shape[2] != image.shape[2]:
        raise ValueError(
            f"The image has {image.shape[2]} channels, the kernel {kernel.shape[2]}; "
            "they must be equal."
        )
    for size, window in zip(image.shape[:2], kernel.shape[:2], strict=True):
        output_size(size, window, stride, padding, dilation)
    result = torch.nn.functional.conv2d(
        _to_tensor(image), _to_tensor(kernel), stride=stride, padding=padding, dilation=dilation
    )
    return result[0, 0].numpy()


def _with_channels(array: np.ndarray) -> np.ndarray:
    array = np.asarray(array, dtype=np.float64)
    if array.ndim == 2:
        return array[:, :, None]
    if array.ndim == 3:
        return array
    raise ValueError(f"Expected the shape (H, W) or (H, W, C), got {array.shape}.")


def _to_tensor(array: np.ndarray):
    """Turn (H, W, C) into a torch tensor (1, C, H, W)."""
    import torch

    return torch.from_numpy(np.ascontiguousarray(array.transpose(2, 0, 1)))[None]
