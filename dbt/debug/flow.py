"""What instructions do to the flow of control, read off their semantics: calls, returns, jumps."""

from __future__ import annotations

from ring1.dbt.ir.bind import bind
from ring1.isa import semantics as s
from ring1.isa.codec import Decoder
from ring1.isa.model import WORD, Isa
from ring1.isa.record import Record

SOMEWHERE = 0x1000
"""A pc: that an instruction keeps the address behind it does not depend on which that is."""


class Flow(Record):
    """`jumps`: it may set pc. `links`: it keeps the address behind it in a register, as calls do. `indirect`: it jumps
    to where a register says. `restores`: it sets control registers as well, as what ends a handler does."""

    jumps: bool = False
    links: bool = False
    indirect: bool = False
    restores: bool = False

    @property
    def calls(self) -> bool:
        return self.jumps and self.links


class Flows:
    """The flow of one machine's instruction words."""

    def __init__(self, isa: Isa) -> None:
        self.isa = isa
        self.decoder = Decoder(isa)
        self.known: dict[int, Flow] = {}

    def of(self, word: int) -> Flow:
        found = self.known.get(word)
        if found is None:
            found = self.known[word] = self.read(word)
        return found

    def read(self, word: int) -> Flow:
        decoded = self.decoder.decode(word)
        if decoded is None:
            return Flow()
        mode = self.isa.mode.supervisor if self.isa.mode else 0
        nodes = list(s.walk(*bind(self.isa, decoded, word, SOMEWHERE, mode)))
        targets = [node.value for node in nodes if isinstance(node, s.SetPc)]
        behind = s.Const(WORD, SOMEWHERE + decoded.instruction.size)
        kept = [node.index for node in nodes if isinstance(node, s.SetRegister) and node.value == behind]
        links = any(index not in self.isa.hardwired for index in kept)
        indirect = any(not isinstance(target, s.Const) for target in targets)
        restores = bool(targets) and any(isinstance(node, s.SetControl) for node in nodes)
        return Flow(bool(targets), links, indirect, restores)
