"""What a host does at the request of others: verbs that come over its socket."""

from __future__ import annotations

import os
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ring1.dbt.api.errors import MachineError
from ring1.dbt.hosting.accept import accept
from ring1.dbt.hosting.channel import key_of
from ring1.dbt.hosting.departure import Address, Stayed, depart
from ring1.dbt.hosting.host import Host
from ring1.dbt.hosting.hosted import READY, RUNNING
from ring1.dbt.hosting.plan import MOST_SHARE, PlanError, read
from ring1.dbt.hosting.socket_file import HostError, Line, listen
from ring1.dbt.hosting.statistics import statistics

BEAT = 0.2
"""Most seconds between two looks at a console's client."""


class Control:
    """Serves a host's socket, a thread for each client."""

    def __init__(self, host: Host, path: str) -> None:
        """Raises HostError."""
        self.host = host
        self.path = path
        self.ended = threading.Event()
        self.verbs: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "ps": self.rows,
            "stats": self.statistics,
            "pause": self.by_name(host.pause),
            "resume": self.by_name(host.resume),
            "stop": self.by_name(host.end),
            "remove": self.by_name(host.remove),
            "share": self.share,
            "snapshot": self.snapshot,
            "engine": self.engine,
            "migrate": self.migrate,
            "add": self.add,
            "shutdown": self.shutdown,
        }
        self.listener = listen(path)
        accept(self.listener, self.client, "ring1-control")

    def client(self, link: socket.socket) -> None:
        line = Line(link)
        with link, suppress(OSError):
            while True:
                try:
                    message = line.receive()
                    if message is None:
                        return
                    if message.get("verb") == "console":
                        self.console(line, str(message.get("name")))
                        return
                    answer = self.answer(message)
                except (HostError, MachineError) as error:
                    answer = {"error": str(error)}
                line.send(answer)

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        verb = self.verbs.get(str(message.get("verb")))
        if verb is None:
            return {
                "error": f"there is no verb {message.get('verb')!r}; there are {', '.join((*self.verbs, 'console'))}"
            }
        try:
            return verb(message)
        except (MachineError, PlanError, ValueError) as error:
            return {"error": str(error)}
        except OSError as error:
            return {"error": f"{error.filename}: {error.strerror}" if error.filename else str(error)}

    # --- Verbs -------------------------------------------------------------------------

    def rows(self, message: dict[str, Any]) -> dict[str, Any]:
        rows = self.host.rows()
        return {"machines": [{field: getattr(row, field) for field in row.__match_args__} for row in rows]}

    def statistics(self, message: dict[str, Any]) -> dict[str, Any]:
        names = message.get("names", [])
        if not isinstance(names, list):
            return {"error": "names are a list"}
        return statistics(self.host, [str(name) for name in names])

    def by_name(self, act: Callable[[str], None]) -> Callable[[dict[str, Any]], dict[str, Any]]:
        def verb(message: dict[str, Any]) -> dict[str, Any]:
            act(str(message.get("name")))
            return {}

        return verb

    def share(self, message: dict[str, Any]) -> dict[str, Any]:
        share = message.get("share")
        if not isinstance(share, int) or not 1 <= share <= MOST_SHARE:
            return {"error": f"a share is a number from 1 to {MOST_SHARE:,}"}
        self.host.share(str(message.get("name")), share)
        return {}

    def snapshot(self, message: dict[str, Any]) -> dict[str, Any]:
        path = str(message.get("path"))
        if not os.path.isabs(path):
            return {"error": "a snapshot's path is absolute"}
        self.host.snapshot(str(message.get("name")), path)
        return {}

    def engine(self, message: dict[str, Any]) -> dict[str, Any]:
        self.host.switch(str(message.get("name")), str(message.get("engine")))
        return {}

    def migrate(self, message: dict[str, Any]) -> dict[str, Any]:
        where, port = message.get("host"), message.get("port")
        if not isinstance(where, str) or not isinstance(port, int):
            return {"error": "where to? A host and a port"}
        tls = ssl.create_default_context(cafile=str(message["ca"])) if message.get("ca") else None
        to = Address(where, port, key_of(str(message.get("key"))), tls)
        try:
            journey = depart(self.host, str(message.get("name")), to, str(message.get("engine") or ""))
        except Stayed as stayed:
            return {"error": str(stayed)}
        return {"journey": {field: getattr(journey, field) for field in journey.__match_args__}}

    def add(self, message: dict[str, Any]) -> dict[str, Any]:
        """Add the machines of a plan, whose text comes with the folder to which its files are relative."""
        folder, text = str(message.get("folder")), str(message.get("text"))
        with tempfile.NamedTemporaryFile("w", suffix=".toml", dir=folder, prefix=".add-") as file:
            file.write(text)
            file.flush()
            plan = read(file.name, self.host.factory.registry)
        for machine in plan.machines:
            self.host.add(machine)
        return {"added": [machine.name for machine in plan.machines]}

    def shutdown(self, message: dict[str, Any]) -> dict[str, Any]:
        with self.host.changed:
            self.ended.set()
            self.host.changed.notify_all()
        return {}

    def console(self, line: Line, name: str) -> None:
        """Show what a machine outputs, and type on it what the client sends, until the client goes. One that has no
        more to type is served until the machine comes to rest."""
        self.host.machine(name)
        line.send({})
        typed = threading.Event()

        def types() -> None:
            data = line.rest
            with suppress(OSError, MachineError):
                while True:
                    if data:
                        self.host.feed(name, data)
                    data = line.link.recv(1 << 12)
                    if not data:
                        break
            typed.set()

        threading.Thread(target=types, name="ring1-typed", daemon=True).start()
        at = 0
        with suppress(OSError, MachineError):
            while True:
                machine = self.host.machine(name)  # another one under another engine
                resting = typed.is_set() and machine.state not in (READY, RUNNING)
                at, data = machine.screen.since(at, 0 if resting else BEAT)
                if data:
                    line.link.sendall(data)
                elif resting:
                    return

    def close(self) -> None:
        self.listener.close()
        with suppress(OSError):
            os.unlink(self.path)
