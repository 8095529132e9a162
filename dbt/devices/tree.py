"""The device tree of a board: what a kernel is told of it."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.devices.fdt import Node, Value, flattened
from ring1.isa.board import Board, Placed

PROCESSOR, FIRST = 1, 2
"""Handles: of the processor's own interrupt controller, and of the first device."""
Properties = dict[str, Value]


def device_tree(board: Board, ram: range, arguments: str = "", initrd: range | None = None) -> bytes:
    """Return the device tree of a board with RAM at these addresses. `arguments` are the kernel's; `initrd` is where an
    initial file system is."""
    handles = {device.name: FIRST + n for n, device in enumerate(board.devices)}
    chosen: Properties = {"bootargs": arguments} if arguments else {}
    if initrd is not None:
        chosen |= {"linux,initrd-start": initrd.start, "linux,initrd-end": initrd.stop}
    uart = next((device for device in board.devices if device.kind == "ns16550" and not device.hidden), None)
    if uart is not None:
        chosen["stdout-path"] = f"/soc/{called(uart)}"
    shown = [device for device in board.devices if not device.hidden]
    nodes = tuple(node for device in shown for node in NODES[device.kind](device, handles))
    soc: Properties = {"#address-cells": 1, "#size-cells": 1, "compatible": "simple-bus", "ranges": None}
    memory: Properties = {"device_type": "memory", "reg": (ram.start, len(ram))}
    children = (Node("chosen", chosen), Node(f"memory@{ram.start:x}", memory), processors(board))
    root: Properties = {
        "#address-cells": 1,
        "#size-cells": 1,
        "compatible": board.compatible,
        "model": f"{board.compatible},ring1",
    }
    return flattened(Node("", root, (*children, Node("soc", soc, nodes)) if nodes else children))


def processors(board: Board) -> Node:
    own: Properties = {
        "#interrupt-cells": 1,
        "interrupt-controller": None,
        "compatible": "riscv,cpu-intc",
        "phandle": PROCESSOR,
    }
    hart: Properties = {
        "device_type": "cpu",
        "reg": 0,
        "status": "okay",
        "compatible": "riscv",
        "riscv,isa": board.hart,
        "mmu-type": board.mmu,
    }
    every: Properties = {"#address-cells": 1, "#size-cells": 0, "timebase-frequency": board.timebase}
    return Node("cpus", every, (Node("cpu@0", hart, (Node("interrupt-controller", own),)),))


def called(device: Placed) -> str:
    return f"{TITLES[device.kind]}@{device.window.start:x}"


def common(device: Placed, handles: dict[str, int], compatible: Value) -> Properties:
    """Return what every device is described by."""
    made: Properties = {"compatible": compatible, "reg": (device.window.start, len(device.window))}
    if device.source:
        made |= {"interrupts": device.source, "interrupt-parent": handles[device.controller]}
    return made


def plain(compatible: Value, **more: Value) -> Callable[[Placed, dict[str, int]], tuple[Node, ...]]:
    """Return a function that makes the node of a device which needs nothing special."""
    named: Properties = {name.replace("_", "-"): value for name, value in more.items()}
    return lambda device, handles: (Node(called(device), common(device, handles, compatible) | named),)


def finisher(device: Placed, handles: dict[str, int]) -> tuple[Node, ...]:
    handle = handles[device.name]
    own = common(device, handles, ("sifive,test1", "sifive,test0", "syscon")) | {"phandle": handle}

    def by(name: str, value: int) -> Node:
        return Node(name, {"compatible": f"syscon-{name}", "regmap": handle, "offset": 0, "value": value})

    return Node(called(device), own), by("poweroff", 0x5555), by("reboot", 0x7777)


def extended(device: Placed) -> tuple[int, ...]:
    """Return the processor's lines that a device drives, as interrupts-extended has them."""
    return tuple(cell for line in device.lines for cell in (PROCESSOR, line))


def clint(device: Placed, handles: dict[str, int]) -> tuple[Node, ...]:
    own = common(device, handles, ("sifive,clint0", "riscv,clint0"))
    return (Node(called(device), own | {"interrupts-extended": extended(device)}),)


def plic(device: Placed, handles: dict[str, int]) -> tuple[Node, ...]:
    own = common(device, handles, ("sifive,plic-1.0.0", "riscv,plic0")) | {
        "#address-cells": 0,
        "#interrupt-cells": 1,
        "interrupt-controller": None,
        "interrupts-extended": extended(device),
        "riscv,ndev": device.sources,
        "phandle": handles[device.name],
    }
    return (Node(called(device), own),)


NODES: dict[str, Callable[[Placed, dict[str, int]], tuple[Node, ...]]] = {
    "sifive_test": finisher,
    "clint": clint,
    "plic": plic,
    "ns16550": plain("ns16550a", clock_frequency=3686400),
    "virtio_slot": plain("virtio,mmio"),
    "virtio_block": plain("virtio,mmio"),
    "virtio_console": plain("virtio,mmio"),
}
"""Kind of a device -> what makes its nodes."""
TITLES = {
    "sifive_test": "test",
    "clint": "clint",
    "plic": "plic",
    "ns16550": "serial",
    "virtio_slot": "virtio_mmio",
    "virtio_block": "virtio_mmio",
    "virtio_console": "virtio_mmio",
}
