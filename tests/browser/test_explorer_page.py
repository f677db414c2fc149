"""Any explorer in a real JupyterLab at a laptop's size: what its controls and its page must do."""

from __future__ import annotations

import lab
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from aml4d_utils.widgets.explorer import Controls

pytestmark = pytest.mark.browser

BEGIN = """from aml4d_utils.notebook import start
start("00_start_here")
"""
CELL = """import dataclasses
import numpy as np
import aml4d_utils
from aml4d_utils.widgets import Explorer, Picture, slider

@dataclasses.dataclass
class Grey:
    level: int = slider(3, low=0, high=10, label="Level")

pictures = [Picture(name, display_width=420) for name in ("first", "second", "third")]

def draw(level):
    for picture in pictures:
        picture.show(np.full((8, 8), level / 10), f"A square of grey level {level / 10:.1f}.")

explorer = Explorer(
    Grey(), lambda state: state.level, draw, title="Greys", purpose="Move the level.",
    stage=pictures, describe=lambda level: f"The squares are {level} tenths white.",
)
explorer
"""
QUESTION = """from aml4d_utils.widgets.answering import Question
Question("What ended?", ["the kernel, shut down", "nothing"], action="Check", on_answer=print)
"""
PAD = """from aml4d_utils.widgets import DrawingPad
DrawingPad()
"""
ROOMY = 900
TOO_TALL = 40


@pytest.fixture(scope="module")
def lesson(desk):
    address, folder = desk
    name = lab.written(folder / "explorer.ipynb", BEGIN, CELL, QUESTION, PAD)
    with lab.browser_page(1366, 768) as page:
        notebook = lab.Notebook(page, address, name)
        notebook.run_all()
        page.wait_for_selector(".aml4d-explorer canvas")
        yield notebook


@pytest.fixture
def explorer(lesson):
    lab.resize(lesson.page, 1366, 768)
    return lesson.explorer("Greys")


def in_view(found):
    """Whether all of an element stands between the toolbar and the status bar."""
    return found.evaluate(
        """element => {
          const page = element.closest('.jp-WindowedPanel-outer').getBoundingClientRect();
          const box = element.getBoundingClientRect();
          return box.top >= page.top && box.bottom <= page.bottom;
        }"""
    )


def scroll_to_end(found):
    found.evaluate("element => element.scrollIntoView({block: 'end'})")
    lab.stand_still(found)


def test_controls_stay_beside_a_tall_stage(explorer):
    assert explorer.locator(".aml4d-stage").bounding_box()["height"] > ROOMY
    scroll_to_end(explorer)
    slider, reset = explorer.locator("input[type=range]"), explorer.locator(".aml4d-reset")
    assert in_view(slider) and in_view(reset)
    assert in_view(explorer.locator(".aml4d-frame").last)
    assert explorer.bounding_box()["width"] <= 960


def test_a_column_taller_than_the_page_shows_its_end(explorer):
    column = explorer.locator(".aml4d-controls")
    room = explorer.locator("xpath=ancestor::*[contains(@class, 'jp-WindowedPanel-outer')]")
    spare = room.bounding_box()["height"] - column.bounding_box()["height"]
    lab.resize(explorer.page, 1366, 768 - round(spare) - TOO_TALL)
    assert column.bounding_box()["height"] > room.bounding_box()["height"] + TOO_TALL - 2
    scroll_to_end(explorer)
    for beyond in (0, TOO_TALL + 200):  # the end of the stage, and a place in its midst
        room.evaluate("(room, beyond) => { room.scrollTop -= beyond; }", beyond)
        lab.stand_still(explorer)
        assert in_view(explorer.locator(".aml4d-reset"))
        assert not in_view(explorer.locator(".aml4d-title"))


def test_a_narrow_page_has_one_column(explorer):
    lab.resize(explorer.page, 560, 768)
    scroll_to_end(explorer)
    left = explorer.locator(".aml4d-controls").bounding_box()
    stage = explorer.locator(".aml4d-stage").bounding_box()
    assert left["y"] + left["height"] <= stage["y"] + 1
    assert not in_view(explorer.locator("input[type=range]"))


def test_an_output_that_scrolls_on_its_own_still_does(explorer):
    page = explorer.page
    page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    page.evaluate("window.jupyterapp.commands.execute('notebook:enable-output-scrolling')")
    page.wait_for_selector(".jp-mod-outputsScrolled")
    area = explorer.locator("xpath=ancestor::*[contains(@class, 'jp-Cell-outputArea')]")
    assert area.evaluate("box => getComputedStyle(box).overflowY") == "auto"
    assert area.bounding_box()["height"] < ROOMY
    page.evaluate("window.jupyterapp.commands.execute('notebook:disable-output-scrolling')")


def test_the_stage_is_saved_with_its_sentence_beneath(lesson, explorer, tmp_path):
    button = explorer.get_by_role("button", name="Save this picture")
    button.focus()
    with lesson.page.expect_download() as download:
        lesson.page.keyboard.press("Enter")
    assert download.value.suggested_filename == "greys.png"
    expect(explorer.locator(".aml4d-saved")).to_have_text("Saved as greys.png in your downloads.")
    expect(button).to_be_focused()
    file = tmp_path / "saved_picture.png"
    download.value.save_as(file)
    saved = np.asarray(Image.open(file).convert("L"), dtype=int)
    stage = explorer.locator(".aml4d-stage").bounding_box()
    assert saved.shape[0] > 2 * stage["height"] and saved.shape[1] > 2 * stage["width"]
    level = 255 * 3 // 10 + 1  # three tenths of white
    rows = np.flatnonzero(np.isin(saved, (level - 1, level)).sum(axis=1) > 800)
    assert len(rows) >= 3 * 2 * 400  # three squares of 420 pixels, twice as fine
    above, below = saved[: rows[0]], saved[rows[-1] + 20 :]
    # Words stand above and below them: ink on paper.
    for words in (above, below):
        assert words.max() == 255 and 100 < (words < 100).sum() < 0.1 * words.size


def test_widgets_that_begin_late_hear_python_all_the_same(lesson, explorer):
    """anywidget 0.9.17 and later give them two seconds, and tell them nothing from then on."""
    lesson.page.evaluate(
        """() => {
          const create = URL.createObjectURL;
          let patience = 2;
          URL.createObjectURL = blob => {
            const until = performance.now() + (patience-- > 0 ? 2500 : 0);
            while (performance.now() < until);
            return create.call(URL, blob);
          };
        }"""
    )
    lesson.run_cell("class Grey")
    lesson.wait_idle()
    expect(explorer.locator("[data-role=caption]")).to_contain_text("white")
    for level in (0.4, 0.5):
        explorer.locator("input[type=range]").press("ArrowRight")
        words = f"A square of grey level {level}."
        expect(explorer.get_by_role("img", name=words)).to_have_count(3)
    assert lesson.trouble == []


def silence(found):
    return found.locator(".aml4d-silence")


def test_a_kernel_that_is_gone_is_said_until_the_cell_runs_again(lesson, explorer, album):
    assert silence(explorer).count() == 0
    lesson.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    expect(silence(explorer)).to_contain_text("No Python is behind this any more")
    expect(silence(lesson.page)).to_have_count(3)  # one an explorer, and one a widget of its own
    left, stage = explorer.locator(".aml4d-controls"), explorer.locator(".aml4d-stage")
    assert left.bounding_box()["x"] < stage.bounding_box()["x"]
    slider = explorer.locator("input[type=range]")
    slider.focus()
    lesson.page.keyboard.press("ArrowRight")
    expect(explorer.get_by_role("alert")).to_contain_text("Run this cell again")
    album.keep(explorer, "explorer_without_kernel.png")
    lesson.run_all()
    expect(silence(lesson.page)).to_have_count(0)
    before = explorer.locator("[data-role=caption]").inner_text()
    slider.focus()
    lesson.page.keyboard.press("ArrowRight")
    expect(explorer.locator("[data-role=caption]")).not_to_have_text(before)
    assert lesson.trouble == []


def test_a_kernel_that_was_shut_down_is_said_when_something_is_tried(lesson, explorer):
    lesson.page.evaluate(
        "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.shutdown()"
    )  # resolves once the kernel is gone
    lesson.page.get_by_label("nothing").check()
    lesson.page.get_by_role("button", name="Check", exact=True).click()
    expect(lesson.page.get_by_role("alert")).to_contain_text("No Python is behind this any more")
    assert lesson.trouble == []


def test_opened_the_next_day_it_says_what_is_missing(lesson, explorer):
    page = lesson.page
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")
    page.reload()
    empty = page.locator(".jp-OutputArea-output.jupyter-widgets")
    expect(empty).to_have_count(3, timeout=60_000)
    expect(empty.first).to_have_text("Error displaying widget: model not found")
    expect(empty.first).to_have_css("font-size", "0px")
    said = empty.first.evaluate("box => getComputedStyle(box, '::after').content")
    assert "needs the Python that made it" in said and "Run All Cells" in said
    assert [line for line in lesson.trouble if "widget model not found" not in line] == []


@pytest.mark.parametrize("unseen", [True, False])
def test_the_page_tells_once_that_an_explorer_is_in_view(open_widget, unseen):
    opened = open_widget(Controls(title="Every pose", unseen=unseen), width=300, height=400)

    def told():
        opened.settle()
        return [message["kind"] for message in opened.sent()]

    assert told() == ["seen"] * unseen
    opened.page.evaluate("document.getElementById('second').style.marginTop = '2000px'")
    opened.page.evaluate("window.page.open('second')")
    assert told() == ["seen"] * unseen
    for place in ("second", "first", "second"):
        opened.page.locator(f"#{place}").scroll_into_view_if_needed()
        told()
    assert told() == ["seen"] * 2 * unseen
