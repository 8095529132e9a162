"""Round trips: instruction words, assembly and the host code of translated blocks are written and read back."""

from __future__ import annotations

from collections.abc import Iterator

from ring1.dbt.cache.block import Block
from ring1.dbt.fuzz.case import Case
from ring1.dbt.fuzz.listing import Listing
from ring1.dbt.fuzz.machine import CaseGuest
from ring1.dbt.fuzz.ways import Way
from ring1.dbt.host.present import present
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.vm import Vm
from ring1.isa.asm.assemble import assemble
from ring1.isa.codec import Decoder, encode
from ring1.isa.model import Isa
from ring1.isa.record import replace


def faults(case: Case, way: Way) -> Iterator[str]:
    """Yield what is not read back as it was: a program's words, its text, and the host code that a run in this way
    needs."""
    listing = Listing(case.facts, case.lines)
    yield from codec(case.facts.isa, listing)
    text = listing.text()
    if assemble(case.facts.isa, [("case.s", text)]).image != listing.image():
        yield "the disassembly assembles to something else"
    yield from host_code(case, way)


def codec(isa: Isa, listing: Listing) -> Iterator[str]:
    decoder = Decoder(isa)
    for at, word in listing.words.items():
        decoded = decoder.decode(word)
        if decoded is not None:
            again = encode(decoded.instruction, decoded.values)
            if (again ^ word) & decoded.instruction.mask or decoder.decode(again) != decoded:
                yield f"{word:#010x} at {at:#x} is read as {decoded}, which is written as {again:#010x}"


def host_code(case: Case, way: Way) -> Iterator[str]:
    """Check that every byte belongs to an instruction, and that guest instructions begin where host instructions do."""
    blocks: list[Block] = []

    def watch(vm: Vm) -> None:
        if isinstance(vm.engine, Executor):
            vm.engine.on_place = blocks.append

    CaseGuest(case).run(replace(way, room=None, checked=False), before=watch)
    if not blocks:
        return
    reader = present()
    for block in blocks:
        host = block.translation.host
        starts, end = set[int](), 0
        for insn in reader.read(host.code, 0):
            starts.add(insn.offset)
            end = insn.offset + len(insn.code)
        if end != len(host.code):
            yield f"the host code of the block at {block.translation.pc:#x} is no code from byte {end} on"
        elif not starts.issuperset(mark for mark in host.marks if mark < end):
            yield f"a guest instruction of the block at {block.translation.pc:#x} begins within a host instruction"
