"""The Python inside .venv: how it is started and asked."""

from __future__ import annotations

import os
import subprocess

from course.folders import ROOT, VENV
from course.surroundings import clean


def venv_python() -> list[str]:
    """Return the start of a command that runs the course's Python."""
    parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return [str(VENV.joinpath(*parts))]


def ask_python(code: str) -> str:
    """Run a line in the course's Python; return what it prints, empty when it fails."""
    command = [*venv_python(), "-I", "-X", "utf8", "-c", code]
    try:
        # Isolated: neither the current folder nor PYTHONPATH may lend it aml4d_utils.
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def call_tool(name: str, arguments: list[str]) -> int:
    """Run a script of tools/ with the course's Python."""
    command = [*venv_python(), str(ROOT / "tools" / name), *arguments]
    return subprocess.call(command, cwd=ROOT, env=clean(os.environ))
