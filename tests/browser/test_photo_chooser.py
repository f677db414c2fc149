"""The photo chooser in a real JupyterLab: pick, upload, take one, refuse, look right."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import fake_camera
import lab
import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, expect

from aml4d_utils import images

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHOOSE = "from aml4d_utils.notebook import choose_photo\nchoose_photo()"
LOOK = """from aml4d_utils import images
kept = images.as_uint8(images.own_photo())
print(kept.shape, int(kept.sum()), kept[5, 5], kept[5, -5], images.describe_own_photo())"""
CAT = "The lessons use the face of a light ginger tabby cat with green eyes: 451 × 300 pixels."
_REMEMBER_TRACKS = """() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.tracks = [];
  navigator.mediaDevices.getUserMedia = async (wishes) => {
    const stream = await real(wishes);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}"""
_TRACKS = "() => window.tracks.map((track) => track.readyState)"


class Desk:
    """The notebook, its chooser, and what Python has kept."""

    def __init__(self, notebook: lab.Notebook, address: str, folder: Path):
        self.notebook, self.page = notebook, notebook.page
        self.address, self.folder = address, folder
        self.page.evaluate(_REMEMBER_TRACKS)
        self.run("choose_photo()")

    def run(self, text: str) -> Locator:
        self.notebook.run_cell(text)
        self.notebook.wait_idle()
        return self.notebook.cell(text).locator(".jp-OutputArea")

    def kept(self) -> str:
        return " ".join(self.run("kept.shape").inner_text().split())

    @property
    def chooser(self) -> Locator:
        return self.page.locator(".aml4d-photos")

    @property
    def sentence(self) -> Locator:
        return self.chooser.locator("[data-role=sentence]")

    @property
    def status(self) -> Locator:
        return self.chooser.locator(".aml4d-status")

    def button(self, name: str) -> Locator:
        return self.chooser.get_by_role("button", name=name)

    def upload(self, name: str, content: bytes | None = None) -> None:
        path = self.folder / name
        if content is not None:
            path.write_bytes(content)
        self.chooser.locator("input[type=file]").set_input_files(path)

    def tracks(self) -> list[str]:
        return self.page.evaluate(_TRACKS)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    if lab.chromium() is None:
        pytest.skip("NO BROWSER: install Chromium, or name one in AML4D_CHROMIUM.")
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    lab.written(folder / "photo.ipynb", CHOOSE, LOOK)
    clip = fake_camera.write_clip(home / "clip.y4m")
    with (
        lab.jupyterlab(folder, home) as address,
        lab.browser_page(flags=fake_camera.flags(clip)) as page,
    ):
        page.context.grant_permissions(["camera"], origin=address)
        opened = Desk(lab.Notebook(page, address, "photo.ipynb"), address, home)
        yield opened
        assert opened.notebook.trouble == []


def as_file(image: np.ndarray | Image.Image, kind: str, **options) -> bytes:
    memory = io.BytesIO()
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture.save(memory, format=kind, **options)
    return memory.getvalue()


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


# --- the photos of the course ----------------------------------------------------------------


def test_it_starts_with_the_cat(desk, album):
    expect(desk.sentence).to_have_text(CAT)
    expect(desk.chooser.get_by_role("option", selected=True)).to_have_attribute(
        "data-name", "chelsea"
    )
    assert desk.kept().startswith("(300, 451, 3)")
    album.keep(desk.chooser, "photo_chooser.png")


def test_every_picture_has_words_and_every_input_a_name(desk):
    words = desk.chooser.locator("img").evaluate_all("all => all.map((image) => image.alt)")
    assert len(words) == len(images.photo_names()) + 1
    assert min(map(len, words)) >= 20
    nameless = desk.chooser.locator("input, button").evaluate_all(
        """all => all.filter((e) =>
          !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim())).length"""
    )
    assert nameless == 0


def test_pick_with_the_mouse(desk):
    desk.chooser.locator("[data-name=coffee]").click()
    expect(desk.sentence).to_contain_text("an espresso in a red cup")
    expect(desk.chooser.get_by_role("option", selected=True)).to_have_attribute(
        "data-name", "coffee"
    )
    assert desk.kept().startswith("(400, 600, 3)")


def test_pick_with_the_keyboard_and_go_back(desk):
    desk.chooser.locator("[data-name=astronaut]").click()
    expect(desk.sentence).to_contain_text("astronaut")
    before = desk.sentence.inner_text()
    for key in ("ArrowRight", "ArrowDown", "ArrowUp", "End", "ArrowRight", "Home", "ArrowRight"):
        desk.page.keyboard.press(key)
    expect(desk.chooser.locator(":focus")).to_have_attribute("data-name", "brick")
    assert desk.sentence.inner_text() == before
    desk.page.keyboard.press("Enter")
    expect(desk.sentence).to_contain_text("brick wall")
    assert desk.kept().startswith("(512, 512, 3)")
    desk.button("Back to the cat").click()
    expect(desk.sentence).to_have_text(CAT)
    assert desk.kept().startswith("(300, 451, 3)")


# --- a file ----------------------------------------------------------------------------------


def test_a_small_png_arrives_unchanged(desk):
    photo = noise(60, 80)
    desk.upload("small.png", as_file(photo, "PNG"))
    expect(desk.sentence).to_have_text("The lessons use your own photo: 80 × 60 pixels.")
    assert desk.kept().startswith(f"(60, 80, 3) {photo.sum()}")


def test_words_can_be_kept_with_it(desk):
    field = desk.chooser.get_by_label("What does it show?")
    field.fill("coloured noise on my screen")
    field.press("Enter")
    expect(desk.sentence).to_contain_text("coloured noise on my screen: 80 × 60")
    assert desk.kept().endswith("coloured noise on my screen")


def test_a_large_phone_photo_is_made_smaller_here(desk, album):
    large = as_file(np.tile(noise(1000, 1000), (6, 8, 1)), "JPEG", quality=88)
    assert len(large) > 30e6
    started = time.monotonic()
    desk.upload("large.jpg", large)
    expect(desk.status).to_contain_text("Opening large.jpg")
    album.keep(desk.chooser, "photo_chooser_working.png")
    expect(desk.sentence).to_contain_text("1024 × 768 pixels", timeout=30_000)
    expect(desk.status).to_have_text("Made smaller from 8000 × 6000 pixels.")
    print(f"\n{len(large) / 1e6:.0f} MB, 48 megapixels: {time.monotonic() - started:.1f} s")
    assert desk.kept().startswith("(768, 1024, 3)")


NOISY = """() => {
  const prototype = CanvasRenderingContext2D.prototype;
  window.readPixels = prototype.getImageData;
  prototype.getImageData = function (...place) {
    const image = window.readPixels.apply(this, place);
    crypto.getRandomValues(image.data);
    return image;
  };
}"""
TRUE_AGAIN = "() => { CanvasRenderingContext2D.prototype.getImageData = window.readPixels; }"


@pytest.fixture
def noisy_desk(desk):
    """A browser that answers with noise when a page reads a canvas."""
    desk.page.evaluate(NOISY)
    yield desk
    desk.page.evaluate(TRUE_AGAIN)


def test_where_canvases_are_noise_the_file_itself_is_kept(noisy_desk):
    photo = np.zeros((600, 1200, 3), np.uint8)
    photo[:, :600] = (250, 0, 0)
    noisy_desk.upload("wide.png", as_file(photo, "PNG"))
    expect(noisy_desk.sentence).to_contain_text("1024 × 512 pixels")
    assert "[250 0 0] [0 0 0]" in noisy_desk.kept()


def test_where_canvases_are_noise_a_large_file_and_the_camera_are_refused(noisy_desk, album):
    before = noisy_desk.kept()
    noisy_desk.upload("heavy.jpg", as_file(noise(3000, 2600), "JPEG", quality=95))
    expect(noisy_desk.status).to_contain_text("gives pages noise in place of their pictures")
    expect(noisy_desk.status).to_contain_text("save a copy of at most 8 MB")
    noisy_desk.button("Use the camera").click()
    expect(noisy_desk.status).to_contain_text("would arrive as noise")
    album.keep(noisy_desk.chooser, "photo_chooser_noise.png")
    assert noisy_desk.kept() == before


def test_the_camera_s_note_on_which_way_is_up_is_obeyed(desk):
    photo = np.zeros((40, 60, 3), np.uint8)
    photo[:, :30] = (250, 0, 0)
    exif = Image.Exif()
    exif[0x0112] = 6
    desk.upload("turned.jpg", as_file(photo, "JPEG", exif=exif, quality=95))
    expect(desk.sentence).to_contain_text("40 × 60 pixels")
    shape, first = desk.kept().split(") ")[0], desk.kept().split("[")[1]
    assert shape == "(60, 40, 3"
    assert int(first.split()[0]) > 200


def test_dropping_a_file(desk):
    content = list(as_file(noise(30, 50), "PNG"))
    transfer = desk.page.evaluate_handle(
        """bytes => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(bytes)], 'dropped.png', {type: 'image/png'}));
          return transfer;
        }""",
        content,
    )
    zone = desk.chooser.locator(".aml4d-photo-zone")
    for kind in ("dragenter", "dragover", "drop"):
        zone.dispatch_event(kind, {"dataTransfer": transfer})
    expect(desk.sentence).to_contain_text("50 × 30 pixels")
    words = desk.page.evaluate_handle("() => new DataTransfer()")
    zone.dispatch_event("drop", {"dataTransfer": words})
    expect(desk.status).to_contain_text("Drop a file from your computer")


REFUSED = {
    "renamed.jpg": (b"These are only words. " * 40, "is not a photo"),
    "drawing.svg": (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"></svg>',
        "text such as SVG",
    ),
    "cut_short.jpg": (as_file(noise(200, 300), "JPEG")[:20_000], "damaged or cut short"),
    "empty.png": (b"", "empty.png is empty"),
    "words.txt": (b"Only words.", "words.txt is not a photo"),
    "huge.png": (as_file(Image.new("1", (10_000, 9_000)), "PNG"), "has 90 megapixels"),
    "phone.heic": (b"\0\0\0\x18ftypheic" + bytes(2000), "HEIC"),
    "large_words.jpg": (b"words" * 2_000_000, "cannot be read by this browser"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_in_one_sentence(desk, name, album):
    before = desk.sentence.inner_text()
    content, expected = REFUSED[name]
    desk.upload(name, content)
    expect(desk.status).to_contain_text(expected)
    expect(desk.status).to_have_class("aml4d-status aml4d-error")
    assert desk.status.inner_text().endswith(".")
    assert desk.sentence.inner_text() == before
    if name == "cut_short.jpg":
        album.keep(desk.chooser, "photo_chooser_refused.png")


def test_a_tiff_that_only_python_reads(desk):
    desk.upload("scan.tiff", as_file(noise(33, 44), "TIFF"))
    expect(desk.sentence).to_contain_text("44 × 33 pixels")
    expect(desk.status).to_be_empty()


# --- the camera ------------------------------------------------------------------------------


def test_take_a_photo(desk, album):
    desk.button("Use the camera").click()
    take = desk.button("Take photo")
    expect(take).to_be_focused()
    video = desk.chooser.locator("video")
    assert "aml4d-mirrored" in video.get_attribute("class")
    album.keep(desk.chooser, "photo_chooser_camera.png")
    take.click()
    expect(desk.sentence).to_contain_text("640 × 480 pixels")
    assert desk.tracks() == ["ended"]
    expect(desk.button("Use the camera")).to_be_focused()
    left, right = (desk.kept().split("[")[part].split("]")[0].split() for part in (1, 2))
    assert int(left[0]) > 200 > 60 > int(left[2])
    assert int(right[2]) > 200 > 60 > int(right[0])


def test_another_choice_puts_the_camera_away(desk):
    desk.button("Use the camera").click()
    expect(desk.button("Take photo")).to_be_focused()
    desk.chooser.locator("[data-name=coffee]").click()
    expect(desk.sentence).to_contain_text("espresso")
    expect(desk.button("Use the camera")).to_be_visible()
    assert desk.tracks()[-1] == "ended"


def test_cancel_stops_the_camera_and_changes_nothing(desk):
    before = desk.sentence.inner_text()
    desk.button("Use the camera").click()
    expect(desk.button("Take photo")).to_be_focused()
    desk.button("Cancel").click()
    expect(desk.button("Use the camera")).to_be_visible()
    assert set(desk.tracks()) == {"ended"}
    assert desk.sentence.inner_text() == before


def test_running_the_cell_again_stops_the_camera(desk):
    desk.button("Use the camera").click()
    expect(desk.button("Take photo")).to_be_focused()
    assert desk.tracks()[-1] == "live"
    desk.run("choose_photo()")
    expect(desk.button("Use the camera")).to_be_visible()
    desk.page.wait_for_function(f"() => ({_TRACKS})().every((state) => state === 'ended')")


def test_a_refused_camera_is_said(desk):
    desk.page.context.clear_permissions()
    desk.button("Use the camera").click()
    expect(desk.status).to_contain_text("does not allow the camera")
    expect(desk.button("Choose a file")).to_be_visible()
    desk.page.context.grant_permissions(["camera"], origin=desk.address)


# --- how it looks ----------------------------------------------------------------------------


def test_it_is_right_in_dark_and_on_a_narrow_page(desk, album):
    desk.upload("square.png", as_file(demo_photo(), "PNG"))
    expect(desk.sentence).to_contain_text("480 × 360")
    desk.notebook.wear("Dark")
    album.keep(desk.chooser, "photo_chooser_dark.png")
    lab.resize(desk.page, 620, 1400)
    lab.stand_still(desk.chooser)
    album.keep(desk.chooser, "photo_chooser_narrow.png")
    assert desk.chooser.evaluate("e => e.scrollWidth <= e.clientWidth + 1")


def demo_photo() -> Image.Image:
    picture = Image.fromarray(images.as_uint8(images.resize(images.photo("flower"), 360, 480)))
    ImageDraw.Draw(picture).rectangle((10, 10, 60, 60), fill=(0, 114, 178))
    return picture
