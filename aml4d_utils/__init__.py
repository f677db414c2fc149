"""Computer vision for design students: the tools behind the lessons in ``notebooks/``.

Importing the package is quick and loads neither numpy, torch nor matplotlib. It does two
things that must happen before any of them: it limits threads to the processor quota, and it
watches for the first import of torchvision to mend it where that is needed.
"""

from aml4d_utils import _threads, _torchvision

__version__ = "0.1.0"

_threads.limit_threads()
_torchvision.install_hook()
