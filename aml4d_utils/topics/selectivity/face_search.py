"""Look for units that prefer faces: choose on one half of the pictures, test on the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import nn

from aml4d_utils import images
from aml4d_utils.nets.preprocessing import normalise
from aml4d_utils.nets.squeezenet_layers import NAME, feature_maps
from aml4d_utils.topics.dissection.units import LAYERS, Unit, first_unit, unit_at, unit_index
from aml4d_utils.topics.selectivity.discrimination import (
    d_prime,
    d_prime_interval,
    selectivity_index,
)
from aml4d_utils.topics.selectivity.equal_pictures import (
    FACES,
    GROUPS,
    PictureHalf,
    scrambled,
    upside_down,
)

SHOWN = 127
"""Side in pixels at which the network is shown the pictures: about five times enlarged."""

INVERTED, SCRAMBLED = "faces upside down", "faces scrambled"
CONTROLS = (INVERTED, SCRAMBLED)
_BATCH = 16


def mean_answers(net: nn.Module, pictures: np.ndarray) -> np.ndarray:
    """Return the mean answer of every unit to each picture.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1.
    pictures : ndarray (N, 25, 25), float in [0, 1]

    Returns
    -------
    ndarray (N, 2624), float32
        The mean over all places of a unit's map, after ReLU.
    """
    large = np.stack([images.resize(picture, SHOWN, SHOWN)[..., 0] for picture in pictures])
    pixels = torch.from_numpy(large).to(next(net.parameters()).device)
    pixels = normalise(NAME, pixels[:, None].expand(-1, 3, -1, -1))
    maps = feature_maps(net, pixels, tuple(LAYERS))
    return torch.cat([one.mean(dim=(2, 3)) for one in maps], dim=1).cpu().numpy()


def controls_of(half: PictureHalf, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Return the faces of a half upside down and scrambled, by the names in `CONTROLS`."""
    return {INVERTED: upside_down(half.faces), SCRAMBLED: scrambled(half.faces, rng)}


@dataclass(frozen=True)
class SearchStep:
    """How much of a search is done."""

    fraction: float


@dataclass(frozen=True)
class FaceSearch:
    """What all units answered to both halves of the pictures.

    Attributes
    ----------
    choosing, testing : dict of ndarray (N, 2624)
        By group; of the faces of each half there are also `CONTROLS`.
    pictures : PictureHalf
        Those to test with.
    """

    choosing: dict[str, np.ndarray]
    testing: dict[str, np.ndarray]
    pictures: PictureHalf

    @cached_property
    def chosen_by(self) -> np.ndarray:
        """d′ of faces against all other groups on the half to choose on, ndarray (2624,)."""
        return d_prime(self.choosing[FACES], _others(self.choosing))

    @cached_property
    def tested(self) -> np.ndarray:
        """The same on the other half."""
        return d_prime(self.testing[FACES], _others(self.testing))

    def ranking(self, layer: str) -> list[Unit]:
        """Return the units of a layer, the largest d′ on the half to choose on first."""
        start = first_unit(layer)
        found = self.chosen_by[start : start + LAYERS[layer]]
        found = np.where(np.isfinite(found), found, -np.inf)
        return [unit_at(start + int(k)) for k in np.argsort(-found, kind="stable")]

    def report(self, unit: Unit, seed: int = 0) -> UnitReport:
        """Return everything that the half to test with says about one unit."""
        index = unit_index(unit)
        answers = {name: found[:, index] for name, found in self.testing.items()}
        faces, others = answers[FACES], _others(answers)
        rng = np.random.default_rng(seed)
        against = {name: one for name, one in answers.items() if name != FACES}
        return UnitReport(
            unit,
            answers,
            float(self.chosen_by[index]),
            float(d_prime(faces, others)),
            d_prime_interval(faces, others, rng) if faces.std() + others.std() > 0 else (0.0, 0.0),
            float(selectivity_index(faces, others)),
            {name: float(d_prime(faces, one)) for name, one in against.items()},
        )

    def best_of_all(self) -> UnitReport:
        """Return the report of the unit with the largest d′ on the half to choose on."""
        return self.report(_largest(self.chosen_by))

    def best_with_control(self) -> UnitReport:
        """Return the report of the unit whose weaker d′ was largest on the half to choose on.

        The weaker one of faces against all other groups and against scrambled faces.
        """
        scrambled = d_prime(self.choosing[FACES], self.choosing[SCRAMBLED])
        return self.report(_largest(np.minimum(self.chosen_by, scrambled)))

    def best_of_layers(self) -> list[UnitReport]:
        """Return the report of each layer's best unit."""
        return [self.report(self.ranking(layer)[0]) for layer in LAYERS]


@dataclass(frozen=True)
class UnitReport:
    """How one unit answers to pictures that it was not chosen on.

    Attributes
    ----------
    unit : Unit
    answers : dict of ndarray (N,)
        By group, faces upside down and scrambled among them.
    chosen_by : float
        d′ on the half that it was chosen on.
    d_prime : float
        Of faces against all other groups.
    interval : (float, float)
        Its 95 % interval.
    index : float
        Selectivity index, −1 to 1.
    against : dict of float
        d′ of faces against each group and each control alone.
    """

    unit: Unit
    answers: dict[str, np.ndarray]
    chosen_by: float
    d_prime: float
    interval: tuple[float, float]
    index: float
    against: dict[str, float]

    @property
    def scale(self) -> float:
        """The largest mean answer of a group."""
        return max(float(found.mean()) for found in self.answers.values())


def search_faces(
    net: nn.Module, choosing: PictureHalf, testing: PictureHalf, seed: int = 0
) -> Iterator[SearchStep]:
    """Show all pictures and the controls to a network.

    Parameters
    ----------
    net : nn.Module
        SqueezeNet 1.1, trained or not.
    choosing, testing : PictureHalf
    seed : int
        For the scrambled faces.

    Yields
    ------
    SearchStep

    Returns
    -------
    FaceSearch
    """
    rng = np.random.default_rng(seed)
    shown = [{**half.groups, **controls_of(half, rng)} for half in (choosing, testing)]
    total = sum(len(pictures) for half in shown for pictures in half.values())
    done, found = 0, []
    for half in shown:
        answered = {}
        for name, pictures in half.items():
            parts = []
            for start in range(0, len(pictures), _BATCH):
                parts.append(mean_answers(net, pictures[start : start + _BATCH]))
                done += len(parts[-1])
                yield SearchStep(done / total)
            answered[name] = np.concatenate(parts)
        found.append(answered)
    return FaceSearch(*found, testing)


def _largest(found: np.ndarray) -> Unit:
    return unit_at(int(np.where(np.isfinite(found), found, -np.inf).argmax()))


def _others(answers: dict[str, np.ndarray]) -> np.ndarray:
    return np.concatenate([answers[name] for name in GROUPS if name != FACES])


@dataclass(frozen=True)
class OwnPhoto:
    """What a unit makes of the student's photo.

    Attributes
    ----------
    view : ndarray (127, 127), float32
        The photo made equal to the other pictures, as the network sees it.
    places : ndarray (h, w), float32
        The unit's answer at each place.
    answer : float
        Its mean.
    """

    view: np.ndarray
    places: np.ndarray

    @property
    def answer(self) -> float:
        """The mean over all places."""
        return float(self.places.mean())


def ask_about(net: nn.Module, picture: np.ndarray, unit: Unit) -> OwnPhoto:
    """Show one equalised picture (25, 25) to a network and look at one unit."""
    view = images.resize(picture, SHOWN, SHOWN)[..., 0]
    pixels = torch.from_numpy(view)[None, None].to(next(net.parameters()).device)
    (maps,) = feature_maps(net, normalise(NAME, pixels.expand(-1, 3, -1, -1)), [unit.layer])
    return OwnPhoto(view, maps[0, unit.number].cpu().numpy())
