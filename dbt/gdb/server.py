"""The server: waits for gdb, one client after the other, on a port or on the standard streams."""

from __future__ import annotations

import socket
from collections.abc import Callable

from ring1.dbt.debug.debugger import Debugger
from ring1.dbt.debug.link import Gone, Link
from ring1.dbt.gdb.description import numbered
from ring1.dbt.gdb.packets import Packets
from ring1.dbt.gdb.stub import Left, Stub

LOOPBACK = "127.0.0.1"
BEAT = 0.2


def attended(debugger: Debugger, link: Link, stub: Callable[[Stub | None], None]) -> bool:
    """Serve one client until it leaves or vanishes; `stub` is told who serves. Returns whether the machine is still
    wanted."""
    packets = Packets(link, debugger.session.machine.interrupt)
    made = Stub(debugger, packets)
    stub(made)
    wanted = True
    try:
        made.serve()
    except Left as left:
        wanted = not left.killed
    except Gone:
        pass  # the next one goes on where this one was
    finally:
        stub(None)
        made.clear()
        packets.close()
        debugger.session.timeline.body.asked = False
    return wanted


class Server:
    """A socket at which clients are served in turn; while one is, others wait."""

    def __init__(self, debugger: Debugger, host: str, port: int) -> None:
        """Raises OSError if the port cannot be had, Unsuitable if gdb has no architecture for the machine."""
        numbered(debugger.session.machine.isa)
        self.debugger = debugger
        self.socket = socket.create_server((host or LOOPBACK, port), backlog=1)
        self.host, self.port = self.socket.getsockname()[:2]

    def serve(self) -> None:
        """Serve clients until one kills the machine. KeyboardInterrupt ends it."""
        wanted = True
        while wanted:
            connection, _ = self.socket.accept()
            with connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                wanted = attended(self.debugger, Link.of(connection), lambda stub: None)

    def close(self) -> None:
        self.socket.close()
