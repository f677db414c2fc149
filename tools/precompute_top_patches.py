"""Find each unit's nine favourite patches and store where they are.

    python tools/precompute_top_patches.py

Looks at every picture of ``visualisation.collection`` with SqueezeNet and writes
data/visualisation/top_patches.safetensors. Under a minute on one core, and on one only: so the
same machine and build of PyTorch give the same file again.
"""

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import torch  # noqa: E402

from aml4d_utils import nets  # noqa: E402
from aml4d_utils.topics.visualisation.top_patches import TopCells, find_top_cells  # noqa: E402
from asset_build.trained import Trainer  # noqa: E402


def tensors(best: dict[str, TopCells]) -> dict[str, np.ndarray]:
    """Return what is stored, by name."""
    return {
        f"{layer}.{name}": getattr(cells, name)
        for layer, cells in best.items()
        for name in ("pictures", "rows", "cols", "values")
    }


def main() -> None:
    """Search, store, and record the file in the list of data files."""
    torch.set_num_threads(1)
    started = time.process_time()
    search, best = find_top_cells(nets.load("squeezenet1_1", "cpu")), None
    while best is None:
        try:
            print(f"{next(search):.0%}", end="\r", flush=True)
        except StopIteration as end:
            best = end.value
    Trainer(Path(__file__), None, "MIT", folder="visualisation").keep(
        "top_patches",
        tensors(best),
        "Numbers of pictures and cells, and answers of SqueezeNet 1.1",
        time.process_time() - started,
    )


if __name__ == "__main__":
    main()
