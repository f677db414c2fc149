"""Threads for numerical libraries, no more than the processor time that is really granted.

A container often sees every core of its host but may only use one. Libraries that start one
thread per visible core then spend their time taking turns. The quota is read from Linux control
groups, version 2 and version 1; on other systems there is none.
"""

import math
import os
from pathlib import Path

CGROUP_ROOT = Path("/sys/fs/cgroup")
VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
WAITING = "OMP_WAIT_POLICY"


def thread_count(root: Path = CGROUP_ROOT) -> int:
    """Number of threads worth starting in this process.

    Parameters
    ----------
    root : Path
        Folder in which the control groups are mounted.

    Returns
    -------
    int
        The smaller of the visible cores and the processor quota, rounded up; at least 1.

    Examples
    --------
    >>> thread_count() >= 1
    True
    """
    cores = os.cpu_count() or 1
    quota = cpu_quota(root)
    return cores if quota is None else max(1, min(cores, math.ceil(quota)))


def cpu_quota(root: Path = CGROUP_ROOT) -> float | None:
    """Processor quota of this container in cores, None when there is no limit.

    Parameters
    ----------
    root : Path
        Folder in which the control groups are mounted.

    Returns
    -------
    float or None
        For example 0.5 for half a core.
    """
    limits = [_quota_v2(root / "cpu.max")]
    limits += [_quota_v1(root / name) for name in ("cpu", "cpu,cpuacct")]
    return min((limit for limit in limits if limit is not None), default=None)


def limit_threads(root: Path = CGROUP_ROOT) -> None:
    """Tell OpenMP, OpenBLAS and MKL how to share the processor, unless the user already has.

    Threads that wait sleep instead of spinning: with a browser busy beside the kernel, spinning
    threads made SqueezeNet 20 times slower on two cores. The number of threads is changed only
    where the quota is below the number of cores. It has an effect only before numpy and torch
    are loaded.

    Parameters
    ----------
    root : Path
        Folder in which the control groups are mounted.
    """
    os.environ.setdefault(WAITING, "PASSIVE")
    threads = thread_count(root)
    if threads < (os.cpu_count() or 1):
        for variable in VARIABLES:
            os.environ.setdefault(variable, str(threads))


def _quota_v2(file: Path) -> float | None:
    # One line, "max 100000" or "150000 100000": microseconds granted in each period.
    words = _words(file)
    if len(words) != 2 or words[0] == "max":
        return None
    return int(words[0]) / int(words[1])


def _quota_v1(folder: Path) -> float | None:
    quota = _words(folder / "cpu.cfs_quota_us")
    period = _words(folder / "cpu.cfs_period_us")
    if not quota or not period or int(quota[0]) <= 0:
        return None
    return int(quota[0]) / int(period[0])


def _words(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:  # no control group of this version here
        return []
