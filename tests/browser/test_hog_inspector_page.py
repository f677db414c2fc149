"""The HOG inspector in Chromium, without Jupyter: its numbers, its keys, its words."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from widget_page import Opened

from aml4d_utils import images
from aml4d_utils.topics.hog.descriptor import NORMS, HogSettings, hog
from aml4d_utils.topics.hog.figures import cell_words
from aml4d_utils.topics.hog.hog_inspector import hog_inspector

pytestmark = pytest.mark.browser


class Inspector(Opened):
    def part(self, name: str, number: int = 0):
        return self.find(f".aml4d-hi-{name}").nth(number)

    def text(self, name: str, number: int = 0) -> str:
        return self.part(name, number).inner_text()

    def pixels_of(self, selector: str) -> str:
        return self.page.locator(selector).evaluate("canvas => canvas.toDataURL()")


@pytest.fixture
def opened(open_widget, request):
    options = {"photo": images.fit(images.photo("chelsea"), 240), **getattr(request, "param", {})}
    context = {name: options.pop(name) for name in ("dark", "width") if name in options}
    return open_widget(hog_inspector(**options), Inspector, **context)


# --- numbers --------------------------------------------------------------------------------

_COUNT = """([cell, bins, side, norm]) => {
  const { model, inside } = window.page;
  const floats = (name) => new Float32Array(model.get(name).buffer);
  const polarised = inside.polar(floats("gradient_rows"), floats("gradient_cols"));
  const cells = inside.cellHistograms(polarised, model.get("size"), cell, bins);
  const blocks = [];
  for (let row = 0; row + side <= cells.rows; row += 3) {
    for (let column = 0; column + side <= cells.columns; column += 3) {
      blocks.push(inside.normalised(inside.blockAt(cells, row, column, side), norm).values);
    }
  }
  const even = inside.evenedCells(cells, side, norm);
  return { votes: [...cells.votes], blocks, even: [...even.votes] };
}"""


def mean_over_blocks(found):
    """What each cell is after normalisation, as the mean over the blocks that it lies in."""
    rows, cols, tall, broad = found.blocks.shape[:4]
    total, times = np.zeros_like(found.cells), np.zeros((*found.cells.shape[:2], 1))
    for row, col in np.ndindex(tall, broad):
        total[row : row + rows, col : col + cols] += found.blocks[:, :, row, col]
        times[row : row + rows, col : col + cols] += 1
    return total / times


@pytest.mark.parametrize("norm", NORMS)
def test_numbers_equal_the_descriptor(opened, norm):
    for cell, bins, side in ((4, 9, 2), (8, 9, 2), (10, 18, 3), (32, 2, 1), (6, 7, 4)):
        page = opened.page.evaluate(_COUNT, [cell, bins, side, norm])
        settings = HogSettings(bins, (cell, cell), (side, side), norm)
        expected = hog(opened.widget.image(), settings)
        np.testing.assert_allclose(page["votes"], expected.cells.ravel(), atol=1e-9)
        blocks = expected.blocks[::3, ::3].reshape(-1, side * side * bins)
        np.testing.assert_allclose(page["blocks"], blocks, atol=1e-9)
        np.testing.assert_allclose(page["even"], mean_over_blocks(expected).ravel(), atol=1e-9)


def test_hovering_shows_pythons_numbers(opened):
    found = hog(opened.widget.image())
    box = opened.part("picture-wrap").bounding_box()
    for row, column in ((0, 0), (7, 12), (18, 29)):
        opened.page.mouse.move(
            box["x"] + (column + 0.5) * 8 / 240 * box["width"],
            box["y"] + (row + 0.5) * 8 / opened.widget.size[0] * box["height"],
        )
        opened.settle()
        assert opened.get("cursor") == [row, column]
        words = opened.text("sentence")
        assert words.startswith(cell_words(found, row, column))
        corner = min(row, found.blocks.shape[0] - 1), min(column, found.blocks.shape[1] - 1)
        cell = found.blocks[corner][row - corner[0], column - corner[1]]
        after = cell[found.cells[row, column].argmax()]
        assert float(words.split()[-1].rstrip(".")) == pytest.approx(after, abs=0.0051)
    opened.page.wait_for_function("window.page.model.saved.some((one) => one.cursor)")


def test_formula_counts_the_descriptor(opened):
    for cell, block in ((8, 2), (16, 3)):
        opened.set(cell=cell, block=block)
        settings = HogSettings(pixels_per_cell=(cell, cell), cells_per_block=(block, block))
        numbers = hog(opened.widget.image(), settings).vector.size
        assert f"9 bins = {numbers:,}" in opened.text("sums")
        # Beside the slider too, where the strokes are.
        assert (
            f"HOG: {numbers:,} numbers"
            in opened.page.locator(".aml4d-hi-heading").all_inner_texts()
        )


# --- mouse, keys and words --------------------------------------------------------------------


def test_arrow_keys_move_and_hold_the_cell(opened):
    opened.set(cursor=[5, 5])
    picture = opened.part("picture-wrap")
    picture.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Shift+ArrowRight", "ArrowUp"):
        opened.page.keyboard.press(key)
        opened.settle()
    assert opened.get("cursor") == [6, 11]
    assert "held" in opened.text("hint")
    box = picture.bounding_box()
    opened.page.mouse.move(box["x"] + 5, box["y"] + 5)
    opened.settle()
    assert opened.get("cursor") == [6, 11]
    opened.page.keyboard.press("Enter")
    opened.page.mouse.move(box["x"] + 4, box["y"] + 4)
    opened.settle()
    assert opened.get("cursor") == [0, 0]


def test_a_click_holds_the_cell(opened):
    box = opened.part("picture-wrap", 1).bounding_box()
    opened.page.mouse.click(box["x"] + 100, box["y"] + 50)
    opened.settle()
    held = opened.get("cursor")
    opened.page.mouse.move(box["x"] + 10, box["y"] + 10)
    opened.settle()
    assert opened.get("cursor") == held
    opened.page.mouse.click(box["x"] + 10, box["y"] + 10)
    opened.settle()
    assert opened.get("cursor") == [0, 0]


def test_bins_are_chosen_by_mouse_and_keys(opened):
    chart = opened.part("steps").get_by_role("slider")
    top = int(chart.get_attribute("aria-valuenow"))
    histogram = opened.widget.histogram()
    assert top == histogram.argmax()
    chart.focus()
    opened.page.keyboard.press("ArrowRight")
    opened.settle()
    chosen = (top + 1) % 9
    share = histogram[chosen] / histogram.sum()
    assert int(chart.get_attribute("aria-valuenow")) == chosen
    assert f"{20 * chosen}–{20 * chosen + 20}°: {100 * share:.0f} %" in opened.text("note", 1)
    opened.page.keyboard.press("Escape")
    opened.settle()
    assert int(chart.get_attribute("aria-valuenow")) == top
    box = chart.bounding_box()
    opened.page.mouse.move(box["x"] + box["width"] * 2.5 / 9, box["y"] + 60)
    opened.settle()
    assert int(chart.get_attribute("aria-valuenow")) == 2


def test_every_control_answers_to_keys(opened):
    controls = opened.page.locator("#first .aml4d-hi-controls :is(input, select)")
    assert controls.count() == 6
    for index in range(controls.count()):
        name = controls.nth(index).get_attribute("data-field")
        before = opened.get(name)
        controls.nth(index).focus()
        key = "ArrowLeft" if name == "light" else "ArrowDown" if index in (3, 4) else "ArrowRight"
        if name == "norm":
            key = "ArrowUp"
        opened.page.keyboard.press(key)
        opened.settle()
        assert opened.get(name) != before, name
    opened.page.get_by_role("button", name="Reset").click()
    opened.settle()
    assert {name: opened.get(name) for name in opened.widget.start} == opened.widget.start


def test_larger_cells_keep_the_place(opened):
    opened.set(cursor=[10, 20])
    slider = opened.page.get_by_label("Cell size")
    slider.focus()
    for _ in range(4):
        opened.page.keyboard.press("ArrowRight")
    opened.settle()
    assert opened.get("cell") == 16
    row, column = opened.get("cursor")
    assert (abs(row - 5), abs(column - 10)) <= (1, 1)


def test_strokes_after_normalisation_differ(opened):
    strokes = "#first .aml4d-hi-picture:nth-child(2) .aml4d-hi-canvas"
    before = opened.pixels_of(strokes)
    opened.set(drawn="normalised")
    assert opened.pixels_of(strokes) != before
    assert "normalised" in opened.text("heading", 1)


def test_everything_has_words(opened):
    unnamed = opened.page.evaluate(
        """() => [...document.querySelectorAll('#first :is(input, select, button, canvas, svg)')]
        .filter(one => {
          const holder = one.closest('[aria-label]');
          const words = holder?.getAttribute('aria-label') ?? one.labels?.[0]?.innerText;
          return !(words || one.innerText || '').trim();
        }).map(one => one.outerHTML.slice(0, 100))"""
    )
    assert unnamed == []
    for number in (0, 1):
        label = opened.part("picture-wrap", number).get_attribute("aria-label")
        assert opened.text("sentence") in label
    spoken = opened.page.locator("#first [aria-live]")
    expect(spoken).to_have_text(opened.text("sentence"))


# --- odd photos, narrow and dark ----------------------------------------------------------------


@pytest.mark.parametrize(
    "opened",
    [{"photo": np.full((60, 80), 0.5)}, {"photo": np.zeros((32, 32), dtype=np.uint8)}],
    indirect=True,
)
def test_a_photo_without_gradients(opened):
    for norm in NORMS:
        opened.set(norm=norm, drawn="normalised")
        assert "0 votes" in opened.text("sentence")
        assert not re.search("NaN|Infinity", opened.part("body").inner_html())


@pytest.mark.parametrize(
    "opened", [{"photo": np.eye(10)[:, :8]}, {"photo": np.ones((1, 1))}], indirect=True
)
def test_a_tiny_photo_gets_a_sentence(opened):
    assert "One block needs 16 × 16 pixels" in opened.text("sentence")
    assert not opened.part("steps").is_visible()
    if opened.widget.size == (10, 8):
        opened.set(cell=4)
        assert opened.part("steps").is_visible()
        assert opened.text("sentence").startswith("Cell in row 0, column 0")


@pytest.mark.parametrize(
    "opened", [{"dark": True, "width": 984}, {"width": 644}, {"width": 400}], indirect=True
)
def test_nothing_is_cut_off(opened, album):
    opened.set(bins=18, block=4, light=100)
    outside = opened.page.evaluate(
        """() => {
        const edge = document.querySelector('#first').getBoundingClientRect();
        return [...document.querySelectorAll('#first :not(.aml4d-hidden)')]
          .filter(one => one.getBoundingClientRect().right > edge.right + 1)
          .map(one => `${one.tagName} ${one.className}`);
        }"""
    )
    assert outside == []
    width = opened.page.viewport_size["width"]
    album.keep(opened.page, f"hog_inspector_{width}.png", full_page=True)


def test_closing_leaves_nothing_behind(opened):
    opened.page.evaluate("window.page.closeAll()")
    listeners = "() => Object.values(window.page.model.listeners).flat().length"
    assert opened.page.evaluate(listeners) == 0
