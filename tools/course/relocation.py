"""A .venv that was moved, copied or left by its Python: mended in place, without a network.

The course's own path in it is relative, and Python finds its packages from where it stands. What
names the old place are the start lines of the programs beside it, and links to a Python that an
update has moved.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from course.folders import ROOT, VENV
from course.interpreter import ask_python
from course.surroundings import clean

PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
LONGEST_START = 127  # Linux reads no more of a first line


def make_path_relative() -> None:
    """Let .venv name the course by a path relative to itself.

    It then holds wherever the folder goes, and needs no letter that a code page could spoil:
    Python up to 3.12 reads such files in the computer's own code page.
    """
    for site in (*VENV.glob("lib/python*/site-packages"), VENV / "Lib" / "site-packages"):
        for file in site.glob("*aml4d_utils*.pth"):
            file.write_text(os.path.relpath(ROOT, site) + "\n", "ascii")


def mend(old: str) -> None:
    """Make .venv usable where it stands now; ``old`` is where it was made, as far as known."""
    if not ask_python("print('it runs')"):
        link_python_again()
    make_path_relative()
    if old and old != str(VENV):
        rename_place(old)


def link_python_again() -> None:
    """Point .venv to the Python that runs this, if it is of the version that it was made with."""
    settings = VENV / "pyvenv.cfg"
    if not settings.is_file():
        return
    version = re.search(r"^version(?:_info)? *= *(\d+)\.(\d+)", settings.read_text("utf-8"), re.M)
    if version is None or tuple(map(int, version.groups())) != sys.version_info[:2]:
        return
    for link in PROGRAMS.glob("python*"):
        if link.is_symlink() and not link.exists():
            link.unlink()
    command = [sys.executable, "-I", "-m", "venv", "--upgrade", "--without-pip", str(VENV)]
    subprocess.run(command, env=clean(os.environ), capture_output=True)


def rename_place(old: str) -> None:
    """Write the new place where programs and settings name the old one.

    Windows' programs (jupyter.exe) have it in a binary; course.py starts none of them.
    """
    for file in [VENV / "pyvenv.cfg", *PROGRAMS.iterdir()]:
        if file.is_symlink() or not file.is_file() or file.suffix == ".exe":
            continue
        before = file.read_bytes()
        after = with_start_line(before, old).replace(os.fsencode(old), os.fsencode(VENV))
        if after != before:
            file.write_bytes(after)


def with_start_line(program: bytes, old: str) -> bytes:
    """Return a script whose first line starts the Python of the new place.

    A first line cannot hold a space or be long: then the shell starts it, as pip does it too.
    """
    first, _, rest = program.partition(b"\n")
    start = b"#!" + os.fsencode(old) + os.fsencode(os.sep)
    if not first.startswith(start):
        return program
    python = os.fsencode(Path(VENV, os.fsdecode(first[len(start) :])))
    if b" " not in python and len(python) + 2 < LONGEST_START:
        return b"#!" + python + b"\n" + rest
    return b"#!/bin/sh\n'''exec' \"" + python + b'" "$0" "$@"\n\' \'\'\'\n' + rest
