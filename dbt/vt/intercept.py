"""Decides by the execution controls which instructions in non-root operation cause a VM exit instead of executing.

An instruction that traps in its processor mode takes the trap, and causes no VM exit by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ring1.dbt.ir.bind import bind
from ring1.dbt.ir.fold import rebuild
from ring1.dbt.machine.step import Cpu
from ring1.dbt.vt import controls, exits, fields
from ring1.dbt.vt.exits import VmExit
from ring1.dbt.vt.host import HostMemory
from ring1.dbt.vt.vmcs import Vmcs
from ring1.isa import semantics as s
from ring1.isa.codec import Decoded
from ring1.isa.effects import Effects, effects
from ring1.isa.model import WORD, Isa
from ring1.isa.python import ENVIRONMENT, Source
from ring1.isa.record import Record

PORTS = 1 << 16
HALF = PORTS // 2
MOST_PLANS = 1 << 12
DECIDED_BY = (fields.PRIMARY, fields.EXCEPTIONS, fields.READS, fields.WRITES)
NEVER = -1
PLACE = frozenset((s.Pc,))

Plan = tuple[int, int, Callable[[Cpu], int] | None]
"""Exit reason or NEVER, qualification, and a function that computes the port if the exit depends on it."""


class Exiting(Record):
    """The execution controls that decide on instructions whatever registers hold; translated code depends on no
    others."""

    primary: int
    exceptions: int
    reads: int
    writes: int

    def name(self, isa: Isa, body: s.Body, found: Effects) -> str:
        """Return the name of the VM exit that a bound instruction may cause; empty if it never does."""
        if found.always_traps:
            match body[-1]:
                case s.Raise(s.Const(_, cause), _) if self.traps(cause):
                    return exits.NAMES[exits.EXCEPTION]
            return ""
        if found.ports and self.primary & (controls.PORT_EXITING | controls.PORT_BITMAPS):
            return exits.NAMES[exits.IO]
        if found.waits and self.primary & controls.HLT_EXITING:
            return exits.NAMES[exits.HLT]
        if found.flushes and self.primary & controls.FLUSH_EXITING:
            return exits.NAMES[exits.FLUSH]
        numbers = {name: n for n, name in enumerate(isa.controls)}
        if any(self.writes >> numbers[name] & 1 for name in found.writes):
            return exits.NAMES[exits.CONTROL]
        if any(self.reads >> numbers[name] & 1 for name in found.reads) or (found.files and self.reads):
            return "control read"
        if "time" in found.calls and self.primary & controls.TIME_EXITING:
            return exits.NAMES[exits.TIME]
        return ""

    def traps(self, cause: int) -> bool:
        """Does a trap of this cause exit?"""
        return cause < 32 and bool(self.exceptions >> cause & 1)


class Intercepts:
    """The intercepts of a VMCS: instructions, and traps that the guest takes."""

    def __init__(self, isa: Isa, vmcs: Vmcs, host: HostMemory) -> None:
        self.isa = isa
        self.values = vmcs.values
        self.host = host
        self.numbers = {name: n for n, name in enumerate(isa.controls)}
        self.plans: dict[tuple[int, int], Plan] = {}
        """Word and mode -> plan, for instructions that do not depend on pc."""
        self.planned_by: Exiting | None = None
        """The controls that the plans were made by."""

    @property
    def exiting(self) -> Exiting:
        """The present controls that decide on instructions."""
        primary, exceptions, reads, writes = (self.values[at] for at in DECIDED_BY)
        return Exiting(primary & ~controls.INTERRUPT_WINDOW_EXITING, exceptions, reads, writes)

    def traps(self, cause: int) -> bool:
        """Does a trap of this cause exit?"""
        return cause < 32 and bool(self.values[fields.EXCEPTIONS] >> cause & 1)

    def bit(self, bitmap: int, name: str) -> bool:
        return bool(self.values[bitmap] >> self.numbers[name] & 1)

    # --- When it is about to be executed ---------------------------------------------------

    def renew(self) -> None:
        """On VM entry, drop the plans if the controls have changed."""
        now = self.exiting
        if now != self.planned_by:
            self.planned_by = now
            self.plans.clear()

    def find(self, cpu: Cpu, decoded: Decoded, word: int, pc: int, mode: int) -> VmExit | None:
        """Return the VM exit that the instruction causes now, or None."""
        plan = self.plans.get((word, mode))
        if plan is None:
            plan = self.plan(decoded, word, pc, mode)
            if len(self.plans) >= MOST_PLANS:
                self.plans.clear()
            if not s.has(PLACE, *decoded.instruction.body):
                self.plans[word, mode] = plan
        reason, qualification, port = plan
        if port is not None:
            number = port(cpu) & PORTS - 1
            if not self.exits_on(number):
                return None
            qualification |= number << exits.PORT_SHIFT
        return None if reason == NEVER else VmExit(reason, qualification, word)

    def plan(self, decoded: Decoded, word: int, pc: int, mode: int) -> Plan:
        """Return the plan for the instruction at its pc and in its mode."""
        isa, primary = self.isa, self.values[fields.PRIMARY]
        body = bind(isa, decoded, word, pc, mode)
        whole = effects(isa, body)
        if whole.always_traps:
            return NEVER, 0, None
        if whole.ports:
            node = next(n for n in s.walk(*body) if isinstance(n, s.Port | s.Out))
            way = exits.INPUT if isinstance(node, s.Port) else 0
            return exits.IO, WORD // 8 - 1 | way, self.number(without_locals(body, node))
        if whole.waits and primary & controls.HLT_EXITING:
            return exits.HLT, 0, None
        if whole.flushes and primary & controls.FLUSH_EXITING:
            return exits.FLUSH, 0, None
        for name in sorted(whole.writes, key=self.numbers.__getitem__):
            if self.bit(fields.WRITES, name):
                return exits.CONTROL, self.numbers[name], None
        for name in sorted(named(isa, decoded), key=self.numbers.__getitem__):
            if self.bit(fields.READS, name):
                return exits.CONTROL, self.numbers[name] | exits.READ, None
        if "time" in whole.calls and primary & controls.TIME_EXITING:
            return exits.TIME, 0, None
        return NEVER, 0, None

    def number(self, port: s.Expr) -> Callable[[Cpu], int]:
        """Return a function that computes the number of a port."""
        environment: dict[str, Any] = dict(ENVIRONMENT)
        made: Callable[[Cpu], int] = eval(f"lambda m: (lambda s: {Source(self.isa).expr(port)})(m.s)", environment)
        return made

    def exits_on(self, port: int) -> bool:
        """Does an access to a port exit?"""
        primary = self.values[fields.PRIMARY]
        if not primary & controls.PORT_BITMAPS:
            return bool(primary & controls.PORT_EXITING)
        half = fields.PORTS_LOW if port < HALF else fields.PORTS_HIGH
        return bool(self.host.bytes[self.values[half] + (port % HALF >> 3)] >> (port & 7) & 1)


def without_locals(body: s.Body, access: s.Port | s.Out) -> s.Expr:
    """Return the port of an access in a body, with names replaced by what each `let` before it defines."""
    known: dict[str, s.Expr] = {}

    def present(leaf: s.Expr) -> s.Expr:
        return known.get(leaf.name, leaf) if isinstance(leaf, s.Local) else leaf

    for node in s.walk(*body):
        if node is access:
            break
        if isinstance(node, s.Let):
            known[node.name] = rebuild(node.value, present)
    return rebuild(access.port, present)


def named(isa: Isa, decoded: Decoded) -> set[str]:
    """Return the control registers that an instruction reads by name or number, not counting its test of the processor
    mode."""
    nodes = s.walk(*decoded.instruction.body)
    mode = isa.mode
    passed = {id(n.control) for n in nodes if isinstance(n, s.SetControl)}
    if mode is not None:
        place = mode.bits.hi, mode.bits.lo
        passed |= {id(n.a) for n in nodes if isinstance(n, s.Slice) and (n.hi, n.lo) == place}
    found = {n.name for n in nodes if isinstance(n, s.Control) and id(n) not in passed}
    by_number = [n.operand for n in nodes if isinstance(n, s.ControlFile) and id(n) not in passed]
    return found | {isa.control_numbers[decoded.values[operand]].name for operand in by_number}
