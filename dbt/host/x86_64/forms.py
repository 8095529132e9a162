"""`python -m ring1.dbt.host.x86_64.forms` regenerates templates.bin, with keystone, for what all engines emit."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import product

from ring1.dbt.host.x86_64.assemble import assemble
from ring1.dbt.host.x86_64.encoder import LARGE, SMALL, assemble_each, template
from ring1.dbt.host.x86_64.fault import HANDLER
from ring1.dbt.host.x86_64.kvm.monitor import TEXTS, switch_text
from ring1.dbt.host.x86_64.operations import CODES
from ring1.dbt.host.x86_64.registers import sized
from ring1.dbt.host.x86_64.stubs import LOAD_DEVICE_TEXT, POST_TEXT, REFUSE_TEXT, STORE_DEVICE_TEXT
from ring1.dbt.host.x86_64.templates import FILE, REGISTERS, Key, Templates
from ring1.isa.load import load

NARROW = re.compile("sh[lr]|sar|rorx|mov byte.*, {}")
"""Forms whose constant always has 8 bits."""


def forms() -> Iterator[str]:
    """Yield the forms that lowering and the stubs emit: `<32>` is any 32-bit register that they use, `#` a
    displacement."""
    memory = "[r15{:+d}]", "[r15+<64>{:+d}]", "[r15+<64>]"
    for op in ("add", "sub", "and", "or", "xor", "cmp"):
        yield from (f"{op} <32>, <32>", f"{op} <32>, dword ptr [rbp#]", f"{op} <64>, qword ptr [rbp#]")
        yield from (f"{op} dword ptr [rbp#], <32>", f"{op} dword ptr [rbp#], {{}}")
        yield from (f"{op} <32>, {{}}", f"{op} <64>, {{}}")
    for width, size in ((32, "dword"), (64, "qword")):
        yield from (f"imul <{width}>, {size} ptr [rbp#]", f"imul <{width}>, <{width}>, {{}}")
        yield from (f"mov <{width}>, <{width}>", f"not <{width}>", f"neg <{width}>")
        yield from (f"mov <{width}>, {size} ptr [rbp#]", f"mov {size} ptr [rbp#], <{width}>")
        yield from (f"{op} <{width}>, {{}}" for op in ("shl", "shr", "sar"))
    yield from (f"{op} dword ptr [rbp#], {{}}" for op in ("shl", "shr", "sar"))
    for op in ("shlx", "shrx", "sarx"):
        yield from (f"{op} <32>, <32>, <32>", f"{op} <32>, dword ptr [rbp#], <32>")
    yield from ("rorx <32>, <32>, {}", "rorx <32>, dword ptr [rbp#], {}")
    yield from (f"{op} <32>, {{}}" for op in ("adc", "sbb"))
    yield from ("sbb <32>, <32>", "test <32>, {}", "movsx <32>, <8>", "movsx <32>, <16>")
    for n in (2, 4, 8):
        yield f"lea <32>, [<64>+<64>*{n}{{:+d}}]"
        if n > 2:
            yield from (f"lea <32>, [<64>*{n}]", f"lea <32>, [<64>*{n}{{:+d}}]")
    yield "lea <32>, [<64>+<64>{:+d}]"
    yield from ("idiv dword ptr [rbp#]", "div dword ptr [rbp#]", "cdq", "test <32>, <32>")
    yield from ("imul <32>, <32>", "imul <64>, <64>")
    yield from ("mov <32>, {}", "mov dword ptr [rbp#], {}", "movsxd <64>, <32>", "movsxd <64>, dword ptr [rbp#]")
    yield from ("movzx <32>, <8>", "movzx <32>, <16>", *(f"set{cc} <8>" for cc in CODES.values()))
    yield from ("lea <32>, [<64>{:+d}]", "lea <32>, [<64>+<64>]", *(f"lea <32>, [<64>+<64>*{n}]" for n in (2, 4, 8)))
    yield from ("sub r14, {}", "add r14, {}", "sub <64>, r14", "cmp dword ptr [r15{:+d}], <32>")
    yield from ("jmp qword ptr [rbp#]", "jmp qword ptr [r15+<64>*2#]", "call qword ptr [rbp#]")
    yield from ("movd xmm0, dword ptr [rbp#]", "movq xmm0, qword ptr [rbp#]", "movq qword ptr [rbp#], xmm0")
    yield from ("test r14, r14", "cmp qword ptr [rbp#], <64>")
    yield from ("mov <64>, qword ptr [rbp+<64>*8#]", "test <64>, <64>")
    # On a KVM virtual CPU.
    yield from (
        "cli",
        "sti",
        "test dword ptr [rbp#], {}",
        "mov cr3, r15",
        "xor r15d, r15d",
        "mov r15d, dword ptr [rbp#]",
    )
    for place in ("[<64>{:+d}]", "[<64>]"):
        yield from (f"mov byte ptr {place}, r15b", f"mov word ptr {place}, r15w", f"mov dword ptr {place}, r15d")
    # Switches of the view, and look-ups in the software TLB.
    yield from ("mov r15, qword ptr [r15{:+d}]", "mov r15, qword ptr [r15+<64>*8#]", "lea r15, [rbp+r15#]")
    yield from ("mov r15, <64>", "shr r15, {}", "xor r15d, <32>")
    yield from ("imul r15d, <32>, {}", "imul r15d, r15d, {}", "shr r15d, {}", "cmp qword ptr [r15], <64>")
    yield from ("cmp <32>, dword ptr [r15+<64>*4#]", "add <64>, qword ptr [r15+<64>*8#]")
    yield from ("mov <32>, dword ptr [<64>{:+d}]", "mov byte ptr [<64>], {}", "mov dword ptr [<64>], {}")
    for place in (*memory, "[<64>]"):
        for width, size in ((8, "byte"), (16, "word"), (32, "dword")):
            yield from (f"mov {size} ptr {place}, <{width}>", f"or {size} ptr {place}, 0")
            yield f"mov <32>, dword ptr {place}" if width == 32 else f"movzx <32>, {size} ptr {place}"
            if width < 32:
                yield f"movsx <32>, {size} ptr {place}"
        yield from (f"pextrb byte ptr {place}, xmm0, 0", f"pextrw word ptr {place}, xmm0, 0")
        yield f"movd dword ptr {place}, xmm0"
    yield from ("mov byte ptr [r15+<64>], {}", "mov dword ptr [r15+<64>], {}")
    yield from (f"mov {size} ptr {place}, 0" for size in ("byte", "dword") for place in memory[:2])
    for name in ("<64>", "rbp", "r14", "r15"):
        yield from (f"push {name}", f"pop {name}")
    yield from ("push qword ptr [rbp#]", "pop qword ptr [rbp#]", "bsf <32>, <32>", "mov r14, <64>")
    yield from (f"{op} <32>, dword ptr [<64>#]" for op in ("and", "xor"))
    yield from ("cmp qword ptr [rbp#], {}", "mov qword ptr [rbp#], {}", "add qword ptr [rbp#], {}", "add <64>, <64>")
    yield from ("mov <64>, qword ptr [<64>]", "mov <64>, qword ptr [<64>#]", "mov <64>, qword ptr [r15#]")
    yield "mov <64>, qword ptr [rsp]"
    yield from ("lea <64>, [<64>+<64>*4]", "lea <64>, [<64>+<64>*4#]", "mov dword ptr [<64>#], <32>")
    yield from ("mov dword ptr [<64>+<64>*4#], <32>", "mov qword ptr [<64>+<64>*8#], <64>")
    yield "mov qword ptr [rbp+<64>*8#], <64>"
    yield from ("sub rsp, 8", "add rsp, 8", "mov rbp, <64>", "jmp <64>", "mov <32>, 1", "ret")
    for name in ("r14", "r15"):
        yield from (f"mov {name}, qword ptr [rbp#]", f"mov qword ptr [rbp#], {name}")


def whole() -> Iterator[str]:
    """Yield texts that are assembled as a whole."""
    yield from (HANDLER, POST_TEXT, LOAD_DEVICE_TEXT, STORE_DEVICE_TEXT, REFUSE_TEXT)
    isa = load("pg32")
    assert isa.mode is not None
    yield from (*TEXTS, switch_text(isa, isa.mode.user))


def generate(assemble: Callable[[str], bytes]) -> Templates:
    """Make the templates of every form with all registers, by an assembler."""
    made: dict[Key, tuple[int, bytes]] = {}
    for form, (imm, near) in product(forms(), product((SMALL, LARGE), repeat=2)):
        if (imm is LARGE and ("{" not in form or NARROW.match(form))) or (near is LARGE and "#" not in form):
            continue
        records = list(family(form, imm, near, assemble))
        stride = max(map(len, records))
        table = b"".join(record.ljust(stride, b"\0") for record in records)
        made[form, imm is SMALL, near is SMALL] = stride, zlib.compress(table, 9)
    return Templates(made, {text: assemble(text) for text in whole()})


def family(
    form: str, constants: tuple[int, int], displacements: tuple[int, int], assemble: Callable[[str], bytes]
) -> Iterable[bytes]:
    """Yield the record of each instruction of a form, in the order of its registers."""
    holes = re.findall(r"<(\d+)>", form)
    texts, lines = [], []
    for names in product(REGISTERS, repeat=len(holes)):
        text = form
        for name, width in zip(names, holes, strict=True):
            text = text.replace(f"<{width}>", sized(name, int(width)).text, 1)
        texts.append(text)
        for imm, displacement in zip((*constants, constants[0]), (displacements[0], *displacements), strict=True):
            lines.append(text.replace("#", f"{displacement:+d}").format(imm))
    pieces = assemble_each(assemble, lines)
    for text, a, b, c in zip(texts, pieces[::3], pieces[1::3], pieces[2::3], strict=True):
        _, offset, size = template(text, a, b)
        where = template(text.replace("#", "{}"), a, c)[1] if "#" in text else 0
        yield bytes((len(a), offset, size, where)) + a


if __name__ == "__main__":
    generate(assemble).save(FILE)
