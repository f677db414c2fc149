"""The folder .venv: made, completed, mended.

It is never taken away before another one is complete: while a new one is made, the old one waits
beside it, and comes back when that fails.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from course import CourseError, packages, relocation
from course.folders import LOCK, ROOT, VENV
from course.holding import only_one, terminate_like_interrupt
from course.interpreter import ask_python, venv_python
from course.surroundings import clean

STAMP = VENV / "aml4d-installed"
OLD = ROOT / ".venv.old"
UNFINISHED = "unfinished"
OLDEST, NEWEST = (3, 11), (3, 13)
LONGEST_INSIDE = 195  # characters of the longest path inside .venv, which torch's licences have
LONGEST_ON_WINDOWS = 259
LONG_PATHS = r"SYSTEM\CurrentControlSet\Control\FileSystem"


def ensure_environment(cpu: bool = False) -> None:
    """Make, complete or repair .venv; return at once when it is in order.

    Raises
    ------
    CourseError
        When it cannot be made. The folder is then as it was before.
    """
    if is_ready():
        return
    with only_one("installing"):
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
    """Install the locked packages and the course, into the existing .venv or a new one."""
    finish_interrupted()
    if VENV.exists() and not is_unfinished():
        relocation.mend(place_of(read_stamp()))
        if read_stamp():
            STAMP.write_text(read_stamp().split("\n")[0] + f"\n{VENV}\n", "utf-8")
        if is_ready():
            return
    new = must_start_anew()
    check_python_version(new)
    if new:
        check_folder()
    try:
        with terminate_like_interrupt():
            if new:
                make_venv()
            add_pip_if_missing()
            packages.announce_download(cpu)
            if cpu:
                packages.install_torch_without_cuda()
            packages.pip_install("--only-binary=:all:", "-r", LOCK.name)
            packages.pip_install("--quiet", "--no-deps", "--no-build-isolation", "-e", ".")
            relocation.make_path_relative()
            check_installation()
    except BaseException:
        if new:
            put_back()
        raise
    STAMP.write_text(stamp_text(), "utf-8")
    remove(OLD)


def must_start_anew() -> bool:
    """Tell whether .venv is missing, half made, or beyond mending."""
    return is_unfinished() or not ask_python("print('it runs')")


def is_unfinished() -> bool:
    """Tell whether .venv was begun and never finished."""
    return read_stamp().strip() == UNFINISHED


def place_of(stamp: str) -> str:
    """Return the place that a stamp names, empty when it names none."""
    return (stamp.splitlines() or [""])[-1]


def check_folder() -> None:
    """Refuse a place in which an environment cannot be made.

    Raises
    ------
    CourseError
    """
    if os.pathsep in str(ROOT):
        raise CourseError(
            f"The name of this folder holds a {os.pathsep!r}, which Python cannot handle: rename "
            f"{ROOT} and run this command again."
        )
    if len(str(VENV)) + LONGEST_INSIDE > LONGEST_ON_WINDOWS and not takes_long_paths():
        raise CourseError(
            f"The path of this folder is too long for Windows ({len(str(ROOT))} characters; up to "
            f"{LONGEST_ON_WINDOWS - LONGEST_INSIDE - len(VENV.name) - 1} fit): move the course to "
            "a shorter one, such as C:\\aml4d, and run this command again."
        )


def takes_long_paths() -> bool:
    """Tell whether this computer opens files with paths of more than 260 characters."""
    if os.name != "nt":
        return True
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, LONG_PATHS) as key:
            return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
    except OSError:
        return False


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
    """Make an empty .venv, marked as unfinished, and set an old one aside."""
    if is_unfinished():
        remove(VENV)
    try:
        if VENV.exists():
            VENV.rename(OLD)
        VENV.mkdir()
    except OSError as error:
        raise CourseError(packages.advice(f"{error}")) from None
    print("Setting up the course in .venv. This happens only once.", flush=True)
    STAMP.write_text(f"{UNFINISHED}\n", "utf-8")
    command = [sys.executable, "-I", "-m", "venv", str(VENV)]
    done = subprocess.run(command, env=clean(os.environ), capture_output=True, text=True)
    if done.returncode:
        output = done.stdout + done.stderr
        if "ensurepip" in output:
            raise CourseError(
                "This Python cannot make environments: install its venv package (on Debian and "
                "Ubuntu: `apt install python3-venv`) and run this command again."
            )
        raise CourseError(packages.advice(output))


def put_back() -> None:
    """Take away what was begun, and bring back what was there before."""
    if is_unfinished():
        remove(VENV)
    if OLD.exists() and not VENV.exists():
        OLD.rename(VENV)


def finish_interrupted() -> None:
    """Tidy up after a run that could not: its computer was switched off, say."""
    if OLD.exists():
        put_back()
        remove(OLD)


def add_pip_if_missing() -> None:
    """Put pip into a .venv that another tool made without it."""
    if not ask_python("import pip; print(pip.__version__)"):
        command = [*venv_python(), "-I", "-m", "ensurepip"]
        subprocess.run(command, env=clean(os.environ), capture_output=True)


def remove(folder: Path) -> None:
    """Delete a folder when it exists; what Windows holds back is left for the next start."""
    shutil.rmtree(folder, ignore_errors=True)


def check_installation() -> None:
    """Load what most often fails to load, once after installing."""
    code = "import aml4d_utils, torch, torchvision, cv2, jupyterlab; print('fine')"
    done = subprocess.run(
        [*venv_python(), "-I", "-c", code],
        env=clean(os.environ),
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if done.returncode:
        raise CourseError(packages.advice(done.stderr))
    if not overrides_in_place():
        raise CourseError(
            "JupyterLab's settings for the course were not installed: delete the folder .venv "
            "and run this command again."
        )
