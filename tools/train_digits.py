"""Train the digit network of lessons 14 and 15 and record it in the list of data files.

    python tools/train_digits.py

784–16–16–10 sigmoid neurons learn 8,000 handwritten digits of MNIST, each turned, shifted, slanted
and scaled a little every time it is seen, so that digits drawn on the page are read too. The 2,000
test digits are looked at once, at the end. About two minutes on one core; the same seed gives the
same file on the same machine and build of PyTorch.
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
from aml4d_utils.topics.neurons.digit_network import SIDE, SIZES, accuracy, as_inputs  # noqa: E402
from aml4d_utils.topics.neurons.digit_training import one_hot, train  # noqa: E402
from aml4d_utils.topics.neurons.network import Network, random_network  # noqa: E402
from asset_build.trained import Trainer  # noqa: E402

SEED = 14
EPOCHS = 120
TURN, SLANT, SCALE, SHIFT = 0.15, 0.09, 0.07, 0.07
"""Largest changes: radians, shear, share of the size, share of half the side."""


def varied(batch: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn, slant, scale and shift each digit (b, 784) a little."""
    turn, slant, scale, right, down = (
        rng.uniform(-most, most, len(batch)) for most in (TURN, SLANT, SCALE, SHIFT, SHIFT)
    )
    cosine, sine = np.cos(turn) * (1 + scale), np.sin(turn) * (1 + scale)
    places = np.array([[cosine, slant - sine, right], [sine, cosine, down]]).transpose(2, 0, 1)
    shape = (len(batch), 1, SIDE, SIDE)
    grid = functional.affine_grid(torch.from_numpy(places), shape, align_corners=False)
    moved = functional.grid_sample(
        torch.from_numpy(batch.reshape(shape)), grid, align_corners=False
    )
    return moved.numpy().reshape(batch.shape)


def trained() -> Network:
    """Return the network after all epochs."""
    digits = images.mnist()
    rng = np.random.default_rng(SEED)
    steps = train(
        random_network(SIZES, rng),
        as_inputs(digits.train_images),
        one_hot(digits.train_labels, 10),
        rng=rng,
        epochs=EPOCHS,
        learning_rate=0.01,
        weight_decay=0.03,
        vary=varied,
    )
    for step in steps:
        if step.step % 800 == 0:
            print(f"{step.fraction:4.0%}  cost {step.cost:.3f}", flush=True)
    return step.network


def main() -> None:
    """Train, write the weights and their line in the list, and say how good they are."""
    torch.set_num_threads(1)
    started = time.process_time()
    network = trained()
    seconds = time.process_time() - started
    stored = {}
    for k, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True), 1):
        stored |= {f"layer{k}.weight": weights, f"layer{k}.bias": biases}
    trainer = Trainer(
        Path(__file__), SEED, "MIT; learned from MNIST (LeCun and Cortes, CC BY-SA 3.0)"
    )
    how = f"Trained on 8,000 MNIST digits, {EPOCHS} epochs"
    trainer.keep("digits_mlp", stored, how, seconds, np.float32)
    digits = images.mnist()
    for part in ("train", "test"):
        pictures, labels = getattr(digits, f"{part}_images"), getattr(digits, f"{part}_labels")
        print(f"{part}: {accuracy(network, pictures, labels):.2%} of {len(labels)} are right")


if __name__ == "__main__":
    main()
