"""A bare page that runs one anywidget without Jupyter, to test its browser half quickly.

Tests take the fixture `open_widget`; `chromium` is the browser below it.
"""

from __future__ import annotations

import base64
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import lab
import pytest
from anywidget import AnyWidget
from playwright.sync_api import Browser, ConsoleMessage, Error, Locator, Page

DARK = {
    "--jp-layout-color0": "#111",
    "--jp-layout-color1": "#212121",
    "--jp-layout-color2": "#424242",
    "--jp-ui-font-color1": "rgba(255,255,255,.87)",
    "--jp-ui-font-color2": "rgba(255,255,255,.54)",
    "--jp-border-color2": "#424242",
    "--jp-brand-color1": "#2196f3",
    "--jp-error-color1": "#f44336",
}

_PAGE = Path(__file__).with_suffix(".html")


class WidgetPage:
    """Serves a widget's own JavaScript, style sheet and state on the loopback address.

    Use as a context manager; `url` is the page. In the page `window.page` holds the model, the
    module's exports (`inside`), `open(id)` for a second view and `closeAll()`. It plays Python too:
    it keeps what is `sent`, and answers the last message with `answer()`.

    Parameters
    ----------
    widget : anywidget.AnyWidget
        The widget whose state the page starts from.
    theme : dict of str to str, optional
        CSS variables such as those of a JupyterLab theme.
    """

    def __init__(self, widget, theme: dict[str, str] | None = None) -> None:
        variables = "".join(f"{name}: {value};" for name, value in (theme or {}).items())
        page = _PAGE.read_text("utf-8").replace("THEME", variables)
        page = page.replace("SCHEME", "dark" if theme else "light")
        self._files = {
            "/": ("text/html; charset=utf-8", page),
            "/widget.js": ("text/javascript; charset=utf-8", str(widget._esm)),
            "/widget.css": ("text/css; charset=utf-8", str(widget._css)),
            "/state.json": ("application/json", _state_of(widget)),
        }

    def __enter__(self) -> WidgetPage:
        files = self._files

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, text = files.get(self.path, ("text/plain", ""))
                body = text.encode()
                self.send_response(200 if self.path in files else 404)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_) -> None:
                """Keep the test output quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()


class Opened:
    """A widget on a page, and the few moves that tests need.

    Attributes
    ----------
    page : playwright.sync_api.Page
    widget : anywidget.AnyWidget
        As it was when the page began; the page's model goes its own way.
    complaints : list of str
        What the console has said, and errors. A test ends with none.
    """

    def __init__(self, page, widget: AnyWidget) -> None:
        self.page, self.widget = page, widget
        self.complaints: list[str] = []
        page.on("console", self._listen)
        page.on("pageerror", self._listen)

    def leave(self) -> Page:
        """Empty the page and listen to it no longer; return it for another widget."""
        self.page.mouse.move(0, 0)
        self.page.goto("about:blank")
        self.page.remove_listener("console", self._listen)
        self.page.remove_listener("pageerror", self._listen)
        return self.page

    def _listen(self, said: ConsoleMessage | Error) -> None:
        self.complaints.append(said.text if isinstance(said, ConsoleMessage) else str(said))

    def find(self, selector: str) -> Locator:
        """Return what a selector finds in the first view."""
        return self.page.locator(f"#first {selector}")

    def get(self, name: str) -> object:
        """Return what the page's model holds."""
        return self.page.evaluate("name => window.page.model.get(name)", name)

    def set(self, **settings: object) -> None:
        """Change the page's model, as Python would."""
        self.page.evaluate(
            "settings => { for (const [name, value] of Object.entries(settings))"
            " window.page.model.set(name, value); }",
            settings,
        )
        self.settle()

    def settle(self) -> None:
        """Wait for the next drawing."""
        self.page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def sent(self) -> list[dict]:
        """Return the messages to Python, the first buffer of each as its ``bytes``."""
        return self.page.evaluate("() => window.page.sent")

    def answer(self) -> None:
        """Answer the last message, as Python would."""
        self.page.evaluate("() => window.page.answer()")

    def python_follows(self) -> AnyWidget:
        """Give Python what the page has saved, as Jupyter would."""
        saved = self.page.evaluate("() => Object.assign({}, ...window.page.model.saved)")
        self.widget.set_state(saved)
        return self.widget


@pytest.fixture(scope="session")
def chromium() -> Browser:
    """A headless Chromium for the widgets."""
    if lab.chromium() is None:
        pytest.skip("NO BROWSER: install Chromium, or name one in AML4D_CHROMIUM.")
    return lab.browser()


@pytest.fixture(scope="session")
def empty_pages() -> dict[frozenset, list[Page]]:
    """The pages that tests have left, by what they were opened with: a new one is dear."""
    return defaultdict(list)


@pytest.fixture
def open_widget(
    chromium: Browser, empty_pages: dict[frozenset, list[Page]]
) -> Iterator[Callable[..., Opened]]:
    """Return a function that opens a widget on a page of its own; no console may complain."""
    opened: list[Opened] = []
    with ExitStack() as stack:

        def open_one(
            widget: AnyWidget,
            kind: type[Opened] = Opened,
            *,
            width: int = 1000,
            height: int = 900,
            dark: bool = False,
            **context: object,
        ) -> Opened:
            site = stack.enter_context(WidgetPage(widget, DARK if dark else None))
            empty = empty_pages[frozenset(context.items())]
            page = empty.pop() if empty else chromium.new_page(**context)
            page.set_viewport_size({"width": width, "height": height})
            opened.append(kind(page, widget))
            stack.callback(lambda one: empty.append(one.leave()), opened[-1])
            page.goto(site.url)
            page.wait_for_function("window.ready")
            opened[-1].settle()
            return opened[-1]

        yield open_one
    assert [one.complaints for one in opened] == [[] for _ in opened]


def _state_of(widget) -> str:
    names = [name for name in widget.keys if not name.startswith("_")]
    return json.dumps({name: _plain(getattr(widget, name)) for name in names}, default=str)


def _plain(value):
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value
