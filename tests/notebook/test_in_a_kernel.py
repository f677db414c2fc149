"""Long work in a real kernel: Stop arrives during the cell, Interrupt leaves all usable."""

import time

import pytest
from kernel_starts import start_kernel

SETUP = """
import asyncio, dataclasses, threading, time
from types import SimpleNamespace
from aml4d_utils.notebook import run
from aml4d_utils.widgets import Explorer, slider

def count(n, seconds=0.01):
    for step in range(1, n + 1):
        time.sleep(seconds)
        yield SimpleNamespace(step=step, fraction=step / n)

@dataclasses.dataclass
class Work:
    steps: int = slider(3, low=1, high=2000, label="Steps")

def compute(state):
    yield from count(state.steps)

drawn_on = set()
def draw(record):
    drawn_on.add(threading.current_thread() is threading.main_thread())

explorer = Explorer(Work(), compute, draw, title="Count", stage=[],
    describe=lambda record: f"Step {record.step}.")
"""


class Kernel:
    """A kernel with what a notebook's page can do to it."""

    def __init__(self):
        self.manager, self.client = start_kernel(kernel_name="python3")
        self.comms = []

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def run(self, code, during=None):
        """Run a cell; call `during` once it shows its first widget. Return text and error."""
        request, text, error = self.client.execute(code), "", None
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != request:
                continue
            kind, content = message["msg_type"], message["content"]
            if kind == "stream":
                text += content["text"]
                if content["text"].startswith("now") and during:
                    during()
            elif kind == "error":
                error = content["ename"]
            elif kind == "comm_open":
                self.comms.append((content["comm_id"], content["data"].get("state", {})))
            elif kind == "display_data" and during:
                during()
            elif kind == "status" and content["execution_state"] == "idle":
                return text.strip(), error

    def send(self, trait, content):
        """Send a message to the newest widget that has a trait of that name."""
        comm = [comm for comm, state in self.comms if trait in state][-1]
        data = {"comm_id": comm, "data": {"method": "custom", "content": content}}
        self.client.shell_channel.send(self.client.session.msg("comm_msg", data))


@pytest.fixture(scope="module")
def kernel():
    kernel = Kernel()
    assert kernel.run(SETUP) == ("", None)
    yield kernel
    kernel.close()


def test_stop_arrives_while_the_cell_runs(kernel):
    text, error = kernel.run(
        "result = await run(count(2000))\nprint(result.step)",
        during=lambda: kernel.send("finished", {"kind": "stop"}),
    )
    assert error is None
    assert 0 < int(text) < 2000
    assert kernel.run("print(result.step)") == (text, None)


def test_an_interrupt_fails_the_cell_and_the_next_one_works(kernel):
    interrupted = kernel.run(
        "result = None\nresult = await run(count(2000))",
        during=lambda: (time.sleep(0.3), kernel.manager.interrupt_kernel()),
    )
    assert interrupted[1] in ("KeyboardInterrupt", "CancelledError")
    text, error = kernel.run("result = await run(count(5))\nprint(result.step)")
    assert (text, error) == ("5", None)


def test_an_interrupt_while_an_explorer_is_waited_for(kernel):
    interrupted = kernel.run(
        "print('now', flush=True)\nexplorer.set(steps=2000)",
        during=lambda: (time.sleep(0.3), kernel.manager.interrupt_kernel()),
    )
    assert interrupted[1] == "KeyboardInterrupt"
    assert kernel.run("explorer.set(steps=4)\nprint(explorer.sentence)") == ("Step 4.", None)


def test_a_message_from_the_page_is_worked_off_between_cells(kernel):
    kernel.send("purpose", {"kind": "set", "values": {"steps": 30}})
    wait = "while explorer.result.step != 30: await asyncio.sleep(0.01)\nprint(*drawn_on)"
    assert kernel.run(wait) == ("True", None)
