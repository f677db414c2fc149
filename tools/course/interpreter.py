"""The Python inside .venv: how it is started and asked."""

from __future__ import annotations

import os
import subprocess

from course.folders import ROOT, VENV


def venv_python() -> list[str]:
    """Return the start of a command that runs the course's Python."""
    parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return [str(VENV.joinpath(*parts))]


def ask_python(code: str) -> str:
    """Run a line in the course's Python; return what it prints, empty when it fails."""
    try:
        # Isolated: neither the current folder nor PYTHONPATH may lend it aml4d_utils.
        done = subprocess.run(
            [*venv_python(), "-I", "-c", code], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def call_tool(name: str, arguments: list[str]) -> int:
    """Run a script of tools/ with the course's Python."""
    return subprocess.call([*venv_python(), str(ROOT / "tools" / name), *arguments], cwd=ROOT)
