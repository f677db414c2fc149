"""Read the idx format, in which MNIST and its successors are published."""

import gzip
import struct
import zlib
from math import prod
from pathlib import Path

import numpy as np


def read_idx(path: Path) -> np.ndarray:
    """Return the array in a gzip-compressed idx file of unsigned bytes.

    The file starts with two zero bytes, the type (8: unsigned byte) and the number of
    dimensions, then one big-endian 32-bit length for each dimension.

    Parameters
    ----------
    path : pathlib.Path
        A file with a name like ``train-images-idx3-ubyte.gz``.

    Returns
    -------
    ndarray, uint8
        Of the shape written in the file.

    Raises
    ------
    ValueError
        If the file is not one of these.
    """
    try:
        content = gzip.decompress(path.read_bytes())
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"Expected {path} as a whole gzip file, but it is not one.") from error
    if content[:3] != b"\0\0\x08" or len(content) < 4 + 4 * content[3]:
        raise ValueError(f"Expected {path} as an idx file of unsigned bytes, but it is not one.")
    shape = struct.unpack_from(f">{content[3]}I", content, 4)
    values = np.frombuffer(bytearray(content), np.uint8, offset=4 + 4 * len(shape))
    if values.size != prod(shape):
        raise ValueError(f"Expected {prod(shape):,} values in {path}, but got {values.size:,}.")
    return values.reshape(shape)
