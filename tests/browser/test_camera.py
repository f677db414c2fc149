"""The camera in a real JupyterLab: how fast, never a queue, always stopped, clear refusals."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import fake_camera
import lab
import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WATCH = """from aml4d_utils.widgets import Camera
edges, shapes = [], set()

def look(frame):
    edges.append((frame[:, 4].mean(0).tolist(), frame[:, -4].mean(0).tolist()))
    shapes.add((frame.shape, str(frame.dtype)))
    return float(frame.mean())

camera = Camera(on_frame=look)
camera"""
REPORT = "print((camera.frames, shapes, edges[-1], camera.result))"
AWAIT = """import asyncio
goal = camera.frames + 20
while camera.frames < goal:
    await asyncio.sleep(0.05)
print("20 frames came")"""
BLOCK = "import time\ntime.sleep(6.5)"
FAIL = """def fails(frame):
    if failing.frames == 2:
        raise RuntimeError("this frame is one too many")

failing = Camera(on_frame=fails)
failing"""
RAISE = "failing.result"
STOP = "camera.stop()"

_PREPARE = """() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  window.tracks = [];
  navigator.mediaDevices.getUserMedia = async (wishes) => {
    const stream = await real(wishes);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}"""
_ENDED = "() => window.tracks.length > 0 && window.tracks.every((t) => t.readyState === 'ended')"
_MOST_UNANSWERED = """element => {
  window.most = 0;
  new MutationObserver(() => {
    const waiting = Number(element.dataset.sent ?? 0) - Number(element.dataset.answered ?? 0);
    window.most = Math.max(window.most, waiting);
  }).observe(element, { attributes: true });
}"""


@pytest.fixture(scope="module")
def address(desk) -> str:
    address, folder = desk
    lab.written(folder / "camera.ipynb", WATCH, REPORT, AWAIT, BLOCK, FAIL, RAISE, STOP)
    return address


class Set:
    """The notebook with its camera."""

    def __init__(self, page: Page, address: str):
        self.page, self.address = page, address
        self.notebook = lab.Notebook(page, address, "camera.ipynb")
        page.evaluate(_PREPARE)
        self.run("camera = Camera")

    def run(self, text: str) -> str:
        self.notebook.run_cell(text)
        self.notebook.wait_idle()
        output = self.notebook.cell(text).locator(".jp-OutputArea")
        return output.inner_text() if output.count() else ""

    def camera(self, text: str = "camera = Camera") -> Locator:
        found = self.notebook.cell(text).locator(".aml4d-camera")
        found.scroll_into_view_if_needed()
        return found

    def start(self) -> Locator:
        camera = self.camera()
        if camera.get_attribute("data-state") == "off":
            camera.get_by_role("button", name="Start the camera").click()
        expect(camera).to_have_attribute("data-state", "on")
        return camera

    def stopped(self) -> None:
        camera = self.camera()
        camera.get_by_role("button", name="Stop").click()
        expect(camera).to_have_attribute("data-state", "off")

    def ended(self) -> None:
        self.page.wait_for_function(_ENDED)

    def wait_for_frames(self, count: int) -> None:
        before = self.answered()
        self.page.wait_for_function(
            "([camera, least]) => Number(camera.dataset.answered ?? 0) >= least",
            arg=[self.camera().element_handle(), before + count],
            timeout=20_000,
        )

    def answered(self) -> int:
        return int(self.camera().get_attribute("data-answered") or 0)


@pytest.fixture(scope="module")
def studio(address, tmp_path_factory) -> Iterator[Set]:
    clip = fake_camera.write_clip(tmp_path_factory.mktemp("film") / "clip.y4m")
    with lab.browser_page(flags=fake_camera.flags(clip)) as page:
        page.context.grant_permissions(["camera"], origin=address)
        opened = Set(page, address)
        yield opened
        assert opened.notebook.trouble == []


def test_frames_arrive_upright_unmirrored_and_one_at_a_time(studio, album):
    album.keep(studio.camera(), "camera_off.png")
    studio.camera().evaluate(_MOST_UNANSWERED)
    camera = studio.start()
    studio.wait_for_frames(40)
    rate = camera.locator(".aml4d-camera-rate")
    expect(rate).to_contain_text("frames per second")
    print(f"\n{rate.inner_text()}")
    album.keep(camera, "camera_on.png")
    assert "aml4d-mirrored" in camera.locator("video").get_attribute("class")
    frames, shapes, (left, right), mean = ast.literal_eval(studio.run(REPORT))
    assert frames > 20 and 0 < mean < 255
    assert shapes == {((240, 320, 3), "uint8")}
    assert left[0] > 200 > 60 > left[2]
    assert right[2] > 200 > 60 > right[0]
    assert studio.page.evaluate("() => window.most") == 1


def test_stop_ends_the_stream_and_the_frames(studio):
    studio.start()
    studio.stopped()
    studio.ended()
    expect(studio.camera().locator(".aml4d-status")).to_have_text("Stopped.")
    first = ast.literal_eval(studio.run(REPORT))[0]
    studio.page.wait_for_timeout(300)
    assert ast.literal_eval(studio.run(REPORT))[0] == first


def test_it_works_while_a_cell_awaits(studio):
    studio.start()
    before = studio.answered()
    assert studio.run("asyncio.sleep").strip() == "20 frames came"
    assert studio.answered() - before >= 19
    assert studio.page.evaluate("() => window.most") == 1


def test_python_can_stop_it(studio):
    studio.start()
    studio.wait_for_frames(1)
    studio.run(STOP)
    expect(studio.camera()).to_have_attribute("data-state", "off")
    studio.ended()


def test_a_kernel_that_does_not_answer_stops_it_and_it_can_start_again(studio):
    studio.start()
    studio.wait_for_frames(3)
    studio.notebook.run_cell("time.sleep")
    status = studio.camera().locator(".aml4d-status")
    expect(status).to_contain_text("has not answered for 5 seconds", timeout=20_000)
    studio.ended()
    studio.start()
    assert studio.page.evaluate("() => window.most") == 1
    studio.wait_for_frames(5)
    studio.notebook.wait_idle()
    assert studio.page.evaluate("() => window.most") == 1


def test_running_the_cell_again_ends_the_stream(studio):
    studio.start()
    studio.run("camera = Camera")
    studio.ended()
    expect(studio.camera()).to_have_attribute("data-state", "off")


def test_an_error_in_the_function_is_shown_stops_and_is_raised(studio, album):
    studio.run("failing = Camera")
    camera = studio.camera("failing = Camera")
    camera.get_by_role("button", name="Start the camera").click()
    expect(camera.locator(".aml4d-status")).to_have_text(
        "Python failed on this frame, so the camera has stopped. "
        "RuntimeError: this frame is one too many"
    )
    studio.ended()
    album.keep(camera, "camera_failed.png")
    assert "this frame is one too many" in studio.run(RAISE)


def test_a_refused_camera_is_said(studio):
    studio.page.context.clear_permissions()
    camera = studio.camera()
    camera.get_by_role("button", name="Start the camera").click()
    expect(camera.locator(".aml4d-status")).to_contain_text("does not allow the camera")
    expect(camera.get_by_role("button", name="Start the camera")).to_be_enabled()
    studio.page.context.grant_permissions(["camera"], origin=studio.address)


def test_a_browser_that_gives_noise_is_said(studio):
    studio.page.evaluate(
        "() => { window.read = CanvasRenderingContext2D.prototype.getImageData; "
        "CanvasRenderingContext2D.prototype.getImageData = (x, y, w, h) => new ImageData(w, h); }"
    )
    camera = studio.camera()
    camera.get_by_role("button", name="Start the camera").click()
    expect(camera.locator(".aml4d-status")).to_contain_text("would arrive as noise")
    studio.page.evaluate("() => { CanvasRenderingContext2D.prototype.getImageData = window.read; }")


def test_an_insecure_page_is_said(studio):
    studio.page.evaluate(
        "() => Object.defineProperty(navigator, 'mediaDevices', "
        "{ value: undefined, configurable: true })"
    )
    camera = studio.camera()
    camera.get_by_role("button", name="Start the camera").click()
    expect(camera.locator(".aml4d-status")).to_contain_text("only to pages opened as https://")
    studio.page.evaluate("() => delete navigator.mediaDevices")


def test_it_is_right_in_dark_and_on_a_narrow_page(studio, album):
    studio.notebook.wear("Dark")
    lab.resize(studio.page, 480, 900)
    camera = studio.start()
    studio.wait_for_frames(15)
    album.keep(camera, "camera_dark_narrow.png")
    assert camera.evaluate("e => e.getBoundingClientRect().right <= window.innerWidth")
    assert camera.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    studio.stopped()
    studio.notebook.wear("Light")


def test_no_camera_is_said(studio):
    chromium = studio.page.context.browser.browser_type
    browser = chromium.launch(executable_path=lab.chromium(), args=lab.FLAGS)
    page = browser.new_page()
    page.context.grant_permissions(["camera"], origin=studio.address)
    opened = Set(page, studio.address)
    opened.camera().get_by_role("button", name="Start the camera").click()
    expect(opened.camera().locator(".aml4d-status")).to_contain_text("No camera was found")
    browser.close()
