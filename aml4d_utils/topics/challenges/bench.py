"""The bench: one challenge at a time, from nothing to everything, and what it costs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import background, cutouts, resize
from aml4d_utils.solids import Lamp
from aml4d_utils.topics.challenges.hiding import hidden_columns, occlude
from aml4d_utils.topics.challenges.subjects import SIDE, Subject
from aml4d_utils.topics.challenges.warping import warp, warp_field
from aml4d_utils.topics.poses.asking import NETS, Answer, ask

GROUND = 0.5
SMALLEST = 0.06
MOST_OTHERS = 24
DARKEST = 8.0
STEPS = np.round(np.linspace(0, 1, 21), 2)
"""Strengths of a curve: whole per cents to the last bit, so that they meet those of a slider."""

_OTHERS = ("vegetables", "household", "tools", "sports", "instruments")


@dataclass(frozen=True)
class Shown:
    """A subject with one challenge.

    Parameters
    ----------
    picture : ndarray (224, 224, 3), float32 in [0, 1]
    strength : float in [0, 1]
    words : str
        What was done, with a number.
    """

    picture: np.ndarray
    strength: float
    words: str


def challenge(subject: Subject, name: str, strength: float, seed: int = 0) -> Shown:
    """Make a subject harder to see.

    Parameters
    ----------
    subject : Subject
    name : str
        One of `CHALLENGES`.
    strength : float in [0, 1]
        0 leaves it as it is.
    seed : int
        Chooses warp and clutter.

    Returns
    -------
    Shown
        Where a challenge is not possible with the subject, it is unchanged and the words say so.

    Raises
    ------
    ValueError
        If there is no such challenge, or the strength is out of range.

    Examples
    --------
    >>> from aml4d_utils.topics.challenges.subjects import subject
    >>> challenge(subject("zebra"), "occlusion", 0.5).words
    '50 % of it is behind a board'
    """
    if name not in CHALLENGES:
        raise ValueError(f"There is no challenge {name!r}; choose one of: {', '.join(CHALLENGES)}.")
    if not 0 <= strength <= 1:
        raise ValueError(f"Expected `strength` between 0 and 1, but got {strength}.")
    picture, words = CHALLENGES[name](subject, float(strength), seed)
    return Shown(np.clip(picture, 0, 1).astype(np.float32), float(strength), words)


def over(layer: np.ndarray, ground: np.ndarray | float) -> np.ndarray:
    """Lay a cut-out (H, W, 4) over a ground: a grey, or a picture (H, W, 3)."""
    alpha = layer[..., 3:]
    return layer[..., :3] * alpha + (1 - alpha) * ground


def _viewpoint(subject: Subject, strength: float, seed: int) -> tuple[np.ndarray, str]:
    if subject.thing is None:
        return over(subject.layer(), GROUND), "it is flat: 1 side is all there is"
    angle = 30 + 360 * strength
    return over(subject.layer(yaw=angle), GROUND), f"the camera has gone {angle - 30:.0f}° round it"


def _scale(subject: Subject, strength: float, seed: int) -> tuple[np.ndarray, str]:
    side = max(4, round(SIDE * (SMALLEST ** float(strength))))
    return over(shrunk(subject.layer(), side), GROUND), f"its side is {side} of {SIDE} pixels"


def shrunk(layer: np.ndarray, side: int) -> np.ndarray:
    """Return a cut-out (S, S, 4) made smaller, in the middle of the same square."""
    small = np.zeros_like(layer)
    alpha = resize(layer[..., 3], side, side)[..., :1]
    colour = resize(layer[..., :3] * layer[..., 3:], side, side)
    start = (layer.shape[0] - side) // 2
    part = small[start : start + side, start : start + side]
    part[..., :3] = np.clip(colour / np.maximum(alpha, 1e-6), 0, 1)
    part[..., 3:] = alpha
    return small


def _deformation(subject: Subject, strength: float, seed: int) -> tuple[np.ndarray, str]:
    field = warp_field(SIDE, SIDE, strength, np.random.default_rng(seed))
    picture = warp(over(subject.layer(), GROUND), field)
    return picture, f"parts of it are shifted by up to {np.abs(field).max():.0f} pixels"


def _occlusion(subject: Subject, strength: float, seed: int) -> tuple[np.ndarray, str]:
    layer = subject.layer()
    picture = occlude(over(layer, GROUND), layer[..., 3], strength)
    return picture, f"{100 * strength:.0f} % of it is behind a board"


def _truncation(subject: Subject, strength: float, seed: int) -> tuple[np.ndarray, str]:
    layer = subject.layer()
    columns = hidden_columns(layer[..., 3], strength)
    picture = np.full((SIDE, SIDE, 3), GROUND, np.float32)
    kept = over(layer, GROUND)[:, columns:]
    picture[:, : kept.shape[1]] = kept
    return picture, f"{100 * strength:.0f} % of it is outside the picture"


def _illumination(subject: Subject, strength: float, seed: int) -> tuple[np.ndarray, str]:
    if subject.thing is None:
        gamma = DARKEST**strength
        dark = darken(over(subject.layer(), GROUND), gamma)
        return dark, f"every brightness is raised to the power {gamma:.1f}"
    angle = -30 - 150 * strength
    ambient = 0.45 * (1 - strength) + 0.02
    lamp = Lamp(yaw=angle, ambient=ambient)
    picture = over(subject.layer(lamp=lamp), GROUND * (ambient / 0.47))
    return picture, f"the lamp has gone {-30 - angle:.0f}° round, other light is {ambient:.2f}"


def darken(picture: np.ndarray, gamma: float) -> np.ndarray:
    """Return a picture whose brightness, in [0, 1], is raised to a power: above 1 darker."""
    return np.clip(picture, 0, 1) ** gamma


def _clutter(subject: Subject, strength: float, seed: int) -> tuple[np.ndarray, str]:
    count = round(MOST_OTHERS * strength)
    if subject.whole:
        return over(subject.layer(), GROUND), "it is a whole photo: 0 others fit behind it"
    rng = np.random.default_rng(seed)
    if not count:
        return over(subject.layer(), GROUND), "0 other things, on plain grey"
    ground = background("grass", SIDE, SIDE)
    others = [each for category in _OTHERS for each in cutouts(category)]
    for _ in range(count):
        other = others[rng.integers(len(others))].rgba
        side = rng.uniform(50, 110) / max(other.shape[:2])
        height, width = (max(4, round(length * side)) for length in other.shape[:2])
        top, left = (
            int(rng.integers(-length // 2, SIDE - length // 2)) for length in (height, width)
        )
        _lay(ground, other, top, left, height, width)
    return over(subject.layer(), ground), f"{count} other things lie behind it, on grass"


def _lay(
    ground: np.ndarray, rgba: np.ndarray, top: int, left: int, height: int, width: int
) -> None:
    """Lay a cut-out onto a ground, in place; parts outside are lost."""
    alpha = resize(rgba[..., 3], height, width)[..., :1]
    colour = resize(rgba[..., :3] * rgba[..., 3:], height, width)
    rows = slice(max(0, top), min(SIDE, top + height))
    columns = slice(max(0, left), min(SIDE, left + width))
    part = (
        slice(rows.start - top, rows.stop - top),
        slice(columns.start - left, columns.stop - left),
    )
    ground[rows, columns] = ground[rows, columns] * (1 - alpha[part]) + colour[part]


CHALLENGES: Mapping[str, Callable[[Subject, float, int], tuple[np.ndarray, str]]] = {
    "viewpoint": _viewpoint,
    "scale": _scale,
    "deformation": _deformation,
    "occlusion": _occlusion,
    "truncation": _truncation,
    "illumination": _illumination,
    "clutter": _clutter,
}


@dataclass(frozen=True)
class Curves:
    """What each network says over the whole range of one challenge, as far as it was asked.

    Parameters
    ----------
    strengths : ndarray (N,), in [0, 1]
    probability : dict of str to ndarray (N,), float
        By network; NaN where it was not asked yet.
    right : dict of str to ndarray (N,), bool
    fraction : float in [0, 1]
        How much is asked.
    """

    strengths: np.ndarray
    probability: dict[str, np.ndarray]
    right: dict[str, np.ndarray]
    fraction: float


class Bench:
    """Remembers every answer, so that no network is asked twice about the same picture.

    Examples
    --------
    >>> from aml4d_utils.topics.challenges.subjects import subject
    >>> bench = Bench(("SqueezeNet",), np.array([0.0, 1.0]))
    >>> last = list(bench.sweep(subject("violin"), "occlusion"))[-1]
    >>> last.right["SqueezeNet"].tolist()
    [True, False]
    """

    def __init__(self, nets: tuple[str, ...] = NETS, strengths: np.ndarray = STEPS):
        self.nets = tuple(nets)
        self.strengths = strengths
        self._answers: dict[tuple, dict[str, Answer]] = {}
        self._said: dict[tuple[Subject, bytes], dict[str, Answer]] = {}

    def ask(self, subject: Subject, shown: Shown) -> dict[str, Answer]:
        """Return what each network says of a picture; what was asked before is remembered.

        It is remembered by the picture itself, whatever it was that made it.
        """
        key = subject, hashlib.sha256(shown.picture.tobytes()).digest()
        if key not in self._said:
            self._said[key] = {
                net: ask(net, shown.picture, subject.words[net]) for net in self.nets
            }
        return dict(self._said[key])

    def curves(self, subject: Subject, name: str, seed: int = 0) -> Curves:
        """Return the curves as far as they are known."""
        known = [self._answers.get((subject, name, seed, k)) for k in range(len(self.strengths))]
        return Curves(
            self.strengths,
            {
                net: np.array([a[net].probability if a else np.nan for a in known])
                for net in self.nets
            },
            {net: np.array([bool(a and a[net].right) for a in known]) for net in self.nets},
            sum(a is not None for a in known) / len(known),
        )

    def sweep(self, subject: Subject, name: str, seed: int = 0) -> Iterator[Curves]:
        """Ask all networks over the whole range; what is known is not asked again.

        Yields
        ------
        Curves
            After each strength; none where all are known.
        """
        for k, strength in enumerate(self.strengths):
            key = subject, name, seed, k
            if key not in self._answers:
                shown = challenge(subject, name, float(strength), seed)
                self._answers[key] = self.ask(subject, shown)
                yield self.curves(subject, name, seed)
