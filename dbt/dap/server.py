"""The server: clients one after the other on a port, each with a machine of its own."""

from __future__ import annotations

import socket

from ring1.dbt.dap.adapter import Adapter, Launch
from ring1.dbt.debug.link import Link

LOOPBACK = "127.0.0.1"


class Server:
    """A socket at which clients are served in turn; while one is, others wait."""

    def __init__(self, host: str, port: int, launch: Launch) -> None:
        """Raises OSError if the port cannot be had."""
        self.launch = launch
        self.socket = socket.create_server((host or LOOPBACK, port), backlog=8)
        self.host, self.port = self.socket.getsockname()[:2]

    def serve(self) -> None:
        """Serve clients until KeyboardInterrupt."""
        while True:
            connection, _ = self.socket.accept()
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                Adapter(Link.of(connection), self.launch).serve()

    def close(self) -> None:
        self.socket.close()
