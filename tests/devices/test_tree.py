"""Device trees: what is written is read here by the specification (Devicetree Specification 0.4, chapter 5)."""

from __future__ import annotations

import struct
from typing import Any

from ring1.dbt.devices.fdt import Node, flattened
from ring1.dbt.devices.tree import device_tree
from ring1.isa.boards import load

RAM = range(0x80000000, 0x84000000)


def parsed(blob: bytes) -> dict[str, Any]:
    """Return a tree as nested dictionaries: properties are bytes."""
    magic, size, structure, strings, reserved, version, compatible, boot, texts, length = struct.unpack_from(
        ">10I", blob
    )
    assert (magic, size, version, compatible, boot) == (0xD00DFEED, len(blob), 17, 16, 0)
    assert structure % 4 == 0 and reserved % 8 == 0 and blob[reserved : reserved + 16] == bytes(16)
    assert structure + length <= strings and strings + texts == size
    root: dict[str, Any] = {}
    above = [root]
    at = structure
    while True:
        (token,) = struct.unpack_from(">I", blob, at)
        at += 4
        if token == 1:
            end = blob.index(b"\0", at)
            made: dict[str, Any] = {}
            above[-1][blob[at:end].decode()] = made
            above.append(made)
            at = end + 1 + -(end + 1) % 4
        elif token == 2:
            above.pop()
        elif token == 3:
            count, name = struct.unpack_from(">II", blob, at)
            begin = strings + name
            above[-1][blob[begin : blob.index(b"\0", begin)].decode()] = blob[at + 8 : at + 8 + count]
            at += 8 + count + -count % 4
        else:
            assert token == 9 and at == structure + length and len(above) == 1
            found: dict[str, Any] = root[""]
            return found


def test_values_of_every_kind() -> None:
    tree = Node(
        "", {"a": "text", "b": ("x", "yz"), "c": 7, "d": (1, 2), "e": None, "f": b"\1\2\3"}, (Node("n@1", {"a": 0}),)
    )
    assert parsed(flattened(tree)) == {
        "a": b"text\0",
        "b": b"x\0yz\0",
        "c": b"\0\0\0\7",
        "d": b"\0\0\0\1\0\0\0\2",
        "e": b"",
        "f": b"\1\2\3",
        "n@1": {"a": bytes(4)},
    }


def cells(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(data) // 4}I", data)


def test_the_board_virt() -> None:
    tree = parsed(device_tree(load("virt"), RAM, "console=ttyS0", range(0x82000000, 0x82001000)))
    assert cells(tree["memory@80000000"]["reg"]) == (0x80000000, 0x4000000)
    assert (
        tree["chosen"]["bootargs"] == b"console=ttyS0\0" and tree["chosen"]["stdout-path"] == b"/soc/serial@10000000\0"
    )
    assert cells(tree["chosen"]["linux,initrd-start"] + tree["chosen"]["linux,initrd-end"]) == (0x82000000, 0x82001000)
    hart = tree["cpus"]["cpu@0"]
    processor = cells(hart["interrupt-controller"]["phandle"])[0]
    assert hart["riscv,isa"] == b"rv32imac_zicsr_zifencei\0" and hart["mmu-type"] == b"riscv,sv32\0"
    soc = tree["soc"]
    plic = soc["plic@c000000"]
    assert cells(plic["interrupts-extended"]) == (processor, 11, processor, 9)
    assert cells(soc["clint@2000000"]["interrupts-extended"]) == (processor, 3, processor, 7)
    uart = soc["serial@10000000"]
    assert cells(uart["reg"]) == (0x10000000, 0x100) and cells(uart["interrupts"]) == (10,)
    assert uart["interrupt-parent"] == plic["phandle"]
    assert [name for name in soc if name.startswith("virtio_mmio@")] == [f"virtio_mmio@1000{n}000" for n in range(1, 9)]
    assert cells(soc["poweroff"]["regmap"]) == cells(soc["test@100000"]["phandle"])


def test_what_is_hidden_is_not_there() -> None:
    tree = parsed(device_tree(load("least"), RAM))
    assert set(tree) >= {"chosen", "memory@80000000", "cpus"} and "soc" not in tree and tree["chosen"] == {}
