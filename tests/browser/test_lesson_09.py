"""What is special to lesson 09: a dissection that is stopped."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from stage import explorer, seen, wait_for_change

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_stop_ends_the_dissection_and_the_lesson_goes_on(lesson):
    lesson.run_cell("untrained = await run(")
    cell = lesson.cell("untrained = await run(")
    cell.get_by_role("button", name="Stop").click(timeout=20_000)
    expect(cell.locator(".aml4d-status")).to_contain_text("Stopped by you", timeout=20_000)
    lesson.wait_idle()
    found = explorer(lesson, "Switch units off")
    before = seen(found)
    found.locator("input[data-field=count]").focus()
    lesson.page.keyboard.press("ArrowRight")
    wait_for_change(found, before)
