"""One process at a time, which cleans up however it is asked to end."""

from __future__ import annotations

import contextlib
import os
import signal

from course import CourseError
from course.folders import ROOT


@contextlib.contextmanager
def terminate_like_interrupt():
    """Let a polite request to end (SIGTERM) clean up like Ctrl-C does."""

    def stop(_signal, _frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextlib.contextmanager
def only_one(what: str):
    """Hold a lock while something is done here; the system frees it however this process ends.

    Parameters
    ----------
    what : str
        What is done, in one word: ``installing`` or ``copying``.

    Raises
    ------
    CourseError
        When another process does it, or this folder cannot be written to.
    """
    try:
        file = open(ROOT / f".{what}.lock", "w", encoding="utf-8")
    except OSError as error:
        raise CourseError(
            f"The folder of the course cannot be written ({error.strerror}): copy it into a folder "
            "of your own and run this command again."
        ) from None
    with file:
        try:
            lock_file(file)
        except OSError:
            raise CourseError(
                f"Another course.py is {what} in this folder: wait until it has finished and "
                "run this command again."
            ) from None
        yield


def lock_file(file) -> None:
    """Lock an open file for this process, raise OSError when another one holds it."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
