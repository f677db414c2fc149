"""Train the face swap of lesson 13: one encoder, two decoders, two persons who are nobody.

    python tools/train_face_swap.py

The pictures come from the course's own generator of faces. A person is an anchor among the
generator's 100 numbers, chosen by eye, and what lies close around it. Each decoder learns to
straighten and paint only its own person; the encoder serves both. About ten minutes on one core;
the same seed gives the same file on the same machine and build of PyTorch.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from aml4d_utils.nets import load  # noqa: E402
from aml4d_utils.nets.face_swap import SIDE, FaceSwap  # noqa: E402
from asset_build.trained import Trainer  # noqa: E402

SEED = 13
DRAWN, CHOSEN = 120, (41, 80)
"""Of 120 random faces these two were chosen by eye: seen from the front, and unlike each other."""

SPREAD = 0.35
FACES = 1500
STEPS = 3000
BATCH = 8


def warped(faces: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """Return the faces (B, 3, 64, 64) bent a little, each in its own way."""
    coarse = torch.randn(len(faces), 2, 5, 5, generator=generator) * 0.035
    bend = F.interpolate(coarse, size=(SIDE, SIDE), mode="bicubic", align_corners=True)
    size = 1 + 0.05 * torch.randn(len(faces), 1, 1, generator=generator)
    moved = 0.04 * torch.randn(len(faces), 2, 1, generator=generator)
    affine = torch.cat([torch.eye(2) * size, moved], dim=2)
    grid = F.affine_grid(affine, faces.shape, align_corners=False) + bend.permute(0, 2, 3, 1)
    return F.grid_sample(faces, grid, padding_mode="reflection", align_corners=False)


def distance(painted: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """Return the mean absolute error of the colours, and of their steps from pixel to pixel."""
    total = F.l1_loss(painted, true)
    for axis in (2, 3):
        total = total + F.l1_loss(painted.diff(dim=axis), true.diff(dim=axis))
    return total


def main() -> None:
    """Make the persons, train, write the weights and their line in the list."""
    torch.set_num_threads(1)
    generator = torch.Generator().manual_seed(SEED)
    drawn = torch.randn(DRAWN, 100, 1, 1, generator=generator)
    anchors = drawn[list(CHOSEN)].flatten(1)
    maker = load("dcgan_faces", "cpu")
    persons = []
    for anchor in anchors:
        noise = SPREAD * torch.randn(FACES, 100, generator=generator)
        with torch.inference_mode():
            parts = [maker(part[:, :, None, None]) for part in (anchor + noise).split(100)]
        persons.append((torch.cat(parts).clone() + 1) / 2)
    torch.manual_seed(SEED)
    net = FaceSwap()
    net.anchors.copy_(anchors)
    optimiser = torch.optim.Adam(net.parameters(), lr=5e-4, betas=(0.5, 0.99))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-3, total_steps=STEPS)
    started, losses = time.process_time(), []
    for step in range(1, STEPS + 1):
        loss = 0.0
        for person, faces in enumerate(persons):
            true = faces[torch.randint(FACES, (BATCH,), generator=generator)]
            flipped = torch.rand(BATCH, 1, 1, 1, generator=generator) < 0.5
            true = torch.where(flipped, true.flip(3), true)
            loss = loss + distance(net(warped(true, generator), person), true)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if step % 100 == 0:
            spent = time.process_time() - started
            print(f"{step}: {np.mean(losses[-100:]):.4f}, {spent:.0f} CPU-s", flush=True)
    Trainer(
        Path(__file__),
        SEED,
        "MIT; learned from faces of weights/dcgan_faces.safetensors, which are nobody's",
    ).keep(
        "face_swap",
        net.state_dict(),
        f"Trained on {FACES:,} faces of each of two persons, {STEPS:,} steps of 2 × {BATCH}",
        time.process_time() - started,
    )


if __name__ == "__main__":
    main()
