"""Find each unit's nine favourite patches and store where they are.

    python tools/precompute_top_patches.py

Looks at every picture of ``visualisation.collection`` with SqueezeNet, on the processor, and
writes data/visualisation/top_patches.safetensors. It takes about a minute.
"""

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from aml4d_utils import nets  # noqa: E402
from aml4d_utils.topics.visualisation.top_patches import FILE, TopCells, find_top_cells  # noqa: E402


def tensors(best: dict[str, TopCells]) -> dict[str, np.ndarray]:
    """Return what is stored, by name; values in float16."""
    return {
        f"{layer}.{name}": getattr(cells, name).astype(kind)
        for layer, cells in best.items()
        for name, kind in (
            ("pictures", np.int16),
            ("rows", np.int16),
            ("cols", np.int16),
            ("values", np.float16),
        )
    }


def main() -> None:
    """Search, store, and record the file in the list of data files."""
    from safetensors.numpy import save

    from asset_build.manifest import Entry, Source, record, write_bytes

    data = Path(os.environ.get("AML4D_DATA") or ROOT / "data")
    search, best = find_top_cells(nets.load("squeezenet1_1", "cpu")), None
    while best is None:
        try:
            print(f"{next(search):.0%}", end="\r", flush=True)
        except StopIteration as end:
            best = end.value
    write_bytes(data / FILE, save(tensors(best)))
    script = Path(__file__)
    source = Source(
        package="tools/precompute_top_patches.py",
        version="1",
        registry="this project",
        file=script.name,
        sha256=hashlib.sha256(script.read_bytes()).hexdigest(),
    )
    changes = "numbers of pictures and cells, and answers of SqueezeNet 1.1 in float16"
    record(data, Entry(FILE, source, "MIT", changes))


if __name__ == "__main__":
    main()
