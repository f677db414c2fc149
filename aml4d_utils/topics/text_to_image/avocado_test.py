"""The avocado test: is a pair of words obeyed that no training picture shows?

Named after *an armchair in the shape of an avocado*, with which OpenAI presented DALL-E in 2021.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from aml4d_utils.topics.text_to_image.captions import Caption, every_caption
from aml4d_utils.topics.text_to_image.judging import EMPTY, Tally, look, tally
from aml4d_utils.topics.text_to_image.painted_things import paint, view
from aml4d_utils.topics.text_to_image.painting import decoded, paint_captions
from aml4d_utils.topics.text_to_image.workshop import Workshop

_BATCH = 24


@dataclass(frozen=True)
class Obedience:
    """How often the judge finds captions obeyed.

    Parameters
    ----------
    seen, unseen : Tally
        Painted captions whose pair of colour and kind was in the training pictures, or held out.
    rendered, rebuilt : Tally
        The judge's own ceiling: new renderings of the same captions, as they are and after the
        autoencoder, which no painted picture can do without.
    captions : tuple of Caption
        Unseen captions, as far as they are painted.
    pictures : ndarray (N, 64, 64, 3), float32 in [0, 1]
        Their pictures.
    right : ndarray (N,), bool
        Where the judge sees the right kind and the right colour.
    fraction : float in [0, 1]
    """

    seen: Tally
    unseen: Tally
    rendered: Tally
    rebuilt: Tally
    captions: tuple[Caption, ...]
    pictures: np.ndarray
    right: np.ndarray
    fraction: float


def sample(count: int, rng: np.random.Generator) -> tuple[list[Caption], list[Caption]]:
    """Return seen and unseen captions in random order, ``count`` of each or all there are.

    Examples
    --------
    >>> seen, unseen = sample(10, np.random.default_rng(0))
    >>> len(seen), len(unseen), unseen[0].held_out
    (10, 10, True)
    """
    every = every_caption()
    order = [every[k] for k in rng.permutation(len(every))]
    return tuple([c for c in order if c.held_out == out][:count] for out in (False, True))


def examine(
    workshop: Workshop,
    seen: Sequence[Caption],
    unseen: Sequence[Caption],
    *,
    rng: np.random.Generator,
    generator: torch.Generator,
    guidance: float = 3.0,
    steps: int = 10,
    ceiling: tuple[Tally, Tally] | None = None,
) -> Iterator[Obedience]:
    """Paint captions and ask the judge, a batch a record; then measure the judge's own ceiling.

    Parameters
    ----------
    workshop : Workshop
    seen, unseen : sequence of Caption
        From `sample`.
    rng : numpy.random.Generator
        Chooses the viewpoints of the renderings.
    generator : torch.Generator
        Makes the painter's noise.
    guidance, steps
        As in `flow_sampling.follow`.
    ceiling : tuple of 2 Tally, optional
        Rendered and rebuilt, where they were measured before: they do not depend on the painter.

    Yields
    ------
    Obedience
    """
    parts = {"seen": list(seen), "unseen": list(unseen)}
    total = (1 if ceiling else 1.5) * sum(map(len, parts.values()))
    rendered, rebuilt = ceiling or (EMPTY, EMPTY)
    tallies = {"seen": EMPTY, "unseen": EMPTY, "rendered": rendered, "rebuilt": rebuilt}
    pictures, right, done = [np.zeros((0, 64, 64, 3), np.float32)], [np.zeros(0, bool)], 0

    def record(fraction: float) -> Obedience:
        shown = np.concatenate(pictures)
        return Obedience(
            **tallies,
            captions=tuple(unseen[: len(shown)]),
            pictures=shown,
            right=np.concatenate(right),
            fraction=min(1.0, fraction),
        )

    for name in ("unseen", "seen"):
        for batch in _batches(parts[name]):
            made = paint_captions(
                workshop, batch, generator=generator, guidance=guidance, steps=steps
            )
            answers = look(workshop.judge, made)
            tallies[name] += tally(answers, batch)
            if name == "unseen":
                pictures.append(made)
                right.append(
                    np.array(
                        [
                            (kind, colour) == (c.kind, c.colour)
                            for kind, colour, c in zip(
                                answers["kind"], answers["colour"], batch, strict=True
                            )
                        ]
                    )
                )
            done += len(batch)
            yield record(done / total)
    for batch in _batches([] if ceiling else [*unseen, *seen]):
        real = np.stack([_rendering(caption, rng) for caption in batch])
        with torch.inference_mode():
            latents = workshop.autoencoder.encode(torch.from_numpy(real).permute(0, 3, 1, 2))
        tallies["rendered"] += tally(look(workshop.judge, real), batch)
        again = decoded(workshop.autoencoder, latents)
        tallies["rebuilt"] += tally(look(workshop.judge, again), batch)
        done += len(batch) / 2
        yield record(done / total)


def _batches(captions: Sequence[Caption]) -> Iterator[Sequence[Caption]]:
    for start in range(0, len(captions), _BATCH):
        yield captions[start : start + _BATCH]


def _rendering(caption: Caption, rng: np.random.Generator) -> np.ndarray:
    taken = view(caption.kind, caption.size, caption.side, rng)
    return paint(taken.shade, taken.mask, caption.colour)
