"""What the controls of the contest in the plane do."""

import numpy as np

from aml4d_utils.topics.gan_2d import explorers
from aml4d_utils.widgets import explorer as explorer_module


def test_in_slow_motion_they_take_turns_that_can_be_seen(monkeypatch):
    monkeypatch.setattr(explorers, "_SLOW", 0.0)
    monkeypatch.setattr(explorer_module, "_DRAW_EVERY", -1.0)  # every move, however fast
    explorer = explorers.plane_explorer()
    explorer.set(pace="slow motion")
    before, learners = explorer.result, []
    draw = explorer._draw
    monkeypatch.setattr(explorer, "_draw", lambda shot: (learners.append(shot.learner), draw(shot)))
    explorer.set(playing=True)
    after = explorer.result
    assert (after.number, after.learner, after.fraction) == (240, "generator only", 1.0)
    assert {"generator only", "discriminator only"} <= set(learners)
    assert np.abs(after.generated - before.generated).mean() > 0.3
