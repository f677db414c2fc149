"""Points in a plane: measured from real digits, split honestly, separated as geometry says."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from aml4d_utils import images
from aml4d_utils.topics.neurons import plane
from aml4d_utils.topics.neurons.plane import NAMES, REACH, measure, points
from aml4d_utils.topics.neurons.separating_points import GRID, learn, one_neuron, separate


@pytest.mark.parametrize("name", NAMES)
def test_sets_of_points(name):
    found = points(name)
    assert found.points.shape == found.test_points.shape == (2 * plane.EACH, 2)
    np.testing.assert_allclose(found.points.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(found.points.std(axis=0), 1, atol=1e-9)
    assert set(found.labels) == set(found.test_labels) == {0, 1}
    assert 0.4 < found.labels.mean() < 0.6
    assert found.made_up == ("made up" in name)
    assert (np.abs(found.points) <= REACH).all(axis=1).mean() > 0.95
    assert points(name) is found
    with pytest.raises(ValueError, match="read-only"):
        found.points[0, 0] = 0


def test_the_numbers_are_measured_on_the_digits():
    picture = np.zeros((1, 28, 28), dtype=np.uint8)
    picture[0, 11:17, 11:17] = 255
    assert measure(picture).tolist() == [[36 / 784, 1.0]]
    data = images.mnist()
    zero, one = (measure(data.train_images[data.train_labels == d]).mean(axis=0) for d in (0, 1))
    assert zero[0] > one[0] and zero[1] < one[1]


def test_unknown_points_are_refused():
    with pytest.raises(ValueError, match="choose: 0 or 1"):
        points("spirals")


def test_the_surface_is_the_networks_answer_at_its_place():
    found = separate(points("0 or 1"), one_neuron(1.0, 2.0, 0.5))
    assert found.surface.shape == (GRID, GRID)
    for row, col, x, y in ((0, 0, -3, 3), (0, GRID - 1, 3, 3), (GRID - 1, 0, -3, -3)):
        expected = found.network.forward(np.array([[x, y]])).output[0, 0]
        assert found.surface[row, col] == pytest.approx(expected)
    assert found.lines.tolist() == [[1.0, 2.0, 0.5]]
    assert found.hidden == 0


def test_accuracy_counts_points_on_their_side():
    binary = points("0 or 1")
    always_zero = separate(binary, one_neuron(0.0, 0.0, -1.0))
    assert always_zero.accuracy == (binary.labels == 0).mean()
    assert always_zero.test_accuracy == (binary.test_labels == 0).mean()


@pytest.mark.parametrize("name", ["0 or 1", "0 and 1, or others"])
def test_one_neuron_is_as_good_as_logistic_regression(name):
    found = points(name)
    rival = LogisticRegression().fit(found.points, found.labels)
    *_, last = learn(found, 0, "tanh", seed=0)
    assert last.accuracy >= rival.score(found.points, found.labels) - 0.02


def test_a_band_needs_two_lines_and_a_ring_needs_three():
    band, ring = points("0 and 1, or others"), points("ring (made up)")
    best = {}
    for found, hidden in ((band, 0), (band, 2), (ring, 2), (ring, 3)):
        *_, last = learn(found, hidden, "tanh", seed=0)
        best[found.name, hidden] = last.test_accuracy
        assert last.hidden == hidden and len(last.lines) == max(hidden, 1)
    assert best[band.name, 0] < 0.75 < 0.85 < best[band.name, 2]
    assert best[ring.name, 2] < 0.9 < best[ring.name, 3]


def test_training_is_shown_from_the_start_and_repeats_itself():
    records = list(learn(points("0 or 1"), 1, "ReLU", seed=3, look_every=300))
    again = list(learn(points("0 or 1"), 1, "ReLU", seed=3, look_every=300))
    assert [record.fraction for record in records] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    for one, same in zip(records, again, strict=True):
        np.testing.assert_array_equal(one.surface, same.surface)
    with pytest.raises(ValueError, match="-1 neurons"):
        next(learn(points("0 or 1"), -1, "tanh", seed=0))
