"""Cut the network in every Python process that finds this file, as a lesson must run offline.

Python runs a module of this name at start-up when its folder is on PYTHONPATH, where course.py
and tests/conftest.py put it, so kernels started by tests have it. An audit hook refuses whatever
leaves this computer; being below the socket module, no library can go round it by mistake.
Loopback addresses and local sockets work as ever, as JupyterLab and its kernels need them.
"""

import importlib.machinery
import importlib.util
import ipaddress
import os
import socket
import sys

LOCAL_NAMES = {"", "localhost", "ip6-localhost", socket.gethostname()}


def is_local(host: object) -> bool:
    """Tell whether a host name or address stays on this computer."""
    if host is None:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
    try:
        address = ipaddress.ip_address(text.split("%")[0])
    except ValueError:
        return text.lower() in LOCAL_NAMES
    return address.is_loopback or address.is_unspecified


def refuse_network(event: str, arguments: tuple) -> None:
    """Raise OSError for an audit event that would reach another computer."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple) and not is_local(address[0]):
            raise OSError(f"no network here: the attempt to reach {address} was refused")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        if not is_local(arguments[0]):
            raise OSError(f"no network here: the look-up of {arguments[0]!r} was refused")


def cut_network() -> None:
    """Install the audit hook, once in a process; it cannot be taken out again."""
    if not getattr(sys, "network_is_cut", False):
        sys.addaudithook(refuse_network)
        sys.network_is_cut = True


def run_hidden_sitecustomize() -> None:
    """Run the sitecustomize that this file stands in front of, when there is one."""
    here = os.path.dirname(os.path.abspath(__file__))
    others = [entry for entry in sys.path if os.path.abspath(entry) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


cut_network()
if __name__ == "sitecustomize":
    run_hidden_sitecustomize()
