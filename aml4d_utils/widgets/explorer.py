"""Explorers: a few controls, a stage that answers at once, a sentence that says what it shows."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import inspect
import itertools
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import traitlets

from aml4d_utils.widgets.fields import controls_of
from aml4d_utils.widgets.recent import Recent
from aml4d_utils.widgets.widget import Caption, LessonWidget, error_in_words, script

_keys = itertools.count(1)
_DRAW_EVERY = 0.1
_REST = 0.3
"""Seconds that controls rest before background work goes on."""
MOST_VISIBLE_CONTROLS = 6
ORIGINS = ("live", "rendered", "precomputed", "simulated")
"""Where what an explorer shows comes from; every explorer says so beside its title."""


class Controls(LessonWidget):
    """The left column of an explorer: title, purpose, native inputs and Reset."""

    _esm = script("controls.js")
    key = traitlets.Int().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    purpose = traitlets.Unicode().tag(sync=True)
    origin = traitlets.Unicode().tag(sync=True)
    fields = traitlets.List(traitlets.Dict()).tag(sync=True)
    values = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    unseen = traitlets.Bool(False).tag(sync=True)
    """Whether background work waits until the page tells that somebody looks."""
    describes = ("title", "purpose")


class Explorer:
    """Controls made from a state, a computation of that state, and a drawing of the result.

    Parameters
    ----------
    state : dataclass instance
        Its fields are declared with ``slider``, ``choice`` and ``toggle``; fields declared
        otherwise are kept but have no control.
    compute : callable, ``compute(state) -> result``
        Pure. If it is a generator function it counts as slow: it runs in a worker thread, each
        record it yields is drawn, and its last record (or what it returns) is the result; a
        record with an attribute ``fraction`` (0 to 1) moves the progress bar.
    draw : callable, ``draw(result) -> None``
        Shows the result on the stage's widgets; runs on the main thread.
    title, purpose : str
        The heading of the controls, and one sentence below it.
    stage : sequence of widgets
        What stands to the right of the controls.
    words : callable, ``words(result) -> {field: {option: what it is called now}}``
        What the options of a choice are called, where that depends on what is shown.
    beside : sequence of widgets
        What stands below the controls in their column, for example a drawing pad.
    describe : callable, ``describe(result) -> str``
        One sentence that says what is shown now, with at least one measured number.
    origin : str
        ``live`` (computed now, from real data), ``rendered`` (so too, from things in 3-D),
        ``precomputed`` or ``simulated``.
    later : callable, ``later(state)``
        For a fast ``compute``: a generator function whose work goes on in a worker thread while
        the controls rest, such as a map that fills while one looks. In a notebook it begins once
        the explorer comes into view. A change of the controls stops it and starts it anew, so it
        should go on from what it has. Its records are shown by ``draw_later`` and move the
        progress bar by ``fraction``.
    draw_later : callable, ``draw_later(record, result) -> None``
        Shows a record of ``later`` beside the result that is shown now, on the main thread.
    forget : callable, ``forget() -> None``
        Called by Reset before it computes, where something beside the state is remembered.
    remember : bool
        Whether the last few finished results are kept, so that going back to the same settings
        shows them at once; where a result depends on the state alone, and takes its time.

    Examples
    --------
    >>> from aml4d_utils.widgets import slider
    >>> @dataclasses.dataclass
    ... class Number:
    ...     n: int = slider(3, low=0, high=10, label="Number")
    >>> squares = Explorer(Number(), lambda state: state.n**2, lambda result: None,
    ...     title="Squares", stage=[], describe=lambda result: f"The square is {result}.")
    >>> squares.set(n=4)
    >>> squares.result, squares.sentence
    (16, 'The square is 16.')
    """

    def __init__(
        self,
        state: Any,
        compute: Callable[[Any], Any],
        draw: Callable[[Any], None],
        *,
        title: str,
        stage: Sequence[ipywidgets.Widget],
        describe: Callable[[Any], str],
        purpose: str = "",
        origin: str = "live",
        words: Callable[[Any], dict[str, dict[str, str]]] | None = None,
        beside: Sequence[ipywidgets.Widget] = (),
        later: Callable[[Any], Any] | None = None,
        draw_later: Callable[[Any, Any], None] = lambda record, result: None,
        forget: Callable[[], None] = lambda: None,
        remember: bool = False,
    ):
        if origin not in ORIGINS:
            raise ValueError(f"What is shown is {', '.join(ORIGINS)}, not {origin!r}.")
        self._fields = controls_of(state)
        visible = sum(not control.advanced for control in self._fields.values())
        if visible > MOST_VISIBLE_CONTROLS:
            raise ValueError(
                f"An explorer shows at most {MOST_VISIBLE_CONTROLS} controls, not {visible}; "
                "mark the others as advanced."
            )
        self._first = state
        self._state = copy.copy(state)
        self._compute = compute
        self._draw = draw
        self._describe = describe
        self._words = words
        self._forget = forget
        self._result: Any = None
        self._error: BaseException | None = None
        self.slow = inspect.isgeneratorfunction(compute)
        self._later = later
        self._draw_later = draw_later
        self._work: _Work | None = None
        self._remember = remember
        self._finished: Recent[tuple[Any, ...], Any] = Recent()
        self._controls = Controls(
            key=next(_keys),
            title=title,
            purpose=purpose,
            origin=origin,
            fields=[{"name": n, **c.for_browser()} for n, c in self._fields.items()],
            values=self._values(),
            unseen=later is not None and _running_loop() is not None,
        )
        self._caption = Caption()
        self._stage = ipywidgets.Box(list(stage))
        self._stage.add_class("aml4d-stage")
        left = self._controls
        if beside:
            left = ipywidgets.VBox([self._controls, *beside])
            left.add_class("aml4d-left")
        body = ipywidgets.Box([left, self._stage])
        body.add_class("aml4d-explorer-body")
        self.widget = ipywidgets.VBox([body, self._caption])
        self.widget.add_class("aml4d-explorer")
        self._controls.hear(set=self._hear, reset=self._hear, seen=self._see)
        self._caption.hear(cancel=lambda _content, _buffers: self.cancel())
        self._update(wait=True)

    # --- what a lesson and a test use ---------------------------------------------------------

    @property
    def state(self) -> Any:
        """A copy of the state that is shown now."""
        return copy.copy(self._state)

    @property
    def result(self) -> Any:
        """The result that is shown now; an error in computing or drawing it is raised here."""
        if self._error is not None:
            raise self._error
        return self._result

    @property
    def sentence(self) -> str:
        """The sentence below the explorer."""
        return self._caption.text

    @property
    def status(self) -> str:
        """The status line: progress, or an error in one line."""
        return self._caption.status

    def set(self, **changes: Any) -> None:
        """Change controls as a student would, and wait for the result.

        Raises
        ------
        ValueError
            If a control does not exist or the value is not allowed; nothing changes then.
        """
        self._change(changes)
        self._update(wait=True)

    def follow(self, **changes: Any) -> None:
        """Change controls from a listener: as :meth:`set`, but slow work does not hold up the page.

        Raises
        ------
        ValueError
            As :meth:`set`.
        """
        self._change(changes)
        self._update(wait=not self.slow)

    def reset(self) -> None:
        """Go back to the first state."""
        self._go_back()
        self._update(wait=True)

    def refresh(self) -> None:
        """Compute and draw again, for example after a click changed the state from a listener."""
        self._update(wait=not self.slow)

    def cancel(self) -> None:
        """Stop a slow computation or background work; what it has shown so far stays."""
        if self._work is not None:
            self._work.cancel()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)

    # --- from the browser ---------------------------------------------------------------------

    def _see(self, _content: dict[str, Any], _buffers: Any) -> None:
        if self._controls.unseen:
            self._controls.unseen = False
            self._go_on()

    def _hear(self, content: dict[str, Any], _buffers: Any) -> None:
        self._controls.unseen = False
        try:
            if content["kind"] == "set":
                self._change(content["values"])
            else:
                self._go_back()
            self._update(wait=False)
        except Exception as error:
            self._say_error(error)
            raise

    def _go_back(self) -> None:
        self._forget()
        self._state = copy.copy(self._first)

    def _change(self, changes: dict[str, Any]) -> None:
        unknown = sorted(set(changes) - {f.name for f in dataclasses.fields(self._state)})
        if unknown:
            raise ValueError(
                f"This explorer has no control {unknown[0]!r}; it has {', '.join(self._fields)}."
            )
        clean = {
            name: self._fields[name].clean(value) if name in self._fields else value
            for name, value in changes.items()
        }
        self._state = dataclasses.replace(self._state, **clean)

    # --- compute and draw ---------------------------------------------------------------------

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self._state, name) for name in self._fields}

    def _update(self, *, wait: bool) -> None:
        self._controls.values = self._values()
        self._error = None
        try:
            known = self._recall()
            if self.slow and known is None:
                self._start(self._compute, self._accept, wait=wait)
            else:
                if self._work is not None:
                    self._work.abandon()  # It would compete with what is asked for now.
                    self._caption.fraction = -1.0
                self._accept(self._compute(self.state) if known is None else known)
                self._keep(self._state)
                if not self._controls.unseen:
                    self._go_on()
        except Exception as error:
            self._fail(error)
            raise

    def _go_on(self) -> None:
        if self._later is not None:
            self._start(self._later, self._accept_later, wait=False, rest=_REST)

    def _accept(self, result: Any) -> None:
        if inspect.isgenerator(result):
            raise TypeError("Slow work needs compute itself to be a generator function.")
        self._result = result
        self._draw(result)
        if self._words:
            self._controls.words = self._words(result)
        with self._caption.hold_sync():
            self._caption.text = self._describe(result)
            self._caption.failed = False
            self._caption.status = ""

    def _recall(self) -> Any:
        return self._finished.get(dataclasses.astuple(self._state)) if self._remember else None

    def _keep(self, state: Any) -> None:
        if self._remember:
            self._finished[dataclasses.astuple(state)] = self._result

    def _accept_later(self, record: Any) -> None:
        self._draw_later(record, self._result)

    def _fail(self, error: BaseException) -> None:
        self._error = error
        self._caption.fraction = -1.0
        self._say_error(error)

    def _say_error(self, error: BaseException) -> None:
        with self._caption.hold_sync():
            self._caption.failed = True
            self._caption.status = error_in_words(error)

    def _start(
        self,
        steps: Callable[[Any], Any],
        accept: Callable[[Any], None],
        *,
        wait: bool,
        rest: float = 0.0,
    ) -> None:
        previous = self._work
        if previous is not None:
            previous.cancel()
        loop = _running_loop()
        waits = wait or loop is None
        work = _Work(steps, self.state, previous, accept, 0.0 if waits else rest)
        self._work = work
        # Background work that has nothing left to do shows no bar.
        self._caption.fraction = -1.0 if rest else 0.0
        if waits:
            work.start(lambda: None)
            try:
                while not work.finished:
                    self._take(work, work.wait())
            except BaseException:
                work.abandon()
                self._caption.fraction = -1.0
                raise
            if self._error is not None:
                raise self._error
        else:
            work.start(lambda: loop.call_soon_threadsafe(self._take_latest, work))

    def _take_latest(self, work: _Work) -> None:
        records = work.drain()
        shown = [record for record in records if record.kind == "record"][-1:]
        try:
            for record in shown + [record for record in records if record.kind != "record"]:
                self._take(work, record)
        except Exception as error:
            work.abandon()
            self._fail(error)
            raise

    def _take(self, work: _Work, record: _Record) -> None:
        if record.kind != "record":
            work.finished = True
        if work is not self._work or work.abandoned:
            return
        if record.kind == "record":
            self._caption.fraction = float(getattr(record.value, "fraction", 0.0))
            work.accept(record.value)
            return
        if record.kind == "error":
            self._fail(record.value)
            return
        if record.value is not None:
            work.accept(record.value)
            if record.kind == "done" and self.slow:
                self._keep(work.state)
        self._caption.fraction = -1.0  # once the end is shown, not before
        if record.kind == "stopped":
            self._caption.status = "Stopped; the picture shows what was ready."


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


@dataclasses.dataclass(frozen=True)
class _Record:
    """``kind`` is ``record`` for one step, then once ``done``, ``stopped`` or ``error``."""

    kind: str
    value: Any


class _Work:
    """One slow computation in a thread that only computes; its records wait in a queue."""

    def __init__(
        self,
        compute: Callable[[Any], Any],
        state: Any,
        previous: _Work | None,
        accept: Callable[[Any], None],
        rest: float,
    ):
        self._compute = compute
        self.state = state
        self._previous = previous
        self.accept = accept
        self._rest = rest
        self._records: queue.SimpleQueue[_Record] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="explorer", daemon=True)
        self.finished = False
        self.abandoned = False

    def start(self, notify: Callable[[], None]) -> None:
        self._notify = notify
        self._thread.start()

    def cancel(self) -> None:
        self._stop.set()

    def abandon(self) -> None:
        """Stop, and let nothing that still comes be shown."""
        self.abandoned = True
        self.cancel()

    def wait(self) -> _Record:
        while True:
            try:
                # Without a timeout, Windows would not let an Interrupt through.
                return self._records.get(timeout=0.2)
            except queue.Empty:
                continue

    def drain(self) -> list[_Record]:
        records = []
        while not self._records.empty():
            records.append(self._records.get())
        return records

    def _put(self, kind: str, value: Any) -> None:
        self._records.put(_Record(kind, value))
        self._notify()

    def _run(self) -> None:
        if self._previous is not None:
            self._previous._thread.join()
            self._previous = None
        self._stop.wait(self._rest)
        try:
            self._put(*self._advance())
        except BaseException as error:  # Whatever it is: somebody waits for an end.
            self._put("error", error)

    def _advance(self) -> tuple[str, Any]:
        steps = self._compute(self.state)
        drawn = 0.0
        latest = None
        while not self._stop.is_set():
            try:
                latest = next(steps)
            except StopIteration as end:
                return "done", latest if end.value is None else end.value
            if time.monotonic() - drawn > _DRAW_EVERY:
                self._put("record", latest)
                drawn = time.monotonic()
        steps.close()
        return "stopped", latest
