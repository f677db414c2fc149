"""Lesson 14: from a drawing to all activations, one move of each control, training, accuracy."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "browser"))

from aml4d_utils import images  # noqa: E402
from aml4d_utils.topics.neurons import explorers, plane, separating_points  # noqa: E402
from aml4d_utils.topics.neurons.digit_network import accuracy, load_digit_network  # noqa: E402
from benchmarks.callbacks import moves  # noqa: E402
from benchmarks.measure import Row, repeat, scaled  # noqa: E402

DRAWINGS = 60
TARGET_MS = 50

# From a pointer move over the pad to the frame after the network has been painted anew.
_STROKE = """async ([pad, flow, count]) => {
  const box = pad.getBoundingClientRect();
  pad.setPointerCapture = () => {};
  const at = (k) => ({ bubbles: true, pointerId: 1, buttons: 1, button: 0,
    clientX: box.left + box.width * (0.2 + 0.6 * k / count),
    clientY: box.top + box.height * (0.5 + 0.3 * Math.sin(k / 3)) });
  pad.dispatchEvent(new PointerEvent('pointerdown', at(0)));
  const times = [];
  for (let k = 1; k <= count; k += 1) {
    await new Promise((resolve) => setTimeout(resolve, 120));
    times.push(await new Promise((resolve, reject) => {
      const begun = performance.now();
      const watch = new MutationObserver(() => {
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun), 0));
      });
      watch.observe(flow, { attributes: true, attributeFilter: ['data-revision'] });
      setTimeout(() => reject(new Error('nothing changed')), 20000);
      pad.dispatchEvent(new PointerEvent('pointermove', at(k)));
    }));
  }
  pad.dispatchEvent(new PointerEvent('pointerup', at(count)));
  return times;
}"""


def _in_the_kernel() -> Iterator[Row]:
    explorer = explorers.reading_explorer()
    pad = explorer.widget.children[0].children[0].children[1]
    pad.send = lambda content, buffers=None: None
    drawings = iter(images.mnist().test_images[: DRAWINGS + 1])

    def draw() -> None:
        pad._on_message(pad, {"kind": "drawing"}, [next(drawings).tobytes()])

    times = repeat(draw, DRAWINGS)
    yield Row("drawing → activations, in the kernel", scaled(times, 1000), "ms", TARGET_MS, "p95")


def _in_the_page() -> Iterator[Row]:
    import lab

    home = Path(tempfile.mkdtemp(prefix="aml4d-bench-"))
    folder = home / "notebooks"
    folder.mkdir()
    with lab.jupyterlab(folder, home) as address, lab.browser_page() as page:
        notebook = lab.Notebook(page, address, lab.prepared(folder, "14_neuron_to_network"))
        notebook.run_all()
        found = notebook.explorer("A network that reads")
        found.scroll_into_view_if_needed()
        page.wait_for_timeout(1000)
        parts = [found.locator(f".aml4d-{part}").first.element_handle()
                 for part in ("pad-ground", "flow")]  # fmt: skip
        times = page.evaluate(_STROKE, [*parts, 30])
    yield Row("drawing → activations, pointer to pixels", tuple(times), "ms", TARGET_MS)


def rows() -> Iterator[Row]:
    """Draw, move every control from end to end, train a layer, and read 2,000 digits."""
    yield from _in_the_kernel()
    yield from moves(explorers.neuron_explorer(), "one neuron")
    yield from moves(explorers.activation_explorer(), "activation functions")
    yield from moves(explorers.hand_explorer(), "one neuron, by hand")
    yield from moves(explorers.reading_explorer(), "reading")
    points = plane.points("ring (made up)")
    times = repeat(lambda: list(separating_points.learn(points, 8, "tanh", seed=0)), 3)
    yield Row("a layer of 8 learns 300 points", times, "s", 3)
    data = images.mnist()
    right = accuracy(load_digit_network(), data.test_images, data.test_labels)
    yield Row("digit network: misread of 2,000 unseen digits", (100 * (1 - right),), "%", 10)
    yield from _in_the_page()
