"""What is special to lesson 15: the graph walked, the table stepped, descents played."""

from __future__ import annotations

import re

import lab
import pytest
from playwright.sync_api import Locator, expect
from stage import explorer

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def widget(lesson: lab.Notebook, css: str) -> Locator:
    found = lesson.page.locator(f".{css}").first
    found.scroll_into_view_if_needed()
    return found


def focused(lesson: lab.Notebook) -> str:
    return lesson.page.evaluate(
        """() => {
          const cell = document.activeElement;
          const row = cell.closest('[role=row]');
          return `${row?.getAttribute('aria-rowindex')}/${cell.getAttribute('aria-colindex')}`;
        }"""
    )


def test_small_gradients_can_be_read_on_the_axis(lesson):
    found = explorer(lesson, "How far does the gradient")
    texts = found.locator("svg text").all_text_contents()
    assert "10⁻⁴" in texts and texts.count("0") == 0


# --- the graph -----------------------------------------------------------------------------------


def test_the_graph_is_walked_by_keys_and_buttons(lesson, album):
    found = widget(lesson, "aml4d-gs")
    caption = found.locator("[data-role=caption]")
    found.locator(".aml4d-gs-stage").focus()
    expect(found).to_have_attribute("data-position", "0")
    lesson.page.keyboard.press("ArrowRight")
    expect(caption).to_contain_text("0.8 × 1 = 0.8")
    lesson.page.keyboard.press("End")
    expect(caption).to_contain_text("All gradients are known")
    expect(found.locator(".aml4d-gs-grad").first).to_have_text("grad 0.281")
    lesson.page.keyboard.press("ArrowLeft")
    expect(found).to_have_attribute("data-position", "19")
    found.get_by_role("button", name="All forward").click()
    expect(found).to_have_attribute("data-position", "7")
    found.get_by_role("button", name="Play").click()
    expect(found).to_have_attribute("data-position", "8")
    found.get_by_role("button", name="Pause").click()
    album.keep(found, "15_graph.png")


def test_inputs_formulas_and_steps(lesson):
    found = widget(lesson, "aml4d-gs")
    found.get_by_role("button", name="All the way").click()
    second = found.get_by_label("Value of x2")
    second.fill("0")
    second.press("Enter")
    weight = found.locator(".aml4d-gs-box", has_text="w2")
    expect(weight.locator(".aml4d-gs-grad")).to_have_text("grad 0")
    text = found.get_by_label("Expression")
    text.fill("C = (w*x")
    text.press("Enter")
    expect(found.locator(".aml4d-error")).to_contain_text("1 opening and 0 closing")
    expect(weight).to_be_visible()
    text.fill("C = (w*x - 3)**2")
    text.press("Enter")
    expect(found.locator(".aml4d-error")).to_have_text("")
    expect(found.locator(".aml4d-gs-box")).to_have_count(6)
    found.locator(".aml4d-gs-stage").focus()
    lesson.page.keyboard.press("Home")
    found.get_by_role("button", name="Take a step").click()
    expect(found.locator(".aml4d-gs-trail")).to_contain_text("after 1 step")
    assert "?" not in " ".join(found.locator(".aml4d-gs-box").all_inner_texts())
    found.get_by_role("button", name="Reset").click()
    expect(found.locator(".aml4d-gs-box")).to_have_count(13)
    expect(found.locator(".aml4d-gs-trail")).not_to_contain_text("→")


# --- the nudges table ----------------------------------------------------------------------------


def test_the_grid_has_one_place_for_the_keys(lesson):
    found = widget(lesson, "aml4d-nt")
    grid = found.get_by_role("grid")
    assert grid.get_attribute("aria-rowcount") == "13003"
    assert grid.get_attribute("aria-colcount") == "10"
    assert grid.locator("[tabindex='0']").count() == 1
    assert grid.locator(".aml4d-nt-body > [role=row]").count() < 40
    grid.locator("[tabindex='0']").focus()
    start = focused(lesson)
    lesson.page.keyboard.press("ArrowDown")
    lesson.page.keyboard.press("ArrowRight")
    row, column = (int(number) for number in start.split("/"))
    assert focused(lesson) == f"{row + 1}/{column + 1}"
    lesson.page.keyboard.press("Control+Home")
    assert focused(lesson) == "2/1"
    lesson.page.keyboard.press("ArrowUp")
    assert focused(lesson) == "1/1"
    lesson.page.keyboard.press("Control+End")
    assert focused(lesson) == "13003/10"
    expect(found.locator("[data-role=caption]")).to_contain_text("w13001 (bias of output 9)")
    lesson.page.keyboard.press("PageUp")
    assert int(focused(lesson).split("/")[0]) < 13000
    lesson.page.keyboard.press("Home")
    assert focused(lesson).endswith("/1")


def test_signs_are_told_without_colour(lesson):
    cells = widget(lesson, "aml4d-nt").get_by_role("grid").get_by_role("gridcell")
    texts = cells.all_inner_texts()
    assert len(texts) > 50
    assert all(re.fullmatch(r"0|[▲▼] ?(\d+(\.\d+)?|<0\.01)", text.strip()) for text in texts)
    labels = cells.evaluate_all("cells => cells.map(c => c.getAttribute('aria-label'))")
    assert all(re.match("raise, |lower, |no change", label) for label in labels)


def test_sorting_puts_the_largest_first(lesson):
    found = widget(lesson, "aml4d-nt")
    found.get_by_label("Rows", exact=True).select_option("mean")
    means = found.locator(".aml4d-nt-body .aml4d-nt-mean")
    sizes = [float(re.sub("[▲▼ ]", "", t)) for t in means.all_inner_texts()]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > 50
    expect(found.locator(".aml4d-nt-where")).to_contain_text("Ranks 1 to")
    found.get_by_label("Rows", exact=True).select_option("layer")
    found.get_by_label("Jump to").select_option("hidden layer 1, biases")
    expect(found.locator(".aml4d-nt-where")).to_contain_text("hidden layer 1, biases")
    expect(found.locator("[data-role=caption]")).to_contain_text("w12544")


def test_a_step_lowers_the_mean_cost_and_undo_brings_it_back(lesson, album):
    found = widget(lesson, "aml4d-nt")
    mean = found.locator(".aml4d-nt-head .aml4d-nt-mean .aml4d-nt-cost")
    first = mean.inner_text()
    found.get_by_role("button", name="Take the step").click()
    expect(mean).to_contain_text("▼")
    assert float(mean.inner_text().split()[0]) < float(first)
    expect(found.locator(".aml4d-nt-trail")).to_contain_text("after 1 step")
    first_digit = found.locator(".aml4d-nt-head .aml4d-nt-label").first
    expect(first_digit).to_have_text(re.compile("^2→2 ✓$"))
    found.get_by_role("button", name="Where is it in the network?").click()
    expect(found.locator(".aml4d-nt-details")).to_be_visible()
    album.keep(found, "15_nudges.png")
    found.get_by_role("button", name="Hide the network").click()
    expect(found.locator(".aml4d-nt-details")).to_be_hidden()
    found.get_by_role("button", name="Undo").click()
    expect(mean).to_have_text(first)
    found.get_by_label("Digits", exact=True).select_option("64")
    expect(found.get_by_role("grid")).to_have_attribute("aria-colcount", "66")
    found.get_by_label("Network", exact=True).select_option("trained")
    expect(found.locator(".aml4d-nt-head")).to_contain_text("✓")
    found.get_by_role("button", name="Reset").click()
    expect(found.get_by_role("grid")).to_have_attribute("aria-colcount", "10")


def test_an_own_digit_goes_into_the_table(lesson):
    found = explorer(lesson, "Your own digit")
    pad = lab.box_of(found.locator("canvas").first)
    x, y = pad["x"] + pad["width"] / 2, pad["y"]
    lesson.page.mouse.move(x, y + pad["height"] * 0.2)
    lesson.page.mouse.down()
    lesson.page.mouse.move(x, y + pad["height"] * 0.8, steps=8)
    lesson.page.mouse.up()
    expect(found.locator("[data-role=caption]")).to_contain_text("reads your drawing")
    found.get_by_role("button", name="Put it into the table").click()
    for near in (found, lesson.page):
        head = near.locator(".aml4d-nt-head [role=columnheader]").nth(1)
        expect(head).to_have_attribute("aria-label", re.compile("^Digit 3, cost"))


# --- the three ways down -------------------------------------------------------------------------


def test_the_ways_down_play_and_pause(lesson):
    found = widget(lesson, "aml4d-dm")
    found.get_by_role("button", name="To the start").click()
    expect(found).to_have_attribute("data-tick", "0")
    found.get_by_role("button", name="One update").click()
    expect(found).to_have_attribute("data-tick", "1")
    found.get_by_role("button", name="Play").click()
    expect(found).to_have_attribute("data-tick", re.compile(r"[3-9]\d|\d{3}"), timeout=20_000)
    found.get_by_role("button", name="Pause").click()
    tick = found.get_attribute("data-tick")
    start = found.get_by_role("application")
    start.focus()
    lesson.page.keyboard.press("ArrowRight")
    expect(start).to_have_attribute("aria-label", re.compile(r"start at \(−1\.5, 2\)"))
    assert found.get_attribute("data-tick") == tick
