"""Pages with registers of devices, as views show them to generated code."""

from __future__ import annotations

from ring1.dbt.machine.memory import PAGE
from ring1.dbt.machine.paging import LOAD, STORE
from ring1.dbt.machine.step import Cpu
from ring1.dbt.mmu.view import View
from ring1.isa.python import Trap


def show_device(cpu: Cpu, view: View, paged: bool, address: int) -> tuple[int, ...] | None:
    """Have a view show the registers of the device at a guest address, which the guest has just accessed, as far as
    they are in that page. Return the entries by which it is shown, none with paging off; None if it is not shown.

    Nothing is marked: what has not been accessed so far is not shown for such accesses.
    """
    physical, loads, stores = address, True, True
    path: tuple[int, ...] = ()
    if paged:
        walker = cpu.walker
        assert walker is not None
        try:
            walk = walker.walk(address, LOAD)
        except Trap:
            return None
        physical, path = walk.physical, walk.path
        loads, dirty = (walk.entry & mark == mark for mark in (walker.paging.accessed, walker.paging.dirty))
        stores = loads and dirty and walker.grants(walk.entry, STORE)
    device = cpu.bus.device_at(physical)
    if device is None or device.window.start % device.width:
        return None
    first = physical & -PAGE
    begin, end = max(first, device.window.start), min(first + PAGE, device.window.stop)
    length = (end - begin) & -device.width
    view.show_device(address + begin - physical, begin, length * loads, length * stores, device.width)
    return path
