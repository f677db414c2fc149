"""The two networks of a small DCGAN: one paints 28 × 28 garments, one judges them.

After Radford, Metz and Chintala [1]_: transposed convolutions with batch normalisation in the
generator, strided convolutions and leaky ReLU in the discriminator. Ours are smaller, and the
discriminator drops features at random where theirs normalises batches: with batch normalisation it
would judge a picture by the company that it keeps.

References
----------
.. [1] A. Radford, L. Metz and S. Chintala, "Unsupervised representation learning with deep
   convolutional generative adversarial networks", ICLR 2016.
"""

import torch
from torch import nn
from torch.nn import functional

LATENT = 64
"""How many numbers describe a garment."""

DROPPED = 0.3
"""Share of the features that the discriminator loses while it learns."""


class GarmentGenerator(nn.Module):
    """64 numbers → 7 × 7 → 14 × 14 → 28 × 28: a convolutional network turned round.

    Parameters
    ----------
    latent : int
        How many numbers describe a picture.
    width : int
        Maps before the last layer; the layer before has twice as many.
    """

    def __init__(self, latent: int = LATENT, width: int = 48):
        super().__init__()
        self.latent = latent
        self.main = nn.Sequential(
            nn.ConvTranspose2d(latent, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, latent: torch.Tensor) -> torch.Tensor:
        """Map latent vectors (B, 64), standard normal, to pictures (B, 1, 28, 28) in [-1, 1]."""
        return self.main(latent[:, :, None, None])


class GarmentDiscriminator(nn.Module):
    """28 × 28 → 14 × 14 → 7 × 7 → one number: a classifier with the classes real and generated.

    Parameters
    ----------
    width : int
        Maps after the second convolution; after the first there are half as many.
    """

    def __init__(self, width: int = 48):
        super().__init__()
        self.first = nn.Conv2d(1, width // 2, 4, stride=2, padding=1)
        self.second = nn.Conv2d(width // 2, width, 4, stride=2, padding=1)
        self.last = nn.Conv2d(width, 1, 7)

    def forward(
        self, pictures: torch.Tensor, dropping: torch.Generator | None = None
    ) -> torch.Tensor:
        """Return logits (B,): above 0 means "real".

        Parameters
        ----------
        pictures : Tensor (B, 1, 28, 28) in [-1, 1]
        dropping : torch.Generator, optional
            Given in training only: decides which 30 % of the features are dropped [1]_.

        References
        ----------
        .. [1] N. Srivastava et al., "Dropout: a simple way to prevent neural networks from
           overfitting", Journal of Machine Learning Research 15, 2014.
        """
        maps = _drop(functional.leaky_relu(self.first(pictures), 0.2), dropping)
        maps = _drop(functional.leaky_relu(self.second(maps), 0.2), dropping)
        return self.last(maps).flatten()


def _drop(maps: torch.Tensor, generator: torch.Generator | None) -> torch.Tensor:
    # functional.dropout takes no generator of one's own.
    if generator is None:
        return maps
    kept = torch.rand(maps.shape, generator=generator) >= DROPPED
    return maps * kept / (1 - DROPPED)


def fresh_pair(seed: int) -> tuple[GarmentGenerator, GarmentDiscriminator]:
    """Return both before they have learned anything: small random weights, as in [1]_ above."""
    random = torch.Generator().manual_seed(seed)
    pair = GarmentGenerator(), GarmentDiscriminator()
    for layer in (layer for net in pair for layer in net.modules()):
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0, 0.02, generator=random)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return pair
