"""How long ``import aml4d_utils`` adds to starting Python."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measure import Row, repeat, scaled


def rows() -> Iterator[Row]:
    """Time Python with and without the import, in turn, and subtract pair by pair."""
    bare = [sys.executable, "-c", "pass"]
    with_import = [sys.executable, "-c", "import aml4d_utils"]
    added = []
    for _ in range(15):
        without = repeat(lambda: subprocess.run(bare, check=True), 1, warm_up=0)[0]
        added.append(repeat(lambda: subprocess.run(with_import, check=True), 1, 0)[0] - without)
    yield Row("import aml4d_utils, added to Python's start", scaled(added, 1000), "ms", 150)
