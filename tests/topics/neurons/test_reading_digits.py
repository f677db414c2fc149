"""What the network makes of a picture, neuron by neuron; patches; strangers; sizes."""

import numpy as np
import pytest
from scipy import ndimage

from aml4d_utils import images
from aml4d_utils.topics.neurons.activations import sigmoid
from aml4d_utils.topics.neurons.digit_network import load_digit_network
from aml4d_utils.topics.neurons.reading_digits import patches, read, read_strangers
from aml4d_utils.topics.neurons.sizing import measure_network


@pytest.fixture(scope="module")
def network():
    return load_digit_network()


@pytest.fixture(scope="module")
def data():
    return images.mnist()


def test_every_neuron_adds_up(network, data):
    reading = read(network, data.test_images[5])
    for layer, size in enumerate(network.sizes[1:], start=1):
        for index in range(size):
            neuron = reading.neuron(layer, index)
            assert neuron.products.sum() + neuron.bias == pytest.approx(neuron.total)
            assert neuron.output == pytest.approx(float(sigmoid(neuron.total)))
            np.testing.assert_allclose(neuron.products, neuron.inputs * neuron.weights)
    assert reading.outputs[reading.answer] == reading.outputs.max()
    assert sorted(reading.ranking) == list(range(10))
    assert (np.diff(reading.outputs[reading.ranking]) <= 0).all()


@pytest.mark.parametrize(("layer", "index"), [(0, 0), (4, 0), (1, 16), (3, 10), (1, -1)])
def test_neurons_that_are_not_there(network, data, layer, index):
    with pytest.raises(ValueError, match="no neuron"):
        read(network, data.test_images[0]).neuron(layer, index)


def test_one_picture_at_a_time(network, data):
    with pytest.raises(ValueError, match="not 2"):
        read(network, data.test_images[:2])
    assert (
        read(network, data.test_images[0] / 255).answer == read(network, data.test_images[0]).answer
    )


def test_patches_are_counted_by_sign():
    picture = np.zeros((28, 28))
    picture[2:5, 2:5] = 1
    picture[2:5, 5:8] = -1
    picture[20:24, 20:24] = 0.9
    picture[26, 26] = 1
    assert patches(picture[None]).tolist() == [3]
    assert patches(np.stack([picture, -2 * picture])).tolist() == [3, 3]
    stroke = ndimage.gaussian_filter(np.eye(28), 1.0)
    assert patches(stroke[None]).tolist() == [1]


def test_weights_are_blotchy_and_digits_are_not(network, data):
    assert patches(network.weights[0]).mean() > 3
    assert patches(data.test_images[:50]).mean() < 1.2


def test_strangers(network, data):
    found = read_strangers(network, np.zeros((2, 28, 28)), ("a", "b"), data.test_images[:20])
    empty = read(network, np.zeros((28, 28)))
    assert found.answers.tolist() == [empty.answer] * 2
    np.testing.assert_allclose(found.strongest, empty.outputs.max())
    assert len(found.digits_strongest) == 20
    assert found.share_sure(0.0) == 1 and found.share_sure(1.1) == 0


def test_larger_networks_read_better_and_measuring_repeats_itself():
    small, few = measure_network((8,), "tanh")
    large, many = measure_network((64,), "tanh")
    assert (few, many) == (196 * 8 + 8 + 80 + 10, 196 * 64 + 64 + 640 + 10)
    assert 0.5 < small < 0.85 < large < 1
    assert measure_network([8], "tanh") == (small, few)
