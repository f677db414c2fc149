"""The first line of every lesson."""

from __future__ import annotations

import html
import random
from typing import Any

import numpy as np
from IPython import get_ipython

from aml4d_utils.checking import progress
from aml4d_utils.notebook.order import explain_missing_names

_current: str | None = None
# A notebook that is opened again has its words and figures, but no widgets: JupyterLab then says
# "Error displaying widget: model not found". This output is there again, and says it better.
_WITHOUT_PYTHON = (
    "What stood here needs the Python that made it, and that has stopped since. "
    "Choose Run, then Run All Cells, and it is back."
)
_STYLE = f"""<style>
.jp-OutputArea-output.jupyter-widgets:not(:has(*)) {{ font-size: 0; }}
.jp-OutputArea-output.jupyter-widgets:not(:has(*))::after {{
  content: "{_WITHOUT_PYTHON}"; font-size: 15px; color: var(--jp-ui-font-color1, #1f2328);
}}
</style>"""


class Started:
    """What :func:`start` found; the notebook shows it as one line."""

    def __init__(self, lesson: str, title: str, line: str):
        self.lesson = lesson
        self.title = title
        self.line = line

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        words = f"Ready. {self.line}" if self.line else "Ready."
        markup = f'<div role="status" style="font-size:15px">{html.escape(words)}</div>{_STYLE}'
        return {"text/html": markup, "text/plain": words}


def start(lesson: str, seed: int = 0) -> Started:
    """Make a lesson ready: fix the random seeds, show the progress so far, and from now on say
    which cell to run first where a name has no value yet.

    Parameters
    ----------
    lesson : str
        The lesson's file name without its ending, for example ``07_convolution``.
    seed : int
        For Python's, NumPy's and torch's generators, so that everybody sees the same numbers.

    Raises
    ------
    ValueError
        If there is no such lesson.
    """
    global _current
    known = progress.lessons()
    if lesson not in known:
        raise ValueError(f"There is no lesson {lesson!r}; there are {', '.join(sorted(known))}.")
    _current = lesson
    random.seed(seed)
    np.random.seed(seed)
    import torch

    torch.manual_seed(seed)
    shell = get_ipython()
    if shell is not None:
        explain_missing_names(shell, lesson)
    return Started(lesson, known[lesson]["title"], progress.line(lesson))


def current_lesson() -> str | None:
    """Return the lesson that was started in this kernel, if any."""
    return _current
