"""Paint what a sentence says: every step of the way can be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from aml4d_utils.topics.text_to_image.captions import Caption, Prompt, read, word_numbers
from aml4d_utils.topics.text_to_image.flow_sampling import follow
from aml4d_utils.topics.text_to_image.judging import asked, look, obeyed
from aml4d_utils.topics.text_to_image.latents import Autoencoder
from aml4d_utils.topics.text_to_image.workshop import Workshop


@dataclass(frozen=True)
class Painting:
    """Pictures for one sentence, at one moment of the way.

    Parameters
    ----------
    prompt : Prompt
        The sentence as it was read.
    pictures : ndarray (N, 64, 64, 3), float32 in [0, 1]
        Where each would end if it went straight on from here.
    film : ndarray (S, 64, 64, 3), float32
        The first picture at each step so far.
    seen : dict
        What the judge sees, see `judging.look`.
    fraction : float in [0, 1]
        How much of the way is gone.
    """

    prompt: Prompt
    pictures: np.ndarray
    film: np.ndarray
    seen: dict[str, list[str]]
    fraction: float

    @property
    def right(self) -> np.ndarray:
        """Which pictures the judge finds right in all that was asked, bool (N,)."""
        return obeyed(self.seen, asked(self.prompt))


def paint(
    workshop: Workshop,
    sentence: str,
    *,
    generator: torch.Generator,
    count: int = 8,
    guidance: float = 3.0,
    steps: int = 20,
    every: int = 1,
) -> Iterator[Painting]:
    """Paint a sentence several times, each time from other noise; one record a step.

    Parameters
    ----------
    workshop : Workshop
    sentence : str
        Any text; see `captions.read` for what is heard of it.
    generator : torch.Generator
        Makes the noise; the same one gives the same pictures.
    count : int
        How many pictures.
    guidance, steps
        As in `flow_sampling.follow`.
    every : int
        Only every so many steps is there a record, and after the last one: looking takes time.

    Yields
    ------
    Painting
    """
    prompt = read(sentence)
    words = torch.from_numpy(prompt.numbers).expand(count, -1)
    film: list[np.ndarray] = []
    way = follow(workshop.painter, words, generator=generator, guidance=guidance, steps=steps)
    for number, step in enumerate(way, start=1):
        shown = number % every == 0 or number == steps
        pictures = decoded(workshop.autoencoder, step.expected[: count if shown else 1])
        film.append(pictures[0])
        if shown:
            seen = look(workshop.judge, pictures)
            yield Painting(prompt, pictures, np.stack(film), seen, step.fraction)


def paint_captions(
    workshop: Workshop,
    captions: Sequence[Caption],
    *,
    generator: torch.Generator,
    guidance: float = 3.0,
    steps: int = 20,
) -> np.ndarray:
    """Return one picture for each caption, (N, 64, 64, 3), float32 in [0, 1]."""
    words = torch.from_numpy(
        np.stack([word_numbers((c.size, c.colour, c.kind, c.side)) for c in captions])
    )
    for step in follow(  # noqa: B007 - the last step is wanted
        workshop.painter, words, generator=generator, guidance=guidance, steps=steps
    ):
        pass
    return decoded(workshop.autoencoder, step.latents)


def decoded(autoencoder: Autoencoder, latents: Tensor) -> np.ndarray:
    """Return the pictures of latents, (N, 64, 64, 3), float32 in [0, 1]."""
    with torch.inference_mode():
        pictures = autoencoder.decode(latents)
    return pictures.permute(0, 2, 3, 1).contiguous().numpy()
