"""What a network's body says about pictures: features, computed once and remembered.

The body is everything below the last layer. A picture is looked at once; the few hundred numbers
that come out stand for it from then on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from aml4d_utils import images, nets
from aml4d_utils.nets.efficientnet import EfficientNetLite0

BODIES = {
    "Lite0": "efficientnet_lite0",
    "SqueezeNet": "squeezenet1_1",
    "untrained Lite0": "efficientnet_lite0",
}
"""Each body by the name that the lesson calls it, and the network whose input it takes."""

PIXELS = 32
"""Along each side of the smallest pictures, for those who look at raw pixels."""

BATCH = 8


@dataclass(frozen=True)
class Seen:
    """How many pictures have been looked at."""

    done: int
    total: int

    @property
    def fraction(self) -> float:
        """The share that is done, in [0, 1]."""
        return self.done / self.total


def untrained_lite(seed: int = 0) -> nn.Module:
    """Return EfficientNet-Lite0 with the weights it had before its first photo."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return EfficientNetLite0().eval().requires_grad_(False)


def as_batch(net: str, pictures: np.ndarray) -> torch.Tensor:
    """Return pictures (N, S, S, 3), uint8, as a network takes them: (N, 3, S, S)."""
    rgb = torch.from_numpy(np.ascontiguousarray(pictures.transpose(0, 3, 1, 2))).float() / 255
    return nets.normalise(net, rgb.to(nets.choose_device()))


class Look(NamedTuple):
    """What a body makes of one picture: features, and of Lite0 the maps below its last block."""

    features: np.ndarray
    maps: np.ndarray | None = None


class Bodies:
    """The networks that look, loaded when first asked, and what they have seen.

    Examples
    --------
    >>> bodies = Bodies()
    >>> grey = np.full((2, 128, 128, 3), 128, np.uint8)
    >>> list(bodies.look("Lite0", grey))[-1].fraction, bodies.features("Lite0", grey).shape
    (1.0, (2, 1280))
    """

    def __init__(self) -> None:
        self._nets: dict[str, nn.Module] = {}
        self._seen: dict[tuple[str, bytes], Look] = {}

    def net(self, body: str) -> nn.Module:
        """Return the network itself; whoever changes it makes a copy first."""
        if body not in self._nets:
            untrained = body == "untrained Lite0"
            made = untrained_lite() if untrained else nets.load(BODIES[body])
            self._nets[body] = made.to(nets.choose_device())
        return self._nets[body]

    def look(self, body: str, pictures: np.ndarray) -> Iterator[Seen]:
        """Look at those pictures (N, S, S, 3), uint8, that were not seen before.

        Yields
        ------
        Seen
            After each batch, if there was anything to do. Stopped early, it has kept what it saw.
        """
        yield from self._look(body, pictures, [(body, _digest(p)) for p in pictures])

    def _look(
        self, body: str, pictures: np.ndarray, keys: list[tuple[str, bytes]]
    ) -> Iterator[Seen]:
        new = [number for number, key in enumerate(keys) if key not in self._seen]
        for start in range(0, len(new), BATCH):
            part = new[start : start + BATCH]
            shown = np.stack([pictures[number] for number in part])
            for number, look in zip(part, self._looks(body, shown), strict=True):
                self._seen[keys[number]] = look
            yield Seen(start + len(part), len(new))

    def features(self, body: str, pictures: np.ndarray) -> np.ndarray:
        """Return the features of pictures: (N, 1280) or, of SqueezeNet, (N, 512), float32.

        ``"pixels"`` gives the pictures themselves, small and around 0: (N, 3072).
        """
        return np.stack([look.features for look in self._all(body, pictures)])

    def maps(self, body: str, pictures: np.ndarray) -> np.ndarray:
        """Return what comes out below Lite0's last block: (N, 192, h, w), float32."""
        return np.stack([look.maps for look in self._all(body, pictures)])

    def glance(self, body: str, picture: np.ndarray) -> Look:
        """Look at one picture (S, S, 3), uint8, such as a frame of a camera, and forget it."""
        return self._looks(body, picture[None])[0]

    def _all(self, body: str, pictures: np.ndarray) -> list[Look]:
        keys = [(body, _digest(p)) for p in pictures]
        for _ in self._look(body, pictures, keys):
            pass
        return [self._seen[key] for key in keys]

    def _looks(self, body: str, pictures: np.ndarray) -> list[Look]:
        if body == "pixels":
            small = [images.resize(images.as_float(p), PIXELS, PIXELS) for p in pictures]
            return [Look(each.ravel() - np.float32(0.5)) for each in small]
        net, pixels = self.net(body), as_batch(BODIES[body], pictures)
        with torch.inference_mode():
            if body == "SqueezeNet":
                return [Look(row) for row in net.features(pixels).mean((2, 3)).cpu().numpy()]
            maps = net.blocks[:-1](net.stem(pixels))
            features = above_maps(net, maps).cpu().numpy()
        return [Look(*both) for both in zip(features, maps.cpu().numpy(), strict=True)]


def above_maps(net: nn.Module, maps: torch.Tensor) -> torch.Tensor:
    """Map what is below Lite0's last block (N, 192, h, w) to its features (N, 1280)."""
    return net.head(net.blocks[-1](maps)).mean((2, 3))


def last_block(net: nn.Module) -> nn.Module:
    """Return a copy of Lite0's last block and the layer above it, ready to be trained.

    Its BatchNorm layers stay in evaluation mode: their statistics do not move.
    """
    top = nn.Sequential(deepcopy(net.blocks[-1]), deepcopy(net.head))
    return top.eval().requires_grad_(True)


def _digest(picture: np.ndarray) -> bytes:
    return hashlib.sha256(picture.tobytes() + str(picture.shape).encode()).digest()
