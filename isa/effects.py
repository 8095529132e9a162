"""The effects of a body, read off its statements: the basis of sensitivity and of the translator's policies."""

from __future__ import annotations

from typing import NamedTuple

from ring1.isa import semantics as s
from ring1.isa.controls import controls_read
from ring1.isa.derived import derived
from ring1.isa.model import Isa


class Effects(NamedTuple):
    """The effects of a body, with control registers by name; `files` if it accesses one that an operand selects."""

    reads: frozenset[str]
    writes: frozenset[str]
    files: bool
    jumps: bool
    traps: bool
    """It can raise a trap of its own, apart from those of memory accesses."""
    always_traps: bool
    loads: bool
    stores: bool
    writes_physical: bool
    """It stores at physical addresses."""
    ports: bool
    waits: bool
    flushes: bool
    calls: frozenset[str]
    """Primitives called (see semantics.PRIMITIVES)."""

    @property
    def sensitive(self) -> bool:
        """Does it touch state that a VMM has to keep to itself?

        That is control state, devices, address translation, memory beside it, and time: everything except general
        registers, memory by translated addresses, pc and traps.
        """
        touched = self.reads or self.writes or self.files or self.calls or self.writes_physical
        return bool(touched or self.ports or self.waits or self.flushes)


def effects(isa: Isa, body: s.Body, files: bool = False) -> Effects:
    """Return the effects of a body, bound or not; `files` if it is known to access the control-register file."""
    nodes = s.walk(*body)
    kinds = {type(n) for n in nodes}
    written = {n.control.name for n in nodes if isinstance(n, s.SetControl) and isinstance(n.control, s.Control)}
    # A write does not read the control register that it names.
    targets = {id(n.control) for n in nodes if isinstance(n, s.SetControl)}
    read = controls_read(isa, *(n for n in nodes if isinstance(n, s.Control) and id(n) not in targets))
    return Effects(
        reads=frozenset(read),
        writes=frozenset(written),
        files=files or s.ControlFile in kinds,
        jumps=s.SetPc in kinds,
        traps=s.Raise in kinds,
        always_traps=bool(body) and isinstance(body[-1], s.Raise),
        loads=s.Load in kinds,
        stores=s.Store in kinds,
        writes_physical=s.StorePhysical in kinds,
        ports=s.Port in kinds or s.Out in kinds,
        waits=s.Wait in kinds,
        flushes=s.Flush in kinds,
        calls=frozenset(n.name for n in nodes if isinstance(n, s.Call)),
    )


@derived
def sensitive(isa: Isa) -> frozenset[str]:
    """Return the names of the sensitive instructions, which a VMM has to intercept or emulate."""
    return frozenset(name for name, insn in isa.instructions.items() if effects(isa, insn.body).sensitive)


@derived
def atomic(isa: Isa) -> frozenset[str]:
    """Return the names of the instructions that both load and store, or load with write permission: their accesses
    share one translation."""
    return frozenset(name for name, insn in isa.instructions.items() if s.atomic(insn.body))
