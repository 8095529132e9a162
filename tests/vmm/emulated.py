"""A machine under a monitor, of which single exits are emulated in any state: by generated code, and by the monitor."""

from __future__ import annotations

from ring1.dbt.engines.table import ENGINES
from ring1.dbt.host.block import STEP
from ring1.dbt.host.interface import MISSED
from ring1.dbt.host.present import present
from ring1.dbt.machine.state import HARD, MOST_TALLIES, PENDING, TALLIES, State
from ring1.dbt.machine.stop import Stopped
from ring1.dbt.translate.emulation import Site
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.port_calls import COMPLETE, PORTS
from ring1.dbt.vmm.vm import Vm
from ring1.isa.model import Isa
from ring1.isa.python import Trap

PC, TIME, BUDGET = 0x1000, 100, 9
AT_ONCE = Options(code_size=1 << 20, patience=0)
NEVER = Options(code_size=1 << 20, routines=False)


class Monitored:
    """Such a machine."""

    def __init__(self, isa: Isa, engine: str, verified: bool = True) -> None:
        """`verified`: emulations keep to what the verifier allows to blocks."""
        self.verified = verified
        self.vm = Vm(isa, 1 << 16)
        made = ENGINES[engine].make(self.vm, b"", AT_ONCE)
        assert isinstance(made, Executor)
        self.engine, self.platform, self.cpu = made, made.platform, self.vm.cpu
        self.vm.engine = made
        made.prepare()

    def put(self, words: list[int], pending: int) -> None:
        """Have these words, with or without an interrupt pending, an instruction having retired since the last trap."""
        cpu = self.cpu
        self.platform.begin()
        for n, word in enumerate(words):
            cpu.s[n] = word
        cpu.pc, cpu.time = PC, TIME - 1
        cpu.trapped = False
        cpu.time = TIME
        cpu.lines = cpu.state.words[State.word(PENDING)] = pending
        cpu.changed()

    def by_code(self, word: int, mode: int, budget: int) -> bool | None:
        """Emulate an instruction by generated code; False if it leaves to the VMM, None if there is none."""
        engine = self.engine
        assert self.platform.emulating is not None

        def tally(retires: bool) -> int:
            return TALLIES + 8 * (MOST_TALLIES - 1)

        made = engine.supply.emulation(self.platform.emulating, Site(word, PC, mode, "emulate", tally), ())
        if made is None:
            return None
        if self.verified:
            present().verify(made.host, (0,), set(engine.supply.pinned.values()))
        block = engine.blocks.annex(made)
        if block is None:
            engine.blocks.flush()
            block = engine.blocks.annex(made)
        assert block is not None
        engine.spaces.enter()
        engine.budget.begin()
        engine.budget.give(TIME + budget, 1 << 60, True)
        self.cpu.state.quads[State.quad(HARD)] = 0  # no routine takes an interrupt
        before = self.cpu.state.tallies[-1]
        way = engine.enter(self.cpu.state.pointer, engine.blocks.address(block))
        engine.budget.take_stock()
        if way != MISSED and engine.left_by(way)[1].kind in PORTS:
            self.cpu.until = TIME + budget
            way, _ = engine.served(way, self.cpu.until)
        done = way in (MISSED, COMPLETE) or engine.left_by(way)[1].kind != STEP
        assert self.cpu.state.tallies[-1] == before + done
        return done

    def by_python(self, word: int) -> bool:
        """The same as the VMM does it; False if it stops the machine."""
        cpu = self.cpu
        try:
            cpu.pc = cpu.instruction(word)(PC)
            cpu.time += 1
        except Trap as trap:
            cpu.pc = PC
            try:
                cpu.supervisor.take(trap.cause, trap.value)
            except Stopped:
                return False
        except Stopped:
            return False
        return True
