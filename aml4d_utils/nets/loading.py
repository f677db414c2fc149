"""Load a trained network from the course's own weight files."""

import torch
from safetensors.torch import load_file
from torch import nn

from aml4d_utils.assets import verified_path
from aml4d_utils.nets.catalogue import NETS, known
from aml4d_utils.nets.devices import choose_device


def net_names() -> tuple[str, ...]:
    """Return the names that `load` knows.

    Examples
    --------
    >>> "squeezenet1_1" in net_names()
    True
    """
    return tuple(NETS)


def load(name: str, device: str | torch.device | None = None) -> nn.Module:
    """Return a trained network, ready to answer.

    Each call returns a new network: what is done to one (a filter damaged, a hook left behind)
    never reaches another. The SHA-256 of the weight file is checked first.

    Parameters
    ----------
    name : str
        One of `net_names`.
    device : str, torch.device or None
        Where it computes, as in `choose_device`; ``None`` chooses by itself.

    Returns
    -------
    nn.Module
        In evaluation mode, float32, channels last in memory. Its parameters do not ask for
        gradients, which makes it faster; a gradient with respect to the *input* works all the
        same, and ``net.requires_grad_(True)`` makes the network trainable.

    Raises
    ------
    ValueError
        If there is no network or no device of that name.
    AssetError
        If the weight file is missing, cut short or altered.

    Examples
    --------
    >>> net = load("squeezenet1_1", device="cpu")
    >>> net(torch.zeros(1, 3, 227, 227)).shape
    torch.Size([1, 1000])
    """
    recipe = known(name)
    target = choose_device(device)
    weights = load_file(verified_path(f"weights/{name}.safetensors"))
    # On the meta device no memory is filled with random numbers first.
    with torch.device("meta"):
        net = recipe.build()
    net.load_state_dict(
        {
            key: value.to(target, torch.float32 if value.is_floating_point() else None)
            for key, value in weights.items()
        },
        assign=True,
    )
    # Convolutions take less time when the channels of a place lie side by side.
    return net.eval().requires_grad_(False).to(memory_format=torch.channels_last)
