"""A real JupyterLab in headless Chromium, driven as a student would.

Also a command: ``python tests/browser/lab.py 07_convolution`` runs a notebook and keeps pictures.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge")
RUN_SECONDS = 600


READY = """name => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  const kernel = panel?.sessionContext?.session?.kernel;
  return panel?.context?.path === name && panel.context.isReady && kernel?.status === 'idle';
}"""
# In a JupyterLab that stands already: the notebook is opened, and alone afterwards.
_OPEN = """async path => {
  const { commands, shell } = window.jupyterapp;
  const opened = await commands.execute('docmanager:open', { path });
  [...shell.widgets('main')].filter(each => each !== opened).forEach(each => each.dispose());
}"""
IDLE = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  const cells = panel.content.widgets.filter((cell) => cell.model.type === 'code');
  const waiting = cells.some((cell) => cell.model.executionState === 'running');
  return panel.sessionContext.session.kernel.status === 'idle' && !waiting;
}"""

# What stands around the notebook: it is the same at every size of the page.
_AROUND = """() => {
  const room = document.querySelector('.jp-WindowedPanel-outer').getBoundingClientRect();
  return [innerWidth - room.right, innerHeight - room.bottom].map(Math.round).join();
}"""
# Resolves once an element and the notebook around it have not moved for a while of frames.
_STILL = """async (element) => {
  const page = element.closest('.jp-WindowedPanel-outer');
  const places = () => JSON.stringify([element, page].map((e) => e.getBoundingClientRect()));
  for (let last = '', frames = 0; frames < 15; last = places()) {
    await new Promise(requestAnimationFrame);
    frames = places() === last ? frames + 1 : 0;
  }
}"""

# Asked of the notebook itself: the page shows errors and warnings alike, and only those in view.
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter((cell) => cell.model.type === 'code')
  .flatMap((cell) => cell.model.outputs.toJSON())
  .filter((output) => output.output_type === 'error')
  .map((output) => `${output.ename}: ${output.evalue}`)"""


def chromium() -> str | None:
    """Return a Chromium on this machine: ``AML4D_CHROMIUM``, else one on the path, else None."""
    named = os.environ.get("AML4D_CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str, server: subprocess.Popen, log: Path, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@contextlib.contextmanager
def jupyterlab(folder: Path, home: Path) -> Iterator[str]:
    """Start JupyterLab on a folder of notebooks and give its address."""
    port = free_port()
    log = home / "jupyterlab.log"
    environment = {
        **os.environ,
        "AML4D_HOME": str(home / "aml4d"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    command = [
        sys.executable,
        *("-m", "jupyter", "lab", "--no-browser", "--allow-root"),
        *(f"--port={port}", "--ip=127.0.0.1", f"--ServerApp.root_dir={folder}"),
        *("--IdentityProvider.token=", "--ServerApp.password=", "--expose-app-in-browser"),
    ]
    with log.open("w") as stream:
        server = subprocess.Popen(command, env=environment, stdout=stream, stderr=stream)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/api", server, log)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


class Notebook:
    """One notebook, open in a page: alone, or as students see it, beside the file browser.

    A page that shows a JupyterLab with a file browser already need not load it again.
    """

    def __init__(self, page: Page, address: str, name: str, file_browser: bool = False):
        self.page = page
        self.name = name
        self.trouble: list[str] = []
        self.abroad: list[str] = []
        self._heard = {
            "request": lambda request: self._look_where(request.url),
            "websocket": lambda socket: self._look_where(socket.url),
            "pageerror": lambda error: self.trouble.append(f"page error: {error}"),
            "console": self._listen,
        }
        for event, listener in self._heard.items():
            page.on(event, listener)
        if file_browser and page.url.startswith(f"{address}/lab"):
            page.evaluate(_OPEN, name)
        else:
            page.goto(f"{address}/{'lab' if file_browser else 'doc'}/tree/{name}?reset")
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function(READY, arg=name, timeout=90_000, polling=200)

    def _listen(self, message) -> None:
        # Asked for its kernels while one starts, Jupyter's server stumbles; it is asked again.
        stumbled = "status of 500" in message.text and "/api/kernels?" in message.location["url"]
        if message.type == "error" and not stumbled:
            self.trouble.append(f"console: {message.text} ({message.location['url']})")

    def _look_where(self, url: str) -> None:
        """Keep the addresses that lie outside of this machine."""
        address = urllib.parse.urlsplit(url)
        if address.scheme not in ("data", "blob") and address.hostname != "127.0.0.1":
            self.abroad.append(url)

    def leave(self) -> None:
        """End all kernels, so that their memory is free for the next notebook; listen no more."""
        self.page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")
        for event, listener in self._heard.items():
            self.page.remove_listener(event, listener)

    def run_all(self, seconds: float = RUN_SECONDS) -> None:
        """Run every cell and wait for the last one."""
        self.page.evaluate(
            """() => {
              window.allRan = false;
              window.jupyterapp.commands.execute('notebook:run-all-cells')
                .then(() => { window.allRan = true; });
            }"""
        )
        self.page.wait_for_function("() => window.allRan", timeout=seconds * 1000, polling=200)
        self.wait_idle(seconds)

    def wait_idle(self, seconds: float = RUN_SECONDS) -> None:
        """Wait until no cell is waiting or running."""
        self.page.wait_for_function(IDLE, timeout=seconds * 1000, polling=200)

    def wear(self, theme: str) -> None:
        """Show the page in JupyterLab's ``Dark`` or ``Light`` theme."""
        self.page.evaluate(
            "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
            f"JupyterLab {theme}",
        )
        self.page.wait_for_function(
            "light => document.body.dataset.jpThemeLight === light",
            arg=str(theme == "Light").lower(),
        )

    def toggle_file_browser(self) -> None:
        """Show or hide what stands to the left of the notebook."""
        self.page.evaluate(
            "() => window.jupyterapp.commands.execute('application:toggle-left-area')"
        )

    def run_cell(self, text: str) -> None:
        """Run the one code cell whose source contains ``text``; it has begun afterwards."""
        cell = self.cell(text)
        cell.locator(".cm-content").click()
        prompt = cell.locator(".jp-InputPrompt").first
        before = prompt.inner_text()
        self.page.keyboard.press("Control+Enter")
        expect(prompt).not_to_have_text(before)

    def cell(self, text: str) -> Locator:
        """Return the code cell whose source contains ``text``."""
        return self.page.locator(".jp-CodeCell").filter(has_text=text).first

    def explorer(self, title: str) -> Locator:
        """Return the explorer with this title."""
        return self.page.locator(".aml4d-explorer").filter(has_text=title).first

    def photograph_outputs(self) -> Iterator[bytes]:
        """Give a PNG of the output of each code cell that has one."""
        cells = self.page.locator(".jp-CodeCell")
        for index in range(cells.count()):
            cells.nth(index).scroll_into_view_if_needed()
            self.page.wait_for_timeout(150)
            output = cells.nth(index).locator(".jp-OutputArea").first
            if output.count() and output.locator(".jp-OutputArea-child").count():
                yield output.screenshot()

    def errors_in_cells(self) -> list[str]:
        """Return the name and text of every error that a cell ended with."""
        return self.page.evaluate(ERRORS)


def resize(page: Page, width: int, height: int) -> None:
    """Give a page with a notebook another size, and wait until the notebook has followed."""
    around = page.evaluate(_AROUND)
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(f"around => ({_AROUND})() === around", arg=around)


def drawn(page: Page) -> None:
    """Wait until the page has drawn what stands in it now."""
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def box_of(found: Locator) -> dict[str, float]:
    """Return where an element stands once it is in view and stands still."""
    found.scroll_into_view_if_needed()
    stand_still(found)
    return found.bounding_box()


def stand_still(found: Locator) -> None:
    """Wait until an element and the notebook around it stand still."""
    found.evaluate(_STILL)


@contextlib.contextmanager
def browser_page(
    width: int = 1280, height: int = 900, dark: bool = False, flags: Sequence[str] = ()
) -> Iterator[Page]:
    """Give a fresh page in headless Chromium, started with more ``flags`` if there are any."""
    scheme = "dark" if dark else "light"
    page = browser(*flags).new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    try:
        yield page
    finally:
        page.close()


@functools.cache
def browser(*flags: str) -> Browser:
    """Start a headless Chromium, once in a process; its pages have nothing in common."""
    return _playwright().chromium.launch(executable_path=chromium(), args=[*FLAGS, *flags])


@functools.cache
def _playwright() -> Playwright:
    """Start Playwright, once in a process: a second one beside it is refused."""
    playwright = sync_playwright().start()
    atexit.register(playwright.stop)
    return playwright


def written(file: Path, *cells: str) -> str:
    """Write a notebook of code cells, and return its file name."""
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(notebook, file)
    return file.name


def prepared(folder: Path, name: str) -> str:
    """Write a lesson as it is generated into a folder, and return its file name.

    The one in notebooks/ may hold what somebody has written there.
    """
    if str(ROOT / "tools") not in sys.path:
        sys.path.insert(0, str(ROOT / "tools"))
    import build_notebooks as builder

    lesson = builder.read_lesson(ROOT / "lessons" / f"{name}.py")
    notebook = builder.notebook_of(lesson, with_solutions=False)
    builder.nbformat.write(notebook, folder / f"{name}.ipynb")
    return f"{name}.ipynb"


def main() -> None:
    """Run one notebook and keep a picture of every output in a folder."""
    import tempfile

    name, target = sys.argv[1], Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp())
    (home / "notebooks").mkdir()
    file = prepared(home / "notebooks", name)
    with jupyterlab(home / "notebooks", home) as address, browser_page(1280, 1000) as page:
        notebook = Notebook(page, address, file)
        notebook.run_all()
        print(notebook.trouble, notebook.errors_in_cells())
        for index, picture in enumerate(notebook.photograph_outputs()):
            (target / f"{index:02d}.png").write_bytes(picture)


if __name__ == "__main__":
    main()
