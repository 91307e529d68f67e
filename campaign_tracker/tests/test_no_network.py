import socket

import pytest

from .no_network import NetworkForbidden


def test_another_machine_cannot_be_reached():
    with pytest.raises(NetworkForbidden), socket.socket() as connection:
        connection.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkForbidden):
        socket.create_connection(("example.org", 80), timeout=1)


def test_this_machine_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        pass
