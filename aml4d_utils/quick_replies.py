"""Answers of the kernel reach the page at once.

Small packets wait on a connection until the ones before them are acknowledged (Nagle's algorithm
meeting delayed acknowledgements), about 40 ms. A slider's answer is one small packet after
another. The course's JupyterLab therefore sends them without waiting.

The class is named in ``jupyter_server_config.d/aml4d.json``, which the package installs.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class QuickRepliesConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's own connection between page and kernel, with TCP_NODELAY set."""

    def connect(self) -> Any:
        """Connect, and send every message at once from then on."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
