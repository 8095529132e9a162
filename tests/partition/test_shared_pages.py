"""Pages of RAM that two partitions have: what one writes the other reads, under every engine; one-way is one-way."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ring1.dbt.api.errors import MachineError
from ring1.dbt.engines import table
from ring1.dbt.hosting.plan import PlanError
from ring1.dbt.partition.channel import Pages
from ring1.dbt.partition.partitions import Partitions
from ring1.dbt.partition.plan import read
from tests.partition.test_partitions import HERE

ENGINES = table.ENGINES
FRAME = 2000
PAGING = """
        li      t0, 0x10001             // the root, and paging on
        setptb  t0
"""
TABLE = """
        .org    0x10000
        .word   0xff                    // the first 4 MiB where they are, with all rights, accessed and dirty
"""
WRITER = """
_start: li      a1, 0x40
        in      s0, a1                  // where the pages are
        li      a1, 0x41
        in      s1, a1                  // how many
{paging}
        li      a0, 0
1:      addi    a0, a0, 1
        sw      a0, 0x10(s0)
        add     a2, a2, a0
        sw      a2, 0x7fc(s0)
        out     a1, a0                  // ring
        li      t0, 200
2:      addi    t0, t0, -1
        bnez    t0, 2b
        j       1b
{table}
"""
READER = """
_start: la      t0, rung
        wrcr    tvec, t0
        li      a1, 0x40
        in      s0, a1
{paging}
        li      t0, 4
        wrcr    ie, t0
        sti
1:      addi    a5, a5, 1
        j       1b
rung:   li      a1, 0x41
        out     a1, zero                // silence
        lw      a2, 0x10(s0)
        lw      a3, 0x7fc(s0)
        add     a4, a4, a2
        rfe
{table}
"""
PLAN = """
[schedule]
s = [["writes", 1000], ["reads", 1000]]
[channel.c]
from = "writes"
to = "reads"
pages = 2
at = 0x8000
seen = 0xa000
{more}
[machine.writes]
program = "writer.s"
memory = "128K"
engine = "{engine}"
[machine.reads]
program = "reader.s"
memory = "128K"
engine = "{engine}"
{care}
"""


def made(folder: Path, engine: str, reader: str, writer: str = WRITER, paged: bool = False, **more: str) -> Partitions:
    parts = {"paging": PAGING, "table": TABLE} if paged else {"paging": "", "table": ""}
    (folder / "writer.s").write_text(writer.format(**parts))
    (folder / "reader.s").write_text(reader.format(**parts))
    (folder / "plan.toml").write_text(PLAN.format(**({"engine": engine, "more": "", "care": ""} | more)))
    return Partitions(read(str(folder / "plan.toml"), ENGINES), ENGINES)


def registers(parts: Partitions, name: str) -> dict[str, int]:
    return parts.parts[name].machine.vm.state().registers


@pytest.mark.parametrize("paged", [False, True])
@pytest.mark.parametrize("engine", HERE)
def test_what_is_written_is_read(engine: str, paged: bool, tmp_path: Path) -> None:
    """The same as under the interpreter, at each instruction."""
    frames = 4 if engine == "kvm" else 12
    ends = []
    for each in ("interp", engine):
        with closing(made(tmp_path, each, READER, paged=paged)) as parts:
            parts.run(frames)
            ends.append([part.machine.vm.state() for part in parts.parts.values()])
            writes, reads = registers(parts, "writes"), registers(parts, "reads")
            channel = parts.channels[0]
            assert (writes["s0"], reads["s0"], writes["s1"]) == (0x8000, 0xA000, 2)
            assert not parts.failures
            last = reads["a2"]  # the writer's slot may have ended behind either of its stores
            assert last in (writes["a0"], writes["a0"] - 1) and len(channel.answered) >= frames - 1
            assert reads["a3"] in (last * (last + 1) // 2, (last - 1) * last // 2)
            here, there = (parts.parts[name].machine.vm.memory.bytes for name in ("writes", "reads"))
            assert here[0x8000:0xA000] == there[0xA000:0xC000] and any(here[0x8000:0xA000])
    assert ends[0] == ends[1]


STORES = {
    "sw a0, 0x20(s0)": 0x20,
    "sb a0, 0x21(s0)": 0x21,
    "addi t1, s0, 0x40\n swap a0, a0, (t1)": 0x40,
    "addi t1, s0, -2\n sw a0, 0(t1)": 0,
}
"""Ways to write to the page at s0, and the offset at which that is a bus error; the last one only partly does."""
FORBIDDEN = """
_start: la      t0, taken
        wrcr    tvec, t0
        li      a1, 0x40
        in      s0, a1
{{paging}}
        li      s1, 8                   // often, so that it is in a block that is hot
1:      li      a0, 0x1234
        {store}
2:      addi    a5, a5, 1
        j       1b
taken:  rdcr    a2, cause
        rdcr    a3, tval
        addi    a4, a4, 1
        la      t0, 2b
        wrcr    epc, t0
        rfe
{{table}}
"""


@pytest.mark.parametrize("paged", [False, True])
@pytest.mark.parametrize("store", STORES)
@pytest.mark.parametrize("engine", HERE)
def test_one_way(engine: str, store: str, paged: bool, tmp_path: Path) -> None:
    """The receiver's store is a bus error, and nothing is written."""
    with closing(made(tmp_path, engine, FORBIDDEN.format(store=store), paged=paged)) as parts:
        parts.run(2 if engine == "kvm" else 6)
        reads, memory = registers(parts, "reads"), parts.parts["reads"].machine.vm.memory
        assert reads["a4"] > 20 and 0 <= reads["a4"] - reads["a5"] <= 1
        assert (reads["a2"], reads["a3"]) == (9, 0xA000 + STORES[store])
        assert not any(memory.words[at] for at in range(0xA020 // 4, 0xA7F0 // 4))
        assert memory.read(0x9FFE, 2) == b"\0\0"


@pytest.mark.parametrize("engine", HERE)
def test_both_ways(engine: str, tmp_path: Path) -> None:
    """Where the plan says so the receiver writes, and the sender reads it."""
    reader = READER.replace("add     a4, a4, a2", "add a4, a4, a2\n sw a2, 0x14(s0)")
    writer = WRITER.replace("sw      a0, 0x10(s0)", "lw s1, 0x14(s0)\n sw a0, 0x10(s0)")
    with closing(made(tmp_path, engine, reader, writer, more="both = true")) as parts:
        parts.run(4)
        writes = registers(parts, "writes")
        assert 0 < writes["s1"] < writes["a0"]


CODE = """
_start: li      a1, 0x40
        in      s0, a1
{paging}
1:      jalr    ra, 0(s0)               // what the sender has written there
        add     a4, a4, a0
        addi    a5, a5, 1
        j       1b
{table}
"""
WRITES_CODE = """
_start: li      a1, 0x40
        in      s0, a1
        la      t0, code
        lw      a2, 0(t0)               // addi a0, zero, 1
        lw      a3, 4(t0)               // jalr zero, 0(ra)
        lw      s1, 8(t0)               // addi a0, zero, 2
        sw      a3, 4(s0)
1:      sw      a2, 0(s0)
        xor     a2, a2, s1              // the other one the next time
        xor     s1, s1, a2
        xor     a2, a2, s1
        li      t0, 900
2:      addi    t0, t0, -1
        bnez    t0, 2b
        j       1b
code:   addi    a0, zero, 1
        jalr    zero, 0(ra)
        addi    a0, zero, 2
"""


@pytest.mark.parametrize("paged", [False, True])
@pytest.mark.parametrize("engine", HERE)
def test_code_that_another_machine_writes(engine: str, paged: bool, tmp_path: Path) -> None:
    frames, ends = 3 if engine == "kvm" else 20, []
    for each in ("interp", engine):
        with closing(made(tmp_path, each, CODE, WRITES_CODE, paged=paged)) as parts:
            parts.run(frames)
            ends.append(parts.parts["reads"].machine.vm.state())
            reads = registers(parts, "reads")
            assert reads["a5"] < reads["a4"] < 2 * reads["a5"]
    assert ends[0] == ends[1]


WRITES_TABLE = """
_start: li      a1, 0x40
        in      s0, a1
        li      a2, 0x400000ff          // not where there is RAM
        li      a3, 0xff
        sw      a3, 0(s0)
        sw      a3, 4(s0)               // 4 MiB further on: the same frames
1:      j       1b
"""
BY_TABLE = """
_start: la      t0, taken
        wrcr    tvec, t0
        li      a1, 0x40
        in      s0, a1
        addi    t0, s0, 1
        setptb  t0                      // its tables are the sender's
        li      a0, 77
        li      t0, 0x400000
        sw      a0, 0x700(t0)
        lw      a4, 0x700(zero)
1:      j       1b
taken:  rdcr    a2, cause
2:      j       2b
"""


@pytest.mark.parametrize("engine", HERE)
def test_page_tables_that_another_machine_writes(engine: str, tmp_path: Path) -> None:
    with closing(made(tmp_path, engine, BY_TABLE, WRITES_TABLE)) as parts:
        parts.run(3)
        assert (registers(parts, "reads")["a4"], registers(parts, "reads")["a2"]) == (77, 0)


@pytest.mark.parametrize("action", ["warm", "cold"])
def test_a_partition_that_begins_again_has_its_pages(action: str, tmp_path: Path) -> None:
    reader = READER.replace("rfe", "wrcr tvec, zero\n div a0, a0, zero")
    with closing(made(tmp_path, "bt", reader, care=f'fault = "{action}"')) as parts:
        parts.run(6)
        assert len(parts.failures) >= 4
        here, there = (parts.parts[name].machine.vm.memory.bytes for name in ("writes", "reads"))
        assert here[0x8000:0xA000] == there[0xA000:0xC000] and any(here[0x8000:0xA000])


WRONG = {
    "pages = 0": "pages: this is a number from 1",
    "at = 0x8800": "at: 0x8800 is not where a page begins: a multiple of 0x1000",
    "seen = 0x1f000": "seen: 0x1f000 to 0x20fff are not in the RAM of reads",
    "at = 0x20000": "at: 0x20000 to 0x21fff are not in the RAM of writes",
    'to = "nobody"': "there is no machine nobody",
    "words = 3": "words: c is a channel of pages",
    'both = "yes"': "both: this is true or false, not a text",
    "drop at": "c: at which address does the sender have its pages?",
    "drop pages": "at: c has no pages",
}


@pytest.mark.parametrize("change", WRONG)
def test_plans_that_are_wrong(change: str, tmp_path: Path) -> None:
    for name, text in (("writer", WRITER), ("reader", READER)):
        (tmp_path / f"{name}.s").write_text(text.format(paging="", table=""))
    plan = PLAN.format(engine="bt", more="", care="")
    key = change.removeprefix("drop ").split()[0]
    line = next((each for each in plan.splitlines() if each.startswith(f"{key} =")), "seen = 0xa000")
    there = line.startswith(key)
    with_ = "" if change.startswith("drop") else change if there else f"{line}\n{change}"
    plan = plan.replace(line, with_)
    (tmp_path / "plan.toml").write_text(plan)
    with pytest.raises(PlanError) as caught:
        read(str(tmp_path / "plan.toml"), ENGINES)
    found = [fault for fault in caught.value.faults if WRONG[change] in fault.message]
    assert found and found[0].position.line > 0 and found[0].position.column > 0


def test_all_faults_at_once(tmp_path: Path) -> None:
    """A channel to nobody, one whose pages are another one's, and one that is not where pages are."""
    for name, text in (("writer", WRITER), ("reader", READER)):
        (tmp_path / f"{name}.s").write_text(text.format(paging="", table=""))
    more = """
[channel.d]
from = "reads"
to = "nobody"
pages = 1
at = 0xb000
[channel.e]
from = "writes"
to = "reads"
pages = 1
at = 0x123
"""
    (tmp_path / "plan.toml").write_text(PLAN.format(engine="bt", more=more, care=""))
    with pytest.raises(PlanError) as caught:
        read(str(tmp_path / "plan.toml"), ENGINES)
    lines = (tmp_path / "plan.toml").read_text().splitlines()
    told = [(lines[fault.position.line - 1], fault.position.column, fault.message) for fault in caught.value.faults]
    assert ('to = "nobody"', 6, "there is no machine nobody") in told
    assert ("at = 0xb000", 6, "at: reads has pages of c there") in told
    assert ("at = 0x123", 6, "at: 0x123 is not where a page begins: a multiple of 0x1000") in told


def test_pages_are_not_where_the_program_is(tmp_path: Path) -> None:
    writer = WRITER + "\n .org 0x9000\n .word 1\n"
    with pytest.raises(MachineError, match="writes: its program is where it has pages of a channel"):
        made(tmp_path, "interp", READER, writer)


def test_words_and_pages_side_by_side(tmp_path: Path) -> None:
    more = '[channel.w]\nfrom = "reads"\nto = "writes"\nwords = 3\n'
    with closing(made(tmp_path, "bt", READER, more=more)) as parts:
        assert [type(channel).__name__ for channel in parts.channels] == ["Pages", "Words"]
        assert isinstance(parts.channels[0], Pages)
        parts.run(2)
        assert parts.parts["reads"].machine.vm.bus.read(0x43, 0) == 0
