"""The search for programs that reveal a monitor: a few instructions that end differently under it and on the bare
machine.

A program sets control registers and registers, may enter user mode, executes an instruction, and sometimes others after
it. It is drawn at random, tried on two interpreters, one of which is deprivileged as by the monitor, shortened as far
as possible, and finally run under the technique itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from random import Random
from typing import NamedTuple

from ring1.dbt.compare.contender import Contender, Setup
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.engines.technique import Technique
from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.step import Cpu
from ring1.dbt.machine.stop import Stop, Stopped
from ring1.dbt.mmu.choice import Mmu
from ring1.dbt.theory.hints import Hints, hints, word_with
from ring1.dbt.theory.ways import drawn, ways
from ring1.isa import semantics as s
from ring1.isa.asm.disassemble import disassemble
from ring1.isa.codec import Decoder, encode
from ring1.isa.controls import control_bits
from ring1.isa.model import WORD, Instruction, Isa
from ring1.isa.specialize import Specialization

ONES = (1 << WORD) - 1
DRAFTS = 1500
"""The number of programs tried for an instruction."""
STEPS = 60
"""The most instructions that a program executes; --max-insns of the command that demonstrates it."""
RAM = 1 << 16
"""Bytes of memory in which programs are tried."""
TRIES = 4
"""The number of guesses at the address of the code in user mode before they must fit."""


class ProgramDraft(NamedTuple):
    """The plan of a program."""

    controls: tuple[tuple[str, int], ...]
    entry: Descent | None
    """How it enters user mode."""
    registers: tuple[tuple[int, int], ...]
    words: tuple[int, ...]
    """The instruction, and those after it."""


class Descent(NamedTuple):
    """A supervisor's instruction that changes the mode."""

    insn: Instruction
    target: str | s.Control | None
    """The operand or control register with the address that it jumps to; None if it continues with the next
    instruction."""
    previous: tuple[str, int, int] | None
    """The bits of a control register that hold the new mode; None if the instruction encodes it."""


class WitnessProgram(NamedTuple):
    """A program by which a guest can tell which mode it runs in."""

    engine: str
    instruction: str
    words: tuple[int, ...]
    kernel: int | None = None
    """The mode into which the monitor puts the guest's kernel, if it was chosen."""

    def text(self, isa: Isa) -> str:
        return "".join(f"    {disassemble(isa, word, 4 * n)}\n" for n, word in enumerate(self.words))


class ProgramWriter:
    """Writes drafts as instructions of one machine."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.facts = Facts(isa)
        self.spare = self.facts.free[-1]
        self.entries = list(entries(isa))
        jumps = self.facts.kinds.get("jump", ())
        self.ending = next((form for form in jumps if form.relative and not form.reads), None)

    def written(self, draft: ProgramDraft) -> tuple[int, ...] | None:
        """Return the words of a draft; None if the machine lacks the instructions for it."""
        address = 0
        for _ in range(TRIES):
            try:
                before = self.before(draft, address)
            except (ValueError, KeyError):
                return None
            if draft.entry is None or address == 4 * len(before):
                break
            address = 4 * len(before)
        else:
            return None
        made = [*before, *draft.words]
        if self.ending is not None:
            values = {o.name: 0 for o in self.ending.insn.operands} | dict.fromkeys(
                self.ending.writes, self.spare if self.facts.zero is None else self.facts.zero
            )
            made.append(encode(self.ending.insn, values))
        return tuple(made)

    def before(self, draft: ProgramDraft, address: int) -> list[int]:
        """Return the words that precede the instruction, which is at `address`. Raises ValueError, KeyError."""
        mode = self.isa.mode
        assert mode is not None
        controls, entry, made = dict(draft.controls), draft.entry, list[int]()
        if entry is not None:
            if isinstance(entry.target, s.Control):
                controls[entry.target.name] = address
            if entry.previous is not None:
                name, hi, lo = entry.previous
                mask = (1 << hi + 1) - (1 << lo)
                controls[name] = controls.get(name, 0) & ~mask | mode.user << lo
        for name, value in controls.items():
            if name == mode.control:
                value = value & ~mode.bits.mask | mode.supervisor << mode.bits.lo
            move = self.facts.control_writes[name]
            made += self.constant(self.spare, value)
            rest = {o.name: self.facts.zero or 0 for o in move.form.insn.operands}
            made.append(encode(move.form.insn, {**rest, **move.fixed, move.register: self.spare}))
        for number, value in draft.registers:
            made += self.constant(number, value)
        if entry is not None:
            operands = {o.name: self.facts.zero or 0 for o in entry.insn.operands}
            if isinstance(entry.target, str):
                made += self.constant(self.spare, address)
                operands[entry.target] = self.spare
            made.append(encode(entry.insn, operands))
        return made

    def constant(self, register: int, value: int) -> list[int]:
        """Return instructions that load a value into a register. Raises ValueError."""
        facts = self.facts
        for load in facts.loads:
            immediate = load.solve(value)
            if immediate is not None:
                return [encode(load.form.insn, {**load.fixed, load.target: register, load.immediate.name: immediate})]
        if facts.pair is None:
            raise ValueError
        load, add = facts.pair
        halves = facts.halves(load, add, value)
        if halves is None or add.source is None:
            raise ValueError
        first = {**load.fixed, load.target: register, load.immediate.name: halves[0]}
        second = {**add.fixed, add.target: register, add.source: register, add.immediate.name: halves[1]}
        return [encode(load.form.insn, first), encode(add.form.insn, second)]


def entries(isa: Isa) -> Iterator[Descent]:
    """Yield the ways to enter user mode."""
    mode = isa.mode
    assert mode is not None
    for insn in isa.instructions.values():
        body = Specialization(isa, mode.supervisor).body(insn.body)
        nodes = s.walk(*body)
        lets = {n.name: n.value for n in nodes if isinstance(n, s.Let)}
        previous: tuple[str, int, int] | None = None
        goes = False
        for n in nodes:
            match n:
                case s.SetControl(s.Control(_, name), hi, lo, value) if name == mode.control:
                    if (hi, lo) != (mode.bits.hi, mode.bits.lo):
                        continue
                    if value == s.Const(value.width, mode.user):
                        goes = True
                    elif isinstance(value, s.Slice) and isinstance(value.a, s.Control):
                        goes, previous = True, (value.a.name, value.hi, value.lo)
        if not goes or s.always_traps(body):
            continue
        jumps = [n.value for n in nodes if isinstance(n, s.SetPc)]
        target: str | s.Control | None = None
        for n in s.walk(*(lets.get(v.name, v) if isinstance(v, s.Local) else v for v in jumps)):
            if isinstance(n, s.Control):
                target = n
            elif isinstance(n, s.Register) and isinstance(n.index, str):
                target = n.index
        yield Descent(insn, target, previous)


class Monitored:
    """An interpreter to run programs on, deprivileged as by a technique, or not at all."""

    def __init__(self, isa: Isa, technique: Technique | None = None) -> None:
        self.cpu = Cpu(isa, Memory(RAM), Bus())
        self.cpu.reset(self.cpu, 0)
        self.size = 4 * len(isa.slots)
        self.initial = bytes(self.cpu.state.bytes[: self.size])
        self.platform = None if technique is None else technique.interpreted(self.cpu)

    def run(self, words: Sequence[int]) -> tuple[bytes, bytes, int, Stop | None]:
        """Run a program, and return its registers, memory, time, and why it stopped; None for the last if it executed
        STEPS instructions."""
        cpu, memory = self.cpu, self.cpu.memory
        cpu.state.bytes[: self.size] = self.initial
        cpu.time = cpu.idle = 0
        cpu.no_traps()
        memory.bytes[:] = bytes(RAM)
        for n, word in enumerate(words):
            memory.words[n] = word
        if cpu.walker is not None:
            cpu.walker.flush()
        cpu.changed()
        if self.platform is not None:
            self.platform.begin()
        stop: Stop | None = None
        try:
            for _ in range(2 * STEPS):
                if cpu.time >= STEPS:
                    break
                cpu.step()
        except Stopped as stopped:
            stop = stopped.stop
        return bytes(cpu.state.bytes[: self.size]), bytes(memory.bytes), cpu.time, stop

    def close(self) -> None:
        self.cpu.memory.close()


class Search:
    """The search for programs that reveal a technique."""

    def __init__(self, isa: Isa, technique: Technique, holes: Collection[str], seed: int = 1) -> None:
        """`technique` is a theorem's monitor; `holes` are the instructions that violate the theorem."""
        assert isa.mode is not None
        self.harmless = [insn for name, insn in isa.instructions.items() if name not in holes]
        self.isa = isa
        self.technique = technique
        self.in_kernel = technique.theorem == 1
        self.seed = seed
        self.writer = ProgramWriter(isa)
        self.decoder = Decoder(isa)
        self.bare, self.monitored = Monitored(isa), Monitored(isa, technique)
        self.switches = control_bits(isa, isa.paging.when) if isa.paging else {}

    def find(self, insn: Instruction, drafts: int = DRAFTS) -> WitnessProgram | None:
        """Find a program in which this instruction shows the guest where it runs; None if `drafts` are not enough."""
        rng, told = Random(f"{insn.name} {self.seed}"), hints(self.isa, insn)
        for _ in range(drafts):
            draft = self.draft(rng, insn, told)
            if draft is None or not self.tells(draft) or not self.tells_by_it(draft):
                continue
            words = self.writer.written(self.shrunk(draft))
            if words is not None and diverges(self.isa, self.technique, words):
                return WitnessProgram(self.technique.name, insn.name, words, self.technique.kernel)
        return None

    def draft(self, rng: Random, insn: Instruction, told: Hints) -> ProgramDraft | None:
        entries = self.writer.entries
        known = ways(self.isa, insn)
        way = rng.choice(known) if known and rng.random() < 0.5 else None
        word = way.word if way is not None else self.word(rng, insn, told)
        if word is None or not (entries or self.in_kernel):
            return None
        entry = rng.choice(entries) if entries and (not self.in_kernel or rng.random() < 0.4) else None
        controls = {
            name: self.value(rng, name, told)
            for name in self.writer.facts.control_writes
            if rng.random() < 0.3 and name in self.isa.slots
        }
        registers = {
            n: rng.choice((*told.registers, 0, 1, ONES, 0x800, rng.getrandbits(rng.choice((4, 16, 32)))))
            for n in self.writer.facts.free[:-1]  # the last one is for control registers
            if rng.random() < 0.4
        }
        if way is not None:
            mask, words = way.fields
            for name in self.writer.facts.control_writes:
                bits = mask >> WORD * self.isa.slots[name] & ONES if name in self.isa.slots else 0
                if bits:
                    controls[name] = controls.get(name, 0) & ~bits | words >> WORD * self.isa.slots[name] & bits
            free = self.writer.facts.free[:-1]
            registers |= {n: drawn(rng, asked) for n, asked in way.registers if n in free}
        after = []
        while rng.random() < 0.5:
            other = rng.choice((insn, rng.choice(self.harmless or [insn])))
            after.append(self.word(rng, other, told) or word)
        return ProgramDraft(tuple(controls.items()), entry, tuple(registers.items()), (word, *after))

    def word(self, rng: Random, insn: Instruction, told: Hints) -> int | None:
        word = insn.match | rng.getrandbits(8 * insn.size) & ~insn.mask
        decoded = self.decoder.decode(word)
        if decoded is not None and rng.random() < 0.5:
            return word_with(rng, insn, word, dict(decoded.values), told.operands)
        return word if decoded is not None else None

    def value(self, rng: Random, name: str, told: Hints) -> int:
        """Draw a value for a control register: any kind of bits, but seldom those that enable paging."""
        made = rng.choice((0, ONES, 1 << rng.randrange(WORD), rng.getrandbits(WORD), rng.getrandbits(12), 0x800))
        slot = self.isa.slots[name]
        hinted = [(mask >> WORD * slot & ONES, value >> WORD * slot & ONES) for mask, value in told.fields]
        mine = [pair for pair in hinted if pair[0]]
        if mine and rng.random() < 0.7:
            mask, value = rng.choice(mine)
            made = made & ~mask | value
        if rng.random() < 0.9:
            made &= ~self.switches.get(name, 0)
        return made & self.isa.controls[name].writable

    def tells(self, draft: ProgramDraft) -> bool:
        words = self.writer.written(draft)
        return words is not None and self.bare.run(words) != self.monitored.run(words)

    def tells_by_it(self, draft: ProgramDraft) -> bool:
        """Does the draft reveal the monitor, but not without the instruction?"""
        return self.tells(draft) and not self.tells(draft._replace(words=draft.words[1:]))

    def shrunk(self, draft: ProgramDraft, any_way: bool = False) -> ProgramDraft:
        """Shorten a draft that reveals the monitor, by its instruction or, with `any_way`, by any."""
        tells = self.tells if any_way else self.tells_by_it
        fields = ("registers", "controls", "words")
        going = True
        while going:
            going = False
            for field in fields:
                items = getattr(draft, field)
                for n in range(field == "words", len(items)):
                    less = draft._replace(**{field: items[:n] + items[n + 1 :]})
                    if tells(less):
                        draft, going = less, True
                        break
            if draft.entry is not None and self.in_kernel and tells(draft._replace(entry=None)):
                draft, going = draft._replace(entry=None), True
        return draft

    def close(self) -> None:
        self.bare.close()
        self.monitored.close()


def diverges(isa: Isa, technique: Technique, words: Sequence[int]) -> bool:
    """Does `ring1 compare` tell the technique from the reference by this program? It is assumed to if it cannot run
    here."""
    if technique.cannot(isa):
        return True
    image = b"".join(word.to_bytes(4, "little") for word in words)
    setup = Setup(isa, image, 0, 16 << 20, b"", None, 0, Mmu())
    with closing(Contender(ENGINES.reference, setup)) as reference, closing(Contender(technique, setup)) as other:
        reference.run(STEPS)
        other.run(STEPS)
        return not other.equals(reference)


def program(
    isa: Isa,
    technique: Technique,
    holes: Sequence[str],
    drafts: int = DRAFTS,
    tell: Callable[[str], None] = lambda name: None,
) -> WitnessProgram | None:
    """Find a program that reveals a theorem's monitor by one of the instructions that violate the theorem."""
    search = Search(isa, technique, holes)
    try:
        for name in holes:
            tell(name)
            found = search.find(isa.instructions[name], drafts)
            if found is not None:
                return found
    finally:
        search.close()
    return None
