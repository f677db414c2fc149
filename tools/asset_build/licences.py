"""The long licence texts that some of the data files must be accompanied by."""

from pathlib import Path

from asset_build.manifest import Entry, Source, write_bytes
from asset_build.packages import BuildError, sha256

LICENCES = {
    "GPL-2": "8177f97513213526df2cf6184d8ff986c675afb514d4e68a404010521b880643",
    "Apache-2.0": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
}


def licences(cache: Path, data: Path) -> list[Entry]:
    """The long licence texts, as every Debian system has them."""
    entries = []
    for name, digest in LICENCES.items():
        file = f"usr/share/common-licenses/{name}"
        content = Path("/", file).read_bytes()
        if sha256(content) != digest:
            raise BuildError(f"/{file} is not the text that was checked.")
        path = f"licences/{name}.txt"
        write_bytes(data / path, content)
        source = Source("base-files", "12", "Debian", file, digest)
        entries.append(Entry(path, source, "verbatim copying allowed", "Nothing."))
    return entries
