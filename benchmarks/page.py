"""What the student waits for, measured inside a real JupyterLab in headless Chromium."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "browser"))

import lab  # noqa: E402

from benchmarks.measure import Row  # noqa: E402

KEYS = 25
_CONTROLS = {
    "Parameter counter": "side",
    "Shift the photo": "cols",
    "How far does one pixel reach?": "col",
    "Filter surgery": "first",
}
# From the key press to the frame after the stage has new pixels or lines.
_ONE_MOVE = """([explorer, field]) => new Promise((resolve, reject) => {
  const stage = explorer.querySelector('.aml4d-stage');
  const input = explorer.querySelector(`input[data-field=${field}]`);
  const begun = performance.now();
  const watch = new MutationObserver(() => {
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun), 0));
  });
  watch.observe(stage, {subtree: true, attributes: true, attributeFilter: ['data-revision']});
  setTimeout(() => reject(new Error('nothing changed')), 20000);
  input.stepUp();
  input.dispatchEvent(new Event('input', {bubbles: true}));
})"""
_FRAMES = """inspector => new Promise(resolve => {
  const canvas = [...inspector.querySelectorAll('canvas')].at(-1);
  const box = canvas.getBoundingClientRect();
  const begun = performance.now();
  let frames = 0;
  const frame = () => {
    const across = (frames * 7) % Math.floor(box.width);
    for (const type of ['pointermove', 'mousemove']) {
      canvas.dispatchEvent(new PointerEvent(type, {bubbles: true, pointerId: 1,
        clientX: box.left + across, clientY: box.top + box.height / 2}));
    }
    frames += 1;
    if (performance.now() - begun < 3000) requestAnimationFrame(frame);
    else resolve(frames / (performance.now() - begun) * 1000);
  };
  requestAnimationFrame(frame);
})"""


def _first_explorer(address: str, folder: Path) -> float:
    with lab.browser_page() as page:
        notebook = lab.Notebook(page, address, lab.prepared(folder, "07_convolution"))
        ready = time.perf_counter()
        page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        page.wait_for_selector(".aml4d-inspector", timeout=120_000, state="attached")
        seconds = time.perf_counter() - ready
        notebook.wait_idle()
        return seconds


def _moves(notebook: lab.Notebook) -> Iterator[Row]:
    for title, field in _CONTROLS.items():
        found = notebook.explorer(title)
        found.scroll_into_view_if_needed()
        notebook.page.wait_for_timeout(500)
        handle = found.element_handle()
        times = [notebook.page.evaluate(_ONE_MOVE, [handle, field]) for _ in range(KEYS)]
        yield Row(f"slider to pixels: {title}", tuple(times), "ms", 120)


def rows() -> Iterator[Row]:
    """Open lesson 07, run it, and move one slider of each explorer 25 times."""
    home = Path(tempfile.mkdtemp(prefix="aml4d-bench-"))
    folder = home / "notebooks"
    folder.mkdir()
    with lab.jupyterlab(folder, home) as address:
        first = tuple(_first_explorer(address, folder) for _ in range(3))
        yield Row("fresh kernel, run all → first explorer visible", first, "s")
        with lab.browser_page() as page:
            notebook = lab.Notebook(page, address, lab.prepared(folder, "07_convolution"))
            notebook.run_all()
            yield from _moves(notebook)
            inspector = page.locator(".aml4d-inspector").first
            inspector.scroll_into_view_if_needed()
            rates = tuple(page.evaluate(_FRAMES, inspector.element_handle()) for _ in range(3))
            yield Row("kernel inspector, pointer moving", rates, "fps")
