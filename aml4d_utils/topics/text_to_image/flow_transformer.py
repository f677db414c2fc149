"""The painter: a transformer that tells in which direction noise must move to become a picture.

Rectified flow (Liu, Gong and Liu 2023) in the latents of a small autoencoder: on the straight way
x = (1 - t) noise + t picture the network learns the direction picture - noise. Words act through
cross-attention only, so that its weights say which word acts where; time acts through the norms
(Peebles and Xie 2023).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from aml4d_utils.topics.text_to_image.captions import LENGTH, WORDS
from aml4d_utils.topics.text_to_image.latents import CELLS, CHANNELS

WIDTH = 160
HEADS = 5
BLOCKS = 6
PATCH = 2
"""Cells along each side of a tile; the network thinks in tiles, a fourth as many as cells."""

TILES = CELLS // PATCH
"""Tiles along each side of the picture."""


class _Attention(nn.Module):
    """Attention of tiles to each other, or to words."""

    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)

    def _heads(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (HEADS, -1)).transpose(1, 2)

    def weights(self, x: Tensor, context: Tensor, mask: Tensor) -> Tensor:
        """Return how much each tile attends to each word: (B, heads, tiles, words)."""
        query, key = self._heads(self.query(x)), self._heads(self.key(context))
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        return scores.masked_fill(~mask, -torch.inf).softmax(-1)

    def forward(self, x: Tensor, context: Tensor, mask: Tensor | None = None) -> Tensor:
        query, key, value = (
            self._heads(net(tokens))
            for net, tokens in ((self.query, x), (self.key, context), (self.value, context))
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        return self.out(mixed.transpose(1, 2).flatten(2))


class _Block(nn.Module):
    """Tiles look at each other, then at the words, then think."""

    def __init__(self) -> None:
        super().__init__()
        self.among_tiles = _Attention()
        self.to_words = _Attention()
        self.thought = nn.Sequential(
            nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH)
        )
        self.word_norm = nn.LayerNorm(WIDTH)
        self.offsets = nn.Parameter(torch.zeros(6, WIDTH))

    def forward(self, x: Tensor, words: Tensor, mask: Tensor, time: Tensor) -> Tensor:
        shift1, scale1, gate1, shift2, scale2, gate2 = (time + self.offsets).unsqueeze(-2).unbind(1)
        inner = functional.layer_norm(x, (WIDTH,)) * (1 + scale1) + shift1
        x = x + gate1 * self.among_tiles(inner, inner)
        x = x + self.to_words(self.word_norm(x), words, mask)
        inner = functional.layer_norm(x, (WIDTH,)) * (1 + scale2) + shift2
        return x + gate2 * self.thought(inner)


class FlowTransformer(nn.Module):
    """Direction of the flow for latents, words and time.

    Latents are (B, 12, 8, 8), words (B, 8) int64 with 0 for an empty place, time (B,) in [0, 1];
    the answer has the latents' shape.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(len(WORDS) + 1, WIDTH)
        self.places = nn.Parameter(0.02 * torch.randn(LENGTH, WIDTH))
        self.nothing = nn.Parameter(0.02 * torch.randn(1, WIDTH))
        self.inward = nn.Linear(CHANNELS * PATCH**2, WIDTH)
        self.tiles = nn.Parameter(0.02 * torch.randn(TILES**2, WIDTH))
        self.time = nn.Sequential(nn.Linear(WIDTH, WIDTH), nn.SiLU(), nn.Linear(WIDTH, 6 * WIDTH))
        self.blocks = nn.ModuleList(_Block() for _ in range(BLOCKS))
        self.outward = nn.Linear(WIDTH, CHANNELS * PATCH**2)
        nn.init.zeros_(self.outward.weight)
        nn.init.zeros_(self.outward.bias)

    def read(self, words: Tensor) -> tuple[Tensor, Tensor]:
        """Return the words as vectors (B, 9, WIDTH) and which of them are there (B, 1, 1, 9).

        The last place stands for *no word* and is always there.
        """
        vectors = self.words(words) + self.places
        nothing = self.nothing.expand(len(words), 1, WIDTH)
        there = functional.pad(words > 0, (0, 1), value=True)
        return torch.cat((vectors, nothing), 1), there[:, None, None, :]

    def _time(self, time: Tensor) -> Tensor:
        rates = torch.exp(torch.arange(WIDTH // 2) * (-math.log(1e4) / (WIDTH // 2)))
        angles = 1000 * time[:, None] * rates.to(time.device)
        return self.time(torch.cat((angles.sin(), angles.cos()), 1)).unflatten(1, (6, WIDTH))

    def _tiled(self, latents: Tensor) -> Tensor:
        tiles = functional.pixel_unshuffle(latents, PATCH).flatten(2).transpose(1, 2)
        return self.inward(tiles) + self.tiles

    def forward(self, latents: Tensor, words: Tensor, time: Tensor) -> Tensor:
        x = self._tiled(latents)
        vectors, there = self.read(words)
        moment = self._time(time)
        for block in self.blocks:
            x = block(x, vectors, there, moment)
        x = self.outward(functional.layer_norm(x, (WIDTH,)))
        x = x.transpose(1, 2).unflatten(2, (TILES, TILES))
        return functional.pixel_shuffle(x, PATCH)

    def attention_to_words(self, latents: Tensor, words: Tensor, time: Tensor) -> Tensor:
        """Return where each word acts: (B, 9, 4, 4), the mean over blocks and heads.

        Over the nine places (eight words, then *no word*) the numbers of a tile add up to 1.
        """
        x = self._tiled(latents)
        vectors, there = self.read(words)
        moment = self._time(time)
        total = torch.zeros(len(words), TILES**2, LENGTH + 1)
        for block in self.blocks:
            keep: list[Tensor] = []
            handle = block.to_words.register_forward_pre_hook(
                lambda layer, inputs, keep=keep: keep.append(layer.weights(*inputs))
            )
            x = block(x, vectors, there, moment)
            handle.remove()
            total += keep[0].mean(1)
        return (total / len(self.blocks)).transpose(1, 2).unflatten(2, (TILES, TILES))
