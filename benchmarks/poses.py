"""Lesson 02: a thing turned under three networks, and the map of all its poses."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from aml4d_utils.solids import Viewpoint, render, thing
from aml4d_utils.topics.challenges import explorers as challenges
from aml4d_utils.topics.challenges.bench import Bench
from aml4d_utils.topics.challenges.chair_wall import ChairWalls
from aml4d_utils.topics.poses.asking import CLASSIFIERS, accepted, ask
from aml4d_utils.topics.poses.atlas import COARSE, FINE, Atlas, picture_of
from aml4d_utils.topics.poses.posing import THINGS, pose
from benchmarks.callbacks import moves
from benchmarks.measure import Row, repeat, scaled

_PICTURES = 60


def rows() -> Iterator[Row]:
    """Render, turn, fill the maps, go round the chairs, move the controls."""
    for name in THINGS:
        render(thing(name))  # read from disk
    rng = np.random.default_rng(0)
    views = [(float(y), float(p)) for y, p in rng.uniform((-180, -90), (180, 90), (_PICTURES, 2))]
    turning, answering, asking = iter(views * 2), iter(views * 2), iter(views * 2)
    scooter = thing(THINGS[0])
    seconds = repeat(lambda: render(scooter, Viewpoint(*next(turning))), _PICTURES, 3)
    yield Row("one view of the scooter, 224 px", scaled(seconds, 1000), "ms", 40)

    def both() -> None:
        picture = picture_of(scooter, *next(answering))
        for net in CLASSIFIERS:
            ask(net, picture, accepted(scooter, net))

    seconds = scaled(repeat(both, _PICTURES, 3), 1000)
    yield Row("a pose and both classifiers' answers", seconds, "ms", 150, by="p95")
    seconds = scaled(repeat(lambda: pose(THINGS[0], *next(asking)), _PICTURES, 3), 1000)
    yield Row("a pose and all three answers, as it is dragged", seconds, "ms", 150, by="p95")
    for grid, target in ((COARSE, 6), (FINE, 40)):
        seconds = repeat(lambda grid=grid: _filled(grid), 2, 0)
        yield Row(f"map of {grid[0]} × {grid[1]} poses, Lite0", seconds, "s", target)
    yield Row("42 chairs", repeat(lambda: list(ChairWalls().wall()), 2, 0), "s", 6)
    yield from moves(challenges.conflict_explorer(), "texture and shape", 150)
    yield from moves(challenges.limits_explorer(), "six limits", 200)
    # The curves fill in the background, after a move is answered: here with the move's own point.
    yield from moves(challenges.bench_explorer(Bench(strengths=np.array([0.3]))), "bench", 200)


def _filled(grid: tuple[int, int]) -> None:
    book = Atlas(("Lite0",), coarse=grid, fine=grid)
    for _ in book.fill(thing(THINGS[0]), 0.0):
        pass
