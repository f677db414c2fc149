"""Read the files inside a Qt resource file (.rcc), as GCompris keeps its pictures."""

import struct
import zlib

_FOLDER, _ZLIB, _ZSTD = 2, 1, 4


def read_resources(content: bytes) -> dict[str, bytes]:
    """Return the files of a Qt resource file by path.

    Parameters
    ----------
    content : bytes
        Of a ``.rcc`` file of format 1, 2 or 3 whose files are plain or zlib-compressed.

    Raises
    ------
    ValueError
        If it is something else.
    """
    if content[:4] != b"qres":
        raise ValueError("Expected a Qt resource file, which begins with 'qres'.")
    version, tree, data, names = struct.unpack_from(">4I", content, 4)
    size = 14 if version == 1 else 22
    files = {}

    def name(at: int) -> str:
        (length,) = struct.unpack_from(">H", content, names + at)
        start = names + at + 6
        return content[start : start + 2 * length].decode("utf-16-be")

    def walk(node: int, folder: str) -> None:
        at = tree + size * node
        label, flags = struct.unpack_from(">IH", content, at)
        if flags & _FOLDER:
            count, first = struct.unpack_from(">II", content, at + 6)
            inside = f"{folder}{name(label)}/" if node else ""
            for child in range(first, first + count):
                walk(child, inside)
            return
        (start,) = struct.unpack_from(">I", content, at + 10)
        (length,) = struct.unpack_from(">I", content, data + start)
        stored = content[data + start + 4 : data + start + 4 + length]
        if flags & _ZSTD:
            raise ValueError(f"{folder}{name(label)} is compressed with zstd.")
        # Qt writes the length of the unpacked file before the zlib stream.
        files[folder + name(label)] = zlib.decompress(stored[4:]) if flags & _ZLIB else stored

    walk(0, "")
    return files
