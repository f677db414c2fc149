"""What lesson 00 shows, in words and tables."""

from __future__ import annotations

from collections.abc import Sequence

from aml4d_utils.notebook import Shown, table
from aml4d_utils.topics.welcome.checkup import Finding
from aml4d_utils.topics.welcome.light import Relit


def show_findings(findings: Sequence[Finding]) -> Shown:
    """Show what the check-up found as a table, with one line of summary."""
    rows = [
        ("fine" if finding.fine else "look", finding.what, f"{finding.words}. {finding.advice}")
        for finding in findings
    ]
    return table(describe_findings(findings), ("", "what", "found"), rows)


def describe_findings(findings: Sequence[Finding]) -> str:
    """Say in one sentence whether all is well."""
    wrong = [finding for finding in findings if not finding.fine]
    if not wrong:
        return f"All {len(findings)} checks are fine. You can begin."
    names = ", ".join(finding.what for finding in wrong)
    return f"{len(wrong)} of {len(findings)} checks need you: {names}."


def describe_light(result: Relit) -> str:
    """Say what the photo's light is now."""
    darkest = 100 * result.shares[: len(result.shares) // 4].sum()
    return (
        f"Mean brightness {result.mean:.2f} of 1; {darkest:.0f} % of the pixels are in the darkest "
        f"quarter; {100 * result.lost:.0f} % have lost their detail to black or white."
    )
