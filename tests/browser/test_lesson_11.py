"""Lesson 11 in a real JupyterLab: read curves, teach, correct, add files."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
import stage
from PIL import Image
from playwright.sync_api import expect
from stage import explorer, sentence, settled

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CURVES, TEACH = "How many labels?", "Teach it yourself"


def said(found, words: str) -> None:
    expect(found.locator("[data-role=caption]")).to_contain_text(words, timeout=stage.SLOW)


def photo(seed: int) -> bytes:
    memory = io.BytesIO()
    pixels = np.random.default_rng(seed).integers(0, 256, (64, 80, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(memory, format="PNG")
    return memory.getvalue()


def test_the_number_of_labels_is_chosen_by_keys(lesson):
    found = explorer(lesson, CURVES)
    settled(found)
    assert "5 labels for each class" in sentence(found)
    found.get_by_label("Labels for each class", exact=True).focus()
    lesson.page.keyboard.press("ArrowDown")
    said(found, "10 labels for each class")
    found.get_by_label("Task", exact=True).select_option("rendered")
    said(found, "The task rendered, 5 labels")
    settled(found)
    found.get_by_role("button", name="Reset").click()
    said(found, "The task photos, 5 labels")
    settled(found)


def test_the_misfiled_flower_is_found_moved_and_moved_back(lesson, album):
    found = explorer(lesson, TEACH)
    settled(found)
    assert "flowers 18, fruit 22" in sentence(found)
    found.get_by_label("Gallery: wrong side only").check()
    settled(found)
    gallery = found.locator("canvas.aml4d-frame").last
    gallery.scroll_into_view_if_needed()
    gallery.click(position={"x": 20, "y": 20})
    said(found, "Chosen: gazania")
    said(found, "filed under fruit: the others say flowers")
    settled(found)
    found.get_by_role("button", name="Move it to the class").click()
    said(found, "is filed under flowers now. Photos: flowers 19, fruit 21")
    settled(found)
    found.get_by_role("button", name="Undo").click()
    said(found, "The last change is taken back. Photos: flowers 18, fruit 22")
    settled(found)
    album.keep(found, "11_teach_it_yourself.png")


def test_files_are_added_and_one_that_is_no_photo_is_named(lesson):
    found = explorer(lesson, TEACH)
    files = [("one.png", photo(1)), ("broken.png", photo(2)[:60]), ("two.png", photo(3))]
    found.get_by_label("Photo files").set_input_files(
        [{"name": n, "mimeType": "image/png", "buffer": content} for n, content in files]
    )
    said(found, "2 photos added to flowers. broken.png is skipped")
    settled(found)
    found.get_by_role("button", name="Reset").click()
    said(found, "flowers 18, fruit 22")
    settled(found)


def test_a_network_is_saved_and_loaded_and_half_of_it_refused(lesson):
    found = explorer(lesson, TEACH)
    found.get_by_label("To be seen", exact=True).select_option("camera and files")
    settled(found)
    expect(found.locator(".aml4d-privacy")).to_contain_text("Only what you record is kept.")
    found.get_by_role("button", name="Save what it learned").click()
    said(found, "Saved in ")
    folder = Path(re.search(r"Saved in (.+own_classes)\.", sentence(found))[1])
    files = sorted(folder.iterdir())
    assert [file.name for file in files] == ["head.safetensors", "labels.json"]
    chosen = found.get_by_label("Files of a saved network")
    chosen.set_input_files(files[:1])
    said(found, "labels.json is missing: choose both files")
    chosen.set_input_files(files)
    said(found, "Loaded: a network that knows flowers, fruit")
    settled(found)
    found.get_by_role("button", name="Reset").click()
    settled(found)
    expect(found.locator(".aml4d-camera")).to_be_hidden()
