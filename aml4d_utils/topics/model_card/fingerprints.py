"""Fingerprints: short signs that change when a model, a test or the measuring code changes."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import numpy as np

from aml4d_utils.topics.own_classes.model_bundle import OwnClassifier
from aml4d_utils.topics.own_classes.teaching import BODY

SHORT = 8
"""Letters that are shown of a fingerprint."""


def digest_of(*parts: bytes) -> str:
    """Return the SHA-256 of some parts, each counted, as 64 letters.

    Examples
    --------
    >>> digest_of(b"ab", b"c") == digest_of(b"a", b"bc")
    False
    """
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def array_bytes(values: np.ndarray) -> bytes:
    """Return an array's kind, shape and numbers, whatever the machine's order of bytes."""
    values = np.ascontiguousarray(values)
    return (
        f"{values.dtype.str[1:]} {values.shape} ".encode()
        + values.astype(values.dtype.newbyteorder("<")).tobytes()
    )


def model_fingerprint(model: OwnClassifier) -> str:
    """Return the fingerprint of a network with classes of one's own.

    It depends on the names of the classes and on every number that was learned, as it is saved:
    in single precision. A saved and reloaded network keeps its fingerprint.

    Parameters
    ----------
    model : OwnClassifier
    """
    parts = [json.dumps([BODY, *model.classes]).encode()]
    parts += [array_bytes(np.float32(part)) for part in (model.head.weights, model.head.bias)]
    if model.top is not None:
        state = model.top.state_dict()
        parts += [
            name.encode() + array_bytes(state[name].cpu().numpy().astype(np.float32))
            for name in sorted(state)
            if not name.endswith("num_batches_tracked")
        ]
    return digest_of(*parts)


@cache
def code_fingerprint() -> str:
    """Return the fingerprint of the code that measures: every module of this room."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    # Line ends differ between systems; what the code does, does not.
    return digest_of(*(file.read_text("utf-8").encode() for file in files))


def short(fingerprint: str) -> str:
    """Return the first letters of a fingerprint.

    Examples
    --------
    >>> short(digest_of(b""))
    'af5570f5'
    """
    return fingerprint[:SHORT]
