"""Programs by chance for a batch: those of the fuzzer, without what reference and peer cannot share, and with an end
that keeps their registers."""

from __future__ import annotations

from functools import cache, lru_cache
from random import Random

from ring1.dbt.fuzz import case, kernels
from ring1.dbt.fuzz.devices import Devices
from ring1.dbt.fuzz.facts import Facts
from ring1.dbt.fuzz.handlers import Handling
from ring1.dbt.fuzz.listing import DATA, LABEL, Line, Lines
from ring1.dbt.fuzz.peer import layout
from ring1.dbt.fuzz.peer.cpu import UNLIKE
from ring1.dbt.fuzz.peer.harness import BOARD, harness, machine
from ring1.dbt.fuzz.writer import Writer
from ring1.isa import boards

WITHOUT = frozenset((*UNLIKE, layout.SPARE, layout.STATUS, layout.TRAPS))
"""Control registers that programs do not name."""
OWN = "sscratch"
"""Where a handler of S keeps how many traps are left to it."""
MPRV = 1 << 17
TRAPS = Line("ebreak"), Line("ecall"), Line(DATA, (0,))
TRIES = 2
"""The traps by which a program tries to get into machine mode at its end, each so often."""


@cache
def usual() -> Facts:
    return Facts(machine())


@cache
def devices() -> Devices:
    """Return the devices of the board without the timer, whose time is the peer's own."""
    made = Devices(machine(), boards.load(BOARD))
    timed = {device.name for device in made.bus.timed}
    made.__dict__["places"] = [place for place in made.places if place.device not in timed]
    return made


@lru_cache(2 * layout.MOST)
def facts(number: int) -> Facts:
    """Return the machine as the writers of the program at this place in a batch see it."""
    return usual().elsewhere(layout.BASE + layout.place(number), WITHOUT, devices(), counted)


def counted(w: Writer, h: Handling) -> None:
    """Write what a handler begins with: it counts down how many traps are left. M's then leaves, another waits to be
    cut."""
    one, machine_mode = w.facts.scratch[0], w.facts.isa.mode.count - 1 if w.facts.isa.mode else 0
    numbers = {c.name: number for number, c in w.facts.isa.control_numbers.items()}
    left = numbers[layout.TRAPS if h.mode == machine_mode else OWN]
    on = w.label()
    w.lines += [
        Line("csrrs", (one, left, 0)),
        Line("addi", (one, one, -1)),
        Line("csrrw", (0, left, one)),
        Line("bne", (one, 0, on)),
    ]
    if h.mode == machine_mode:
        leave(w)
    else:
        w.place(f"{on}_")
        w.lines.append(Line("jal", (0, f"{on}_")))
    w.place(on)


def ending(w: Writer) -> None:
    """Get into machine mode, and leave. In another mode the program never ends, and is cut."""
    supervisor = w.facts.isa.mode.supervisor if w.facts.isa.mode else 0
    for trap in TRAPS * TRIES:
        kernels.ask(w, kernels.kept(w, 0, supervisor))
        w.lines.append(trap)
    leave(w)


def leave(w: Writer) -> None:
    """Put x1 and mstatus where the harness finds them, and jump there."""
    numbers = {c.name: number for number, c in w.facts.isa.control_numbers.items()}
    there = w.label()
    w.lines += [
        Line("csrrw", (0, numbers[layout.SPARE], 1)),
        Line("csrrw", (0, numbers[layout.SPARE], 1)),  # the first one may have been in another mode
        Line("addi", (1, 0, 0)),
        Line("csrrs", (1, numbers["misa"], 0)),
        Line("bne", (1, 0, there)),
        Line(LABEL, (f"{there}_",)),
        Line("jal", (0, f"{there}_")),
        Line(LABEL, (there,)),
        Line("lui", (1, MPRV >> 12)),
        Line("csrrc", (1, numbers["mstatus"], 1)),
        Line("csrrw", (0, numbers[layout.STATUS], 1)),
    ]
    w.constant(1, harness()[1]["ended"])
    w.lines.append(Line("jalr", (0, 0, 1)))


def program(seed: object, number: int, at: int) -> tuple[Facts, Lines]:
    """Return the program with this number of a campaign, for a place in a batch."""
    f, r = facts(at), Random(f"{seed}/{number}")
    pieces = case.pieces(f, r)
    return f, case.program(f, r.getrandbits(32), pieces, end=ending)
