"""What gdb is told of a machine: a target description, a memory map, and a script with the machine's own mnemonics.

gdb knows no PG32. It takes the description for a RISC-V with 16 or 32 registers of 32 bits, which PG32's are; the
control registers are a feature of their own. Instructions differ, so gdb's disassembler is replaced by one that asks
ring1.
"""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from ring1.dbt.api.errors import MachineError
from ring1.isa.model import Isa

FILES = (16, 32)
"""Numbers of registers that gdb's RISC-V may have."""


class Unsuitable(MachineError):
    """gdb has no architecture for a machine."""


def numbered(isa: Isa) -> list[str]:
    """Return the registers in the order of their numbers in gdb: general ones, pc, control registers."""
    if len(isa.registers) not in FILES:
        counts = " or ".join(map(str, FILES))
        raise Unsuitable(f"gdb takes machines with {counts} registers, and {isa.name} has {len(isa.registers)}")
    return [*(names[0] for names in isa.registers), "pc", *isa.controls]


def target(isa: Isa) -> str:
    """Return the target description."""
    general = "".join(
        f'<reg name="{names[0]}" bitsize="32" regnum="{number}" type="{"data_ptr" if number in (2, 3, 4) else "int"}"/>'
        for number, names in enumerate(isa.registers)
    )
    count = len(isa.registers)
    control = "".join(
        f'<reg name={quoteattr(name)} bitsize="32" regnum="{count + 1 + number}" type="uint32" group="system"/>'
        for number, name in enumerate(isa.controls)
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE target SYSTEM "gdb-target.dtd"><target version="1.0">'
        "<architecture>riscv:rv32</architecture><osabi>none</osabi>"
        f'<feature name="org.gnu.gdb.riscv.cpu">{general}'
        f'<reg name="pc" bitsize="32" regnum="{count}" type="code_ptr"/></feature>'
        f'<feature name="org.ring1.{escape(isa.name)}.control">{control}</feature></target>'
    )


def memory_map(ram: int) -> str:
    """Return the memory map: with paging an address may be anywhere."""
    return (
        '<?xml version="1.0"?><!DOCTYPE memory-map PUBLIC "+//IDN gnu.org//DTD GDB Memory Map V1.0//EN" '
        '"http://sourceware.org/gdb/gdb-memory-map.dtd"><memory-map>'
        '<memory type="ram" start="0x0" length="0x100000000"/></memory-map>'
    )


SCRIPT = '''\
# Printed by ring1 debug --gdb-script: source it in gdb 13 or later, with Python.
set disassemble-next-line auto
python
import gdb
import gdb.disassembler


class Ring1(gdb.disassembler.Disassembler):
    """Asks the target what an instruction is."""

    def __init__(self):
        super().__init__("ring1")

    def __call__(self, info):
        text = gdb.execute("monitor disassemble *%d, +4" % info.address, to_string=True)
        words = text.split(None, 1)
        if words[:1] == ["=>"]:
            words = words[1].split(None, 1)
        rest = words[1] if len(words) > 1 else ""
        return gdb.disassembler.DisassemblerResult(length=4, string=rest.strip())


gdb.disassembler.register_disassembler(Ring1(), None)
end
'''
