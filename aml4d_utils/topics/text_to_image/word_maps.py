"""Which word acts where: where the painter listens to it, and what changes without it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from aml4d_utils.topics.text_to_image.captions import LENGTH, Prompt, read, word_numbers
from aml4d_utils.topics.text_to_image.flow_sampling import follow
from aml4d_utils.topics.text_to_image.flow_transformer import TILES
from aml4d_utils.topics.text_to_image.latents import CELLS, CHANNELS
from aml4d_utils.topics.text_to_image.painting import decoded
from aml4d_utils.topics.text_to_image.workshop import Workshop


@dataclass(frozen=True)
class WordMaps:
    """One picture and its W words.

    Parameters
    ----------
    prompt : Prompt
    picture : ndarray (64, 64, 3), float32 in [0, 1]
        With all words.
    attention : ndarray (W, 4, 4), float
        Share of its attention that each tile of 16 × 16 pixels gives to each word, mean over the
        steps, blocks and heads. What is missing to 1 went to *no word*.
    without : ndarray (W, 64, 64, 3), float32
        Painted from the same noise without that word.
    fraction : float in [0, 1]
        How much of the way is gone.
    """

    prompt: Prompt
    picture: np.ndarray
    attention: np.ndarray
    without: np.ndarray
    fraction: float

    @property
    def change(self) -> np.ndarray:
        """How much each pixel changes without each word: (W, 64, 64), mean over the colours."""
        return np.abs(self.without - self.picture).mean(-1)


def map_words(
    workshop: Workshop,
    sentence: str,
    *,
    generator: torch.Generator,
    guidance: float = 3.0,
    steps: int = 20,
) -> Iterator[WordMaps]:
    """Paint a sentence with all its words and without each of them, one record a step.

    Yields
    ------
    WordMaps
    """
    prompt = read(sentence)
    known = prompt.known
    rows = [known, *(known[:k] + known[k + 1 :] for k in range(len(known)))]
    words = torch.from_numpy(np.stack([word_numbers(row) for row in rows]))
    noise = torch.randn(1, CHANNELS, CELLS, CELLS, generator=generator)
    heard = torch.zeros(LENGTH + 1, TILES, TILES)
    x = noise
    way = follow(
        workshop.painter,
        words,
        generator=generator,
        guidance=guidance,
        steps=steps,
        noise=noise.expand(len(rows), -1, -1, -1),
    )
    for number, step in enumerate(way):
        with torch.inference_mode():
            time = torch.tensor([number / steps])
            heard += workshop.painter.attention_to_words(x, words[:1], time)[0]
        x = step.latents[:1]
        pictures = decoded(workshop.autoencoder, step.expected)
        attention = (heard / (number + 1))[: len(known)].numpy()
        yield WordMaps(prompt, pictures[0], attention, pictures[1:], step.fraction)
