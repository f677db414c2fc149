"""The detector of lesson 03: a camera's frame, a sweep of conditions, every control."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator

import numpy as np
from PIL import Image

from aml4d_utils import images, nets
from aml4d_utils.topics.detector import explorers
from aml4d_utils.topics.detector.condition_sweep import HARDSHIPS, sweep_conditions
from aml4d_utils.topics.detector.known_scenes import SUBJECTS, plan_scenes
from aml4d_utils.topics.detector.open_world import ask, wordless
from aml4d_utils.widgets import Camera
from benchmarks.callbacks import moves
from benchmarks.measure import Row, repeat, scaled

FRAME_MS, LEAST_PER_SECOND, SWEEP_S = 80, 10, 60
CONDITIONS = ("size", "blur", "darkness", "noise", "clutter", "rotation")


def _frame(longest: int) -> bytes:
    memory = io.BytesIO()
    photo = images.as_uint8(images.fit(images.photo("motorcycle"), longest))
    Image.fromarray(photo).save(memory, "JPEG", quality=80)
    return memory.getvalue()


def _camera() -> tuple[Camera, object]:
    explorer = explorers.camera_explorer()
    parts = [explorer.widget]
    while not isinstance(parts[0], Camera):
        parts = [*parts[1:], *getattr(parts[0], "children", ())]
    return parts[0], explorer


def rows() -> Iterator[Row]:
    """Look at frames as the camera sends them, sweep 6 × 5 × 24 scenes, move every control."""
    photo = images.photo("motorcycle")
    for size in (320, 416):
        times = repeat(lambda size=size: nets.detect(photo, size=size), 30, 3)
        yield Row(f"a photo of 741 pixels seen at {size}", scaled(times, 1000), "ms")
    camera, explorer = _camera()
    jpeg = _frame(320)
    for words, trouble in (
        ("as it is", {}),
        ("all conditions", {"share": 0.8, "blur": 1.0, "smear": 5, "light": 0.5, "noise": 0.1,
                            "quality": 50}),
    ):  # fmt: skip
        explorer.set(**trouble)
        times = repeat(lambda: camera._hear_frame({}, [jpeg]), 40, 3)
        yield Row(f"frame of 320 pixels → boxes, {words}", scaled(times, 1000), "ms", FRAME_MS)
        yield Row(f"  frames a second, {words} (≥ {LEAST_PER_SECOND})", (len(times) / sum(times),),
                  "1/s")  # fmt: skip
    for kind in SUBJECTS:
        plans = plan_scenes(np.random.default_rng(3), 24, kind)
        started = time.perf_counter()
        *_, report = sweep_conditions(plans, CONDITIONS)
        pictures = 24 * sum(len(HARDSHIPS[name].values) for name in CONDITIONS)
        yield Row(
            f"{pictures} pictures of {kind}, recall {report['size'].recall[0]:.0%} at first",
            (time.perf_counter() - started,),
            "s",
            SWEEP_S,
        )
    started = time.perf_counter()
    tools = wordless("tools")
    *_, world = ask(tools, 0.3)
    words = f"{len(tools)} tools without a word, {len(world.named)} named"
    yield Row(words, (time.perf_counter() - started,), "s")
    yield from moves(explorers.pipeline_explorer(), "detector opened")
    yield from moves(explorers.suppression_explorer(), "suppression")
    yield from moves(explorers.camera_explorer(), "camera in bad conditions", FRAME_MS)
