"""``python -m benchmarks [--keep] [names …]``: print medians, 95th percentiles and targets."""

from __future__ import annotations

import argparse
import importlib
import platform
import sys

from benchmarks import record
from benchmarks.measure import HEAD

NAMES = (
    "startup",
    "callbacks",
    "page",
    "notebooks",
    "training",
    "networks",
    "augmentation",
    "gans",
    "generative_gallery",
    "backprop",
    "detector",
    "dissection",
    "how_we_see",
    "features",
    "hog",
    "model_card",
    "neurons",
    "part_models",
    "pixels",
    "poses",
    "solids",
    "text_to_image",
    "transfer",
    "viola_jones",
    "visualisation",
)


def main(arguments: list[str]) -> int:
    """Run the named benchmarks, or all of them; with ``--keep``, write down what they give."""
    parser = argparse.ArgumentParser(prog="python3 course.py bench")
    parser.add_argument("names", nargs="*", metavar="name")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args(arguments)
    names = options.names
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"There is no benchmark {unknown[0]!r}; there are {', '.join(NAMES)}.")
        return 2
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}")
    print(HEAD, flush=True)
    for name in names or NAMES:
        rows = []
        for row in importlib.import_module(f"benchmarks.{name}").rows():
            print(row.line(), flush=True)
            rows.append(row)
        if options.keep:
            record.keep({name: rows})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
