"""Permuting keeps every number; the experiment is fair, steps, and can be stopped."""

from collections import deque
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from aml4d_utils.nets.grey_batches import to_batch
from aml4d_utils.topics.pixels.permuting import (
    IN_ORDER,
    LEARNERS,
    MAKERS,
    PERMUTED,
    experiment,
    parameters,
    permutation,
    permute,
)


@given(st.integers(1, 7), st.integers(1, 7), st.integers(0, 99))
def test_nothing_is_lost_and_it_can_be_undone(height, width, seed):
    rng = np.random.default_rng(seed)
    pictures = rng.integers(0, 256, (3, height, width))
    order = permutation(height * width, rng)
    dealt = permute(pictures, order)
    assert np.array_equal(dealt.reshape(3, -1), pictures.reshape(3, -1)[:, order])
    assert np.array_equal(permute(dealt, np.argsort(order)), pictures)
    assert np.array_equal(permute(pictures[0], order), dealt[0])


@pytest.mark.parametrize("order", [[0, 1, 2], [0, 1, 2, 2], [1, 2, 3, 4]])
def test_what_is_no_order_is_refused(order):
    with pytest.raises(ValueError, match="names each place once"):
        permute(np.zeros((2, 2)), np.array(order))


def test_the_numbers_of_parameters_are_those_of_the_lesson():
    assert [parameters(MAKERS[name]()) for name in LEARNERS] == [7850, 50890, 5098]


@pytest.fixture(scope="module")
def order():
    return permutation(784, np.random.default_rng(4))


@pytest.fixture(scope="module")
def few(data):
    return replace(data, test_images=data.test_images[:800], test_labels=data.test_labels[:800])


@pytest.fixture(scope="module")
def steps(few, order):
    return list(
        experiment(few, order, images=640, tested=300, epochs=2, batch_size=64, look_every=5)
    )


def test_each_batch_is_a_step(steps):
    assert len(steps) == 20
    assert steps[-1].fraction == 1
    assert steps[-1].seen == 1280
    assert steps[-1].looks.tolist() == [64, 320, 640, 960, 1280]
    assert all(len(values) == 5 for values in steps[-1].accuracy.values())


def test_the_last_look_is_on_all_test_pictures(steps, few, order):
    last = steps[-1]
    assert steps[0].tested == 300
    assert last.tested == len(few.test_labels)
    batch = to_batch(permute(few.test_images, order))
    with torch.no_grad():
        right = last.nets["MLP", PERMUTED](batch).argmax(1).numpy() == few.test_labels
    assert right.mean() == pytest.approx(last.last("MLP", PERMUTED))


def test_they_learn(steps):
    for learner in LEARNERS:
        assert steps[-1].last(learner, IN_ORDER) > 0.45
        assert steps[-1].fall(learner) == pytest.approx(
            steps[-1].last(learner, IN_ORDER) - steps[-1].last(learner, PERMUTED)
        )


def test_the_same_seed_gives_the_same_run(data, order):
    first, second = (
        next(experiment(data, order, seed=3, images=64, tested=100)).accuracy for _ in range(2)
    )
    assert all(np.array_equal(first[key], second[key]) for key in first)


def test_a_linear_model_cannot_notice(data, order):
    # Weights dealt out like the pixels give the same sums, and so the same gradients.
    net = MAKERS["linear"]()
    other = MAKERS["linear"]()
    with torch.no_grad():
        other[1].weight.copy_(net[1].weight[:, order])
        other[1].bias.copy_(net[1].bias)
    truth = torch.as_tensor(data.train_labels[:64])
    pictures = data.train_images[:64]
    for model, batch in ((net, pictures), (other, permute(pictures, order))):
        functional.cross_entropy(model(to_batch(batch)), truth).backward()
    assert torch.allclose(net[1].weight.grad[:, order], other[1].weight.grad, atol=1e-6)


@pytest.mark.slow
def test_only_the_cnn_falls(data, order):
    # As in the lesson; 10,000 test pictures leave each share open by 0.8 points.
    # Only the last look counts here; those before it change no training.
    last = deque(experiment(data, order, look_every=1000), maxlen=1).pop()
    assert last.fall("CNN") > 0.015
    assert abs(last.fall("linear")) < 0.015
    assert abs(last.fall("MLP")) < 0.015
