"""Keep memory that was given back: the next picture or layer needs it again at once.

The C library of most Linux systems, glibc, hands every large piece of memory back to the system,
which must clear it page by page before it gives it out again. Lessons spent up to a fifth of their
processor time on that.
"""

import ctypes
import sys

# From glibc's malloc.h: what each number in a call of mallopt stands for.
_TRIM_THRESHOLD = -1
_MMAP_THRESHOLD = -3

LARGEST_PIECE = 32 * 2**20
"""Up to so many bytes a piece is kept; more than this older versions of glibc refuse."""

MOST_FREE = 256 * 2**20
"""So many free bytes may lie at the end of the memory before they are handed back."""


def keep_freed() -> None:
    """Let this process keep some freed memory; on systems without glibc nothing happens."""
    library = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    if hasattr(library, "mallopt"):  # musl has none
        library.mallopt(_MMAP_THRESHOLD, LARGEST_PIECE)
        library.mallopt(_TRIM_THRESHOLD, MOST_FREE)
