"""Kernels started by tests cannot reach another computer, but work on this one."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

KERNEL_CODE = """
import errno, json, socket, urllib.request
answers = {}
def attempt(name, action):
    try:
        action()
        answers[name] = "reached"
    except OSError as error:
        answers[name] = str(error)
datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
attempt("address", lambda: socket.create_connection(("192.0.2.1", 80), timeout=5))
attempt("connect_ex", lambda: socket.socket().connect_ex(("192.0.2.1", 80)))
attempt("ipv6", lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 80)))
attempt("name", lambda: urllib.request.urlopen("http://example.org", timeout=5))
attempt("sendto", lambda: datagram.sendto(b"x", ("192.0.2.1", 53)))
server = socket.create_server(("127.0.0.1", 0))
attempt("loopback", lambda: socket.create_connection(server.getsockname(), timeout=5))
attempt("localhost", lambda: socket.getaddrinfo("localhost", 80))
print(json.dumps(answers))
"""


@pytest.mark.slow
def test_fresh_kernel_is_cut_off_but_has_loopback():
    cell = nbformat.v4.new_code_cell(KERNEL_CODE)
    notebook = nbformat.v4.new_notebook(cells=[cell])
    # The client itself reaches its kernel through loopback sockets.
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    check_answers(json.loads(cell.outputs[0].text if cell.outputs else "{}"))


def test_fresh_process_is_cut_off_but_has_loopback():
    done = subprocess.run([sys.executable, "-c", KERNEL_CODE], capture_output=True, text=True)
    check_answers(json.loads(done.stdout))


def check_answers(answers):
    for name in ("address", "connect_ex", "ipv6", "name", "sendto"):
        assert "was refused" in answers[name], (name, answers[name])
    assert answers["loopback"] == answers["localhost"] == "reached"


def test_the_refusal_says_what_was_attempted():
    with socket.socket() as caller, pytest.raises(OSError, match=r"192\.0\.2\.1.*4321"):
        caller.connect(("192.0.2.1", 4321))
    with pytest.raises(OSError, match=r"example\.org"):
        socket.getaddrinfo("example.org", 80)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no local sockets on this system")
def test_local_sockets_work(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the path of a local socket must be short
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind("s")
        server.listen()
        client.connect("s")


def test_another_sitecustomize_still_runs(tmp_path: Path):
    (tmp_path / "sitecustomize.py").write_text("import builtins; builtins.second_one_ran = True")
    path = os.environ["PYTHONPATH"] + os.pathsep + str(tmp_path)
    code = "import sys; print(second_one_ran, sys.network_is_cut)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["True", "True"], done.stderr
