"""The definition of a virtual machine: its state, who owns each part of it, the mode that a guest runs in, and the
outcome of an instruction.

This is the one definition for the analysis (ring1.isa.classify), the experiment (ring1.dbt.theory) and the monitors
(dbt/engines/trap.py, dbt/engines/hybrid.py, dbt/vmm/deprivileged.py). It follows G. J. Popek, R. P. Goldberg, "Formal
requirements for virtualizable third generation architectures", CACM 17(7), 1974, pp. 412-421: the state and the trap
are defined on pp. 414-415, the kinds of instructions on pp. 415-416. "ring1:" marks our own extensions, since their
machine has two modes, one relocation register, no devices and no words that trap handlers read.

State (E, M, P, R)
    M is the field that `mode` names, P the pc. E is what a program owns: memory as it sees it, and its registers;
    ring1: also the control bits that the machine itself does not use (`owned`). R is all else, what a monitor keeps
    to itself: the control bits that determine where memory is, which interrupts are taken, and what a trap does
    (`kept`); ring1: also devices, the size of RAM, frames, the TLB and the processor, which an instruction may yield
    by waiting. The time is in neither: instructions that show it are listed separately.

Outcome
    A state or a trap. Memory traps alone are left aside, as in the paper; ring1: only whether they occur, not the
    address that is accessed, so the addresses of accesses are part of the outcome. Two traps are one outcome, whatever
    their causes: the monitor has control, and what the guest then sees comes from the virtual machine, in which the
    instruction is executed once more.

Monitor
    It puts the guest's kernel into a mode that is not the supervisor's. The paper has one such mode; ring1: any, and
    all modes that are as privileged are mapped to it as well (`compressed`). The real machine then has the guest's E
    and P, and M and R of the monitor's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ring1.isa import semantics as s
from ring1.isa.derived import derived
from ring1.isa.file_write import file_write
from ring1.isa.model import Isa
from ring1.isa.simplify import assuming

Masks = dict[str, int]
"""Control register -> mask of bits."""


# --- Whose the control bits are ----------------------------------------------------


@derived
def kept(isa: Isa) -> Mapping[str, int]:
    """Return M and R as far as they are in control registers: the bits that a monitor keeps to itself.

    They are those that the machine consults, those that no program can write, and those that a trap overwrites without
    saving, which a program would lose at each trap to its monitor. A bit that a trap only saves is the program's.
    """
    masks = consulted(isa)
    for control in isa.controls.values():
        if control.readonly:
            add(masks, {control.name: control.stored})
    add(masks, lost_in_traps(isa))
    return {name: mask for name, mask in masks.items() if mask}


def owned(isa: Isa) -> Masks:
    """Return the control bits that are the program's, and part of E: all that are writable and not kept."""
    mine = kept(isa)
    free = {name: control.writable & ~mine.get(name, 0) for name, control in isa.controls.items()}
    return {name: mask for name, mask in free.items() if mask}


def consulted(isa: Isa) -> Masks:
    """Return the control bits, stored or computed, that have an effect by themselves: on address translation, on
    whether an interrupt is taken, on whether and where a trap goes, and those that a trap copies into one of these."""
    nodes: list[s.Node] = []
    if p := isa.paging:
        nodes += [p.when, p.root, *p.rights]
    if i := isa.interrupts:
        nodes += [i.enable, i.pending, i.cause, i.value]
    copies: list[tuple[s.SetControl, Masks]] = []
    for handler in dict.fromkeys((isa.trap, isa.undefined, *isa.absent)):
        if handler:
            nodes += [handler.unless] if handler.unless else []
            for node in s.walk(*handler.body):
                copied = copies_of(node)
                if copied is not None and isinstance(node, s.SetControl):
                    copies.append((node, copied))
                elif isinstance(node, s.Stmt) and not (isinstance(node, s.Store) and copied is not None):
                    nodes += [child for child in s.children(node) if isinstance(child, s.Expr)]
    masks = read(isa, [assuming(node, {}) if isinstance(node, s.Expr) else node for node in nodes])
    if isa.mode:
        add(masks, {isa.mode.control: isa.mode.bits.mask})
    while True:
        before = dict(masks)
        for write, copied in copies:
            if any(mask & masks.get(name, 0) for name, mask in written(isa, write).items()):
                add(masks, copied)
        if masks == before:
            return masks


def lost_in_traps(isa: Isa) -> Masks:
    """Return the bits of control registers that a trap overwrites without having saved them."""
    saved: Masks = {}
    lost: Masks = {}
    for stmt in isa.trap.body if isa.trap else ():
        copied = copies_of(stmt)
        if copied is not None:
            add(saved, {name: mask & ~lost.get(name, 0) for name, mask in copied.items()})
        for node in s.walk(stmt):
            if isinstance(node, s.SetControl):
                add(lost, {name: mask & ~saved.get(name, 0) for name, mask in written(isa, node).items()})
    return lost


def copies_of(node: s.Node) -> Masks | None:
    """Return the control bits that a statement only copies to another register or to memory; None if it does more."""
    if not isinstance(node, s.SetControl | s.Store):
        return None
    masks: Masks = {}
    parts = [node.value]
    while parts:
        match parts.pop():
            case s.Concat(_, several):
                parts += several
            case s.Extend(_, a, False):
                parts.append(a)
            case s.Slice(_, s.Control(), _, _) | s.Control() as bits:
                add(masks, named([bits]))
            case s.Const() | s.Pc() | s.Word() | s.Local():
                pass
            case _:
                return None
    return masks


def read(isa: Isa, nodes: Iterable[s.Node]) -> Masks:
    """Return the control bits that nodes read, with those that these are computed from."""
    masks: Masks = {}
    todo = list(nodes)
    while todo:
        sources: list[s.Node] = []
        for name, mask in named(todo).items():
            for f in isa.controls[name].fields:
                if f.mask & mask & ~masks.get(name, 0):
                    add(masks, {name: f.mask & mask})
                    sources += [assuming(f.source, {})] if f.source is not None else []
        todo = sources
    return masks


def named(nodes: Iterable[s.Node]) -> Masks:
    """Return the control bits that nodes name, without expanding computed ones."""
    masks: Masks = {}
    queue = list(nodes)
    while queue:
        match queue.pop():
            case s.Slice(_, s.Control(_, name), hi, lo):
                add(masks, {name: mask_of(hi, lo)})
            case s.Control(width, name):
                add(masks, {name: mask_of(width - 1, 0)})
            case node:
                queue += s.children(node)
    return masks


def written(isa: Isa, write: s.SetControl) -> Masks:
    """Return the bits that a write reaches, by control register."""
    if isinstance(write.control, s.Control):
        control = isa.controls[write.control.name]
        return {control.name: control.writable & mask_of(write.hi, write.lo)}
    masks: Masks = {}
    for control in isa.control_numbers.values():
        for node in s.walk(*file_write(control, write.value)):
            if isinstance(node, s.SetControl):
                add(masks, written(isa, node))
    return masks


def add(masks: Masks, more: Mapping[str, int]) -> None:
    for name, mask in more.items():
        masks[name] = masks.get(name, 0) | mask


def mask_of(hi: int, lo: int) -> int:
    return (1 << hi + 1) - (1 << lo)


# --- Where the guest runs ----------------------------------------------------------


def rank(isa: Isa, mode: int) -> int:
    """Return the distance of a mode from the supervisor's towards the user's. Modes outside of that span are as
    privileged as the supervisor's."""
    assert isa.mode is not None
    supervisor, user = isa.mode.supervisor, isa.mode.user
    return abs(mode - supervisor) if min(supervisor, user) <= mode <= max(supervisor, user) else 0


def kernel_modes(isa: Isa) -> tuple[int, ...]:
    """Return the modes that a monitor can put the guest's kernel into, the most privileged first."""
    if isa.mode is None:
        return ()
    supervisor, user = isa.mode.supervisor, isa.mode.user
    step = 1 if user > supervisor else -1
    return tuple(range(supervisor + step, user + step, step)) if user != supervisor else ()


def compressed(isa: Isa, kernel: int) -> tuple[int, ...]:
    """Ring compression: return the real mode for each of the guest's modes when its kernel is put into mode `kernel`.

    More privileged modes share `kernel`, and none is mapped to the supervisor's.
    """
    assert isa.mode is not None
    least = rank(isa, kernel)
    return tuple(mode if rank(isa, mode) >= least else kernel for mode in range(isa.mode.count))
