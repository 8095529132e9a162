"""Pieces of kernels: a trap handler, processor modes, interrupts, devices."""

from __future__ import annotations

import io
from functools import cache

from ring1.dbt.devices.board import devices as made
from ring1.dbt.devices.host_output import HostOutput
from ring1.dbt.devices.power import Power
from ring1.dbt.fuzz.blocks import address, compute, harmless, put_word
from ring1.dbt.fuzz.changing import code_word
from ring1.dbt.fuzz.flow import few
from ring1.dbt.fuzz.layout import HANDLER, NEXT
from ring1.dbt.fuzz.writer import Writer
from ring1.dbt.machine.bus import Bus
from ring1.dbt.machine.memory import Memory
from ring1.dbt.machine.state import ONES


@cache
def devices() -> Bus:
    """Return the devices of a machine."""
    memory = Memory(1 << 12)
    try:
        return made(None, memory, b"", HostOutput(io.BytesIO()), None, 0)
    finally:
        memory.close()


# --- The trap handler ------------------------------------------------------------------------------


def status(w: Writer) -> int:
    """Draw a word for the control register with the mode that a trap handler returns to: any mode, with interrupts off
    until then."""
    f, mode = w.facts, w.facts.isa.mode
    assert f.previous is not None and mode is not None
    name, hi, lo = f.previous
    word = w.random.getrandbits(32) & ~f.enabling.get(name, 0) & ~((1 << hi + 1) - (1 << lo))
    if name == mode.control:
        word = word & ~mode.bits.mask | mode.supervisor << mode.bits.lo
    return word | (mode.supervisor if w.chance(0.25) else w.random.randrange(mode.count)) << lo


def handler(w: Writer, home: str) -> None:
    """Write the trap handler. It returns to the instruction after the one that trapped, with the status asked for, and
    to `home` from an address beyond the code."""
    f = w.facts
    assert f.epc is not None and f.returns is not None
    one, two = f.scratch
    interrupt, lost, near = w.label(), w.label(), w.label()
    w.org(HANDLER)
    tells = f.if_negative is not None and f.cause in f.control_reads
    if tells:
        assert f.if_negative is not None and f.cause is not None
        form, operands = f.if_negative
        w.move(f.control_reads[f.cause], one)
        w.put(form, {form.relative or "": interrupt} | {n: one if v is None else v for n, v in operands.items()})
    if f.previous and f.previous[0] in f.control_writes and f.load_word and w.chance(0.8):
        load = f.load_word
        w.constant(two, NEXT)
        w.put(load, {load.base or "": two, load.offset or "": 0, load.writes[0]: one})
        w.move(f.control_writes[f.previous[0]], one)
    w.move(f.control_reads[f.epc], one)
    if f.if_negative is not None:
        w.add(one, -HANDLER)
        w.put(form, {form.relative or "": near} | {n: one if v is None else v for n, v in operands.items()})
        w.place(lost)
        w.control(f.epc, home, one)
        w.put(f.returns, {})
        w.place(near)
        w.add(one, HANDLER)
    w.add(one, 4)
    w.move(f.control_writes[f.epc], one)
    w.put(f.returns, {})
    if tells:
        w.place(interrupt)
        if w.chance(0.6):
            log(w, one, two)
        rearm(w, one, w.one((8, 13, 13, 30, 45, 80, 200, 700, 3000)))
        for name in f.lines:
            if f.isa.interrupts and name != f.lines[0] and f.zero is not None:
                w.move(f.control_writes[name], f.zero)
        for device in devices().devices:
            if device.line is not None and f.outs:
                out(w, device.ports[-1], 0)
        w.put(f.returns, {})


def log(w: Writer, one: int, two: int) -> None:
    """Keep the causes of the last few interrupts."""
    f = w.facts
    load, store = f.load_word, f.store_word
    if load is None or store is None or f.cause is None:
        return
    w.constant(two, NEXT)
    for offset in (12, 8, 4):
        if offset > 4:
            w.put(load, {load.base or "": two, load.offset or "": offset - 4, load.writes[0]: one})
        else:
            w.move(f.control_reads[f.cause], one)
        given = dict.fromkeys((n for n in store.reads if n != store.base), one)
        w.put(store, {**given, store.base or "": two, store.offset or "": offset})


def rearm(w: Writer, register: int, delay: int) -> None:
    """Write the setting of the timer's next deadline, `delay` instructions from now."""
    f = w.facts
    if f.clock and f.deadline and f.adds:
        w.move(f.clock, register)
        w.add(register, delay)
        w.move(f.control_writes[f.deadline[-1]], register)


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
        put_word(w, NEXT, word)


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
    elif way == 1 and f.returns and f.previous and f.epc in f.control_writes and f.previous[0] in f.control_writes:
        by = w.one(f.spare)
        w.control(f.previous[0], status(w), by)
        w.control(f.epc or "", there, by)
        w.put(f.returns, {})
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
    _name, hi, lo = f.previous
    ask(w, status(w) & ~((1 << hi + 1) - (1 << lo)) | mode << lo)
    w.put(w.one(f.kinds["trap"]), {}) if f.kinds.get("trap") else w.word(0)


def home(w: Writer) -> None:
    """Return to supervisor mode."""
    if w.facts.isa.mode:
        enter(w, w.facts.isa.mode.supervisor)


def user(w: Writer) -> None:
    """Enter user mode."""
    if w.facts.isa.mode:
        enter(w, w.facts.isa.mode.user)


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
    if f.enables:
        w.put(w.one(f.enables), {})
    for name, mask in f.enabling.items():
        if mask and name in f.control_writes and w.chance(0.1):
            w.control(name, w.random.getrandbits(32) | mask, w.one(f.spare))


def late(w: Writer) -> None:
    """Assert lines, and allow interrupts only afterwards."""
    f = w.facts
    if not f.lines or not f.enables or not f.constants:
        return
    home(w)
    for form in w.random.sample(f.enables, len(f.enables)):
        w.put(form, {})
    for name in f.lines:
        w.control(name, w.one((ONES, ONES, 8, 1)), w.one(f.spare))
    for form in w.random.sample(f.enables, len(f.enables)):
        w.put(form, {})
        compute(w)


def timer(w: Writer) -> None:
    if w.facts.deadline and w.facts.constants:
        rearm(w, w.one(w.facts.spare), w.one((0, 1, 2, 3, 5, 8, 20, 100, 300, -5)))
        interrupts(w)


def halt(w: Writer) -> None:
    """Wait for an interrupt, which may never come."""
    if w.facts.waits and w.facts.constants:
        w.one((timer, timer, command, interrupts))(w)
        if w.facts.lines and w.chance(0.8):
            w.control(w.facts.lines[0], 0xFFFFFFFF, w.one(w.facts.spare))
        w.put(w.one(w.facts.waits), {})


# --- Devices ---------------------------------------------------------------------------------------


def out(w: Writer, port: int, value: int) -> None:
    """Write a word to an I/O port."""
    form = w.one(w.facts.outs)
    one, two = w.facts.scratch if w.chance(0.5) else w.pair()
    w.constant(one, port)
    w.constant(two, value)
    w.put(form, {**dict.fromkeys(form.reads, two), form.base or "": one})


def ports(w: Writer) -> None:
    """Write an access to a port: mostly one that exists, other than the power switch."""
    forms = w.usable("port")
    if not forms or not w.facts.constants:
        return
    bus = devices()
    known = [port for port in bus.at if not isinstance(bus.at[port][0], Power)]
    port = w.one(known) if w.chance(0.9) else w.random.getrandbits(16)
    register = w.one(w.facts.spare)
    w.constant(register, port | (w.random.getrandbits(16) << 16 if w.chance(0.1) else 0))
    form = w.one(forms)
    w.put(form, {form.base or "": register})


def command(w: Writer) -> None:
    """Write to a device's ports one after the other, which starts a transfer if the values happen to make sense."""
    if not w.facts.outs or not w.facts.constants:
        return
    device = w.one([d for d in devices().devices if not isinstance(d, Power)])
    for port in device.ports:
        if w.chance(0.9):
            value = w.one((0, 1, 1, 2, 3, 7, 8)) if w.chance(0.7) else address(w)
            out(w, port, value)
    interrupts(w)


def off(w: Writer) -> None:
    """Switch the power off, if that is possible, with an illegal word behind it."""
    bus = devices()
    if w.facts.outs and w.facts.constants:
        home(w)
        power = next(port for port, (device, _) in bus.at.items() if isinstance(device, Power))
        out(w, power, w.random.randrange(256))
    w.word(0)
