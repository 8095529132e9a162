"""`ring1 translate --hot` and the hottest blocks of `run --stats`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import EXAMPLES, OFF, Command, Outcome

Call = Callable[..., Outcome]

# The inner loop has nine tenths of the instructions and more; the output in each round ends every burst early.
NESTED = """\
_start: li a1, 400
outer:  li a2, 300
inner:  addi a2, a2, -1
        mul a4, a4, a2
        bnez a2, inner
        li a3, '.'
        out zero, a3
        addi a1, a1, -1
        bnez a1, outer
"""


def test_the_hottest_block_comes_first_as_it_was_run(call: Call) -> None:
    Path("nested.s").write_text(NESTED + OFF)
    done = call("translate", "--hot", "nested.s", "--format", "json")
    assert done.status == 0
    blocks = json.loads(done.out)["blocks"]
    shares = [block["share"] for block in blocks]
    assert shares == sorted(shares, reverse=True)
    assert 0.8 < shares[0] <= sum(shares) <= 1.001
    first = blocks[0]
    texts = [insn["text"] for insn in first["instructions"]]
    assert first["symbol"].startswith("inner") and first["trace"] and first["ring"] == 0
    assert len(texts) > 3  # several rounds of the loop
    host = [line["text"] for insn in first["instructions"] for line in insn["host"]]
    assert sum(text.startswith("imul") for text in host) == texts.count("mul a4, a4, a2")


def test_text_says_the_share_and_how_much_was_run(call: Call) -> None:
    Path("nested.s").write_text(NESTED + OFF)
    done = call("translate", "--hot", "nested.s", "--most", 1, "--max-insns", 200_000)
    assert done.out.splitlines()[0] == "pg32 under bt: the hottest blocks of a run of 200,000 instructions"
    [head] = [line for line in done.out.splitlines() if line.startswith("block ")]
    assert "inner" in head and head.endswith("% of the run, a trace")
    assert "imul" in done.out


def test_the_console_is_stdin_and_stderr(ring1: Command) -> None:
    read = "_start: in a5, zero\n        out zero, a5\n"
    ring1.write("nested.s", read + NESTED.removeprefix("_start:") + OFF)
    done = ring1("translate", "--hot", "nested.s", "--engine", "bare", stdin=b"q")
    assert done.status == 0
    assert done.err == "q" + "." * 400
    assert done.out.startswith("pg32 under bare: the hottest blocks")
    page = ring1("translate", "--hot", "nested.s", "--format", "html", stdin=b"q").out
    assert "% of the run, a trace</h2>" in page


def test_a_run_too_short_for_samples_says_so(call: Call) -> None:
    Path("off.s").write_text("_start:\n" + OFF)
    done = call("translate", "--hot", "off.s")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("ring1: the run of ") and "too short" in done.err
    assert "--ring" in call("translate", "--hot", "off.s", "--ring", 3).err


def test_hot_blocks_that_are_gone_are_named(call: Call) -> None:
    """The shares add up though the code that was run is overwritten at the end."""
    overwrite = (
        "        la t1, inner\n        li t2, 0x13\n        sw t2, 0(t1)\n        sw t2, 4(t1)\n        sw t2, 8(t1)\n"
    )
    Path("gone.s").write_text('.section .text, "awx"\n' + NESTED + overwrite + OFF)
    done = call("translate", "--hot", "gone.s", "--format", "json")
    found = json.loads(done.out)
    assert sum(block["share"] for block in found["blocks"] + found["gone"]) > 0.99
    assert any(lost["symbol"].startswith("inner") and lost["share"] > 0.3 for lost in found["gone"])
    assert "gone from the code cache" in call("translate", "--hot", "gone.s").out.splitlines()[-1]
    assert "gone from the code cache" in call("translate", "--hot", "gone.s", "--format", "html").out


def test_statistics_name_the_hottest_blocks(call: Call) -> None:
    Path("nested.s").write_text(NESTED + OFF)
    lines = [line.removeprefix("ring1: ") for line in call("run", "nested.s", "--stats").lines]
    named = {line[:23].strip(): line.split()[-1] for line in lines}
    assert int(named["chained jumps"]) > 0 and int(named["traces"]) > 0
    assert {"indirect misses", "caches flushed", "registers pinned again", "translation time"} <= named.keys()
    start = next(n for n, line in enumerate(lines) if line.startswith("hottest blocks"))
    name, share = lines[start + 1].split()
    assert name.startswith("inner") and float(share.rstrip("%")) > 50
    assert 1 <= len(lines) - start - 1 <= 5


def test_the_disk_is_not_overwritten(call: Call) -> None:
    Path("disk").write_bytes(bytes(512))
    done = call("translate", "--hot", "--disk", "disk", "-o", "disk", EXAMPLES / "sieve.s")
    assert done.status == 2 and "disk is the input, and would be overwritten" in done.err
    assert Path("disk").read_bytes() == bytes(512)
