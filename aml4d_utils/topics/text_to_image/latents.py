"""A small autoencoder: a picture of 64 × 64 pixels as 8 × 8 cells of 12 numbers, and back.

The flow paints in these 768 numbers instead of in 12,288 pixels (Rombach et al. 2022). Each number
has mean 0 and spread 1 over the training pictures.
"""

from torch import Tensor, nn

CELLS = 8
"""Cells along each side."""

CHANNELS = 12
"""Numbers in each cell."""

NOISE = 0.1
"""Spread of the noise on the numbers during training, so that neighbours look alike."""


def _residual(width: int) -> nn.Module:
    return _Residual(
        nn.GroupNorm(8, width),
        nn.SiLU(),
        nn.Conv2d(width, width, 3, padding=1),
        nn.GroupNorm(8, width),
        nn.SiLU(),
        nn.Conv2d(width, width, 3, padding=1),
    )


class _Residual(nn.Sequential):
    def forward(self, x: Tensor) -> Tensor:
        return x + super().forward(x)


class Autoencoder(nn.Module):
    """Encoder and decoder.

    Pictures are (B, 3, 64, 64), float32 in [0, 1]; latents (B, 12, 8, 8), float32.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(3, 24, 4, stride=2, padding=1),
            _residual(24),
            nn.Conv2d(24, 48, 4, stride=2, padding=1),
            _residual(48),
            nn.Conv2d(48, 96, 4, stride=2, padding=1),
            _residual(96),
            nn.Conv2d(96, CHANNELS, 1),
        )
        self.standard = nn.BatchNorm2d(CHANNELS, affine=False)
        self.decoder = nn.Sequential(
            nn.Conv2d(CHANNELS, 128, 3, padding=1),
            _residual(128),
            _residual(128),
            nn.Conv2d(128, 64 * 4, 3, padding=1),
            nn.PixelShuffle(2),
            _residual(64),
            nn.Conv2d(64, 32 * 4, 3, padding=1),
            nn.PixelShuffle(2),
            _residual(32),
            nn.GroupNorm(8, 32),
            nn.SiLU(),
            nn.Conv2d(32, 3 * 4, 3, padding=1),
            nn.PixelShuffle(2),
        )

    def encode(self, pictures: Tensor) -> Tensor:
        """Return the latents of pictures."""
        return self.standard(self.encoder(pictures * 2 - 1))

    def decode(self, latents: Tensor) -> Tensor:
        """Return the pictures that latents stand for, clipped to [0, 1]."""
        return self.paint(latents).clamp(0, 1)

    def paint(self, latents: Tensor) -> Tensor:
        """Return the pictures before clipping, as training needs them."""
        return self.decoder(latents) * 0.5 + 0.5
