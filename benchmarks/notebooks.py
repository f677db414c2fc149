"""Wall time and peak memory of each notebook, run from top to bottom in a fresh kernel."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
from nbclient import NotebookClient

from benchmarks.measure import Row

ROOT = Path(__file__).resolve().parent.parent
_LOOK_EVERY = 0.05


class PeakMemory(threading.Thread):
    """Watches the resident memory of the processes that this one has started."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.megabytes = 0.0
        self.over = threading.Event()

    def run(self) -> None:
        me = psutil.Process()
        while not self.over.wait(_LOOK_EVERY):
            for child in me.children(recursive=True):
                try:
                    self.megabytes = max(self.megabytes, child.memory_info().rss / 1e6)
                except psutil.NoSuchProcess:
                    continue

    def stop(self) -> float:
        """Look no longer; return the most megabytes that one of them had."""
        self.over.set()
        self.join()
        return self.megabytes


def run(path: Path) -> tuple[float, float]:
    """Run a notebook; return its wall time in seconds and its kernel's peak memory in MB."""
    memory = PeakMemory()
    memory.start()
    started = time.perf_counter()
    NotebookClient(nbformat.read(path, 4), timeout=300, cwd=path.parent).execute()
    seconds = time.perf_counter() - started
    return seconds, memory.stop()


def rows() -> Iterator[Row]:
    """Run the solved variant of each notebook; once, for all of them take many minutes."""
    for path in sorted((ROOT / "notebooks" / "solutions").glob("*.ipynb")):
        seconds, megabytes = run(path)
        yield Row(f"notebook {path.stem}: run all", (seconds,), "s", 60)
        yield Row(f"notebook {path.stem}: peak memory", (megabytes,), "MB", 1000)
