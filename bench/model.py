"""What a nanobenchmark's operation takes under each technique, modelled ones too, whose times `ring1 bench` leaves out.

    python -m bench.model [--engines bt,hw] [--rounds N] [NAME ...]

The time of a model is what it costs to count: it says nothing about the hardware that is modelled. Nanoseconds are
those of `ring1 bench`, the lower quartile of samples taken in turns; beside them the events that are counted.
"""

from __future__ import annotations

import argparse
import tempfile

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.measure import nano
from ring1.dbt.measure.run import ISA
from ring1.dbt.measure.sampling import Rounds, measure, pinned
from ring1.dbt.measure.statistics import interval
from ring1.dbt.measure.trial import TrialSetting
from ring1.isa.load import load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", default="bt,hw", help="techniques, separated by commas")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("names", nargs="*", metavar="NAME", help="nanobenchmarks (default: all)")
    given = parser.parse_args()
    chosen = [ENGINES[name] for name in given.engines.split(",")]
    with tempfile.TemporaryDirectory() as folder, pinned():
        for trial in nano.trials(TrialSetting(load(ISA), chosen, folder, False)):
            if given.names and trial.name not in given.names:
                continue
            cells = measure(trial.subjects(), Rounds(given.rounds, 0.02), lambda: None)
            for name, cell in cells.items():
                found = (
                    cell.why_not or f"{interval(cell.ns).quartile:10,.1f} ns {sum(cell.events.values()):7.3f} events"
                )
                print(f"{trial.name:12}{name:8}{found}", flush=True)


if __name__ == "__main__":
    main()
