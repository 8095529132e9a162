"""Instructions that fault amid what they compute: it must be as if they had not begun, and nothing is simplified away
that would have faulted."""

from __future__ import annotations

import pytest

from ring1.dbt.machine.stop import Stop
from ring1.isa.model import Isa
from tests.isolation.run import PAGED, machine
from tests.machine.builder import Program, run

BODIES = {
    "condition": "if mem[rs1, 4] == 0 { pc = pc + 8; }",
    "requirement": "require mem[rs1, 4] != 7 else divzero; rd = rs1;",
    "target": "pc = mem[rs1, 4] & 0xfffffffc;",
    "port": "require psw.RING == 0 else privileged(word); rd = port[mem[rs1, 4]];",
    "trap": "trap breakpoint(mem[rs1, 4]);",
    "and": "rd = mem[rs1, 4] & imm;",
    "or": "rd = mem[rs1, 4] | ~imm;",
    "bits": "rd = zx((zx(mem[rs1, 1]))[31:8]);",
    "quotient": "rd = mem[rs1, 4] /u imm;",
    "shift": "rd = mem[rs1, 4] << 200;",
    "signs": "rd = mem[rs1, 4] >>s 200;",
    "choice": "rd = rs1 == 0 ? imm : mem[rs1, 4];",
    "two": "rd = mem[rs1 + 4, 4] - mem[rs1, 4];",
    "store": "mem[mem[rs1, 4], 4] = rs1;",
}
"""With rs1 where no memory is, each traps for it; `imm` is 0."""
NOWHERE = 0x40000000


@pytest.fixture(scope="module")
def amid() -> Isa:
    bodies = "\n".join(f"insn {name}_ : I({0xA0 + n:#x}) {{ {body} }}" for n, (name, body) in enumerate(BODIES.items()))
    return machine(f'isa amid extends pg32v "faults amid an instruction";\n{bodies}\n')


@pytest.mark.parametrize("name", BODIES)
def test_put_off_values_survive(name: str, amid: Isa) -> None:
    """What other instructions have computed is there in the handler, though nobody has needed it yet."""
    p = Program(amid)
    p.control("tvec", "handler")
    p.li("a0", NOWHERE)
    p.li("a1", 100)
    p.li("s0", 3)
    p("addi", "a1", "a1", 11)  # these wait
    p("slli", "a2", "s0", 4)
    p("auipc", "a3", 0)
    p("addi", "s0", "s0", 5)
    at = p(f"{name}_", "a4", "a0", 0)
    p.off(1)
    p.label("handler")
    p("rdcr", "a5", "tval")
    p.off(0)
    for way in ("interp", *PAGED, "kvm"):
        done = run(way, p, isa=amid, registers={"a4": 5})
        assert done.stop == Stop("exit", 0), way
        found = [done[register] for register in ("a0", "a1", "a2", "a3", "a4", "a5", "s0", "epc")]
        first = NOWHERE + 4 * (name == "two")
        assert found == [NOWHERE, 111, 48, at - 8, 5, first, 8, at], way
