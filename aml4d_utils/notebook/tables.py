"""Small tables with a summary, in the look of the course."""

from __future__ import annotations

import html
from collections.abc import Sequence

from aml4d_utils.checking import progress
from aml4d_utils.notebook.alt_text import Shown


def table(summary: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Shown:
    """Return a table with a summary above it.

    Parameters
    ----------
    summary : str
        One sentence; it is also the table's caption for screen readers.
    heads : sequence of str
    rows : sequence of sequences of str
        Each as long as ``heads``.
    """
    cell = "padding:6px 14px 6px 0;text-align:left;vertical-align:top;white-space:normal"
    head = "".join(f'<th scope="col" style="{cell}">{html.escape(name)}</th>' for name in heads)
    body = "".join(
        "<tr>"
        + "".join(f'<td style="{cell}">{html.escape(value.strip())}</td>' for value in row)
        + "</tr>"
        for row in rows
    )
    markup = (
        f'<table style="max-width:860px;font-size:15px;margin:4px 0;border-collapse:collapse">'
        f'<caption style="text-align:left;font-weight:600;padding:6px 0;color:inherit">'
        f"{html.escape(summary)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
    plain = "\n".join([summary, *("  ".join(row) for row in rows)])
    return Shown(markup, plain)


def show_progress() -> Shown:
    """Return a table of all lessons and what is done of each."""
    rows = [
        (name.split("_")[0], facts["title"], f"{facts['minutes']} min", progress.line(name))
        for name, facts in sorted(progress.lessons().items())
    ]
    begun = sum(any(progress.counts(name).values()) for name in progress.lessons())
    summary = f"You have begun {begun} of {len(rows)} lessons."
    return table(summary, ("", "lesson", "time", "done"), rows)
