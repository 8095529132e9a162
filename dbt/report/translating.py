"""What translates a program for reports, without running it: a technique's translator in a processor mode."""

from __future__ import annotations

from collections.abc import Mapping

from ring1.dbt.cache.supply import Supply
from ring1.dbt.engines.technique import Technique
from ring1.dbt.report.translation import Reporter
from ring1.dbt.translate.pinning import pin
from ring1.dbt.vmm.options import Options
from ring1.isa.asm.program import Program
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa


class Interprets(Exception):
    """The technique translates nothing, or nothing of what runs in this mode."""


class Translating:
    """A program under a technique. `mode` is the processor mode that the host's code is made for, `names` has the host
    register of each guest register that is in one."""

    def __init__(self, isa: Isa, program: Program, technique: Technique, mode: int) -> None:
        """`mode`: the guest's. Raises Interprets, and ValueError if the technique cannot run the machine."""
        if technique.policy is None:
            raise Interprets(f"the engine {technique.name} translates nothing")
        policy, decoder = technique.policy(isa), Decoder(isa)
        if mode in policy.interpreted:
            raise Interprets(f"the engine {technique.name} interprets what runs in mode {mode}")
        self.mode = policy.modes[mode]
        self.supply = Supply(isa, decoder, policy, program.image, Options().most_instructions, False)
        pinned = pin(isa, decoder, program.image, self.supply.host.pinnable())
        self.supply.pin(pinned)
        self.names: Mapping[str, str] = {isa.registers[n][0]: host for n, host in pinned.items()}
        self.called = isa.mode.bits.name.lower() if isa.mode else ""
        """What the description calls the field of the mode."""
        self.reporter = Reporter(isa, program, self.supply.translator, self.mode)
