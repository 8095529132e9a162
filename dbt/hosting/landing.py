"""Machines that come from other hosts (see departure). A host accepts none unless it has been told to listen."""

from __future__ import annotations

import json
import os
import socket
import ssl
import threading
from contextlib import ExitStack, suppress
from typing import Any

from ring1.dbt.api.errors import MachineError
from ring1.dbt.hosting import messages as m
from ring1.dbt.hosting.accept import accept
from ring1.dbt.hosting.channel import Broken, Channel, secured
from ring1.dbt.hosting.host import Host
from ring1.dbt.hosting.hosted import Hosted
from ring1.dbt.hosting.pages import PAGE, unpacked
from ring1.dbt.hosting.plan import MOST_SHARE, NAME, MachinePlan
from ring1.dbt.hosting.state import given
from ring1.dbt.machine.memory import MOST
from ring1.dbt.machine.saved import Misfit
from ring1.isa.load import shipped
from ring1.isa.record import replace
from ring1.isa.source import Position

MOST_DISK = 1 << 36


class Refusal(Exception):
    """The machine is not taken; the message says why."""


class Landing:
    """Listens for machines, a thread for each that comes."""

    def __init__(
        self, host: Host, address: tuple[str, int], key: bytes, disks: str = "", tls: ssl.SSLContext | None = None
    ) -> None:
        """`disks`: the folder in which their disks are made; without it, machines with a disk are refused. Raises
        OSError."""
        self.host = host
        self.key = key
        self.disks = disks
        self.tls = tls
        self.lock = threading.Lock()
        self.taken: set[str] = set()
        """Machines that have gone on here ..."""
        self.declined: set[str] = set()
        """... and those that never will, as somebody was told so."""
        self.listener = socket.create_server(address)
        self.port = self.listener.getsockname()[1]
        accept(self.listener, self.client, "ring1-landing")

    def client(self, link: socket.socket) -> None:
        with link, suppress(Broken):
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            channel = Channel(secured(link, self.tls), self.key, False)
            kind, payload = channel.receive()
            if kind == m.ASK:
                channel.send(m.RUNNING if self.answer(payload.decode(errors="replace")) else m.UNKNOWN)
            elif kind == m.BEGIN:
                try:
                    self.land(channel, payload)
                except (Refusal, MachineError) as refusal:
                    channel.send(m.REFUSED, str(refusal).encode())

    def answer(self, traveller: str) -> bool:
        """Has a machine gone on here? If not, it never will."""
        with self.lock:
            if traveller not in self.taken:
                self.declined.add(traveller)
            return traveller in self.taken

    def land(self, channel: Channel, said: bytes) -> None:
        """Receive a machine, and go on with it. Raises Refusal, MachineError, Broken."""
        with ExitStack() as undo:
            traveller, machine = self.begun(said, undo)
            channel.send(m.WELCOME)
            pages = machine.vm.memory.end // PAGE
            while True:
                kind, payload = channel.receive()
                try:
                    if kind == m.PAGES:
                        for number, data in unpacked(payload, pages):
                            machine.vm.memory.write(number * PAGE, data)
                    elif kind == m.SECTORS:
                        self.disk(machine, payload)
                    elif kind == m.STATE:
                        given(machine, payload)
                        break
                    else:
                        raise Refusal(f"a message {kind} where pages were to come")
                except (Misfit, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
                    raise Refusal(f"what has come makes no sense: {error!r:.200}") from None
                except OSError as error:
                    raise Refusal(f"the disk cannot be written here: {error.strerror}") from None
            channel.send(m.READY)
            kind, _ = channel.receive()
            if kind != m.COMMIT:
                raise Refusal(f"a message {kind} where it was to be told to go on")
            with self.lock:
                if traveller in self.declined:
                    raise Refusal("somebody was told already that it does not run here")
                self.host.enter(machine)
                self.taken.add(traveller)
            undo.pop_all()
        channel.send(m.RUNNING)

    def begun(self, said: bytes, undo: ExitStack) -> tuple[str, Hosted]:
        """Return the name of the journey, and the machine without a state. Raises Refusal, MachineError."""
        try:
            asked: dict[str, Any] = json.loads(said)
            traveller, name, engine = (str(asked[key]) for key in ("id", "name", "engine"))
            ram, disk, share, limit = (int(asked[key]) for key in ("ram", "disk", "share", "limit"))
        except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
            raise Refusal("what is to come is not said") from None
        if not name or set(name) - NAME or name.startswith("."):
            raise Refusal(f"{name!r:.80} is no name")
        if asked.get("isa") not in shipped():
            raise Refusal(f"there is no machine {asked.get('isa')!r:.80} here")
        isa = self.host.factory.isa(asked["isa"])
        if isa.digest != asked.get("digest"):
            raise Refusal(f"the description of {isa.name} is another one here")
        if not (0 < ram <= MOST and 0 <= disk <= MOST_DISK and 0 < share <= MOST_SHARE and limit >= 0):
            raise Refusal("its sizes make no sense")
        if name in self.host.machines:
            raise Refusal(f"there is a machine {name} already")
        plan = MachinePlan(name, Position(""), isa=isa.name, engine=engine, memory=ram, share=share, limit=limit)
        if disk:
            if not self.disks:
                raise Refusal("machines with a disk are not accepted here")
            path = os.path.join(os.path.abspath(self.disks), f"{name}.img")
            try:
                with open(path, "xb") as file:
                    file.truncate(disk)
            except OSError as error:
                raise Refusal(f"its disk cannot be made here: {error.strerror}") from None
            undo.callback(os.unlink, path)
            plan = replace(plan, disk=path)
        try:
            made = self.host.factory.empty(plan, isa)
        except (OSError, ValueError) as error:
            raise Refusal(f"there is no room for it here: {error}") from None
        made.copied = bool(disk)
        undo.callback(made.close)
        return traveller, made

    def disk(self, machine: Hosted, payload: bytes) -> None:
        size = os.path.getsize(machine.plan.disk) if machine.plan.disk else 0
        with open(machine.plan.disk or os.devnull, "r+b") as file:
            for number, data in unpacked(payload, -(-size // PAGE)):
                file.seek(number * PAGE)
                file.write(data[: size - number * PAGE])

    def close(self) -> None:
        self.listener.close()
