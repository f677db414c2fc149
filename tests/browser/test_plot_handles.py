"""The handles of a plot in Chromium, without Jupyter: dragged, moved by keys, sent one by one."""

import pytest
from playwright.sync_api import expect

from aml4d_utils.widgets import Axis, Handle, Plot, Series

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(open_widget):
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
    return open_widget(plot, width=640, height=400)


@pytest.fixture
def page(opened):
    return opened.page


def sent(opened):
    return [(m["name"], round(m["x"], 2), round(m["y"], 2)) for m in opened.sent()]


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


def test_the_mouse_drags_along_the_allowed_direction_and_no_further_than_the_axes(opened, page):
    handle = page.get_by_role("slider", name="Place")
    box, line = handle.bounding_box(), page.locator("polyline").bounding_box()
    page.mouse.move(box["x"] + 11, box["y"] + 11)
    page.mouse.down()
    page.mouse.move(line["x"] + 0.8 * line["width"], box["y"] - 60)
    assert sent(opened) == [("place", pytest.approx(3, abs=0.05), 0.0)]
    page.mouse.move(line["x"] + 2 * line["width"], box["y"] - 60)
    page.mouse.up()
    page.mouse.move(line["x"], box["y"])
    opened.answer()
    assert sent(opened)[1:] == [("place", 5.0, 0.0)]
    opened.answer()
    assert len(sent(opened)) == 2


def test_keys_move_it_too(opened, page):
    page.get_by_role("slider", name="Place").focus()
    for key in ("ArrowRight", "ArrowUp", "Shift+ArrowLeft"):
        page.keyboard.press(key)
        opened.answer()
    page.get_by_role("slider", name="Corner").focus()
    for key in ("ArrowUp", "ArrowLeft", "Tab"):
        page.keyboard.press(key)
        opened.answer()
    assert sent(opened) == [
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
    expect(page.get_by_role("slider")).to_have_count(1)
    expect(handle).to_be_focused()
    expect(handle).to_have_attribute("aria-valuetext", "4")
