"""pip: what it installs, and what its messages mean."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import threading
import urllib.request
from collections import deque
from functools import cache

from course import CourseError
from course.folders import LOCK, ROOT
from course.interpreter import ask_python, venv_python
from course.surroundings import clean

CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def announce_download(cpu: bool) -> None:
    """Say before it happens that torch on Linux carries gigabytes of CUDA libraries."""
    if not cpu and sys.platform == "linux" and not ask_python("import torch") and takes_registry():
        print(
            "On Linux the standard PyTorch brings several gigabytes of CUDA libraries. Without an "
            "NVIDIA GPU, stop with Ctrl-C and add --cpu: it takes PyTorch from its own index "
            f"({CPU_INDEX}), which is about 200 MB.",
            flush=True,
        )


# How pip reaches packages is the student's; all else is the course's. (Names of pip's settings.)
KEPT = frozenset(
    ("index-url", "extra-index-url", "no-index", "find-links", "trusted-host", "proxy")
    + ("cert", "client-cert", "keyring-provider", "use-feature", "use-deprecated")
    + ("timeout", "default-timeout", "retries", "resume-retries", "cache-dir", "no-cache-dir")
)
PLACES = ("index-url", "find-links", "no-index")
# With these in its settings, pip would list less of them, or nothing.
NEUTRAL = ("PIP_USER", "PIP_GLOBAL", "PIP_SITE", "PIP_ISOLATED", "PIP_QUIET", "PIP_VERBOSE")


@cache  # pip takes its time to answer, and one installation asks three times
def pip_settings() -> dict[str, str]:
    """Return the settings of the student's pip that are kept, from files and variables.

    Raises
    ------
    CourseError
        When pip cannot read one of its files.
    """
    command = [*venv_python(), "-I", "-X", "utf8", "-m", "pip", "config", "list"]
    done = subprocess.run(
        command,
        env={**os.environ, **dict.fromkeys(NEUTRAL, "0"), "PIP_PYTHON": venv_python()[0]},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        words = " ".join(done.stderr.split()) or "no message"
        raise CourseError(
            f"pip cannot read its settings ({words}): mend or remove that file, and run this "
            "command again."
        )
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in done.stdout.splitlines():
        name, _, value = line.partition("=")
        section, _, key = name.rpartition(".")
        if section in found and key in KEPT:
            found[section][key] = ast.literal_eval(value)
    return {**found["global"], **found["install"], **found[":env:"]}


def pip_environment() -> dict[str, str]:
    """Return variables with which pip knows the kept settings and no others."""
    kept = {name: text for name, text in clean(os.environ).items() if not name.startswith("PIP_")}
    kept["PIP_CONFIG_FILE"] = os.devnull
    for name, value in pip_settings().items():
        kept["PIP_" + name.upper().replace("-", "_")] = value.replace("\n", " ").strip()
    return kept


def takes_registry() -> bool:
    """Tell whether pip is left to its default, with no other place to take packages from."""
    return not any(name in PLACES for name in pip_settings())


def install_torch_without_cuda() -> None:
    """Install torch and torchvision from PyTorch's CPU index, where that can be reached."""
    try:
        urllib.request.urlopen(f"{CPU_INDEX}/torch/", timeout=15).close()
    except OSError:
        print(f"{CPU_INDEX} cannot be reached; PyTorch comes from the usual place.", flush=True)
        return
    pins = [line for line in LOCK.read_text("utf-8").split("\n") if line.startswith("torch")]
    pip_install("--no-deps", "--index-url", CPU_INDEX, *pins)


def pip_install(*arguments: str) -> None:
    """Run pip, its progress on the screen; raise CourseError with advice when it fails."""
    command = [*venv_python(), "-I", "-m", "pip", "install", "--disable-pip-version-check"]
    last_lines: deque[str] = deque(maxlen=60)
    process = subprocess.Popen(
        [*command, *arguments],
        cwd=ROOT,
        env=pip_environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    reader = threading.Thread(target=show_and_keep, args=(process.stderr, last_lines))
    reader.start()
    try:
        status = process.wait()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        reader.join()
    if status:
        raise CourseError(advice("".join(last_lines)))


def show_and_keep(stream, last_lines: deque[str]) -> None:
    """Copy a program's messages to the screen and keep the last ones."""
    for raw in stream:
        line = raw.decode("utf-8", "replace")
        last_lines.append(line)
        sys.stderr.write(line)
        sys.stderr.flush()


# Signs of a missing network in pip's messages.
UNREACHABLE = ("Retrying (", "NewConnectionError", "name resolution", "getaddrinfo", "timed out")
UNREACHABLE += ("unreachable", "ProxyError", "Connection refused", "Connection aborted")
ADVICE = (
    (
        ("No space left", "Errno 28", "WinError 112", "Disk quota", "Errno 122"),
        "The disk is full: make about 3 GB free (10 GB on Linux without --cpu) and run this "
        "command again.",
    ),
    (
        ("CERTIFICATE_VERIFY_FAILED", "SSLError", "SSLCertVerification"),
        "The packages could not be downloaded because a certificate was refused: set the "
        "computer's clock, or ask whoever runs your network for its certificate, and run this "
        "command again.",
    ),
    (
        UNREACHABLE,
        "The packages could not be downloaded: check the internet connection and run this "
        "command again.",
    ),
    (
        ("Permission denied", "Errno 13", "WinError 5", "Read-only file system"),
        "Files could not be written here: move the course to a folder of your own, close "
        "programs that use it, and run this command again.",
    ),
    (
        ("Windows Long Path", "WinError 206"),
        "The paths become too long for Windows: move the course to a folder with a short path, "
        "such as C:\\aml4d, and run this command again.",
    ),
    (
        ("cannot open shared object", "undefined symbol", "DLL load failed", "WinError 126")
        + ("Library not loaded", "Symbol not found", "WinError 1114"),
        "A library that PyTorch or OpenCV needs does not load: end other environments (`conda "
        "deactivate`), unset LD_LIBRARY_PATH if it is set, on Windows install Microsoft's Visual "
        "C++ Redistributable, and run this command again.",
    ),
    (
        ("No matching distribution", "not a supported wheel"),
        "A package does not exist for this computer: the course runs on Linux, 64-bit Windows "
        "and macOS on Apple silicon, with a 64-bit Python from python.org.",
    ),
)


def advice(output: str) -> str:
    """Turn the messages of a failed installation into one sentence on what to do."""
    for signs, sentence in ADVICE:
        if any(sign in output for sign in signs):
            return sentence
    last = [line for line in output.splitlines() if line.strip()][-1:] or ["no message"]
    return f"The installation stopped ({last[0].strip()}): run this command again, and if it " + (
        "stops again, delete the folder .venv first."
    )
