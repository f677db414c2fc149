"""Write ``coco_reference.json``: seeded detection problems and what pycocotools says of them.

    python tests/topics/detection_metrics/coco_reference.py      (needs pycocotools 2.0.11)

pycocotools is COCO's own program. It is no package of the course, so its answers are kept here.
"""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_suffix(".json")
LEAST = (0.5, 0.75)


def boxes(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return random boxes (N, 4) as x0, y0, x1, y1 with one decimal."""
    corner = rng.uniform(0, 80, (count, 2))
    return np.concatenate([corner, corner + rng.uniform(8, 40, (count, 2))], axis=1).round(1)


def problem(seed: int) -> list[dict[str, list]]:
    """Return pictures with known boxes, and found ones that shake around them or are anywhere."""
    rng = np.random.default_rng(seed)
    pictures = []
    for _ in range(rng.integers(1, 6)):
        truth = boxes(rng, rng.integers(0, 6))
        near = truth[rng.random(len(truth)) < 0.8]
        near = np.concatenate([near, near[rng.random(len(near)) < 0.4]])
        found = np.concatenate(
            [near + rng.normal(0, 3, near.shape), boxes(rng, rng.integers(0, 5))]
        )
        scores = rng.random(len(found)).round(1 if seed % 3 == 0 else 4)
        pictures.append(
            {"truth": truth.tolist(), "found": found.round(1).tolist(), "scores": scores.tolist()}
        )
    return pictures


def answer(pictures: list[dict[str, list]], least: float) -> float:
    """Return COCO's average precision at one IoU."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    known, drawn = [], []
    for number, picture in enumerate(pictures, start=1):
        for x0, y0, x1, y1 in picture["truth"]:
            sides = [x0, y0, x1 - x0, y1 - y0]
            known.append({"id": len(known) + 1, "image_id": number, "category_id": 1,
                          "bbox": sides, "area": sides[2] * sides[3], "iscrowd": 0})  # fmt: skip
        for (x0, y0, x1, y1), score in zip(picture["found"], picture["scores"], strict=True):
            drawn.append({"image_id": number, "category_id": 1, "score": score,
                          "bbox": [x0, y0, x1 - x0, y1 - y0]})  # fmt: skip
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO()
        coco.dataset = {
            "images": [{"id": number + 1} for number in range(len(pictures))],
            "annotations": known,
            "categories": [{"id": 1, "name": "thing"}],
        }
        coco.createIndex()
        judge = COCOeval(coco, coco.loadRes(drawn), "bbox")
        judge.params.iouThrs = np.array([least])
        judge.params.areaRng, judge.params.areaRngLbl = [[0, 1e10]], ["all"]
        judge.params.maxDets = [100]
        judge.evaluate()
        judge.accumulate()
    return float(judge.eval["precision"][0, :, 0, 0, 0].mean())


def main() -> None:
    """Write the file; problems without anything to find or without a box are left out."""
    kept = []
    for seed in range(60):
        pictures = problem(seed)
        if any(p["truth"] for p in pictures) and any(p["found"] for p in pictures):
            kept.append({"pictures": pictures, "answers": [answer(pictures, t) for t in LEAST]})
    FILE.write_text(json.dumps({"least": LEAST, "problems": kept}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
