"""Where a theorem fails there is a program by which a guest tells the monitor; or the condition is not necessary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.theory.programs import Search, diverges, program
from ring1.isa.classify import best_mode, classify, holes, user_holes
from ring1.isa.codec import Decoder
from ring1.isa.load import load
from ring1.isa.record import replace
from tests.cli.conftest import Outcome
from tests.theory.machines import ended, extended
from tests.theory.test_definition import TRAPS
from tests.theory.test_experiment import Call

PG32 = load("pg32")


def search(isa: str, theorem: int) -> Search:
    made = load(isa)
    classes = classify(made)
    return Search(
        made, ENGINES.monitors[theorem], holes(made, classes, best_mode(made)) if theorem == 1 else user_holes(classes)
    )


@pytest.mark.parametrize("name", ["getpsw", "setpsw", "getptb", "lra", "jru"])
def test_each_hole_of_pg32_has_a_program(name: str) -> None:
    """And it is that hole by which it tells: without it the engines agree."""
    found = search("pg32", 1).find(PG32.instructions[name])
    assert found is not None and found.engine == "trap"
    decoder = Decoder(PG32)
    names = [decoded.instruction.name for word in found.words if (decoded := decoder.decode(word))]
    assert names.count(name) >= 1
    assert diverges(PG32, ENGINES["trap"], found.words)
    at = names.index(name)
    assert not diverges(PG32, ENGINES["trap"], found.words[:at] + found.words[at + 1 :])
    source = found.text(PG32)  # it is what the assembler makes of it
    assert ended(PG32, "interp", source, 60) != ended(PG32, "trap", source, 60)


@pytest.mark.parametrize(("name", "there"), [("getpsw", True), ("getptb", True), ("lra", True), ("setpsw", False)])
def test_programs_for_the_hybrid_monitor(name: str, there: bool) -> None:
    """`setpsw` is user-sensitive, as its outcome depends on the mode; but in ring 3 it does no harm."""
    found = search("pg32", 3).find(PG32.instructions[name])
    assert (found is not None) == there
    if found is not None:
        assert diverges(PG32, ENGINES["hybrid"], found.words) and not diverges(PG32, ENGINES["bt"], found.words)


def test_the_reported_machine(tmp_path: Path, call: Call) -> None:
    """What was called innocuous, with exit status 0: `probe` traps depending on interrupts, `ring` on the mode."""
    isa = extended(tmp_path, TRAPS)
    for theorem, engine in ((1, "trap"), (3, "hybrid")):
        names = holes(isa, classify(isa), 1) if theorem == 1 else user_holes(classify(isa))
        found = program(isa, ENGINES[engine], names)
        assert found is not None
        assert diverges(isa, ENGINES[engine], found.words)


def test_the_command(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "hole.s"
    done: Outcome = call("classify", "--pairs", 20, "--program", file)
    assert done.status == 0
    text = file.read_text()
    assert text.startswith("# A guest on pg32 tells trap from the bare machine by getpsw:\n")
    compared = call("compare", "--engines", "interp,trap,bt", "--max-insns", 60, file)
    assert compared.status == 1
    assert "trap diverges from interp" in compared.out and "bt diverges" not in compared.out
    printed = done.out[done.out.index("  a program by which") :].splitlines()
    assert [line.strip() for line in printed[1:3]] == [line.strip() for line in text.splitlines()[3:5]]
    again = call("classify", "--pairs", 20, "--program", file)
    assert (again.status, again.err) == (2, f"ring1: {file}: File exists\n")


def test_where_there_is_none(call: Call, tmp_path: Path) -> None:
    file = tmp_path / "none.s"
    assert call("classify", "--isa", "pg32v", "--pairs", 0, "--program", file).status == 0
    assert file.read_text() == "# No program was found by which a guest on pg32v tells a monitor.\n"
    made = json.loads(call("classify", "--isa", "pg32h", "--pairs", 20, "--json").out)
    assert [v["program"] and v["program"]["instruction"] for v in made["theorems"]] == ["jru", None, None]
    assert made["theorems"][0]["modes"] == {"1": ["jru"], "2": ["jru"], "3": ["jru"]}


RISCV = Path(__file__).parents[2] / "examples" / "machines" / "riscv.isa"


def test_the_mode_of_the_kernel_by_an_option(call: Call, tmp_path: Path) -> None:
    """RISC-V's theorem 1 holds for a kernel in U, and not for one in S: there the program tells, in U it does not."""
    file = tmp_path / "in-s.s"
    given = ("classify", "--isa", RISCV, "--pairs", 0, "--json")
    first, _, third = json.loads(call(*given, "--kernel-mode", 1, "--program", file).out)["theorems"]
    assert (first["holds"], first["modes"]) == (False, {"1": ["sret", "setsatp", "sfence", "wfi"]})
    assert first["program"]["kernel"] == 1 and third["holds"]
    assert json.loads(call(*given, "--kernel-mode", 0).out)["theorems"][0]["modes"] == {"0": []}
    assert "--engines interp,trap --kernel-mode 1 --max-insns" in file.read_text()
    compared = ("compare", "--isa", RISCV, "--engines", "interp,trap", "--max-insns", 60)
    assert [call(*compared, *kernel, file).status for kernel in (("--kernel-mode", 1), ("--kernel-mode", 0), ())] == [
        1,
        0,
        0,
    ]


@pytest.mark.parametrize("kernel", [2, 3])
def test_a_kernel_in_another_ring(kernel: int) -> None:
    """On PG32 the holes are the same, and a program for that monitor is found."""
    monitor = ENGINES.monitors[1].with_kernel(kernel)
    found = program(PG32, monitor, ("getpsw",))
    assert found is not None and found.kernel == kernel
    assert diverges(PG32, monitor, found.words)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (
            ("classify", "--kernel-mode", 0),
            "--kernel-mode 0: a guest's kernel on pg32 can be put into mode 1, 2 or 3 (psw.RING",
        ),
        (
            ("classify", "--kernel-mode", -1),
            "--kernel-mode -1: a guest's kernel on pg32 can be put into mode 1, 2 or 3 (psw.RI",
        ),
        (
            ("run", "--engine", "trap", "--kernel-mode", 4, "FILE"),
            "--kernel-mode 4: a guest's kernel on pg32 can be put into",
        ),
        (
            ("run", "--engine", "bt", "--kernel-mode", 1, "FILE"),
            "--kernel-mode: bt: the guest's kernel is in its own mode",
        ),
        (
            ("compare", "--engines", "interp,bt", "--kernel-mode", 1, "FILE"),
            "--kernel-mode: interp and bt: the guest's kernel ",
        ),
        (
            ("classify", "--isa", RISCV, "--kernel-mode", 3),
            "can be put into mode 2, 1 or 0 (priv.MODE, of which 3 is the s",
        ),
        (("classify", "--kernel-mode", "ring"), "argument --kernel-mode: 'ring' is no whole number"),
    ],
)
def test_kernels_that_make_no_sense(arguments: tuple[object, ...], why: str, call: Call, tmp_path: Path) -> None:
    (tmp_path / "nothing.s").write_text(".globl _start\n_start: hlt\n")
    done = call(*(tmp_path / "nothing.s" if a == "FILE" else a for a in arguments))
    assert done.status == 2 and why in done.err and done.err.count("\n") == 1


def test_sufficient_not_necessary(call: Call, tmp_path: Path) -> None:
    """`setpsw` alone is open: user-sensitive, since in ring 0 it does more, but in ring 3 it does the same for
    everybody."""
    isa = extended(tmp_path, "guard getpsw getptb lra jru { require psw.RING == 0 else privileged(word); }", "pg32")
    assert user_holes(classify(isa)) == ("setpsw",)
    out = call("classify", "--isa", isa.path, "--pairs", 50).out
    third = out[out.index("theorem 3 fails") :]
    assert "is equivalent all the same" in third and "sufficient, not necessary" in third


def test_whose_program_it_is(call: Call) -> None:
    """The monitor of a theorem is the technique of the registry that says so."""
    mine = replace(ENGINES["trap"], name="mine")
    others = [technique for technique in ENGINES.values() if technique.theorem != 1]
    registry = Registry((*others, mine), reference="interp", default="bt")
    assert registry.monitors == {1: mine, 3: ENGINES["hybrid"]}
    done = call("classify", "--pairs", 5, registry=registry)
    assert "--engines interp,mine --max-insns" in done.out and "interp,trap" not in done.out
