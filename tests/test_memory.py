"""Freed memory is kept for what comes next, where the C library is glibc."""

import platform
import subprocess
import sys

import pytest

from aml4d_utils import _memory

ROUNDS = """
import resource
import numpy as np
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
def fill():
    return [np.ones(2**20) for _ in range(4)]
fill()
before = faults()
for _ in range(10):
    fill()
print((faults() - before) * resource.getpagesize())
"""


def new_bytes(first_line):
    """How many bytes the system had to clear for ten rounds of 32 MB each."""
    code = f"{first_line}\n{ROUNDS}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told to keep it")
def test_pieces_that_were_freed_are_used_again():
    assert new_bytes("import aml4d_utils") < new_bytes("") / 4


def test_another_system_is_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(_memory.ctypes, "CDLL", lambda name: pytest.fail("no such library there"))
    _memory.keep_freed()
