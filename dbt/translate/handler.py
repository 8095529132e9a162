"""Entry to the guest's trap handler in generated code: what the interpreter does when it takes a trap, lowered."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.host.target import Unsupported
from ring1.dbt.ir.bind import bind_exit, bind_trap
from ring1.dbt.machine.state import TRAPPED
from ring1.dbt.translate.bodies import ACCESSES, jump_last
from ring1.dbt.translate.foresight import Foresight
from ring1.dbt.translate.lower import Lowering
from ring1.isa import semantics as s
from ring1.isa.model import WORD

NEVER = s.Const(1, 0)


def take_trap(lowering: Lowering, pc: int, body: s.Body, step: int) -> None:
    """Enter the handler, as the instruction at pc always traps. `step`: the exit to the interpreter.

    That exit is taken if the budget is used up, there is no handler, or nothing has retired since the last trap.
    """
    trap, host, before = body[-1], lowering.host, len(lowering.exits)
    written = host.position()
    lowering.index = host.index = lowering.count - 1  # the trapping instruction does not retire
    host.pad, host.lookup = None, lowering.lookup
    host.fresh()
    try:
        if not isinstance(trap, s.Raise) or len(body) > 1 or lowering.mode != lowering.block_mode:
            raise Unsupported("trap")
        if s.has(ACCESSES, trap):
            raise Unsupported("a trap that may fault")
        host.unless_left(step)
        enter(lowering, trap, s.Const(WORD, pc), lowering.block_mode, step)
    except Unsupported:
        host.back(written)
        del lowering.exits[before:]
        host.jump(step)
    lowering.mode = lowering.block_mode


def enter(
    lowering: Lowering,
    trap: s.Raise,
    pc: s.Const | s.Local,
    mode: int | None,
    step: int,
    decided: Callable[[], None] = lambda: None,
    diverted: bool = False,
) -> None:
    """Enter the handler for a trap at pc in a mode (None: the present one). Go to `step`, with nothing changed, unless
    the trap is no exit (it is `diverted` if it is one), there is a handler, and something has retired since the last
    trap. `decided` writes what is done once it is known that the trap is taken. Raises Unsupported."""
    host, isa = lowering.host, lowering.isa
    if isa.trap is None:
        raise Unsupported("trap")
    at = pc.value if isinstance(pc, s.Const) else pc
    unless, entry = bind_trap(isa, trap.cause, trap.value, at, mode)
    entry = jump_last(entry)
    ahead = Foresight(entry, True)
    if ahead.flushes:
        raise Unsupported("flush")
    exits = NEVER if diverted else bind_exit(isa, trap.cause, trap.value, at, mode)
    if exits != NEVER:
        host.jump(step, host.compare(exits))
    if unless is not None:
        host.jump(step, host.compare(unless))
    lowering.reach_pages(ahead)
    host.note_trap_time(step)
    decided()
    host.keep(TRAPPED, trap.cause)
    host.keep(TRAPPED + 4, trap.value)
    # A wide write: the pc, and 0 in the word behind it, which says that there was a trap.
    host.keep(TRAPPED + 8, pc, wide=True)
    lowering.follow, lowering.recheck, lowering.moves, lowering.looks = None, False, False, False
    lowering.statements(entry, pc.value if isinstance(pc, s.Const) else 0)
