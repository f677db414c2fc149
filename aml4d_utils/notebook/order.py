"""Cells run out of order: one sentence that names the cell to run first."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from textwrap import wrap
from types import TracebackType

from IPython.core.interactiveshell import InteractiveShell

from aml4d_utils.checking.cells import run_first
from aml4d_utils.checking.progress import lessons

_WIDEST = 95
_ALL = "Or run everything up to here: Run → Run All Above Selected Cell."


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Explain missing names from the first cell on: a kernel loads this when it starts.

    ``ipython_kernel_config.json``, which the package installs, names this module.
    """
    notebook = Path(os.environ.get("JPY_SESSION_NAME", "")).name
    for lesson in lessons():
        if notebook.startswith(lesson):
            explain_missing_names(shell, lesson)


def explain_missing_names(shell: InteractiveShell, lesson: str) -> None:
    """Let the shell say, for a name without a value, which cell of the lesson must run first."""
    shell.set_custom_exc((NameError,), partial(_explain, lesson=lesson))


def _explain(
    shell: InteractiveShell,
    kind: type[NameError],
    error: NameError,
    trace: TracebackType,
    tb_offset: int | None = None,
    *,
    lesson: str,
) -> list[str] | None:
    words = run_first(lesson, error.name) if _is_missing(shell, error, trace) else None
    if words is None:
        shell.showtraceback((kind, error, trace), tb_offset, running_compiled_code=True)
        return None
    lines = [*wrap(f"{words} Then run this one again.", _WIDEST, break_long_words=False), _ALL]
    shell._showtraceback(kind, error, lines)
    return lines


def _is_missing(shell: InteractiveShell, error: NameError, trace: TracebackType) -> bool:
    """Whether code of the notebook asked for a name that no cell has made so far."""
    while trace.tb_next:
        trace = trace.tb_next
    unknown = not isinstance(error, UnboundLocalError) and error.name not in shell.user_ns
    return unknown and trace.tb_frame.f_globals is shell.user_ns
