"""Lesson 16 in a real JupyterLab: plan, change the model, save the card, open it from disk."""

from __future__ import annotations

from pathlib import Path

import pytest
import stage
from playwright.sync_api import expect
from stage import explorer, sentence, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CARD, PEER = "The card", "Ten minutes for one failure"


def said(found, words: str) -> None:
    expect(found.locator("[data-role=caption]")).to_contain_text(words, timeout=stage.SLOW)


def test_sentences_turn_red_when_the_model_changes(lesson, album):
    found = explorer(lesson, CARD)
    settled(found)
    card = found.locator(".model-card")
    assert "All belong to the model" in sentence(found)
    assert card.locator("h2").count() == 9
    assert card.locator(".stale").count() == 0
    found.get_by_label("The model now").select_option("half of the photos")
    said(found, "are out of date")
    settled(found)
    stale = card.locator("p.stale")
    assert stale.count() > 10
    expect(stale.nth(1)).to_contain_text("Out of date.")
    red, green, _ = stale.nth(1).evaluate(
        "e => getComputedStyle(e).color.match(/\\d+/g).slice(0, 3).map(Number)"
    )
    assert red > 3 * green
    album.keep(found, "16_out_of_date.png")
    found.get_by_label("Measure it again").check()
    said(found, "All belong to the model")
    settled(found)
    assert card.locator(".stale").count() == 0
    found.get_by_role("button", name="Reset").click()
    settled(found)


def test_a_gap_in_the_brief_is_named_and_not_saved(lesson):
    found = explorer(lesson, CARD)
    purpose = found.get_by_label("What it is for", exact=True)
    purpose.fill("")
    purpose.press("Enter")
    said(found, "1 missing. Missing: what it is for")
    found.get_by_role("button", name="Save card and bundle").click()
    said(found, "The card is not complete")
    found.get_by_role("button", name="Reset").click()
    settled(found)


def test_the_saved_card_opens_from_disk_without_a_request(lesson, album):
    found = explorer(lesson, CARD)
    purpose = found.get_by_label("What it is for", exact=True)
    purpose.fill('Sorting <img src="http://example.org/x.png"> mugs')
    purpose.press("Enter")
    said(found, "All belong to the model")
    settled(found)
    found.get_by_role("button", name="Save card and bundle").click()
    said(found, "Saved in ")
    folder = Path(sentence(found).partition("Saved in ")[2].partition(": open ")[0])
    file = folder / "model_card.html"
    assert file.stat().st_size < 5_000_000
    page = lesson.page.context.browser.new_page()
    asked, trouble = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: trouble.append(message.text))
    page.goto(file.as_uri())
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    assert trouble == []
    assert page.title() == "Model card: Market scale"
    assert page.locator("h2").count() == 9
    expect(page.locator("body")).to_contain_text('<img src="http://example.org/x.png">')
    pictures = page.locator("img")
    assert pictures.count() == 6
    for index in range(pictures.count()):
        assert len(pictures.nth(index).get_attribute("alt")) > 20
        assert pictures.nth(index).evaluate("image => image.complete && image.naturalWidth") > 100
    album.keep(page, "16_model_card.png", full_page=True)
    page.close()
    found.get_by_role("button", name="Reset").click()
    settled(found)


def test_a_peers_folder_is_loaded_and_another_one_refused(lesson, album, tmp_path):
    card, found = explorer(lesson, CARD), explorer(lesson, PEER)
    card.get_by_label("The model now").select_option("half of the photos")
    card.get_by_label("Measure it again").check()
    said(card, "All belong to the model")
    settled(card)
    card.get_by_role("button", name="Save card and bundle").click()
    said(card, "Saved in ")
    folder = sentence(card).partition("Saved in ")[2].partition(": open ")[0]
    chosen = found.locator("input[type=file]")
    expect(found.get_by_role("button", name="Load a peer's folder …")).to_be_visible()
    (tmp_path / "notes.txt").write_text("no bundle")
    chosen.set_input_files(tmp_path)
    said(found, "There is no study.json in this folder: choose the folder that was saved.")
    owners = found.get_by_role("button", name="Save it for the owner")
    expect(owners).to_be_hidden()
    chosen.set_input_files(folder)
    said(found, "Loaded: Market scale. Its card says ")
    expect(owners).to_be_visible()
    album.keep(found, "16_peers_folder.png")
    owners.click()
    said(found, "Give it back to the owner.")
    card.get_by_role("button", name="Reset").click()
    settled(card)
    found.get_by_role("button", name="Reset").click()
    settled(found)
    expect(owners).to_be_hidden()


def test_a_detectors_card_is_red_at_another_threshold(lesson, album):
    found = explorer(lesson, "The card of a detector")
    settled(found)
    assert found.locator(".model-card h2").count() == 9
    found.get_by_label("The model now").select_option("threshold 0.15")
    said(found, "are out of date")
    found.get_by_label("Measure it again").check()
    said(found, "All belong to the model")
    found.get_by_label("Show", exact=True).select_option("Quantitative analyses")
    settled(found)
    pictures = found.locator(".model-card img")
    expect(pictures).to_have_count(5)
    assert "Scene " in pictures.nth(1).get_attribute("alt")
    album.keep(found, "16_detector_card.png")


def test_a_failure_is_found_and_appended(lesson, album):
    found = explorer(lesson, PEER)
    settled(found)
    append = found.get_by_role("button", name="A failure: append it")
    append.click()
    said(found, "Start the ten minutes first.")
    found.get_by_role("button", name="Start the ten minutes").click()
    said(found, "The ten minutes have begun.")
    words = found.get_by_label("What you did, in your words")
    words.fill("Moved it far away, in the dark.")
    words.press("Enter")
    light = found.get_by_label("Light", exact=True)
    light.focus()
    light.press("Home")
    things = found.get_by_label("Show it", exact=True)
    for thing in range(1, 9):
        things.select_option(f"thing {thing}")
        settled(found)
        if "wrong: a failure" in sentence(found):
            break
    append.click()
    said(found, "Appended to the card")
    said(found, "1 failure appended")
    append.click()
    said(found, "known already")
    album.keep(found, "16_peer_round.png")
    card = explorer(lesson, CARD)
    card.get_by_label("Show", exact=True).select_option("Caveats and recommendations")
    expect(card.locator(".model-card")).to_contain_text("Moved it far away", timeout=stage.SLOW)
