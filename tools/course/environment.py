"""The folder .venv: made, completed, repaired."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from course import CourseError, packages
from course.folders import LOCK, ROOT, VENV
from course.holding import only_one_installer, terminate_like_interrupt
from course.interpreter import ask_python, venv_python

STAMP = VENV / "aml4d-installed"
UNFINISHED = "unfinished"
OLDEST, NEWEST = (3, 11), (3, 13)


def ensure_environment(cpu: bool = False) -> None:
    """Make, complete or repair .venv; return at once when it is in order.

    Raises
    ------
    CourseError
        When it cannot be made. A .venv begun here is then removed again.
    """
    if is_ready():
        return
    with only_one_installer():
        if not is_ready():
            install(cpu)


def is_ready() -> bool:
    """Tell whether .venv is complete, up to date and in its place; takes about 0.1 s."""
    return read_stamp() == stamp_text() and overrides_in_place() and package_importable()


def stamp_text() -> str:
    """Return what the stamp of a finished installation must say: versions and place."""
    digest = hashlib.sha256()
    for file in (LOCK, ROOT / "pyproject.toml", ROOT / "aml4d_utils" / "overrides.json"):
        # Line ends differ between a Windows and a Linux checkout of the same text.
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return f"{digest.hexdigest()}\n{VENV}\n"


def read_stamp() -> str:
    """Return the stamp's text, empty when there is none."""
    return STAMP.read_text("utf-8") if STAMP.is_file() else ""


def overrides_in_place() -> bool:
    """Tell whether JupyterLab will find the settings that the course needs."""
    installed = VENV / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    shipped = ROOT / "aml4d_utils" / "overrides.json"
    return installed.is_file() and installed.read_bytes() == shipped.read_bytes()


def package_importable() -> bool:
    """Tell whether the course's Python starts and finds aml4d_utils in this folder."""
    answer = ask_python("import aml4d_utils; print(aml4d_utils.__file__)")
    return bool(answer) and ROOT in Path(answer).resolve().parents


def install(cpu: bool) -> None:
    """Install the locked packages and the course, into a new .venv or the existing one."""
    new = must_start_anew()
    check_python_version(new)
    try:
        with terminate_like_interrupt():
            if new:
                make_venv()
            add_pip_if_missing()
            packages.announce_download(cpu)
            if cpu:
                packages.install_torch_without_cuda()
            packages.pip_install("--only-binary=:all:", "-r", str(LOCK))
            packages.pip_install("--quiet", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
            check_installation()
    except BaseException:
        if new:
            remove_venv()
        raise
    STAMP.write_text(stamp_text(), "utf-8")


def must_start_anew() -> bool:
    """Tell whether .venv is missing, unusable, half made or copied from another place."""
    stamp = read_stamp()
    moved = bool(stamp) and stamp.splitlines()[-1] != str(VENV)
    return moved or not ask_python("print('it runs')")


def check_python_version(new: bool) -> None:
    """Refuse a Python that the locked packages do not support."""
    text = "{}.{}".format(*sys.version_info)
    if not new:
        text = ask_python("import sys; print('{}.{}'.format(*sys.version_info))")
    version = tuple(int(part) for part in text.split("."))
    if OLDEST <= version <= NEWEST:
        return
    wanted = "the course needs Python {}.{} to {}.{}".format(*OLDEST, *NEWEST)
    if new:
        raise CourseError(
            f"This is Python {text}, but {wanted}: install one of these from python.org and "
            f"start course.py with it, for example `python{NEWEST[0]}.{NEWEST[1]} course.py lab`."
        )
    raise CourseError(
        f"The folder .venv holds Python {text}, but {wanted}: delete that folder and run this "
        "command again."
    )


def make_venv() -> None:
    """Make an empty .venv, marked as unfinished until everything is installed."""
    remove_venv()
    print("Setting up the course in .venv. This happens only once.", flush=True)
    VENV.mkdir()
    STAMP.write_text(f"{UNFINISHED}\n", "utf-8")
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if done.returncode:
        output = done.stdout + done.stderr
        if "ensurepip" in output:
            raise CourseError(
                "This Python cannot make environments: install its venv package (on Debian and "
                "Ubuntu: `apt install python3-venv`) and run this command again."
            )
        raise CourseError(packages.advice(output))


def add_pip_if_missing() -> None:
    """Put pip into a .venv that another tool made without it."""
    if not ask_python("import pip; print(pip.__version__)"):
        subprocess.run([*venv_python(), "-m", "ensurepip"], capture_output=True)


def remove_venv() -> None:
    """Delete .venv when it exists."""
    if VENV.exists():
        shutil.rmtree(VENV)


def check_installation() -> None:
    """Load what most often fails to load, once after installing."""
    code = "import aml4d_utils, torch, torchvision, cv2, jupyterlab; print('fine')"
    done = subprocess.run(
        [*venv_python(), "-I", "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    if done.returncode:
        raise CourseError(packages.advice(done.stderr))
    if not overrides_in_place():
        raise CourseError(
            "JupyterLab's settings for the course were not installed: delete the folder .venv "
            "and run this command again."
        )
