"""A Chromium for the browser tests."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess

from course import CourseError
from course.interpreter import ask_python, venv_python

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable") + (
    "chrome",
    "msedge",
    "microsoft-edge",
)
BROWSER_FILES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


def get_browser() -> str:
    """Return a Chromium for the tests: the system's, else Playwright's, else one from apt.

    Raises
    ------
    CourseError
        When none can be had.
    """
    for attempt in (find_browser, fetch_with_playwright, install_with_apt):
        browser = attempt()
        if browser:
            return browser
    raise CourseError(
        "no Chromium was found or could be installed; install Chromium or Chrome, or set "
        "AML4D_CHROMIUM to its program file"
    )


def find_browser() -> str:
    """Return the program file of a browser on this system, empty when there is none."""
    chosen = os.environ.get("AML4D_CHROMIUM")
    if chosen:
        if shutil.which(chosen):
            return chosen
        raise CourseError(f"AML4D_CHROMIUM names {chosen}, which is not a program")
    names = [shutil.which(name) for name in BROWSERS]
    files = [file for file in BROWSER_FILES if os.path.isfile(file)]
    return next(filter(None, names + files), "")


def fetch_with_playwright() -> str:
    """Let Playwright download its Chromium; return the program file, empty when it fails."""
    print("No Chromium found; Playwright fetches one.", flush=True)
    command = [*venv_python(), "-m", "playwright", "install", "chromium"]
    if not succeeds(command):
        return ""
    file = ask_python(
        "from playwright.sync_api import sync_playwright as start\n"
        "with start() as playwright: print(playwright.chromium.executable_path)"
    )
    # It is of no use where the system's libraries for it are missing.
    return file if file and (os.name == "nt" or succeeds([file, "--version"])) else ""


def install_with_apt() -> str:
    """Install Chromium as root on Debian and Ubuntu; return the program file or nothing."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return ""
    print("Installing Chromium with apt-get.", flush=True)
    install_command = ["apt-get", "install", "-y", "chromium"]
    if succeeds(["apt-get", "update"]) and succeeds(install_command):
        return find_browser()
    return ""


def succeeds(command: list[str]) -> bool:
    """Run a command for at most ten minutes; tell whether it ended well."""
    print("+ " + " ".join(map(shlex.quote, command)), flush=True)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.call(command, env=env, stdin=subprocess.DEVNULL, timeout=600) == 0
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, flush=True)
        return False
