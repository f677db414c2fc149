"""Is everything there that the lessons need? Each finding comes with plain advice."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from aml4d_utils import _threads, assets, places

STRANGERS = (
    "Files of yours have the names of the course's packages: rename them, or start JupyterLab "
    "with  python3 course.py lab."
)
REPAIR = "close JupyterLab and run  python3 course.py lab  again"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes
    ----------
    what : str
        Its name.
    fine : bool
    words : str
        What was found.
    advice : str
        What to do; empty where all is fine.
    """

    what: str
    fine: bool
    words: str
    advice: str = ""


def check_up() -> tuple[Finding, ...]:
    """Look at Python, packages, PyTorch, data, JupyterLab and the folder for progress.

    Returns
    -------
    tuple of Finding
        Always all of them; a look that fails is a finding too.
    """
    return tuple(_looked(what, look) for what, look in _LOOKS.items())


def _looked(what: str, look: Callable[[], tuple[bool, str, str]]) -> Finding:
    try:
        fine, words, advice = look()
    except Exception as error:
        return Finding(what, False, f"{type(error).__name__}: {error}", f"To mend it, {REPAIR}.")
    return Finding(what, fine, words, "" if fine else advice)


def _python() -> tuple[bool, str, str]:
    fine = (3, 11) <= sys.version_info < (3, 14)
    words = f"Python {platform.python_version()} on {platform.system()}"
    return fine, words, "The course needs Python 3.11, 3.12 or 3.13; install one of them."


def _packages() -> tuple[bool, str, str]:
    needed = [Requirement(text) for text in metadata.requires("aml4d_utils") or []]
    needed = [r for r in needed if r.marker is None or r.marker.evaluate({"extra": ""})]
    wrong = [f"{r.name} {_version(r.name)}" for r in needed if not _fits(r)]
    if wrong:
        return False, f"not as needed: {', '.join(wrong)}", f"To mend it, {REPAIR}."
    foreign = _foreign({canonicalize_name(r.name) for r in needed})
    if foreign:
        return False, f"taken from elsewhere: {', '.join(foreign)}", STRANGERS
    return True, f"all {len(needed)} packages have the right version", ""


def _foreign(names: set[str]) -> list[str]:
    """Name each module of these packages that this kernel does not take from the package."""
    found = []
    for module, packages in metadata.packages_distributions().items():
        homes = [
            Path(str(metadata.distribution(package).locate_file(""))).resolve()
            for package in packages
            if canonicalize_name(package) in names
        ]
        place = _place_of(module) if homes else None
        if place and not any(place.is_relative_to(home) for home in homes):
            found.append(f"{module} from {place}")
    return sorted(found)


def _place_of(module: str) -> Path | None:
    """Return the file that this kernel has loaded as a module, or would load."""
    if module in sys.modules:
        origin = getattr(sys.modules[module], "__file__", None)
    else:
        origin = getattr(importlib.util.find_spec(module), "origin", None)
    return Path(origin).resolve() if origin else None


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def _fits(requirement: Requirement) -> bool:
    version = _version(requirement.name)
    return version != "missing" and requirement.specifier.contains(version, prereleases=True)


def _torch() -> tuple[bool, str, str]:
    import torch
    import torchvision

    boxes, scores = torch.tensor([[0.0, 0, 9, 9], [1, 1, 9, 9]]), torch.tensor([0.9, 0.8])
    kept = torchvision.ops.nms(boxes, scores, 0.5).tolist()
    place = "a graphics card" if torch.cuda.is_available() else "the processor"
    words = f"PyTorch {torch.__version__} computes on {place}"
    return kept == [0], words, f"torchvision gave a wrong answer. To mend it, {REPAIR}."


def _data() -> tuple[bool, str, str]:
    problems = assets.verify()
    if problems:
        return False, problems[0], "Run  python3 course.py assets  in the course's folder."
    files = [path for path in places.data_dir().rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    return True, f"{len(files)} files, {size:.0f} MB, every one unaltered", ""


def _jupyterlab() -> tuple[bool, str, str]:
    settings = Path(sys.prefix, "share", "jupyter", "lab", "settings", "overrides.json")
    words = f"JupyterLab {metadata.version('jupyterlab')}"
    if settings.exists():
        return True, f"{words}, with the course's settings", ""
    return False, f"{words}, without the course's settings", f"To mend it, {REPAIR}."


def _progress() -> tuple[bool, str, str]:
    folder = places.state_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        return True, f"your progress and photo stay in {folder}", ""


def _processor() -> tuple[bool, str, str]:
    threads = _threads.thread_count()
    words = f"{threads} of {os.cpu_count()} processor cores"
    return True, words, ""


_LOOKS: dict[str, Callable[[], tuple[bool, str, str]]] = {
    "Python": _python,
    "Packages": _packages,
    "PyTorch": _torch,
    "Photos and networks": _data,
    "JupyterLab": _jupyterlab,
    "Progress": _progress,
    "Processor": _processor,
}
