"""Operations on filters of the real network: what changes, what must not, and by how much."""

import hashlib

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aml4d_utils import nets
from aml4d_utils.topics.convolution.first_layer import forward_pass
from aml4d_utils.topics.convolution.surgery import (
    FILTERS,
    LAPLACIAN,
    OPERATIONS,
    filter_effects,
    first_filters,
    operate,
    operated_weight,
)


def fingerprint(net):
    digest = hashlib.sha256()
    for name, values in sorted(net.state_dict().items()):
        digest.update(name.encode())
        digest.update(values.numpy().tobytes())
    return digest.hexdigest()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_network_itself_is_not_changed(net, photo, operation):
    before = fingerprint(net)
    operate(net, photo, (51, 3), operation)
    assert fingerprint(net) == before
    assert not net.training


def test_leaving_it_changes_nothing(net, photo):
    result = operate(net, photo, (51,), "leave it")
    assert result.distance == 0
    assert result.top_after == result.top_before
    np.testing.assert_array_equal(result.kernel_before, result.kernel_after)
    np.testing.assert_array_equal(result.map_before, result.map_after)
    np.testing.assert_array_equal(result.before, result.after)


def test_the_answer_before_is_the_networks(net, photo):
    result = operate(net, photo, (0,), "flip its sign")
    said = nets.classify("squeezenet1_1", photo, 5, net)
    assert list(result.names[:5]) == [p.label for p in said]
    np.testing.assert_allclose(result.before[:5], [p.probability for p in said], atol=1e-6)
    assert result.top_before == said[0].label


def test_a_filter_that_is_off_is_silent(net, photo):
    """Operate on a copy for good, and let a hook see what its first layer says."""
    victims = (51, 7)
    result = operate(net, photo, victims, "switch it off")
    assert not result.map_after.any()
    assert result.map_before.any()
    broken = nets.load("squeezenet1_1", device="cpu")
    seen = []
    handle = broken.features[0].register_forward_hook(lambda *call: seen.append(call[2]))
    with torch.no_grad():
        broken.features[0].weight[list(victims)] = 0
        broken.features[0].bias[list(victims)] = 0
        chances = broken(nets.preprocess("squeezenet1_1", photo, device="cpu")).softmax(1)[0]
    handle.remove()
    assert not seen[0][0, list(victims)].any()
    assert seen[0][0, 8].any()
    names = nets.labels("squeezenet1_1")
    np.testing.assert_allclose(
        result.after, [chances[names.index(name)] for name in result.names], atol=1e-6
    )
    assert result.top_after == names[int(chances.argmax())]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_shown_map_is_what_a_hook_sees(net, photo, operation):
    result = operate(net, photo, (12,), operation)
    seen = []
    handle = net.features[1].register_forward_hook(lambda *call: seen.append(call[2]))
    with torch.no_grad():
        net(nets.preprocess("squeezenet1_1", photo, device="cpu"))
    handle.remove()
    np.testing.assert_allclose(result.map_before, seen[0][0, 12], atol=1e-3)
    assert result.map_before.shape == (113, 113)


def test_more_filters_off_leave_less_of_the_answer(net, photo):
    few = operate(net, photo, (51,), "switch it off")
    all_off = operate(net, photo, tuple(range(FILTERS)), "switch it off")
    assert 0 < few.distance < all_off.distance <= 1
    assert all_off.top_after != all_off.top_before
    assert all_off.top_after in all_off.names


def test_distance_is_total_variation(net, photo):
    result = operate(net, photo, (51, 52, 53), "flip its sign")
    shown = np.abs(result.before - result.after).sum() / 2
    assert shown - 1e-6 <= result.distance <= 1
    assert result.distance > 0


# --- operated_weight -------------------------------------------------------------------------

WEIGHT = torch.randn(8, 3, 3, 3, generator=torch.Generator().manual_seed(1))


@given(st.sets(st.integers(0, 7)), st.sampled_from(OPERATIONS))
def test_other_filters_stay_and_the_original_too(filters, operation):
    original = WEIGHT.clone()
    result = operated_weight(WEIGHT, tuple(filters), operation)
    assert torch.equal(WEIGHT, original)
    others = [index for index in range(8) if index not in filters]
    assert torch.equal(result[others], WEIGHT[others])
    assert result.data_ptr() != WEIGHT.data_ptr()


@given(st.integers(0, 7))
def test_each_operation_does_what_it_says(index):
    kernel = WEIGHT[index]

    def after(operation):
        return operated_weight(WEIGHT, (index,), operation)[index]

    assert torch.equal(after("leave it"), kernel)
    assert not after("switch it off").any()
    assert torch.equal(after("flip its sign"), -kernel)
    shuffled = after("shuffle its weights")
    assert torch.equal(shuffled.flatten().sort().values, kernel.flatten().sort().values)
    assert not torch.equal(shuffled, kernel)
    assert torch.equal(shuffled, after("shuffle its weights"))
    laplacian = after("put in a Laplacian")
    assert laplacian.norm() == pytest.approx(float(kernel.norm()), rel=1e-5)
    assert laplacian.sum() == pytest.approx(0, abs=1e-5)
    for channel in laplacian:
        np.testing.assert_allclose(channel / channel[1, 1], LAPLACIAN / 4, atol=1e-6)


@pytest.mark.parametrize("filters", [(8,), (-1,), (0, 99)])
def test_unknown_filters_are_refused(filters):
    with pytest.raises(ValueError, match="numbered 0 to 7"):
        operated_weight(WEIGHT, filters, "leave it")


def test_unknown_operations_and_no_filters_are_refused(net, photo):
    with pytest.raises(ValueError, match="operations are leave it, .*; not 'remove'"):
        operate(net, photo, (0,), "remove")
    with pytest.raises(ValueError, match="at least one filter"):
        operate(net, photo, (), "leave it")
    with pytest.raises(ValueError, match=r"numbered 0 to 63; got \[64\]"):
        operate(net, photo, (64,), "leave it")


# --- all filters in turn ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def effects(net, photo):
    return list(filter_effects(net, photo))


def test_every_filter_gets_its_turn(effects):
    assert [effect.index for effect in effects] == list(range(FILTERS))
    assert [len(effect.distances) for effect in effects] == list(range(1, FILTERS + 1))
    assert effects[-1].fraction == 1
    assert len(effects[-1].after) == FILTERS
    np.testing.assert_array_equal(effects[20].distances, effects[-1].distances[:21])


@pytest.mark.parametrize("index", [0, 13, 51, 63])
def test_effects_are_those_of_single_operations(effects, net, photo, index):
    one = operate(net, photo, (index,), "switch it off")
    assert effects[-1].distances[index] == pytest.approx(one.distance, abs=1e-6)
    place = int(one.before.argmax())
    assert effects[-1].lead == one.names[place] == one.top_before
    assert effects[-1].before == pytest.approx(one.before[place], abs=1e-6)
    assert effects[-1].after[index] == pytest.approx(one.after[place], abs=1e-6)


def test_filters_come_as_rgb_pictures(net, photo):
    kernels = first_filters(net)
    assert kernels.shape == (FILTERS, 3, 3, 3)
    weight = net.features[0].weight.detach().numpy()
    for channel in range(3):
        np.testing.assert_array_equal(kernels[..., channel], weight[:, 2 - channel])
    result = operate(net, photo, (9,), "leave it")
    np.testing.assert_array_equal(result.kernel_before, kernels[9])


def test_a_look_is_the_networks_own_answer(net, photo):
    pixels = nets.preprocess("squeezenet1_1", photo, device="cpu")
    seen = forward_pass(net, pixels)
    with torch.no_grad():
        torch.testing.assert_close(seen.logits, net(pixels)[0])
        torch.testing.assert_close(seen.maps, net.features[:2](pixels)[0])
    assert not seen.logits.requires_grad
    assert seen.chances.sum() == pytest.approx(1, abs=1e-5)
