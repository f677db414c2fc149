"""Train the three small CNNs of lesson 10 and record them in the list of data files.

    python tools/train_small_cnns.py

Lesson 07's small CNN learns 20,000 pictures of Fashion-MNIST three times: as they are, shifted,
turned and resized anew each time, and attacked anew each time. About four minutes on one core; the
same seed gives the same files on the same machine and build of PyTorch. The 10,000 test pictures
are looked at once, at the end.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from aml4d_utils import images  # noqa: E402
from aml4d_utils.nets.grey_batches import accuracy, to_batch  # noqa: E402
from aml4d_utils.topics.augmentation import variations  # noqa: E402
from aml4d_utils.topics.augmentation.robust_training import train_robust, under_attack  # noqa: E402
from aml4d_utils.topics.convolution.training import SmallCNN  # noqa: E402
from asset_build.trained import Trainer  # noqa: E402

SEED = 10
EPSILON = 0.1
EPOCHS = {"plain": 4, "augmented": 12, "robust": 6}
VARIED = variations.several(variations.shifts(4), variations.turns(30), variations.sizes(0.25))


def fresh() -> SmallCNN:
    """Return the network before it has learned."""
    torch.manual_seed(SEED)
    return SmallCNN()


def train_on(pictures, labels, variation, epochs) -> SmallCNN:
    """Train on pictures that are varied anew every time."""
    net, generator = fresh(), torch.Generator().manual_seed(SEED)
    optimiser = torch.optim.Adam(net.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.LinearLR(optimiser, 1, 0.05, epochs)
    for epoch in range(epochs):
        for chosen in torch.randperm(len(labels), generator=generator).split(64):
            batch = variation.vary(pictures[chosen], generator)
            loss = functional.cross_entropy(net(batch), labels[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        schedule.step()
        print(f"{variation.name}: epoch {epoch + 1}, loss {loss.item():.3f}", flush=True)
    return net.eval()


def train_attacked(pictures, labels, epochs) -> SmallCNN:
    """Train on attacked pictures."""
    net, generator = fresh(), torch.Generator().manual_seed(SEED)
    for step in train_robust(
        net, pictures, labels, epsilon=EPSILON, generator=generator, epochs=epochs
    ):
        if step.step % 300 == 0:
            print(f"robust: {step.fraction:4.0%}, loss {step.loss:.3f}", flush=True)
    return net.eval()


def main() -> None:
    """Train, write the weights and their lines in the list, and say how good they are."""
    torch.set_num_threads(1)
    fashion = images.fashion_mnist()
    pictures, labels = to_batch(fashion.train_images), torch.as_tensor(fashion.train_labels).long()
    tests, truth = to_batch(fashion.test_images), torch.as_tensor(fashion.test_labels).long()
    trained, seconds = {}, {}
    for name, train in {
        "plain": lambda: train_on(pictures, labels, variations.several(), EPOCHS["plain"]),
        "augmented": lambda: train_on(pictures, labels, VARIED, EPOCHS["augmented"]),
        "robust": lambda: train_attacked(pictures, labels, EPOCHS["robust"]),
    }.items():
        started = time.process_time()
        trained[name] = train()
        seconds[name] = time.process_time() - started
    trainer = Trainer(Path(__file__), SEED, "MIT; learned from Fashion-MNIST (Zalando, MIT)")
    for name, net in trained.items():
        *_, attacked = under_attack(
            net,
            tests[:2000],
            truth[:2000],
            (0.0, EPSILON),
            generator=torch.Generator().manual_seed(SEED),
        )
        print(f"{name}: clean {accuracy(net, tests, truth):.1%}, PGD-20 {attacked.shares[1]:.1%}")
        how = f"Trained on 20,000 pictures of Fashion-MNIST, {EPOCHS[name]} epochs"
        trainer.keep(f"fashion_cnn_{name}", net.state_dict(), how, seconds[name], np.float32)


if __name__ == "__main__":
    main()
