"""Page walks in two dimensions in generated code: what they set in nested tables, leave to the VMM, and count, is as if
the processor's walker had made them all."""

from __future__ import annotations

import io
from typing import Any

import pytest

from ring1.dbt.engines.hw.hypervisor import Hypervisor
from ring1.dbt.fuzz.ways import PRESSING
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.stop import Stop
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.vm import Vm
from ring1.dbt.vt import exits, fields
from ring1.dbt.vt.nested import ACCESSED, DIRTY
from tests.machine.builder import Program, machine, run
from tests.machine.tables import ALL, ROOT, A, D, Space, V

RAM = 1 << 20
ROUNDS = 12
USED = ALL | A | D
TABLES = {1: 0x40, 2: 0x52, 3: 0x64}
"""Entry of the root -> the page of its table, each in a part of RAM that the VMM maps by itself."""
DATA = (0x21, 0x33, 0x48, 0x5A, 0x6C, 0x7E, 0x90, 0xA2, 0xB4)
KNOWN, ALIAS = 0x76, 4 << 22 | 5 << 12
"""The page of one more table, by which a page is used that is known by then, and its address."""
MARK = 0xE0
"""A port behind whose exit the VMM takes all accessed and dirty bits away."""


def places(paged: bool) -> list[int]:
    """The addresses of the data: two or three pages by each table, and one at which there would be another with paging
    off."""
    if not paged:
        return [page << 12 for page in DATA]
    return [4 * n << 20 | (n + k) << 12 for n in TABLES for k in range(3 if n < len(TABLES) else 2)] + [0x80 << 12]


def touching(paged: bool, loads: bool, flushes: bool) -> Program:
    """Loads and stores of these pages in turns, in each round one more page is stored to, by the same few instructions.
    Later rounds come upon nested entries whose bits are clear."""
    p = Program()
    p.li("s1", ROUNDS)
    p.label("round")
    for page in (*TABLES.values(), KNOWN):  # read, which makes it no dirty page
        p.li("a0", page << 12)
        p("lw", "a1", 0, "a0")
        p("add", "gp", "gp", "a1")
    for n, place in enumerate(places(paged)):
        p.li("a0", place)
        p.li("a2", n)
        p("jal", "ra", "access")
    p.li("a0", ALIAS if paged else DATA[0] << 12)
    p.li("a2", ROUNDS)
    p("jal", "ra", "access")
    p("addi", "s0", "s0", 1)
    p.out(MARK, 0)
    if flushes:
        p("tlbflush")
    p("bne", "s0", "s1", "round")
    p.off(9)
    p.label("access")
    if loads:
        p("lw", "a1", 4, "a0")
        p("add", "gp", "gp", "a1")
    p("bltu", "s0", "a2", "back")
    p("add", "gp", "gp", "s0")
    p("sw", "gp", 4, "a0")
    p.label("back")
    p("lbu", "a1", 5, "a0")
    p("xor", "gp", "gp", "a1")
    p("jalr", "zero", 0, "ra")
    if paged:
        tables = {**TABLES, ALIAS >> 22: KNOWN}
        mapped = {page: page << 12 | USED for page in tables.values()} | {0x80: DATA[-1] << 12 | USED}
        Space(mapped, {n: page << 12 | V for n, page in tables.items()}).put(p)
        p.org(KNOWN << 12 | 4 * (ALIAS >> 12 & 0x3FF))
        p.word(DATA[0] << 12 | USED)
        for place, frame in zip(places(paged)[:-1], DATA[:-1], strict=True):
            p.org(TABLES[place >> 22] << 12 | 4 * (place >> 12 & 0x3FF))
            p.word(frame << 12 | USED)
    return p


class Clearing(Hypervisor):
    """Notes the accessed and dirty bits of all pages at MARK, and clears them."""

    def __init__(self, cpu: Any) -> None:
        super().__init__(cpu)
        self.seen: list[dict[int, int]] = []

    def handle(self, reason: int) -> None:
        if reason == exits.IO and self.vmcs.read(fields.QUALIFICATION) >> exits.PORT_SHIFT == MARK:
            pages = range(RAM // PAGE)
            self.seen.append({page: bits for page in pages if (bits := self.tables.entry(page) & (ACCESSED | DIRTY))})
            for page in pages:
                if at := self.tables.leaf(page):
                    self.host.quads[at >> 3] &= ~(ACCESSED | DIRTY)
            self.processor.invept()
        super().handle(reason)


def outcome(p: Program, options: Options, paged: bool, walks: bool) -> tuple[Any, ...]:
    """State, memory, bits, exits, and, where all look up, walks; and how many pages Python has shown."""
    image = p.image()
    with Vm(machine(), RAM, b"", io.BytesIO()) as vm:
        vm.load(image)
        if paged:
            vm.cpu.s[machine().slots["ptb"]] = ROOT | 1
            vm.cpu.changed()
        vm.engine = made = Executor(vm.cpu, Clearing, image, options)
        made.walks.wanted = walks
        assert vm.run(100_000) == Stop("exit", 9)
        assert isinstance(made.platform, Clearing)
        counts = made.modelled() if options.mmu.technique == "softtlb" else {}
        shown = made.counts["page shown"]
        return (vm.state(), vm.memory.read(0, RAM), made.platform.seen, dict(made.exits()), counts), shown


SOFT = Options(code_size=1 << 20, mmu=Mmu("softtlb"), patience=0)
WAYS = {"softtlb": SOFT, "adaptive": Options(code_size=1 << 20, pressing=PRESSING)}


@pytest.mark.parametrize("flushes", [False, True], ids=["kept", "flushed"])
@pytest.mark.parametrize("loads", [False, True], ids=["stores", "both"])
@pytest.mark.parametrize("paged", [False, True], ids=["flat", "paged"])
@pytest.mark.parametrize("way", WAYS)
def test_bits_exits_and_walks_are_the_walkers(way: str, paged: bool, loads: bool, flushes: bool) -> None:
    p = touching(paged, loads, flushes)
    (state, memory, seen, *counts), shown = outcome(p, WAYS[way], paged, True)
    want, all_shown = outcome(p, WAYS[way], paged, False)
    assert (state, memory, seen, *counts) == want
    control = {"ptb": ROOT | 1} if paged else {}
    reference = run("interp", p, 100_000, memory=RAM, control=control)
    assert (state, memory) == (reference.state, reference.memory)
    dirty = [sum(1 for page in DATA if bits.get(page, 0) & DIRTY) for bits in seen]
    assert dirty == [min(n + 1, len(DATA)) for n in range(ROUNDS)]
    assert all(bits[page] & ACCESSED for bits in seen for page in DATA)
    if paged:
        assert all(bits[page] == ACCESSED | DIRTY for bits in seen for page in (*TABLES.values(), KNOWN, ROOT >> 12))
    if flushes and way == "softtlb":
        assert shown <= all_shown


def test_generated_code_walks() -> None:
    """Once a page and the tables by which it is found are known, nobody but generated code walks for it."""
    p = Program()
    p.li("s0", 400)
    p.li("a1", 0x21000)
    p.label("again")
    p("lw", "a0", 0, "a1")
    p("sw", "s0", 4, "a1")
    p("tlbflush")
    p("addi", "s0", "s0", -1)
    p("bne", "s0", "zero", "again")
    p.off(9)
    for paged, levels in ((False, 0), (True, 2)):
        Space({0x21: 0x21000 | USED}).put(p)
        with Vm(machine(), RAM, b"", io.BytesIO()) as vm:
            vm.load(p.image())
            if paged:
                vm.cpu.s[machine().slots["ptb"]] = ROOT | 1
                vm.cpu.changed()
            vm.engine = made = Executor(vm.cpu, Hypervisor, p.image(), SOFT)
            assert vm.run(100_000) == Stop("exit", 9)
            assert made.counts["page shown"] + made.counts["look"] < 12 and made.counts["step tlbflush (flush)"] < 12
            modelled = made.modelled()
            assert 400 <= modelled["nested walks"] <= 420
            assert modelled["walk references"] == modelled["nested walks"] * (5 * levels + 4)
