"""SqueezeNet 1.1 (Iandola et al. 2016), 1.2 million parameters, trained on ImageNet."""

from torch import nn


def squeezenet1_1() -> nn.Module:
    """Return torchvision's SqueezeNet 1.1 with ReLUs that leave their input as it was.

    torchvision writes the result of a ReLU over its input. A hook that keeps what a convolution
    answered would then see it without its negative values.
    """
    # torchvision takes a second to import; networks that do without it should not wait for it.
    from torchvision.models import squeezenet1_1 as architecture

    net = architecture()
    for module in net.modules():
        if isinstance(module, nn.ReLU):
            module.inplace = False
    return net
