"""The generator of a DCGAN (Radford, Metz and Chintala 2016): 100 numbers become a 64 × 64 face.

An inverted convolutional network: each transposed convolution doubles the sides. It was trained
on DigiFace-1M, rendered faces of nobody.
"""

import torch
from torch import nn


class DCGANGenerator(nn.Module):
    """Five transposed convolutions.

    Parameters
    ----------
    latent : int
        How many numbers describe a picture.
    width : int
        Channels before the last layer; the layers before it have 2, 4 and 8 times as many.
    """

    def __init__(self, latent: int = 100, width: int = 64):
        super().__init__()
        layers = [*_double(latent, 8 * width, stride=1, padding=0)]
        for wide_in, wide_out in ((8, 4), (4, 2), (2, 1)):
            layers += _double(wide_in * width, wide_out * width, stride=2, padding=1)
        last = nn.ConvTranspose2d(width, 3, 4, stride=2, padding=1, bias=False)
        self.main = nn.Sequential(*layers, last, nn.Tanh())

    def forward(self, latent: torch.Tensor) -> torch.Tensor:
        """Map latent vectors (B, 100, 1, 1), standard normal, to (B, 3, 64, 64) in [-1, 1]."""
        return self.main(latent)


def _double(wide_in: int, wide_out: int, stride: int, padding: int) -> list[nn.Module]:
    return [
        nn.ConvTranspose2d(wide_in, wide_out, 4, stride, padding, bias=False),
        nn.BatchNorm2d(wide_out),
        nn.ReLU(),
    ]
