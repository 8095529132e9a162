"""x86-64 Linux as a host (see interface.Host)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from ring1.dbt.host.interface import NOWHERE, Assembler, Encoder, Host, StencilEncoder, Stubs, Walk
from ring1.dbt.host.x86_64.registers import BUDGET, SCRATCH, STATE, WIDE, WINDOW
from ring1.dbt.native import cpu

if TYPE_CHECKING:
    from ring1.dbt.host.block import HostBlock
    from ring1.dbt.host.listing import Instruction
    from ring1.dbt.host.target import Target
    from ring1.dbt.native.code import CodeMemory

# Imports are inside the functions: a warm start needs few of them.


class X86_64(Host):
    name = "x86-64"
    roles: ClassVar[Mapping[str, str]] = {
        SCRATCH: "scratch",
        STATE: "state block",
        BUDGET: "instructions left in the budget",
        WINDOW: "host address of guest address 0",
    }

    jump_size = 5
    stale = b"\xf4"
    """hlt, which is privileged and so faults."""

    def pinnable(self) -> Sequence[str]:
        return WIDE

    def features(self) -> frozenset[str]:
        return cpu.flags() & {"bmi2"}

    def assembler(
        self, target: Target, elsewhere: Mapping[str, int] = NOWHERE
    ) -> Callable[[int, bool, bool], Assembler]:
        from ring1.dbt.host.x86_64.assembler import BlockAssembler
        from ring1.dbt.host.x86_64.places import Places

        return partial(BlockAssembler, target, Places(target, elsewhere))

    def walk(self, target: Target, kind: int, elsewhere: Mapping[str, int] = NOWHERE) -> Walk:
        from ring1.dbt.host.x86_64.walk import Refill

        return Refill(target, kind, elsewhere)

    def nested_walk(self, target: Target, kind: int, elsewhere: Mapping[str, int] = NOWHERE) -> Walk:
        from ring1.dbt.host.x86_64.nested_walk import NestedRefill

        return NestedRefill(target, kind, elsewhere)

    def flush(self, target: Target, page: bool = False) -> Walk:
        from ring1.dbt.host.x86_64.flush import Flush, FlushPage

        return FlushPage(target) if page else Flush(target)

    def encoder(self, learnt: dict[Any, Any]) -> Encoder:
        from ring1.dbt.host.x86_64.assemble import assemble
        from ring1.dbt.host.x86_64.encoder import Encoder
        from ring1.dbt.host.x86_64.templates import shipped

        return Encoder(assemble, learnt, shipped().get)

    def stencil_encoder(self, encoder: Encoder) -> StencilEncoder:
        from ring1.dbt.host.x86_64 import encoder as present
        from ring1.dbt.host.x86_64.stencil import StencilEncoder

        assert isinstance(encoder, present.Encoder)
        return StencilEncoder(encoder)

    def distance(self, site: int, to: int) -> bytes:
        return (to - site - 4).to_bytes(4, "little", signed=True)

    def redirection(self, site: int, to: int) -> bytes:
        return b"\xe9" + self.distance(site + 1, to)

    def written(self, address: int, size: int) -> None:
        """Do nothing: stores and fetches use different linear addresses, but caches snoop by physical address, and
        anything prefetched before is discarded by the trip through Python (Intel SDM vol. 3A, "Self-Modifying
        Code")."""

    def assemble(self, text: str) -> bytes:
        from ring1.dbt.host.x86_64.assemble import assemble
        from ring1.dbt.host.x86_64.templates import shipped

        return shipped().assemble(text) or assemble(text)

    def stubs(self, memory: CodeMemory, homes: Mapping[str, int], assemble: Callable[[str], bytes]) -> Stubs:
        from ring1.dbt.host.x86_64.stubs import Stubs

        return Stubs(memory, homes, assemble)

    def go_miss(self, assemble: Callable[[str], bytes]) -> bytes:
        from ring1.dbt.host.x86_64.stubs import GO_MISS

        return assemble(GO_MISS)

    def provide(self, assemble: Callable[[str], bytes]) -> None:
        from ring1.dbt.host.x86_64.fault import provide

        provide(assemble)

    def install(self, assemble: Callable[[str], bytes]) -> None:
        from ring1.dbt.host.x86_64.fault import install

        install(assemble)

    def verify(
        self, made: HostBlock, entries: Collection[int], pinned: Collection[str], hardware: bool = False
    ) -> None:
        from ring1.dbt.host.x86_64.verify.block import verify

        verify(made, entries, pinned, hardware)

    def read(self, code: bytes, offset: int) -> Iterator[Instruction]:
        from ring1.dbt.host.x86_64.listing import read

        return read(code, offset)
