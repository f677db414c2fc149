"""Train the small net of lesson 13 that makes pictures four times larger.

    python tools/train_small_upscaler.py

It learns to undo bicubic shrinking on photos of GCompris that the course never shows; the measure
is the mean squared error, so it learns to be least wrong on average. About three minutes on one
core; the same seed gives the same file on the same machine and build of PyTorch.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from aml4d_utils.nets.small_upscaler import FACTOR, SmallUpscaler  # noqa: E402
from asset_build.gcompris import GCOMPRIS, training_photos  # noqa: E402
from asset_build.trained import Trainer  # noqa: E402
from build_assets import _default_cache  # noqa: E402

SEED = 13
STEPS = 3000
SIDE = 96
BATCH = 8
LONGEST = 640


def patches(photos: list[torch.Tensor], generator: torch.Generator) -> torch.Tensor:
    """Return a batch of squares cut at random, half of them mirrored."""
    cut = []
    for _ in range(BATCH):
        photo = photos[int(torch.randint(len(photos), (), generator=generator))]
        top, left = (
            int(torch.randint(side - SIDE + 1, (), generator=generator)) for side in photo.shape[1:]
        )
        square = photo[:, top : top + SIDE, left : left + SIDE]
        cut.append(square.flip(2) if torch.rand((), generator=generator) < 0.5 else square)
    return torch.stack(cut)


def main() -> None:
    """Train, write the weights and their line in the list."""
    torch.set_num_threads(1)
    photos = []
    for photo in training_photos(_default_cache()):
        # Shrunk first: what a camera or an archive blurred and compressed is sharp again.
        photo.thumbnail((LONGEST, LONGEST))
        if min(photo.size) >= SIDE:
            photos.append(torch.from_numpy(np.array(photo)).permute(2, 0, 1).float() / 255)
    print(f"{len(photos)} photos", flush=True)
    generator = torch.Generator().manual_seed(SEED)
    torch.manual_seed(SEED)
    net = SmallUpscaler()
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    started, losses = time.process_time(), []
    for step in range(1, STEPS + 1):
        large = patches(photos, generator)
        small = F.interpolate(large, scale_factor=1 / FACTOR, mode="bicubic", antialias=True)
        loss = F.mse_loss(net(small.clamp(0, 1)), large)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
        if step % 250 == 0:
            spent = time.process_time() - started
            error = np.mean(losses[-250:])
            print(f"{step}: {-10 * np.log10(error):.2f} dB, {spent:.0f} CPU-s", flush=True)
    Trainer(
        Path(__file__),
        SEED,
        f"MIT; learned from {len(photos)} photos of {GCOMPRIS.name} {GCOMPRIS.version} "
        "(public domain, CC0, CC BY and CC BY-SA)",
    ).keep(
        "small_upscaler",
        net.state_dict(),
        f"Trained on squared error, {STEPS:,} steps of {BATCH} squares of {SIDE} × {SIDE} pixels",
        time.process_time() - started,
    )


if __name__ == "__main__":
    main()
