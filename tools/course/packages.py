"""pip: what it installs, and what its messages mean."""

from __future__ import annotations

import subprocess
import sys
import threading
import urllib.request
from collections import deque

from course import CourseError
from course.folders import LOCK, ROOT
from course.interpreter import ask_python, venv_python

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


def takes_registry() -> bool:
    """Tell whether pip is left to its default, with no other place to take packages from."""
    done = subprocess.run([*venv_python(), "-m", "pip", "config", "list"], capture_output=True)
    return not any(word in done.stdout for word in (b"index-url", b"index_url", b"find-links"))


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
        [*command, *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
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
