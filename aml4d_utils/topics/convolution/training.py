"""A small CNN that learns its kernels while you watch.

Two convolution layers and one dense layer, in the manner of LeNet-5 [1]_, with ReLU and max
pooling; trained by stochastic gradient descent with Adam [2]_.

References
----------
.. [1] Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, "Gradient-based learning applied to document
   recognition", Proceedings of the IEEE 86(11), 1998.
.. [2] D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from aml4d_utils.nets.grey_batches import accuracy, to_batch
from aml4d_utils.nets.one_thread import on_one_thread

CHANNELS = 8
KERNEL = 5


class SmallCNN(nn.Module):
    """28 × 28 grey pixels → 8 maps → 16 maps → 10 classes; 9,226 parameters.

    ``first`` and ``second`` are the convolutions, ``dense`` is the read-out.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, CHANNELS, KERNEL, padding=KERNEL // 2)
        self.second = nn.Conv2d(CHANNELS, 16, 3, padding=1)
        self.dense = nn.Linear(16 * 7 * 7, 10)

    def maps(self, images: torch.Tensor) -> torch.Tensor:
        """Return the first layer's feature maps (B, 8, 28, 28) after ReLU."""
        return functional.relu(self.first(images))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return logits (B, 10) for images (B, 1, 28, 28) in [0, 1]."""
        # The largest value after ReLU is the ReLU of the largest one: the same, a third faster.
        pooled = functional.relu(functional.max_pool2d(self.first(images), 2))
        pooled = functional.relu(functional.max_pool2d(self.second(pooled), 2))
        return self.dense(pooled.flatten(1))


@dataclass(frozen=True)
class TrainingStep:
    """What there is to see after one batch.

    Attributes
    ----------
    step : int
        Batches so far.
    fraction : float
        Share of all batches, 0 to 1.
    examples : int
        Images seen so far, repetitions included.
    loss : float
        Mean cross-entropy of this batch, in nats.
    accuracy : float
        On the held-out images, at the last look; 0.1 is chance.
    kernels : ndarray (8, 5, 5), float32
    maps : ndarray (8, 28, 28), float32
        The first layer's answer to ``example``.
    example : ndarray (28, 28), float32 in [0, 1]
    history : ndarray (looks, 3), float64
        Columns: examples, mean loss since the last look, accuracy on the held-out images.
    """

    step: int
    fraction: float
    examples: int
    loss: float
    accuracy: float
    kernels: np.ndarray
    maps: np.ndarray
    example: np.ndarray
    history: np.ndarray


@on_one_thread
def train(
    net: SmallCNN,
    images: np.ndarray,
    labels: np.ndarray,
    test_images: np.ndarray,
    test_labels: np.ndarray,
    *,
    generator: torch.Generator,
    epochs: int = 3,
    batch_size: int = 64,
    learning_rate: float = 2e-3,
    look_every: int = 40,
) -> Iterator[TrainingStep]:
    """Train and yield a record after every batch.

    Parameters
    ----------
    net : SmallCNN
        Changed in place.
    images : ndarray (N, 28, 28), uint8
    labels : ndarray (N,), int
    test_images, test_labels : ndarray
        Held-out images on which accuracy is measured; never trained on.
    generator : torch.Generator
        Decides the order of the images.
    epochs, batch_size, learning_rate
        How often each image is seen, how many at once, how large Adam's steps are.
    look_every : int
        Batches between two measurements of the accuracy.

    Raises
    ------
    ValueError
        If images and labels have different lengths, or there is nothing to train or test on.
    """
    _check_pairs("train on", images, labels)
    _check_pairs("test on", test_images, test_labels)
    targets = torch.as_tensor(labels).long()
    held_out, truth = to_batch(test_images), torch.as_tensor(test_labels)
    net.to(memory_format=torch.channels_last)  # the same sums in less time
    optimiser = torch.optim.Adam(net.parameters(), lr=learning_rate)
    total = epochs * -(-len(images) // batch_size)
    history: list[tuple[float, float, float]] = []
    losses: list[float] = []
    step = examples = 0
    for _ in range(epochs):
        order = torch.randperm(len(images), generator=generator)
        for chosen in order.split(batch_size):
            batch = to_batch(images[chosen.numpy()])
            loss = functional.cross_entropy(net(batch), targets[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            step, examples = step + 1, examples + len(chosen)
            losses.append(loss.item())
            if step % look_every == 0 or step in (1, total):
                history.append((examples, float(np.mean(losses)), accuracy(net, held_out, truth)))
                losses = []
            yield _record(net, held_out[:1], step, total, examples, loss.item(), history)


def _check_pairs(use: str, images: np.ndarray, labels: np.ndarray) -> None:
    if len(images) != len(labels) or len(images) == 0:
        raise ValueError(f"There are {len(images)} images and {len(labels)} labels to {use}.")


def _record(
    net: SmallCNN,
    example: torch.Tensor,
    step: int,
    total: int,
    examples: int,
    loss: float,
    history: list[tuple[float, float, float]],
) -> TrainingStep:
    with torch.no_grad():
        maps = net.maps(example)[0].numpy()
    return TrainingStep(
        step=step,
        fraction=step / total,
        examples=examples,
        loss=loss,
        accuracy=history[-1][2],
        kernels=net.first.weight.detach()[:, 0].numpy().copy(),
        maps=maps,
        example=example[0, 0].numpy(),
        history=np.array(history),
    )
