"""Build the files under data/ from public packages, or check the ones that are there.

    python tools/build_assets.py                   build everything
    python tools/build_assets.py squeezenet1_1     build only what is named
    python tools/build_assets.py --verify          check sizes and SHA-256; changes nothing
    python tools/build_assets.py --list            say what can be built

Building is for maintainers on Linux: it needs pip, npm, apt-get and dpkg-deb, and no root. The
packages are kept in a cache outside the repository. Checking needs only Python itself. Pickled
files are read here and nowhere else.
"""

import argparse
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from aml4d_utils.assets import verify  # noqa: E402
from aml4d_utils.places import data_dir  # noqa: E402

# asset: (module of asset_build, function in it)
ASSETS = {
    "squeezenet1_1": ("weights", "squeezenet1_1"),
    "efficientnet_lite0": ("weights", "efficientnet_lite0"),
    "nanodet_g": ("weights", "nanodet_g"),
    "dcgan_faces": ("weights", "dcgan_faces"),
    "realesrgan_x4plus": ("weights", "realesrgan_x4plus"),
    "fast_style": ("fast_style", "fast_style"),
    "paintings": ("gcompris", "paintings"),
    "fashion_mnist": ("datasets", "fashion_mnist"),
    "mnist": ("datasets", "mnist"),
    "cutouts": ("cutouts", "cutouts"),
    "solids": ("solids", "solids"),
    "licences": ("licences", "licences"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit code."""
    options = _parser().parse_args(arguments)
    if options.list:
        print("\n".join(ASSETS))
        return 0
    if options.verify:
        return _report(verify())
    unknown = [name for name in options.names if name not in ASSETS]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. There are: {', '.join(ASSETS)}.", file=sys.stderr)
        return 2
    return _build(options.names or list(ASSETS), options.cache)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help="assets to build; default all")
    parser.add_argument("--verify", action="store_true", help="check the files that are there")
    parser.add_argument("--list", action="store_true", help="list what can be built")
    parser.add_argument("--cache", type=Path, default=_default_cache(), help="for the packages")
    return parser


def _default_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aml4d-packages"


def _build(names: list[str], cache: Path) -> int:
    from importlib import import_module

    from asset_build.manifest import record
    from asset_build.packages import BuildError

    data = Path(os.environ.get("AML4D_DATA") or ROOT / "data")
    data.mkdir(parents=True, exist_ok=True)
    for name in names:
        module, function = ASSETS[name]
        print(f"{name} …", flush=True)
        try:
            entries = getattr(import_module(f"asset_build.{module}"), function)(cache, data)
        except BuildError as error:
            print(f"{name} was not built: {error}", file=sys.stderr)
            return 1
        record(data, *entries)
    return _report(verify())


def _report(problems: list[str]) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        total = sum(path.stat().st_size for path in data_dir().rglob("*") if path.is_file())
        print(f"All data files are whole: {total / 1e6:.1f} MB in {data_dir()}.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
