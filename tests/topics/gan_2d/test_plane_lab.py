"""The laboratory: what collapses, what cures, and the explorer's buttons and clicks."""

import ipywidgets
import numpy as np
import pytest
from topics.walking import below

from aml4d_utils.topics.gan_2d import figures, plane_lab
from aml4d_utils.topics.gan_2d.densities import SHAPES
from aml4d_utils.topics.gan_2d.explorers import OWN, plane_explorer


def test_an_unfair_contest_collapses_and_the_cure_helps():
    lab = plane_lab.PlaneLab(SHAPES["eight islands"], seed=0)
    *_, ill = lab.play(plane_lab.UNFAIR, "both", 150)
    *_, well = lab.play(plane_lab.CURED, "both", 300)
    assert ill.covered < 0.3 and well.covered > 0.7
    assert well.js < ill.js - 0.2
    assert well.number == 450 and well.losses.shape == (450, 2)


def test_a_learned_island_is_close_to_the_truth():
    lab = plane_lab.PlaneLab(SHAPES["one island"], seed=1)
    *_, shot = lab.play(plane_lab.GENTLE, "both", 350)
    assert shot.covered > 0.9 and shot.off_best < 0.2
    assert abs(shot.losses[-50:, 0].mean() - 2 * np.log(2)) < 0.1


def test_both_switches_together():
    rules = {(a, b): plane_lab.rules_for(a, b) for a in (False, True) for b in (False, True)}
    assert len(set(rules.values())) == 4
    assert rules[True, False].generator_turns > rules[True, False].discriminator_turns
    assert rules[True, True].generator_turns == rules[True, True].discriminator_turns


def test_only_known_learners_are_let_in():
    assert plane_lab.allowed(plane_lab.FAIR, plane_lab.WHO[1]).generator_turns == 0
    assert plane_lab.allowed(plane_lab.FAIR, plane_lab.WHO[2]).discriminator_turns == 0
    with pytest.raises(ValueError, match="nobody called 'you'"):
        plane_lab.allowed(plane_lab.FAIR, "you")


def test_arrows_go_where_the_discriminator_believes_more():
    lab = plane_lab.PlaneLab(SHAPES["two islands"], seed=0)
    for _ in lab.play(plane_lab.GENTLE, "discriminator only", 60):
        pass
    arrows = lab.look().arrows
    import torch

    with torch.no_grad():
        start, end = (
            lab.contest.discriminator(torch.from_numpy(arrows[:, k]).float()) for k in (0, 1)
        )
    assert (end > start - 1e-4).float().mean() > 0.8
    lengths = np.linalg.norm(arrows[:, 1] - arrows[:, 0], axis=1)
    assert lengths.max() == pytest.approx(0.5, rel=1e-4)


def test_pixels_and_points_belong_together():
    for place in ((0, 0), (30, 150), (figures.SIDE - 1, 7)):
        point = np.array(figures.to_point(*place))
        np.testing.assert_allclose(figures.to_pixels(point), place, atol=0.3)


def test_a_click_makes_an_island_and_a_button_plays_one_round():
    explorer = plane_explorer()
    said = explorer.widget.children[0].children[-1].children[0]
    said._hear_cursor({"row": 40, "col": 60, "action": "press"}, None)
    assert explorer.state.shape == OWN and explorer.state.own == (figures.to_point(40, 60),)
    said._hear_cursor({"row": 140, "col": 60, "action": "press"}, None)
    assert len(explorer.state.own) == 2 and explorer.result.number == 0
    (button,) = (w for w in below(explorer.widget) if isinstance(w, ipywidgets.Button))
    button.click()
    assert explorer.result.number == 1
    explorer.reset()
    assert explorer.result.number == 0 and explorer.state.shape == "eight islands"
