"""Makes isa/shipped.bin: what a run of PG32 under the engines that are used most would derive first.

python -m bench.shipped            make it
python -m bench.shipped --check    exit status 1 if it is of other sources than those here
"""

from __future__ import annotations

import argparse
import marshal
import os
import sys
import tempfile
from pathlib import Path

from ring1.dbt.cache.supply import Supply
from ring1.dbt.engines.table import ENGINES
from ring1.dbt.stencils.complete import complete
from ring1.dbt.stencils.table import KIND, Plain
from ring1.isa import shipped, store
from ring1.isa.asm.assemble import assemble_files
from ring1.isa.classify import classify
from ring1.isa.codec import Decoder
from ring1.isa.load import load
from ring1.isa.python import functions

MACHINE = "pg32"
CLASSIFIED = MACHINE, "rv32"
"""Machines whose instructions' classes come with ring1, which deprivileging engines go by."""
EXAMPLES = Path(__file__).parent.parent / "examples"
PINNED = range(1, 12)
"""Any registers: patterns do not depend on which these are."""


def fill() -> None:
    """Derive everything into the cache."""
    isa = load(MACHINE)
    functions(isa)
    for name in CLASSIFIED:
        classify(load(name))
    for source in sorted(EXAMPLES.glob("*.s")):
        assemble_files(isa, [str(source)])
    for technique in ENGINES.values():
        if technique.shipped and technique.policy is not None:
            policy = technique.policy(isa)
            supply = Supply(isa, Decoder(isa), policy, b"", 64, True)
            supply.pin(dict(zip(PINNED, supply.host.pinnable(), strict=True)))
            assert supply.copier is not None
            complete(supply.copier, isa, frozenset(policy.modes))
            supply.save()


def collect(folder: Path) -> shipped.Entries:
    """Return what is in the cache. Of stencils, the patterns suffice."""
    made = {}
    for kind in shipped.KINDS:
        for path in sorted((folder / kind).iterdir()):
            value = store.saved(kind, path.name)
            if kind == KIND and isinstance(value, bytes):
                value = marshal.dumps(tuple(Plain(*marshal.loads(value))._replace(stencils={})))
            made[kind, store.content(path.name)] = shipped.packed(value)
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    if parser.parse_args().check:
        if shipped.entries():
            return 0
        print("isa/shipped.bin is of other sources: run `python -m bench.shipped`", file=sys.stderr)
        return 1
    Path(shipped.FILE).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["RING1_CACHE"] = folder
        fill()
        shipped.save(collect(Path(folder)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
