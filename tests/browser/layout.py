"""Whether an explorer fits a laptop: how wide it is, what is cut off, what is never seen together.

An explorer is any output with a Reset button and a sentence that is read aloud, so a new one is met
without being told of.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import lab
from playwright.sync_api import Locator

LAPTOP = (1366, 768)
ROOMY = (1366, 900)
NARROW = (620, 1400)
WIDEST = 960
MOST_CONTROLS = 6
LARGEST_HOLE = 180
"""Side of the largest empty square in a stage, px."""

_FIND = """() => [...document.querySelectorAll('.jp-CodeCell')].flatMap((cell, row) =>
  [...cell.querySelectorAll('.jp-OutputArea-output')].flatMap((output, column) => {
    const buttons = [...output.querySelectorAll('button')];
    const resets = buttons.some(button => button.textContent.trim() === 'Reset');
    return resets && output.querySelector('[aria-live]') ? [[row, column]] : [];
  }))"""
_MEASURE = Path(__file__).with_suffix(".js").read_text("utf-8")


@dataclass(frozen=True)
class Measured:
    """An explorer as it stands in a page of a laptop's size; lengths in CSS pixels.

    ``apart`` lists *controls / picture* that no scroll position shows together, ``cut``
    what sticks out of the explorer or is cut off in it, ``hole`` is the side of the largest empty
    square in the stage.
    """

    lesson: str
    title: str
    width: int
    height: int
    room: int
    controls: int
    pictures: int
    apart: tuple[str, ...]
    cut: tuple[str, ...]
    hole: int

    @property
    def faults(self) -> list[str]:
        """What does not fit, in words."""
        found = []
        if self.width > WIDEST:
            found.append(f"{self.width} px wide, more than {WIDEST}")
        if self.controls > MOST_CONTROLS:
            found.append(f"{self.controls} controls to be seen, more than {MOST_CONTROLS}")
        if self.hole > LARGEST_HOLE:
            found.append(f"a hole of {self.hole} × {self.hole} px")
        if self.apart:
            found.append("never on the screen together: " + "; ".join(self.apart))
        if self.cut:
            found.append("cut off: " + "; ".join(self.cut))
        return found


def explorers(notebook: lab.Notebook) -> Iterator[Locator]:
    """Give every explorer of a notebook that ran, scrolled into the page."""
    cells = notebook.page.locator(".jp-CodeCell")
    for row, column in notebook.page.evaluate(_FIND):
        output = cells.nth(row).locator(".jp-OutputArea-output").nth(column)
        found = output.locator(":scope > *").first
        found.scroll_into_view_if_needed()
        yield found


def title_of(found: Locator) -> str:
    """Return the words of an explorer's title, without the badge beside it."""
    title = found.locator("[class*=-title], h3, h4").first
    return title.evaluate("title => title.firstChild.textContent.trim()")


def name_of(control: Locator) -> str:
    """Return what a control is called on the page."""
    return control.evaluate("c => c.labels?.[0]?.textContent.trim() || c.ariaLabel || c.tagName")


def measure(notebook: lab.Notebook, found: Locator) -> Measured:
    """Measure one explorer; the page must have the size of a laptop's screen."""
    found.evaluate("root => root.scrollIntoView({ block: 'start' })")
    lab.stand_still(found)
    numbers = found.evaluate(_MEASURE)
    for name in ("apart", "cut"):
        numbers[name] = tuple(numbers[name])
    return Measured(lesson=Path(notebook.name).stem, **numbers)


HEADING = "width height  room controls  hole  lesson and explorer"


def line(row: Measured) -> str:
    """Return the measurements as one line of a table, and what does not fit below it."""
    numbers = f"{row.width:5} {row.height:6} {row.room:5} {row.controls:8} {row.hole:5}"
    words = [f"{numbers}  {row.lesson[:2]} {row.title}"]
    return "\n".join([*words, *(f"{'':34}- {fault}" for fault in row.faults)])
