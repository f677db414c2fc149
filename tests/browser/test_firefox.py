"""One lesson in Firefox: it runs, its plots are drawn, a slider moved by keys is answered."""

from __future__ import annotations

import firefox
import lab
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# The notebook gets the focus, as by a click; without, the lab knows no current one.
_TAKE_UP = """() => {
  const panel = [...window.jupyterapp?.shell.widgets('main') ?? []].find(one => one.context);
  if (!panel) return false;
  window.jupyterapp.shell.activateById(panel.id);
  panel.node.dispatchEvent(new FocusEvent('focus'));
  return window.jupyterapp.shell.currentWidget === panel;
}"""
_RUN = """() => {
  window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => { window.ran = true; });
}"""
_FIND = """title => {
  const found = [...document.querySelectorAll('.aml4d-explorer')]
    .find(one => one.textContent.includes(title));
  found.scrollIntoView();
  const slider = found.querySelector('input[type=range]');
  slider.focus();
  return document.activeElement === slider;
}"""
_LINES = """title => [...document.querySelectorAll('.aml4d-explorer')]
  .find(one => one.textContent.includes(title))
  .querySelectorAll('.aml4d-plot-ground svg :is(path, polyline)').length"""
_CAPTION = """title => [...document.querySelectorAll('.aml4d-explorer')]
  .find(one => one.textContent.includes(title)).querySelector('[data-role=caption]').textContent"""
_OTHER = f"(title, before) => ({_CAPTION})(title) !== before"
LESSON = "14_neuron_to_network.ipynb"
TITLE = "Six activation functions"


@pytest.fixture(scope="module")
def page(desk, tmp_path_factory):
    if firefox.program() is None:
        pytest.skip("NO FIREFOX: install Firefox, or name one in AML4D_FIREFOX.")
    address, _ = desk
    with firefox.opened(tmp_path_factory.mktemp("firefox")) as page:
        page.open(f"{address}/lab/tree/{LESSON}?reset")
        page.wait(_TAKE_UP, seconds=120)
        page.wait(lab.READY, LESSON, seconds=120)
        page.evaluate(_RUN)
        page.wait("() => Boolean(window.ran)")
        page.wait(lab.IDLE)
        yield page


def test_every_cell_runs(page):
    assert page.evaluate(lab.ERRORS) == []
    assert page.errors == []


def test_a_slider_is_moved_by_keys_and_answered(page):
    assert page.evaluate(_FIND, TITLE)
    assert page.evaluate(_LINES, TITLE) > 2
    before = page.evaluate(_CAPTION, TITLE)
    page.press(firefox.RIGHT)
    page.wait(_OTHER, TITLE, before, seconds=20)
    assert page.errors == []
