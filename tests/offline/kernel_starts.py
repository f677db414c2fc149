"""Start kernels again that died at birth, as JupyterLab does.

jupyter_client looks for free ports, lets them go, and tells the kernel to take them. What starts
or connects meanwhile may be faster, and the kernel dies with *Address already in use*: once in two
hundred starts when four start at once. That says nothing of the course: start it again.
"""

import functools
from collections.abc import Callable

import nbval.kernel
from jupyter_client.manager import start_new_kernel

TRIES = 3


def patiently(start: Callable) -> Callable:
    """Return a function that starts a kernel as `start` does, again when it died at birth."""

    @functools.wraps(start)
    def start_patiently(*arguments, **options):
        for _ in range(TRIES - 1):
            try:
                return start(*arguments, **options)
            except RuntimeError as error:
                if "Kernel died before replying" not in str(error):
                    raise
        return start(*arguments, **options)

    return start_patiently


start_kernel = patiently(start_new_kernel)
nbval.kernel.start_new_kernel = patiently(nbval.kernel.start_new_kernel)  # there is no setting
