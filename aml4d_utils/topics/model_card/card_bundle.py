"""What a peer gets: the model, the sealed test, the measurements and the card, in one folder.

Nothing in it can hold a program. What is read is checked before it is used: a folder that comes
from somebody else may be damaged, altered or made to do harm.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aml4d_utils.topics.model_card.card_page import save_page
from aml4d_utils.topics.model_card.design_brief import brief_from
from aml4d_utils.topics.model_card.fingerprints import model_fingerprint
from aml4d_utils.topics.model_card.hidden_parts import HiddenParts
from aml4d_utils.topics.model_card.model_study import Study, look_inside
from aml4d_utils.topics.model_card.peer_round import PeerFinding, findings_from
from aml4d_utils.topics.model_card.sealed_test import SealedTest
from aml4d_utils.topics.model_card.stored_measurements import measurements_from
from aml4d_utils.topics.own_classes.model_bundle import (
    LABELS,
    MOST_BYTES,
    NUMBERS,
    bundle_file,
    numbers_of,
    read_bundle,
    refuse_large,
    save_model,
)
from aml4d_utils.topics.own_classes.model_bundle import MOST_WORDS as MOST_LABELS
from aml4d_utils.topics.transfer.tasks import SIDE
from aml4d_utils.topics.transfer.trained_bodies import Bodies

FORMAT, VERSION = "aml4d model card", 1
RECORD, PICTURES = "study.json", "pictures.safetensors"
MOST_WORDS, MOST_PICTURES = 1_000_000, 60_000_000
MOST_FINDINGS = 50
FILES = {
    RECORD: MOST_WORDS,
    PICTURES: MOST_PICTURES,
    LABELS: MOST_LABELS,
    NUMBERS: MOST_BYTES,
}
"""What a bundle consists of beside the card, and how many bytes of each are read at most."""


@dataclass(frozen=True)
class CardBundle:
    """What was read from a folder."""

    study: Study
    findings: tuple[PeerFinding, ...]


def save_card_bundle(
    folder: str | os.PathLike, study: Study, page: str, findings: Sequence[PeerFinding] = ()
) -> Path:
    """Write all that a peer needs into a folder, which is made.

    Parameters
    ----------
    folder : str or path
    study : Study
    page : str
        The card, from `card_page`.
    findings : sequence of PeerFinding

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    counts = [study.measured[f"learned: {name}"].count for name in study.model.classes]
    folder = save_model(folder, study.model, counts)
    about = {
        "format": FORMAT,
        "version": VERSION,
        "date": study.date,
        "model": study.fingerprint,
        "seal": study.test.seal,
        "learned pictures": list(study.learned_pictures),
        "brief": study.brief.as_data(),
        "classes": list(study.test.classes),
        "names": list(study.test.names),
        "things": list(study.things),
        "measured": study.measured.as_data(),
        "findings": [finding.as_data() for finding in findings],
    }
    from safetensors.numpy import save

    shape = (0, SIDE, SIDE, 3)
    found = np.array([finding.picture for finding in findings], np.uint8).reshape(-1, *shape[1:])
    content = save({
        "test": np.ascontiguousarray(study.test.pictures),
        "labels": np.asarray(study.test.labels, np.int64),
        "found": np.ascontiguousarray(found),
    })  # fmt: skip
    (folder / PICTURES).write_bytes(content)
    (folder / RECORD).write_text(json.dumps(about, indent=1, ensure_ascii=False), "utf-8")
    save_page(folder, page)
    return folder


def load_card_bundle(folder: str | os.PathLike, bodies: Bodies) -> CardBundle:
    """Read what :func:`save_card_bundle` wrote; the test is asked again, the card is not believed.

    Parameters
    ----------
    folder : str or path
    bodies : Bodies

    Raises
    ------
    ValueError
        With a sentence, if a file is missing, too large, cut short, altered, of another version,
        or says what cannot be; nothing of it is used then.

    Examples
    --------
    >>> load_card_bundle("no_such_folder", Bodies())
    Traceback (most recent call last):
    ...
    ValueError: There is no study.json in no_such_folder: choose the folder that was saved.
    """
    folder = Path(folder)
    return read_card_bundle(
        {name: bundle_file(folder, name, most) for name, most in FILES.items()}, bodies
    )


def read_card_bundle(files: Mapping[str, bytes], bodies: Bodies) -> CardBundle:
    """Read a bundle from the content of its files.

    Parameters
    ----------
    files : mapping of str to bytes
        By their names in `FILES`.
    bodies : Bodies

    Raises
    ------
    ValueError
        As :func:`load_card_bundle`.

    Examples
    --------
    >>> read_card_bundle({"study.json": b"{}"}, Bodies())
    Traceback (most recent call last):
    ...
    ValueError: There is no pictures.safetensors in this folder: choose the folder that was saved.
    """
    for name, most in FILES.items():
        if name not in files:
            raise ValueError(
                f"There is no {name} in this folder: choose the folder that was saved."
            )
        refuse_large(name, files[name], most)
    about = _record(files[RECORD])
    numbers = numbers_of(files[PICTURES], PICTURES)
    brief = brief_from(about["brief"])
    measured = measurements_from(about["measured"])
    test = _test(about, numbers)
    if test.seal != about["seal"]:
        raise ValueError("The seal is broken: somebody has changed the test after it was sealed.")
    found = _pictures(numbers, "found")
    if len(found) > MOST_FINDINGS:
        raise ValueError(f"This bundle has more than {MOST_FINDINGS} findings.")
    findings = findings_from(about["findings"], found)
    model = read_bundle(files[LABELS], files[NUMBERS], bodies)
    if model.classes != test.classes:
        raise ValueError("The model and the test of this bundle have different classes.")
    if model_fingerprint(model) != about["model"]:
        raise ValueError("This is not the model that was measured: its fingerprint is another one.")
    needed = ["right", "sure and wrong", "learned photos", "learned things"]
    needed += [f"{what}: {name}" for what in ("right", "learned") for name in test.classes]
    for name in needed:
        if name not in measured:
            raise ValueError(f"This bundle lacks a measurement: {name:.60}.")
    chances = model.chances(test.pictures)
    hidden: HiddenParts = list(look_inside(model, test, chances))[-1]
    study = Study(brief, model, test, measured, chances, hidden,
                  tuple(about["learned pictures"]), about["date"],
                  things=tuple(about["things"]))  # fmt: skip
    return CardBundle(study, findings)


def counted_again(study: Study) -> tuple[int, int]:
    """Return how many of the sealed test are right by the card, and counted again now."""
    right = int((study.chances.argmax(1) == study.test.labels).sum())
    return study.measured["right"].count, right


_KINDS: Mapping[str, type] = {
    "format": str, "version": int, "date": str, "model": str, "seal": str,
    "learned pictures": list, "brief": dict, "classes": list, "names": list, "things": list,
    "measured": list, "findings": list,
}  # fmt: skip


def _record(content: bytes) -> Mapping[str, Any]:
    try:
        about = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ValueError(f"{RECORD} is damaged or cut short. Ask for it again.") from None
    if not isinstance(about, dict) or about.get("format") != FORMAT:
        raise ValueError(f"{RECORD} does not say that it belongs to a model card of this course.")
    if about.get("version") != VERSION:
        raise ValueError(
            f"This bundle was saved by another version of the course; this one reads {VERSION}."
        )
    for part, kind in _KINDS.items():
        if not isinstance(about.get(part), kind):
            raise ValueError(f"{RECORD} is damaged: {part} is missing or of another kind.")
    for part in ("classes", "names", "things", "learned pictures"):
        if not all(isinstance(word, str) and len(word) <= 400 for word in about[part]):
            raise ValueError(f"{RECORD} is damaged: {part} is no list of words.")
    try:
        datetime.date.fromisoformat(about["date"])
    except ValueError:
        raise ValueError(f"{RECORD} bears a date that is none.") from None
    return about


def _test(about: Mapping[str, Any], numbers: Mapping[str, np.ndarray]) -> SealedTest:
    pictures, labels = _pictures(numbers, "test"), numbers.get("labels")
    count = len(about["classes"])
    if (
        labels is None
        or labels.dtype != np.int64
        or labels.shape != (len(pictures),)
        or not len(pictures)
        or len(about["names"]) != len(pictures)
        or set(labels.tolist()) != set(range(count))
    ):
        raise ValueError(f"{PICTURES} is damaged: labels and pictures of the test do not fit.")
    return SealedTest(tuple(about["classes"]), pictures, labels, tuple(about["names"]))


def _pictures(numbers: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    found = numbers.get(name)
    if found is None or found.dtype != np.uint8 or found.shape[1:] != (SIDE, SIDE, 3):
        raise ValueError(f"{PICTURES} is damaged: it holds no photos under {name}.")
    return found
