"""Each network: loading, one pass, memory; and opening photos of every size."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import torch
from PIL import Image

from aml4d_utils import images, nets
from benchmarks.measure import Row, repeat, scaled

INPUTS = {
    "squeezenet1_1": (1, 3, 227, 227),
    "efficientnet_lite0": (1, 3, 224, 224),
    "nanodet_g": (1, 3, 416, 416),
    "dcgan_faces": (1, 100, 1, 1),
    "realesrgan_x4plus": (1, 3, 40, 52),
}
_PEAK = """
from aml4d_utils import nets
import psutil, torch
before = psutil.Process().memory_info().rss
net = nets.load({name!r})
with torch.no_grad():
    net(torch.zeros({shape}))
print((psutil.Process().memory_info().rss - before) / 1e6)
"""


def _memory(name: str) -> float:
    code = _PEAK.format(name=name, shape=INPUTS[name])
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(run.stdout)


def _passes(name: str) -> Iterator[Row]:
    net, values = nets.load(name), torch.zeros(INPUTS[name])

    def one_pass() -> None:
        with torch.no_grad():
            net(values)

    times = 5 if name == "realesrgan_x4plus" else 20
    yield Row(f"{name}: one pass", scaled(repeat(one_pass, times), 1000), "ms")
    yield Row(f"{name}: memory after one pass", (_memory(name),), "MB")


def _against_torchvision() -> Row:
    """Compare SqueezeNet's pass with torchvision's own module, pair by pair."""
    from torchvision.models import squeezenet1_1

    ours, bare = nets.load("squeezenet1_1"), squeezenet1_1().eval()
    values = torch.zeros(INPUTS["squeezenet1_1"])
    with torch.no_grad():
        pairs = [
            (repeat(lambda: ours(values), 1, 0)[0], repeat(lambda: bare(values), 1, 0)[0])
            for _ in range(41)
        ]
    ratios = tuple(mine / theirs for mine, theirs in pairs[1:])
    return Row("squeezenet1_1: pass ÷ torchvision's own module", ratios, "×", 1.1)


def _jpeg(megapixels: float) -> bytes:
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    photo = images.as_uint8(images.resize(images.photo("chelsea"), height, height * 4 // 3))
    memory = io.BytesIO()
    Image.fromarray(np.asarray(photo)).save(memory, format="JPEG", quality=90)
    return memory.getvalue()


def rows() -> Iterator[Row]:
    """Load every network and pass values through it; open JPEG photos."""
    for name in INPUTS:
        loads = repeat(lambda name=name: nets.load(name), 7)
        yield Row(f"{name}: load", scaled(loads, 1000), "ms", 500)
        yield from _passes(name)
    yield _against_torchvision()
    for megapixels in (1, 12, 48):
        data = _jpeg(megapixels)
        times = repeat(lambda data=data: images.open_photo(data), 5)
        yield Row(f"open_photo: JPEG of {megapixels} megapixels", times, "s", 2)
