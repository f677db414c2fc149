"""Features during training, a network that is destroyed, and names put to the test."""

import numpy as np
import pytest
import scipy.stats
import torch

from aml4d_utils import images
from aml4d_utils.topics.convolution import training
from aml4d_utils.topics.visualisation import reading
from aml4d_utils.topics.visualisation.evolution import FIELD, evolve, snapshot
from aml4d_utils.topics.visualisation.figures import settled
from aml4d_utils.topics.visualisation.passing import RULES
from aml4d_utils.topics.visualisation.sanity import TOP_DOWN, destroy, likeness


def outcome(steps):
    seen = []
    while True:
        try:
            seen.append(next(steps))
        except StopIteration as end:
            return seen, end.value


# --- evolution ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def evolved():
    data = images.fashion_mnist()
    torch.manual_seed(0)
    cnn = training.SmallCNN()
    steps = training.train(
        cnn,
        data.train_images[:2000],
        data.train_labels[:2000],
        data.test_images[:200],
        data.test_labels[:200],
        generator=torch.Generator().manual_seed(0),
        epochs=3,
        look_every=10,
    )
    return list(evolve(cnn, steps, data.test_images[:60], moments=(0, 2, 30)))


def test_snapshots_are_taken_at_their_moments(evolved):
    last = evolved[-1]
    assert [s.batches for s in last.snapshots] == [0, 2, 30]
    assert len(evolved) == 30 and last.fraction == 1
    first, _, end = last.snapshots
    assert first.kernels.shape == (8, 5, 5)
    assert first.projections.shape == first.patches.shape == (16, FIELD, FIELD)
    assert not np.allclose(first.kernels, end.kernels)
    assert end.accuracy > 0.3
    assert len(settled(last)) == 2


def test_a_snapshot_shows_the_strongest_answer():
    """The patch of each unit, shown to the same CNN again, gives the answer that was found."""
    torch.manual_seed(1)
    cnn, batch = training.SmallCNN(), torch.rand(20, 1, 28, 28)
    found = snapshot(cnn, batch, 0, 0.1)
    maps = torch.relu(cnn.second(torch.max_pool2d(cnn.maps(batch), 2)))
    for unit in range(16):
        place = int(maps[:, unit].argmax())
        picture, cell = divmod(place, 14 * 14)
        row, col = divmod(cell, 14)
        padded = np.pad(batch[picture, 0].numpy(), 6)
        # A cell of the second layer sees from 2·cell − 4 to 2·cell + 6.
        top, left = 2 * row - 4 + 6, 2 * col - 4 + 6
        window = padded[top : top + FIELD, left : left + FIELD]
        np.testing.assert_array_equal(found.patches[unit], window)


def test_what_is_sent_back_lies_where_the_unit_looks():
    torch.manual_seed(1)
    cnn, batch = training.SmallCNN(), torch.rand(5, 1, 28, 28, requires_grad=True)
    maps = torch.relu(cnn.second(torch.max_pool2d(cnn.maps(batch), 2)))
    (grad,) = torch.autograd.grad(maps[2, 3, 6, 7], batch)
    rows, cols = grad[2, 0].abs().nonzero(as_tuple=True)
    assert rows.min() >= 2 * 6 - 4 and rows.max() < 2 * 6 + 6
    assert cols.min() >= 2 * 7 - 4 and cols.max() < 2 * 7 + 6


# --- destruction -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def destroyed(net, photo):
    before = {name: value.clone() for name, value in net.state_dict().items()}
    seen, returned = outcome(destroy(net, photo, 285, seed=0))
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert tuple(seen) == returned
    return returned


def test_deconvnet_and_guided_hardly_notice_and_the_gradient_does(destroyed):
    assert [len(step.destroyed) for step in destroyed] == list(range(len(TOP_DOWN) + 1))
    last = destroyed[-1]
    assert set(last.history) == set(RULES)
    half = {rule: values[5] for rule, values in last.history.items()}
    assert half["deconvnet"] > 0.7 and half["guided"] > 0.7
    assert half["gradient"] < 0.6
    assert all(values[0] == pytest.approx(1) for values in last.history.values())
    assert destroyed[0].chance > 0.2 > 0.01 > destroyed[5].chance


def test_other_noise_gives_the_same_verdict(net, photo):
    steps = destroy(net, photo, 285, seed=1)
    seen = [next(steps) for _ in range(6)]
    assert seen[-1].history["deconvnet"][-1] > 0.7
    assert seen[-1].history["gradient"][-1] < 0.6


@pytest.mark.parametrize("decimals", [8, 0], ids=["all different", "many equal"])
def test_likeness_is_spearmans(decimals):
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(2, 9, 8, 3)).round(decimals)
    expected = scipy.stats.spearmanr(np.abs(one).max(2).ravel(), np.abs(other).max(2).ravel())
    assert likeness(one, other) == pytest.approx(expected.statistic)
    assert likeness(one, -3 * one) == pytest.approx(1)
    assert likeness(one, np.zeros_like(one)) == 0


# --- names put to the test ---------------------------------------------------------------------


def test_the_eye_unit_prefers_a_dot_to_any_photograph(net):
    tried = reading.try_reading(net, reading.eye_or_dot(), *reading.DOT_UNIT)
    assert tried.answers[0] > tried.favourites.max()
    assert tried.answers[-1] == 0
    assert tried.answers[1] < 0.5 * tried.answers[0]
    assert len(tried.patches) == len(tried.favourites) == 9


def test_the_face_unit_wants_two_above_one(net):
    tried = reading.try_reading(net, reading.face_or_dots(), *reading.FACE_UNIT)
    upright, upside_down, one, nothing = tried.answers
    assert upright > 5 * upside_down
    assert one == nothing == 0
    assert upright > np.median(tried.favourites)


def test_dots_are_round_and_where_they_should_be():
    picture = reading.dots([(50, 60)], 10)
    ink = picture[..., 0] < 0.5
    rows, cols = np.nonzero(ink)
    assert (rows.mean(), cols.mean()) == (50, 60)
    assert ink.sum() == pytest.approx(np.pi * 100, rel=0.05)
    assert (reading.dots([], 3) == 1).all()


def test_separation_is_the_area_under_the_curve():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(2)
    fitting, other = rng.integers(0, 5, 9), rng.integers(0, 5, 7)
    expected = roc_auc_score([1] * 9 + [0] * 7, [*fitting, *other])
    assert reading.separation(fitting, other) == pytest.approx(expected)


@pytest.mark.parametrize("name", reading.DRAWN)
def test_drawn_pictures(name):
    picture = reading.DRAWN[name]()
    assert picture.shape == (227, 227, 3)
    assert 0 <= picture.min() < picture.max() <= 1


def test_a_unit_that_does_not_exist_is_refused(net):
    with pytest.raises(ValueError, match="units 0 to 255"):
        reading.strongest_answers(net, [reading.dots([], 1)], "fire5", 256)
