"""The handles of a plot in Chromium, without Jupyter: dragged, moved by keys, sent one by one."""

import importlib.util
import sys
from pathlib import Path

import pytest

from aml4d_utils.widgets import Axis, Handle, Plot, Series

playwright_api = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.browser


def _widget_page():
    path = Path(__file__).with_name("widget_page.py")
    spec = importlib.util.spec_from_file_location("widget_page", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


harness = _widget_page()
_PLAY = """() => {
  window.sent = [];
  window.page.model.send = (content) => window.sent.push(content);
  window.answer = () => window.page.model.listeners["msg:custom"]
    .forEach((listener) => listener({ kind: "done", sequence: window.sent.at(-1)?.sequence }));
}"""


@pytest.fixture
def page():
    plot = Plot("curve", display_width=500)
    plot.curves(
        [Series([-5, 5], [-1, 1])],
        Axis("x", -5, 5),
        Axis("y", -1, 1),
        "A line from lower left to upper right.",
        handles=[
            Handle("place", 0, 0, "Place", moves="x", step=0.5),
            Handle("free", 2, 0.5, "Corner", step=0.1, mark="1"),
        ],
    )
    with harness.WidgetPage(plot) as served, playwright_api.sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=harness.chromium_path(), args=list(harness.CHROMIUM_ARGUMENTS)
        )
        page = browser.new_page(viewport={"width": 640, "height": 400})
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(served.url)
        page.wait_for_function("() => window.ready")
        page.evaluate(_PLAY)
        yield page
        assert complaints == []
        browser.close()


def sent(page):
    return [(m["name"], round(m["x"], 2), round(m["y"], 2)) for m in page.evaluate("window.sent")]


def test_handles_stand_on_the_line_and_have_names(page):
    handle = page.get_by_role("slider", name="Place").bounding_box()
    line = page.locator("polyline").bounding_box()
    centre = (handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    assert centre == pytest.approx(
        (line["x"] + line["width"] / 2, line["y"] + line["height"] / 2), abs=2
    )
    corner = page.get_by_role("slider", name="Corner")
    assert corner.get_attribute("aria-valuetext") == "2, 0.5"
    assert corner.inner_text() == "1"


def test_the_mouse_drags_along_the_allowed_direction_and_no_further_than_the_axes(page):
    handle = page.get_by_role("slider", name="Place")
    box, line = handle.bounding_box(), page.locator("polyline").bounding_box()
    page.mouse.move(box["x"] + 11, box["y"] + 11)
    page.mouse.down()
    page.mouse.move(line["x"] + 0.8 * line["width"], box["y"] - 60)
    assert sent(page) == [("place", pytest.approx(3, abs=0.05), 0.0)]
    page.mouse.move(line["x"] + 2 * line["width"], box["y"] - 60)
    page.mouse.up()
    page.mouse.move(line["x"], box["y"])
    page.evaluate("window.answer()")
    assert sent(page)[1:] == [("place", 5.0, 0.0)]
    page.evaluate("window.answer()")
    assert len(sent(page)) == 2


def test_keys_move_it_too(page):
    page.get_by_role("slider", name="Place").focus()
    for key in ("ArrowRight", "ArrowUp", "Shift+ArrowLeft"):
        page.keyboard.press(key)
        page.evaluate("window.answer()")
    page.get_by_role("slider", name="Corner").focus()
    for key in ("ArrowUp", "ArrowLeft", "Tab"):
        page.keyboard.press(key)
        page.evaluate("window.answer()")
    assert sent(page) == [
        ("place", 0.5, 0.0),
        ("place", 1.0, 0.0),
        ("place", -4.0, 0.0),
        ("free", 2.0, 0.6),
        ("free", 1.9, 0.6),
    ]


def test_python_moves_adds_and_removes_handles_and_the_focus_stays(page):
    page.get_by_role("slider", name="Place").focus()
    page.evaluate("""() => {
      const { model } = window.page;
      const spec = structuredClone(model.get("spec"));
      spec.handles = [{ ...spec.handles[0], x: 4 }];
      model.set("spec", spec);
      model.set("revision", model.get("revision") + 1);
    }""")
    handle = page.get_by_role("slider", name="Place")
    playwright_api.expect(page.get_by_role("slider")).to_have_count(1)
    playwright_api.expect(handle).to_be_focused()
    playwright_api.expect(handle).to_have_attribute("aria-valuetext", "4")
