"""Faces of nobody out of 100 numbers, and directions in which one measured trait changes.

The generator was never told what hair or light is. Still, some traits that can be measured in the
picture grow nearly in proportion along one direction of the latent numbers: a linear regression
finds it [1]_. What it explains is said beside it.

References
----------
.. [1] Y. Shen, J. Gu, X. Tang and B. Zhou, "Interpreting the latent space of GANs for semantic
   face editing", CVPR 2020: there the traits come from a classifier, here from plain measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

LATENT = 100


def face_latents(count: int, seed: int) -> Tensor:
    """Return latent vectors (count, 100), standard normal, from a seed."""
    return torch.randn(count, LATENT, generator=torch.Generator().manual_seed(seed))


def faces_from(generator: nn.Module, vectors: Tensor) -> np.ndarray:
    """Return faces (N, 64, 64, 3) float32 in [0, 1] for latent vectors (N, 100)."""
    device = next(generator.parameters()).device
    with torch.no_grad():
        made = generator(vectors[:, :, None, None].to(device)).cpu()
    return ((made + 1) / 2).clamp(0, 1).permute(0, 2, 3, 1).contiguous().numpy()


# --- traits ----------------------------------------------------------------------------------


def _part(rows: slice, cols: slice) -> Callable[[np.ndarray], np.ndarray]:
    return lambda faces: faces[:, rows, cols].mean((1, 2, 3))


_LEFT, _RIGHT = _part(slice(20, 52), slice(8, 28)), _part(slice(20, 52), slice(36, 56))
_EDGES = _part(slice(0, 40), slice(0, 6)), _part(slice(0, 40), slice(58, 64))

TRAITS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "brightness": lambda faces: faces.mean((1, 2, 3)),
    "warm colours": lambda faces: (faces[..., 0] - faces[..., 2]).mean((1, 2)),
    "light from the right": lambda faces: _RIGHT(faces) - _LEFT(faces),
    "bright background": lambda faces: (_EDGES[0](faces) + _EDGES[1](faces)) / 2,
}
"""Measurements of faces (N, 64, 64, 3), each (N,)."""


@dataclass(frozen=True)
class Directions:
    """Where each trait grows.

    Parameters
    ----------
    vectors : dict of Tensor (100,)
        Of length 1, by the names in `TRAITS`.
    explained : dict of float
        R² on faces that the regression has not seen.
    latents : Tensor (N, 100)
    traits : dict of ndarray (N,)
        What was measured of the faces so far.
    fraction : float
    """

    vectors: dict[str, Tensor]
    explained: dict[str, float]
    latents: Tensor
    traits: dict[str, np.ndarray]
    fraction: float = 1.0


def find_directions(
    generator: nn.Module, *, count: int = 800, seed: int = 1
) -> Iterator[Directions]:
    """Paint faces, measure them, and find the direction in which each trait grows.

    Parameters
    ----------
    generator : nn.Module
    count : int
        Faces; the regression learns from three quarters of them and is tested on the others.
    seed : int

    Yields
    ------
    Directions
        The last one is whole.

    Raises
    ------
    ValueError
        If three quarters are not more faces than latent numbers.
    """
    if count * 3 // 4 <= LATENT + 1:
        raise ValueError(f"{count} faces are too few for {LATENT} numbers; take 200 or more.")
    vectors = face_latents(count, seed)
    measured: dict[str, list[np.ndarray]] = {name: [] for name in TRAITS}
    done = 0
    for part in vectors.split(50):
        faces = faces_from(generator, part)
        for name, measure in TRAITS.items():
            measured[name].append(measure(faces))
        done += len(part)
        traits = {name: np.concatenate(values) for name, values in measured.items()}
        if done < count:
            yield Directions({}, {}, vectors[:done], traits, done / count)
    found, explained = {}, {}
    for name, values in traits.items():
        slope, explained[name] = _regress(vectors.double().numpy(), values)
        found[name] = torch.from_numpy(slope / np.linalg.norm(slope)).float()
    yield Directions(found, explained, vectors, traits)


def _regress(vectors: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, float]:
    cut = len(vectors) * 3 // 4
    with_one = np.concatenate([vectors, np.ones((len(vectors), 1))], 1)
    weights, *_ = np.linalg.lstsq(with_one[:cut], values[:cut].astype(np.float64), rcond=None)
    left = values[cut:] - with_one[cut:] @ weights
    return weights[:-1], float(1 - left.var() / values[cut:].var())


def move(vector: Tensor, directions: Directions, amounts: dict[str, float]) -> Tensor:
    """Return a latent vector moved along directions, each by so many units."""
    return vector + sum(by * directions.vectors[name] for name, by in amounts.items())


# --- arithmetic ------------------------------------------------------------------------------

GROUP = 8
"""Faces whose mean stands for a trait."""


@dataclass(frozen=True)
class Arithmetic:
    """Faces with a trait, minus faces without it, plus another face.

    Parameters
    ----------
    trait : str
    high, low : ndarray (8, 64, 64, 3), float32 in [0, 1]
        Faces in which the trait is strongest and weakest.
    before, after, control : ndarray (64, 64, 3), float32 in [0, 1]
        The face, the face plus the difference of the means, and plus a random step of the same
        length.
    changes : tuple of 2 float
        How much the trait changed, in standard deviations: with the difference, with the random
        step.
    """

    trait: str
    high: np.ndarray
    low: np.ndarray
    before: np.ndarray
    after: np.ndarray
    control: np.ndarray
    changes: tuple[float, float]


def arithmetic(
    generator: nn.Module, known: Directions, trait: str, seed: int, strength: float
) -> Arithmetic:
    """Do arithmetic with means of latent vectors, after Radford et al. (2016).

    Parameters
    ----------
    generator : nn.Module
    known : Directions
        Whose faces were measured.
    trait : str
        One of `TRAITS`.
    seed : int
        Of the face that is changed; the eight of each group are others.
    strength : float
        The difference is taken so many times.
    """
    order = np.argsort(known.traits[trait], kind="stable")
    low, high = known.latents[order[:GROUP].copy()], known.latents[order[-GROUP:].copy()]
    step = strength * (high.mean(0) - low.mean(0))
    chance = face_latents(1, seed + 1000)[0]
    face = face_latents(1, seed + 500)[0]
    random = chance / chance.norm() * step.norm()
    made = faces_from(generator, torch.stack([face, face + step, face + random]))
    values = TRAITS[trait](made) / known.traits[trait].std()
    return Arithmetic(
        trait,
        faces_from(generator, high),
        faces_from(generator, low),
        *made,
        (float(values[1] - values[0]), float(values[2] - values[0])),
    )
