"""Check that requirements.lock installs on every system the course supports. Needs a network.

    python tools/check_lock.py            all nine combinations of system and Python
    python tools/check_lock.py --write    first renew the pins from the running environment

Nothing is installed. For each combination pip resolves the lines whose markers hold there, by
metadata alone where the registry offers it. pip would judge markers by the machine it runs on,
so they are judged here. Then every requirement of every package must be met by a line of the
lock; only the CUDA libraries that torch pulls in by itself on Linux are not listed. A release
that its makers have withdrawn (yanked) is refused: pip would take it all the same, as the lock
names it exactly. The exit status is the number of combinations that fail; without a network
nothing can be judged, and the check stops at once with one sentence and the status 10.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from course.packages import UNREACHABLE

ROOT = Path(__file__).resolve().parents[1]
NOT_JUDGED = 10
LOCK = ROOT / "requirements.lock"
PYTHONS = ("3.11", "3.12", "3.13")
YANKED = re.compile(
    r"is a yanked version: '?(?P<name>[\w.-]+)'? candidate \(version (?P<version>\S+) at "
    r".*?Reason for being yanked: (?P<reason>[^\n]*)",
    re.S,
)
PULLED_BY_TORCH = re.compile(r"(nvidia|cuda)-|triton$")
PLATFORMS: dict[str, dict[str, str]] = {
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
    "macos": {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
}
MACHINES = {"linux": "x86_64", "windows": "AMD64", "macos": "arm64"}
TAGS = {
    "linux": [f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)]
    + ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64"],
    "windows": ["win_amd64"],
    "macos": ["macosx_14_0_arm64"],
}


class NoNetwork(Exception):
    """The package index does not answer."""


def main() -> int:
    """Run the check; the exit status is the number of combinations that fail."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--write", action="store_true", help="renew the pins first")
    if parser.parse_args().write:
        write_lock()
    try:
        return sum(not is_fine(platform, python) for platform in PLATFORMS for python in PYTHONS)
    except NoNetwork as error:
        print(f"The package index cannot be reached, so nothing was judged. {error}")
        return NOT_JUDGED


def is_fine(platform: str, python: str) -> bool:
    """Check one combination, print what is wrong with it, and tell whether it is fine."""
    problems = check_combination(platform, python)
    print(f"{platform} {python}: {'; '.join(problems) or 'ok'}", flush=True)
    return not problems


def read_lock(path: Path = LOCK) -> list[Requirement]:
    """Return the requirements of a lock file, comments left out."""
    lines = (line.split("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return [Requirement(line) for line in lines if line]


def environment(platform: str, python: str) -> dict[str, str]:
    """Return the marker environment of one system and Python version."""
    return {
        **PLATFORMS[platform],
        "platform_machine": MACHINES[platform],
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        "python_full_version": f"{python}.9",
        "extra": "",
    }


def applies(requirement: Requirement, env: dict[str, str], extras: Iterable[str] = ()) -> bool:
    """Tell whether a requirement's marker holds in an environment, for any of the extras."""
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({**env, "extra": extra}) for extra in ("", *extras))


def check_combination(platform: str, python: str) -> list[str]:
    """Resolve the lock for one system and Python; return what is wrong with it."""
    env = environment(platform, python)
    lines = [line for line in read_lock() if applies(line, env)]
    packages, problems = resolve(lines, platform, python)
    if not packages:
        return problems
    pins = {canonicalize_name(line.name): str(line.specifier)[2:] for line in lines}
    wanted = [*wanted_by_course(), *wanted_by(packages, pins, env)]
    return problems + [problem for line in wanted if (problem := unmet(line, pins))]


def resolve(lines: list[Requirement], platform: str, python: str) -> tuple[list[dict], list[str]]:
    """Let pip find a wheel for each line; return their metadata, and what is wrong.

    Raises
    ------
    NoNetwork
        When the package index does not answer.
    """
    with tempfile.TemporaryDirectory() as folder:
        wanted, report = Path(folder, "wanted.txt"), Path(folder, "report.json")
        wanted.write_text("\n".join(f"{line.name}{line.specifier}" for line in lines))
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps"]
        command += ["--only-binary=:all:", "--ignore-installed", "--target", folder]
        command += ["--python-version", python, "--report", str(report), "-r", str(wanted)]
        command += [word for tag in TAGS[platform] for word in ("--platform", tag)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if "ERROR" in line]
            words = " ".join(lines) or done.stderr
            if any(sign in done.stderr for sign in UNREACHABLE):
                raise NoNetwork(words)
            return [], [words]
        if "Retry(total=0" in done.stderr:  # all was found, but not in an index
            raise NoNetwork(done.stderr.splitlines()[-1])
        packages = [item["metadata"] for item in json.loads(report.read_text())["install"]]
    return packages, [
        "{name} {version} is yanked ({reason})".format(**found.groupdict())
        for found in YANKED.finditer(done.stderr)
    ]


def wanted_by_course() -> list[Requirement]:
    """Return what pyproject.toml asks for, tests and build backend included."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lines = project["project"]["dependencies"] + project["build-system"]["requires"]
    return [
        Requirement(line) for line in lines + project["project"]["optional-dependencies"]["test"]
    ]


def wanted_by(
    packages: list[dict], pins: dict[str, str], env: dict[str, str]
) -> Iterator[Requirement]:
    """Yield what the packages need in this environment, including extras asked for."""
    extras: dict[str, set[str]] = {name: set() for name in pins}
    requires = {
        canonicalize_name(package["name"]): list(map(Requirement, package.get("requires_dist", [])))
        for package in packages
    }
    # Extras ask for extras: two rounds reach the depth that occurs (a -> b[x] -> c[y]).
    for _ in range(2):
        for name, lines in requires.items():
            for line in lines:
                if applies(line, env, extras[name]):
                    extras.setdefault(canonicalize_name(line.name), set()).update(line.extras)
    for name, lines in requires.items():
        yield from (line for line in lines if applies(line, env, extras[name]))


def unmet(line: Requirement, pins: dict[str, str]) -> str:
    """Say what is wrong when no pin satisfies a requirement; empty when one does."""
    name = canonicalize_name(line.name)
    if PULLED_BY_TORCH.match(name):
        return ""
    if name not in pins:
        return f"{line} is not in the lock"
    if not line.specifier.contains(Version(pins[name]), prereleases=True):
        return f"{line} is not satisfied by {pins[name]}"
    return ""


def write_lock() -> None:
    """Renew the pins of the lock from the running environment; markers stay as they are."""
    text = LOCK.read_text("utf-8")
    header = text[: re.search(r"^[^#\n]", text, re.M).start()]
    lines = {canonicalize_name(line.name): line for line in read_lock()}
    for name in installed_closure():
        if not PULLED_BY_TORCH.match(name):
            line = lines.setdefault(name, Requirement(name))
            public = Version(importlib.metadata.version(name)).public
            line.specifier = type(line.specifier)(f"=={public}")
    body = "\n".join(_lock_line(name, lines[name]) for name in sorted(lines))
    LOCK.write_text(header + body + "\n", encoding="utf-8", newline="\n")


def _lock_line(name: str, line: Requirement) -> str:
    return f"{name}{line.specifier}" + (f" ; {line.marker}" if line.marker else "")


def installed_closure() -> set[str]:
    """Return the names of all installed packages that the course needs, directly or not."""
    found: set[str] = set()
    waiting = wanted_by_course()
    while waiting:
        line = waiting.pop()
        name = canonicalize_name(line.name)
        extras = tuple(line.extras)
        if name in found and not extras:
            continue
        try:
            requires = importlib.metadata.requires(name) or []
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system: its line is kept by hand, and checked
        found.add(name)
        needed = [Requirement(text) for text in requires]
        waiting += [
            each
            for each in needed
            if each.marker is None
            or any(each.marker.evaluate({"extra": extra}) for extra in ("", *extras))
        ]
    return found


if __name__ == "__main__":
    sys.exit(main())
