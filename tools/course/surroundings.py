"""What of the student's machine can reach a lesson, and what the course does about it.

The rule: what says *how to reach the network* or *how fast to compute* is kept; what changes
*which code runs or what it shows* is neutralised; what cannot be mended from here is named in
one sentence. `VARIABLES` decides for each environment variable and is what `clean` applies to
everything that course.py starts. The rest, and where it is decided:

Kept
    pip's index, proxy, certificate and cache, from pip.conf or PIP_* (`packages.KEPT`); what an
    administrator wrote below /etc/jupyter, behind what the course brings; libraries that stand in
    front of PyTorch's (LD_LIBRARY_PATH, PATH on Windows), as some systems need them: when one
    does not load, a sentence names them (`packages.ADVICE`).
Neutralised
    all other settings of pip; ~/.jupyter, ~/.local/share/jupyter, ~/.ipython,
    ~/.config/matplotlib, a home that cannot be written to: the folder my_settings stands for all
    of them (`at_home`, and for progress `aml4d_utils.places`); a matplotlibrc beside the notebooks
    (`aml4d_utils.notebook.alt_text`); a torch.py beside the notebooks, and PYTHONPATH where
    JupyterLab is not started by course.py: they stand behind the course's packages
    (`aml4d_utils._search_path`); packages in ~/.local: a virtual environment leaves them out;
    brackets, spaces and letters of the folder's name: pip and pytest get paths relative to it, and
    so does Python (`relocation.make_path_relative`); a folder that was moved, a Python that was
    updated (`relocation.mend`); a browser in a sandbox (`browser_reads_files`); variables of a git
    that runs this (`update.REPOSITORY`).
Named
    a colon in the folder's name, a path too long for Windows (`environment.check_folder`); a folder
    that cannot be written to; whatever stands in front of the course's packages all the same
    (lesson 00, `checkup`).
"""

from __future__ import annotations

import os
import platform
import stat
import tempfile
from pathlib import Path
from typing import NamedTuple

from course import CourseError
from course.folders import ROOT, SETTINGS, VENV

KEEP, DROP = "keep", "drop"


class Variables(NamedTuple):
    """Environment variables of one kind; a name that ends in * stands for all that begin so."""

    names: tuple[str, ...]
    decision: str
    why: str


# The first line that names a variable decides; one that no line names is kept.
VARIABLES = (
    Variables(
        ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX", "PYTHONUNBUFFERED"),
        KEEP,
        "where and whether Python writes, not what it runs",
    ),
    Variables(("PYTHON*", "__PYVENV_LAUNCHER__"), DROP, "other code, or code run otherwise"),
    Variables(("JUPYTER*", "JPY_*", "JLAB_*", "IPYTHON*"), DROP, "another server's settings"),
    Variables(("MPL*", "MATPLOTLIB*", "QT_API"), DROP, "another look or window for figures"),
    Variables(("TORCH*", "PYTORCH*"), DROP, "other numbers, messages or plug-ins in PyTorch"),
    Variables(
        ("NUMPY_*", "NPY_PROMOTION_STATE", "SCIPY_*", "SKLEARN_*", "SKIMAGE_*", "OPENCV_*"),
        DROP,
        "other behaviour of the libraries",
    ),
    Variables(("ANYWIDGET_*",), DROP, "widgets that reload their files"),
    Variables(("PYTEST*", "HYPOTHESIS_*", "RUFF_*", "NBVAL_*"), DROP, "other checks"),
    Variables(("HATCH*", "SETUPTOOLS_*"), DROP, "another way to build the package"),
    Variables(("PIP_*",), KEEP, "for pip that the student calls; course.py's pip: packages.KEPT"),
    Variables(
        ("OMP_*", "MKL_*", "OPENBLAS_*", "KMP_*", "ATEN_*", "CUDA_*", "NVIDIA_*", "NPY_*"),
        KEEP,
        "what the processor and the graphics card may do; lessons are right on any of them",
    ),
    Variables(("*_PROXY", "SSL_*", "REQUESTS_*"), KEEP, "how the network is reached"),
    Variables(("BROWSER", "LANG", "LC_*"), KEEP, "the student's browser and language"),
    Variables(("LD_*", "DYLD_*", "PATH", "CONDA*"), KEEP, "some systems need them to find C++"),
    Variables(("AML4D_*",), KEEP, "the course's own"),
)


def decision_on(name: str) -> str:
    """Tell whether an environment variable is kept or dropped.

    >>> decision_on("PYTHONPATH"), decision_on("HTTPS_PROXY"), decision_on("HOME")
    ('drop', 'keep', 'keep')
    """
    return next((row.decision for row in VARIABLES if any(fits(name, n) for n in row.names)), KEEP)


def fits(name: str, pattern: str) -> bool:
    """Tell whether a name fits a pattern with a star at its beginning or end, or none."""
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def clean(variables: dict[str, str]) -> dict[str, str]:
    """Return the environment variables that everything course.py starts is given."""
    kept = {name: text for name, text in variables.items() if decision_on(name.upper()) == KEEP}
    programs = str(VENV / ("Scripts" if os.name == "nt" else "bin"))
    kept["PATH"] = os.pathsep.join(filter(None, [programs, kept.get("PATH")]))
    kept["VIRTUAL_ENV"] = str(VENV)  # a cell with !pip or !python means this one
    kept["PYTHONUTF8"] = "1"  # texts are read alike under every code page
    kept["PYTHONNOUSERSITE"] = "1"
    return kept


def at_home(variables: dict[str, str], home: Path = SETTINGS) -> dict[str, str]:
    """Return clean variables with a folder for what Jupyter and matplotlib keep.

    Raises
    ------
    CourseError
        When that folder cannot be made.
    """
    kept = clean(variables)
    places = {
        "JUPYTER_CONFIG_DIR": "jupyter",
        "JUPYTER_DATA_DIR": "jupyter_data",
        "JUPYTER_RUNTIME_DIR": "running",
        "IPYTHONDIR": "ipython",
        "MPLCONFIGDIR": "matplotlib",
    }
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, folder in places.items():
            kept[name] = str(home / folder)
            (home / folder).mkdir(mode=0o700, exist_ok=True)
        if not keeps_secrets(home):
            kept["JUPYTER_ALLOW_INSECURE_WRITES"] = "1"  # Jupyter would refuse to start
    except OSError as error:
        raise CourseError(
            f"The folder {home} cannot be written ({error.strerror}): copy the course into a "
            "folder of your own, or make room on the disk, and run this command again."
        ) from error
    kept["JUPYTER_PREFER_ENV_PATH"] = "1"
    return kept


def keeps_secrets(folder: Path) -> bool:
    """Tell whether files here can be for their owner alone; a USB stick knows no owners."""
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        return os.name == "nt" or stat.S_IMODE(os.stat(file.name).st_mode) == 0o600


def browser_reads_files() -> bool:
    """Tell whether a browser may open a file of the course's folder.

    A browser in a sandbox reads no hidden folders, and one on the other side of Windows'
    Subsystem for Linux finds no file of Linux.
    """
    hidden = any(part.startswith(".") for part in ROOT.parts)
    return not hidden and "microsoft" not in platform.release().lower()
