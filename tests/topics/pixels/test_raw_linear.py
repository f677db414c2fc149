"""The linear classifier against scikit-learn's ridge regression."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from aml4d_utils.topics.pixels.distances import shrinking
from aml4d_utils.topics.pixels.raw_linear import PENALTY, Linear, fit, parameters, sweep

SIDES, EXAMPLES = (4, 14), (100, 600)


@pytest.fixture(scope="module")
def steps(data):
    return list(sweep(data, sides=SIDES, examples=EXAMPLES))


def test_it_is_scikit_learns_ridge(data):
    flat = data.train_images[:300].reshape(300, -1) / 255 @ shrinking(7)
    labels = data.train_labels[:300]
    expected = Ridge(PENALTY).fit(flat, np.eye(10)[labels])
    found = fit(flat, labels)
    assert np.allclose(found.weights, expected.coef_.T, atol=1e-8)
    assert np.allclose(found.biases, expected.intercept_, atol=1e-8)
    assert found.parameters == parameters(49) == 500
    predicted = expected.predict(flat).argmax(axis=1)
    assert np.array_equal(found.classes(flat), predicted)
    assert found.accuracy(flat, labels) == pytest.approx((predicted == labels).mean())


def test_the_sweep_fits_what_fit_fits(steps, data):
    last = steps[-1]
    for side in SIDES:
        for count in EXAMPLES:
            flat = data.train_images[:count].reshape(count, -1) / 255 @ shrinking(side)
            test = data.test_images.reshape(10000, -1) / 255 @ shrinking(side)
            alone = fit(flat, data.train_labels[:count])
            assert np.allclose(last.models[side, count].weights, alone.weights, atol=2e-3)
            train, new = last.at(side, count)
            assert train == pytest.approx(
                alone.accuracy(flat, data.train_labels[:count]), abs=0.011
            )
            assert new == pytest.approx(alone.accuracy(test, data.test_labels), abs=0.002)


def test_the_sweep_fills_step_by_step(steps):
    assert [step.fraction for step in steps] == [0.25, 0.5, 0.75, 1.0]
    assert np.isnan(steps[0].test).sum() == 3
    assert not np.isnan(steps[-1].test).any()
    assert steps[-1].tested == 10000


def test_more_weights_than_photos_learn_by_heart(steps):
    last = steps[-1]
    train, test = last.at(14, 100)
    assert train > 0.98
    assert test < 0.75
    more, other = last.at(14, 600)
    assert more - other < train - test


def test_uncertainty_follows_the_share(steps):
    assert 0.007 < steps[-1].uncertainty(14, 600) < 0.01


def test_a_constant_pixel_gets_no_weight():
    flat = np.array([[0.0, 1.0], [0.0, 0.0], [0.0, 1.0]])
    found = fit(flat, np.array([0, 1, 0]), classes=2)
    assert found.weights[0] == pytest.approx(0)
    assert found.classes(flat).tolist() == [0, 1, 0]


@pytest.mark.parametrize("labels", [[], [0]])
def test_what_cannot_be_learned_from_is_refused(labels):
    with pytest.raises(ValueError, match="to learn from"):
        fit(np.zeros((len(labels) * 2, 3)), np.array(labels, dtype=int))


def test_a_model_takes_the_largest_sum():
    model = Linear(np.eye(3), np.array([0.0, 0.0, 0.5]))
    assert model.classes(np.array([[1.0, 0, 0], [0, 0.2, 0]])).tolist() == [0, 2]
