"""Node, which comes with Playwright's wheel: runs scripts and their tests without a browser."""

from __future__ import annotations

import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable


def node(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess:
    """Run node with arguments and a script on its standard input; do not judge how it ends."""
    executable, _ = compute_driver_executable()
    return subprocess.run(
        [executable, *map(str, arguments)],
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def run(script: str) -> str:
    """Run a module and return what it prints; an error in it raises CalledProcessError."""
    ended = node("--input-type=module", text=script)
    ended.check_returncode()
    return ended.stdout
