"""``await run(steps)``: the result, the budget, Stop, errors, and a page that stays alive."""

import asyncio
import time
from types import SimpleNamespace

import pytest

from aml4d_utils.notebook import run, steps


@pytest.fixture
def bars(monkeypatch):
    """The bars that were shown."""
    shown = []
    monkeypatch.setattr(steps, "display", shown.append)
    return shown


def counting(n, seconds=0.0, returns=None):
    for step in range(1, n + 1):
        time.sleep(seconds)
        yield SimpleNamespace(step=step, fraction=step / n)
    return returns


def test_the_last_record_is_the_result(bars):
    assert asyncio.run(run(counting(5))).step == 5
    (bar,) = bars
    assert bar.finished
    assert bar.fraction == 1
    assert bar.status.startswith("Done: 5 steps in ")


def test_what_the_work_returns_is_the_result(bars):
    assert asyncio.run(run(counting(5, returns="all"))) == "all"
    assert asyncio.run(run(counting(0, returns="all"))) == "all"


@pytest.mark.parametrize("work", [[1, 2, 3], iter((1, 2, 3)), range(1, 4)])
def test_anything_that_can_be_gone_through(bars, work):
    assert asyncio.run(run(work)) == 3


def test_no_step_is_an_error(bars):
    with pytest.raises(ValueError, match="no steps"):
        asyncio.run(run(counting(0)))
    assert bars[0].finished
    assert "no steps" in bars[0].status


def test_what_has_no_steps_is_an_error():
    with pytest.raises(TypeError, match="not iterable"):
        asyncio.run(run(5))


def test_budget(bars):
    result = asyncio.run(run(counting(1000, 0.01), budget=0.3))
    assert 1 <= result.step < 1000
    assert bars[0].status.startswith("Stopped after the 0.3 s it was given: ")
    assert bars[0].fraction == pytest.approx(result.step / 1000)


def test_a_budget_of_nothing_still_takes_a_step(bars):
    assert asyncio.run(run(counting(9), budget=0)).step == 1


def test_stop(bars):
    async def scene():
        work = asyncio.ensure_future(run(counting(1000, 0.01)))
        await asyncio.sleep(0.2)
        bars[0]._handle_custom_msg({"kind": "something else"}, [])
        await asyncio.sleep(0.1)
        assert not work.done()
        bars[0]._handle_custom_msg({"kind": "stop"}, [])
        return await work

    result = asyncio.run(scene())
    assert 1 <= result.step < 900
    assert bars[0].status.startswith("Stopped by you: ")
    assert bars[0].finished


def test_an_error_fails_the_cell_and_is_said(bars):
    def failing():
        yield 1
        raise RuntimeError("out of\n  paper")

    with pytest.raises(RuntimeError, match="out of"):
        asyncio.run(run(failing()))
    assert bars[0].status == "RuntimeError: out of paper"
    assert bars[0].finished


def test_an_error_in_drawing_fails_the_cell(bars):
    def draw(record):
        raise OSError("no canvas")

    with pytest.raises(OSError, match="no canvas"):
        asyncio.run(run(counting(3), draw=draw))
    assert bars[0].status == "OSError: no canvas"


@pytest.mark.parametrize("way", ["stop", "budget", "error"])
def test_the_work_is_closed_when_it_ends_early(bars, way):
    closed = []

    def work():
        try:
            for step in range(1000):
                time.sleep(0.01)
                yield step
                if way == "error":
                    raise RuntimeError
        finally:
            closed.append(way)

    steps = work()  # held here, so that nothing but `run` closes it

    async def scene():
        task = asyncio.ensure_future(run(steps, budget=0.2 if way == "budget" else None))
        await asyncio.sleep(0.1)
        if way == "stop":
            bars[0]._handle_custom_msg({"kind": "stop"}, [])
        await asyncio.wait([task])
        return task.exception()

    error = asyncio.run(scene())
    assert isinstance(error, RuntimeError) == (way == "error")
    assert closed == [way]


def test_an_interrupt_fails_the_cell_and_leaves_everything_usable(bars):
    def interrupted():
        yield 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asyncio.run(run(interrupted()))
    assert bars[0].status == "Interrupted."
    assert bars[0].finished
    assert asyncio.run(run(counting(2))).step == 2


def test_cancelling_the_cell(bars):
    async def scene():
        work = asyncio.ensure_future(run(counting(1000, 0.01)))
        await asyncio.sleep(0.2)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert bars[0].status == "Interrupted."
        assert bars[0].finished
        return await run(counting(3))

    assert asyncio.run(scene()).step == 3
    assert bars[1].status.startswith("Done: 3 steps")


def test_the_page_stays_alive(bars):
    """Another task is never kept waiting long while the work runs in steps of 10 ms."""
    gaps = []

    async def page():
        last = time.monotonic()
        while True:
            await asyncio.sleep(0.001)
            now = time.monotonic()
            gaps.append(now - last)
            last = now

    async def scene():
        other = asyncio.ensure_future(page())
        await asyncio.sleep(0)
        await run(counting(60, 0.01))
        other.cancel()

    asyncio.run(scene())
    assert len(gaps) >= 5
    # A slice of 50 ms and the step that overran it; the median forgives a busy machine.
    assert sorted(gaps)[len(gaps) // 2] < 0.15


# --- drawing -----------------------------------------------------------------------------------


def test_the_last_record_is_drawn(bars):
    drawn = []
    asyncio.run(run(counting(4), draw=drawn.append))
    assert [record.step for record in drawn] == [4]


def test_records_are_drawn_now_and_then(bars):
    drawn = []
    began = time.monotonic()
    asyncio.run(run(counting(60, 0.01), draw=drawn.append, every=0.15))
    taken = time.monotonic() - began  # more than 0.6 s on a busy machine
    steps_drawn = [record.step for record in drawn]
    assert steps_drawn == sorted(steps_drawn)
    assert 3 <= len(drawn) <= taken / 0.15 + 2
    assert steps_drawn[-1] == 60


def test_slow_drawing_gets_a_fifth_of_the_time(bars):
    spent = []

    def draw(record):
        time.sleep(0.1)
        spent.append(0.1)

    began = time.monotonic()
    asyncio.run(run(counting(150, 0.01), draw=draw, every=0.01))
    share = sum(spent) / (time.monotonic() - began)
    assert len(spent) >= 3
    # The first and the last drawing come on top of the fifth.
    assert share < 0.35


def test_the_bar_follows(bars):
    seen = []

    async def scene():
        work = asyncio.ensure_future(
            run(
                counting(50, 0.01),
                label="Counting",
                every=0.05,
                describe=lambda record: f"step {record.step}",
            )
        )
        while not work.done():
            await asyncio.sleep(0.01)
            if bars:
                seen.append((bars[0].fraction, bars[0].status))

    asyncio.run(scene())
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    assert len(set(fractions)) > 3
    assert any("· step " in status for _, status in seen)
    assert bars[0].label == "Counting"
    assert "· step 50" in bars[0].status


def test_total_moves_the_bar_without_a_fraction(bars):
    result = asyncio.run(run(iter(range(1000)), total=4, budget=0))
    assert result == 0
    assert bars[0].fraction == 0.25
