"""The map of all poses: what networks say of a thing from every side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from aml4d_utils.images import as_uint8
from aml4d_utils.solids import Lamp, Thing, Viewpoint, render
from aml4d_utils.topics.poses.asking import Answer, accepted, ask

COARSE = (13, 7)
FINE = (25, 13)
SIDE = 224
GROUND = 0.5


@dataclass(frozen=True)
class PoseMap:
    """What one network says of a thing from all sides, as far as it was asked.

    Parameters
    ----------
    net : str
    name : str
        Of the thing.
    roll : float
        In degrees.
    yaws : ndarray (C,)
        In degrees, from -180 to 180; first and last are the same view.
    pitches : ndarray (R,)
        In degrees, from 90 (seen from above) to -90 (from below).
    probability : ndarray (R, C), float
        Of the accepted words; NaN where it was not asked yet.
    right : ndarray (R, C), bool
        Whether the first guess is accepted.
    guesses : ndarray (R, C) of str
        The first guess; empty where it was not asked yet.
    """

    net: str
    name: str
    roll: float
    yaws: np.ndarray
    pitches: np.ndarray
    probability: np.ndarray
    right: np.ndarray
    guesses: np.ndarray

    @property
    def asked(self) -> np.ndarray:
        """Which poses were asked: ndarray (R, C), bool."""
        return np.isfinite(self.probability)

    @property
    def misread(self) -> float:
        """Share of the sphere of poses that is misread, of what was asked: in [0, 1]."""
        weights = sphere_weights(self.pitches, self.yaws) * self.asked
        return float((weights * ~self.right).sum() / max(weights.sum(), 1e-12))

    @property
    def wrong_words(self) -> list[tuple[str, float]]:
        """The wrong first guesses with their shares of the sphere, most frequent first."""
        weights = sphere_weights(self.pitches, self.yaws) * self.asked
        total = max(weights.sum(), 1e-12)
        wrong = self.asked & ~self.right
        shares = {
            word: float(weights[wrong & (self.guesses == word)].sum() / total)
            for word in np.unique(self.guesses[wrong]).tolist()
        }
        return sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))

    def nearest(self, yaw: float, pitch: float) -> tuple[int, int]:
        """Return row and column of the pose that comes closest to two angles in degrees."""
        return nearest_cell(self.yaws, self.pitches, yaw, pitch)


@dataclass(frozen=True)
class Filling:
    """One step of filling the maps.

    Parameters
    ----------
    maps : dict of str to PoseMap
        By network.
    fraction : float in [0, 1]
        How much of the work is done.
    """

    maps: dict[str, PoseMap]
    fraction: float


@dataclass(frozen=True)
class _Known:
    """What a network was asked about a thing; the arrays of a `PoseMap`, which fill in place."""

    probability: np.ndarray
    right: np.ndarray
    guesses: np.ndarray

    def asked(self, row: int, column: int) -> bool:
        return bool(np.isfinite(self.probability[row, column]))

    def note(self, row: int, column: int, answer: Answer) -> None:
        # The last column shows the same views as the first.
        columns = [column, -1] if column == 0 else column
        self.probability[row, columns] = answer.probability
        self.right[row, columns] = answer.right
        self.guesses[row, columns] = answer.guess


class Atlas:
    """Remembers what was asked of each thing and pose, so that nothing is asked twice.

    Parameters
    ----------
    nets : sequence of str
        Of `asking.NETS`.
    coarse, fine : tuple of int
        Columns and rows of the two grids; both go from end to end, and every pose of the coarse
        one belongs to the fine one.

    Raises
    ------
    ValueError
        If the grids do not fit into each other.

    Examples
    --------
    >>> from aml4d_utils import solids
    >>> atlas = Atlas(("SqueezeNet",), coarse=(3, 2), fine=(5, 3))
    >>> steps = list(atlas.fill(solids.thing("football"), roll=0.0))
    >>> steps[-1].fraction, steps[-1].maps["SqueezeNet"].asked.all()
    (1.0, np.True_)
    """

    def __init__(
        self,
        nets: tuple[str, ...] = ("Lite0", "SqueezeNet", "NanoDet"),
        coarse: tuple[int, int] = COARSE,
        fine: tuple[int, int] = FINE,
    ):
        if any((f - 1) % (c - 1) for f, c in zip(fine, coarse, strict=True)):
            raise ValueError(f"The grid {coarse} is no part of the grid {fine}.")
        self.nets = tuple(nets)
        self.coarse, self.fine = coarse, fine
        self.yaws = np.linspace(-180, 180, fine[0])
        self.pitches = np.linspace(90, -90, fine[1])
        self._maps: dict[tuple[str, float, str], _Known] = {}
        self._pictures: dict[tuple, np.ndarray] = {}
        self._pictured: tuple = ()

    def map(self, thing: Thing, roll: float, net: str) -> PoseMap:
        """Return the map of a network as far as it is filled."""
        known = self._known(thing.name, roll, net)
        return PoseMap(
            net,
            thing.name,
            roll,
            self.yaws,
            self.pitches,
            known.probability.copy(),
            known.right.copy(),
            known.guesses.copy(),
        )

    def maps(self, thing: Thing, roll: float) -> dict[str, PoseMap]:
        """Return the maps of all networks as far as they are filled."""
        return {net: self.map(thing, roll, net) for net in self.nets}

    def fill(
        self, thing: Thing, roll: float, first: str = "", fine: bool = True
    ) -> Iterator[Filling]:
        """Fill the maps of a thing: coarse for every network, then fine.

        What was asked before is not asked again.

        Parameters
        ----------
        thing : Thing
        roll : float
            In degrees.
        first : str
            The network whose maps come first.
        fine : bool
            Whether the fine grid of the first network is filled too.

        Yields
        ------
        Filling
            One for each pose that is asked; none where all is known.
        """
        order = sorted(self.nets, key=lambda net: net != first)
        rounds = [(net, self._cells(self.coarse)) for net in order]
        if fine:
            rounds.append((order[0], self._cells(self.fine)))
        todo = list(
            dict.fromkeys(
                (net, *cell)
                for net, cells in rounds
                for cell in cells
                if not self._known(thing.name, roll, net).asked(*cell)
            )
        )
        for number, (net, row, column) in enumerate(todo, start=1):
            picture = self._picture(thing, roll, row, column)
            answer = ask(net, picture, accepted(thing, net))
            self._known(thing.name, roll, net).note(row, column, answer)
            yield Filling(self.maps(thing, roll), number / len(todo))

    def _cells(self, grid: tuple[int, int]) -> list[tuple[int, int]]:
        rows, columns = (
            range(0, size, (size - 1) // (steps - 1))
            for size, steps in zip(self.fine[::-1], grid[::-1], strict=True)
        )
        return [(row, column) for row in rows for column in columns if column < self.fine[0] - 1]

    def _known(self, name: str, roll: float, net: str) -> _Known:
        if (name, roll, net) not in self._maps:
            shape = len(self.pitches), len(self.yaws)
            self._maps[name, roll, net] = _Known(
                np.full(shape, np.nan), np.zeros(shape, bool), np.full(shape, "", object)
            )
        return self._maps[name, roll, net]

    def _picture(self, thing: Thing, roll: float, row: int, column: int) -> np.ndarray:
        if self._pictured != (thing.name, roll):
            self._pictures, self._pictured = {}, (thing.name, roll)
        if (row, column) not in self._pictures:
            pose = self.yaws[column], self.pitches[row]
            self._pictures[row, column] = picture_of(thing, *pose, roll)
        return self._pictures[row, column]


def picture_of(
    thing: Thing, yaw: float, pitch: float, roll: float = 0.0, ground: float = GROUND
) -> np.ndarray:
    """Return a thing from one side, before plain grey, with the lamp beside the camera.

    Parameters
    ----------
    thing : Thing
    yaw, pitch, roll : float
        In degrees, as for `solids.Viewpoint`.
    ground : float in [0, 1]
        The grey behind it.

    Returns
    -------
    ndarray (224, 224, 3), uint8
        As a camera gives it.

    Examples
    --------
    >>> from aml4d_utils import solids
    >>> picture_of(solids.thing("football"), 0, 0).shape
    (224, 224, 3)
    """
    view = Viewpoint(float(yaw), float(pitch), float(roll))
    return as_uint8(render(thing, view, Lamp(), ground, SIDE).picture)


def sphere_weights(pitches: np.ndarray, yaws: np.ndarray) -> np.ndarray:
    """Return the share of the sphere that each pose of a grid stands for.

    Near the poles the circles of the map are short, so poses there count less. The first and
    the last column are the same views and share their weight.

    Parameters
    ----------
    pitches : ndarray (R,)
        Evenly spaced, in degrees, from pole to pole.
    yaws : ndarray (C,)
        Evenly spaced, once around.

    Returns
    -------
    ndarray (R, C), float
        Positive, with sum 1.

    Examples
    --------
    >>> sphere_weights(np.array([90, 0, -90]), np.array([-180, 0, 180])).round(3)
    array([[0.037, 0.073, 0.037],
           [0.177, 0.354, 0.177],
           [0.037, 0.073, 0.037]])
    """
    borders = np.radians(np.concatenate([[90.0], (pitches[1:] + pitches[:-1]) / 2, [-90.0]]))
    heights = -np.diff(np.sin(borders)) / 2
    widths = np.full(len(yaws), 1.0)
    widths[[0, -1]] = 0.5
    return heights[:, None] * (widths / widths.sum())


def transfer(maps: Mapping[str, PoseMap], fooled: str) -> dict[str, float | None]:
    """Of the poses that fool one network, return the share that fools each other one too.

    Only poses that both were asked count, each with its share of the sphere.

    Parameters
    ----------
    maps : mapping of str to PoseMap
        By network, on the same grid.
    fooled : str
        The network that is fooled first.

    Returns
    -------
    dict of str to float in [0, 1] or None
        ``None`` where no pose that both were asked fools the first one.

    References
    ----------
    Alcorn et al. (2019), Strike (with) a pose, CVPR, arXiv:1811.11553.

    Examples
    --------
    >>> from dataclasses import replace
    >>> one = PoseMap("a", "cup", 0.0, np.array([-180, 0, 180]), np.array([90, 0, -90]),
    ...               np.zeros((3, 3)), np.zeros((3, 3), bool), np.full((3, 3), "lamp"))
    >>> transfer({"a": one, "b": replace(one, right=np.ones((3, 3), bool))}, "a")
    {'b': 0.0}
    """
    first = maps[fooled]
    weights = sphere_weights(first.pitches, first.yaws) * ~first.right
    shares: dict[str, float | None] = {}
    for net, other in maps.items():
        if net != fooled:
            both = weights * (first.asked & other.asked)
            shares[net] = float((both * ~other.right).sum() / both.sum()) if both.sum() else None
    return shares


def nearest_cell(
    yaws: np.ndarray, pitches: np.ndarray, yaw: float, pitch: float
) -> tuple[int, int]:
    """Return row and column of the pose of a grid that comes closest to two angles in degrees.

    Examples
    --------
    >>> nearest_cell(np.array([-180, 0, 180]), np.array([90, 0, -90]), 200, 80)
    (0, 0)
    """
    around = np.abs((yaws - yaw + 180) % 360 - 180)
    return int(np.abs(pitches - pitch).argmin()), int(around.argmin())
