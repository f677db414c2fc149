"""Computer vision for design students: the tools behind the lessons in ``notebooks/``.

Importing the package is quick and loads neither numpy, torch nor matplotlib. It does four
things that must happen before any of them: it lets a notebook find the installed packages before
files of the same name, it limits threads to the processor quota, it keeps freed memory for what
comes next, and it watches for the first import of torchvision to mend it where that is needed.
"""

from aml4d_utils import _memory, _search_path, _threads, _torchvision

__version__ = "0.1.0"

_search_path.put_own_packages_first()
_threads.limit_threads()
_memory.keep_freed()
_torchvision.install_hook()
