"""Keep a taught network in two files and read it again, trusting nothing.

``head.safetensors`` holds numbers only; ``labels.json`` says what they mean. Neither can hold a
program, unlike a pickled model. What is read is checked before it is used.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from aml4d_utils.topics.own_classes.photo_collection import as_own, checked_names
from aml4d_utils.topics.own_classes.teaching import BODY, Taught
from aml4d_utils.topics.transfer.linear_heads import LinearHead
from aml4d_utils.topics.transfer.tasks import SIDE
from aml4d_utils.topics.transfer.trained_bodies import Bodies, last_block

FORMAT, VERSION = "aml4d own classes", 1
NUMBERS, LABELS = "head.safetensors", "labels.json"
MOST_BYTES = 20_000_000
MOST_WORDS = 20_000


class OwnClassifier:
    """A network that knows one's own classes.

    Parameters
    ----------
    bodies : Bodies
    classes : tuple of str
    head : LinearHead
    top : nn.Module or None
        Lite0's last block as it was tuned, or None where it is the one of ``bodies``.
    """

    def __init__(self, bodies: Bodies, classes: tuple[str, ...], head: LinearHead, top=None):
        self.bodies = bodies
        self.classes = classes
        self.head = head
        self.top = top

    def chances(self, pictures: np.ndarray) -> np.ndarray:
        """Return the probability of each class (N, K) for pictures (N, SIDE, SIDE, 3), uint8.

        The bodies remember the pictures.
        """
        features = self.bodies.features(BODY, pictures)
        maps = None if self.top is None else self.bodies.maps(BODY, pictures)
        return self._judged(features, maps)

    def probabilities(self, image: np.ndarray) -> dict[str, float]:
        """Return the probability of each class for an image of any size."""
        look = self.bodies.glance(BODY, as_own(image))
        chances = self._judged(look.features[None], look.maps[None])[0]
        return {name: float(p) for name, p in zip(self.classes, chances, strict=True)}

    def _judged(self, features: np.ndarray, maps: np.ndarray | None) -> np.ndarray:
        if self.top is not None:
            device = next(self.top.parameters()).device
            with torch.inference_mode():
                tuned = self.top(torch.from_numpy(maps).to(device)).mean((2, 3))
            features = tuned.cpu().numpy()
        return self.head.probabilities(features)


def classifier(bodies: Bodies, taught: Taught) -> OwnClassifier:
    """Return what was taught as a network that answers."""
    return OwnClassifier(bodies, taught.collection.classes, taught.head, taught.top)


def save_bundle(folder: str | os.PathLike, taught: Taught) -> Path:
    """Write a taught network into a folder, which is made.

    Parameters
    ----------
    folder : str or path
        What it holds under the same two names is replaced.
    taught : Taught

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    model = classifier(Bodies(), taught)
    return save_model(folder, model, taught.collection.counts, taught.honest)


def save_model(
    folder: str | os.PathLike,
    model: OwnClassifier,
    counts: Sequence[int],
    honest: float | None = None,
) -> Path:
    """Write a network into a folder, which is made; :func:`load_bundle` reads it.

    Parameters
    ----------
    folder : str or path
    model : OwnClassifier
    counts : sequence of int
        Photos of each class that it learned from.
    honest : float, optional
        Its balanced accuracy, each burst judged without itself.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    from safetensors.numpy import save

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    numbers = {
        "weights": np.ascontiguousarray(model.head.weights, np.float32),
        "bias": np.ascontiguousarray(model.head.bias, np.float32),
    }
    if model.top is not None:
        numbers |= {f"top.{k}": v.cpu().numpy() for k, v in model.top.state_dict().items()}
    content = save(numbers)
    about = {
        "format": FORMAT,
        "version": VERSION,
        "body": BODY,
        "side": SIDE,
        "classes": list(model.classes),
        "photos": list(counts),
        "balanced accuracy": None if honest is None else round(honest, 4),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    (folder / NUMBERS).write_bytes(content)
    (folder / LABELS).write_text(json.dumps(about, indent=1, ensure_ascii=False), "utf-8")
    return folder


def load_bundle(folder: str | os.PathLike, bodies: Bodies) -> OwnClassifier:
    """Read what :func:`save_bundle` wrote.

    Parameters
    ----------
    folder : str or path
    bodies : Bodies

    Raises
    ------
    ValueError
        With a sentence, if a file is missing, too large, cut short, altered, of another version,
        or says what cannot be.

    Examples
    --------
    >>> load_bundle("no_such_folder", Bodies())
    Traceback (most recent call last):
    ...
    ValueError: There is no labels.json in no_such_folder: choose the folder that was saved.
    """
    folder = Path(folder)
    return read_bundle(
        bundle_file(folder, LABELS, MOST_WORDS), bundle_file(folder, NUMBERS, MOST_BYTES), bodies
    )


def read_bundle(labels: bytes | None, numbers: bytes | None, bodies: Bodies) -> OwnClassifier:
    """Read a saved network from the content of its two files.

    Parameters
    ----------
    labels, numbers : bytes or None
        Of ``labels.json`` and of ``head.safetensors``; None where a file is missing.
    bodies : Bodies

    Raises
    ------
    ValueError
        As :func:`load_bundle`.

    Examples
    --------
    >>> read_bundle(b"{}", None, Bodies())
    Traceback (most recent call last):
    ...
    ValueError: head.safetensors is missing: choose both files that were saved together.
    """
    for name, content, most in ((LABELS, labels, MOST_WORDS), (NUMBERS, numbers, MOST_BYTES)):
        if content is None:
            raise ValueError(f"{name} is missing: choose both files that were saved together.")
        refuse_large(name, content, most)
    about = _about(labels)
    if hashlib.sha256(numbers).hexdigest() != about["sha256"]:
        raise ValueError(
            f"{NUMBERS} is cut short or altered: it is not the file that {LABELS} belongs to. "
            "Save the network again."
        )
    found = numbers_of(numbers, NUMBERS)
    names = checked_names(about["classes"])
    top = _top(found, bodies)
    width = 1280
    _check_shapes(found, {"weights": (width, len(names)), "bias": (len(names),)})
    head = LinearHead(found["weights"].astype(np.float64), found["bias"].astype(np.float64))
    return OwnClassifier(bodies, names, head, top)


def bundle_file(folder: Path, name: str, most: int) -> bytes:
    """Return what a file of a bundle holds.

    Parameters
    ----------
    folder : Path
    name : str
    most : int
        Bytes; no more than one further byte of a larger file is read.

    Raises
    ------
    ValueError
        With a sentence, if there is none, or if it is larger.
    """
    try:
        with (folder / name).open("rb") as file:
            content = file.read(most + 1)  # One byte too many is enough to refuse it.
    except OSError:
        raise ValueError(
            f"There is no {name} in {folder}: choose the folder that was saved."
        ) from None
    refuse_large(name, content, most)
    return content


def refuse_large(name: str, content: bytes, most: int) -> None:
    """Raise a ValueError with a sentence, if a file holds more than so many bytes."""
    if len(content) > most:
        raise ValueError(f"{name} is larger than {most / 1e6:g} MB: it is not one of this course.")


def _about(content: bytes) -> Mapping[str, Any]:
    try:
        about = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ValueError(f"{LABELS} is damaged or cut short. Save the network again.") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise ValueError(f"{LABELS} does not say that it belongs to a network of this course.")
    if about.get("version") != VERSION:
        raise ValueError(
            f"This network was saved by another version of the course "
            f"({str(about.get('version')):.20}); this one reads version {VERSION}. Teach it again."
        )
    if about.get("body") != BODY or about.get("side") != SIDE:
        raise ValueError(f"{LABELS} asks for another body or another size than {BODY}, {SIDE}.")
    classes = about.get("classes")
    if not isinstance(classes, list) or not all(isinstance(name, str) for name in classes):
        raise ValueError(f"{LABELS} names no classes.")
    if not isinstance(about.get("sha256"), str):
        raise ValueError(f"{LABELS} does not say which numbers it belongs to.")
    return about


def numbers_of(content: bytes, name: str) -> dict[str, np.ndarray]:
    """Return the arrays of a safetensors file.

    Raises
    ------
    ValueError
        With a sentence that names the file, if it is none.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        return load(content)
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{name} is no safetensors file: {error}.") from None


def _check_shapes(numbers: Mapping[str, np.ndarray], shapes: Mapping[str, tuple]) -> None:
    for name, shape in shapes.items():
        found = numbers.get(name)
        if found is None or found.shape != shape or found.dtype != np.float32:
            kind = "nothing" if found is None else f"{found.dtype} of the shape {found.shape}"
            raise ValueError(f"{NUMBERS} holds {kind} for {name}; expected float32, {shape}.")
        if not np.isfinite(found).all():
            raise ValueError(f"{NUMBERS} holds NaN or infinite values in {name}.")


def _top(numbers: Mapping[str, np.ndarray], bodies: Bodies):
    mine = {k.removeprefix("top."): v for k, v in numbers.items() if k.startswith("top.")}
    unknown = set(numbers) - {"weights", "bias"} - {f"top.{k}" for k in mine}
    if unknown:
        raise ValueError(f"{NUMBERS} holds something unknown: {sorted(unknown)[0]:.40}.")
    if not mine:
        return None
    top = last_block(bodies.net(BODY))
    wanted = {k: v for k, v in top.state_dict().items() if not k.endswith("num_batches_tracked")}
    strange = sorted(set(mine) - set(top.state_dict()))
    if strange:
        raise ValueError(f"{NUMBERS} holds something unknown: top.{strange[0]:.40}.")
    _check_shapes(
        {f"top.{k}": v for k, v in mine.items()},
        {f"top.{k}": tuple(v.shape) for k, v in wanted.items()},
    )
    top.load_state_dict({k: torch.from_numpy(v) for k, v in mine.items()}, strict=False)
    return top.eval().requires_grad_(False)
