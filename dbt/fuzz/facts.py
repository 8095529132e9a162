"""What a description offers to code that writes programs for its machine without knowing it.

Facts are read off the bodies of instructions, or tried on the reference interpreter: which instructions compute, access
memory, branch, jump and trap; how to load a constant, and how to move a register to a control register; what a trap
handler has to do. What a machine lacks is None or empty here, and its programs do without.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import product

from ring1.dbt.fuzz.shapes import Affine, Move, Shape, classified, span
from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.state import ONES
from ring1.dbt.machine.step import Cpu
from ring1.isa import semantics as s
from ring1.isa.codec import OperandError, alignment, encode
from ring1.isa.controls import control_bits, controls_read
from ring1.isa.model import WORD, Bits, Isa
from ring1.isa.python import Trap
from ring1.isa.simplify import assuming

MANY = 4
"""With more registers than this, some can be reserved."""
PROBE = 0x100
"""Address at which instructions are tried."""
AWAY = 64
"""Distance in bytes of the branches that are tried."""
SAMPLES = (0, 1, 2, 3, 5, 17, 100, 0x7FF)
WORDS = (0, 1, 5, 0x1234, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFF800)


class Facts:
    """A machine as the writers of programs see it."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.forms = {name: classified(isa, insn) for name, insn in isa.instructions.items()}
        self.kinds: dict[str, list[Shape]] = {}
        for each in self.forms.values():
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
        self.probe = Cpu(isa, Memory(1 << 16), Bus())
        self.loads = list(self.affine(False))
        self.adds = [a for a in self.affine(True) if a.shift == 0]

    # --- Trying ---------------------------------------------------------------------------------

    def attempt(self, form: Shape, values: Mapping[str, int], registers: Mapping[int, int]) -> int | None:
        """Execute one instruction in supervisor mode, with these registers and all others 0. Returns the next pc, None
        if it traps."""
        cpu, mode = self.probe, self.isa.mode
        cpu.reset(cpu, 0)
        if mode:
            slot = self.isa.slots[mode.control]
            cpu.s[slot] = cpu.s[slot] & ~mode.bits.mask | mode.supervisor << mode.bits.lo
        for number in self.free:
            cpu.s[number] = registers.get(number, 0)
        cpu.pc = PROBE
        try:
            return cpu.instruction(encode(form.insn, form.filled(values)))(PROBE)
        except (Trap, OperandError):
            return None

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
                if self.attempt(form, {**fixed, target: first, **rest, named: operand}, {second: value}) is None:
                    return None
                return self.probe.s[first]

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
                there = [self.attempt(form, values, {tried: v}) for v in (*taken, *not_taken)]
                if there == [PROBE + AWAY] * len(taken) + [PROBE + WORD // 8] * len(not_taken):
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
            for add in self.adds:
                if load.shift and all(self.halves(load, add, value) for value in WORDS):
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
        found: dict[str, Move] = {}
        for form in self.kinds.get("system", ()):
            for n in s.walk(*form.insn.body):
                if not isinstance(n, s.SetControl) or (n.hi, n.lo) != (31, 0):
                    continue
                control = n.control
                match assuming(n.value, {}):
                    case s.Register(_, str(register)) | s.Binary(_, "&", s.Register(_, str(register)), s.Const()):
                        for name, fixed in self.file(control):
                            if isinstance(control, s.Control) or name not in found:
                                found[name] = Move(form, register, fixed)
        return found

    @cached_property
    def control_reads(self) -> dict[str, Move]:
        """Control register -> an instruction that reads it into a general register, and may write to it as well."""
        found: dict[str, Move] = {}
        for form in self.kinds.get("system", ()):
            lets = {n.name: n.value for n in s.walk(*form.insn.body) if isinstance(n, s.Let)}
            for n in s.walk(*form.insn.body):
                if isinstance(n, s.SetRegister) and isinstance(n.index, str):
                    value = lets.get(n.value.name) if isinstance(n.value, s.Local) else n.value
                    if isinstance(value, s.Control | s.ControlFile):
                        for name, fixed in self.file(value):
                            if isinstance(value, s.Control) or name not in found:
                                found[name] = Move(form, n.index, fixed)
        return found

    def file(self, control: s.Control | s.ControlFile) -> list[tuple[str, dict[str, int]]]:
        """Return the control registers that an instruction may access, each with the operands that select it."""
        if isinstance(control, s.Control):
            return [(control.name, {})]
        return [(c.name, {control.operand: number}) for number, c in self.isa.control_numbers.items()]

    # --- Traps and interrupts --------------------------------------------------------------------

    def set_by_trap(self, wanted: type[s.Expr] | str) -> str | None:
        """Return the control register that taking a trap sets to the pc, or to a parameter."""
        for n in s.walk(*self.isa.trap.body) if self.isa.trap else ():
            if isinstance(n, s.SetControl) and isinstance(n.control, s.Control):
                same = isinstance(n.value, s.Local) and n.value.name == wanted
                if same if isinstance(wanted, str) else isinstance(n.value, wanted):
                    return n.control.name
        return None

    @cached_property
    def epc(self) -> str | None:
        """The control register with the address of the instruction that trapped ..."""
        return self.set_by_trap(s.Pc)

    @cached_property
    def cause(self) -> str | None:
        """... the one with the cause of the trap ..."""
        return self.set_by_trap(self.isa.trap.parameters[0]) if self.isa.trap else None

    @cached_property
    def vector(self) -> str | None:
        """... and the one with the address of the trap handler."""
        for n in s.walk(*self.isa.trap.body) if self.isa.trap else ():
            if isinstance(n, s.SetPc) and isinstance(n.value, s.Control):
                return n.value.name
        return None

    @cached_property
    def returns(self) -> Shape | None:
        """The instruction that returns from a trap."""
        for form in self.kinds.get("system", ()):
            for n in s.walk(*form.insn.body):
                if isinstance(n, s.SetPc) and isinstance(n.value, s.Control) and n.value.name == self.epc:
                    return form
        return None

    @cached_property
    def previous(self) -> tuple[str, int, int] | None:
        """Where the processor mode is kept during a trap: control register, bits hi and lo."""
        mode = self.isa.mode
        for n in s.walk(*self.isa.trap.body) if self.isa.trap and mode else ():
            match n:
                case s.SetControl(s.Control(_, kept), hi, lo, s.Slice(_, s.Control(_, name), high, low)):
                    assert mode is not None
                    if (name, high, low) == (mode.control, mode.bits.hi, mode.bits.lo):
                        return kept, hi, lo
        return None

    @property
    def handles(self) -> bool:
        """Can a program have a trap handler?"""
        needed = self.vector in self.control_writes and self.epc in self.control_writes
        return needed and self.epc in self.control_reads and self.returns is not None and bool(self.adds)

    @cached_property
    def deadline(self) -> tuple[str, ...]:
        """The control registers with the timer's deadline, the high word first."""
        for control in self.isa.controls.values():
            for f in control.fields:
                for n in s.walk(f.source) if f.source is not None else ():
                    if isinstance(n, s.Call) and n.name == "reached":
                        return tuple(c.name for c in s.walk(*n.args) if isinstance(c, s.Control))
        return ()

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
        return tuple(name for name in named if name in self.control_writes and self.isa.controls[name].writable)

    @cached_property
    def enabling(self) -> dict[str, int]:
        """Control register -> its bits that allow interrupts, without the processor mode."""
        i, mode = self.isa.interrupts, self.isa.mode
        bits = control_bits(self.isa, i.enable) if i else {}
        return {n: mask & ~(mode.bits.mask if mode and mode.control == n else 0) for n, mask in bits.items()}

    @cached_property
    def enables(self) -> list[Shape]:
        """Instructions without operands that change whether interrupts are allowed."""
        own = [form for form in self.kinds.get("system", ()) if not form.insn.operands and not form.effects.jumps]
        return [form for form in own if form.effects.writes & self.enabling.keys()]

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

    def paged(self, root: int) -> dict[str, int]:
        """Return control register -> the word that turns paging on with the root table at a physical address."""
        p, mode = self.isa.paging, self.isa.mode
        if p is None:
            return {}
        when = control_bits(self.isa, p.when)
        frame: s.Expr = p.root
        low = 0
        while isinstance(frame, s.Slice):
            low, frame = low + frame.lo, frame.a
        words = {name: mask for name, mask in when.items() if not mode or name != mode.control}
        if isinstance(frame, s.Control):
            words[frame.name] = words.get(frame.name, 0) | root >> p.page << low
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
