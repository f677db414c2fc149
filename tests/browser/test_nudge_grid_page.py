"""The nudges table in Chromium, without Jupyter: its names, order and numbers are Python's."""

from __future__ import annotations

import re

import numpy as np
import pytest

from aml4d_utils.topics.backprop.nudge_grid import nudge_grid
from aml4d_utils.topics.backprop.nudges import largest_first, row_name

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def grid():
    return nudge_grid()


@pytest.fixture
def page(open_widget, grid):
    return open_widget(grid, height=1200).page


def test_every_row_has_the_name_that_python_gives_it(page, grid):
    rows = [0, 28, 783, 784, 9999, 12543, 12544, 12560, 12815, 12816, 12832, 12991, 12992, 13001]
    named = page.evaluate(
        "rows => rows.map(r => window.page.inside.rowName(window.page.model.get('groups'), 28, r))",
        rows,
    )
    assert named == [row_name(grid.network.sizes, row) for row in rows]


@pytest.mark.parametrize("column", [0, 5, 8])
def test_largest_first_is_pythons_order(page, grid, column):
    order = page.evaluate(
        """column => {
          const view = window.page.model.get('cells');
          const cells = new Float32Array(view.buffer.slice(view.byteOffset));
          return [...window.page.inside.orderOf(cells, 13002, 9, column, true)].slice(0, 500);
        }""",
        column,
    )
    cells = np.frombuffer(grid.cells, "<f4").reshape(13002, 9)
    assert order == largest_first(cells[:, column].astype(np.float64))[:500].tolist()


def test_what_stands_in_a_cell_is_the_wish_in_thousandths(page, grid):
    shown = page.evaluate(
        """() => [...document.querySelectorAll('.aml4d-nt-body > [role=row]')].map(row => [
          Number(row.getAttribute('aria-rowindex')) - 2,
          ...[...row.querySelectorAll('[role=gridcell]')].map(cell => cell.textContent),
        ])"""
    )
    assert len(shown) > 12
    for row, *texts in shown:
        wishes = [*grid.table.changes[row], grid.table.mean[row]]
        for text, wish in zip(texts, wishes, strict=True):
            assert text.startswith("▲" if wish > 0 else "▼")
            number = float(re.sub("[▲▼ ]", "", text))
            assert number == pytest.approx(1000 * abs(wish), rel=0.006, abs=0.006)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.1234, "▲ 123"),
        (-0.0123, "▼ 12.3"),
        (0.00123, "▲ 1.23"),
        (-1e-7, "▼ <0.01"),
        (2.5, "▲ 2500"),
    ],
)
def test_small_and_large_wishes_can_be_read(page, value, text):
    assert page.evaluate("v => window.page.inside.cellText(v)", value) == text


def test_scrolling_draws_only_what_is_seen_and_ends_at_the_last_row(page):
    page.evaluate("() => { document.querySelector('.aml4d-nt-grid').scrollTop = 1e9; }")
    page.wait_for_function(
        "() => document.querySelector('.aml4d-nt-body > :last-child').ariaRowIndex === '13003'"
    )
    assert page.locator(".aml4d-nt-body > [role=row]").count() < 40
    assert "13,001" in page.locator(".aml4d-nt-where").inner_text()


def test_two_views_do_not_disturb_each_other(page):
    page.evaluate("() => window.page.open('second')")
    assert page.locator("[role=grid]").count() == 2
    page.evaluate("() => window.page.closeAll()")
