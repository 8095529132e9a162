"""Engines that are wrong: they believe another description of the machine, or lose their way at some time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from ring1.dbt.engines.bt import BinaryTranslation
from ring1.dbt.engines.interp import Interp
from ring1.dbt.engines.technique import Technique, nothing
from ring1.dbt.vmm.engine import Engine
from ring1.dbt.vmm.execute import Executor
from ring1.dbt.vmm.options import Options
from ring1.dbt.vmm.platform import Platform
from ring1.dbt.vmm.vm import Vm
from ring1.isa.codec import Decoder
from ring1.isa.model import Isa
from ring1.isa.python import functions
from ring1.isa.read import read


@cache
def described(text: str) -> Isa:
    """PG32 with some of its items described anew."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "other.isa")
        path.write_text(f'isa other extends pg32 "PG32, as somebody believes";\n{text}\n')
        return read(str(path))


def wrong(made: Callable[[Vm, bytes, Options], Engine], name: str = "wrong") -> Technique:
    """A technique whose engines are made so."""
    return Technique(name, "is wrong", "#000000", why_not=nothing, engine=made)


def believer(text: str, translated: bool = True) -> Technique:
    """An engine that believes `text`: its slow path, and its translator if it has one."""
    isa = described(text)

    def made(vm: Vm, image: bytes, options: Options) -> Engine:
        vm.cpu.instructions = functions(isa)["INSTRUCTIONS"]
        if not translated:
            return Interp(vm.cpu)
        vm.cpu.isa, vm.cpu.decoder = isa, Decoder(isa)
        return Executor(vm.cpu, lambda cpu: Platform(cpu, BinaryTranslation(isa)), image, options)

    return wrong(made)


class Late(Interp):
    """Adds 1 to a5 after so many instructions of its own, if `when` says so."""

    def __init__(self, vm: Vm, after: int, when: Callable[[], bool]) -> None:
        super().__init__(vm.cpu)
        self.when = when
        self.at = vm.cpu.time + after

    def burst(self, until: int) -> None:
        due = self.cpu.time < self.at
        self.cpu.burst(min(until, self.at) if due else until)
        if due and self.cpu.time >= self.at and self.when():
            self.cpu.s[15] += 1


def late(after: int, when: Callable[[], bool] = lambda: True, name: str = "wrong") -> Technique:
    return wrong(lambda vm, image, options: Late(vm, after, when), name)
