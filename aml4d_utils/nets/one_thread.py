"""Small trainings compute on one thread: with two, they spend their time on waiting.

A batch of small pictures is done in milliseconds, and at the end of each of its layers two threads
wait for each other. With a browser busy beside them this made such trainings ten times slower.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import torch

Work = TypeVar("Work", bound=Callable)


def on_one_thread(work: Work) -> Work:
    """Make a function, or each step of a generator, compute on one thread.

    Between two steps, and afterwards, there are as many threads as before.

    Examples
    --------
    >>> @on_one_thread
    ... def threads():
    ...     yield torch.get_num_threads()
    >>> list(threads())
    [1]
    """
    if not inspect.isgeneratorfunction(work):

        @wraps(work)
        def whole(*arguments: Any, **named: Any) -> Any:
            with _one():
                return work(*arguments, **named)

        return whole

    @wraps(work)
    def stepwise(*arguments: Any, **named: Any) -> Iterator[Any]:
        steps = work(*arguments, **named)
        try:
            while True:
                with _one():
                    try:
                        record = next(steps)
                    except StopIteration as end:
                        return end.value
                yield record
        finally:
            steps.close()

    return stepwise


class _Limit:
    """How many are inside, and how many threads there were before the first of them."""

    lock = threading.Lock()
    inside = 0
    before = 1


class _Here(threading.local):
    """Whether this thread of Python's is inside already."""

    inside = False


_here = _Here()


@contextmanager
def _one() -> Iterator[None]:
    if _here.inside:
        yield
        return
    # Several explorers may compute at once, each in a thread of Python's: whoever comes second
    # must not take the 1 that it finds for what there was before.
    with _Limit.lock:
        if not _Limit.inside:
            _Limit.before = torch.get_num_threads()
        _Limit.inside += 1
    _here.inside = True
    torch.set_num_threads(1)
    try:
        yield
    finally:
        _here.inside = False
        with _Limit.lock:
            _Limit.inside -= 1
        torch.set_num_threads(_Limit.before)
