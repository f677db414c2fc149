"""Scenes in which every face is known: held-out faces among things on photos without faces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aml4d_utils import images

SIZE = (240, 320)
"""Height and width of a scene in pixels."""
GROUNDS = ("flower", "retina", "hubble_deep_field")
"""Photos without a face from which no detector of the course has learned."""
THINGS = ("fruit", "vegetables", "tools", "instruments", "vehicles", "sports", "household")
WITH_A_FACE = ("doll", "teddy bear", "rubber duck", "wooden figure")
"""Household things that have a kind of face and are left out."""
ASTRONAUT = (168.0, 66.0, 287.0, 186.0)
"""The astronaut's face in her photo of 512 pixels, drawn by hand: eyes and mouth lie in the box
where they lie in the mean of the training faces."""

_A_SCENE = 4
_TRIES = 400


@dataclass(frozen=True)
class FaceScene:
    """A grey picture and the faces in it.

    Attributes
    ----------
    name : str
    image : ndarray (H, W, 3), float32 in [0, 1]
        Three equal channels.
    boxes : ndarray (N, 4), float32
        x0, y0, x1, y1 around each face, as the 25 × 25 pictures are cut.
    """

    name: str
    image: np.ndarray
    boxes: np.ndarray


def face_scenes(
    faces: np.ndarray,
    rng: np.random.Generator,
    sizes: tuple[float, float] = (44, 88),
    things: int = 4,
) -> list[FaceScene]:
    """Compose scenes that show each face once, four in a scene.

    Parameters
    ----------
    faces : ndarray (N, 25, 25), float in [0, 1]
    rng : numpy.random.Generator
    sizes : tuple of 2 float
        Smallest and largest side of a face, in pixels.
    things : int
        Cut-outs without a face in each scene, behind the faces.

    Returns
    -------
    list of FaceScene

    Raises
    ------
    ValueError
        If there is no face, or the faces find no place.

    Examples
    --------
    >>> scenes = face_scenes(images.faces().test_faces[:6], np.random.default_rng(0))
    >>> [len(scene.boxes) for scene in scenes]
    [4, 2]
    """
    if len(faces) == 0:
        raise ValueError("Expected at least one face, but got none.")
    order = rng.permutation(len(faces))
    scenes = []
    for number, first in enumerate(range(0, len(faces), _A_SCENE)):
        chosen = faces[order[first : first + _A_SCENE]]
        ground = _ground(GROUNDS[number % len(GROUNDS)], rng)
        image = _with_things(ground, things, rng)
        boxes = _places(len(chosen), sizes, rng)
        for face, box in zip(chosen, boxes, strict=True):
            paste(image, face, box)
        scenes.append(FaceScene(f"scene {number + 1}", _in_grey(image), boxes))
    return scenes


def astronaut_scene() -> FaceScene:
    """Return the astronaut's photo, in grey and with 384 pixels a side, and her face.

    Examples
    --------
    >>> astronaut_scene().boxes.round().tolist()
    [[126.0, 50.0, 215.0, 140.0]]
    """
    image = images.fit(images.photo("astronaut"), 384)
    box = np.array([ASTRONAUT], dtype=np.float32) * (384 / 512)
    return FaceScene("astronaut", _in_grey(image), box)


def plain_scenes(faces: np.ndarray, side: int = 56) -> list[FaceScene]:
    """Lay faces out on plain grey, twelve in a scene: to learn how a detector draws its boxes.

    Parameters
    ----------
    faces : ndarray (N, 25, 25), float in [0, 1]
    side : int
        Of each face, in pixels.
    """
    scenes = []
    for first in range(0, len(faces), 12):
        image = np.full((*SIZE, 3), 0.5, dtype=np.float32)
        boxes = []
        for index, face in enumerate(faces[first : first + 12]):
            row, col = divmod(index, 4)
            box = np.array([12 + 80 * col, 12 + 80 * row] * 2, dtype=np.float32)
            box[2:] += side
            paste(image, face, box)
            boxes.append(box)
        scenes.append(FaceScene(f"plain {first // 12 + 1}", image, np.array(boxes)))
    return scenes


def paste(image: np.ndarray, face: np.ndarray, box: np.ndarray) -> None:
    """Put a face into a picture, in place; its outermost tenth fades into the ground.

    Parameters
    ----------
    image : ndarray (H, W, 3), float32 in [0, 1]
    face : ndarray (25, 25), float in [0, 1]
    box : ndarray (4,)
        x0, y0, x1, y1, whole pixels inside the picture.
    """
    import cv2

    x0, y0, x1, y1 = (int(end) for end in box)
    large = cv2.resize(
        np.asarray(face, dtype=np.float32), (x1 - x0, y1 - y0), interpolation=cv2.INTER_CUBIC
    )
    ramps = []
    for length in large.shape:
        from_edge = np.minimum(np.arange(length), np.arange(length)[::-1]) + 0.5
        ramps.append(np.clip(from_edge / (0.1 * length), 0, 1))
    share = np.outer(*ramps)[..., None].astype(np.float32)
    part = image[y0:y1, x0:x1]
    part[:] = share * np.clip(large, 0, 1)[..., None] + (1 - share) * part


def _ground(name: str, rng: np.random.Generator) -> np.ndarray:
    photo = images.fit(images.photo(name), 640)
    top = rng.integers(0, photo.shape[0] - SIZE[0] + 1)
    left = rng.integers(0, photo.shape[1] - SIZE[1] + 1)
    return photo[top : top + SIZE[0], left : left + SIZE[1]]


def _with_things(ground: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    known = [
        cutout
        for category in THINGS
        for cutout in images.cutouts(category)
        if cutout.name not in WITH_A_FACE
    ]
    placements = []
    for index in rng.choice(len(known), count, replace=False):
        row, col = (rng.uniform(0.15, 0.85) * side for side in SIZE)
        length = float(rng.uniform(70, 150))
        placements.append(images.Placement(known[index], float(row), float(col), length))
    return images.compose(images.Layout(ground, tuple(placements))).image


def _places(count: int, sizes: tuple[float, float], rng: np.random.Generator) -> np.ndarray:
    """Return square boxes that do not touch, with whole sides drawn evenly on a log scale."""
    boxes: list[np.ndarray] = []
    for _ in range(_TRIES):
        side = round(float(np.exp(rng.uniform(*np.log(sizes)))))
        top, left = (int(rng.integers(2, length - side - 1)) for length in SIZE)
        box = np.array([left, top, left + side, top + side], dtype=np.float32)
        if all(_apart(box, other) for other in boxes):
            boxes.append(box)
        if len(boxes) == count:
            return np.array(boxes)
    raise ValueError(f"{count} faces of up to {sizes[1]} pixels find no place in a scene.")


def _apart(first: np.ndarray, second: np.ndarray, gap: int = 6) -> bool:
    over = np.minimum(first[2:], second[2:]) - np.maximum(first[:2], second[:2])
    return bool((over < -gap).any())


def _in_grey(image: np.ndarray) -> np.ndarray:
    return np.repeat(images.grey(image)[..., None], 3, axis=2).astype(np.float32)
