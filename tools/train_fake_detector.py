"""Train the detector of fakes of lesson 13.

    python tools/train_fake_detector.py

It learns to tell the 60 real training faces of scikit-image from 3,000 faces of the course's
generator, brought to the same form. About two minutes on one core; the same seed gives the same
file on the same machine and build of PyTorch.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from aml4d_utils import images  # noqa: E402
from aml4d_utils.nets.fake_detector import FakeDetector  # noqa: E402
from aml4d_utils.topics.deepfakes.makers import invented  # noqa: E402
from aml4d_utils.topics.deepfakes.small_faces import as_small_faces, normalised  # noqa: E402
from asset_build.trained import Trainer  # noqa: E402

SEED = 13
FAKES = 3000
STEPS = 1500
BATCH = 32


def moved(faces: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return faces half of which are mirrored, all shifted by up to two pixels."""
    flipped = np.where(rng.random((len(faces), 1, 1)) < 0.5, faces[:, :, ::-1], faces)
    padded = np.pad(flipped, ((0, 0), (2, 2), (2, 2)), mode="edge")
    side, places = faces.shape[1], rng.integers(0, 5, (len(faces), 2))
    return np.stack(
        [
            face[top : top + side, left : left + side]
            for face, (top, left) in zip(padded, places, strict=True)
        ]
    )


def train(real: np.ndarray, fake: np.ndarray) -> FakeDetector:
    """Train a detector on batches of which half are real."""
    rng = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    net = FakeDetector()
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-2)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=STEPS)
    truth = torch.cat([torch.zeros(BATCH), torch.ones(BATCH)])
    losses = []
    for step in range(1, STEPS + 1):
        chosen = [faces[rng.integers(len(faces), size=BATCH)] for faces in (real, fake)]
        batch = normalised(moved(np.concatenate(chosen), rng))
        loss = F.binary_cross_entropy_with_logits(
            net(torch.from_numpy(batch).float()[:, None]), truth
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if step % 250 == 0:
            print(f"{step}: loss {np.mean(losses[-250:]):.3f}", flush=True)
    return net.eval()


def main() -> None:
    """Train, write the weights and their line in the list."""
    torch.set_num_threads(1)
    real = images.faces().train_faces
    fake = as_small_faces(invented(FAKES, torch.Generator().manual_seed(SEED)))
    started = time.process_time()
    net = train(real, fake)
    Trainer(
        Path(__file__),
        SEED,
        "MIT; learned from 60 faces of scikit-image's lfw_subset and from "
        "weights/dcgan_faces.safetensors",
    ).keep(
        "fake_detector",
        net.state_dict(),
        f"Trained on 60 real and {FAKES:,} generated faces, {STEPS:,} steps of 2 × {BATCH}",
        time.process_time() - started,
    )


if __name__ == "__main__":
    main()
