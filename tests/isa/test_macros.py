"""Macros, repetitions and conditions."""

from __future__ import annotations

import pytest

from ring1.isa.asm import expander
from tests.isa.assembly import data, faults, program

# Whatever of these GNU as for RISC-V accepts gives the same bytes with it.
CASES = [
    (".macro m x; .byte \\x; .endm; m 1; m 2", "01 02"),
    (
        ".macro m x, y; .byte \\x, \\y; .endm; m 1, 2; m 3 4; m y=5, x=6; m 7, y=8",
        "01 02 03 04 06 05 07 08",
    ),
    (".macro m a b=5; .byte \\a, \\b; .endm; m 1; m 2, 3; m 4,; m b=7, a=8", "01 05 02 03 04 05 08 07"),
    (".macro m(a, b); .byte \\a + \\b; .endm; m 1, 2", "03"),
    # Names of macros are the same in capitals, those of parameters are not.
    (
        ".macro Foo x; .byte \\x; .endm; foo 1; FOO 2; Foo 3; .purgem fOO; .macro foo; .byte 9; .endm; FOO",
        "01 02 03 09",
    ),
    (".macro m X, x; .byte \\X, \\x; .endm; m 1, 2; m x=3, X=4", "01 02 04 03"),
    (".macro ADD a; .byte \\a; .endm; add 7; Add 8", "07 08"),
    (".macro m; .byte 1; .endm; m; m", "01 01"),
    (".macro m a, b; .byte \\a, \\b; .endm; m 4 + 3, 2; m (4 + 3) * 2, 2; m 4 +3 2", "07 02 0e 02 07 02"),
    ('.macro m s; .asciz "\\s"; .endm; m "a b, c"; m x', "61 20 62 2c 20 63 00 78 00"),
    ('.macro m s; .ascii "\\s"; .endm; m "a\\"b\\n"', "61 22 62 0a"),
    (".macro m x; .byte \\x; .endm; m '#'; m ';'; m ','", "23 3b 2c"),
    (
        ".macro m a, rest:vararg; .byte \\a; .word \\rest; .endm; m 1, 2 , 3; m 4, 5",
        "01 02000000 03000000 04 05000000",
    ),
    (".macro m a:req, b:req; .byte \\a, \\b; .endm; m 1, 2", "01 02"),
    (".macro m x, y; .byte \\x\\y, \\x\\()1, \\()5; .endm; m 1, 2", "0c 0b 05"),
    (".macro m x; .byte \\@, \\x; .endm; m 7; m 8; m 9", "00 07 01 08 02 09"),
    (".macro m; l\\@: .byte l\\@ - x; .endm; x: m; m", "00 01"),
    ('.macro m r; .ascii "\\r.x"; .endm; m a0', "61 30 2e 78"),
    (".macro i x; .byte \\x; .endm; .macro o x; i \\x + 1; i \\x; .endm; o 4", "05 04"),
    (".macro o a; .macro i\\a b; .byte \\a, \\b; .endm; .endm; o 3; i3 4; o 5; i5 6", "03 04 05 06"),
    (".macro m x; .byte \\x; .endm; .purgem m; .macro m x; .byte 2 * \\x; .endm; m 4", "08"),
    (
        ".macro m from=0, to=3; .byte \\from; .if \\to - \\from; m (\\from + 1), \\to; .endif; .endm; m",
        "00 01 02 03",
    ),
    (".macro m a, r:vararg; .byte \\a; .ifnb \\r; m \\r; .endif; .endm; m 1, 2, 3", "01 02 03"),
    (".macro m x; .ifnb \\x; .byte \\x; .exitm; .endif; .byte 99; .endm; m 1; m", "01 63"),
    (".macro m; 1: .byte 1f - 1b; 1: .endm; m; m", "01 01"),
    (".macro m; a: .endm; .byte 1; m; .byte a", "01 01"),
    (".macro addi x; .byte \\x; .endm; addi 5", "05"),
    (".macro m op, r; \\op \\r, \\r, 1; .endm; m addi, a0", "0100aa28"),
    ("x: .macro m; .byte 1; .endm; y: m; .byte y - x", "01 00"),
    (".rept 3; .byte 1; .endr", "01 01 01"),
    (".rept 0; .byte 1; .endr; .byte 2", "02"),
    (".rept 2; .byte 1; .rept 2; .byte 2; .endr; .endr", "01 02 02 01 02 02"),
    (".set n, 0; .rept 3; .byte n; .set n, n + 1; .endr", "00 01 02"),
    (".irp x, 1, 2, 3; .byte \\x; .endr", "01 02 03"),
    (".irp x, 1 2; .irp y, 3, 4; .byte \\x\\y; .endr; .endr", "0d 0e 17 18"),
    (".irp r, a0, a1; push \\r; .endr", "fcff2228 0000a24a fcff2228 0000b24a"),
    (".irpc c, 123; .byte \\c; .endr", "01 02 03"),
    (".macro m n; .rept \\n; .byte \\n; .endr; .endm; m 2; m 1", "02 02 01"),
    (".if 1; .byte 1; .else; .byte 2; .endif", "01"),
    (
        ".if 0; .byte 1; .elseif 0; .byte 2; .elseif 1; .byte 3; .elseif 1; .byte 4; .else; .byte 5; .endif",
        "03",
    ),
    (".if 0; .if 1; .byte 1; .else; .byte 2; .endif; .else; .byte 3; .endif", "03"),
    (".if 1; .byte 1; .elseif 1 / 0; .byte 2; .endif", "01"),
    (".if 0; .if nonsense +; .endif; .foo; x y z; @; .else; .byte 1; .endif", "01"),
    (
        ".ifdef x; .byte 1; .endif; x: .ifdef x; .byte 2; .endif; .ifndef y; .byte 3; .endif; "
        "y = 1; .ifndef y; .byte 4; .endif",
        "02 03",
    ),
    (
        ".ifeq 0; .byte 1; .endif; .ifne 0; .byte 2; .endif; .ifgt 1; .byte 3; .endif; .iflt -1; .byte 4; .endif",
        "01 03 04",
    ),
    (
        ".ifge 0; .byte 1; .endif; .ifle 1; .byte 2; .endif; .ifb; .byte 3; .endif; .ifb x; .byte 4; .endif",
        "01 03",
    ),
    (
        '.ifc a b, a b; .byte 1; .endif; .ifnc a, b; .byte 2; .endif; .ifeqs "a", "a"; .byte 3; .endif',
        "01 02 03",
    ),
    ("a: .byte 1, 2; b: .if b - a == 2; .byte 3; .endif", "01 02 03"),
    ("x: .if 1; .byte 1; y: .endif; .byte y - x", "01 01"),
    (".byte 1; .end; .byte 2; nonsense", "01"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_bytes(text: str, expected: str) -> None:
    assert data(text.replace("; ", "\n")) == bytes.fromhex(expected)
    assert data(text) == bytes.fromhex(expected)


def test_the_calls_that_a_line_came_from() -> None:
    made = program(".macro i\n nop\n.endm\n.macro o\n  i\n.endm\nnop\n  x: o")
    where = made.where(4)
    assert where is not None and (where.line, where.column, where.text) == (2, 2, " nop")
    assert [(name, at.line, at.column) for name, at in made.calls[4]] == [("i", 5, 3), ("o", 8, 3)]
    assert 0 not in made.calls


def test_faults_name_the_calls() -> None:
    assert faults(".macro i x\n  addi a0, a0, \\x\n.endm\n.macro o y\n  i \\y\n.endm\n    o 99999") == [
        "a.s:2:16: value 99999 is out of range -32768..32767 (in macro i at a.s:5:3, in macro o at a.s:7:5)"
    ]


def test_macros_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    (fault,) = faults(".macro m x\n m \\x\n m \\x\n.endm\n m 1")
    assert fault.startswith("a.s:2:2: macros within macros, more than 100 deep (in macro m at a.s:2:2, ")
    (fault,) = faults(".macro m x\n m \\x\\x\n.endm\n m 12345678")
    assert fault.startswith("a.s:2:2: this becomes longer than 100000 characters (in macro m at a.s:2:2, ")
    monkeypatch.setattr(expander, "MOST_STATEMENTS", 1000)
    (fault,) = faults(".rept 10000\n.rept 10000\n.endr\n.rept 1000\n.set x, 1\n.endr\n.endr")
    assert fault.startswith("a.s:5:1: macros make more than ")
