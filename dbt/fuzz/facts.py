"""What a description offers to code that writes programs for its machine without knowing it.

Facts are read off the bodies of instructions, or tried on the reference interpreter: which instructions compute, access
memory, branch, jump and trap; how to load a constant, and how to move a register to a control register; what a trap
handler has to do. What a machine lacks is None or empty here, and its programs do without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy
from functools import cached_property
from itertools import product

from ring1.dbt.fuzz import handlers, moves
from ring1.dbt.fuzz.devices import Devices
from ring1.dbt.fuzz.entering import Entering, entering
from ring1.dbt.fuzz.handlers import Handling, Prologue
from ring1.dbt.fuzz.moves import Allowance
from ring1.dbt.fuzz.probe import Probe
from ring1.dbt.fuzz.shapes import Affine, Move, Shape, classified, span
from ring1.dbt.machine.state import ONES
from ring1.isa import semantics as s
from ring1.isa.codec import alignment
from ring1.isa.controls import control_bits, controls_read
from ring1.isa.model import WORD, Bits, Isa

MANY = 4
"""With more registers than this, some can be reserved."""
AWAY = 64
"""Distance in bytes of the branches that are tried."""
SAMPLES = (0, 1, 2, 3, 5, 17, 100, 0x7FF)
WORDS = (0, 1, 5, 0x1234, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFF800)


class Facts:
    """A machine as the writers of programs see it."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.base = isa.memory
        """Where RAM begins."""
        self.numbers = list(isa.control_numbers)
        """The numbers of the control registers that programs name."""
        self.flushing = False
        """Programs flush the TLB at traps and returns that change whose accesses are made."""
        self.prologue: Prologue | None = None
        """Writes what trap handlers begin with."""
        self.forms = {name: classified(isa, insn) for name, insn in isa.instructions.items()}
        self.kinds: dict[str, list[Shape]] = {}
        """What programs are made of: instructions of a word, so that each has a place of its own."""
        for each in self.forms.values():
            if each.insn.size == WORD // 8:
                self.kinds.setdefault(each.kind, []).append(each)
        self.registers = list(range(len(isa.registers)))
        self.free = [n for n in self.registers if n not in isa.hardwired]
        self.zero = next((n for n, value in isa.hardwired.items() if value == 0), None)
        some = self.free or self.registers
        self.counters = some[-2:]
        """Registers that count loops: nothing else writes to them on purpose."""
        self.scratch = (some[2:4] if len(some) > MANY else some * 2)[:2]
        """Registers that the trap handler uses."""
        self.spare = some[:-2] if len(some) > MANY else some
        """The other registers that keep what is written to them ..."""
        self.targets = [n for n in self.registers if n not in self.counters or n in self.spare]
        """... and these together with the hardwired ones."""
        self.probe = Probe(isa)
        self.loads = list(self.affine(False))
        self.adds = [a for a in self.affine(True) if a.shift == 0]

    # --- Trying ---------------------------------------------------------------------------------

    def elsewhere(self, base: int, without: frozenset[str], devices: Devices, prologue: Prologue) -> Facts:
        """Return what there is for programs that lie somewhere else in RAM, without a timer, do not name some
        control registers, and flush the TLB at traps and returns."""
        made = copy(self)
        made.__dict__ |= {
            "base": base,
            "flushing": True,
            "prologue": prologue,
            "numbers": [n for n, c in self.isa.control_numbers.items() if c.name not in without],
            "control_writes": {n: move for n, move in self.control_writes.items() if n not in without},
            "control_reads": {n: move for n, move in self.control_reads.items() if n not in without},
            "devices": devices,
            "deadline": (),
            "clock": None,
        }
        return made

    def affine(self, adding: bool) -> Iterator[Affine]:
        """Yield instructions that load constants or, if `adding`, add them to a register."""
        if not self.free:
            return
        first, second = self.free[0], self.free[-1]
        for form in self.kinds.get("compute", ()):
            immediates = [o for o in form.insn.operands if o.kind in ("signed", "unsigned")]
            if len(form.writes) != 1 or len(immediates) != 1 or s.has(frozenset((s.Pc,)), *form.insn.body):
                continue
            [immediate], [target] = immediates, form.writes
            others = [name for name in form.reads if name != target]
            if (adding and len(others) != 1) or (
                not adding and (target in form.reads or (others and self.zero is None))
            ):
                continue
            used = {*form.reads, *form.writes, immediate.name}
            fixed = {o.name: 0 for o in form.insn.operands if o.name not in used}
            fixed |= {} if adding else dict.fromkeys(others, self.zero or 0)

            def make(
                value: int, operand: int, form: Shape = form, target: str = target, fixed: Mapping[str, int] = fixed
            ) -> int | None:
                named = next(o.name for o in form.insn.operands if o.kind in ("signed", "unsigned"))
                rest = dict.fromkeys((n for n in form.reads if n != target), second if adding else self.zero or 0)
                if self.probe.attempt(form, {**fixed, target: first, **rest, named: operand}, {second: value}) is None:
                    return None
                return self.probe.cpu.s[first]

            base, one = make(0, 0), make(0, alignment(form.insn, immediate))
            if base is None or one is None or (one - base).bit_count() != 1:
                continue
            shift = (one - base & ONES).bit_length() - 1
            low, high = span(immediate)
            operands = [n for n in (*SAMPLES, low, high, -1, high // 3) if low <= n <= high]
            if all(
                make(word, n) == word * adding + base + (n << shift) & ONES
                for word in (WORDS if adding else (0,))
                for n in operands
            ):
                yield Affine(form, immediate, target, others[0] if adding else None, fixed, base, shift)

    def finds(self, taken: tuple[int, ...], not_taken: tuple[int, ...]) -> tuple[Shape, dict[str, int | None]] | None:
        """Find a branch that is taken for some values of a register and not for others. Returns it with its operands,
        None standing for that register."""
        tried = (self.free or self.registers)[0]
        for form in self.kinds.get("branch", ()):
            if form.writes or form.relative is None:
                continue
            for choice in product((None, self.zero), repeat=len(form.reads)):
                if None not in choice or (self.zero is None and len(set(choice)) > 1):
                    continue
                registers = {name: tried if n is None else n for name, n in zip(form.reads, choice, strict=True)}
                values = registers | {form.relative: AWAY}
                there = [self.probe.attempt(form, values, {tried: v}) for v in (*taken, *not_taken)]
                if there == [self.probe.pc + AWAY] * len(taken) + [self.probe.pc + WORD // 8] * len(not_taken):
                    return form, dict(zip(form.reads, choice, strict=True))
        return None

    @cached_property
    def while_nonzero(self) -> tuple[Shape, dict[str, int | None]] | None:
        """The branch that ends a loop."""
        return self.finds((1, 2, 100, 0x7FFFFFFF), (0,))

    @cached_property
    def if_negative(self) -> tuple[Shape, dict[str, int | None]] | None:
        return self.finds((0x80000000, 0x80000003), (0, 1, 9))

    # --- Constants -------------------------------------------------------------------------------

    @cached_property
    def pair(self) -> tuple[Affine, Affine] | None:
        """Two instructions that together load any constant."""
        for load in self.loads:
            between = (1 << load.shift >> 1) - 1, 1 << load.shift >> 1  # what is farthest from what `load` alone loads
            for add in self.adds:
                if load.shift and all(self.halves(load, add, value) for value in (*WORDS, *between)):
                    return load, add
        return None

    @staticmethod
    def halves(load: Affine, add: Affine, value: int) -> tuple[int, int] | None:
        """Return the immediates with which two instructions load a value."""
        low = (value - load.base) & (1 << load.shift) - 1
        for part in (low, low - (1 << load.shift)):
            high, rest = load.solve(value - part & ONES), add.solve(part & ONES)
            if high is not None and rest is not None:
                return high, rest
        return None

    @cached_property
    def literal(self) -> Shape | None:
        """A load of a word from an address that is an immediate, where there is no other way to load constants."""
        if self.base:  # no immediate reaches RAM
            return None
        for form in self.kinds.get("access", ()):
            plain = form.effects.loads and not form.effects.stores and len(form.writes) == 1 and form.size == 4
            if plain and form.offset and self.zero is not None and form.reads == (form.base,):
                return form
        return None

    @cached_property
    def pool(self) -> range:
        """Addresses of words that `literal` can load."""
        if self.pair or self.literal is None:
            return range(0)
        operand = next(o for o in self.literal.insn.operands if o.name == self.literal.offset)
        end = min(span(operand)[1] + 1, 0x2000) & ~3
        return range(end - 0x100, end, 4)

    @property
    def constants(self) -> bool:
        """Can programs load any constant?"""
        return self.pair is not None or self.literal is not None

    # --- Memory ----------------------------------------------------------------------------------

    @cached_property
    def load_word(self) -> Shape | None:
        """A plain load of a word ..."""
        return self.plain(lambda e: e.loads and not e.stores)

    @cached_property
    def store_word(self) -> Shape | None:
        """... and a plain store."""
        return self.plain(lambda e: e.stores and not e.loads)

    @cached_property
    def stores(self) -> list[Shape]:
        """Plain stores, of all sizes."""
        plain = [form for form in self.kinds.get("access", ()) if form.base and not form.effects.traps]
        return [form for form in plain if form.effects.stores and not form.effects.loads]

    def plain(self, wanted: object) -> Shape | None:
        assert callable(wanted)
        for form in self.kinds.get("access", ()):
            if form.size == 4 and form.base and wanted(form.effects) and not form.effects.traps:
                return form
        return None

    # --- Control registers -----------------------------------------------------------------------

    @cached_property
    def control_writes(self) -> dict[str, Move]:
        """Control register -> an instruction that writes all or some bits of a general register to it."""
        return moves.writes(self.isa, self.kinds.get("system", ()), self.zero)

    @cached_property
    def control_reads(self) -> dict[str, Move]:
        """Control register -> an instruction that reads it into a general register, and may write to it as well."""
        return moves.reads(self.isa, self.kinds.get("system", ()), self.zero, self.probe)

    # --- Traps and interrupts --------------------------------------------------------------------

    @cached_property
    def handlings(self) -> list[Handling]:
        """What trap handlers have to do, that of the supervisor's mode first."""
        return handlers.handlings(self.isa, self.kinds.get("system", ()), self.control_writes, self.probe)

    @property
    def handling(self) -> Handling | None:
        """What the supervisor's trap handler has to do; None if a program can have none."""
        found = self.handlings[0] if self.handlings else None
        return found if found and found.epc in self.control_reads and self.adds else None

    @property
    def previous(self) -> tuple[str, int, int] | None:
        """Where the processor mode is kept during a trap: control register, bits hi and lo."""
        return self.handlings[0].previous if self.handlings else None

    @cached_property
    def modes(self) -> tuple[int, ...]:
        """The processor modes that programs can get into."""
        mode, h = self.isa.mode, self.handling
        if mode is None:
            return (0,)
        return tuple(
            n
            for n in range(mode.count)
            if n in (mode.supervisor, mode.user)
            or h is None
            or handlers.returns_into(self.isa, h, n, self.control_writes, self.probe)
        )

    @cached_property
    def entering(self) -> Entering | None:
        """How programs enter another kind of operation."""
        return entering(self.isa, self.kinds.get("system", ()), self.probe)

    @cached_property
    def devices(self) -> Devices:
        return Devices(self.isa)

    @cached_property
    def deadline(self) -> tuple[str | int, ...]:
        """The control registers with the timer's deadline, or the addresses of its device's registers, the high word
        first."""
        return handlers.deadline(self.isa) or self.devices.deadline

    @cached_property
    def clock(self) -> Move | None:
        """An instruction that reads at least the low word of the time."""
        timed = {c.name for c in self.isa.controls.values() for f in c.fields if f.lo == 0 and is_time(f)}
        for name in timed:
            if name in self.control_reads:
                return self.control_reads[name]
        for form in self.kinds.get("system", ()):
            for n in s.walk(*form.insn.body):
                if isinstance(n, s.SetRegister) and isinstance(n.index, str) and low_time(n.value):
                    return Move(form, n.index, {})
        return None

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The control registers that say which interrupt lines are enabled, and which are pending."""
        i = self.isa.interrupts
        named = dict.fromkeys(n.name for n in s.walk(i.pending) if isinstance(n, s.Control)) if i else {}
        controls = self.isa.controls
        return tuple(
            name
            for name in named
            if name in self.control_writes and (controls[name].writable or controls[name].setter is not None)
        )

    @cached_property
    def enabling(self) -> dict[str, int]:
        """Control register -> its bits that allow interrupts, without the processor mode."""
        i, mode = self.isa.interrupts, self.isa.mode
        bits = control_bits(self.isa, i.enable) if i else {}
        return {n: mask & ~(mode.bits.mask if mode and mode.control == n else 0) for n, mask in bits.items()}

    @cached_property
    def allowances(self) -> list[Allowance]:
        """The instructions that change whether interrupts are allowed, by themselves."""
        return moves.allowances(self.isa, self.kinds.get("system", ()), self.enabling, self.probe)

    @cached_property
    def flushes(self) -> list[Shape]:
        return [form for form in self.forms.values() if form.effects.flushes]

    @cached_property
    def outs(self) -> list[Shape]:
        """Instructions that write to I/O ports."""
        return [form for form in self.kinds.get("port", ()) if s.has(frozenset((s.Out,)), *form.insn.body)]

    @cached_property
    def waits(self) -> list[Shape]:
        return [form for form in self.forms.values() if form.effects.waits]

    # --- Paging ----------------------------------------------------------------------------------

    @cached_property
    def turning(self) -> dict[str, int]:
        """Control register -> the bits that turn paging on, in the mode that it is for."""
        p, walker = self.isa.paging, self.probe.cpu.walker
        if p is None or walker is None:
            return {}
        mode = self.isa.mode
        words = {n: mask for n, mask in control_bits(self.isa, p.when).items() if not mode or n != mode.control}

        def on(controls: dict[str, int]) -> bool:
            self.probe.reset(mode.user if mode else None)
            for name, word in controls.items():
                self.probe.cpu.s[self.isa.slots[name]] = word & self.isa.controls[name].stored
            self.probe.cpu.changed()
            return bool(self.probe.cpu.walker) and walker.translates()

        for name in list(words):
            less = {n: word for n, word in words.items() if n != name}
            if on(less):
                words = less
        return words

    def paged(self, root: int) -> dict[str, int]:
        """Return control register -> the word that turns paging on with the root table at an offset in RAM."""
        p = self.isa.paging
        if p is None:
            return {}
        words, frame, low = dict(self.turning), p.root, 0
        while isinstance(frame, s.Slice):
            low, frame = low + frame.lo, frame.a
        if isinstance(frame, s.Control):
            words[frame.name] = words.get(frame.name, 0) | self.base + root >> p.page << low
        return words if all(name in self.control_writes for name in words) else {}

    @cached_property
    def rights(self) -> tuple[str, ...]:
        """Control registers that programs can write, and that the rights of pages depend on."""
        p = self.isa.paging
        if p is None:
            return ()
        found = controls_read(self.isa, *p.rights)
        mode = self.isa.mode
        own = control_bits(self.isa, *p.rights)
        if mode and own.get(mode.control) == mode.bits.mask and len(found) == len(own):
            found -= {mode.control}  # the processor mode alone does not count
        return tuple(name for name in sorted(found) if name in self.control_writes)


def is_time(f: Bits) -> bool:
    return f.source is not None and low_time(f.source)


def low_time(value: s.Expr) -> bool:
    """Is this the low word of the time?"""
    match value:
        case s.Slice(_, s.Call(_, "time", _), 31, 0) | s.Call(32, "time", _):
            return True
    return False
