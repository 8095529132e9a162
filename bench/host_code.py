"""Does a change of the translator change host code? Every block of every program here, under every policy and way of
translating addresses, as a digest that does not depend on where it is placed.

    python -m bench.host_code --out FILE [--every N]      write the digests
    python -m bench.host_code --against FILE [--every N]  compare with them: exit status 1 if any differs

Programs are gone through statically: blocks from entry and labels on, by direct jumps and past calls, and a trace from
each block. Those of the fuzzer are made anew, from seed 1. `--every N`: one program in N.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.programs import KERNELS, WORKLOADS, guest
from ring1.dbt.cache.supply import Supply
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.fuzz.campaign import GENERATED, CampaignPlan, program
from ring1.dbt.fuzz.machine import CaseGuest
from ring1.dbt.host.present import present
from ring1.dbt.host.target import Hardware
from ring1.dbt.report.translation import leads_to, text_labels
from ring1.dbt.translate.block import Translator
from ring1.dbt.translate.pinning import pin
from ring1.dbt.translate.policy import Policy
from ring1.dbt.translate.trace import along
from ring1.dbt.translate.translation import Translation
from ring1.dbt.vmm.options import Options
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.codec import Decoder
from ring1.isa.load import load
from ring1.isa.model import Isa

ROOT = Path(__file__).parent.parent
FUZZED, MACHINES = 200, ("pg32", "pg32v", GENERATED)
MOST_BLOCKS, MOST_PATH, MOST_STARTS = 400, 64, 48
"""The most blocks of one program in one way, instructions of a trace, and start addresses in a fuzzer's program."""
FRAME = 0x123
"""With paging on, the first page of a program is in this frame."""


class Subject(NamedTuple):
    name: str
    isa: Isa
    image: bytes
    starts: tuple[int, ...]


class Way(NamedTuple):
    """A way to translate a program."""

    name: str
    paged: bool = False
    lookup: bool = False
    traced: bool = False
    checked: bool = False
    bmi2: bool = True


WAYS = (
    Way("flat"),
    Way("flat, checked", checked=True),
    Way("flat, without BMI2", bmi2=False),
    Way("shadow", paged=True),
    Way("shadow traced, checked", paged=True, traced=True, checked=True),
    Way("softtlb", paged=True, lookup=True),
    Way("softtlb traced", paged=True, lookup=True, traced=True),
)


def subjects() -> Iterator[Subject]:
    """Yield the examples, the kernels of bench/, the parts of examples/os, and programs of the fuzzer."""
    pg32 = load("pg32")
    groups: dict[str, list[str]] = {str(p.relative_to(ROOT)): [str(p)] for p in sorted(ROOT.glob("examples/*.s"))}
    groups["examples/os/kernel.s"] = [str(ROOT / "examples/os/kernel.s")]
    user = sorted(p for p in ROOT.glob("examples/os/user/*.s") if p.name not in ("start.s", "lib.s"))
    for name, files in groups.items():
        made = assemble_files(pg32, files)
        yield Subject(name, pg32, made.image, (made.entry, *text_labels(made)))
    for path in user:
        made = assemble_files(pg32, [str(path)], 0x40000000)
        starts = tuple(label - 0x40000000 for label in (made.entry, *text_labels(made)))
        yield Subject(str(path.relative_to(ROOT)), pg32, made.image, starts)
    for name in (*KERNELS, *WORKLOADS):
        made = guest(name)
        yield Subject(f"kernel {name}", pg32, made.image, (made.entry, *text_labels(made)))
    plan = CampaignPlan(MACHINES, tuple(ENGINES.values()), 1)
    for number in range(FUZZED):
        made_case, _ = program(plan, number)
        laid_out = CaseGuest(made_case)
        words = memoryview(laid_out.image[:0x800]).cast("I")
        starts = tuple(4 * n for n, word in enumerate(words) if word and n % 3 == 0)[:MOST_STARTS]
        yield Subject(f"fuzz {number}", laid_out.isa, bytes(laid_out.image), starts)


def policies(isa: Isa) -> Iterator[Policy]:
    """Yield the policies of every engine that may run the machine, and of a host whose KVM runs everything natively."""
    for technique in ENGINES.values():
        if technique.policy is None:
            continue
        try:
            policy = technique.policy(isa)
        except ValueError:
            continue
        yield policy
        if policy.hardware is not None:
            native = technique.policy(isa)
            native.name += " native"
            native.hardware = Hardware(policy.hardware.user, frozenset())
            yield native


def digest(made: Translation) -> str:
    """Return a digest of a block and of everything that must be known to run it."""
    host = made.host
    exits = [
        (at, way.kind, way.pc, way.reason, way.refund, way.by, site) for at, (way, site) in sorted(host.exits.items())
    ]
    parts = made.mode, made.pcs, made.words, made.count, host.marks, exits, made.body, made.page, made.frames
    text = repr((*parts, sorted(made.repairs.items())))
    return hashlib.sha256(host.code + text.encode()).hexdigest()[:16]


def blocks(subject: Subject, translator: Translator, mode: int, way: Way) -> Iterator[tuple[str, Translation]]:
    """Yield the reachable blocks, and a trace from each."""
    words = memoryview(subject.image.ljust(-(-len(subject.image) // 4) * 4, b"\0")).cast("I")

    def fetch(pc: int) -> int:
        return words[pc >> 2] if pc >> 2 < len(words) else 0

    def frames(pcs: Sequence[int]) -> tuple[tuple[int, int], ...]:
        pages = dict.fromkeys(pc >> 12 for pc in pcs)
        return tuple((page, FRAME + page) for page in pages) if way.paged else ()

    found: dict[int, Translation] = {}
    queue = list(dict.fromkeys(subject.starts))
    while queue and len(found) < MOST_BLOCKS:
        pc = queue.pop()
        if pc in found or pc % 4 or pc >> 2 >= len(words):
            continue
        made = translator.translate(pc, mode, fetch, way.checked, frames=frames((pc,)))
        found[pc] = made
        queue += leads_to(translator.isa, made)
        yield f"{pc:#x}", made
    for pc, made in found.items():
        path: list[int] = []
        at: Translation | None = made
        while at is not None and len(path) < MOST_PATH:
            path += at.pcs[: at.count]
            following = [n for n in leads_to(translator.isa, at) if n in found]
            at = found[following[len(path) % len(following)]] if following else None
            if at is made:
                break
        if len(path) > 1 and not way.checked:
            yield f"trace {pc:#x}", translator.trace(along((*path, pc)), mode, fetch, frames(path))


def pinned(subject: Subject, decoder: Decoder, way: Way, many: bool) -> Mapping[int, str]:
    """Return guest registers -> host registers, for as many as possible, or a few."""
    free = present().pinnable()
    return pin(subject.isa, decoder, subject.image, free if many else free[:5])


def lines(every: int, say: Callable[[str], object]) -> Iterator[tuple[str, str]]:
    """Yield what was translated, with its digest."""
    for number, subject in enumerate(subjects()):
        if number % every:
            continue
        say(subject.name)
        decoder, most, fuzzed = Decoder(subject.isa), Options().most_instructions, subject.name.startswith("fuzz")
        for policy in policies(subject.isa):
            for n, way in enumerate(WAYS):
                if policy.hardware is not None and (way.lookup or not way.bmi2):
                    continue
                if number % len(WAYS) != n and (fuzzed or number % 6):
                    continue  # most programs are translated in one way each, in turn
                supply = Supply(subject.isa, decoder, policy, subject.image, most, False, way.lookup, way.traced)
                supply.features = frozenset({"bmi2"} if way.bmi2 else ())
                supply.pin(pinned(subject, decoder, way, (number + n) % 3 != 0))
                modes = sorted(set(policy.modes) - policy.interpreted)
                for mode in dict.fromkeys((modes[0], modes[-1])):
                    for place, made in blocks(subject, supply.translator, mode, way):
                        yield f"{subject.name}/{policy.name}/{way.name}/{mode}/{place}", digest(made)
                if subject.isa.paging is not None:
                    for k, code in enumerate(supply.walks()):
                        name = f"{subject.name}/{policy.name}/{way.name}/walk {k}"
                        yield name, hashlib.sha256(code).hexdigest()[:16]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--against", type=Path)
    parser.add_argument("--every", type=int, default=1)
    arguments = parser.parse_args()
    gc.disable()  # nothing made here has cycles worth collecting
    before = json.loads(arguments.against.read_text()) if arguments.against else {}
    made, different = dict[str, str](), 0
    for name, found in lines(arguments.every, lambda text: print(text, end="\x1b[K\r", file=sys.stderr)):
        made[name] = found
        if before and before.get(name) != found:
            different += 1
            if different <= 20:
                print(f"different: {name}")
    if arguments.out:
        arguments.out.write_text(json.dumps(made))
    print(f"{len(made)} translations, {len(set(made.values()))} distinct, {different} different")
    return different > 0


if __name__ == "__main__":
    raise SystemExit(main())
