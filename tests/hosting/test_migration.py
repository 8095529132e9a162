"""Machines that leave for another host: they end as if they had stayed, and whatever goes wrong, exactly one side has
them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ring1.dbt.engines import table
from ring1.dbt.hosting import landing as landings
from ring1.dbt.hosting import messages as m
from ring1.dbt.hosting.channel import Broken, Channel, key_of
from ring1.dbt.hosting.departure import Address, Journey, Stayed, depart
from ring1.dbt.hosting.host import Host, Unknown
from ring1.dbt.hosting.hosted import ENDED, INPUT, PAUSED, READY, RUNNING, Hosted
from ring1.dbt.hosting.landing import Landing
from ring1.dbt.hosting.pages import PAGE, TOGETHER, Pages, packed, unpacked
from ring1.dbt.hosting.plan import MachinePlan, Plan
from ring1.dbt.vmm.vm import Snapshot
from ring1.examples.os import image
from tests.hosting.test_host import FOREVER, SECONDS, alone, planned

ENGINES = table.ENGINES
HERE = [name for name in ("interp", "bare", "bt", "trap", "hw", "kvm") if not ENGINES[name].why_not()]
ROOT = Path(__file__).parents[2]
KEY = b"sixteen bytes or more"
CHANGING = """
        .equ    TIMES, 0x{times:x}
_start: li      a0, 0
        li      tp, TIMES
        li      s0, 0x10000
        li      s1, 0x20000
1:      addi    a0, a0, 1
        slli    a1, a0, 7
        xor     a2, a2, a1
        add     a2, a2, a0
        andi    a3, a2, 0x7fc
        slli    t0, a0, 6
        lui     t1, 0xf
        and     t0, t0, t1
        add     t0, t0, a3
        add     t0, t0, s0
        sw      a2, 0(t0)
        bne     a0, tp, 1b
        li      t0, 0
        andi    t1, a2, 63
        addi    t1, t1, 48
        out     t0, t1
        li      t0, 0xf0
        out     t0, zero
"""
"""Writes all over 64 KiB, 13 instructions a round."""
FEW, MANY = 0x8000, 0x10000000
SLOW = ("interp", "kvm")
"""Engines that would not come to the end; kernels may be emulated under kvm (docs/kvm.md)."""
FAST = [name for name in HERE if name not in SLOW]


@contextmanager
def two(*machines: MachinePlan, key: bytes = KEY, disks: str = "") -> Iterator[tuple[Host, Host, Landing, Address]]:
    """A host with machines, another one that is empty and listens, and where."""
    with ExitStack() as made:
        here, there = (Host(Plan("plan", plans, 1), ENGINES, 8) for plans in (machines, ()))
        for host in (here, there):
            made.callback(host.close)
            host.start()
        landing = Landing(there, ("127.0.0.1", 0), key, disks)
        made.callback(landing.close)
        yield here, there, landing, Address("127.0.0.1", landing.port, KEY)


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    (tmp_path / "brief.s").write_text(CHANGING.format(times=FEW))
    return tmp_path / "brief.s"


@pytest.fixture
def changing(tmp_path: Path) -> Path:
    (tmp_path / "changing.s").write_text(CHANGING.format(times=MANY))
    return tmp_path / "changing.s"


def past(host: Host, name: str, instructions: int) -> None:
    machine = host.machines[name]
    assert host.wait(SECONDS, lambda: machine.figures.instructions >= instructions or machine.state == ENDED)


def same(host: Host, wanted: tuple[Snapshot, bytes]) -> None:
    """The machine ends as it does where it stays."""
    assert host.wait(SECONDS)
    machine = host.machines["a"]
    assert (machine.vm.state(), machine.screen.since(0)[1]) == wanted
    assert machine.stop is not None and machine.stop.code == 0


def test_it_ends_as_if_it_had_stayed(changing: Path) -> None:
    """From each engine to the next one, in full flight."""
    wanted, r = alone(str(changing), "bare"), Random(7)
    for n, engine in enumerate(HERE):
        other = FAST[n % len(FAST)]
        with two(planned("a", changing, engine=engine)) as (here, there, _, to):
            past(here, "a", r.randrange(1 << (14 if engine in SLOW else 20)))
            journey = depart(here, "a", to, other)
            assert not here.machines and there.machines["a"].technique.name == other
            same(there, wanted)
            assert 0 < journey.downtime < journey.seconds and journey.sent > 0 and journey.touched > 0


def test_to_slow_engines(brief: Path) -> None:
    wanted = alone(str(brief))
    for engine, other in zip(FAST, 2 * SLOW, strict=True):
        with two(planned("a", brief, engine=engine, paused=True)) as (here, there, _, to):
            machine = here.machines["a"]
            machine.vm.run(123_456)
            machine.figures.instructions = machine.vm.cpu.retired
            depart(here, "a", to, other if other in HERE else "interp")
            assert there.machines["a"].state == PAUSED
            assert there.machines["a"].figures.instructions == 123_456
            there.resume("a")
            same(there, wanted)


@pytest.mark.parametrize("times", [20, pytest.param(1000, marks=pytest.mark.long)])
def test_to_and_fro(changing: Path, times: int) -> None:
    """Between two hosts that both listen, under one engine after the other, while it runs."""
    wanted, r, moved = alone(str(changing), "bare"), Random(times), 0
    while moved < times:
        with ExitStack() as open_:
            here, there, _, to = open_.enter_context(two(planned("a", changing, engine="bt")))
            with closing(Landing(here, ("127.0.0.1", 0), KEY)) as back:
                hosts = [(here, to), (there, Address("127.0.0.1", back.port, KEY))]
                while moved < times:
                    host, where = hosts[0]
                    past(host, "a", host.machines["a"].figures.instructions + r.randrange(1 << 12))
                    try:
                        depart(host, "a", where, r.choice(HERE if moved % 9 == 0 else FAST))
                    except Stayed:
                        break  # as it has ended
                    moved += 1
                    hosts.reverse()
                host = hosts[0][0]
                if host.machines["a"].technique.name in SLOW:
                    host.switch("a", "bare")
                same(host, wanted)


def test_a_system_with_a_disk(tmp_path: Path) -> None:
    """Its shell, waiting for a line, answers it elsewhere, and what it has written is there."""
    disk = tmp_path / "os.img"
    disk.write_bytes(image.build(image.contents(image.sources())))
    (tmp_path / "there").mkdir()
    unix = planned("unix", ROOT / "examples/os/kernel.s", disk=str(disk), engine="bt")
    with two(unix, disks=str(tmp_path / "there")) as (here, there, _, to):
        assert here.wait(SECONDS, lambda: here.machines["unix"].state == INPUT)
        here.feed("unix", b"echo before\n")
        assert here.wait(SECONDS, lambda: here.machines["unix"].state == INPUT)
        depart(here, "unix", to)
        there.feed("unix", b"cat motd\n")
        assert there.wait(SECONDS, lambda: there.machines["unix"].state == INPUT)
        said = there.machines["unix"].screen.since(0)[1].decode()
        assert "before" in said and said.count("$ ") == 3
        copied = tmp_path / "there/unix.img"
        assert copied.read_bytes() == disk.read_bytes()
        (tmp_path / "back").mkdir()
        with closing(Landing(here, ("127.0.0.1", 0), KEY, str(tmp_path / "back"))) as back:
            for _ in range(2):  # the copy goes when it leaves
                depart(there, "unix", Address("127.0.0.1", back.port, KEY))
                assert not copied.exists()
                depart(here, "unix", to)
                assert copied.read_bytes() == disk.read_bytes()


def test_another_engine_in_one_host(changing: Path) -> None:
    wanted = alone(str(changing), "bare")
    with two(planned("a", changing, engine=HERE[0])) as (here, _, _, _):
        for engine in (*FAST, *(set(SLOW) & set(HERE)), *FAST):
            past(here, "a", here.machines["a"].figures.instructions + 1000)
            here.switch("a", engine)
            assert here.machines["a"].technique.name == engine
        same(here, wanted)
        with pytest.raises(Unknown, match="a has ended"):
            here.switch("a", "bt")


# --- What goes wrong -------------------------------------------------------------------


@pytest.fixture
def forever(tmp_path: Path) -> Path:
    (tmp_path / "forever.s").write_text(FOREVER)
    return tmp_path / "forever.s"


def runs_here(here: Host, there: Host) -> None:
    """The machine is here alone, and runs."""
    assert not there.machines and set(here.machines) == {"a"}
    past(here, "a", here.machines["a"].figures.instructions + 1)


class Cutting(Channel):
    """An end that loses its connection behind so many messages, sent or received."""

    left = 0

    def lose(self) -> None:
        if Cutting.left == 0:
            self.link.shutdown(socket.SHUT_RDWR)
        Cutting.left -= 1

    def send(self, kind: int, payload: bytes = b"") -> None:
        self.lose()
        super().send(kind, payload)

    def receive(self) -> tuple[int, bytes]:
        self.lose()
        return super().receive()


@pytest.mark.parametrize("where", ["here", "there"])
def test_it_is_cut_at_every_message(forever: Path, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly one side goes on, wherever the connection ends."""
    from ring1.dbt.hosting import departure

    monkeypatch.setattr(departure if where == "here" else landings, "Channel", Cutting)
    stayed = gone = 0
    for cut in range(14):
        with two(planned("a", forever, engine="bt")) as (here, there, _, to):
            past(here, "a", 1)
            Cutting.left = cut
            try:
                depart(here, "a", to)
            except Stayed:
                stayed += 1
                runs_here(here, there)
            else:
                gone += 1
                assert not here.machines
                past(there, "a", there.machines["a"].figures.instructions + 1)
    assert stayed > 3 and gone > 0


def test_nobody_answers_behind_the_commit(forever: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is paused, as it may run there, until its user decides."""
    from ring1.dbt.hosting import departure

    opened = Address.open

    def once(address: Address) -> Channel:
        monkeypatch.setattr(Address, "open", lost)
        return opened(address)

    def lost(address: Address) -> Channel:
        raise OSError(113, "No route to host")

    def deaf(channel: Channel) -> tuple[int, bytes]:
        raise Broken("the connection is lost")

    class Deaf(Channel):
        def receive(self) -> tuple[int, bytes]:
            kind, payload = super().receive()
            if kind == m.RUNNING:
                raise Broken("the connection is lost")
            return kind, payload

    monkeypatch.setattr(departure, "Channel", Deaf)
    monkeypatch.setattr(departure, "BETWEEN", 0.01)
    monkeypatch.setattr(Address, "open", once)
    with two(planned("a", forever, engine="bt")) as (here, there, _, to):
        with pytest.raises(Stayed, match="a may run at 127"):
            depart(here, "a", to)
        assert here.machines["a"].state == PAUSED and there.machines["a"].state in (READY, RUNNING)
        here.remove("a")


def test_who_is_asked_about_a_machine_never_takes_it_later(forever: Path) -> None:
    with two(planned("a", forever)) as (_, there, landing, _):
        assert not landing.answer("a journey")
        landing.taken.add("another")
        assert landing.answer("another") and landing.declined == {"a journey"}
        assert not there.machines


def test_another_key(forever: Path) -> None:
    with two(planned("a", forever), key=b"another key that is long") as (here, there, _, to):
        with pytest.raises(Stayed, match=r"another key|closed the connection|is lost"):
            depart(here, "a", to)
        runs_here(here, there)


def test_nobody_listens(forever: Path) -> None:
    with two(planned("a", forever)) as (here, there, landing, to):
        landing.close()
        with pytest.raises(Stayed, match="refused"):
            depart(here, "a", Address("127.0.0.1", 1, KEY))
        runs_here(here, there)
        assert to.port == landing.port


class Altered(Channel):
    """An end that sends something else in a message."""

    change: Callable[[int, bytes], tuple[int, bytes]] = staticmethod(lambda kind, payload: (kind, payload))

    def send(self, kind: int, payload: bytes = b"") -> None:
        super().send(*Altered.change(kind, payload))


def said(**others: Any) -> Callable[[int, bytes], tuple[int, bytes]]:
    def change(kind: int, payload: bytes) -> tuple[int, bytes]:
        return kind, json.dumps({**json.loads(payload), **others}).encode() if kind == m.BEGIN else payload

    return change


def instead(wanted: int, kind: int, payload: bytes) -> Callable[[int, bytes], tuple[int, bytes]]:
    return lambda found, was: (kind, payload) if found == wanted else (found, was)


WRONG: dict[str, tuple[Callable[[int, bytes], tuple[int, bytes]], str]] = {
    "another description": (said(digest="0" * 64), "the description of pg32 is another one here"),
    "an unknown machine": (said(isa="vax"), "there is no machine 'vax' here"),
    "an unknown engine": (said(engine="quick"), "there is no engine 'quick'"),
    "no name": (said(name="../a"), "is no name"),
    "too much memory": (said(ram=1 << 40), "its sizes make no sense"),
    "odd memory": (said(ram=4097), "there is no room for it here"),
    "a disk": (said(disk=512), "machines with a disk are not accepted here"),
    "nothing said": (instead(m.BEGIN, m.BEGIN, b"[]"), "what is to come is not said"),
    "pages that are none": (instead(m.PAGES, m.PAGES, b"\1\0\0\0\0\0\0\0nonsense"), "makes no sense"),
    "a page too far": (instead(m.PAGES, m.PAGES, packed([(1 << 20, bytes(PAGE))])), "makes no sense"),
    "too many pages": (instead(m.PAGES, m.PAGES, packed([(0, b"x" * PAGE)] * (TOGETHER + 1))), "makes no sense"),
    "no state": (instead(m.STATE, m.STATE, b"{}"), "makes no sense"),
    "a state too deep": (instead(m.STATE, m.STATE, b"[" * 100_000), "makes no sense"),
    "a size without end": (
        instead(m.BEGIN, m.BEGIN, b'{"id":"i","name":"a","engine":"bt","ram":1e999,"disk":0,"share":1,"limit":0}'),
        "is not said",
    ),
    "a commit too early": (instead(m.STATE, m.COMMIT, b""), "where pages were to come"),
    "no commit": (instead(m.COMMIT, m.PAGES, b""), "has not taken a"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_makes_no_sense_is_refused(forever: Path, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from ring1.dbt.hosting import departure

    change, message = WRONG[what]
    monkeypatch.setattr(departure, "Channel", Altered)
    monkeypatch.setattr(Altered, "change", staticmethod(change))
    with two(planned("a", forever, engine="bt")) as (here, there, _, to):
        past(here, "a", 1)
        with pytest.raises(Stayed, match=message):
            depart(here, "a", to)
        runs_here(here, there)


def test_a_name_that_is_there_already(forever: Path) -> None:
    with two(planned("a", forever)) as (here, there, _, to):
        there.add(planned("a", forever))
        with pytest.raises(Stayed, match="there is a machine a already"):
            depart(here, "a", to)
        past(here, "a", here.machines["a"].figures.instructions + 1)


def test_what_is_changed_on_the_way_is_noticed() -> None:
    """Every byte of a frame counts."""

    def ends() -> tuple[Channel, Channel]:
        left, right = socket.socketpair()
        made: list[Channel] = []
        thread = threading.Thread(target=lambda: made.append(Channel(right, KEY, False)))
        thread.start()
        first = Channel(left, KEY, True)
        thread.join()
        return first, made[0]

    first, second = ends()
    first.send(3, b"abc")
    assert second.receive() == (3, b"abc")
    frame = b""
    for at in range(1 + 4 + 3 + 32):
        first, second = ends()
        with closing(first.link), closing(second.link):
            catching, caught = socket.socketpair()
            link, first.link = first.link, catching
            first.send(3, b"abc")
            frame = caught.recv(1 << 10)
            changed = bytearray(frame)
            changed[at] ^= 0x10
            link.sendall(changed)
            second.link.settimeout(0.2)
            with pytest.raises(Broken):
                second.receive()
            link.close()
    first, second = ends()
    first.send(3, b"abc")
    second.received = 1  # as if a frame had been left out
    with pytest.raises(Broken):
        second.receive()


def test_a_key_is_long_enough(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short\n")
    with pytest.raises(ValueError, match="16 bytes at least"):
        key_of(str(tmp_path / "key"))
    (tmp_path / "key").write_bytes(KEY + b"\n")
    assert key_of(str(tmp_path / "key")) == KEY


def test_pages_are_sent_when_they_change() -> None:
    memory = bytearray(8 * PAGE)
    pages = Pages(lambda n: bytes(memory[n * PAGE : (n + 1) * PAGE]), lambda: range(8))
    assert list(pages.changed()) == []
    memory[PAGE] = memory[5 * PAGE + 7] = 1
    assert [number for number, _ in pages.changed()] == [1, 5]
    assert list(pages.changed()) == []
    memory[PAGE] = 0
    assert list(pages.changed()) == [(1, bytes(PAGE))]
    found = [(n, bytes([n % 251]) * PAGE) for n in range(TOGETHER + 3)]
    sent = list(pages.messages(found))
    assert [count for count, _ in sent] == [TOGETHER, 3]
    assert [pair for _, message in sent for pair in unpacked(message, 1 << 20)] == found


def test_tls(forever: Path, tmp_path: Path) -> None:
    import ssl

    pem = tmp_path / "own.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", str(tmp_path / "k"), "-out", str(tmp_path / "c")],
        capture_output=True,
    ) if os.path.exists("/usr/bin/openssl") else None  # fmt: skip
    if made is None or made.returncode:
        pytest.skip("there is no openssl to make a certificate")
    pem.write_text((tmp_path / "c").read_text() + (tmp_path / "k").read_text())
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(pem)
    client = ssl.create_default_context(cafile=str(tmp_path / "c"))
    with two(planned("a", forever)) as (here, there, plain, to):
        landing = Landing(there, ("127.0.0.1", 0), KEY, tls=server)
        with closing(landing):
            with pytest.raises(Stayed):  # TLS is wanted here alone
                depart(here, "a", Address("localhost", plain.port, KEY, client))
            with pytest.raises(Stayed, match="TLS"):  # by another name
                depart(here, "a", Address("127.0.0.1", landing.port, KEY, client))
            runs_here(here, there)
            depart(here, "a", Address("localhost", landing.port, KEY, client))
            assert not here.machines and set(there.machines) == {"a"}
            assert to.port == plain.port


def test_a_machine_that_has_ended(tmp_path: Path) -> None:
    with two(planned("a", ROOT / "examples/hello.s")) as (here, there, _, to):
        assert here.wait(SECONDS)
        with pytest.raises(Stayed, match="a has ended"):
            depart(here, "a", to)
        assert here.machines["a"].state == ENDED and not there.machines
        assert isinstance(here.machines["a"], Hosted)


def test_it_leaves_once(forever: Path) -> None:
    """Many have it leave at the same time, and others change it meanwhile."""
    with two(planned("a", forever)) as (here, there, _, to):
        journeys, refused = list[Journey](), list[str]()

        def leave() -> None:
            try:
                journeys.append(depart(here, "a", to))
            except (Stayed, Unknown) as error:
                refused.append(str(error))

        threads = [threading.Thread(target=leave) for _ in range(4)]
        for thread in threads:
            thread.start()
        with pytest.raises(Unknown):
            while True:
                here.switch("a", "bt")
        for thread in threads:
            thread.join(SECONDS)
        assert len(journeys) == 1 and len(refused) == 3
        assert not here.machines and set(there.machines) == {"a"}


def test_what_is_about_to_leave_stays_what_it_is(forever: Path) -> None:
    with two(planned("a", forever)) as (here, there, _, to):
        with here.leaving("a"):
            for change in (lambda: here.switch("a", "interp"), lambda: here.remove("a"), lambda: depart(here, "a", to)):
                with pytest.raises(Unknown, match="on its way to another host"):
                    change()
            here.pause("a")
            here.resume("a")
        runs_here(here, there)


def test_what_somebody_keeps_is_nobody_elses(forever: Path) -> None:
    with two(planned("a", forever)) as (here, _, _, _):
        typed = threading.Event()

        def types() -> None:
            with suppress(Unknown):
                here.feed("a", b"lost")
                typed.set()

        with here.kept("a") as machine:
            thread = threading.Thread(target=types)
            thread.start()
            assert not typed.wait(0.2)
            here.leave("a")
        thread.join(SECONDS)
        assert not typed.is_set() and not machine.source.buffered
        machine.close()
