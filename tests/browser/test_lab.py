"""The harness itself: an error in a cell is seen."""

from __future__ import annotations

import lab
import nbformat
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_error_in_a_cell_is_found(tmp_path):
    if lab.chromium() is None:
        pytest.skip("NO BROWSER: install Chromium, or name one in AML4D_CHROMIUM.")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    cells = [nbformat.v4.new_code_cell(source) for source in ("1 + 1", "1 / 0")]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "broken.ipynb")
    with lab.jupyterlab(folder, tmp_path) as address, lab.browser_page() as page:
        opened = lab.Notebook(page, address, "broken.ipynb")
        assert opened.errors_in_cells() == []
        opened.run_all()
        assert opened.errors_in_cells() == ["ZeroDivisionError: division by zero"]
