#!/usr/bin/env python3
"""The course in one file: install it, open it, test it.

    python3 course.py lab       open the lessons in JupyterLab (installs everything on first use)
    python3 course.py test      run every check; --quick for the fast ones

Needs only Python itself. Everything is installed into the folder .venv beside this file.
"""

from __future__ import annotations

import argparse
import contextlib
import glob
import hashlib
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import xml.etree.ElementTree
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "aml4d-installed"
UNFINISHED = "unfinished"
LOCK = ROOT / "requirements.lock"
ALONE = {"OMP_NUM_THREADS": "1"}  # two tests at once share two cores
OLDEST, NEWEST = (3, 11), (3, 13)
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


class CourseError(Exception):
    """Something the user can mend; the message is one plain sentence that says how."""


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand and return the exit status."""
    parser = make_parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and not options.passes_on:
        parser.error("unrecognised arguments: " + " ".join(rest))
    try:
        return options.command(options, rest)
    except CourseError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


def make_parser() -> argparse.ArgumentParser:
    """Describe the subcommands and their options."""
    parser = argparse.ArgumentParser(prog="course.py", description=__doc__.split("\n")[0])
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name, command, text, passes_on=False):
        sub = subparsers.add_parser(name, help=text, description=text, allow_abbrev=False)
        sub.add_argument(
            "--cpu", action="store_true", help="take PyTorch without CUDA from PyTorch's own index"
        )
        sub.set_defaults(command=command, passes_on=passes_on)
        return sub

    lab = add("lab", command_lab, "open the lessons in JupyterLab")
    lab.add_argument("--no-browser", action="store_true", help="only print the address")
    lab.add_argument("--port", type=int, default=8888, help="port of the local server")
    test = add("test", command_test, "run every check, or pytest with the arguments given", True)
    test.add_argument("--quick", action="store_true", help="only the fast checks")
    build = add("build", command_build, "write the notebooks from lessons/")
    build.add_argument("--check", action="store_true", help="write nothing, fail when they differ")
    assets = add("assets", command_assets, "rebuild data/ from its sources", True)
    assets.add_argument("--verify", action="store_true", help="only compare with the manifest")
    bench = add("bench", command_bench, "measure speed and memory")
    bench.add_argument("names", nargs="*", help="which measurements; all when left out")
    return parser


def command_lab(options: argparse.Namespace, _rest: list[str]) -> int:
    """Open JupyterLab on the course and stay until it ends."""
    ensure_environment(options.cpu)
    first = next(iter(sorted((ROOT / "notebooks").glob("*.ipynb"))), None)
    page = f"notebooks/{first.name}" if first else "notebooks"
    command = [*venv_python(), "-m", "jupyterlab", f"--ServerApp.root_dir={ROOT}"]
    command += [f"--ServerApp.port={options.port}", f"--LabApp.default_url=/lab/tree/{page}"]
    command += ["--ServerApp.answer_yes=True"]  # one Ctrl-C is enough
    if options.no_browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    print("Opening JupyterLab. Press Ctrl-C here to end it.", flush=True)
    return run_in_foreground(command)


def command_test(options: argparse.Namespace, rest: list[str]) -> int:
    """Run every check and sum them up, or only pytest with the arguments given."""
    ensure_environment(options.cpu)
    with tempfile.TemporaryDirectory(prefix="aml4d-") as folder:
        env = isolated_environment(Path(folder))
        if rest:
            return subprocess.call([*venv_python(), "-m", "pytest", *rest], cwd=ROOT, env=env)
        return run_stages(list_stages(options.quick), Path(folder), env)


def command_build(options: argparse.Namespace, _rest: list[str]) -> int:
    """Write the notebooks from their sources, or check them."""
    ensure_environment(options.cpu)
    return call_tool("build_notebooks.py", ["--check"] if options.check else [])


def command_assets(options: argparse.Namespace, rest: list[str]) -> int:
    """Rebuild the data folder, or compare it with its manifest."""
    ensure_environment(options.cpu)
    return call_tool("build_assets.py", (["--verify"] if options.verify else []) + rest)


def command_bench(options: argparse.Namespace, _rest: list[str]) -> int:
    """Run the measurements in benchmarks/."""
    ensure_environment(options.cpu)
    return subprocess.call([*venv_python(), "-m", "benchmarks", *options.names], cwd=ROOT)


def call_tool(name: str, arguments: list[str]) -> int:
    """Run a script of tools/ with the course's Python."""
    return subprocess.call([*venv_python(), str(ROOT / "tools" / name), *arguments], cwd=ROOT)


def run_in_foreground(command: list[str]) -> int:
    """Give the terminal to a program, so that Ctrl-C reaches it and not this script."""
    if os.name == "posix":
        sys.stdout.flush()
        os.chdir(ROOT)
        os.execv(command[0], command)
    process = subprocess.Popen(command, cwd=ROOT)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the program has received it as well and is closing


# --- The environment ---------------------------------------------------------------------------


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


def venv_python() -> list[str]:
    """Return the start of a command that runs the course's Python."""
    parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return [str(VENV.joinpath(*parts))]


def ask_python(code: str) -> str:
    """Run a line in the course's Python; return what it prints, empty when it fails."""
    try:
        # Isolated: neither the current folder nor PYTHONPATH may lend it aml4d_utils.
        done = subprocess.run(
            [*venv_python(), "-I", "-c", code], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.strip()


def install(cpu: bool) -> None:
    """Install the locked packages and the course, into a new .venv or the existing one."""
    new = must_start_anew()
    check_python_version(new)
    try:
        with terminate_like_interrupt():
            if new:
                make_venv()
            add_pip_if_missing()
            announce_download(cpu)
            if cpu:
                install_torch_without_cuda()
            pip_install("--only-binary=:all:", "-r", str(LOCK))
            pip_install("--quiet", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
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
        raise CourseError(advice(output))


def add_pip_if_missing() -> None:
    """Put pip into a .venv that another tool made without it."""
    if not ask_python("import pip; print(pip.__version__)"):
        subprocess.run([*venv_python(), "-m", "ensurepip"], capture_output=True)


def remove_venv() -> None:
    """Delete .venv when it exists."""
    if VENV.exists():
        shutil.rmtree(VENV)


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
        ("Retrying (", "NewConnectionError", "name resolution", "getaddrinfo", "timed out")
        + ("unreachable", "ProxyError", "Connection refused", "Connection aborted"),
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


def check_installation() -> None:
    """Load what most often fails to load, once after installing."""
    code = "import aml4d_utils, torch, torchvision, cv2, jupyterlab; print('fine')"
    done = subprocess.run(
        [*venv_python(), "-I", "-c", code], capture_output=True, text=True, cwd=ROOT
    )
    if done.returncode:
        raise CourseError(advice(done.stderr))
    if not overrides_in_place():
        raise CourseError(
            "JupyterLab's settings for the course were not installed: delete the folder .venv "
            "and run this command again."
        )


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
def only_one_installer():
    """Hold a lock while installing; the system frees it however this process ends."""
    with open(ROOT / ".venv.lock", "w", encoding="utf-8") as file:
        try:
            lock_file(file)
        except OSError:
            raise CourseError(
                "Another course.py is installing in this folder: wait until it has finished and "
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


# --- The checks --------------------------------------------------------------------------------


class Stage:
    """One step of `course.py test`: a name and a command, counted when it is pytest."""

    def __init__(self, name: str, command: list[str], counted: bool = False, **env: str):
        self.name = name
        self.command = command
        self.counted = counted
        self.env = env
        self.skip = ""


class Result:
    """What came of a stage: numbers of passed, failed and skipped checks, and its seconds."""

    def __init__(self, name: str, passed: int, failed: int, skipped: int, seconds: float = 0.0):
        self.name = name
        self.passed = passed
        self.failed = failed
        self.skipped = skipped
        self.seconds = seconds


def isolated_environment(folder: Path) -> dict[str, str]:
    """Return variables that cut the network and keep the user's own files out of the tests."""
    env = dict(os.environ)
    offline = str(ROOT / "tests" / "offline")
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [offline, env.get("PYTHONPATH")]))
    env["PYTHONUTF8"] = "1"  # a report with arrows must not fail on a Windows console
    places = ("AML4D_HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")
    for name in places:
        env[name] = str(folder / name.lower())
        os.makedirs(env[name])
    return env


def list_stages(quick: bool) -> list[Stage]:
    """List the stages in order; the quick run leaves out what takes minutes."""
    unit = "not browser and not slow" if quick else "not browser"
    python = venv_python()
    lint = "from importlinter.cli import lint_imports_command as check; check()"
    build = str(ROOT / "tools" / "build_notebooks.py")
    stages = [
        Stage("style", [*python, "-m", "ruff", "check", "."]),
        Stage("import contracts", [*python, "-c", lint]),
        Stage("unit tests", pytest_command("-p", "no:nbval", "-n", "2", "-m", unit), True, **ALONE),
        Stage("notebooks up to date", [*python, build, "--check"]),
        notebook_stage("first notebook" if quick else "notebooks", quick),
    ]
    return stages if quick else [*stages, browser_stage()]


def pytest_command(*arguments: str) -> list[str]:
    """Return the command for a quiet pytest."""
    return [*venv_python(), "-m", "pytest", "-q", *arguments]


def notebook_stage(name: str, quick: bool) -> Stage:
    """Return the stage that runs notebooks and compares their facts: all, or the first one."""
    students = sorted(glob.glob(str(ROOT / "notebooks" / "*.ipynb")))
    solved = sorted(glob.glob(str(ROOT / "notebooks" / "solutions" / "*.ipynb")))
    files = students[:1] if quick else students + solved
    missing = [str(ROOT / "notebooks" / "*.ipynb")]  # pytest then fails and names it
    options = ["--nbval-lax", "--nbval-cell-timeout=120", "-n", "2", "--dist", "loadfile"]
    options += ["--nbval-sanitize-with", str(ROOT / "tests" / "nbval_sanitise.cfg")]
    return Stage(name, pytest_command(*options, *(files or missing)), True, **ALONE)


def browser_stage() -> Stage:
    """Return the stage that drives JupyterLab in Chromium, skipped when there is no browser."""
    try:
        browser = get_browser()
    except CourseError as error:
        skipped = Stage("browser tests", [])
        skipped.skip = str(error)
        return skipped
    command = pytest_command("-p", "no:nbval", "-m", "browser", str(ROOT / "tests" / "browser"))
    return Stage("browser tests", command, True, AML4D_CHROMIUM=browser)


def run_stages(stages: list[Stage], folder: Path, env: dict[str, str]) -> int:
    """Run every stage even when one fails; print a summary and return the exit status."""
    results = [run_stage(stage, folder / f"stage{i}.xml", env) for i, stage in enumerate(stages)]
    print("\n== summary ==")
    for result in results:
        state = "FAILED" if result.failed else "passed" if result.passed else "SKIPPED"
        print(f"{state:8} {result.name} ({result.seconds:.1f} s)")
    totals = [sum(getattr(r, key) for r in results) for key in ("passed", "failed", "skipped")]
    print("{} passed, {} failed, {} skipped".format(*totals), flush=True)
    return 1 if totals[1] else 0


def run_stage(stage: Stage, report: Path, env: dict[str, str]) -> Result:
    """Run one stage with its name and duration on the screen."""
    print(f"\n== {stage.name} ==", flush=True)
    if stage.skip:
        print(f"!! SKIPPED: {stage.skip}", flush=True)
        return Result(stage.name, 0, 0, 1)
    start = time.monotonic()
    extra = [f"--junitxml={report}"] if stage.counted else []
    status = subprocess.call(
        [*stage.command, *extra], cwd=ROOT, env={**env, **stage.env}, stdin=subprocess.DEVNULL
    )
    result = Result(stage.name, *count(stage, status, report), time.monotonic() - start)
    print(f"-- {stage.name}: {'FAILED' if result.failed else 'passed'}, {result.seconds:.1f} s --")
    return result


def count(stage: Stage, status: int, report: Path) -> tuple[int, int, int]:
    """Return passed, failed and skipped; a stage without tests of its own counts as one."""
    if not stage.counted or not report.is_file():
        return (0, 1, 0) if status else (1, 0, 0)
    passed = failed = skipped = 0
    for suite in xml.etree.ElementTree.parse(report).getroot().iter("testsuite"):
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        left_out = int(suite.get("skipped", 0))
        failed += bad
        skipped += left_out
        passed += int(suite.get("tests", 0)) - bad - left_out
    if status and not failed:
        failed = 1  # stopped before or after its tests: nothing found, or a crash
    return passed, failed, skipped


# --- The browser -------------------------------------------------------------------------------

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


if __name__ == "__main__":
    sys.exit(main())
