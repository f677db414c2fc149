"""The harness itself: an error in a cell and a request to another machine are seen."""

from __future__ import annotations

import lab
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

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
        opened.shut_down()
