"""Explorers whose computation is slow: a worker computes, the main thread draws."""

import asyncio
import dataclasses
import threading
import time
from types import SimpleNamespace

import pytest

from aml4d_utils.widgets import Explorer, slider

MAIN = threading.main_thread()


@dataclasses.dataclass
class Work:
    """How many steps, how long each, and whether one fails."""

    steps: int = slider(3, low=0, high=1000, label="Steps")
    milliseconds: int = slider(0, low=0, high=1000, label="Milliseconds a step")
    fails_at: int = slider(-1, low=-1, high=1000, label="Fails at")
    returns: int = slider(0, low=0, high=1, label="Returns a result")


def count(state):
    """Yield one record a step; perhaps fail; perhaps return something of its own."""
    for step in range(1, state.steps + 1):
        time.sleep(state.milliseconds / 1000)
        if step == state.fails_at:
            raise RuntimeError(f"step {step}\nfailed")
        yield SimpleNamespace(
            step=step,
            fraction=step / state.steps,
            steps=state.steps,
            thread=threading.current_thread(),
        )
    if state.returns:
        return SimpleNamespace(step="all", steps=state.steps)


class Made:
    """A counting explorer that remembers what was drawn, and where."""

    def __init__(self, state=None, compute=count, **options):
        self.drawn = []
        self.threads = set()
        self.broken_at = None
        self.explorer = Explorer(
            state or Work(),
            compute,
            self.draw,
            title="Count",
            stage=[],
            describe=lambda record: f"Step {record.step} of {record.steps}.",
            **options,
        )

    def draw(self, record):
        self.threads.add(threading.current_thread())
        if record.step == self.broken_at:
            raise OSError("no canvas")
        self.drawn.append(record)

    def message(self, **values):
        self.explorer._controls._on_message(None, {"kind": "set", "values": values}, [])

    @property
    def idle(self):
        return self.explorer._caption.fraction == -1

    async def until(self, condition, seconds=10):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it did not happen in time"
            await asyncio.sleep(0.005)


@pytest.fixture
def made():
    return Made()


def workers():
    return [thread for thread in threading.enumerate() if thread.name == "explorer"]


@pytest.fixture(autouse=True)
def no_worker_is_left():
    yield
    for thread in workers():
        thread.join(5)
    assert not workers()


def test_it_waits_for_the_result_when_made(made):
    assert made.explorer.slow
    assert made.explorer.result.step == 3
    assert made.explorer.sentence == "Step 3 of 3."
    assert made.explorer.status == ""
    assert made.idle


def test_set_waits_and_draws_records_on_the_way(made):
    made.drawn.clear()
    made.explorer.set(steps=30, milliseconds=20)
    assert made.explorer.result.step == 30
    steps = [record.step for record in made.drawn]
    assert steps == sorted(steps)
    assert 3 <= len(steps) <= 10  # one in 0.1 s, and the last
    assert made.threads == {MAIN}
    assert made.drawn[0].thread is not MAIN


def test_what_the_generator_returns_is_the_result(made):
    made.explorer.set(returns=1)
    assert made.explorer.result.step == "all"
    assert made.drawn[-1].step == "all"


def test_no_step_at_all_keeps_what_is_shown(made):
    made.explorer.set(steps=0)
    assert made.explorer.result.step == 3
    assert made.idle


def test_an_error_is_shown_and_raised(made):
    with pytest.raises(RuntimeError, match="step 2"):
        made.explorer.set(fails_at=2)
    assert made.explorer.status == "RuntimeError: step 2 failed"
    assert made.explorer._caption.failed
    assert made.idle
    with pytest.raises(RuntimeError, match="step 2"):
        _ = made.explorer.result
    made.explorer.set(fails_at=-1)
    assert made.explorer.result.step == 3
    assert made.explorer.status == ""


def test_even_an_exit_in_the_worker_ends_the_wait(made):
    class Exit(BaseException):
        pass

    def compute(state):
        if state.steps == 5:
            raise Exit("out")
        yield SimpleNamespace(step=1, steps=1)

    explorer = Made(compute=compute).explorer
    with pytest.raises(Exit):
        explorer.set(steps=5)
    assert explorer.status == "Exit: out"


def test_an_error_in_drawing_stops_the_work(made):
    made.broken_at = 1
    with pytest.raises(OSError, match="no canvas"):
        made.explorer.set(steps=1000, milliseconds=10)
    for thread in workers():
        thread.join(5)
    assert not workers()
    assert made.explorer.status == "OSError: no canvas"
    assert made.idle
    with pytest.raises(OSError, match="no canvas"):
        _ = made.explorer.result
    made.broken_at = None
    made.explorer.set(steps=2, milliseconds=0)
    assert made.explorer.result.step == 2


def test_an_interrupt_stops_the_work_and_leaves_everything_usable(made):
    """Stop in the notebook raises KeyboardInterrupt in the thread that waits."""
    first = made.explorer.result

    def interrupted(record):
        raise KeyboardInterrupt

    drawing, made.explorer._draw = made.explorer._draw, interrupted
    with pytest.raises(KeyboardInterrupt):
        made.explorer.set(steps=1000, milliseconds=10)
    assert made.idle
    made.explorer._draw = drawing
    made.explorer.set(steps=4, milliseconds=0)
    assert made.explorer.result.step == 4
    assert made.explorer.result is not first


def test_wrong_values_leave_the_work_alone(made):
    with pytest.raises(ValueError, match="Steps must be"):
        made.explorer.set(steps=-3)
    assert made.explorer.result.step == 3


def test_the_bar_goes_once_the_end_is_shown(made):
    bars = []
    made.explorer._draw = lambda record: bars.append(made.explorer._caption.fraction)
    made.explorer.set(steps=4)
    assert min(bars) >= 0
    assert made.idle


# --- results that are remembered ---------------------------------------------------------------


@pytest.fixture
def counted():
    """Return the numbers of steps that were computed, and an explorer that remembers."""
    asked = []

    def compute(state):
        asked.append(state.steps)
        yield from count(state)

    return asked, Made(compute=compute, remember=True)


def test_going_back_computes_nothing_and_draws(counted):
    asked, made = counted
    first = made.explorer.result
    made.explorer.set(steps=5)
    made.drawn.clear()
    made.explorer.set(steps=3)
    assert made.drawn == [first]
    made.explorer.set(steps=5)
    made.explorer.reset()
    assert asked == [3, 5]
    assert made.explorer.result is first
    assert (made.explorer.sentence, made.explorer.status) == ("Step 3 of 3.", "")
    assert made.idle


def test_without_remembering_everything_is_computed_again(made):
    first = made.explorer.result
    made.explorer.refresh()
    assert made.explorer.result.step == first.step
    assert made.explorer.result is not first


def test_the_oldest_result_makes_room(counted):
    asked, made = counted
    for steps in (4, 5, 6, 7, 3, 8, 9, 10, 11):
        made.explorer.set(steps=steps)
    asked.clear()
    for steps in (3, 5, 4):
        made.explorer.set(steps=steps)
    assert asked == [4]


def test_what_failed_or_was_stopped_is_not_remembered(counted):
    asked, made = counted
    for _ in range(2):
        with pytest.raises(RuntimeError, match="step 2"):
            made.explorer.set(fails_at=2)
    assert asked == [3, 3, 3]

    async def scene():
        made.message(steps=1000, milliseconds=5, fails_at=-1)
        await made.until(lambda: made.drawn[-1].steps == 1000)
        made.explorer.cancel()
        await made.until(lambda: made.idle)

    asyncio.run(scene())
    assert made.explorer.status.startswith("Stopped")
    made.explorer.set(milliseconds=0)
    made.explorer.set(steps=3)
    asked.clear()
    made.explorer.set(steps=1000)
    made.explorer.set(milliseconds=5, steps=1000 - 990)
    assert asked == [10]


def test_going_back_stops_what_is_computed_now(counted):
    asked, made = counted

    async def scene():
        made.message(steps=1000, milliseconds=5)
        await made.until(lambda: made.drawn[-1].steps == 1000)
        made.message(steps=3, milliseconds=0)
        assert made.idle
        await asyncio.sleep(0.15)  # what is left of the long count comes to nothing

    asyncio.run(scene())
    assert asked == [3, 1000]
    assert (made.explorer.result.step, made.explorer.status) == (3, "")


# --- within a running loop, as in a notebook ---------------------------------------------------


def test_messages_do_not_wait(made):
    async def scene():
        made.message(steps=40, milliseconds=10)
        assert not made.idle
        assert made.explorer.result.steps == 3
        fractions = set()
        while not made.idle:
            fractions.add(made.explorer._caption.fraction)
            await asyncio.sleep(0.01)
        assert len(fractions) > 2

    asyncio.run(scene())
    assert made.explorer.result.step == 40
    assert made.explorer.sentence == "Step 40 of 40."
    assert made.threads == {MAIN}


def test_the_last_request_wins(made):
    computing, most = [], []

    def compute(state):
        computing.append(1)
        most.append(len(computing))
        try:
            yield from count(state)
        finally:
            time.sleep(0.02)
            computing.pop()

    made = Made(compute=compute)
    made.drawn.clear()

    async def scene():
        for steps in range(100, 120):
            made.message(steps=steps, milliseconds=5)
            await asyncio.sleep(0.003)
        made.message(steps=7, milliseconds=1)
        await made.until(lambda: made.idle)

    asyncio.run(scene())
    assert made.explorer.result.step == 7
    assert made.explorer.state.steps == 7
    assert made.explorer.status == ""
    assert made.drawn[-1].steps == 7
    assert max(most) == 1  # never two at once
    shown = [record.steps for record in made.drawn]
    assert shown == sorted(shown, key=lambda steps: (steps == 7, steps))


def test_cancel(made):
    async def scene():
        made.message(steps=1000, milliseconds=5)
        await made.until(lambda: made.drawn[-1].steps == 1000)
        made.explorer._caption._on_message(None, {"kind": "cancel"}, [])
        await made.until(lambda: made.idle)

    asyncio.run(scene())
    assert made.explorer.status == "Stopped; the picture shows what was ready."
    assert 0 < made.explorer.result.step < 1000
    assert made.drawn[-1] is made.explorer.result
    made.explorer.set(steps=5, milliseconds=0)
    assert (made.explorer.result.step, made.explorer.status) == (5, "")


def test_cancelling_too_late_is_no_stop(made):
    made.explorer.cancel()
    assert made.explorer.status == ""
    made.explorer.set(steps=4)
    made.explorer.cancel()
    assert (made.explorer.result.step, made.explorer.status) == (4, "")


def test_an_error_after_a_message(made):
    async def scene():
        made.message(fails_at=2)
        await made.until(lambda: made.idle)

    asyncio.run(scene())
    assert made.explorer.status == "RuntimeError: step 2 failed"
    with pytest.raises(RuntimeError, match="step 2"):
        _ = made.explorer.result


def test_an_error_in_drawing_after_a_message(made):
    raised = []

    async def scene():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _loop, context: raised.append(context["exception"]))
        made.broken_at = 1
        made.message(steps=500, milliseconds=5)
        await made.until(lambda: made.explorer.status)
        await asyncio.sleep(0.3)

    asyncio.run(scene())
    assert [type(error) for error in raised] == [OSError]
    assert made.explorer.status == "OSError: no canvas"
    assert made.idle
    with pytest.raises(OSError, match="no canvas"):
        _ = made.explorer.result


def test_set_waits_within_a_loop_too(made):
    async def scene():
        made.message(steps=1000, milliseconds=5)
        await asyncio.sleep(0.05)
        made.explorer.set(steps=6, milliseconds=1)
        assert made.explorer.result.step == 6
        await asyncio.sleep(0.15)  # what is left of the first request comes to nothing

    asyncio.run(scene())
    assert made.explorer.result.step == 6
    assert made.explorer.sentence == "Step 6 of 6."
    assert made.idle


def test_a_message_without_a_loop_waits(made):
    made.message(steps=9)
    assert made.explorer.result.step == 9


def test_refresh_within_a_loop(made):
    async def scene():
        made.drawn.clear()
        made.explorer.refresh()
        await made.until(lambda: made.drawn and made.idle)

    asyncio.run(scene())
    assert made.explorer.result.step == 3


def test_follow_does_not_hold_up_a_running_loop(made):
    async def scene():
        made.explorer.follow(steps=40, milliseconds=10)
        assert not made.idle
        assert made.explorer.result.steps == 3
        await made.until(lambda: made.explorer.result.step == 40)

    asyncio.run(scene())
    with pytest.raises(ValueError, match="Steps must be"):
        made.explorer.follow(steps=-3)


def test_follow_waits_where_there_is_no_loop(made):
    made.explorer.follow(steps=7)
    assert made.explorer.result.step == 7


# --- background work after a fast answer -------------------------------------------------------


class MadeLater(Made):
    """A fast answer, the number of steps, and counting that goes on afterwards."""

    def __init__(self, state=None):
        self.drawn, self.beside, self.threads, self.broken_at = [], [], set(), None
        self.explorer = Explorer(
            state or Work(),
            lambda state: SimpleNamespace(step=0, steps=state.steps),
            lambda result: None,
            title="Count on",
            stage=[],
            describe=lambda result: f"{result.steps} steps.",
            later=count,
            draw_later=self.draw_later,
        )

    def seen(self):
        self.explorer._controls._on_message(None, {"kind": "seen"}, [])

    def draw_later(self, record, result):
        self.draw(record)
        self.beside.append(result)


def test_background_work_ends_before_set_returns_where_no_loop_runs():
    made = MadeLater()
    assert not made.explorer.slow
    made.drawn.clear()
    made.explorer.set(steps=5)
    assert made.drawn[-1].step == 5
    assert made.explorer.result.step == 0
    assert made.explorer.sentence == "5 steps."
    assert made.beside[-1] is made.explorer.result
    assert made.threads == {MAIN} and made.drawn[-1].thread is not MAIN
    assert made.idle


def test_background_work_does_not_hold_up_the_answer():
    made = MadeLater()

    async def scene():
        made.drawn.clear()
        made.explorer.set(steps=30, milliseconds=10)
        assert made.explorer.result.steps == 30
        assert not made.drawn and made.idle  # no bar before the first record
        await made.until(lambda: made.drawn)
        assert not made.idle
        await made.until(lambda: made.idle)

    asyncio.run(scene())
    assert made.drawn[-1].step == 30
    assert made.explorer.result.step == 0


@pytest.mark.parametrize("moved", [False, True])
def test_in_a_notebook_background_work_waits_until_somebody_looks(moved):
    async def scene():
        made = MadeLater()
        made.explorer.set(steps=7)
        await asyncio.sleep(0.5)
        assert not made.drawn and not workers() and made.idle
        if moved:  # who moves a control has seen the explorer
            made.message(steps=8)
        else:
            made.seen()
        made.seen()  # in a second view
        await made.until(lambda: made.drawn and made.idle)
        return made

    made = asyncio.run(scene())
    assert {record.steps for record in made.drawn} == {7 + moved}
    assert made.drawn[-1].step == 7 + moved


def test_a_change_stops_background_work_and_starts_it_anew():
    made = MadeLater()

    async def scene():
        made.message(steps=500, milliseconds=10)
        await made.until(lambda: made.drawn[-1].steps == 500)
        for steps in (20, 21, 22):
            made.message(steps=steps, milliseconds=1)
            assert made.explorer.result.steps == steps
        await made.until(lambda: made.drawn[-1].step == 22)
        await made.until(lambda: made.idle)

    asyncio.run(scene())
    assert {record.steps for record in made.drawn} == {3, 500, 22}
    assert made.explorer.status == ""


def test_background_work_can_be_cancelled_and_goes_on_after_a_change():
    made = MadeLater()

    async def scene():
        made.message(steps=1000, milliseconds=5)
        await made.until(lambda: made.drawn[-1].steps == 1000)
        made.explorer.cancel()
        await made.until(lambda: made.idle)
        assert made.explorer.status == "Stopped; the picture shows what was ready."
        made.message(steps=4, milliseconds=0)
        await made.until(lambda: made.drawn[-1].step == 4)
        await made.until(lambda: made.idle)

    asyncio.run(scene())
    assert made.explorer.status == ""


def test_an_error_in_background_work_is_shown_and_raised():
    made = MadeLater()
    with pytest.raises(RuntimeError, match="step 2"):
        made.explorer.set(fails_at=2)
    assert made.explorer.status == "RuntimeError: step 2 failed"
    with pytest.raises(RuntimeError, match="step 2"):
        _ = made.explorer.result
    made.explorer.set(fails_at=-1)
    assert made.explorer.result.steps == 3


def test_an_error_in_the_answer_is_not_hidden_by_what_is_stopped():
    made = MadeLater()

    def failing(state):
        raise OSError("no answer")

    async def scene():
        made.message(steps=500, milliseconds=5)
        await made.until(lambda: made.drawn[-1].steps == 500)
        made.explorer._compute = failing
        with pytest.raises(OSError, match="no answer"):
            made.explorer.set(steps=3)
        for thread in workers():
            thread.join(5)
        await asyncio.sleep(0.1)

    asyncio.run(scene())
    assert made.explorer.status == "OSError: no answer"
    assert made.idle
