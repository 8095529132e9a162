"""Programs for a paravirtualized machine: what they would do by privileged instructions, they ask for by hypercalls
(dbt/vmm/hypercalls.py, docs/para.md).

The pieces that programs are made of are those for the machine itself. Their writer puts a hypercall, or an access to
the shared frame, in the place of each privileged instruction.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.layout import DATA, HANDLER, MORE_DATA, RAM, ROOTS, SUBROUTINES
from ring1.dbt.fuzz.shapes import Shape
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.state import ONES
from ring1.dbt.vmm.hypercalls import FIRST, FLUSH, INSTRUCTION, KINDS, RETURN, SECOND
from ring1.dbt.vmm.shared_frame import CAUSE, MASKED, PC, PENDING, SIZE, STATUS, VALUE
from ring1.isa import semantics as s
from ring1.isa.classify import classify
from ring1.isa.model import Isa

FRAME = DATA + 0x700
PLACES = (
    *(FRAME,) * 9, MORE_DATA + 0x20, SUBROUTINES, HANDLER + 0xC00, ROOTS[0] + 0xF00, DATA + 0x1000 - SIZE, RAM - SIZE,
)  # fmt: skip
"""Where programs have their frame: mostly among data, also in code, beside code or entries, and at ends of pages."""
BATCH = DATA + 0x800
"""Where batches of entries are written."""
DESCRIBED = {"epc": PC, "cause": CAUSE, "tval": VALUE}
"""Control registers -> the words of the frame that a kernel has instead."""


class ParavirtualFacts(Facts):
    """A machine as the writers of paravirtualized programs see it: hypercalls leave other registers to its programs."""

    def __init__(self, isa: Isa) -> None:
        super().__init__(isa)
        self.first, self.second = isa.register_numbers[FIRST], isa.register_numbers[SECOND]
        kept = [n for n in self.free if n not in (self.first, self.second)]
        self.counters, self.scratch = kept[-2:], kept[2:4]
        self.spare = [n for n in self.free if n not in self.counters]
        self.targets = [n for n in self.registers if n not in self.counters]
        self.call = self.forms[INSTRUCTION]
        """The hypercall, which is no trap here."""
        self.kinds["trap"] = [form for form in self.kinds["trap"] if form is not self.call]
        self.asked = frozenset(name for name, found in classify(isa).items() if found.privileged)
        """Instructions that are asked for."""


class ParavirtualWriter(Writer):
    """A paravirtualized program being written."""

    facts: ParavirtualFacts

    def __init__(self, facts: Facts, random: Random, avoid: frozenset[str] = frozenset(), time: int = 0) -> None:
        assert isinstance(facts, ParavirtualFacts)
        super().__init__(facts, random, avoid, time)
        self.frame = self.one(PLACES)

    def put(self, form: Shape, given: Mapping[str, int | str]) -> None:
        """Write an instruction, or what stands for it: seldom the instruction itself where the VMM refuses that."""
        status = self.facts.isa.mode and self.facts.isa.mode.control
        sets_status = status in form.effects.writes and bool(form.reads) and not form.effects.jumps
        if form.insn.name not in self.facts.asked and not (sets_status and self.chance(0.9)):
            return super().put(form, given)
        if self.chance(0.002):
            return super().put(form, given)
        values = {o.name: given.get(o.name, self.operand(form, o)) for o in form.insn.operands}
        source = values[form.reads[0]] if form.reads else None
        target = values[form.writes[0]] if form.writes else None
        if form.insn.name == RETURN:
            self.ask("iret")
        elif form.effects.waits:
            self.ask("idle")
        elif form.effects.flushes:
            self.flush()
        elif form.kind == "port":
            self.port(form, values)
        elif isinstance(source, int) and isinstance(target, int):
            self.copy(target, source)
        elif isinstance(source, int):
            self.write(self.named(form, values), source)
        elif isinstance(target, int):
            self.read(self.named(form, values), target)
        elif status in form.effects.writes:
            self.mask(not self.sets(form))
        return None

    # --- What stands for an instruction ------------------------------------------------------------

    def sets(self, form: Shape) -> bool:
        """Does an instruction set bits, rather than clear them?"""
        return any(isinstance(n, s.SetControl) and isinstance(n.value, s.Const) and n.value.value != 0
                   for n in s.walk(*form.insn.body))  # fmt: skip

    def named(self, form: Shape, values: Mapping[str, int | str]) -> str:
        """Return the control register that an instruction names, or else writes; empty if there is none."""
        numbers = [n for o in form.insn.operands if o.kind == "control" and isinstance(n := values[o.name], int)]
        names = [self.facts.isa.control_numbers[n].name for n in numbers]
        return min((*names, *(() if names else form.effects.writes)), default="")

    def write(self, name: str, source: int) -> None:
        """Write a register to a control register, or to the word of the frame that stands for it."""
        f, status = self.facts, self.facts.isa.mode
        if name in DESCRIBED or (status and name == status.control):
            self.to_frame(DESCRIBED.get(name, STATUS), source)
        elif name in f.paged(0):
            self.ask("space", source)
        elif f.handling is not None and name == f.handling.vector:
            self.ask("register", source, self.frame)
        elif name == f.deadline[-1]:
            self.ask("timer", source, self.time >> 32 & ONES)
        elif name in f.lines[:1]:
            self.ask("lines", source)
        else:
            self.ask("poll", source)

    def read(self, name: str, target: int) -> None:
        """Read what stands for a control register."""
        if name in DESCRIBED:
            self.of_frame(DESCRIBED[name], target)
        elif name.startswith("time"):
            self.ask("time")
            self.copy(target, self.facts.first if name == "time" else self.facts.second)
        else:
            self.of_frame(self.one((MASKED, PENDING, STATUS)), target)

    def port(self, form: Shape, values: Mapping[str, int | str]) -> None:
        """Access a port."""
        base, rest = values[form.base or form.reads[0]], [values[n] for n in form.reads if n != form.base]
        if form.writes:
            self.ask("port_in", base)
            (target,) = (values[n] for n in form.writes)
            assert isinstance(target, int)
            self.copy(target, self.facts.first)
        else:
            for to, value in ((self.facts.first, base), (self.facts.second, rest[0])):
                assert isinstance(value, int)
                self.copy(to, value)
            self.call("port_out")

    def flush(self) -> None:
        """Flush, behind a batch of a few entries or of none."""
        self.constant(self.facts.first, BATCH)
        self.constant(self.facts.second, FLUSH)
        self.call("update")

    def mask(self, on: bool) -> None:
        """Mask interrupts, or unmask them, which takes a hypercall behind it to be noticed."""
        f = self.facts
        self.constant(f.second, int(on))
        self.to_frame(MASKED, f.second)
        if not on and self.chance(0.8):
            if self.chance(0.5):
                self.of_frame(PENDING, f.second)
            self.call("poll")

    # --- Parts of it ---------------------------------------------------------------------------------

    def call(self, kind: str | int) -> None:
        """Write a hypercall by itself."""
        number = KINDS.index(kind) if isinstance(kind, str) else kind
        (operand,) = self.facts.call.insn.operands
        super().put(self.facts.call, {operand.name: number})

    def ask(self, kind: str, first: int | str | None = None, second: int = 0) -> None:
        """Write a hypercall with a register as its first argument and a constant as the second."""
        if isinstance(first, int):
            self.copy(self.facts.first, first)
        self.constant(self.facts.second, second)
        self.call(kind)

    def copy(self, to: int, source: int) -> None:
        for add in self.facts.adds:
            immediate = add.solve(0)
            if immediate is not None and add.source is not None:
                super().put(add.form, {add.target: to, add.source: source, add.immediate.name: immediate})
                return

    def of_frame(self, offset: int, target: int) -> None:
        """Load a word of the frame."""
        load = self.facts.load_word
        if load is not None:
            self.constant(self.facts.first, self.frame + offset)
            super().put(load, {load.base or "": self.facts.first, load.offset or "": 0, load.writes[0]: target})

    def to_frame(self, offset: int, source: int) -> None:
        """Store a register to a word of the frame."""
        store = self.facts.store_word
        if store is not None:
            self.constant(self.facts.first, self.frame + offset)
            given = dict.fromkeys((n for n in store.reads if n != store.base), source)
            super().put(store, {**given, store.base or "": self.facts.first, store.offset or "": 0})
