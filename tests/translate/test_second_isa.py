"""A second machine, of two instructions (two.isa), runs through the whole pipeline, from assembler to translator: proof
that nothing in the Python knows PG32.

It has 8 registers and none is zero, its opcodes are at the bottom of the word, and it has neither rings nor paging nor
interrupts. A word that is no instruction stops it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ring1.dbt.engines.bt import BinaryTranslation
from ring1.dbt.machine.stop import Stop, TrapInfo
from ring1.dbt.translate.policy import IDENT
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.isa.asm.assemble import assemble
from ring1.isa.asm.disassemble import Disassembler
from ring1.isa.codec import Decoder, encode
from ring1.isa.effects import effects
from ring1.isa.load import load
from tests.machine.builder import ENGINES, HERE, Program, run, run_all, started
from tests.translate.blocks import caught

TWO = load(str(Path(__file__).with_name("two.isa")))
LENGTHS = load(str(Path(__file__).with_name("lengths.isa")))
NONSENSE, NOWHERE = 1, 2
NAMES = ("a", "b", "c", "d", "p", "q", "x", "y")
RAM = 1 << 16

# The product of two words: b is added to a, c times. Numbers are in memory: there is no other way to have them.
PRODUCT = """
_start: clr p                   // the base of addresses
        exm zero(p), a          // 0, and in the end the product
        exm minus(p), b         // what is subtracted, for it to be added
        exm times(p), c
        exm one(p), d
        exm one_more(p), x
        clr y
again:  sbn c, d, done          // 1 less to go; none left?
        sbn a, b, next
next:   jmp again               // y = -1, -2, ..: always negative
done:   exm result(p), a
        .word 0
zero:     .word 0
minus:    .word -1234
times:    .word 567
one:      .word 1
one_more: .word 1
result:   .word 0
"""


def test_nothing_of_pg32() -> None:
    assert len(TWO.registers) == 8 and not TWO.hardwired
    assert (TWO.mode, TWO.paging, TWO.interrupts, TWO.trap, TWO.controls) == (None, None, None, None, {})
    assert list(TWO.instructions) == ["sbn", "exm"]


def test_product() -> None:
    """Assembled, run under every engine: they agree, and on 1234 * 567."""
    made = assemble(TWO, [("product.s", PRODUCT)])
    got = run_all(made.image, isa=TWO, entry=made.entry)
    end = made.symbols["zero"] - 4
    assert got.stop == Stop("trap", trap=TrapInfo(NONSENSE, 0, end))
    assert got.word(made.symbols["result"]) == 1234 * 567
    # Seven to begin with, three for each round, two to end: the branch that ends it and the exchange.
    assert got.state.instructions == 7 + 3 * 567 + 2


@pytest.mark.parametrize("engine", ["bare", "bt"])
def test_it_is_translated(engine: str) -> None:
    """Host code does the work: each block is translated once, not a step is left to the interpreter but the last."""
    made = assemble(TWO, [("product.s", PRODUCT)])
    with caught() as blocks, started(engine, made.image, isa=TWO, entry=made.entry) as (vm, _):
        vm.run()
        assert isinstance(vm.engine, Executor)
        exits = vm.engine.exits()
    assert len(blocks) > 3
    assert sum(count for reason, count in exits.items() if "trap" in reason) == 1
    assert not any("step" in reason or "callout" in reason for reason in exits)


def test_nothing_is_sensitive() -> None:
    policy = BinaryTranslation(TWO)
    for insn in TWO.instructions.values():
        found = effects(TWO, insn.body)
        assert not found.sensitive and policy(insn.name, insn.body, found) == IDENT


def test_encodings() -> None:
    """The opcode at the bottom, then t, s, and the immediate at the top."""
    exm, sbn = TWO.instructions["exm"], TWO.instructions["sbn"]
    assert encode(exm, {"t": 1, "s": 2, "disp": 3}) == 3 << 14 | 2 << 11 | 1 << 8 | 0x5A
    assert encode(exm, {"t": 7, "s": 0, "disp": -1}) == 0x3FFFF << 14 | 7 << 8 | 0x5A
    assert encode(sbn, {"t": 0, "s": 7, "far": -4}) == 0x3FFFF << 14 | 7 << 11 | 0xA5
    decoder = Decoder(TWO)
    assert decoder.decode(0) is None and decoder.decode(0xFFFFFFFF) is None


def test_disassembly() -> None:
    """It says what it was made from, and assembles to the same words."""
    made = assemble(TWO, [("product.s", PRODUCT)])
    shown = Disassembler(TWO)
    words = [int.from_bytes(made.image[at : at + 4], "little") for at in range(0, len(made.image), 4)]
    lines = [shown.text(word, 4 * n) for n, word in enumerate(words)]
    assert lines[0].split() == ["sbn", "p,", "p,", "0x4"]
    assert lines[1].split()[0] == "exm" and lines[1].endswith("(p), a")
    assert assemble(TWO, [("again.s", "\n".join(lines))]).image == made.image


# --- Against a model -----------------------------------------------------------------


class Model:
    """The machine in twenty lines of Python."""

    def __init__(self, image: bytes, registers: dict[str, int]) -> None:
        self.memory = bytearray(image.ljust(RAM, b"\0"))
        self.r = [registers.get(name, 0) for name in NAMES]
        self.pc = self.count = 0

    def run(self, limit: int) -> Stop:
        while self.count < limit:
            if self.pc >= RAM:
                return Stop("trap", trap=TrapInfo(NOWHERE, self.pc, self.pc))
            word = int.from_bytes(self.memory[self.pc : self.pc + 4], "little")
            t, s, wide = word >> 8 & 7, word >> 11 & 7, (word >> 14) - (1 << 18 if word >> 31 else 0)
            after = self.pc + 4
            if word & 0xFF == 0xA5:
                self.r[t] = (self.r[t] - self.r[s]) % 2**32
                after = self.pc + 4 * wide if self.r[t] >> 31 else after
            elif word & 0xFF == 0x5A:
                places = [(self.r[s] + wide + n) % 2**32 for n in range(4)]
                missing = [place for place in places if place >= RAM]
                if missing:
                    return Stop("trap", trap=TrapInfo(NOWHERE, min(missing), self.pc))
                old = bytes(self.memory[place] for place in places)
                for place, byte in zip(places, self.r[t].to_bytes(4, "little"), strict=True):
                    self.memory[place] = byte
                self.r[t] = int.from_bytes(old, "little")
            else:
                return Stop("trap", trap=TrapInfo(NONSENSE, word, self.pc))
            self.pc, self.count = after % 2**32, self.count + 1
        return Stop("limit")


registers = st.sampled_from(NAMES)
edges = st.sampled_from((0, 1, 4, 0x40, 0x3FFC, 0x4001, RAM - 4, RAM - 2, 0x7FFFFFFF, 0x80000000, 2**32 - 1))
steps = st.one_of(
    st.tuples(st.just("sbn"), registers, registers, st.integers(-6, 12).map(lambda n: 4 * n)),
    st.tuples(
        st.just("exm"), registers, registers, st.one_of(st.integers(-0x40, 0x80), st.integers(-(1 << 17), 0x1FFFF))
    ),
)
ways = st.sampled_from((HERE, Options(1 << 20, 1), Options(1 << 20, None, 2), Options(1 << 20, None, 64, False)))


@given(st.lists(steps, min_size=1, max_size=30), st.dictionaries(registers, edges), st.integers(1, 400), ways)
def test_any_program(
    code: list[tuple[str, str, str, int]], values: dict[str, int], limit: int, options: Options
) -> None:
    """Programs that overwrite themselves, run astray and fault: every engine as the model."""
    p = Program(TWO)
    for name, t, s, number in code:
        p(name, *((t, s, p.at + number) if name == "sbn" else (number, s, t)))
    p.word(0)
    model = Model(p.image(), values)
    stop = model.run(limit)
    for engine in ENGINES:
        got = run(engine, p, limit, registers=values, options=options, hot=limit % 2 == 0)
        assert (got.stop, got["pc"], got.state.instructions) == (stop, model.pc, model.count), engine
        assert list(got.state.registers.values()) == model.r and got.memory == model.memory, engine


def test_state_by_its_own_names() -> None:
    got = run("bt", b"\0\0\0\0", isa=TWO, registers={"q": 5})
    assert got.state.registers == dict.fromkeys(NAMES, 0) | {"q": 5} and got.state.control == {}


# The same product; what is added is subtracted, and the memory that is exchanged is reached by a pointer.
SHORT = """
_start: clr p
        exm times(p), c
        exm one(p), d
        exm one_more(p), x
        exm minus(p), b
        clr y
        clr q
again:  sbn c, d, done
        sub q, b
        where a, c              // the address behind it, and what is left
        jmp again
done:   clr x
        exm place(p), x
        exm.s q, x              // the result goes where x points
        sub d, d
        .half 0x30f1
        .balign 4
minus:    .word -1234
times:    .word 567
one:      .word 1
one_more: .word 1
place:    .word result
result:   .word 99
"""


def test_instructions_of_two_lengths() -> None:
    """Bits in the middle of a half-word say how long an instruction is. Every engine stops at the half-word that is
    none, with 16 bits of it."""
    made = assemble(LENGTHS, [("short.s", SHORT)])
    got = run_all(made.image, isa=LENGTHS, entry=made.entry)
    trap = got.stop.trap
    assert trap is not None and (trap.cause, trap.value) == (NONSENSE, 0x30F1)
    assert made.symbols["minus"] - 4 <= trap.pc < made.symbols["minus"]
    assert got.word(made.symbols["result"]) == 1234 * 567
    assert (got["q"], got["d"], got["c"]) == (99, 0, 0xFFFFFFFF)
    assert got["a"] == made.symbols["again"] + 4 + 2 + 2
