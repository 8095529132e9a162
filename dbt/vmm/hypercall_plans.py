"""The hypercalls and traps of a paravirtualized guest that generated code does, as plans (translate/hypercall.py).

Each does what the function of its name in hypercalls.py does, and Paravirtual around it; the others are left to these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ring1.dbt.host.target import Target
from ring1.dbt.ir.bind import bind, bind_undefined, written_out
from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.state import ONES
from ring1.dbt.translate.block import Translator
from ring1.dbt.translate.emulation import Emulation, Site
from ring1.dbt.translate.hypercall import (
    PENDING_LINES,
    Interrupts,
    ParavirtualRoutine,
    Plan,
    Planned,
    frame_word,
)
from ring1.dbt.translate.routine import Routine
from ring1.dbt.vmm.hypercalls import (
    ENABLE,
    FIRST,
    FLUSH,
    INSTRUCTION,
    KERNEL,
    KINDS,
    MODE,
    MOST_UPDATES,
    ORIGIN,
    RETURN,
    SECOND,
)
from ring1.dbt.vmm.shared_frame import CAUSE, MASKED, PC, PENDING, SIZE, STATUS, VALUE
from ring1.isa import semantics as s
from ring1.isa.codec import Decoded, encode
from ring1.isa.effects import sensitive
from ring1.isa.model import WORD, Bits, Isa
from ring1.isa.record import replace

ADDRESS = "scratch"
"""The control register that has the frame's address (see SharedFrame)."""


class HypercallPlans:
    """The plans of one guest's monitor."""

    def __init__(self, isa: Isa, ram: int) -> None:
        """`ram`: bytes of RAM."""
        assert isa.mode is not None
        self.isa = isa
        self.ram = ram
        self.modes: Sequence[int] = range(isa.mode.count)
        self.psw = s.Control(WORD, isa.mode.control)
        fields = {bits.name: bits for bits in isa.controls[isa.mode.control].fields}
        self.ring, self.enable, self.origin = fields[MODE], fields[ENABLE], fields[ORIGIN]
        self.first, self.second = isa.register_numbers[FIRST], isa.register_numbers[SECOND]
        self.told = Interrupts(
            where=ADDRESS,
            size=SIZE,
            masked=MASKED,
            pending=PENDING,
            entry=self.entry(),
            mode=KERNEL,
            disarmed=(self.arm(s.Const(1, 0)),),
        )

    def elsewhere(self, isa: Isa) -> Mapping[str, int]:
        """See Emulating."""
        return {}

    def emulation(self, translator: Translator, site: Site, frames: Mapping[int, int]) -> Emulation | None:
        """See Emulating."""
        plan = self.plan(translator.decoder.decode(site.word), site)
        return None if plan is None else Planned(translator, plan, ADDRESS, site, frames)

    def routine(self, target: Target) -> Routine | None:
        """See Emulating."""
        return ParavirtualRoutine(target, self.told)

    def plan(self, decoded: Decoded | None, site: Site) -> Plan | None:
        """Return what the monitor does at an instruction; None if that is not to be done by generated code."""
        if decoded is None:
            return self.trap(bind_undefined(self.isa, site.word, site.pc, site.mode))
        name = decoded.instruction.name
        if name == INSTRUCTION and site.mode == KERNEL:
            (number,) = decoded.values.values()
            return self.hypercall(KINDS[number] if number < len(KINDS) else "", site.pc)
        if name in sensitive(self.isa) and site.mode == KERNEL:
            return None  # its kernel is refused
        return self.trap(bind(self.isa, decoded, site.word, site.pc, site.mode))

    def set_field(self, bits: Bits, value: s.Expr) -> s.Stmt:
        return s.SetControl(self.psw, bits.hi, bits.lo, value)

    @staticmethod
    def write(name: str, value: s.Expr) -> s.Stmt:
        """Write a whole control register."""
        return s.SetControl(s.Control(WORD, name), WORD - 1, 0, value)

    def arm(self, on: s.Expr) -> s.Stmt:
        """See Paravirtual.arm."""
        return self.set_field(self.enable, on)

    def trap(self, body: s.Body) -> Plan | None:
        """See Paravirtual.trap_entry."""
        if not s.always_traps(body):
            return None
        return replace(self.told.entry, body=body)

    def entry(self) -> Plan:
        """Return the plan of Paravirtual.trap_entry, for a trap or interrupt that is yet to be named."""
        zero = s.Const(WORD, 0)
        described = [(at, written_out(self.isa, s.Control(WORD, name))) for at, name in NAMED]
        return Plan(
            body=(),
            before=(self.arm(s.Binary(1, "==", frame_word(MASKED), zero)),),
            after=(self.set_field(self.ring, s.Const(self.ring.hi - self.ring.lo + 1, KERNEL)),),
            results=((MASKED, s.Const(WORD, 1)), *described, (STATUS, self.psw)),
            last=(self.arm(s.Binary(1, "==", PENDING_LINES, zero)),),
            frame=SIZE,
        )

    def hypercall(self, kind: str, pc: int) -> Plan | None:
        """Return the plan of a hypercall that only moves state."""
        zero = s.Const(WORD, 0)
        first, second = s.Register(WORD, self.first), s.Register(WORD, self.second)
        made: Plan | None = None
        if kind == "poll":
            made = Plan(body=(s.SetRegister(self.first, zero),))
        elif kind == "time":
            time, high = (written_out(self.isa, s.Control(WORD, name)) for name in ("time", "timeh"))
            made = Plan(body=(s.SetRegister(self.second, high), s.SetRegister(self.first, time)))
        elif kind == "update":
            number = s.Binary(WORD, "&", second, s.Const(WORD, ~FLUSH & ONES))
            made = Plan(
                body=(s.SetRegister(self.first, number),),
                unless=(s.Binary(1, "<u", s.Const(WORD, MOST_UPDATES), number),),
                batch=(first, number),
                flush=s.Binary(1, "!=", s.Binary(WORD, "&", second, s.Const(WORD, FLUSH)), zero),
            )
        elif kind == "space":
            root = s.Binary(WORD, "&", first, s.Const(WORD, -PAGE & ONES))
            outside = s.Binary(1, "<u", s.Const(WORD, self.ram - PAGE), root)
            made = Plan(body=(self.write("ptb", first), s.SetRegister(self.first, zero)), unless=(outside,))
        elif kind == "port_in":
            made = Plan(body=(s.SetRegister(self.first, s.Port(WORD, s.Slice(16, first, 15, 0))),))
        elif kind == "port_out":
            out = s.Out(s.Slice(16, first, 15, 0), second)
            made = Plan(body=(out, s.SetRegister(self.first, zero)))
        elif kind == "lines":
            made = Plan(body=(self.write("ie", first), s.SetRegister(self.first, zero)))
        elif kind == "timer":
            deadline = self.write("timecmp", first), self.write("timecmph", second)
            made = Plan(body=(*deadline, s.SetRegister(self.first, zero)))
        elif kind == "iret":
            made = self.iret(pc)
        return made and replace(made, last=(self.arm(s.Const(1, 1)),), enables=True)

    def iret(self, pc: int) -> Plan:
        """See Hypercalls.iret."""
        status, origin = frame_word(STATUS), s.Const(WORD, self.origin.mask)
        nowhere = s.Binary(1, "==", s.Binary(WORD, "&", status, origin), s.Const(WORD, 0))
        kernel = s.Binary(WORD, "|", status, s.Const(WORD, KERNEL << self.origin.lo))
        whole = s.Binary(WORD, "&", s.Select(WORD, nowhere, kernel, status), s.Const(WORD, ~self.ring.mask & ONES))
        insn = self.isa.instructions[RETURN]
        word = encode(insn, {})
        entry = (
            self.write("epc", frame_word(PC)),
            s.SetControl(self.psw, WORD - 1, 0, whole),
        )
        assert self.isa.interrupts is not None
        enabled = written_out(self.isa, self.isa.interrupts.enable)
        masked = s.Extend(WORD, s.Binary(1, "==", enabled, s.Const(enabled.width, 0)), False)
        return Plan(
            body=(*entry, *bind(self.isa, Decoded(insn, {}), word, pc, 0)), results=((MASKED, masked),), frame=SIZE
        )


NAMED = (PC, "epc"), (CAUSE, "cause"), (VALUE, "tval")
"""Words of the frame, and the control registers whose values they get."""
