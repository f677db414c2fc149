"""Reading Qt resource files and the licences of single pictures, without any package."""

import struct
import zlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))


def resource_file(version=3):
    """A resource file: the folder pics with a plain and a packed file."""
    packed = struct.pack(">I", 5) + zlib.compress(b"hello")
    data = b"".join(struct.pack(">I", len(part)) + part for part in (b"plain", packed))
    names, places = b"", []
    for name in ("pics", "a.txt", "b.txt"):
        places.append(len(names))
        names += struct.pack(">HI", len(name), 0) + name.encode("utf-16-be")
    time = b"" if version == 1 else bytes(8)
    tree = struct.pack(">IHII", 0, 2, 1, 1) + time
    tree += struct.pack(">IHII", places[0], 2, 2, 2) + time
    tree += struct.pack(">IHHHI", places[1], 0, 0, 0, 0) + time
    tree += struct.pack(">IHHHI", places[2], 1, 0, 0, 4 + len(b"plain")) + time
    start = 20
    offsets = (start, start + len(tree), start + len(tree) + len(data))
    return b"qres" + struct.pack(">4I", version, *offsets) + tree + data + names


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_resource_file_is_unpacked(version):
    from asset_build.qt_resources import read_resources

    assert read_resources(resource_file(version)) == {
        "pics/a.txt": b"plain",
        "pics/b.txt": b"hello",
    }


def test_something_else_is_refused():
    from asset_build.qt_resources import read_resources

    with pytest.raises(ValueError, match="begins with 'qres'"):
        read_resources(b"PK" + resource_file()[2:])


def test_the_licence_of_a_single_picture():
    from asset_build.gcompris import _licence

    about = (
        "Copyright: one\nLicense: Public domain\nFiles:\na.webp\nb.webp\n\n"
        "Copyright: two\nLicense: CC-BY-SA 4.0\nFiles: c.webp\n\nFiles:\nd.webp\n"
    )
    assert _licence(about, "b.webp") == "Public domain"
    assert _licence(about, "c.webp") == "CC-BY-SA 4.0"
    assert _licence(about, "d.webp") == _licence(about, "e.webp") == ""
