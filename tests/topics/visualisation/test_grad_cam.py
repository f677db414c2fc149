"""Grad-CAM agrees with captum's."""

import captum.attr
import numpy as np
import pytest

from aml4d_utils import nets
from aml4d_utils.topics.visualisation.grad_cam import class_activation, grad_cam
from aml4d_utils.topics.visualisation.passing import squeezenet_chain


@pytest.mark.parametrize(("index", "layer", "module"), [(285, "fire9", 12), (281, "fire5", 7)])
def test_it_agrees_with_captum(net, photo, index, layer, module):
    pixels = nets.preprocess("squeezenet1_1", photo, "cpu")
    ours = grad_cam(squeezenet_chain(net).forward(pixels), index, layer)
    method = captum.attr.LayerGradCam(net, net.features[module])
    expected = method.attribute(
        pixels.clone().requires_grad_(True), target=index, relu_attributions=True
    )
    expected = expected[0, 0].detach().numpy()
    assert np.abs(ours.coarse - expected).max() <= 1e-4 * expected.max()
    assert ours.fine.shape == (227, 227)
    assert 0 <= ours.fine.min() and ours.fine.max() <= ours.coarse.max() * 1.0001


def test_two_animals_have_two_places(net):
    from aml4d_utils.topics.visualisation.collection import two_animals
    from aml4d_utils.topics.visualisation.projection import Looking

    trace = Looking(net, two_animals()).trace
    hen, ferret = (grad_cam(trace, index).fine for index in (8, 359))
    left = [found[:, :113].sum() / found.sum() for found in (hen, ferret)]
    assert left[0] > 0.55
    assert left[1] < left[0] - 0.15


def test_what_speaks_against_is_cut():
    maps = np.ones((2, 3, 3))
    gradients = np.stack([np.full((3, 3), 1.0), np.full((3, 3), -2.0)])
    assert not class_activation(maps, gradients).any()
    assert (class_activation(maps, gradients[::-1] * -1) == 1).all()
