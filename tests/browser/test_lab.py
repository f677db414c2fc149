"""The harness itself: an error in a cell and a request to another machine are seen."""

from __future__ import annotations

import lab
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUNNING = """async () => {
  const { sessions } = window.jupyterapp.serviceManager;
  await sessions.refreshRunning();
  return [...sessions.running()].map(each => each.path);
}"""
ABROAD = """from IPython.display import HTML
HTML('<img src="http://example.invalid/picture.png">')"""


def test_an_error_in_a_cell_and_a_request_abroad_are_found(desk):
    address, folder = desk
    name = lab.written(folder / "broken.ipynb", "1 + 1", ABROAD, "1 / 0")
    with lab.browser_page() as page:
        opened = lab.Notebook(page, address, name)
        assert (opened.errors_in_cells(), opened.trouble, opened.abroad) == ([], [], [])
        opened.run_all()
        page.wait_for_selector("img[src*=invalid]", state="attached")
        assert opened.errors_in_cells() == ["ZeroDivisionError: division by zero"]
        # The page may draw a cell anew, and then asks once more.
        assert set(opened.abroad) == {"http://example.invalid/picture.png"}
        opened.leave()


def test_a_page_is_used_again_without_a_trace(desk):
    address, folder = desk
    first, second = (lab.written(folder / f"{name}.ipynb", name) for name in ("one", "two"))
    with lab.browser_page() as page:
        opened = lab.Notebook(page, address, first, file_browser=True)
        opened.run_all()
        page.evaluate("() => { window.stays = true; console.error('of the first'); }")
        opened.leave()
        then = lab.Notebook(page, address, second, file_browser=True)
        then.run_all()
        page.evaluate("() => console.error('of the second')")
        assert page.evaluate("() => window.stays")
        assert page.locator(".jp-Notebook").count() == 1
        assert then.errors_in_cells() == ["NameError: name 'two' is not defined"]
        assert [[line.split()[-2] for line in one.trouble] for one in (opened, then)] == [
            ["first"],
            ["second"],
        ]
        assert len(page.evaluate(RUNNING)) == 1
        then.leave()
        assert page.evaluate(RUNNING) == []
