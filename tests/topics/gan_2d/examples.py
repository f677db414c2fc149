"""What the walking tests are shown of the contest in the plane."""

from dataclasses import replace
from functools import cache

import numpy as np

from aml4d_utils.topics.gan_2d import plane_lab
from aml4d_utils.topics.gan_2d.densities import SHAPES


@cache
def shots():
    """A contest before it begins, and after forty rounds."""
    lab = plane_lab.PlaneLab(SHAPES["two islands"], seed=0)
    before = lab.look()
    *_, after = lab.play(plane_lab.GENTLE, "both", 40)
    return before, after


def one_by_one():
    """Each moment as the only argument."""
    before, after = shots()
    return [(before,), (after,)]


def broken():
    """The contest, ended by a loss that is no number."""
    return replace(shots()[1], broken=True, losses=np.full((40, 2), 1.5))


DESCRIPTIONS = {
    "describe_contest": lambda: [*one_by_one(), (broken(),)],
    "describe_answers": one_by_one,
    "describe_best": one_by_one,
    "describe_mesh": one_by_one,
    "describe_planes": lambda: [([("before", shots()[0])],), ([("after", shots()[1])],)],
}
