"""A workshop that has learned nothing: as good for most questions, and it needs no weights."""

import pytest
import torch

from aml4d_utils.topics.text_to_image.flow_transformer import FlowTransformer
from aml4d_utils.topics.text_to_image.latents import Autoencoder
from aml4d_utils.topics.text_to_image.prompt_judge import PromptJudge
from aml4d_utils.topics.text_to_image.workshop import Workshop


@pytest.fixture(scope="session")
def untaught():
    torch.manual_seed(0)
    painter = FlowTransformer()
    torch.nn.init.normal_(painter.outward.weight, std=0.1)  # at birth it answers 0
    nets = (painter, Autoencoder(), PromptJudge())
    return Workshop(*(net.eval().requires_grad_(False) for net in nets))
