"""Pieces of kernels that use devices, behind ports or in memory."""

from __future__ import annotations

from ring1.dbt.fuzz.blocks import address, reach
from ring1.dbt.fuzz.devices import Place
from ring1.dbt.fuzz.shapes import Shape
from ring1.dbt.fuzz.writer import Writer

VALUES = (0, 1, 1, 2, 3, 7, 8)
"""Words that mean something to many registers."""


def out(w: Writer, port: int, value: int) -> None:
    """Write a word to an I/O port."""
    form = w.one(w.facts.outs)
    one, two = w.facts.scratch if w.chance(0.5) else w.pair()
    w.constant(one, port)
    w.constant(two, value)
    w.put(form, {**dict.fromkeys(form.reads, two), form.base or "": one})


def store(w: Writer, place: Place, value: int, pair: tuple[int, ...] = ()) -> None:
    """Write to a register of a device in memory, if the machine can, by way of two registers."""
    f = w.facts
    form = next((form for form in f.stores if form.size == place.width), None)
    if form is not None and f.constants:
        base, by = pair or tuple(w.pair())
        w.constant(base, place.address)
        w.constant(by, value)
        given = dict.fromkeys((n for n in form.reads if n != form.base), by)
        w.put(form, {**given, form.base or "": base, form.offset or "": 0})


def ports(w: Writer) -> None:
    """Write an access to a port, or to a register of a device in memory: mostly one that exists, other than the power
    switch."""
    forms, devices = w.usable("port"), w.facts.devices
    if not w.facts.constants:
        return None
    if not forms:
        return touch(w)
    off = devices.off
    known = [port for port in devices.bus.at if off is None or devices.bus.at[port][0] is not off[0]]
    port = w.one(known) if w.chance(0.9) else w.random.getrandbits(16)
    register = w.one(w.facts.spare)
    w.constant(register, port | (w.random.getrandbits(16) << 16 if w.chance(0.1) else 0))
    form = w.one(forms)
    w.put(form, {form.base or "": register})
    return None


def touch(w: Writer) -> None:
    """Write accesses to a device in memory: mostly to a register that holds something, and as wide as it is."""
    places, forms = w.facts.devices.places, [form for form in w.usable("access") if form.base]
    if not places or not forms:
        return
    name = w.one(sorted({place.device for place in places}))
    own = [place for place in places if place.device == name]
    for _ in w.some(1, 4):
        place = w.one(own)
        if w.chance(0.4):
            store(w, place, w.one(VALUES) if w.chance(0.7) else address(w))
        else:
            plain: list[Shape] = [form for form in forms if form.size == place.width]
            form = w.one(plain or forms) if w.chance(0.7) else w.one(forms)
            reach(w, form, place.address + (w.one((0, 1, 2, 3, 4, -1, 0x100)) if w.chance(0.2) else 0))


def command(w: Writer) -> bool:
    """Write to a device's ports one after the other, which starts a transfer if the values happen to make sense, or to
    registers of a device in memory. Returns whether the machine can."""
    f = w.facts
    if not f.constants:
        return False
    if f.outs:
        device = w.one([each for each in f.devices.others if each.ports])
        for port in device.ports:
            if w.chance(0.9):
                out(w, port, value(w))
    elif f.devices.places:
        name = w.one(sorted({place.device for place in f.devices.places}))
        for place in [place for place in f.devices.places if place.device == name][:8]:
            if w.chance(0.7):
                store(w, place, value(w))
    return bool(f.outs or f.devices.places)


def value(w: Writer) -> int:
    return w.one(VALUES) if w.chance(0.7) else address(w)


def can_switch_off(w: Writer) -> bool:
    """Can programs switch the power off?"""
    f = w.facts
    return f.constants and f.devices.off is not None and bool(f.outs if f.devices.off[0].ports else f.stores)


def off(w: Writer) -> None:
    """Switch the power off, if that is possible, with an illegal word behind it."""
    found = w.facts.devices.off
    if found is not None and can_switch_off(w):
        device, _, _ = found
        number, word = device.off(w.random.randrange(256)) or (0, 0)
        if device.ports:
            out(w, device.ports[number], word)
        else:
            address = device.window.start + number * device.width
            store(w, Place(device.name, address, device.width), word)
    w.word(0)
