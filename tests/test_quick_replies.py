"""The kernel's answers are sent at once, and JupyterLab is told so."""

import json
import sys
from pathlib import Path
from unittest import mock

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from traitlets.utils.importstring import import_item

from aml4d_utils.quick_replies import QuickRepliesConnection


def test_every_connection_is_set_to_send_at_once():
    connection = QuickRepliesConnection.__new__(QuickRepliesConnection)
    handler = mock.Mock()
    with (
        mock.patch.object(QuickRepliesConnection, "websocket_handler", handler),
        mock.patch.object(ZMQChannelsWebsocketConnection, "connect", return_value="done") as usual,
    ):
        assert connection.connect() == "done"
    handler.set_nodelay.assert_called_once_with(True)
    usual.assert_called_once_with()


def test_jupyterlab_is_told_to_use_it():
    file = Path(sys.prefix, "etc", "jupyter", "jupyter_server_config.d", "aml4d.json")
    named = json.loads(file.read_text("utf-8"))["ServerApp"]["kernel_websocket_connection_class"]
    assert import_item(named) is QuickRepliesConnection
