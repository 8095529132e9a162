"""Pieces of kernels: a trap handler, processor modes, interrupts, devices."""

from __future__ import annotations

from ring1.dbt.fuzz import peripherals, queues
from ring1.dbt.fuzz.blocks import address, compute, harmless, put_word
from ring1.dbt.fuzz.changing import code_word
from ring1.dbt.fuzz.flow import few
from ring1.dbt.fuzz.handlers import Handling
from ring1.dbt.fuzz.layout import HANDLER, HANDLER_SIZE, NEXT
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.state import ONES

# --- The trap handler ------------------------------------------------------------------------------


def kept(w: Writer, word: int, mode: int) -> int:
    """Return a word for the control registers in which processor modes are kept during traps, with this one."""
    for h in w.facts.handlings:
        if h.previous is not None:
            _, hi, lo = h.previous
            mask = (1 << hi + 1) - (1 << lo)
            word = word & ~mask | mode << lo & mask
    return word


def status(w: Writer) -> int:
    """Draw a word for the control register with the mode that a trap handler returns to: any mode, with interrupts off
    until then."""
    f, mode = w.facts, w.facts.isa.mode
    assert f.previous is not None and mode is not None
    name, _, _ = f.previous
    word = w.random.getrandbits(32) & ~f.enabling.get(name, 0)
    if len(f.handlings) > 1 and w.chance(0.6):
        word = 0  # much of what such machines keep there makes handlers trap
    if name == mode.control:
        word = word & ~mode.bits.mask | mode.supervisor << mode.bits.lo
    return kept(w, word, mode.supervisor if w.chance(0.25) else w.random.randrange(mode.count))


def handlers(w: Writer, home: str) -> None:
    """Write the trap handlers, and where those that wait for the timer find it."""
    for n, h in enumerate(w.facts.handlings):
        handler(w, h, home, HANDLER + n * HANDLER_SIZE)


def handler(w: Writer, h: Handling, home: str, at: int) -> None:
    """Write a trap handler. It returns to the instruction after the one that trapped, with the status asked for, and
    to `home` from an address beyond the code."""
    f = w.facts
    one, two = f.scratch
    interrupt, lost, near = w.label(), w.label(), w.label()
    main = h is f.handling  # data of other modes may be out of another's reach
    w.org(at)
    if f.prologue is not None:
        f.prologue(w, h)
    if f.flushing and main:
        w.put(f.flushes[0], {})
    tells = f.if_negative is not None and h.cause in f.control_reads
    if tells:
        assert f.if_negative is not None and h.cause is not None
        form, operands = f.if_negative
        w.move(f.control_reads[h.cause], one)
        w.put(form, {form.relative or "": interrupt} | {n: one if v is None else v for n, v in operands.items()})
    if h.status and f.load_word and w.chance((0.97 if f.flushing else 0.8) if main else 0.3):
        load = f.load_word
        w.constant(two, w.at(NEXT))
        w.put(load, {load.base or "": two, load.offset or "": 0, load.writes[0]: one})
        w.move(f.control_writes[h.status], one)
    w.move(f.control_reads[h.epc], one)
    if f.if_negative is not None:
        w.add(one, -w.at(HANDLER), two)
        w.put(form, {form.relative or "": near} | {n: one if v is None else v for n, v in operands.items()})
        w.place(lost)
        w.control(h.epc, home, one)
        back(w, h)
        w.place(near)
        w.add(one, w.at(HANDLER), two)
    w.add(one, 4)
    w.move(f.control_writes[h.epc], one)
    back(w, h)
    if tells:
        w.place(interrupt)
        if w.chance(0.6 if main else 0.2):
            log(w, h, one, two)
        rearm(w, one, w.one((8, 13, 13, 30, 45, 80, 200, 700, 3000)), two)
        for name in h.quiets:
            if f.zero is not None:
                w.move(f.control_writes[name], f.zero)
        for device in f.devices.bus.devices if f.outs else ():
            if device.line is not None and device.ports:
                peripherals.out(w, device.ports[-1], 0)
        if f.devices.places and f.zero is not None and w.chance(0.7):
            w.move(f.control_writes[f.lines[0]], f.zero)
        back(w, h)


def back(w: Writer, h: Handling) -> None:
    """Write the return from a trap."""
    f = w.facts
    if f.flushing and h is f.handling:
        w.put(f.flushes[0], {})
    w.put(h.returns, {})


def log(w: Writer, h: Handling, one: int, two: int) -> None:
    """Keep the causes of the last few interrupts."""
    f = w.facts
    load, store = f.load_word, f.store_word
    if load is None or store is None or h.cause is None:
        return
    w.constant(two, w.at(NEXT))
    for offset in (12, 8, 4):
        if offset > 4:
            w.put(load, {load.base or "": two, load.offset or "": offset - 4, load.writes[0]: one})
        else:
            w.move(f.control_reads[h.cause], one)
        given = dict.fromkeys((n for n in store.reads if n != store.base), one)
        w.put(store, {**given, store.base or "": two, store.offset or "": offset})


def due(w: Writer, part: str | int, register: int, other: int) -> None:
    """Write a register to a word of the timer's deadline, by way of another one if that is in memory."""
    f, store = w.facts, w.facts.store_word
    if isinstance(part, str):
        w.move(f.control_writes[part], register)
    elif store is not None:
        w.constant(other, part)
        given = dict.fromkeys((n for n in store.reads if n != store.base), register)
        w.put(store, {**given, store.base or "": other, store.offset or "": 0})


def rearm(w: Writer, register: int, delay: int, other: int) -> None:
    """Write the setting of the timer's next deadline, `delay` instructions from now."""
    f = w.facts
    if f.clock and f.deadline and f.adds:
        w.move(f.clock, register)
        w.add(register, delay)
        due(w, f.deadline[-1], register, other)


def delegate(w: Writer, h: Handling, by: int) -> None:
    """Let a handler have some traps and interrupts."""
    for name in h.deciding:
        if w.chance(0.6):
            w.control(name, w.one((ONES, w.random.getrandbits(32), w.random.getrandbits(32), w.edge())), by)


# --- Pieces ----------------------------------------------------------------------------------------


def trap(w: Writer) -> None:
    """Write an instruction that always traps, or an illegal word."""
    forms = w.usable("trap")
    if forms and w.chance(0.7):
        w.put(w.one(forms), {})
    else:
        w.word(code_word(w) if w.chance(0.2) else w.one((0, 0xFFFFFFFF, 0xDEADBEEF, w.random.getrandbits(32))))


def ask(w: Writer, word: int) -> None:
    """Store the status with which the trap handler is to return."""
    if w.facts.previous:
        put_word(w, w.at(NEXT), word)


def ring(w: Writer) -> None:
    """Enter another processor mode, in one of the ways there are."""
    f = w.facts
    if f.isa.mode is None or not f.constants:
        return
    way = w.random.randrange(5)
    there = w.label()
    jumps = [form for form in w.usable("system") if form.effects.jumps and form.base]
    if way == 0 and jumps:
        form = w.one(jumps)
        register = w.one(f.spare)
        w.constant(register, there)
        w.put(form, {form.base or "": register})
        few(w)
    elif way == 1 and f.previous and f.previous[0] in f.control_writes:
        by, h = w.one(f.spare), f.handlings[0] if len(f.handlings) < 2 else w.one(f.handlings)
        w.control(f.previous[0], status(w), by)
        w.control(h.epc, there, by)
        back(w, h)
    elif way == 2 and f.isa.mode.control in f.control_writes:
        word, bits = w.random.getrandbits(32), f.isa.mode.bits
        word = word & ~f.enabling.get(f.isa.mode.control, 0) & ~bits.mask
        w.control(f.isa.mode.control, word | w.random.randrange(f.isa.mode.count) << bits.lo, w.one(f.spare))
        system(w)
    elif f.previous:
        ask(w, status(w))
        trap(w)
    w.place(there)


def enter(w: Writer, mode: int) -> None:
    """Enter a processor mode by way of the trap handler."""
    f = w.facts
    if f.previous is None or not f.constants:
        return
    ask(w, kept(w, status(w), mode))
    w.put(w.one(f.kinds["trap"]), {}) if f.kinds.get("trap") else w.word(0)


def home(w: Writer) -> None:
    """Return to supervisor mode."""
    if w.facts.isa.mode:
        enter(w, w.facts.isa.mode.supervisor)


def user(w: Writer) -> None:
    """Enter the mode that the pages are for, mostly user mode."""
    if w.facts.isa.mode:
        enter(w, w.pages_of)


def system(w: Writer) -> None:
    """Write instructions that touch the machine's own state, but do not wait."""
    forms = [form for form in w.usable("system") if not form.effects.waits and not form.effects.jumps]
    for _ in w.some(1, 3):
        if forms:
            form = w.one(forms)
            given: dict[str, int | str] = {}
            if w.facts.constants and form.reads and w.chance(0.5):
                given = {name: w.one(w.facts.spare) for name in form.reads}
                for register in given.values():
                    assert isinstance(register, int)
                    w.constant(register, address(w) if w.chance(0.5) else w.edge())
            if form.effects.writes and w.facts.zero is not None and w.chance(0.6):
                given = dict.fromkeys(form.reads, w.facts.zero)
            w.put(form, given | harmless(w, form))


def interrupts(w: Writer) -> None:
    """Select the enabled lines, and whether interrupts are allowed."""
    f = w.facts
    for name in f.lines:
        w.control(name, w.one((0, 1, 1, 2, 3, 4, 8, 15, 0xFFFFFFFF, 1 << w.random.randrange(32))), w.one(f.spare))
    if f.allowances:
        w.allow(w.one(f.allowances))
    for name, mask in f.enabling.items():
        if mask and name in f.control_writes and w.chance(0.1):
            w.control(name, w.random.getrandbits(32) | mask, w.one(f.spare))


def late(w: Writer) -> None:
    """Assert lines, and allow interrupts only afterwards."""
    f = w.facts
    if not f.lines or not f.allowances or not f.constants:
        return
    home(w)
    for each in w.random.sample(f.allowances, len(f.allowances)):
        w.allow(each)
    for name in f.lines:
        w.control(name, w.one((ONES, ONES, 8, 1)), w.one(f.spare))
    for each in w.random.sample(f.allowances, len(f.allowances)):
        w.allow(each)
        compute(w)


def timer(w: Writer) -> None:
    if w.facts.deadline and w.facts.constants:
        register, other = w.one(w.facts.spare), w.facts.scratch[0]
        rearm(w, register, w.one((0, 1, 2, 3, 5, 8, 20, 100, 300, -5)), other)
        interrupts(w)


def halt(w: Writer) -> None:
    """Wait for an interrupt, which may never come."""
    if w.facts.waits and w.facts.constants:
        w.one((timer, timer, command, interrupts))(w)
        if w.facts.lines and w.chance(0.8):
            w.control(w.facts.lines[0], 0xFFFFFFFF, w.one(w.facts.spare))
        w.put(w.one(w.facts.waits), {})


def off(w: Writer) -> None:
    """Switch the power off, if that is possible."""
    if peripherals.can_switch_off(w):
        home(w)
    peripherals.off(w)


def command(w: Writer) -> None:
    """Give a device a command, and let it interrupt."""
    slots = w.facts.devices.slots
    if slots and w.facts.constants and w.chance(0.6):
        queues.request(w, w.one(slots))
        interrupts(w)
    elif peripherals.command(w):
        interrupts(w)
