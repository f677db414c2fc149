"""Firefox, driven over WebDriver BiDi: Playwright drives no Firefox but its own."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lab
import websocket

NAMES = ("firefox-esr", "firefox")
SETTINGS = {
    "focusmanager.testmode": "true",  # else a page without a window never has the focus
    "app.update.disabledForTesting": "true",
    "datareporting.policy.dataSubmissionEnabled": "false",
    "toolkit.telemetry.enabled": "false",
    "network.captive-portal-service.enabled": "false",
    "network.connectivity-service.enabled": "false",
}
RIGHT = "\ue014"
"""The right arrow key."""


def program() -> str | None:
    """Return a Firefox on this machine: ``AML4D_FIREFOX``, else one on the path, else None."""
    named = os.environ.get("AML4D_FIREFOX")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """The one page of a Firefox; ``errors`` are those that its console told of."""

    def __init__(self, socket: websocket.WebSocket):
        self._socket = socket
        self._numbers = itertools.count(1)
        self.errors: list[str] = []
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        self._context = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        size = dict(zip(("width", "height"), (1366, 768), strict=True))
        self._ask("browsingContext.setViewport", context=self._context, viewport=size)

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self._socket.recv())
            if message["type"] == "event":
                if message["params"].get("level") == "error":
                    self.errors.append(str(message["params"].get("text")))
            elif message["id"] == number:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['message']}")
                return message["result"]

    def open(self, url: str) -> None:
        self._ask("browsingContext.navigate", context=self._context, url=url, wait="none")
        self._ask("browsingContext.activate", context=self._context)

    def evaluate(self, function: str, *arguments: object) -> Any:
        """Call a function of the page and return what it gives, or promises."""
        given = ", ".join(map(json.dumps, arguments))
        found = self._ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({function})({given}) ?? null))()",
            target={"context": self._context},
            awaitPromise=True,
        )
        if found["type"] == "exception":
            raise RuntimeError(found["exceptionDetails"]["text"])
        return json.loads(found["result"]["value"])

    def wait(self, condition: str, *arguments: object, seconds: float = lab.RUN_SECONDS) -> None:
        """Wait until a function of the page gives something true."""
        until = time.monotonic() + seconds
        while not self.evaluate(condition, *arguments):
            if time.monotonic() > until:
                raise TimeoutError(condition)
            time.sleep(0.2)

    def press(self, key: str) -> None:
        """Press a key where the focus is."""
        strokes = [{"type": kind, "value": key} for kind in ("keyDown", "keyUp")]
        keyboard = {"type": "key", "id": "keyboard", "actions": strokes}
        self._ask("input.performActions", context=self._context, actions=[keyboard])


@contextlib.contextmanager
def opened(profile: Path) -> Iterator[Page]:
    """Start Firefox without a window, with a profile of its own, and give its page."""
    lines = [f'user_pref("{name}", {value});\n' for name, value in SETTINGS.items()]
    (profile / "user.js").write_text("".join(lines), "utf-8")
    port = lab.free_port()
    command = [program(), "--headless", "--no-remote", "--profile", str(profile)]
    with (profile / "firefox.log").open("w") as log:
        browser = subprocess.Popen(
            [*command, f"--remote-debugging-port={port}"], stdout=log, stderr=log
        )
    try:
        with contextlib.closing(_connected(port, browser)) as socket:
            yield Page(socket)
    finally:
        browser.terminate()
        browser.wait(30)


def _connected(port: int, browser: subprocess.Popen) -> websocket.WebSocket:
    until = time.monotonic() + 90
    while True:
        try:
            return websocket.create_connection(
                f"ws://127.0.0.1:{port}/session", timeout=lab.RUN_SECONDS, suppress_origin=True
            )
        except OSError:
            if browser.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.5)
