"""A machine's description and its guest reach the guest's memory and nothing else, whatever instructions compute.

What is expected is computed here, by Python's integers, from the values that registers are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from itertools import product
from random import Random
from unittest import mock

import pytest

from ring1.dbt.host.values import Value
from ring1.dbt.host.x86_64.code import Code
from ring1.dbt.host.x86_64.operations import MOV
from ring1.dbt.host.x86_64.registers import sized
from ring1.dbt.host.x86_64.verify.operands import Escape
from ring1.dbt.machine.state import ANSWERS, ENTERED, POST, POSTED_TIMES, State
from ring1.dbt.machine.stop import Stop
from ring1.dbt.vmm.deprivileged import OWN
from ring1.isa.model import Isa
from tests.isolation.descriptions import BINARY, RELATIONS, SHIFTS, description
from tests.isolation.run import PAGED, Batch, Different, canaries, faults, machine, proofs
from tests.machine.builder import HERE, Program, run, started
from tests.translate.blocks import caught

WAYS = ("interp", *PAGED, "kvm")
M32, M64 = (1 << 32) - 1, (1 << 64) - 1
RAM = 1 << 21
TABLE = 0x100000
SLIPS: dict[str, tuple[str, Callable[[int, int], int]]] = {
    "product": ("(zx(rs1, 64) * zx(rs2, 64))[39:8]", lambda a, b: a * b >> 8),
    "pair": ("({rs1, rs2})[36:5]", lambda a, b: (a << 32 | b) >> 5),
    "signed": ("(sx(rs1, 64) * sx(rs2, 64))[39:8]", lambda a, b: signed(a) * signed(b) >> 8),
    "odd": ("(sx(rs1, 40) + zx(rs2, 40))[39:8]", lambda a, b: signed(a) + b >> 8),
    "widened": ("(sx(rs1, 40))[39:8]", lambda a, b: signed(a) >> 8),
    "chosen": ("((rs1 <u rs2) ? zx(rs1, 48) : ({rs1, rs2[15:0]}))[40:9]", lambda a, b: wide(a, b) >> 9),
    "shifted": ("(({rs1, rs2}) >>u 4)[32:1]", lambda a, b: (a << 32 | b) >> 5),
    "negated": ("(-({rs1, rs2}))[36:5]", lambda a, b: -(a << 32 | b) >> 5),
    "inverted": ("(~({rs1[7:0], rs2}))[38:7]", lambda a, b: ~((a & 0xFF) << 32 | b) >> 7),
    "timed": ("((time() >>u 63) + ({rs1, rs2}))[40:9]", lambda a, b: (a << 32 | b) >> 9),
    "masked": ("(zx(rs1, 33) << 1 | 1)[32:1]", lambda a, b: a),
    "constant": ("(({rs1, rs2}) & 0xfffffffff0)[39:8]", lambda a, b: ((a << 32 | b) & 0xFFFFFFFFF0) >> 8),
}
"""Expressions of 32 bits, and what they are of rs1 and rs2."""
VALUES = ((0x40004000, 0x400), (0x400, 0xC0004000), (0xFFFFFFFF, 0x80000040), (3, 0x200000), (0x80000000, 0x7FFFFFFF))


def signed(a: int) -> int:
    return a - (a >> 31 << 32)


def wide(a: int, b: int) -> int:
    return a if a < b else a << 16 | b & 0xFFFF


TEXT = 'isa slips extends pg32v "addresses, ports and targets cut out of wider values";\n' + "\n".join(
    f"insn s{n} : R({0xA0 + 3 * n:#x}) {{ mem[{text}, 4] = rd; }}\n"
    f"insn l{n} : R({0xA1 + 3 * n:#x}) {{ rd = zx(mem[{text}, 1]); }}\n"
    f"insn j{n} : R({0xA2 + 3 * n:#x}) {{ pc = {text} & 0xfffffffc; }}"
    for n, (text, _) in enumerate(SLIPS.values())
)


@pytest.fixture(scope="module")
def slips() -> Isa:
    return machine(TEXT)


@contextmanager
def watched(way: str) -> Iterator[None]:
    """Faults always, blocks where there are all kinds of them: to verify them takes as long as to translate them."""
    with faults(), proofs() if way in ("bare", "bt/softtlb") else nullcontext():
        yield


def paged(p: Program) -> None:
    """Map every address to itself, by large pages."""
    p.li("a0", TABLE)
    p.li("a1", 0xDF)
    p.li("a2", 1 << 22)
    p.li("a3", TABLE + 0x1000)
    p.label("fill")
    p("sw", "a1", 0, "a0")
    p("add", "a1", "a1", "a2")
    p("addi", "a0", "a0", 4)
    p("bne", "a0", "a3", "fill")
    p.li("a0", TABLE | 1)
    p("setptb", "a0")
    p("tlbflush")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("paging", [False, True])
def test_addresses_cut_out_of_wider_values(way: str, paging: bool, slips: Isa) -> None:
    """Each store is where arithmetic says, or traps for the address that it says; so does each load."""
    if not paging and "/" in way:
        pytest.skip("without paging there is one way")
    p, wanted = Program(slips), []
    p.control("tvec", "handler")
    if paging:
        paged(p)
    results = RAM - 0x8000
    p.li("s0", results)
    for n, (_, value) in enumerate(SLIPS.values()):
        for a, b in VALUES:
            address = value(a, b) & M32
            for name in (f"s{n}", f"l{n}"):
                p.li("a0", a)
                p.li("a1", b)
                p.li("a2", 0x5A000000 | n)
                p.li("a4", 0)
                p(name, "a2", "a0", "a1")
                p("sw", "a2", 0, "s0")
                p("sw", "a4", 4, "s0")
                p("addi", "s0", "s0", 8)
                inside = address + 4 <= RAM
                stored = 0x5A000000 | n
                loaded = (n if inside else stored) if name[0] == "l" else stored
                wanted += [loaded, 0 if inside else address]
    p.off(0)
    p.label("handler")
    p("rdcr", "a4", "tval")
    p("rdcr", "a5", "epc")
    p("addi", "a5", "a5", 4)
    p("wrcr", "epc", "a5")
    p("rfe")
    with watched(way):
        done = run(way, p, isa=slips, memory=RAM)
    assert done.stop == Stop("exit", 0)
    assert [done.word(results + 4 * i) for i in range(len(wanted))] == wanted


@pytest.mark.parametrize("way", [way for way in WAYS if "/" not in way])
def test_targets_cut_out_of_wider_values(way: str, slips: Isa) -> None:
    """A jump goes where arithmetic says: what is there is no instruction, and the trap says where that was."""
    p, wanted = Program(slips), []
    p.control("tvec", "handler")
    p.li("s0", 0x100000)
    for n, (_, value) in enumerate(SLIPS.values()):
        for a, b in VALUES:
            target = value(a, b) & M32 & ~3
            if target < 0x10000:
                continue  # that is this program
            p.li("a0", a)
            p.li("a1", b)
            p("auipc", "gp", 0)
            p(f"j{n}", "a2", "a0", "a1")
            p("sw", "a4", 0, "s0")
            p("addi", "s0", "s0", 4)
            wanted.append(target)
    p.off(0)
    p.label("handler")
    p("rdcr", "a4", "epc")
    p("addi", "a5", "gp", 8)
    p("wrcr", "epc", "a5")
    p("rfe")
    assert len(wanted) > 30
    with watched(way):
        done = run(way, p, isa=slips, memory=RAM)
    assert done.stop == Stop("exit", 0)
    assert [done.word(0x100000 + 4 * i) for i in range(len(wanted))] == wanted


def test_a_port_cut_out_of_a_wider_value() -> None:
    """The state block has answers of 32 ports, and what is behind them is no answer. A port of more than 32 bits is one
    that nobody has."""
    isa = machine(
        'isa ports extends pg32 "ports";\n'
        "insn cut : R(0xa0) { rd = port[(zx(rs1, 64) * zx(rs2, 64))[39:8]]; }\n"
        "insn whole : R(0xa1) { rd = port[{rs1, rs2}]; }\n"
        "guard cut whole { require psw.RING == 0 else privileged(word); }\n"
    )
    p = Program(isa)
    p.li("a0", 1 << 20)
    p.li("a1", 1 << 20)  # 2**32 after the cut: bit 32 of the 33
    p("cut", "a2", "a0", "a1")
    p.li("a0", 1)
    p.li("a1", 8)
    p("whole", "a3", "a0", "a1")
    p("whole", "a4", "zero", "a1")
    p.off(0)
    wanted = run("interp", p, isa=isa)
    assert wanted["a3"] == M32
    for way in ("bare", "bt", "trap", "hw", "kvm"):
        with started(way, p, isa=isa, options=HERE) as (vm, _), proofs():
            quads = vm.cpu.state.quads
            first = State.quad(ANSWERS)
            for beyond in (*range(first + 32, State.quad(POST)), *range(State.quad(POSTED_TIMES), State.quad(ENTERED))):
                if way != "kvm" and not quads[beyond]:
                    quads[beyond] = 1 << 63 | 0x5EC12E7  # behind the answers: not for the guest
            vm.run(1000)
            state = vm.state()
        assert state.registers == wanted.state.registers, way


@pytest.mark.parametrize("way", [way for way in WAYS if "/" not in way])
def test_division_by_anything(way: str) -> None:
    """By 0 the quotient is all ones and the remainder the dividend; the least number by -1 is itself, and 0."""
    operators = ("/u", "/s", "%u", "%s")
    isa = machine(
        'isa divides extends pg32 "division without a guard";\n'
        + "\n".join(
            f"insn d{n} : R({0xA0 + n:#x}) {{ rd = rs1 {op} rs2; }}\n"
            f"insn g{n} : R({0xB0 + n:#x}) {{ if rs2 == 0 {{ rd = rs2 {op} rs1; }} else {{ rd = rs1 {op} rs2; }} }}\n"
            f"insn w{n} : R({0xC0 + n:#x}) {{ require rs1 != 0 else divzero; rd = rs1 {op} rs2; }}\n"
            f"insn c{n} : I({0xD0 + n:#x}) {{ rd = rs1 {op} imm; }}\n"
            f"insn n{n} : R({0xE0 + n:#x}) {{ rd = zx(rs1[6:0] {op} rs2[6:0]); }}"
            for n, op in enumerate(operators)
        )
    )
    p, wanted = Program(isa), []
    p.control("tvec", "handler")
    p.li("s0", 0x8000)
    for a, b in product((0, 1, 2, 7, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF9), repeat=2):
        p.li("a0", a)
        p.li("a1", b)
        for n, op in enumerate(operators):
            small = signed(b) if -0x8000 <= signed(b) < 0x8000 else 5
            for name, result in (
                ("d", divided(op, a, b, 32)),
                ("g", divided(op, a, b, 32) if b else divided(op, b, a, 32)),
                ("w", divided(op, a, b, 32) if a else 77),
                ("c", divided(op, a, small & M32, 32)),
                ("n", divided(op, a & 127, b & 127, 7)),
            ):
                p.li("a2", 77)
                p(f"{name}{n}", "a2", "a0", small if name == "c" else "a1")
                p("sw", "a2", 0, "s0")
                p("addi", "s0", "s0", 4)
                wanted.append(result)
    p.off(0)
    p.label("handler")
    p("rdcr", "a5", "epc")
    p("addi", "a5", "a5", 4)
    p("wrcr", "epc", "a5")
    p("rfe")
    with watched(way):
        done = run(way, p, isa=isa, memory=1 << 18)
    assert done.stop == Stop("exit", 0)
    assert [done.word(0x8000 + 4 * i) for i in range(len(wanted))] == wanted


def divided(op: str, a: int, b: int, width: int) -> int:
    """RISC-V's division (unprivileged specification, table 11), in any width."""
    ones = (1 << width) - 1
    if b == 0:
        return ones if op[0] == "/" else a
    if op[1] == "s":
        a, b = a - (a >> width - 1 << width), b - (b >> width - 1 << width)
    magnitude = abs(a) // abs(b)
    quotient = magnitude if (a < 0) == (b < 0) else -magnitude
    return (quotient if op[0] == "/" else a - quotient * b) & ones


@pytest.mark.parametrize("way", [way for way in WAYS if "/" not in way])
def test_shifts_by_anything(way: str) -> None:
    """By the width or more nothing is left but copies of the sign; a count costs nothing."""
    isa = machine(
        'isa shifts extends pg32 "shifts by whole registers";\n'
        + "\n".join(
            f"insn d{n} : R({0xA0 + n:#x}) {{ rd = rs1 {op} rs2; }}\n"
            f"insn n{n} : R({0xB0 + n:#x}) {{ rd = zx(rs1[6:0] {op} rs2); }}\n"
            f"insn x{n} : R({0xC0 + n:#x}) {{ rd = (sx(rs1, 64) {op} {{rs2, rs2}})[31:0]; }}\n"
            f"insn c{n} : R({0xD0 + n:#x}) {{ rd = rs1 {op} 32; }}"
            for n, op in enumerate(("<<", ">>u", ">>s"))
        )
    )
    p, wanted = Program(isa), []
    p.li("s0", 0x8000)
    for a in (1, 0x40, 0x80000001, M32):
        for b in (0, 1, 6, 7, 31, 32, 33, 64, 0x10000, 0x80000000, M32):
            p.li("a0", a)
            p.li("a1", b)
            for n, op in enumerate(("<<", ">>u", ">>s")):
                for name in ("d", "n", "x", "c"):
                    p(f"{name}{n}", "a2", "a0", "a1")
                    p("sw", "a2", 0, "s0")
                    p("addi", "s0", "s0", 4)
                wanted += [
                    shifted(op, a, b, 32),
                    shifted(op, a & 127, b, 7),
                    shifted(op, signed(a) & M64, b << 32 | b, 64) & M32,
                    shifted(op, a, 32, 32),
                ]
    p.off(0)
    with watched(way):
        done = run(way, p, isa=isa, memory=1 << 18)
    assert done.stop == Stop("exit", 0)
    assert [done.word(0x8000 + 4 * i) for i in range(len(wanted))] == wanted


def shifted(op: str, a: int, count: int, width: int) -> int:
    ones, count = (1 << width) - 1, min(count, width)
    if op == "<<":
        return a << count & ones
    if op == ">>s":
        return (a - (a >> width - 1 << width)) >> count & ones
    return a >> count


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.soak) for n in (1, 2))])
def test_generated_machines(seed: int) -> None:
    """A small share of the campaign: see `python -m tests.isolation`."""
    Batch(seed, programs=40).check()


def test_descriptions_are_of_every_operator() -> None:
    texts = "\n".join(description(Random(seed)) for seed in range(20))
    for op in (*BINARY, *SHIFTS, *RELATIONS):
        assert f" {op} " in texts
    for part in (
        "~",
        "(-",
        "!",
        "mem[",
        "port[",
        "pc = ",
        "{",
        "sx(",
        "zx(",
        " ? ",
        "let ",
        "time()",
        "if ",
        "require ",
    ):
        assert part in texts


@pytest.mark.parametrize(
    "way", ["interp", "trap", "trap/softtlb", "trap/softtlb/traced", "hybrid/softtlb", "bt/softtlb"]
)
def test_the_monitors_page_tables_are_not_the_guests(way: str) -> None:
    """The monitor of a deprivileged guest has another page-table base in the register; what the guest keeps there is no
    page table. It was walked as one, by generated code."""
    isa = machine('isa guest extends pg32v "pg32v";\n')
    p = Program(isa)
    p.control("tvec", "handler")
    p.li("a0", TABLE)
    p.li("a1", 0xDF)
    p("sw", "a1", 0, "a0")  # the first 4 MiB, and no more
    p.li("a0", OWN - 0x1000)
    p.li("a1", 0x4000DF)
    p.li("a3", OWN)
    p.label("fill")
    p("sw", "a1", 0, "a0")
    p("addi", "a0", "a0", 4)
    p("bne", "a0", "a3", "fill")
    p.li("a0", TABLE | 1)
    p("setptb", "a0")
    p("tlbflush")
    for address in (0x1000, 0x2000, 0x40000000):  # once a page has been missed, generated code walks
        p.li("a0", address)
        p("lw", "a2", 0, "a0")
    p.off(1)
    p.label("handler")
    p("rdcr", "a4", "cause")
    p.off(0)
    done = run(way, p, isa=isa, memory=1 << 23)
    assert done.stop == Stop("exit", 0)
    assert (done["a4"], done["tval"]) == (6, 0x40000000)  # a page fault of a load


def test_a_guarded_division_costs_no_second_look() -> None:
    """PG32 requires a divisor that is not 0: the host compares it once, and with -1 where there is a sign."""
    for name, compares in (("div", 2), ("rem", 2), ("divu", 1), ("remu", 1)):
        p = Program()
        p("xor", "a1", "a2", "a3")
        p(name, "a0", "a1", "a2")
        p.off(0)
        with caught() as made:
            run("bt", p)
        names = [insn.mnemonic for insn in next(m for m in made if b"\xf7" in m.host.code).instructions]
        division = next(n for n, found in enumerate(names) if found in ("div", "idiv"))
        assert sum(found in ("cmp", "test") for found in names[2:division]) == compares, name  # 2: of the block's pc


# --- What watches does see ---------------------------------------------------------------


def uncut(self: Code, value: Value, width: int, host: str) -> Value:
    """What `fit` would be, had it forgotten to cut, and believed that it had."""
    if value.register != host:
        self.emit(MOV, sized(host, 64), sized(value.register, 64))
    return Value(host, min(value.most, (1 << width) - 1))


@pytest.mark.usefixtures("no_stencils")
@pytest.mark.parametrize("watch", [proofs, faults, canaries])
def test_a_slip_is_seen(watch: Callable[[], object], slips: Isa) -> None:
    """The fault as it was: a value of 33 bits, believed to be of 32, is added to the window's address."""
    p = Program(slips)
    p("s0", "a2", "a0", "a1")
    p.off(0)
    values = {"a0": 0x40004000, "a1": 0x400}
    with pytest.raises((Escape, Different)), mock.patch.object(Code, "fit", uncut), watch():  # type: ignore[attr-defined]
        run("bt", p, isa=slips, memory=RAM, registers=values)
    with watch():  # type: ignore[attr-defined]
        assert run("bt", p, isa=slips, memory=RAM, registers=values).stop == Stop("exit", 0)


def test_an_index_that_is_not_bounded_makes_no_address() -> None:
    isa = machine('isa one extends pg32 "one";\ninsn one : R(0xa0) { mem[({rs1, rs2})[36:5], 4] = rd; }\n')
    p = Program(isa)
    p("one", "a0", "a1", "a2")
    honest = lambda self, value, width, host: value  # noqa: E731  never cuts, and says so
    with pytest.raises(AssertionError, match="no guest address"), mock.patch.object(Code, "fit", honest):
        run("bt", p, isa=isa)
