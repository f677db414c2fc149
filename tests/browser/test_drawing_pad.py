"""The drawing pad in Chromium, without Jupyter: pointer, keys, undo, and what is sent."""

import numpy as np
import pytest
from playwright.sync_api import expect
from widget_page import Opened

from aml4d_utils.widgets import DrawingPad

pytestmark = pytest.mark.browser


class Pad(Opened):
    @property
    def pad(self):
        return self.page.locator(".aml4d-pad-ground").first

    def wait_for(self, count):
        """Wait for the n-th message; return its drawing, (28, 28)."""
        self.page.wait_for_function("count => window.page.sent.length >= count", arg=count)
        return np.array(self.sent()[count - 1]["bytes"]).reshape(28, 28)

    def drag(self, *places):
        """Draw a line through places (row, column) of the pad."""
        box = self.pad.bounding_box()
        at = [
            (box["x"] + (c + 0.5) / 28 * box["width"], box["y"] + (r + 0.5) / 28 * box["height"])
            for r, c in places
        ]
        self.page.mouse.move(*at[0])
        self.page.mouse.down()
        for place in at[1:]:
            self.page.mouse.move(*place, steps=6)
        self.page.mouse.up()

    def shown(self):
        """What stands on the canvas, (28, 28)."""
        data = self.pad.locator("canvas").evaluate(
            "canvas => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]"
        )
        return np.array(data).reshape(28, 28, 4)[:, :, 0]


@pytest.fixture
def opened(open_widget):
    return open_widget(DrawingPad(sources=("A test digit",)), Pad, width=640, height=700)


def test_a_line_drawn_with_the_mouse_has_a_soft_edge(opened):
    opened.drag((5, 14), (22, 14))
    opened.answer()
    drawn = opened.shown()
    rows, cols = drawn.nonzero()
    assert (rows.min(), rows.max()) == (4, 23)
    assert (cols.min(), cols.max()) == (13, 15)
    assert drawn[10, 14] == 255 and 100 < drawn[10, 13] < 255
    opened.page.wait_for_function("() => window.page.sent.length >= 2")
    opened.answer()
    last = opened.sent()[-1]
    np.testing.assert_array_equal(np.array(last["bytes"]).reshape(28, 28), drawn)
    assert last["kind"] == "drawing" and last["as_is"] is False


def test_one_message_is_under_way_at_a_time(opened):
    opened.drag((5, 5), (5, 22), (22, 22))
    assert len(opened.sent()) == 1
    opened.answer()
    newest = opened.wait_for(2)
    np.testing.assert_array_equal(newest, opened.shown())
    opened.answer()
    assert len(opened.sent()) == 2


def test_keys_draw_what_the_mouse_draws(opened):
    opened.drag((8, 13), (18, 13))
    by_mouse = opened.shown()
    opened.page.get_by_role("button", name="Clear").click()
    assert not opened.shown().any()
    opened.pad.focus()
    opened.page.keyboard.press("Space")
    for _ in range(10):
        opened.page.keyboard.press("ArrowDown")
    np.testing.assert_allclose(opened.shown(), by_mouse, atol=12)  # half a screen pixel
    assert opened.pad.get_attribute("data-pen") == "18,13,down"


def test_a_lifted_pen_moves_without_drawing_and_diagonals_are_keys_too(opened):
    opened.pad.focus()
    for key in ("ArrowLeft", "Shift+ArrowUp", "PageDown", "End", "Home", "PageUp"):
        opened.page.keyboard.press(key)
    assert not opened.shown().any()
    assert opened.pad.get_attribute("data-pen") == "4,12,up"
    opened.page.keyboard.press("Space")
    opened.page.keyboard.press("PageDown")
    opened.page.keyboard.press("Space")
    opened.page.keyboard.press("ArrowRight")
    assert opened.shown()[4, 12] == opened.shown()[5, 13] == 255
    assert opened.shown()[5, 16] == 0
    spoken = opened.page.locator("[aria-live=polite]").first
    expect(spoken).to_have_text("Row 5, column 14.")


def test_undo_takes_back_one_stroke_at_a_time(opened):
    undo = opened.page.get_by_role("button", name="Undo")
    expect(undo).to_be_disabled()
    opened.drag((5, 5), (5, 20))
    first = opened.shown()
    opened.drag((20, 5), (20, 20))
    opened.pad.focus()
    opened.page.keyboard.press("Control+z")
    np.testing.assert_array_equal(opened.shown(), first)
    opened.page.get_by_role("button", name="Clear").click()
    undo.click()
    np.testing.assert_array_equal(opened.shown(), first)
    undo.click()
    assert not opened.shown().any()
    expect(undo).to_be_disabled()


def test_a_picture_from_python_replaces_the_drawing_and_can_be_undone(opened):
    opened.drag((5, 5), (5, 20))
    before = opened.shown()
    opened.answer()
    opened.page.evaluate("""() => {
      const { model } = window.page;
      const bytes = new Uint8Array(784).fill(40);
      Object.assign(model.state, { frame: new DataView(bytes.buffer), as_is: true });
      model.set("revision", 1);
      for (const name of ["frame", "as_is"]) model.listeners[`change:${name}`].forEach((f) => f());
    }""")
    assert (opened.shown() == 40).all()
    opened.page.get_by_role("button", name="Undo").click()
    np.testing.assert_array_equal(opened.shown(), before)


def test_the_first_stroke_takes_a_sample_away(opened):
    opened.page.evaluate("""() => {
      const { model } = window.page;
      const bytes = new Uint8Array(784).fill(40);
      Object.assign(model.state, { frame: new DataView(bytes.buffer), sample: true });
      model.set("revision", 1);
    }""")
    assert (opened.shown() == 40).all()
    opened.drag((5, 5), (5, 20))
    first = opened.shown()
    assert first[5, 10] == 255 and not first[10:].any()
    opened.drag((20, 5), (20, 20))
    assert opened.shown()[5, 10] == opened.shown()[20, 10] == 255
    for expected in (first.sum(), 40 * 784):
        opened.page.get_by_role("button", name="Undo").click()
        assert opened.shown().sum() == expected


def test_touch_draws(opened):
    opened.pad.evaluate("""pad => {
      const box = pad.querySelector('canvas').getBoundingClientRect();
      pad.setPointerCapture = () => {};
      const at = (r, c) => ({ clientX: box.left + (c + .5) / 28 * box.width, pointerId: 7,
        clientY: box.top + (r + .5) / 28 * box.height, pointerType: 'touch', bubbles: true });
      pad.dispatchEvent(new PointerEvent('pointerdown', { ...at(10, 4), buttons: 1 }));
      pad.dispatchEvent(new PointerEvent('pointermove', { ...at(10, 20), buttons: 1 }));
      pad.dispatchEvent(new PointerEvent('pointerup', at(10, 20)));
      pad.dispatchEvent(new PointerEvent('pointermove', at(24, 20)));
    }""")
    assert (opened.shown()[10, 4:21] == 255).all()
    assert not opened.shown()[15:].any()
    assert opened.pad.evaluate("pad => getComputedStyle(pad).touchAction") == "none"


def test_names_and_words(opened):
    assert "ink covers 0 %" in opened.pad.get_attribute("aria-label")
    described = opened.pad.get_attribute("aria-describedby")
    assert "arrows move the pen" in opened.page.locator(f"#{described}").inner_text()
    opened.page.get_by_role("button", name="A test digit").click()
    opened.page.wait_for_function("() => window.page.sent.some(m => m.name === 'A test digit')")
