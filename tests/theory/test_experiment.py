"""Witnesses, checked again by a PG32 that was written from its manual (tests/machine/model.py); and what survives."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, overload

import pytest

from ring1.dbt.theory.experiment import Experiment, claims, findings
from ring1.dbt.theory.judge import holds
from ring1.isa.classify import classify, verdicts
from ring1.isa.load import load
from ring1.isa.record import replace
from tests.cli.conftest import Outcome
from tests.machine.extended import extended
from tests.machine.model import Model
from tests.machine.model_core import FETCH, PRIVILEGED, REGISTERS, Halt, Trap
from tests.theory.test_classify import HERE, INNOCUOUS, PG32, SENSITIVE

Call = Callable[..., Outcome]
PAGING = re.search(r"^paging .*?^}", Path("isa/pg32.isa").read_text(), re.M | re.S)[0]  # type: ignore[index]
VARIANTS = ("pg32", "pg32v", "pg32h")
OWN = {"psw": 0xFF00, "ptb": 0x1FE, "scratch": 0xFFFFFFFF}
"""The control bits that are the program's."""


class Sparse:
    """RAM of any size that is mostly zeros."""

    def __init__(self, size: int, words: dict[str, int]) -> None:
        self.size = size
        self.bytes: dict[int, int] = {}
        for at, word in words.items():
            self[int(at, 16) : int(at, 16) + 4] = word.to_bytes(4, "little")

    def __len__(self) -> int:
        return self.size

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> bytes: ...
    def __getitem__(self, at: int | slice) -> int | bytes:
        if isinstance(at, slice):
            return bytes(self.bytes.get(i, 0) for i in range(at.start, at.stop))
        return self.bytes.get(at, 0)

    def __setitem__(self, at: int | slice, value: int | bytes) -> None:
        if isinstance(at, slice):
            assert isinstance(value, bytes)
            self.bytes.update(zip(range(at.start, at.stop), value, strict=True))
        else:
            assert isinstance(value, int)
            self.bytes[at] = value


class Ports:
    """Devices of which one can only say whether they were used."""

    def __init__(self, value: int, lines: int) -> None:
        self.value, self.lines, self.used, self.due = value, lines, False, -1
        self.disk_line = bool(lines & 4)

    def input_line(self) -> bool:
        return bool(self.lines & 2)

    def read(self, port: int) -> int:
        self.used = True
        return self.value

    def write(self, port: int, value: int, now: int) -> None:
        self.used = True

    def advance(self, now: int) -> None: ...


class Runner:
    """A state of a witness on the model, and what the instruction made of it."""

    def __init__(self, isa: str, state: dict[str, Any], memory: dict[str, int]) -> None:
        r = dict(state["registers"])
        m = self.m = Model(load(isa), 4096)
        m.ram = Sparse(state["ram"], memory)  # type: ignore[assignment]
        m.board = Ports(state["port"], state["lines"])  # type: ignore[assignment]
        m.r = [r[name] for name in REGISTERS]
        m.pc, m.time = r["pc"], state["time"]
        psw = r["psw"]
        m.ring, m.enable, m.pring, m.pie, m.flags = psw & 3, psw >> 2 & 1, psw >> 3 & 3, psw >> 5 & 1, psw >> 8
        for name in ("ptb", "tvec", "epc", "cause", "tval", "scratch", "ie", "vmid"):
            setattr(m, name, r[name])
        m.soft, m.timecmp = r["ip"] >> 3, r["timecmp"] | r["timecmph"] << 32
        self.ring = m.ring
        self.before = self.everything()
        self.paged = bool(m.ptb & 1)
        self.pages = self.seen()
        self.word = int.from_bytes(m.access(m.pc, 4, FETCH), "little")
        self.trap: int | None = None
        self.halted = False
        try:
            to = m.execute(self.word)
            m.r[0] = 0
            m.pc = m.pc + 4 if to is None else to
        except Trap as trap:
            self.trap = trap.cause
        except Halt:
            self.halted = True
        self.after = self.everything()

    def everything(self) -> dict[str, int]:
        m = self.m
        names = ("tvec", "epc", "cause", "tval", "scratch", "ie", "vmid", "ptb")
        own = {name: getattr(m, name) for name in names} | {"ip": m.soft, "timecmp": m.timecmp, "psw": m.psw()}
        return own | dict(zip(REGISTERS, m.r, strict=True)) | {"pc": m.pc, "time": m.time}

    def program(self, state: dict[str, int]) -> dict[str, int]:
        """What of a state is the program's."""
        return {n: v & OWN.get(n, 0xFFFFFFFF) for n, v in state.items() if n in (*REGISTERS, "pc", *OWN)}

    def machine(self, state: dict[str, int]) -> dict[str, int]:
        """What of a state is not; without the time."""
        return {n: v & ~OWN.get(n, 0) for n, v in state.items() if n not in (*REGISTERS, "pc", "time")}

    def seen(self) -> dict[int, bytes]:
        """The pages that a program sees, with what is in them, where that is not nothing."""
        m, ram = self.m, self.m.ram
        if not m.ptb & 1:
            return {at >> 12: bytes(ram[at & ~0xFFF : (at & ~0xFFF) + 4096]) for at in ram.bytes}  # type: ignore[attr-defined]

        def word(at: int) -> int:
            return int.from_bytes(ram[at : at + 4], "little")

        found = {}
        for high in range(1024):
            table = word((m.ptb & 0xFFFFF000) + 4 * high)
            for low in range(1024) if table & 1 else ():
                leaf = word((table & 0xFFFFF000) + 4 * low)
                if leaf & 1:
                    found[high << 10 | low] = bytes([leaf & 0xFF]) + ram[leaf & 0xFFFFF000 : (leaf & 0xFFFFF000) + 4096]
        return found


def check(isa: str, witness: dict[str, Any]) -> None:
    """Is it a witness, by the words of the definition?"""
    kind = witness["kind"]
    runs = [Runner(isa, state, witness["memory"]) for state in witness["states"]]
    assert all(run.word == witness["word"] for run in runs)
    assert [run.trap is not None for run in runs] == [outcome["trap"] is not None for outcome in witness["outcomes"]]
    a, b = runs[0], runs[-1]
    if kind.startswith("user"):
        assert 3 in (a.ring, b.ring)
        kind = kind.removeprefix("user ")
    if kind == "not privileged":
        assert (a.ring, a.trap) == (3, None) and len(runs) == 1
        return
    if kind == "control":
        if load(isa).instructions["tlbflush"].match == a.word:  # the model has no TLB
            assert witness["outcomes"][0]["effects"] == ["TLB"]
            return
        changed = a.machine(a.before) != a.machine(a.after) or a.before["time"] != a.after["time"]
        assert a.trap is None and (changed or a.m.board.used or a.halted)  # type: ignore[attr-defined]
        return
    if kind != "time":
        assert a.before["time"] == b.before["time"]
    else:
        assert {n for n in a.before if a.before[n] != b.before[n]} == {"time"}
    if kind in ("mode", "privileged"):
        # They differ in the mode alone.
        assert a.ring != b.ring
        assert {**a.before, "psw": a.before["psw"] ^ a.ring ^ b.ring} == b.before
        assert {**witness["states"][0], "registers": 0} == {**witness["states"][1], "registers": 0}
    else:
        assert a.ring == b.ring and a.program(a.before) == b.program(b.before)
        # Where one of them has no paging, all of RAM is there to be seen.
        both = a.pages.keys() & b.pages.keys()
        if a.paged != b.paged:
            a.pages, b.pages = ({page: run.pages[page][-4096:] for page in both} for run in (a, b))
        assert a.pages == b.pages
    if kind == "privileged":
        assert (a.ring, b.ring, a.trap, b.trap) == (0, 3, None, PRIVILEGED)
    else:
        assert a.trap is b.trap is None
        rest = {**a.after, "psw": a.after["psw"] & ~3}, {**b.after, "psw": b.after["psw"] & ~3}
        assert rest[0] != rest[1] if kind == "mode" else a.program(a.after) != b.program(b.after)


@pytest.mark.parametrize(
    "isa", ["pg32", *(pytest.param(isa, marks=pytest.mark.soak) for isa in VARIANTS if isa != "pg32")]
)
def test_witnesses_stand_on_another_machine(isa: str, call: Call) -> None:
    classes = classify(load(isa))
    for name in [*SENSITIVE, "add", "div", "swap", "syscall", "rdtime"]:
        done = call("classify", "--isa", isa, "--witness", name, "--pairs", 100, "--json")
        assert (done.status, done.err) == (0, "")
        made = json.loads(done.out)
        for witness in made["witnesses"]:
            check(isa, witness)
        expected = {kind for kind, claim in claims(load(isa), classes[name]).items() if claim}
        assert {witness["kind"] for witness in made["witnesses"]} == expected


@pytest.mark.parametrize("pairs", [1000, pytest.param(10_000, marks=pytest.mark.long)])
def test_what_is_innocuous_survives(pairs: int) -> None:
    """So many pairs of states for each instruction, neither state faulting."""
    classes = classify(PG32)
    found = findings(PG32, [classes[name] for name in INNOCUOUS], pairs, 7)
    for name, finding in found.items():
        assert finding.disagreements == [], name
        assert finding.pairs >= pairs, name


@pytest.mark.parametrize("isa", [*VARIANTS, str(HERE / "riscish.isa"), str(HERE.parent / "translate" / "two.isa")])
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_analysis_and_experiment_agree(isa: str, seed: int) -> None:
    machine = load(isa)
    for name, finding in findings(machine, classify(machine).values(), 200, seed).items():
        assert finding.disagreements == [], name
        for witness in finding.witnesses.values():
            assert holds(machine, witness) is not None


def test_the_same_seed_does_the_same() -> None:
    c = classify(PG32)["lra"]
    first, again, other = (findings(PG32, [c], 100, seed)["lra"] for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    "name", ["getpsw", "setpsw", "getptb", "lra", "jru", "in", "wrcr", "hlt", "tlbflush", "rdtime"]
)
def test_who_is_called_innocuous_and_is_not_is_found_out(name: str) -> None:
    wrong = replace(classify(PG32)["add"], name=name)
    finding = findings(PG32, [wrong], 2000, 1)[name]
    right = claims(PG32, classify(PG32)[name])
    kinds = {kind for kind in finding.disagreements if not kind.startswith("always")}
    assert kinds == {k for k, claim in right.items() if claim != finding.claims.get(k, False)} - {"privileged"}
    assert {*finding.disagreements} - kinds == {f"always traps in mode {mode}" for mode in classify(PG32)[name].traps}


def test_who_is_called_sensitive_and_is_not_is_found_out() -> None:
    experiment = Experiment(PG32)
    wrong = dict.fromkeys(claims(PG32, classify(PG32)["getpsw"]), True)
    finding = experiment.find(PG32.instructions["add"], wrong, 100, range(4))
    experiment.close()
    assert set(finding.disagreements) == {*wrong} - {"not privileged"}
    assert finding.pairs >= 20_000


@pytest.mark.soak
@pytest.mark.parametrize(("name", "pairs"), [("c.addi4spn", 1000), ("c.beqz", 1000), ("csrrs", 60_000)])
def test_words_and_ways_of_a_machine_with_short_instructions(name: str, pairs: int) -> None:
    """Words of 16 bits were drawn with 32, so that no witness stood; that the register of csrrs has to be x0, and
    counters to be enabled in two registers, was not drawn on purpose."""
    isa = load("rv32")
    experiment = Experiment(isa)
    wanted = {"not privileged": True} if name.startswith("c.") else {"not privileged": True, "user mode": True}
    finding = experiment.find(isa.instructions[name], wanted, 10, range(4))
    experiment.close()
    assert finding.disagreements == [] and finding.pairs <= pairs
    for witness in finding.witnesses.values():
        assert holds(isa, witness) is not None


@pytest.mark.soak
def test_analysis_and_experiment_agree_of_rv32() -> None:
    isa = load("rv32")
    for name, finding in findings(isa, classify(isa).values(), 1000, 1).items():
        assert finding.disagreements == [], name


def test_a_witness_without_what_it_needs_is_none() -> None:
    finding = findings(PG32, [classify(PG32)["lra"]], 100, 1)["lra"]
    witness = finding.witnesses["location"]
    assert holds(PG32, witness) is not None
    assert holds(PG32, witness._replace(states=witness.states[:1] * 2)) is None
    assert holds(PG32, witness._replace(memory={})) is None
    assert holds(PG32, witness._replace(kind="mode")) is None


# --- The command --------------------------------------------------------------------


def test_the_table(call: Call) -> None:
    done = call("classify", "--pairs", 100)
    assert done.status == 0
    assert max(map(len, done.out.splitlines())) <= 120
    assert "theorem 1 fails" in done.out and "sufficient, not necessary" in done.out
    assert done.out.endswith("analysis and experiment agree\n")
    assert "a second" in done.err
    assert call("classify", "--pairs", 100).out == done.out
    assert "sufficient, not necessary" not in call("classify", "--pairs", 0, "--isa", "pg32v").out


def test_the_object(call: Call) -> None:
    made = json.loads(call("classify", "--pairs", 50, "--json", "--isa", "pg32h").out)
    assert [v["holds"] for v in made["theorems"]] == [False, False, True]
    assert made["theorems"][0]["instructions"] == ["jru"]
    assert made["instructions"]["jru"]["control"] == ["psw.RING"]
    assert made["instructions"]["add"]["pairs"] >= 50
    assert made["experiment"]["disagreements"] == []


def test_a_contradiction_is_reported(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    classes = classify(PG32)
    lying = {**classes, "getpsw": replace(classes["add"], name="getpsw")}
    monkeypatch.setattr("ring1.isa.classify.classify", lambda isa: lying)
    done = call("classify", "--pairs", 50)
    assert done.status == 1
    assert "getpsw: the analysis does not say mode, but there is a witness (--witness getpsw)\n" in done.out
    assert done.err.splitlines()[-1] == "ring1: analysis and experiment disagree"
    assert call("classify", "--pairs", 50, "--witness", "getpsw").status == 1


def test_what_cannot_be_classified_is_refused(call: Call, tmp_path: Path) -> None:
    """Before anything is tried; without modes, or without traps, there is a verdict: none."""
    text = (HERE / "riscish.isa").read_text().replace("control priv { MODE 1:0; }", "control priv { MODE 11:0; }")
    many = tmp_path / "many.isa"
    many.write_text(
        text.replace("= priv.MODE;", "= priv.MODE[1:0];").replace("= mstatus.MPP;", "= zx(mstatus.MPP, 12);")
    )
    for more in ((), ("--pairs", 0), ("--json",), ("--witness", "addi")):
        done = call("classify", "--isa", many, *more)
        why = "riscish cannot be classified: it has more than 8 processor modes"
        assert (done.status, done.out, done.err) == (2, "", f"ring1: {many}: {why}\n")
    done = call("classify", "--isa", HERE.parent / "translate" / "two.isa", "--pairs", 10)
    assert done.status == 0 and "two has no processor mode" in done.out


def test_wrong_usage(call: Call) -> None:
    done = call("classify", "--witness", "frobnicate")
    assert (done.status, done.err) == (2, "ring1: --witness frobnicate: pg32 has no such instruction\n")
    assert call("classify", "--isa", "nothing").status == 2


def test_editing_one_line_of_a_description_decides(call: Call, tmp_path: Path) -> None:
    text = Path(load("pg32").path).read_text()
    guard = "guard in out setptb tlbflush rdcr wrcr cli sti hlt rfe {"
    assert text.count(guard) == 1
    (tmp_path / "my.isa").write_text(text.replace(guard, guard[:-1] + "getpsw setpsw getptb lra jru {"))
    assert "theorem 1 holds" in call("classify", "--isa", tmp_path / "my.isa", "--pairs", 50).out
    (tmp_path / "my.isa").write_text(text.replace(guard, guard[:-1] + "getpsw setpsw getptb lra {"))
    out = call("classify", "--isa", tmp_path / "my.isa", "--pairs", 50).out
    assert "theorem 1 fails" in out and "theorem 3 holds" in out


BESIDE = """
insn pst : R(0x7e) { phys[rs1] = rs2; }
insn pstp : R(0x7d) { require psw.RING == 0 else privileged(word); phys[rs1] = rs2; }
"""
"""Stores at physical addresses, without a guard and with one."""


def test_stores_beside_the_memory_of_the_guest() -> None:
    """They change what is not the guest's, and tell where its memory is."""
    machine = extended(BESIDE, "pg32v")
    classes = classify(machine)
    assert classes["pst"].control == ("memory",) and classes["pst"].location == ("phys()",)
    assert [verdict.holds for verdict in verdicts(machine, classes)] == [False] * 3
    assert classes["pstp"].privileged
    for name, finding in findings(machine, [classes["pst"], classes["pstp"]], 300, 1).items():
        assert finding.disagreements == [], name
    assert all(v.holds for v in verdicts(machine, {n: c for n, c in classes.items() if n != "pst"}))


LARGER = PAGING.replace("page 12;", "page 13;").replace("levels 10 10;", "levels 9 10;").replace("31:12", "31:13")
"""PG32's paging with pages of 8 KiB, of which the experiment can make no tables."""


@pytest.mark.parametrize("seed", range(1, 13))
def test_pages_of_another_size(seed: int) -> None:
    """With paging off there are states to draw, whatever the first ones drawn are."""
    experiment = Experiment(extended(LARGER), seed)
    assert experiment.plain
    experiment.close()


def test_nowhere_to_put_code(call: Call, tmp_path: Path) -> None:
    machine = tmp_path / "own.isa"
    text = LARGER.replace("when ptb.EN", "when ptb.EN | !ptb.EN")
    machine.write_text(f'isa own extends pg32 "paging is always on";\n{text}')
    done = call("classify", "--isa", machine, "--witness", "add")
    assert done.status != 0
    assert "no experiment: no page was found from which own would fetch" in done.err
