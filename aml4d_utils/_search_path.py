"""The course's packages come before what happens to lie about.

A notebook's kernel looks for modules in the folder of the notebook and in PYTHONPATH before it
looks where packages are installed: a ``torch.py`` of the student's would be taken for PyTorch.
Such places keep their order, but stand last. Modules of the student's own are still found there.
"""

import sys
from pathlib import Path


def put_own_packages_first() -> None:
    """Sort Python's search path in a notebook's kernel; elsewhere it stays as it is."""
    if "ipykernel" in sys.modules:
        sys.path[:] = sorted(sys.path, key=is_foreign)


def is_foreign(entry: str) -> bool:
    """Tell whether a place on the search path belongs neither to Python nor to its environment.

    Parameters
    ----------
    entry : str
        A folder or an archive; the empty text is the current folder.

    Examples
    --------
    >>> is_foreign("")
    True
    >>> import json
    >>> is_foreign(str(Path(json.__file__).parents[1]))
    False
    """
    roots = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    return not entry or not any(_inside(Path(entry), Path(root)) for root in roots)


def _inside(path: Path, root: Path) -> bool:
    return path.is_relative_to(root) or path.resolve().is_relative_to(root.resolve())
