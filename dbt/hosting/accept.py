"""Connections to a listening socket, each served by a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable


def accept(listener: socket.socket, client: Callable[[socket.socket], None], name: str) -> None:
    """Call `client` with each connection, until the listener is closed. Returns at once."""

    def serve() -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=client, args=(link,), name=f"{name}-client", daemon=True).start()

    threading.Thread(target=serve, name=name, daemon=True).start()
