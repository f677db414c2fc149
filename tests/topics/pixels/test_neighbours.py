"""Nearest neighbours against scikit-learn; real pixels help, random numbers do not."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from aml4d_utils.topics.pixels.distances import shrinking
from aml4d_utils.topics.pixels.neighbours import (
    BASE,
    EXAMPLES,
    SIDES,
    examples_for,
    learn,
    nearest_label,
)


@pytest.fixture(scope="module")
def steps(data):
    return list(learn(data, rng=np.random.default_rng(0), tested=200))


def test_it_is_scikit_learns():
    rng = np.random.default_rng(2)
    known, unknown = rng.random((80, 6)), rng.random((40, 6))
    labels = rng.integers(0, 5, 80)
    expected = KNeighborsClassifier(1).fit(known, labels).predict(unknown)
    assert np.array_equal(nearest_label(known, labels, unknown), expected)


def test_the_last_step_holds_everything(steps):
    last = steps[-1]
    assert last.fraction == 1
    assert last.d.tolist() == [side * side for side in SIDES]
    assert last.accuracy.shape == (len(SIDES), len(EXAMPLES))
    assert last.noisy_d.tolist() == [side * side for side in SIDES if side >= BASE]
    assert len(last.noisy_accuracy) == len(last.noisy_d)


def test_an_accuracy_is_scikit_learns(steps, data):
    chosen = np.concatenate([np.flatnonzero(data.train_labels == c)[:20] for c in range(10)])
    known = data.train_images[chosen].reshape(200, -1) / 255 @ shrinking(7)
    unknown = data.test_images[:200].reshape(200, -1) / 255 @ shrinking(7)
    score = KNeighborsClassifier(1).fit(known, data.train_labels[chosen])
    expected = score.score(unknown, data.test_labels[:200])
    found = steps[-1].accuracy[SIDES.index(7), EXAMPLES.index(20)]
    assert found == pytest.approx(expected, abs=0.011)


def test_no_random_numbers_is_the_picture_itself(steps):
    last = steps[-1]
    assert np.array_equal(last.noisy_accuracy[0], last.accuracy[SIDES.index(BASE)])


def test_random_numbers_hurt_and_real_ones_do_not(steps):
    last = steps[-1]
    assert last.accuracy[-1, -1] > 0.7
    assert last.noisy_accuracy[-1, -1] < 0.45
    real, noisy = last.needed(0.7)
    assert np.isfinite(real[-1])
    assert np.isnan(noisy[-1])


def test_examples_are_read_off_between_measurements():
    examples = np.array([1, 10, 100])
    rows = np.array([[0.2, 0.6, 0.6], [0.7, 0.8, 0.9], [0.5, 0.4, 0.6], [0.1, 0.2, 0.3]])
    found = examples_for(examples, rows, 0.5)
    assert found[:3] == pytest.approx([10**0.75, 1, 1])
    assert np.isnan(found[3])
