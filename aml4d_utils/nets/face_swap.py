"""Two faces, one encoder: what a face does is read by one net, and painted by either of two.

The scheme of the first public face-swap programs: a shared encoder learns pose, expression and
light from both persons, and each person has a decoder that only ever painted that person. A picture
of one that goes through the decoder of the other is the swap.
"""

import torch
import torch.nn.functional as F
from torch import nn

SIDE = 64


class FaceSwap(nn.Module):
    """A shared encoder and two decoders for 64 × 64 faces.

    Parameters
    ----------
    latent : int
        How many numbers the encoder may keep of a face.
    noise : int
        How many numbers the generator of the faces takes: two persons, each an anchor among them,
        are kept with the weights.
    """

    def __init__(self, latent: int = 128, noise: int = 100):
        super().__init__()
        self.encoder = Encoder(latent)
        self.decoders = nn.ModuleList(Decoder(latent) for _ in range(2))
        self.register_buffer("anchors", torch.zeros(2, noise))

    def forward(self, faces: torch.Tensor, person: int) -> torch.Tensor:
        """Paint what faces (B, 3, 64, 64) in [0, 1] do as person 0 or 1, in the same form."""
        return self.decoders[person](self.encoder(faces))


class Encoder(nn.Module):
    """Four convolutions, each halving the sides, then a few numbers."""

    def __init__(self, latent: int):
        super().__init__()
        widths = (3, 32, 64, 128, 128)
        self.convs = nn.ModuleList(
            nn.Conv2d(before, after, 4, stride=2, padding=1)
            for before, after in zip(widths, widths[1:], strict=False)
        )
        self.last = nn.Linear(16 * widths[-1], latent)

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        """Map (B, 3, 64, 64) to (B, latent)."""
        features = faces
        for conv in self.convs:
            features = F.leaky_relu(conv(features), 0.1)
        return self.last(features.flatten(1))


class Decoder(nn.Module):
    """Few numbers to a small picture, doubled four times."""

    def __init__(self, latent: int):
        super().__init__()
        widths = (128, 96, 64, 32, 24)
        self.first = nn.Linear(latent, 16 * widths[0])
        self.convs = nn.ModuleList(
            nn.Conv2d(before, 4 * after, 3, padding=1)
            for before, after in zip(widths, widths[1:], strict=False)
        )
        self.last = nn.Conv2d(widths[-1], 3, 3, padding=1)

    def forward(self, latent: torch.Tensor) -> torch.Tensor:
        """Map (B, latent) to (B, 3, 64, 64) in [0, 1]."""
        features = self.first(latent).view(len(latent), -1, 4, 4)
        for conv in self.convs:
            features = F.leaky_relu(F.pixel_shuffle(conv(features), 2), 0.1)
        return torch.sigmoid(self.last(features))
