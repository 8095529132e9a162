"""One block: guest words at a pc, in a processor mode -> host code, under a policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dbt.native.slots import MISS
from dbt.translate.bind import bind
from dbt.translate.encode import Encoder, HostBlock
from dbt.translate.host import BUDGET, NEXT, STEP
from dbt.translate.policy import Action, Decision, Policy
from dbt.translate.x86 import Lowering, Unsupported
from isa import semantics as s
from isa.codec import Decoder
from isa.effects import effects
from isa.model import WORD, Isa

PAGE = 4096
ONES = (1 << WORD) - 1


@dataclass(frozen=True, slots=True)
class Guest:
    """A guest instruction of a block, and what is done with it."""

    pc: int
    word: int
    name: str
    body: s.Body
    decision: Decision


@dataclass(frozen=True, slots=True)
class Translation:
    """The host code of a block, to be placed anywhere.

    The first `count` guest instructions are executed by it. An instruction after them is left to the interpreter, for
    the reason that its decision gives; with `count` 0 there is no host code at all.
    """

    pc: int
    mode: int
    guests: tuple[Guest, ...]
    count: int
    host: HostBlock
    body: int
    """Offset at which a block that is known to be the right one is entered; at 0, one that must check its pc."""

    @property
    def end(self) -> int:
        """Address behind the last guest instruction."""
        return self.pc + 4 * len(self.guests)


class Translator:
    """Translates blocks of one machine under one policy.

    A block ends where control is transferred, where the VMM is called, at `most` instructions and at the end of its
    page.
    """

    def __init__(
        self,
        isa: Isa,
        decoder: Decoder,
        policy: Policy,
        pinned: Mapping[int, str],
        encoder: Encoder,
        bmi2: bool,
        most: int = 64,
    ) -> None:
        self.isa = isa
        self.decoder = decoder
        self.policy = policy
        self.pinned = pinned
        self.encoder = encoder
        self.bmi2 = bmi2
        self.most = most

    def translate(self, pc: int, mode: int, fetch: Callable[[int], int]) -> Translation:
        """The block at `pc`; `fetch` gives the word at an address of the same page."""
        guests = self.collect(pc, mode, fetch)
        while True:
            count = len(guests) - (guests[-1].decision.action in (Action.CALLOUT, Action.TRAP))
            if not count:
                return Translation(pc, mode, tuple(guests), 0, HostBlock(b"", [], {}), 0)
            lowering = Lowering(self.isa, self.pinned, self.bmi2, mode, count)
            try:
                body = self.lower(lowering, guests, count)
                break
            except Unsupported as reason:
                stuck = guests[lowering.index]
                decision = Decision(Action.CALLOUT, f"step {stuck.name} ({reason})")
                guests[lowering.index :] = [Guest(stuck.pc, stuck.word, stuck.name, stuck.body, decision)]
        host = self.encoder.encode(lowering.items, lowering.exits)
        return Translation(pc, mode, tuple(guests), count, host, host.labels[body])

    def collect(self, pc: int, mode: int, fetch: Callable[[int], int]) -> list[Guest]:
        """The instructions of the block, and what the policy says of each."""
        guests: list[Guest] = []
        at = pc
        while len(guests) < self.most:
            guest = self.guest(at, mode, fetch(at))
            guests.append(guest)
            at += 4
            jumps = any(isinstance(n, s.SetPc) for n in s.walk(*guest.body))
            if jumps or guest.decision.action in (Action.CALLOUT, Action.TRAP) or not at % PAGE:
                break
        return guests

    def guest(self, pc: int, mode: int, word: int) -> Guest:
        decoded = self.decoder.decode(word)
        if decoded is None:
            return Guest(pc, word, "", (), Decision(Action.TRAP, "trap undefined"))
        body = bind(self.isa, decoded, word, pc, mode)
        # Bound, an access to the control-register file is one to a certain register: that it was one still counts.
        whole = effects(self.isa, decoded.instruction.body)
        found = effects(self.isa, body, files=whole.files)
        name = decoded.instruction.name
        return Guest(pc, word, name, body, self.policy(name, body, found))

    def lower(self, lowering: Lowering, guests: list[Guest], count: int) -> int:
        """Emit the block; the label of its body."""
        first = guests[0]
        miss, body = lowering.label(), lowering.label()
        lowering.emit(f"cmp {lowering.slot('pc')}, {{}}", first.pc)
        lowering.jump(miss, "ne")
        lowering.place(body)
        lowering.emit("sub r14, {}", count)
        lowering.jump(lowering.exit(BUDGET, first.pc, "budget", 0), "s")
        for index, guest in enumerate(guests[:count]):
            lowering.instruction(index, guest.pc, guest.body)
        last = guests[-1]
        if count < len(guests):
            lowering.jump(lowering.exit(STEP, last.pc, last.decision.reason, count))
        elif not (last.body and isinstance(last.body[-1], s.SetPc)):
            lowering.jump(lowering.exit(NEXT, last.pc + 4 & ONES, "jump", count))
        lowering.ways_out()
        lowering.place(miss)
        lowering.emit(f"jmp qword ptr [rbp+{MISS}]")
        return body
