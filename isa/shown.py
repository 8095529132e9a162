"""What an outcome reveals and changes of the state that a monitor keeps to itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ring1.isa import semantics as s
from ring1.isa.arithmetic import ones
from ring1.isa.demand import depended, set_always, set_ever
from ring1.isa.known import Known
from ring1.isa.model import WORD, Isa
from ring1.isa.outcome import PORT, Outcome, plain


def bits_named(isa: Isa, name: str, mask: int) -> list[str]:
    """Return the description's names of the bits of a control register."""
    return [name if f.name == name else f"{name}.{f.name}" for f in isa.controls[name].fields if f.mask & mask]


def runs(mask: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of ones in a mask, as highest and lowest bit."""
    while mask:
        lo = (mask & -mask).bit_length() - 1
        hi = lo + (~(mask >> lo) & (mask >> lo) + 1).bit_length() - 2
        yield hi, lo
        mask &= ~(ones(hi + 1) & ~ones(lo))


def changes(isa: Isa, machine: Mapping[str, int], known: Known, outcome: Outcome) -> set[str]:
    """Return the parts of M and R (`machine`) that an outcome changes where it does not trap."""
    found: set[str] = set()
    known = known.where(outcome.trap, False)
    for (kind, name, hi, lo), value in outcome.finals:
        if kind != "control":
            continue
        for top, bottom in runs((machine.get(name, 0) & ones(hi + 1)) >> lo):
            old = plain(known, s.Slice(top - bottom + 1, s.Control(WORD, name), top + lo, bottom + lo))
            if plain(known, s.Slice(top - bottom + 1, value, top, bottom)) != old:
                found.update(bits_named(isa, name, ones(hi + 1) & ~ones(lo)))
    effects = {s.Port: "devices", s.Out: "devices", s.StorePhysical: "memory", s.Wait: "processor", s.Flush: "TLB"}
    found.update(effects[event.kind] for event in outcome.untrapped(known).events if event.kind in effects)
    return found


class Shown:
    """Finds the parts of R and the primitives that an outcome depends on: through registers, pc, memory and the
    program's control bits, through the addresses accessed, and through whether it traps."""

    def __init__(self, isa: Isa, machine: Mapping[str, int], known: Known, outcome: Outcome) -> None:
        self.isa = isa
        self.machine = machine
        self.known = known
        self.parts = self.sources(outcome.trap)
        for event in outcome.events:
            if event.kind in (s.Load, s.Store, s.StorePhysical):
                self.parts |= self.sources(event.guard).union(*map(self.sources, event.values))
            if event.kind is s.StorePhysical:  # what the program sees there is a matter of where its memory is
                self.parts.add("phys()")
        for (kind, name, hi, lo), value in outcome.finals:
            mine = -1 if kind != "control" else (~machine.get(name, 0) & ones(hi + 1)) >> lo
            self.parts |= self.sources(value, mine)

    def sources(self, e: s.Expr, wanted: int = -1) -> set[str]:
        """Return what the bits `wanted` of a value depend on."""
        wanted &= set_ever(self.known, e) & ~set_always(self.known, e)
        if not wanted:
            return set()
        own = set[str]()
        match e:
            case s.Control(_, name):
                return set(bits_named(self.isa, name, wanted & self.machine.get(name, 0)))
            case s.Local(_, name):
                return {"devices"} if name.startswith(PORT) else set()
            case s.Call(_, name, _) if name in s.PRIMITIVES:
                own = {f"{name}()"}
        below = [n for n in s.children(e) if isinstance(n, s.Expr)]
        masks = depended(e, wanted, self.known)
        return own.union(*(self.sources(n, mask) for n, mask in zip(below, masks, strict=True)))
