"""A camera for headless Chromium: a film made of the bundled photos.

``flags(clip)`` goes to the browser's command line; ``write_clip`` makes the film.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from aml4d_utils import images

HEIGHT, WIDTH = 480, 640
PER_SECOND = 20
_PHOTOS = ("chelsea", "coffee", "astronaut", "rocket")
_FRAMES_EACH = 10
_BAR = 40
_RED, _BLUE = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)


def flags(clip: Path | None) -> list[str]:
    """Return what makes Chromium play a film as its camera; without a film, a test pattern."""
    device = ["--use-fake-device-for-media-stream"]
    return device + ([f"--use-file-for-fake-video-capture={clip}"] if clip else [])


def write_clip(path: Path) -> Path:
    """Write an uncompressed film (Y4M): a slow pan over each photo, 640 × 480, 2 seconds.

    A red bar stands at the left edge and a blue one at the right, so that a mirrored frame or
    swapped channels show.
    """
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{PER_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for name in _PHOTOS:
            photo = images.resize(images.photo(name), HEIGHT + 5 * _FRAMES_EACH, WIDTH)
            for top in range(0, 5 * _FRAMES_EACH, 5):
                frame = photo[top : top + HEIGHT].copy()
                frame[:, :_BAR], frame[:, -_BAR:] = _RED, _BLUE
                file.write(b"FRAME\n" + _yuv(frame))
    return path


def _yuv(rgb: np.ndarray) -> bytes:
    """Return the planes Y, U, V of one frame, U and V at half size (BT.601, full range)."""
    red, green, blue = np.moveaxis(255 * rgb.astype(np.float64), 2, 0)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    chroma = [128 + 0.564 * (blue - luma), 128 + 0.713 * (red - luma)]
    halved = [c.reshape(HEIGHT // 2, 2, WIDTH // 2, 2).mean((1, 3)) for c in chroma]
    return b"".join(
        np.clip(np.rint(plane), 0, 255).astype(np.uint8).tobytes() for plane in [luma, *halved]
    )
