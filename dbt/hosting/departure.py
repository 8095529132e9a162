"""A machine leaves for another host, live: its pages are sent while it runs, in rounds; then it stops, what has changed
since is sent, and the other end goes on with it (Clark et al., "Live migration of virtual machines", 2005).

At every moment one side has the machine, and when a connection is cut, exactly one goes on. Until COMMIT has been sent
that is this one. Afterwards it is the other one if it has it: so this side asks, and an end that is asked about a
machine it does not have will never take it. If nobody answers, the machine stays paused here, and its user decides.
"""

from __future__ import annotations

import json
import os
import socket
import ssl
import time
from contextlib import closing, suppress

from ring1.dbt.hosting import messages as m
from ring1.dbt.hosting.channel import Broken, Channel, secured
from ring1.dbt.hosting.host import Host
from ring1.dbt.hosting.hosted import ENDED, PAUSED, Hosted
from ring1.dbt.hosting.pages import PAGE, Pages
from ring1.dbt.hosting.state import saved
from ring1.isa.record import Record

MOST_ROUNDS = 10
FEW = 32
"""So few changed pages are sent with the machine stopped."""
ASKED, BETWEEN = 3, 0.5
"""How often the other end is asked what has become of a machine, and the seconds between."""


class Stayed(Exception):
    """The machine has not left; the message says why."""


class Address(Record):
    """Where the other host listens, and how to speak to it."""

    host: str
    port: int
    key: bytes
    tls: ssl.SSLContext | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def open(self) -> Channel:
        """Connect. Raises OSError if nobody listens, Broken."""
        link = socket.create_connection((self.host, self.port), timeout=5)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            return Channel(secured(link, self.tls, self.host), self.key, True)
        except BaseException:
            link.close()
            raise


class Journey(Record):
    """How a machine left."""

    rounds: tuple[int, ...]
    """Pages sent in each; the last one with the machine stopped."""
    bytes: tuple[int, ...]
    """Bytes of the messages of each round."""
    sent: int
    """Bytes, of all messages."""
    touched: int
    """Bytes of its RAM and disk that are not zeros."""
    seconds: float
    downtime: float
    """Seconds in which it ran nowhere."""


def disk_pages(machine: Hosted) -> Pages | None:
    """Return the pages of a machine's disk; None without one. Its last page is filled up with zeros."""
    path = machine.plan.disk
    if not path:
        return None

    def read(number: int) -> bytes:
        with open(path, "rb") as file:
            file.seek(number * PAGE)
            return file.read(PAGE).ljust(PAGE, b"\0")

    return Pages(read, lambda: range(-(-os.path.getsize(path) // PAGE)))


def ram_pages(machine: Hosted) -> Pages:
    memory = machine.vm.memory
    return Pages(lambda number: bytes(memory.bytes[number * PAGE : (number + 1) * PAGE]), memory.occupied)


def depart(host: Host, name: str, to: Address, engine: str = "") -> Journey:
    """Have a machine of a host leave; there it runs under `engine`, or as here. Raises Stayed, Unknown."""
    with host.leaving(name) as machine:
        if machine.state == ENDED:
            raise Stayed(f"{name} has ended")
        try:
            channel = to.open()
        except (Broken, OSError) as error:
            raise Stayed(f"{to}: {getattr(error, 'strerror', None) or error}") from None
        return send(host, machine, channel, to, engine)


def send(host: Host, machine: Hosted, channel: Channel, to: Address, engine: str) -> Journey:
    """Send a machine over a connection. Raises Stayed, Unknown."""
    began, name = time.monotonic(), machine.plan.name
    with closing(channel.link):
        traveller = os.urandom(16).hex()
        try:
            begin(channel, machine, engine, traveller)
            parts = [(m.PAGES, ram_pages(machine)), (m.SECTORS, disk_pages(machine))]
            rounds = [round_(channel, parts)]
            while going_on([pages for pages, _ in rounds]):
                rounds.append(round_(channel, parts))
            with host.kept(name):
                stopped = time.monotonic()
                if machine.state == ENDED:
                    raise Stayed(f"{name} has ended")
                rounds.append(round_(channel, parts))
                channel.send(m.STATE, saved(machine))
                expect(channel, m.READY)
                there = committed(channel, to, traveller)
                if there is None:
                    machine.state = PAUSED
                    raise Stayed(
                        f"{name} may run at {to}, which does not answer; it is paused here, and `resume` has it go on"
                    )
                if not there:
                    raise Stayed(f"{to} has not taken {name}")
                downtime = time.monotonic() - stopped
                touched = sum(len(pages.kept) * PAGE for _, pages in parts if pages is not None)
                machine.state = ENDED
                host.leave(name)
            machine.close()
            if machine.copied:
                os.unlink(machine.plan.disk)
        except Broken as error:
            raise Stayed(f"{to}: {error}") from None
    pages, sizes = zip(*rounds, strict=True)
    return Journey(pages, sizes, channel.written, touched, time.monotonic() - began, downtime)


def begin(channel: Channel, machine: Hosted, engine: str, traveller: str) -> None:
    """Say which machine comes. Raises Broken, Stayed if it is refused."""
    plan, vm = machine.plan, machine.vm
    said = {
        "id": traveller,
        "name": plan.name,
        "isa": vm.isa.name,
        "digest": vm.isa.digest,
        "ram": vm.memory.size,
        "disk": os.path.getsize(plan.disk) if plan.disk else 0,
        "engine": engine or machine.technique.name,
        "share": machine.share,
        "limit": plan.limit,
    }
    channel.send(m.BEGIN, json.dumps(said).encode())
    expect(channel, m.WELCOME)


def expect(channel: Channel, kind: int) -> None:
    """Receive a message of this kind. Raises Broken, Stayed if the other end refuses."""
    found, payload = channel.receive()
    if found == m.REFUSED:
        raise Stayed(payload.decode(errors="replace"))
    if found != kind:
        raise Broken(f"a message {found} where {kind} was to come")


def round_(channel: Channel, parts: list[tuple[int, Pages | None]]) -> tuple[int, int]:
    """Send what has changed; return how many pages, and in how many bytes."""
    total, before = 0, channel.written
    for kind, pages in parts:
        if pages is not None:
            for count, message in pages.messages(pages.changed()):
                channel.send(kind, message)
                total += count
    return total, channel.written - before


def going_on(rounds: list[int]) -> bool:
    """Is it worth another round while the machine runs, after rounds of so many pages?"""
    return len(rounds) < MOST_ROUNDS and rounds[-1] > FEW and (len(rounds) < 2 or rounds[-1] < rounds[-2])


def committed(channel: Channel, to: Address, traveller: str) -> bool | None:
    """Have the other end go on with the machine. False if it will not, None if that cannot be told."""
    with suppress(Broken):
        channel.send(m.COMMIT)
        return channel.receive()[0] == m.RUNNING
    for _ in range(ASKED):
        try:
            with closing((other := to.open()).link):
                other.send(m.ASK, traveller.encode())
                return other.receive()[0] == m.RUNNING
        except ConnectionRefusedError:
            return False  # its process is gone, with all its machines
        except (Broken, OSError):
            time.sleep(BETWEEN)
    return None
