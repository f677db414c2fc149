"""What `course.py test` runs, and how it is summed up."""

from __future__ import annotations

import os
import subprocess
import time
import xml.etree.ElementTree
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from course import CourseError
from course.browser import get_browser
from course.copies import lessons_in
from course.folders import ROOT
from course.interpreter import venv_python
from course.surroundings import at_home

ALONE = {"OMP_NUM_THREADS": "1"}  # two tests at once share two cores
PROCESSORS = {  # what makes the libraries add up as they do on other processors than this one
    "the plainest processor": {"MKL_CBWR": "COMPATIBLE", "ATEN_CPU_CAPABILITY": "default"},
    "a processor with AVX2": {"MKL_CBWR": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"},
}
NUMERIC = ("test_package_doctests.py", "images", "nets", "topics")
SAME_EVERYWHERE = ("topics/features", "topics/hog")  # never reach torch, whose sums differ


class Stage:
    """One step of `course.py test`: a name and a command, counted when it is pytest.

    A patient one runs beside the others from the beginning, on what they leave of the processors.
    """

    def __init__(self, name: str, command: list[str], counted: bool = False, **env: str):
        self.name = name
        self.command = command
        self.counted = counted
        self.env = env
        self.skip = ""
        self.patient = False


class Result:
    """What came of a stage: numbers of passed, failed and skipped checks, and its seconds.

    ``said`` is what it would have put on the screen, had it not run beside others.
    """

    def __init__(self, name: str, passed: int, failed: int, skipped: int, seconds: float = 0.0):
        self.name = name
        self.passed = passed
        self.failed = failed
        self.skipped = skipped
        self.seconds = seconds
        self.said = ""


def isolated_environment(folder: Path) -> dict[str, str]:
    """Return variables that cut the network and keep the user's own files out of the tests."""
    env = at_home(os.environ)
    env["PYTHONPATH"] = str(ROOT / "tests" / "offline")
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # some hundred processes would compile it all anew
    places = ("AML4D_HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    for name in (*places, "IPYTHONDIR"):
        env[name] = str(folder / name.lower())
        os.makedirs(env[name])
    return env


def list_stages(quick: bool, folder: Path) -> list[Stage]:
    """List the stages in order; the quick run leaves out what takes minutes.

    Parameters
    ----------
    quick : bool
    folder : Path
        Where the notebooks are written anew, so that those in which somebody has worked are
        neither run nor changed.
    """
    python = venv_python()
    lint = "from importlinter.cli import lint_imports_command as check; check()"
    build = ["tools/build_notebooks.py"]
    stages = [
        Stage("style", [*python, "-m", "ruff", "check", "."]),
        Stage("import contracts", [*python, "-c", lint]),
        unit_stage(quick),
        Stage("notebooks up to date", [*python, *build, "--check"]),
        Stage("notebooks written anew", [*python, *build, "--into", str(folder)]),
        notebook_stage("first notebook" if quick else "notebooks", quick, folder),
    ]
    if quick:
        return stages
    return [*stages, browser_stage(), *(numbers_stage(name) for name in PROCESSORS)]


def pytest_command(*arguments: str) -> list[str]:
    """Return the command for a quiet pytest."""
    return [*venv_python(), "-m", "pytest", "-q", *arguments]


def unit_stage(quick: bool) -> Stage:
    """Return the stage of all tests that need no browser; the quick run leaves out slow ones."""
    options = ["-p", "no:nbval", "-n", "2", f"--ignore={ROOT / 'tests' / 'browser'}"]
    options += ["-m", "not browser and not slow" if quick else "not browser"]
    return Stage("unit tests", pytest_command(*options), True, **ALONE)


def numbers_stage(processor: str) -> Stage:
    """Return the stage that computes once more as another processor would; nothing is drawn."""
    options = ["-p", "no:nbval", "-n", "2", "-m", "not browser and not slow"]
    drawn = ("*explorer*.py", "*figures.py", "*description.py")
    options += [f"--ignore-glob={files}" for files in drawn]
    options += [f"--ignore={ROOT / 'tests' / room}" for room in SAME_EVERYWHERE]
    files = [str(ROOT / "tests" / name) for name in NUMERIC]
    command = pytest_command(*options, *files)
    stage = Stage(f"numbers on {processor}", command, True, **ALONE, **PROCESSORS[processor])
    stage.patient = True  # nothing in it waits; browser tests wait for a seventh of their time
    return stage


def notebook_stage(name: str, quick: bool, folder: Path) -> Stage:
    """Return the stage that runs notebooks and compares their facts: all, or the first one."""
    names = lessons_in(ROOT / "notebooks")
    files = [str(folder / "notebooks" / name) for name in (names[:1] if quick else names)]
    missing = [str(folder / "notebooks" / "*.ipynb")]  # pytest then fails and names it
    # The folder lies elsewhere: without being told, pytest would look there for its settings, and
    # call cells of different notebooks by the same name.
    options = ["-p", "kernel_starts", "-c", "pyproject.toml", "--rootdir", str(folder)]
    options += ["--nbval-lax", "--nbval-cell-timeout=120", "-n", "2", "--dist", "loadfile"]
    options += ["--nbval-sanitize-with", "tests/nbval_sanitise.cfg"]
    return Stage(name, pytest_command(*options, *(files or missing)), True, **ALONE)


def browser_stage() -> Stage:
    """Return the stage that drives JupyterLab in Chromium, skipped when there is no browser."""
    try:
        browser = get_browser()
    except CourseError as error:
        skipped = Stage("browser tests", [])
        skipped.skip = str(error)
        return skipped
    # tests/browser/conftest.py keeps what is about one lesson with one worker.
    options = ["-p", "no:nbval", "-n", "2", "-m", "browser"]
    command = pytest_command(*options, "tests/browser")
    return Stage("browser tests", command, True, **ALONE, AML4D_CHROMIUM=browser)


def run_stages(stages: list[Stage], folder: Path, env: dict[str, str]) -> int:
    """Run every stage even when one fails; print a summary and return the exit status."""
    with Beside() as beside:
        ends: list[Callable[[], Result]] = []
        for i, stage in enumerate(stages):
            report = folder / f"stage{i}.xml"
            if stage.patient:
                ends.append(beside.submit(run_stage, stage, report, env, beside.call).result)
            else:
                ends.append(partial(run_stage, stage, report, env, call))
        results = [show_stage(stage, end) for stage, end in zip(stages, ends, strict=True)]
    print("\n== summary ==")
    for result in results:
        state = "FAILED" if result.failed else "passed" if result.passed else "SKIPPED"
        print(f"{state:8} {result.name} ({result.seconds:.1f} s)")
    totals = [sum(getattr(r, key) for r in results) for key in ("passed", "failed", "skipped")]
    print("{} passed, {} failed, {} skipped".format(*totals), flush=True)
    return 1 if totals[1] else 0


def show_stage(stage: Stage, end: Callable[[], Result]) -> Result:
    """Bring a stage to its end with its name and duration on the screen."""
    print(f"\n== {stage.name} ==", flush=True)
    if stage.skip:
        print(f"!! SKIPPED: {stage.skip}", flush=True)
        return Result(stage.name, 0, 0, 1)
    result = end()
    state = "FAILED" if result.failed else "passed"
    took = f"{result.seconds:.1f} s{' beside the others' if stage.patient else ''}"
    print(f"{result.said}-- {stage.name}: {state}, {took} --", flush=True)
    return result


def run_stage(
    stage: Stage, report: Path, env: dict[str, str], how: Callable[..., tuple[int, str]]
) -> Result:
    """Run one stage and count what came of it; ``how`` returns an exit status and what was said."""
    start = time.monotonic()
    command = [*stage.command, *([f"--junitxml={report}"] if stage.counted else [])]
    status, said = how(command, cwd=ROOT, env={**env, **stage.env}, stdin=subprocess.DEVNULL)
    result = Result(stage.name, *count(stage, status, report), time.monotonic() - start)
    result.said = said
    return result


def call(command: list[str], **options: object) -> tuple[int, str]:
    """Run a command that speaks for itself."""
    return subprocess.call(command, **options), ""


class Beside(ThreadPoolExecutor):
    """Runs commands one after another, behind all that this machine does otherwise."""

    def __init__(self) -> None:
        super().__init__(max_workers=1)
        self._running: subprocess.Popen | None = None

    def call(self, command: list[str], **options: object) -> tuple[int, str]:
        """Run a command; return its exit status and what it has said."""
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            creationflags=getattr(subprocess, "IDLE_PRIORITY_CLASS", 0),  # Windows has it
            **options,
        ) as self._running:
            if hasattr(os, "setpriority"):  # other systems have it
                os.setpriority(os.PRIO_PROCESS, self._running.pid, 19)
            group = Path(f"/proc/{self._running.pid}/autogroup")
            if group.exists():  # Linux weighs whole sessions against each other
                group.write_text("19")
            said, _ = self._running.communicate()
            return self._running.returncode, said

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is not None and self._running is not None:
            self._running.terminate()  # being in a session of its own, it hears no Ctrl-C
        self.shutdown(cancel_futures=True)


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
