"""A bare page that runs one anywidget without Jupyter, to test its browser half quickly."""

from __future__ import annotations

import base64
import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

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


def chromium_path() -> str | None:
    """Where the system keeps Chromium, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


class WidgetPage:
    """Serves a widget's own JavaScript, style sheet and state on the loopback address.

    Use as a context manager; `url` is the page. In the page `window.page` holds the model, the
    module's exports (`inside`), `open(id)` for a second view and `closeAll()`.

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


def _state_of(widget) -> str:
    names = [name for name in widget.keys if not name.startswith("_")]
    return json.dumps({name: _plain(getattr(widget, name)) for name in names}, default=str)


def _plain(value):
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    return value
