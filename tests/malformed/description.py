"""The reader of descriptions."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random

from ring1.dbt.machine.stop import Stopped
from ring1.dbt.vmm.vm import Vm
from ring1.isa.classify import classify
from ring1.isa.load import load
from ring1.isa.manual import manual
from ring1.isa.read import read
from ring1.isa.source import IsaError
from tests.malformed.mutate import NUMBERS, TEXT, mutated
from tests.malformed.target import ROOT, Target, Undocumented

SMALL = """\
isa m "m";
registers r[4] { zero = 0; a; b c; d = 7; }
control s @0 "status" { R 1:0; IE 2; }
control t @1; control p @2 { EN 0; ROOT 31:12; } control q @3 readonly = time()[31:0];
mode s.R supervisor 0 user 3;
cause illegal = 0 "i"; cause denied = 1; cause pf = 2;
operand rd rs : register; operand i : signed 16; operand n : unsigned 4; operand w : relative 16; operand k : control;
format R(op) : op:8 rd rs 0:20 "{rd}, {rs}"; format I(op) : op:8 rd rs i 0:4 "{rd}, {rs}, {i}";
format N(op) : op:8 n 0:20 "{n}";
insn add : R(1) { rd = rd + rs; }
insn ld "load" : I(2) { let x = rs + sx(i, 32); rd = mem[x, 4]; }
insn st : I(3) { mem[rs + sx(i, 32), 1] = rd[7:0]; }
insn go : N(4) { require s.R == 0 else denied(word); s.IE = n[0]; if n == 2 { wait; } else { flush; } }
insn io : R(5) { rd = port[rs]; port[rs] = ~rd ^ {rs[15:0], rd[31:16]}; }
alias "inc {rd}" = "add {rd}, a"; modifier hi(x) = x >>u 16;
on reset() { a = memory_size(); } on undefined() { trap illegal(word); } on absent(address) { trap illegal(address); }
on trap(number, value) unless t == 0 { t = number; pc = value; s.R = 0; }
interrupts { enable s.IE; pending 0; cause 1 | line; value 0; }
paging when p.EN { page 12; levels 10 10; root p.ROOT; entry 4 { V 0; W 1; A 2; D 3; PPN 31:12; } frame PPN;
    invalid !V; leaf V; denied s.R == 3; fetch V else pf; load V else pf; store W else pf; accessed A; dirty D; }
"""
HOSTILE = (
    "insn {w} : R({n}) { rd = {e}; }",
    "insn {w} : I({n}) { let x = {e}; if x == 0 { rd = {e}; } else if {e} { trap illegal({e}); } else { pc = {e}; } }",
    "control {w} @{n} reset {n} { A {n}:{n}; B {n} = {e}; }",
    "control {w} @{n} = {e};",
    'format {w}(op) : op:{n} rd i[{n}:{n}] 0:{n} "{rd}, {i}({rs})";',
    "operand {w} : signed {n};",
    "modifier {w}(x) = {e};",
    'alias "{w} {rd}" when {e} = "add {rd}, {rd}", "{w} {rd}";',
    "registers r[{n}] { {w} = {n}; x; }",
    "mode s.R supervisor {n} user {n};",
    "cause {w} = {n};",
    "on trap({w}, y) unless {e} { s = {e}; }",
    "guard {w} { require {e} else illegal; }",
)
EXPRESSIONS = (
    *("a", "rs", "{n}", "{e} + {e}", "({e})", "{e} == {e}", "{e} <u {e}", "{e} <<  {e}", "{e} /s {e}", "-{e}", "~{e}"),
    *("{e} ? {e} : {e}", "{e}[{n}:{n}]", "sx({e}, {n})", "zx({e})", "{{e}, {e}}", "mem[{e}, {n}]", "port[{e}]", "s.R"),
    *("csr[k]", "time()", "line({n})", "reached({e})", "{e} | {e} & {e} ^ {e}", "{w}({e})", "word", "pc"),
)


class Description(Target):
    name = "description"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        paths = sorted(ROOT.glob("tests/isa/bad_isa/*.isa"))
        self.bad = [path.read_bytes() for path in paths]
        self.large = [path.read_bytes() for path in (*ROOT.glob("isa/*.isa"), *ROOT.glob("tests/theory/*.isa"))]
        self.path = folder / "m.isa"
        (folder / "pg32.isa").write_text(SMALL.replace("isa m", "isa pg32"))
        load("pg32")

    def make(self, r: Random) -> bytes:
        chance = r.random()
        if chance < 0.6:
            made = SMALL + "\n".join(self.hostile(r) for _ in range(r.choice((0, 1, 2))))
            if chance < 0.2:
                return made.encode()
            data = made.encode()
        else:
            data = r.choice(self.bad if chance < 0.998 else self.large)
        return mutated(r, data, (*self.bad, *self.large), TEXT)

    def hostile(self, r: Random) -> str:
        text = r.choice(HOSTILE)
        while "{e}" in text:
            text = text.replace("{e}", r.choice(EXPRESSIONS if len(text) < 200 else ("a", "rs", "i", "{n}")), 1)
        while "{n}" in text:
            text = text.replace("{n}", r.choice((str(r.randrange(40)), r.choice(NUMBERS))), 1)
        return text.replace("{w}", r.choice(("x", "y", "add", "s", "zero", "pc", "word", "class", "None", "m")))

    def feed(self, data: bytes) -> str:
        self.path.write_bytes(data)
        try:
            isa = read(str(self.path))
            manual(isa)
            classify(isa)
            with Vm(isa, 4096, output=io.BytesIO()) as vm:
                vm.load(bytes(range(64)))
                try:
                    vm.cpu.burst(20)
                except Stopped:
                    return "accepted, trap"
        except IsaError as error:
            if not error.faults or not str(error):
                raise Undocumented("an error that tells nothing") from error
            return "refused"
        return "accepted"
