"""The losses against PyTorch's own, and a contest that is the same again, and survives NaN."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import BCEWithLogitsLoss

from aml4d_utils.topics.gan_2d import rivalry
from aml4d_utils.topics.gan_2d.point_players import fresh_players
from aml4d_utils.topics.gan_2d.rivalry import BALANCE, Rivalry, Rules, compete

LOGITS = st.lists(st.floats(-900, 900, width=32), min_size=1, max_size=9).map(torch.tensor)
RULES = Rules(batch_size=32, dropping=False)
POINTS = torch.randn(300, 2, generator=torch.Generator().manual_seed(0)) + 1


@given(LOGITS, LOGITS)
def test_the_losses_are_those_of_pytorch(real, generated):
    entropy = BCEWithLogitsLoss()
    both = entropy(real, torch.ones_like(real)) + entropy(generated, torch.zeros_like(generated))
    wish = entropy(generated, torch.ones_like(generated))
    torch.testing.assert_close(rivalry.discriminator_loss(real, generated), both)
    torch.testing.assert_close(rivalry.generator_loss(generated), wish)


def new_rivalry(seed=0, rules=RULES):
    return Rivalry(*fresh_players(seed), seed, rules)


def weights(one):
    return torch.cat([w.detach().flatten() for w in one.generator.parameters()])


def test_the_same_seed_gives_the_same_weights_bit_by_bit():
    first, second, other = new_rivalry(), new_rivalry(), new_rivalry(seed=1)
    for one in (first, second, other):
        list(compete(one, POINTS, 10))
    assert torch.equal(weights(first), weights(second))
    assert not torch.equal(weights(first), weights(other))


def test_a_contest_goes_on_from_its_state_as_if_nothing_had_happened():
    whole, broken_off = new_rivalry(), new_rivalry()
    list(compete(whole, POINTS, 12))
    list(compete(broken_off, POINTS, 5))
    resumed = new_rivalry(seed=3)
    resumed.go_back(broken_off.state())
    assert resumed.number == 5
    list(compete(resumed, POINTS, 7))
    assert torch.equal(weights(whole), weights(resumed))


@pytest.mark.parametrize("turns", ["generator_turns", "discriminator_turns"])
def test_who_has_no_turn_learns_nothing(turns):
    one = new_rivalry(rules=Rules(batch_size=32, dropping=False, **{turns: 0}))
    nets = {"generator_turns": one.generator, "discriminator_turns": one.discriminator}
    before = {name: [w.clone() for w in net.parameters()] for name, net in nets.items()}
    (result,) = compete(one, POINTS, 1)
    for name, net in nets.items():
        same = all(map(torch.equal, before[name], net.parameters()))
        assert same == (name == turns)
    assert result.discriminator_loss > 0 and result.generator_loss > 0


def test_a_broken_contest_ends_with_its_last_good_weights():
    one = new_rivalry()
    list(compete(one, POINTS, 3))
    good = weights(one)
    poisoned = torch.full_like(POINTS, torch.nan)
    *_, last = compete(one, poisoned, 10)
    assert last.broken and one.number == 3
    assert torch.equal(weights(one), good)
    assert not any(result.broken for result in compete(one, POINTS, 2))


def test_good_losses_do_not_hide_broken_weights():
    one = new_rivalry(rules=Rules(generator_rate=1e30, batch_size=32, dropping=False))
    results = list(compete(one, POINTS, 30))
    assert results[-1].broken and len(results) < 30
    assert weights(one).isfinite().all()


def test_a_steep_discriminator_pays():
    slopes = []
    for cost in (0.0, 10.0):
        one = new_rivalry(rules=Rules(0.0, 1e-2, batch_size=64, dropping=False, slope_cost=cost))
        list(compete(one, 5 * POINTS, 60))
        places = (5 * POINTS).clone().requires_grad_(True)
        (slope,) = torch.autograd.grad(one.discriminator(places).sum(), places)
        slopes.append(float(slope.norm(dim=1).mean()))
    assert slopes[1] < slopes[0] / 2


def test_the_average_follows():
    one = new_rivalry()
    list(compete(one, POINTS, 20))
    average = torch.cat([w.flatten() for w in one.average.parameters()])
    start = torch.cat([w.detach().flatten() for w in fresh_players(0)[0].parameters()])
    assert 0 < (average - weights(one)).norm() < (start - weights(one)).norm()


def test_the_balance_is_a_tossed_coin():
    assert np.isclose(BALANCE, -2 * np.log(0.5))
