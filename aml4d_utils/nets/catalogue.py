"""The networks of the course: how each is built and what it expects to see."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from aml4d_utils.nets.dcgan import DCGANGenerator
from aml4d_utils.nets.efficientnet import EfficientNetLite0
from aml4d_utils.nets.esrgan import RealESRGAN
from aml4d_utils.nets.face_swap import FaceSwap
from aml4d_utils.nets.fake_detector import FakeDetector
from aml4d_utils.nets.fast_style import FastStyle
from aml4d_utils.nets.nanodet import NanoDetG
from aml4d_utils.nets.small_upscaler import SmallUpscaler
from aml4d_utils.nets.squeezenet import SqueezeNet


@dataclass(frozen=True)
class Net:
    """A network that the course brings along.

    Parameters
    ----------
    build : callable
        Returns the architecture as an ``nn.Module``.
    task : str
        ``"classify"``, ``"detect"``, ``"generate"``, ``"enlarge"``, ``"paint"``, ``"swap"`` or
        ``"suspect"``.
    size : int or None
        Side in pixels of the square input that it was trained for, if there is one.
    order : str
        ``"RGB"`` or ``"BGR"``: which channel comes first.
    scale : float
        The input is ``(scale · colour - mean) / std`` with colours in [0, 1].
    mean, std : tuple of 3 float
        In the network's own channel order.
    """

    build: Callable[[], nn.Module]
    task: str
    size: int | None = None
    order: str = "RGB"
    scale: float = 1.0
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    std: tuple[float, float, float] = (1.0, 1.0, 1.0)


NETS = {
    "squeezenet1_1": Net(
        build=SqueezeNet,
        task="classify",
        size=227,
        order="BGR",
        scale=255.0,
        mean=(104.006, 116.669, 122.679),
    ),
    "efficientnet_lite0": Net(
        build=EfficientNetLite0,
        task="classify",
        size=224,
        mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225),
    ),
    "nanodet_g": Net(
        build=NanoDetG,
        task="detect",
        size=416,
        order="BGR",
        scale=255.0,
        mean=(103.53, 116.28, 123.675),
        std=(57.375, 57.12, 58.395),
    ),
    "dcgan_faces": Net(build=DCGANGenerator, task="generate"),
    "realesrgan_x4plus": Net(build=RealESRGAN, task="enlarge"),
    "small_upscaler": Net(build=SmallUpscaler, task="enlarge"),
    "fast_style": Net(build=FastStyle, task="paint"),
    "face_swap": Net(build=FaceSwap, task="swap"),
    "fake_detector": Net(build=FakeDetector, task="suspect"),
}


def known(name: str) -> Net:
    """Return the network of that name, or raise ValueError listing the names there are."""
    if not isinstance(name, str) or name not in NETS:
        raise ValueError(f"There is no network {name!r}; choose one of: {', '.join(NETS)}.")
    return NETS[name]


def known_for(task: str, name: str) -> Net:
    """Return the network of that name if that is its task, or raise ValueError."""
    recipe = known(name)
    if recipe.task != task:
        suitable = ", ".join(key for key, other in NETS.items() if other.task == task)
        raise ValueError(f"{name!r} cannot {task}; choose one of: {suitable}.")
    return recipe
