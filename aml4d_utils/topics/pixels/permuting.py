"""The permutation experiment: learners on pictures in order, and with their pixels dealt out.

One permutation is drawn and applied to every picture alike, so that nothing is lost: the same
numbers, at other places. A learner that does not use the neighbourhood of pixels cannot notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from aml4d_utils.images import FashionMNIST
from aml4d_utils.nets.grey_batches import accuracy, to_batch
from aml4d_utils.nets.one_thread import on_one_thread

IN_ORDER, PERMUTED = "in order", "permuted"
LEARNERS = ("linear", "MLP", "CNN")
SIDE, CLASSES = 28, 10


def permutation(pixels: int, rng: np.random.Generator) -> np.ndarray:
    """Return a random order of ``pixels`` places, ndarray (pixels,), int."""
    return rng.permutation(pixels)


def permute(pictures: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Deal the pixels of every picture out in the same order.

    Parameters
    ----------
    pictures : ndarray (N, H, W) or (H, W)
    order : ndarray (H * W,), int
        Place k of the new picture gets the pixel at place ``order[k]`` of the old one.

    Returns
    -------
    ndarray of the same shape and dtype

    Raises
    ------
    ValueError
        If ``order`` does not name each of the H · W places once.

    Examples
    --------
    >>> permute(np.array([[1, 2], [3, 4]]), np.array([3, 2, 1, 0])).tolist()
    [[4, 3], [2, 1]]
    """
    height, width = pictures.shape[-2:]
    if not np.array_equal(np.sort(order), np.arange(height * width)):
        raise ValueError(f"An order of {height} × {width} pixels names each place once.")
    flat = pictures.reshape(*pictures.shape[:-2], height * width)
    return flat[..., order].reshape(pictures.shape)


def linear() -> nn.Module:
    """Return 784 pixels → 10 sums of weighted pixels; 7,850 parameters."""
    return nn.Sequential(nn.Flatten(), nn.Linear(SIDE * SIDE, CLASSES))


def mlp() -> nn.Module:
    """Return 784 pixels → 64 neurons → 10; 50,890 parameters."""
    return nn.Sequential(
        nn.Flatten(), nn.Linear(SIDE * SIDE, 64), nn.ReLU(), nn.Linear(64, CLASSES)
    )


def cnn() -> nn.Module:
    """Return a small CNN that pools a lot: 12 maps, 24 maps, 10 classes; 5,098 parameters.

    The ReLU of the largest value is the largest one after ReLU: pooled first, there is less to do.
    """
    net = nn.Sequential(
        nn.Conv2d(1, 12, 5, padding=2),
        nn.MaxPool2d(4),
        nn.ReLU(),
        nn.Conv2d(12, 24, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(24 * 3 * 3, CLASSES),
    )
    return net.to(memory_format=torch.channels_last)


MAKERS: dict[str, Callable[[], nn.Module]] = {"linear": linear, "MLP": mlp, "CNN": cnn}


def parameters(net: nn.Module) -> int:
    """Return how many numbers a net learns."""
    return sum(values.numel() for values in net.parameters())


@dataclass(frozen=True)
class PermutationStep:
    """How far the six trainings are.

    Attributes
    ----------
    fraction : float
        Share of all batches, 0 to 1.
    seen : int
        Pictures each learner has seen, repetitions included.
    tested : int
        Held-out pictures on which accuracy is measured.
    looks : ndarray (L,), int
        ``seen`` at each look at the held-out pictures.
    accuracy : dict of (learner, kind) → ndarray (L,), float
        ``kind`` is "in order" or "permuted"; 0.1 is chance.
    nets : dict of (learner, kind) → nn.Module
        The nets themselves, in training.
    """

    fraction: float
    seen: int
    tested: int
    looks: np.ndarray
    accuracy: dict[tuple[str, str], np.ndarray]
    nets: dict[tuple[str, str], nn.Module]

    def last(self, learner: str, kind: str) -> float:
        """Return a learner's accuracy at the last look."""
        return float(self.accuracy[learner, kind][-1])

    def fall(self, learner: str) -> float:
        """Return how much accuracy the permutation costs a learner."""
        return self.last(learner, IN_ORDER) - self.last(learner, PERMUTED)


@on_one_thread
def experiment(
    data: FashionMNIST,
    order: np.ndarray,
    *,
    seed: int = 0,
    images: int = 8000,
    tested: int = 1000,
    epochs: int = 3,
    batch_size: int = 64,
    learning_rate: float = 4e-3,
    look_every: int = 40,
) -> Iterator[PermutationStep]:
    """Train three learners twice, on pictures in order and on permuted ones, side by side.

    Both nets of a learner start from the same weights and see the same pictures in the same order.

    Parameters
    ----------
    data : FashionMNIST
    order : ndarray (784,), int
        The permutation, one for all pictures.
    seed : int
        Decides the first weights and the order of the pictures.
    images, tested : int
        How many of the training pictures are used, and of the test pictures at each look. The
        last look is on all test pictures.
    epochs, batch_size, learning_rate
        How often each picture is seen, how many at once, how large Adam's steps are.
    look_every : int
        Batches between two looks.

    Yields
    ------
    PermutationStep
        After every batch that all six have learned from.
    """
    nets, optimisers = {}, {}
    for learner in LEARNERS:
        for kind in (IN_ORDER, PERMUTED):
            torch.manual_seed(seed)
            nets[learner, kind] = MAKERS[learner]()
            optimisers[learner, kind] = torch.optim.Adam(
                nets[learner, kind].parameters(), lr=learning_rate
            )
    train = _both(data.train_images[:images], order)
    test = _both(data.test_images, order)
    targets = torch.as_tensor(data.train_labels[:images])
    truth = torch.as_tensor(data.test_labels)
    generator = torch.Generator().manual_seed(seed)
    total = epochs * -(-images // batch_size)
    looks: list[int] = []
    found: dict[tuple[str, str], list[float]] = {key: [] for key in nets}
    step = seen = 0
    for _ in range(epochs):
        for chosen in torch.randperm(images, generator=generator).split(batch_size):
            for key, net in nets.items():
                loss = functional.cross_entropy(net(train[key[1]][chosen]), targets[chosen])
                optimisers[key].zero_grad()
                loss.backward()
                optimisers[key].step()
            step, seen = step + 1, seen + len(chosen)
            count = len(truth) if step == total else tested
            if step % look_every == 0 or step in (1, total):
                looks.append(seen)
                for key, net in nets.items():
                    found[key].append(accuracy(net, test[key[1]][:count], truth[:count]))
            yield PermutationStep(
                fraction=step / total,
                seen=seen,
                tested=count,
                looks=np.array(looks),
                accuracy={key: np.array(values) for key, values in found.items()},
                nets=nets,
            )


def _both(pictures: np.ndarray, order: np.ndarray) -> dict[str, torch.Tensor]:
    return {IN_ORDER: to_batch(pictures), PERMUTED: to_batch(permute(pictures, order))}
