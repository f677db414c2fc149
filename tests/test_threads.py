"""Threads follow the processor quota of the container."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aml4d_utils import _threads


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


QUOTAS = [
    ({}, None),
    ({"cpu.max": "max 100000\n"}, None),
    ({"cpu.max": "100000 100000\n"}, 1.0),
    ({"cpu.max": "50000 100000\n"}, 0.5),
    ({"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, None),
    ({"cpu/cpu.cfs_quota_us": "150000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1.5),
    ({"cpu,cpuacct/cpu.cfs_quota_us": "2", "cpu,cpuacct/cpu.cfs_period_us": "1"}, 2.0),
]


@pytest.mark.parametrize(("files", "quota"), QUOTAS)
def test_quota_is_read_from_both_versions(tmp_path, files, quota):
    assert _threads.cpu_quota(write(tmp_path, files)) == quota


@pytest.mark.parametrize(
    ("quota", "threads"), [("50000", 1), ("100000", 1), ("150000", 2), ("max", 8), ("900000", 8)]
)
def test_thread_count_rounds_up_and_never_exceeds_the_cores(tmp_path, monkeypatch, quota, threads):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    assert _threads.thread_count(write(tmp_path, {"cpu.max": f"{quota} 100000"})) == threads


def test_limits_are_set_but_never_over_the_users_own(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    for name in _threads.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "5")
    _threads.limit_threads(write(tmp_path, {"cpu.max": "100000 100000"}))
    assert [os.environ[name] for name in _threads.VARIABLES] == ["5", "1", "1"]
    for name in _threads.VARIABLES:
        monkeypatch.delenv(name)


def test_without_a_quota_nothing_is_set(tmp_path, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    _threads.limit_threads(tmp_path)
    assert "OMP_NUM_THREADS" not in os.environ


def test_torch_keeps_to_the_limit(tmp_path):
    root = write(tmp_path, {"cpu.max": "100000 100000"})
    code = (
        "import os, pathlib; os.cpu_count = lambda: 8\n"
        "from aml4d_utils import _threads\n"
        f"_threads.limit_threads(pathlib.Path({str(root)!r}))\n"
        "import torch; print(torch.get_num_threads())"
    )
    env = {k: v for k, v in os.environ.items() if k not in _threads.VARIABLES}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env)
    assert done.stdout.strip() == "1", done.stderr
