"""The three networks that belong together: painter, autoencoder and judge."""

from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from safetensors.torch import load_file
from torch import Tensor, nn

from aml4d_utils.assets import verified_path
from aml4d_utils.topics.text_to_image.flow_transformer import FlowTransformer
from aml4d_utils.topics.text_to_image.latents import Autoencoder
from aml4d_utils.topics.text_to_image.prompt_judge import PromptJudge

Net = TypeVar("Net", bound=nn.Module)


@dataclass(frozen=True)
class Workshop:
    """Three trained networks in evaluation mode.

    Parameters
    ----------
    painter : FlowTransformer
        From words and noise to latents.
    autoencoder : Autoencoder
        From latents to pictures, and back.
    judge : PromptJudge
        Says what a picture shows; learned from renderings, not from the painter.
    """

    painter: FlowTransformer
    autoencoder: Autoencoder
    judge: PromptJudge


def load_workshop() -> Workshop:
    """Return the networks that ``tools/train_text_to_image.py`` trained.

    Raises
    ------
    AssetError
        If a weight file is missing, cut short or altered.

    Examples
    --------
    >>> workshop = load_workshop()
    >>> sum(weights.numel() for weights in workshop.painter.parameters())
    2681808
    """
    return Workshop(
        _ready(FlowTransformer(), "painter"),
        _ready(Autoencoder(), "autoencoder"),
        _ready(PromptJudge(), "judge"),
    )


def _ready(net: Net, name: str) -> Net:
    net.load_state_dict(_stored(name))
    return net.eval().requires_grad_(False)


@cache
def _stored(name: str) -> dict[str, Tensor]:
    return load_file(verified_path(f"weights/text_to_image_{name}.safetensors"))
