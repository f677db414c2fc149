#!/usr/bin/env python3
"""The course in one command: install it, open it, test it.

    python3 course.py lab       open the lessons in JupyterLab (installs everything on first use)
    python3 course.py update    take the newest version of the course; your answers stay
    python3 course.py test      run every check; --quick for the fast ones

Needs only Python itself. Everything is installed into the folder .venv beside this file; the parts
of this command are in tools/course.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent / "tools"))

from course import CourseError, checks, copies, surroundings, update  # noqa: E402
from course.environment import ensure_environment  # noqa: E402
from course.folders import ROOT  # noqa: E402
from course.holding import only_one  # noqa: E402
from course.interpreter import call_tool, venv_python  # noqa: E402

DESCRIPTION = "The course in one command: install it, open it, test it."


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
    parser = argparse.ArgumentParser(prog="course.py", description=DESCRIPTION)
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
    update = add("update", command_update, "take the newest version; your answers stay")
    update.add_argument(
        "--no-fetch", action="store_true", help="only bring my_lessons up to this version"
    )
    test = add("test", command_test, "run every check, or pytest with the arguments given", True)
    test.add_argument("--quick", action="store_true", help="only the fast checks")
    build = add("build", command_build, "write the notebooks from lessons/")
    build.add_argument("--check", action="store_true", help="write nothing, fail when they differ")
    assets = add("assets", command_assets, "rebuild data/ from its sources", True)
    assets.add_argument("--verify", action="store_true", help="only compare with the manifest")
    bench = add("bench", command_bench, "measure speed and memory")
    bench.add_argument("names", nargs="*", help="which measurements; all when left out")
    bench.add_argument("--keep", action="store_true", help="write them into benchmarks/RESULTS.md")
    questions = add("questions", command_questions, "export the question bank for teachers")
    questions.add_argument(
        "--export",
        nargs=2,
        metavar=("FORMAT", "FOLDER"),
        help="write all questions as moodle, qti or gift into a folder",
    )
    questions.add_argument("--own", metavar="FILE", help="a Python file with your own questions")
    questions.add_argument("--only-own", action="store_true", help="leave out the course's")
    questions.add_argument(
        "--coverage", action="store_true", help="print where each topic of the lecture is taught"
    )
    return parser


def command_lab(options: argparse.Namespace, _rest: list[str]) -> int:
    """Open JupyterLab on the student's own copies of the lessons and stay until it ends."""
    ensure_environment(options.cpu)
    with only_one("copying"):
        update.bring_lessons()
    folder = ROOT / copies.FOLDER
    first = next(iter(sorted(folder.glob("*.ipynb"))), None)
    command = [*venv_python(), "-I", "-X", "utf8", "-m", "jupyterlab"]
    command += [f"--ServerApp.root_dir={folder}", f"--ServerApp.port={options.port}"]
    command += [f"--LabApp.default_url=/lab/tree/{first.name}"] if first else []
    command += ["--ServerApp.answer_yes=True"]  # one Ctrl-C is enough
    if options.no_browser:
        command.append("--no-browser")
    elif not surroundings.browser_reads_files():
        command.append("--ServerApp.use_redirect_file=False")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    env = surroundings.at_home(os.environ)
    print("Opening JupyterLab. Press Ctrl-C here to end it.", flush=True)
    return run_in_foreground(command, folder, env)


def command_update(options: argparse.Namespace, _rest: list[str]) -> int:
    """Take the newest version of the course and bring the student's copies up to it."""
    if not options.no_fetch:
        with only_one("copying"):
            update.tell(update.fetch_newer_course())
        # What has come may be a newer course.py, which knows the newer lessons.
        command = [sys.executable, str(ROOT / "course.py"), "update", "--no-fetch"]
        return subprocess.call(command + ["--cpu"] * options.cpu, cwd=ROOT)
    ensure_environment(options.cpu)
    with only_one("copying"):
        update.bring_lessons()
    update.tell(f"Your lessons are in the folder {copies.FOLDER}.")
    return 0


def command_test(options: argparse.Namespace, rest: list[str]) -> int:
    """Run every check and sum them up, or only pytest with the arguments given."""
    ensure_environment(options.cpu)
    with tempfile.TemporaryDirectory(prefix="aml4d-") as folder:
        env = checks.isolated_environment(Path(folder))
        if rest:
            return subprocess.call([*venv_python(), "-m", "pytest", *rest], cwd=ROOT, env=env)
        return checks.run_stages(checks.list_stages(options.quick, Path(folder)), Path(folder), env)


def command_build(options: argparse.Namespace, _rest: list[str]) -> int:
    """Write the notebooks from their sources, or check them."""
    ensure_environment(options.cpu)
    return call_tool("build_notebooks.py", ["--check"] if options.check else [])


def command_assets(options: argparse.Namespace, rest: list[str]) -> int:
    """Rebuild the data folder, or compare it with its manifest."""
    ensure_environment(options.cpu)
    return call_tool("build_assets.py", (["--verify"] if options.verify else []) + rest)


def command_questions(options: argparse.Namespace, _rest: list[str]) -> int:
    """Export the question bank, or print what it covers."""
    ensure_environment(options.cpu)
    arguments = ["--coverage"] * options.coverage + ["--only-own"] * options.only_own
    if options.export:
        form, folder = options.export
        arguments += ["--export", form, str(Path(folder).absolute())]
    if options.own:
        arguments += ["--own", str(Path(options.own).absolute())]
    return call_tool("export_questions.py", arguments)


def command_bench(options: argparse.Namespace, _rest: list[str]) -> int:
    """Run the measurements in benchmarks/."""
    ensure_environment(options.cpu)
    env = surroundings.at_home(os.environ)
    keep = ["--keep"] if options.keep else []
    command = [*venv_python(), "-m", "benchmarks", *keep, *options.names]
    return subprocess.call(command, cwd=ROOT, env=env)


def run_in_foreground(command: list[str], folder: Path, env: dict[str, str]) -> int:
    """Give the terminal to a program, so that Ctrl-C reaches it and not this script."""
    if os.name == "posix":
        sys.stdout.flush()
        os.chdir(folder)
        os.execve(command[0], command, env)
    process = subprocess.Popen(command, cwd=folder, env=env)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the program has received it as well and is closing


if __name__ == "__main__":
    sys.exit(main())
