"""The host's registers, and their roles in generated code (see interface.Host.roles)."""

from __future__ import annotations

from typing import NamedTuple


class Register(NamedTuple):
    """The low `width` bits of a register. A write to the low 32 clears the upper half."""

    name: str
    """The name of the whole 64-bit register."""
    width: int

    @property
    def text(self) -> str:
        """The name for an assembler."""
        return TEXTS.get(self, self.name)


SCRATCH, STATE, BUDGET, WINDOW = "rax", "rbp", "r14", "r15"
"""The register in which expressions are computed; the state pointer; the budget; the host address of guest address
0."""

WIDE = ("rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13")
"""Registers that can hold guest registers."""

PROBING, WALKING = WIDE[-1], WIDE[-2]
"""What look-ups in the software TLB use as scratch as well, and what page walks use besides. They put back what was
there."""

NAMES = {
    **{r: (r, "e" + r[1:], r[1:], r[1] + "l") for r in ("rax", "rbx", "rcx", "rdx")},
    **{r: (r, "e" + r[1:], r[1:], r[1:] + "l") for r in ("rsi", "rdi")},
    **{f"r{n}": (f"r{n}", f"r{n}d", f"r{n}w", f"r{n}b") for n in range(8, 16)},
}
"""Register -> the names of its low 64, 32, 16 and 8 bits."""
WIDTHS = (64, 32, 16, 8)

REGISTERS = {(name, width): Register(name, width) for name in NAMES for width in WIDTHS}
TEXTS = {REGISTERS[name, width]: NAMES[name][n] for name in NAMES for n, width in enumerate(WIDTHS)}


def sized(register: str, width: int) -> Register:
    """Return the low 64, 32, 16 or 8 bits of a register."""
    return REGISTERS[register, width]


RAX, EAX, AX, AL = (sized(SCRATCH, width) for width in WIDTHS)
RCX, ECX, CL = sized("rcx", 64), sized("rcx", 32), sized("rcx", 8)
RDX, EDX = sized("rdx", 64), sized("rdx", 32)
R14, R15, R15D = sized(BUDGET, 64), sized(WINDOW, 64), sized(WINDOW, 32)
XMM0 = Register("xmm0", 128)
CR3 = Register("cr3", 64)
