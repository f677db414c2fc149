"""The small CNN learns, its records say what happened, and a seed decides everything."""

import numpy as np
import pytest
import torch
from sklearn.metrics import accuracy_score
from torch import nn
from torch.nn import functional

from aml4d_utils import images
from aml4d_utils.nets.grey_batches import accuracy, to_batch
from aml4d_utils.topics.convolution.training import SmallCNN, train


@pytest.fixture(scope="module")
def garments():
    """Training images and labels, held-out images and labels; a small part of Fashion-MNIST."""
    data = images.fashion_mnist()
    return (
        data.train_images[:1500],
        data.train_labels[:1500],
        data.test_images[:300],
        data.test_labels[:300],
    )


def seeded(garments, seed=0, **settings):
    torch.manual_seed(seed)
    net = SmallCNN()
    generator = torch.Generator().manual_seed(seed)
    steps = list(train(net, *garments, generator=generator, **settings))
    return net, steps


@pytest.fixture(scope="module")
def trained(garments):
    return seeded(garments, epochs=2, batch_size=50, look_every=7)


def test_the_net_is_as_small_as_it_says():
    net = SmallCNN()
    assert sum(p.numel() for p in net.parameters()) == 9226
    assert "9,226 parameters" in SmallCNN.__doc__
    pictures = torch.rand(3, 1, 28, 28)
    assert net(pictures).shape == (3, 10)
    assert net.maps(pictures).shape == (3, 8, 28, 28)
    assert net.maps(pictures).min() >= 0


def test_to_pool_before_the_relu_changes_no_number():
    torch.manual_seed(0)
    net, pictures = SmallCNN(), torch.rand(3, 1, 28, 28).round()
    pooled = functional.max_pool2d(net.maps(pictures), 2)
    pooled = functional.max_pool2d(functional.relu(net.second(pooled)), 2)
    after = net.dense(pooled.flatten(1))
    slopes = [
        torch.autograd.grad(logits.square().sum(), net.first.weight)[0]
        for logits in (after, net(pictures))
    ]
    assert torch.equal(after, net(pictures))
    assert torch.equal(*slopes)


def test_it_learns(trained, garments):
    _, steps = trained
    losses = [step.loss for step in steps]
    assert np.mean(losses[-10:]) < 0.5 * np.mean(losses[:5])
    assert steps[-1].accuracy > 0.65
    assert steps[-1].accuracy > steps[0].accuracy + 0.3


def test_every_batch_gives_a_record(trained):
    _, steps = trained
    assert [step.step for step in steps] == list(range(1, 61))
    assert [step.examples for step in steps] == [50 * n for n in range(1, 61)]
    np.testing.assert_allclose([step.fraction for step in steps], np.arange(1, 61) / 60)


def test_the_history_agrees_with_the_records(trained):
    _, steps = trained
    looks = [1, *range(7, 60, 7), 60]
    history = steps[-1].history
    np.testing.assert_array_equal(history[:, 0], [50 * step for step in looks])
    begin = 0
    for look, (_, loss, right) in zip(looks, history, strict=True):
        since = [step.loss for step in steps[begin:look]]
        assert loss == pytest.approx(np.mean(since))
        assert right == steps[look - 1].accuracy
        begin = look
    for step in steps:
        assert len(step.history) == sum(look <= step.step for look in looks)


def test_records_keep_what_they_saw(trained, garments):
    net, steps = trained
    assert steps[0].kernels.shape == (8, 5, 5)
    assert not np.array_equal(steps[0].kernels, steps[1].kernels)
    np.testing.assert_array_equal(steps[-1].kernels, net.first.weight.detach()[:, 0])
    np.testing.assert_allclose(steps[-1].example, garments[2][0] / 255, atol=1e-7)
    with torch.no_grad():
        maps = net.maps(to_batch(garments[2][:1]))[0]
    np.testing.assert_array_equal(steps[-1].maps, maps)
    assert steps[-1].accuracy == accuracy(net, to_batch(garments[2]), torch.as_tensor(garments[3]))


def test_a_last_smaller_batch_counts(garments):
    part = [array[:130] for array in garments]
    _, steps = seeded(part, epochs=1, batch_size=50)
    assert [step.examples for step in steps] == [50, 100, 130]
    assert steps[-1].fraction == 1


def test_the_seed_decides_everything(garments):
    part = [array[:200] for array in garments]
    (_, first), (_, second) = (seeded(part, epochs=1, batch_size=32) for _ in range(2))
    for a, b in zip(first, second, strict=True):
        assert a.loss == b.loss
        np.testing.assert_array_equal(a.kernels, b.kernels)
        np.testing.assert_array_equal(a.history, b.history)
    _, other = seeded(part, seed=1, epochs=1, batch_size=32)
    assert other[-1].loss != first[-1].loss


def test_the_order_is_the_generators(garments):
    """torch's global generator has no say once the net is made."""
    part = [array[:100] for array in garments]
    losses = []
    for disturbance in (1, 2):
        torch.manual_seed(0)
        net = SmallCNN()
        torch.manual_seed(disturbance)
        generator = torch.Generator().manual_seed(0)
        losses.append([step.loss for step in train(net, *part, generator=generator, epochs=1)])
    assert losses[0] == losses[1]


def test_shuffled_labels_teach_nothing_about_held_out_images(garments):
    pictures, labels, *held_out = garments
    shuffled = np.random.default_rng(0).permutation(labels)
    _, steps = seeded((pictures, shuffled, *held_out), epochs=2)
    assert steps[-1].accuracy < 0.3


def test_held_out_images_are_not_trained_on(garments):
    """Other held-out images change the accuracy, never the weights."""
    part = [array[:100] for array in garments]
    with_others = [part[0], part[1], 255 - part[2], part[3]]
    (one, _), (other, _) = (seeded(data, epochs=1) for data in (part, with_others))
    for a, b in zip(one.parameters(), other.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
def test_labels_are_any_whole_numbers(garments, dtype):
    pictures, labels, test_images, test_labels = (array[:64] for array in garments)
    data = (pictures, labels.astype(dtype), test_images, test_labels.astype(dtype))
    _, steps = seeded(data, epochs=1)
    assert np.isfinite(steps[-1].loss)


@pytest.mark.parametrize(
    ("lengths", "words"),
    [
        ((10, 9, 5, 5), "There are 10 images and 9 labels to train on"),
        ((0, 0, 5, 5), "There are 0 images and 0 labels to train on"),
        ((10, 10, 5, 1), "There are 5 images and 1 labels to test on"),
        ((10, 10, 0, 0), "There are 0 images and 0 labels to test on"),
    ],
)
def test_unequal_or_no_data_is_refused(garments, lengths, words):
    part = [array[:length] for array, length in zip(garments, lengths, strict=True)]
    with pytest.raises(ValueError, match=words):
        seeded(part)


class Fixed(nn.Module):
    """Answers with the logits that it was given as input."""

    def forward(self, logits):
        return logits


@pytest.mark.parametrize("count", [1, 7, 1000, 2345])
def test_accuracy_is_scikit_learns(count):
    rng = np.random.default_rng(count)
    logits, labels = rng.normal(size=(count, 10)), rng.integers(10, size=count)
    ours = accuracy(Fixed(), torch.tensor(logits), torch.tensor(labels))
    assert ours == pytest.approx(accuracy_score(labels, logits.argmax(1)))


def test_to_batch():
    pictures = np.arange(2 * 28 * 28).reshape(2, 28, 28).astype(np.uint8)
    batch = to_batch(pictures)
    assert batch.shape == (2, 1, 28, 28)
    assert batch.dtype == torch.float32
    np.testing.assert_allclose(batch[:, 0], pictures / 255, atol=1e-7)
