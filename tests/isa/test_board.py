"""Boards: what their files say, and what is wrong with them."""

from __future__ import annotations

import io

import pytest

from ring1.dbt.vmm.vm import Vm
from ring1.isa.board_reader import read
from ring1.isa.boards import load, shipped
from ring1.isa.load import load as load_isa
from ring1.isa.source import IsaError

HEAD = 'board own "own,board";\nram 0x100000;\n'
UART = "device uart : ns16550 @0x10000000 size 0x100;\n"
PLIC = "device plic : plic @0xc000000 size 0x600000 lines 11 9 sources 31;\n"


def test_the_boards_that_come_with_ring1() -> None:
    assert shipped() == ["least", "virt"]
    for name in shipped():
        with Vm(load_isa("rv32"), 1 << 20, output=io.BytesIO(), board=load(name)) as vm:
            assert {device.name for device in vm.bus.devices} >= {"finisher", "clint_timer", "uart"}
    virt = {device.name: device for device in load("virt").devices}
    assert virt["uart"].window == range(0x10000000, 0x10000100)
    assert (virt["uart"].controller, virt["uart"].source, virt["plic"].lines) == ("plic", 10, (11, 9))


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (UART + "device other : ns16550 @0x100000ff size 1;\n", (4, 25), "multiple of 4096"),
        (
            UART + "device other : virtio_slot @0x10000000 size 0x1000;\n",
            (4, 29),
            "other and uart are both at 0x10000000",
        ),
        (UART + "device wide : virtio_slot @0xffff000 size 0x2000;\n", (4, 28), "wide and uart are both at 0x10000000"),
        (UART + "device uart : virtio_slot @0x20000000 size 1;\n", (4, 8), "uart is described twice"),
        ("device a : clint @0x2000000 size 0 lines 3 7;\n", (3, 19), "has some bytes"),
        ("device a : virtio_slot @0xfffff000 size 0x2000;\n", (3, 25), "ends below 4 GiB"),
        (PLIC + "device c : clint @0x2000000 size 0x10000 lines 3 11;\n", (4, 42), "line 11 is driven by plic already"),
        ("device u : ns16550 @0x10000000 size 256 line 1 of plic;\n", (3, 21), "there is no interrupt controller plic"),
        (PLIC + "device u : ns16550 @0x10000000 size 256 line 32 of plic;\n", (4, 21), "plic has the lines 1 to 31"),
        (
            PLIC
            + UART.replace(";", " line 4 of plic;")
            + "device v : virtio_slot @0x10001000 size 1 line 4 of plic;\n",
            (5, 43),
            "line 4 of plic is that of uart already",
        ),
        ("ram 4096;\n", (3, 1), "described twice"),
        ("device uart ns16550 @0x10000000 size 0x100;\n", (3, 13), "'ns16550' does not fit here"),
        ("device uart : ns16550 @0x10000000 size ;\n", (3, 40), "';' does not fit here"),
        ("device ?\n", (3, 8), "'?' does not fit here"),
        ('hart "x" mmu "y" timebase 0;\n', (3, 27), "1 at least"),
        ("device a : clint @0x2000000 size 0x10000 lines 40 9;\n", (3, 42), "a machine has the lines 0 to 31"),
        (PLIC.replace("31", "5000"), (3, 56), "has 1 to 1023 sources"),
        (PLIC.replace("31", "0"), (3, 56), "has 1 to 1023 sources"),
    ],
)
def test_faults_and_their_places(text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(IsaError) as caught:
        read("own.board", HEAD + text)
    fault, *_ = caught.value.faults
    assert message in fault.message
    assert (fault.position.line, fault.position.column) == place
    assert str(fault).splitlines()[-1].index("^") == place[1] + 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("device a : toaster @0x10000000 size 1;\n", "there is no kind of device toaster; there are clint"),
        ("device a : clint @0x2000000 size 0x10000 lines 3;\n", "a clint drives 2 of the processor's lines"),
        ("device a : ns16550 @0x2000000 size 0x100 lines 3;\n", "a ns16550 drives none of the processor's lines"),
        (UART + "device b : ns16550 @0x2000000 size 0x100;\n", "a second ns16550"),
        ("device a : clint @0x2000000 size 0x1000 lines 3 7;\n", "a clint has 0xc000 bytes of registers"),
        ("device a : virtio_slot @0x2000000 size 0x100;\n", "a virtio_slot has 0x200 bytes of registers"),
    ],
)
def test_kinds_of_devices(text: str, message: str) -> None:
    board = read("own.board", HEAD + text)
    with pytest.raises(IsaError, match=message):
        Vm(load_isa("rv32"), 4096, output=io.BytesIO(), board=board)


def test_a_device_where_ram_is() -> None:
    board = read("own.board", HEAD + "device a : ns16550 @0x80001000 size 0x100;\n")
    Vm(load_isa("rv32"), 4096, output=io.BytesIO(), board=board).close()
    with pytest.raises(ValueError, match="RAM reaches address 0x80001000, which is that of the a"):
        Vm(load_isa("rv32"), 8192, output=io.BytesIO(), board=board)


def test_a_board_that_there_is_not() -> None:
    with pytest.raises(IsaError, match="no such board; there are least, virt"):
        load("nothing")
