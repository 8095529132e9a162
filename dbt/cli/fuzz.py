"""`ring1 fuzz`: runs random programs under every engine, and compares them with the reference."""

from __future__ import annotations

import argparse
import importlib
import os
import secrets
import sys
from itertools import count
from pathlib import Path
from time import monotonic
from types import ModuleType
from typing import TYPE_CHECKING

from ring1.dbt.cli import streams
from ring1.dbt.cli.numbers import count as number
from ring1.dbt.cli.numbers import minutes
from ring1.dbt.cli.outcome import UNAVAILABLE, Failure, Terminated
from ring1.dbt.cli.run import registered
from ring1.dbt.engines.registry import Registry

if TYPE_CHECKING:
    from ring1.dbt.engines.technique import Technique
    from ring1.dbt.fuzz.campaign import Campaign

FOUND = 1
"""Exit status if an engine differs."""
DEFAULT_ISAS = "pg32,pg32v,pg32h,pg32x,generated"
TELL = 0.5
"""Seconds between two status lines on a terminal; elsewhere there is one a minute."""

DESCRIPTION = """\
Make programs by chance, from the description of the machine alone, and run each under the interpreter and in two other
ways: an engine, a way of translating addresses, a code cache of some size, stopped at random instructions,
single-stepped or handed over to another engine. All have to end in the same state. A difference is shrunk to a few
lines of assembly and written to DIR/findings; what reached something new is kept in DIR/corpus and run first the next
time. A difference by which a program can tell an engine as the theorems of Popek and Goldberg say is counted, and is no
finding.
"""

EPILOG = """\
exit status: 0 nothing found, 1 an engine differs, others as for ring1 run (ring1 --help lists them).

examples:
  ring1 fuzz --minutes 10 --jobs 2
  ring1 fuzz --isa my.isa --programs 1000 --seed 1
  ring1 fuzz --engines bt,trap --isa pg32v
  ring1 fuzz --replay build/fuzz/findings/001-bt-7-12.s
"""


def options(parser: argparse.ArgumentParser) -> None:
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    add = parser.add_argument
    names = ", ".join(registered(parser))
    add("--engines", metavar="A,B,...", default="all", help=f"which of {names} (default: all that can run)")
    add("--minutes", metavar="M", type=minutes, help="stop after so long (default: 1, if --programs is not given)")
    add("--programs", metavar="N", type=number, help="stop after so many programs")
    add("--seed", metavar="S", type=int, help="what all programs depend on (default: another each time, which is told)")
    add("--jobs", metavar="J", type=number, default=1, help="processes")
    add(
        "--isa",
        metavar="NAME|FILE,...",
        default=DEFAULT_ISAS,
        help="machines (default: PG32, its variants, and machines by chance that extend them, which are `generated`)",
    )
    add("--dir", metavar="DIR", type=Path, default=Path("build/fuzz"), help="corpus and findings (default: build/fuzz)")
    add("--coverage", action="store_true", help="say in the end how much of the machine has been reached, and what not")
    add("--scheduler", metavar="ADDRESS", help="run on a dask.distributed cluster instead (needs the extra `cluster`)")
    add("--redis", metavar="URL", help="keep corpus and findings in a Redis database, which others may share")
    add(
        "--peer",
        choices=("qemu",),
        help="compare the interpreter with QEMU's system emulation instead, on RV32: see docs/fuzzing.md",
    )
    add("--replay", metavar="FILE", type=Path, help="run a finding again, and say what differs")


def main(arguments: argparse.Namespace) -> int:
    os.environ["RING1_CACHE"] = os.devnull  # see campaign.quiet
    if arguments.peer is not None:
        return with_peer(arguments)
    if arguments.replay is not None:
        return replay(arguments.replay, arguments.registry)
    if sys.platform != "linux":
        raise Failure(f"fuzzing needs Linux, this is {sys.platform}", UNAVAILABLE)
    try:
        import hypothesis.database
    except ImportError:
        raise Failure("fuzzing needs hypothesis: pip install 'ring1[fuzz]'", UNAVAILABLE) from None
    from ring1.dbt.fuzz.campaign import GENERATED, Campaign, CampaignPlan, Crew, Processes
    from ring1.isa.load import load

    seed = secrets.randbelow(1 << 32) if arguments.seed is None else arguments.seed
    isas = tuple(arguments.isa.split(","))
    for name in isas:
        if name != GENERATED:
            load(name)
    folder = arguments.dir
    folder.mkdir(parents=True, exist_ok=True)
    database: hypothesis.database.ExampleDatabase
    if arguments.redis is not None:
        database = cluster().database(arguments.redis)
    else:
        database = hypothesis.database.DirectoryBasedExampleDatabase(folder / "corpus")
    campaign = Campaign(CampaignPlan(isas, chosen(arguments.engines, arguments.registry), seed), folder, database)
    names = ", ".join(each.name for each in campaign.plan.engines)
    streams.say(f"seed {seed}, engines {names}, machines {', '.join(isas)}")
    kept, gone = campaign.resume()
    if kept or gone:
        streams.say(f"{kept:,} cases of earlier campaigns, {gone} findings of theirs are gone")
    length = arguments.minutes if arguments.minutes or arguments.programs else 1.0
    until = campaign.began + 60 * length if length else float("inf")
    numbers = iter(range(arguments.programs)) if arguments.programs else count()
    crew: Crew = cluster().Cluster(arguments.scheduler) if arguments.scheduler else Processes(max(1, arguments.jobs))
    told = monotonic()
    terminal = streams.terminal(sys.stderr)
    try:
        for result in crew.results(campaign.plan, numbers):
            campaign.take(result)
            now = monotonic()
            if now - told > (TELL if terminal else 60):
                told = now
                tell(campaign, terminal)
            if now > until:
                break
    except Terminated:
        raise
    except KeyboardInterrupt:
        streams.say("stopped by Ctrl-C")
    finally:
        crew.close()
        if terminal:
            sys.stderr.write("\r\x1b[K")
    return report(campaign, arguments.coverage)


def with_peer(arguments: argparse.Namespace) -> int:
    """Compare programs by chance with a peer."""
    from ring1.dbt.fuzz.peer import qemu
    from ring1.dbt.fuzz.peer.campaign import PeerCampaign, ranges

    if arguments.isa not in (DEFAULT_ISAS, "rv32"):
        raise Failure(f"--peer {arguments.peer}: it is a peer of rv32 alone")
    try:
        streams.say(f"peer: {qemu.version()}")
        seed = secrets.randbelow(1 << 32) if arguments.seed is None else arguments.seed
        streams.say(f"seed {seed}")
        campaign = PeerCampaign(seed, qemu.run, arguments.dir, arguments.peer)
        length = arguments.minutes if arguments.minutes or arguments.programs else 1.0
        until = campaign.began + 60 * length if length else float("inf")
        told = monotonic()
        try:
            for numbers in ranges(arguments.programs):
                campaign.batch(numbers)
                if monotonic() - told > 60:
                    told = monotonic()
                    streams.say(campaign.line())
                if monotonic() > until:
                    break
        except Terminated:
            raise
        except KeyboardInterrupt:
            streams.say("stopped by Ctrl-C")
    except qemu.Unavailable as error:
        raise Failure(f"--peer {arguments.peer}: {error}", UNAVAILABLE) from None
    streams.write(f"seed {seed}: {campaign.line()}\n")
    for path in campaign.findings:
        streams.write(f"found: {path}\n")
    return FOUND if campaign.findings else 0


def cluster() -> ModuleType:
    """Import what needs the extra `cluster`. Raises Failure."""
    try:
        return importlib.import_module("ring1.dbt.fuzz.cluster")
    except ImportError as error:
        raise Failure(f"clusters need more: pip install 'ring1[cluster]' ({error})", UNAVAILABLE) from None


def chosen(text: str, registry: Registry) -> tuple[Technique, ...]:
    """Return the techniques with these names. Raises Failure."""
    from ring1.dbt.native.tools import missing

    able, lacking = registry.here(), " ".join(missing())
    if text == "all":
        left = [each for each in able if each.policy is None or not lacking]
        if left != able:
            streams.say(f"engines that translate are left out; to fuzz them: pip install {lacking}")
        return tuple(left)
    names = list(dict.fromkeys(text.split(",")))
    for name in names:
        if name not in registry:
            raise Failure(f"--engines: there is no {name!r}; there are {', '.join(registry)}")
        if reason := registry[name].why_not():
            raise Failure(f"--engines: {name} cannot run here: {reason}", UNAVAILABLE)
        if lacking and registry[name].policy is not None:
            raise Failure(f"--engines: to fuzz {name}: pip install {lacking}", UNAVAILABLE)
    return tuple(registry[name] for name in names)


def line(campaign: Campaign) -> str:
    """Return the status line of a campaign."""
    seconds = max(monotonic() - campaign.began, 0.001)
    reached = sum(len(cells) for cells in campaign.cells.values())
    return (
        f"{campaign.programs:,} programs ({campaign.programs / seconds:.1f}/s), "
        f"{campaign.instructions:,} instructions ({campaign.instructions / seconds:,.0f}/s), {campaign.runs:,} runs "
        f"({campaign.untold:,} too open to tell), "
        f"{reached:,} cells, {campaign.explained:,} differences explained, {len(campaign.findings)} findings"
    )


def tell(campaign: Campaign, terminal: bool) -> None:
    sys.stderr.write(f"\r\x1b[Kring1: {line(campaign)}" if terminal else f"ring1: {line(campaign)}\n")
    sys.stderr.flush()


def report(campaign: Campaign, told: bool) -> int:
    """Print the result of a campaign. Returns the exit status."""
    streams.write(f"seed {campaign.plan.seed}: {line(campaign)}\n")
    if told:
        from ring1.dbt.fuzz import coverage
        from ring1.dbt.fuzz.campaign import GENERATED

        for isa, reached in campaign.cells.items():
            if isa == GENERATED:
                continue
            streams.write(coverage.text(isa, reached))
    for path in campaign.findings:
        streams.write(f"found: {path}\n")
    for died in campaign.died:
        streams.write(f"program {died.number}: {died}\n")
    if campaign.alike:
        streams.write(f"and {campaign.alike} differences more, at the same instructions\n")
    return FOUND if campaign.findings or campaign.died else 0


def replay(path: Path, registry: Registry) -> int:
    """Replay a finding."""
    from ring1.dbt.fuzz.compare import check
    from ring1.dbt.fuzz.finding import read
    from ring1.dbt.fuzz.ways import Way, running

    try:
        case, found_in = read(path, registry)
    except ValueError as error:
        raise Failure(f"--replay: {path}: {error}") from None
    able = running(chosen("all", registry), case.build) if found_in is None else []
    ways = [Way(each) for each in able] if found_in is None else [found_in]
    result = check(case, ways)
    for difference in result.differences:
        name = difference.way.name
        if difference.hole:
            streams.write(f"{name} differs, as it may: the program executes {difference.hole}\n")
            continue
        streams.write(f"{name} differs from {registry.reference.name} after {difference.stop} instructions\n")
        for what, want, got in difference.rows:
            streams.write(f"  {what:14} {want}  {got}\n")
    if not result.differences:
        streams.write(f"as {registry.reference.name}: {', '.join(way.name for way in ways)}\n")
    return FOUND if result.unexplained else 0
