"""Buttons side by side, in the look of the course, for below an explorer's controls."""

from __future__ import annotations

import ipywidgets


def button_row(*buttons: ipywidgets.Button) -> ipywidgets.Box:
    """Return a row of buttons, each as wide as its words, in a second row where one is full."""
    row = ipywidgets.HBox(buttons)
    row.add_class("aml4d")
    row.add_class("aml4d-buttons")
    for button in buttons:
        button.layout.width = "auto"
    return row
