"""What the manual leaves open, entries that were changed and not flushed, is no difference; anything else is one."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.host.x86_64 import arithmetic, operations
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.mmu.spaces import Spaces
from ring1.dbt.mmu.view import View
from ring1.dbt.vmm import execute
from ring1.dbt.vmm.check import Checker, Mistranslation
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.isa.python import Trap
from tests.machine.builder import Program, machine
from tests.machine.tables import ALL, ONE, RAM, ROOT, TABLE, TWO, A, D, Space, image
from tests.ways import present

ENTRY = TABLE + 4 * 5
"""Of the page at 0x5000."""
WAYS = [(name, "pg32") for name in present(("bare", "bt", "hw", "kvm"))] + [
    (name, "pg32v") for name in ("trap", "hybrid")
]
Body = Callable[[Program], None]


def guest(body: Body, entry: int = ONE | ALL | A | D) -> bytes:
    """A program with page 0x5000 in a1, where its entry is in a2, once paging is on."""
    p = Program()
    p.li("a5", ROOT | 1)
    p("setptb", "a5")
    p.li("a1", 0x5000)
    p.li("a2", 0x7000 + (ENTRY & 0xFFF))
    p("lw", "a3", 0, "a1")
    body(p)
    p.off(1)
    return image(Space({5: entry, 7: TABLE | ALL | A | D}), p)


def put(p: Program, entry: int) -> None:
    """Change the entry of the page."""
    p.li("t0", entry)
    p("sw", "t0", 0, "a2")


def cleared(p: Program) -> None:
    """A and D are cleared, the page is used, and then comes the flush: whether they are set again is open."""
    put(p, ONE | ALL)
    p("lw", "a3", 0, "a1")
    p("sw", "a3", 8, "a1")
    p("lw", "a4", 0, "a2")
    p("tlbflush")
    p("lw", "a3", 0, "a1")
    p("lw", "s0", 0, "a2")


def looped(p: Program) -> None:
    """The same many times: a kernel that looks which pages are used."""
    p.li("s1", 40)
    p.label("again")
    cleared(p)
    p("addi", "s1", "s1", -1)
    p("bne", "s1", "zero", "again")


def moved(p: Program) -> None:
    """The frame is another one: which of them is read and written is open, one at a time."""
    put(p, TWO | ALL | A | D)
    p("lw", "a3", 4, "a1")
    p("sw", "a3", 12, "a1")
    p("lw", "a4", 12, "a1")
    p("tlbflush")
    p("lw", "s0", 4, "a1")


def withdrawn(p: Program) -> None:
    """The page is no more: whether it faults is open."""
    p.li("t0", "handler")
    p("wrcr", "tvec", "t0")
    put(p, 0)
    p("lw", "a3", 4, "a1")
    p.label("handler")
    p("addi", "a4", "a4", 1)
    put(p, ONE | ALL)
    p("tlbflush")
    p("lw", "s0", 4, "a1")


BODIES = (cleared, looped, moved, withdrawn)


@contextmanager
def checked(way: tuple[str, str], memory: bytes, traced: bool = False) -> Iterator[tuple[Vm, Checker]]:
    """A machine with an engine that is checked."""
    with Vm(machine(way[1]), RAM, b"", io.BytesIO()) as vm:
        vm.load(memory)
        vm.engine = checker = ENGINES[way[0]].checked(vm, memory, Options(mmu=Mmu(traced=traced)))
        yield vm, checker


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("body", BODIES)
def test_what_is_open_is_no_difference(way: tuple[str, str], body: Body) -> None:
    with checked(way, guest(body)) as (vm, checker):
        assert vm.run(10_000) == Stop("exit", 1)
        checker.compare_memory()
        assert checker.untold == 0
        if way[0] in ("bare", "bt", "kvm"):  # they keep what they have seen until the flush
            assert checker.left_open > 0


@pytest.mark.parametrize("way", [way for way in WAYS if way[0] in ("bare", "bt")])
@pytest.mark.parametrize("body", BODIES)
def test_tables_that_are_traced_leave_nothing_open(way: tuple[str, str], body: Body) -> None:
    with checked(way, guest(body), traced=True) as (vm, checker):
        assert vm.run(10_000) == Stop("exit", 1)
        checker.compare_memory()
        assert (checker.left_open, checker.untold) == (0, 0)


@pytest.mark.parametrize("way", [way for way in WAYS if way[0] in ("bare", "bt")])
@pytest.mark.parametrize("body", BODIES)
def test_behind_the_flush_it_is_exact(way: tuple[str, str], body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that forgets nothing at a flush is told."""
    monkeypatch.setattr(Spaces, "flush", lambda spaces, address=None: None)
    with checked(way, guest(body)) as (vm, checker), pytest.raises(Mistranslation):
        vm.run(10_000)
        checker.compare_memory()


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.usefixtures("no_stencils")
def test_a_wrong_instruction_beside_what_is_open_is_found(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(p: Program) -> None:
        put(p, TWO | ALL | A | D)
        p("lw", "a3", 4, "a1")
        p("xor", "t1", "a3", "a5")  # both are odd, whichever frame is read
        body(p)

    monkeypatch.setitem(arithmetic.ARITHMETIC, "^", operations.OR)
    with checked(("bt", "pg32"), guest(wrong)) as (vm, _), pytest.raises(Mistranslation, match=r"\bt1\b"):
        vm.run(10_000)


def test_a_third_frame_is_no_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry has been ONE and TWO since the flush: what is read from elsewhere is wrong."""
    memory = bytearray(guest(moved))
    three = 0xC000
    memory.extend(bytes(three + 0x1000 - len(memory)) if len(memory) < three + 0x1000 else b"")
    with checked(("bt", "pg32"), bytes(memory)) as (vm, checker):
        vm.run(8)
        fill = checker.spaces.technique.fill

        def stray(view: View, address: int, kind: int, code: int) -> bool:
            shown = fill(view, address, kind, code)
            if address >> 12 == 5:
                checker.spaces.view.window.map(0x5000, vm.memory.fd, three, 4096, False)
            return shown

        monkeypatch.setattr(checker.spaces.technique, "fill", stray)
        with pytest.raises(Mistranslation):
            vm.run(10_000)
            checker.compare_memory()


@pytest.mark.parametrize("handled", [True, False])
def test_a_trap_that_the_interpreter_does_not_take(handled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the guest goes on in its handler or the machine stops, as nobody handles it."""

    def body(p: Program) -> None:
        if handled:
            p.li("t0", "handler")
            p("wrcr", "tvec", "t0")
        p("sw", "a3", 8, "a1")
        p.label("handler")

    with checked(("bare", "pg32"), guest(body, ONE | ALL)) as (vm, checker):

        def fails(view: View, address: int, kind: int, code: int) -> bool:
            raise Trap(vm.isa.causes["store_page_fault"].number, address)

        monkeypatch.setattr(checker.spaces.technique, "fill", fails)
        with pytest.raises(Mistranslation):
            vm.run(10_000)


def test_within_an_instruction_only_marks_may_be_ahead() -> None:
    """Those of the entry whose walk generated code has done; none that is missing, and nothing else."""
    with checked(("bare", "pg32"), guest(moved, ONE | ALL)) as (vm, checker):
        vm.run(3)
        words, at, pages = vm.memory.words, ENTRY >> 2, {ENTRY >> 12}
        before = words[at]
        assert not before & A and checker.compare(pages) == []
        words[at] = before | A | D
        assert [row[2:] for row in checker.compare(pages)] == [(before | A | D, before)]
        assert checker.compare_within(pages) == []
        words[at] = before | A | 1 << 9
        assert [row[2:] for row in checker.compare_within(pages)] == [(before | A | 1 << 9, before)]
        checker.follower.memory.words[at], words[at] = before | A, before
        assert [row[2:] for row in checker.compare_within(pages)] == [(before, before | A)]
        words[at] = checker.follower.memory.words[at] = before


def test_a_burst_does_not_end_within_an_instruction(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has marked an entry is done: nobody sees the mark of a store that comes later."""
    monkeypatch.setattr(execute, "MOST_EXITS", 1)

    def body(p: Program) -> None:
        p("sw", "a3", 8, "a1")
        p("lw", "s0", 0, "a2")

    with checked(("bare", "pg32"), guest(body, ONE | ALL)) as (vm, checker):
        before, entries = vm.memory.words[ONE + 8 >> 2], list[tuple[int, int]]()
        burst = checker.stretch

        def seen(until: int) -> None:
            burst(until)
            entries.append((vm.memory.words[ENTRY >> 2] & (A | D), vm.memory.words[ONE + 8 >> 2]))

        monkeypatch.setattr(checker, "stretch", seen)
        assert vm.run(10_000) == Stop("exit", 1)
        checker.compare_memory()
        assert all(bool(marks & D) == (stored != before) for marks, stored in entries)
