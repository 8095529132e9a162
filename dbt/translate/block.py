"""The translator: guest words at a pc, in a processor mode -> a block or trace of host code, under a policy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from ring1.dbt.host.interface import Encoder
from ring1.dbt.host.present import present
from ring1.dbt.host.target import Target, Unsupported
from ring1.dbt.ir.bind import bind, bind_varying
from ring1.dbt.machine.state import CODE_WORDS, MOST_VARYING
from ring1.dbt.translate.bodies import accesses_once
from ring1.dbt.translate.edges import Entries, enter, follow, jumps_at_end, left, ways_in
from ring1.dbt.translate.foresight import STORES
from ring1.dbt.translate.lower import Lowering
from ring1.dbt.translate.policy import ADAPTED, NO_SITES, UNTRANSLATED, Action, Decision, Policy, Site, Sites
from ring1.dbt.translate.repair import repair
from ring1.dbt.translate.trace import Trace
from ring1.dbt.translate.translation import Frames, GuestInsn, Translation
from ring1.isa import semantics as s
from ring1.isa.codec import Decoded, Decoder
from ring1.isa.effects import Effects, effects

PLACE, WORDS = frozenset((s.Pc,)), frozenset((s.Word,))
CALL = Decision(Action.CALLOUT, ADAPTED)
"""The decision for adapted instructions, which call the VMM whatever the policy says."""
ENDS = (Action.CALLOUT, Action.TRAP)
"""Actions that end a block: the VMM or the interpreter executes the instruction."""
MOST_KNOWN = 1 << 16
"""Most distinct instruction words remembered, so that a guest that executes garbage cannot exhaust the host's
memory."""


class Translator:
    """Translates blocks of one machine under one policy.

    A block ends at a jump, at an instruction left to the VMM, after `most` instructions, and at the end of its page.
    """

    def __init__(
        self,
        target: Target,
        decoder: Decoder,
        policy: Policy,
        encoder: Encoder,
        most: int = 64,
    ) -> None:
        self.isa = target.isa
        self.target = target
        self.decoder = decoder
        self.policy = policy
        self.encoder = encoder
        self.assembler = present().assembler(target)
        self.most = most
        self.known: dict[tuple[int, int], GuestInsn] = {}
        """Mode and word -> the guest instruction as last decoded: if it does not depend on pc, it is the same
        anywhere."""
        self.whole: dict[str, Effects] = {}
        """Name of an instruction -> its effects before operands are bound."""
        self.moving: set[str] = set()
        """Names of the instructions in `whole` that depend on pc."""
        body = self.isa.undefined.body if self.isa.undefined else ()
        self.undefined = policy("undefined", body, effects(self.isa, body)._replace(always_traps=True))

    def translate(
        self,
        pc: int,
        mode: int,
        fetch: Callable[[int], int],
        checked: bool = False,
        known: Callable[[int], bool] = lambda at: False,
        frames: Frames = (),
        sites: Sites = NO_SITES,
    ) -> Translation:
        """Translate the block at `pc`; `fetch` returns the word at an address of the same page.

        It ends where a `known` block begins: otherwise straight-line code would be translated again from each of its
        entries.

        A `checked` block detects by itself that its guest code has changed, so it ends after a store. With paging on,
        `frames` has the frame of the page. `sites` has exceptions.
        """
        return self.finish(mode, self.collect(pc, mode, fetch, checked, known, sites), None, checked, frames)

    def varying(
        self,
        words: Sequence[Sequence[int]],
        pc: int,
        mode: int,
        fetch: Callable[[int], int],
        frames: Frames,
        sites: Sites,
    ) -> Translation:
        """Translate the block at `pc`, for which memory has held these words, so that the constants of the
        instructions that differ are read from memory. Raises Unsupported."""
        guests = self.collect(pc, mode, fetch, True, lambda at: False, sites)
        columns = list(zip(*words, [guest.word for guest in guests], strict=False))
        differ = [n for n, column in enumerate(columns) if len(set(column)) > 1]
        if len(differ) > MOST_VARYING or len(columns) != len(guests):
            raise Unsupported("versions")
        for n, slot in zip(differ, range(CODE_WORDS, CODE_WORDS + 4 * MOST_VARYING, 4), strict=False):
            guests[n] = self.inconstant(guests[n], columns[n], mode, slot)
        return self.finish(mode, guests, None, True, frames)

    def inconstant(self, guest: GuestInsn, words: Sequence[int], mode: int, slot: int) -> GuestInsn:
        """Return a guest instruction with the constant in which these words differ taken from a slot. Raises
        Unsupported if they differ in anything else, or if more than computation can depend on the constant."""
        decoded, bits = self.decoder.decode(guest.word), 0
        for word in words:
            bits |= word ^ guest.word
        if decoded is None or guest.decision.action is not Action.IDENT or guest.moves or self.isa.words.mixed:
            raise Unsupported("versions")
        whole, body = self.whole[guest.name], decoded.instruction.body
        if whole.sensitive or whole.jumps or whole.traps or s.has(WORDS, *body):
            raise Unsupported("versions")
        bound = bind_varying(self.isa, decoded, guest.pc, mode, bits)
        if bound is None:
            raise Unsupported("versions")
        return guest._replace(varies=bound[0], body=bound[1], kept=slot)

    def trace(
        self,
        trace: Trace,
        mode: int,
        fetch: Callable[[int], int],
        frames: Frames = (),
        sites: Sites = NO_SITES,
    ) -> Translation:
        """Translate a trace, made of paths that the guest has taken.

        Where the guest leaves its ways, it leaves the trace by an exit. With paging on, `frames` has all pages of the
        trace.
        """
        known = {pc: self.guest(pc, mode, fetch(pc), sites) for pc in dict.fromkeys(trace.pcs)}
        guests = [known[pc] for pc in trace.pcs]
        ways = [
            followed(guests[begin:end], after)
            for begin, end, after in zip(trace.begins(), trace.ends(), trace.after, strict=True)
        ]
        whole = [n == end - begin for n, begin, end in zip(ways, trace.begins(), trace.ends(), strict=True)]
        kept = trace.keep(whole)
        if whole[0] and kept.branches:
            with suppress(Unsupported):
                return self.branching(kept, mode, [known[pc] for pc in kept.pcs], frames)
        if whole[0]:
            return self.finish(mode, guests[: ways[0]], trace.after[0], False, within(frames, guests[: ways[0]]))
        first = guests[: ways[0] + 1]
        return self.finish(mode, first, None, False, within(frames, first))

    def branching(self, trace: Trace, mode: int, guests: list[GuestInsn], frames: Frames) -> Translation:
        """Translate a trace of several ways. Raises Unsupported."""
        count = trace.ends()[0]
        lowering = self.lowering(mode, count, within(frames, guests))
        entries = self.lower(lowering, guests[:count], count, trace.after[0], False, (trace, guests))
        return self.encoded(lowering, entries, guests, False, trace.branches)

    def lowering(self, mode: int, count: int, frames: Frames) -> Lowering:
        hardware, lookup = self.target.hardware, bool(frames) and self.target.lookup
        emulated = hardware is not None and mode in hardware.emulated
        return Lowering(self.target, self.assembler(count, lookup, emulated), mode, count, dict(frames))

    def finish(
        self, mode: int, guests: list[GuestInsn], after: int | None, checked: bool, frames: Frames
    ) -> Translation:
        """Make the translation of consecutive instructions; `after` is the pc that follows the last one, if known."""
        while True:
            count = len(guests) - (guests[-1].decision.action in ENDS)
            lowering = self.lowering(mode, count, frames)
            try:
                entries = self.lower(lowering, guests, count, after, checked)
                break
            except Unsupported as reason:
                guests[lowering.index :] = [instead(guests[lowering.index], reason)]
        return self.encoded(lowering, entries, guests, checked, ())

    def encoded(
        self,
        lowering: Lowering,
        entries: Entries,
        guests: list[GuestInsn],
        checked: bool,
        branches: tuple[tuple[int, int], ...],
    ) -> Translation:
        """Make the translation of what has been lowered."""
        host = self.encoder.encode(lowering.host.items, lowering.exits)
        pcs, words = tuple(g.pc for g in guests), tuple(g.word for g in guests)
        repairs = {index: repair(held) for index, held in lowering.repairs.items()}
        body, page, miss = (host.labels[label] for label in entries)
        count = branches[0][1] if branches else lowering.count
        frames, known = tuple(lowering.frames.items()), tuple(guests)
        sizes = bytes(guest.size for guest in guests) if self.isa.words.mixed else b""
        how = checked, body, page, miss, frames, repairs, known, branches, sizes
        return Translation(lowering.block_mode, pcs, words, count, host, *how)

    def collect(
        self,
        pc: int,
        mode: int,
        fetch: Callable[[int], int],
        checked: bool,
        known: Callable[[int], bool],
        sites: Sites,
    ) -> list[GuestInsn]:
        """Return the guest instructions of a block, with the decision on each."""
        guests: list[GuestInsn] = []
        at, words = pc, self.isa.words
        while len(guests) < self.most:
            guest = self.guest(at, mode, fetch(at), sites)
            guests.append(guest)
            at += guest.size
            if checked and guest.stores:
                break
            if guest.jumps or guest.moves or guest.decision.action in ENDS or words.parts(pc, at) or known(at):
                break
        return guests

    def guest(self, pc: int, mode: int, word: int, sites: Sites) -> GuestInsn:
        """Return the guest instruction `word` at `pc`, bound, with the decision on it."""
        guest = self.decided(pc, mode, word)
        site = sites.get(pc)
        if site is None:
            return guest
        if site is Site.PROBE:
            return guest._replace(probed=True)
        mapped = site is Site.DEVICE and guest.decision.action is Action.IDENT and accesses_once(guest.body)
        return guest._replace(mapped=True) if mapped else guest._replace(decision=CALL)

    def decided(self, pc: int, mode: int, word: int) -> GuestInsn:
        """Return the guest instruction `word` at `pc`, bound, with the policy's decision."""
        known = self.known.get((mode, word))
        if known is not None and known.name not in self.moving:
            if known.pc == pc:
                return known
            return known._replace(pc=pc)
        decoded = self.decoder.decode(word)
        if decoded is None:
            size = self.isa.words.size(word)
            return GuestInsn(pc, word, "", (), False, False, False, self.undefined, size=size)
        if known is not None:
            return known._replace(pc=pc, body=bind(self.isa, decoded, word, pc, mode))
        made = self.judged(decoded, pc, mode, word)
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
        self.known[mode, word] = made
        return made

    def judged(self, decoded: Decoded, pc: int, mode: int, word: int) -> GuestInsn:
        """Bind a decoded instruction, and have the policy decide on it."""
        name, body = decoded.instruction.name, bind(self.isa, decoded, word, pc, mode)
        whole = self.whole.get(name)
        if whole is None:
            whole = self.whole[name] = effects(self.isa, decoded.instruction.body)
            if uses_pc(decoded.instruction.body):
                self.moving.add(name)
        # Once bound, an access to the control-register file names one register; `files` keeps the information that it
        # was one.
        innocuous = not (whole.sensitive or whole.jumps or whole.traps)
        found = whole if innocuous else effects(self.isa, body, files=whole.files)
        moves = self.target.moves(body) or self.target.asks(body)
        decision, size = self.policy(name, body, found), decoded.instruction.size
        stores = found.stores or s.has(STORES, *body)
        return GuestInsn(pc, word, name, body, found.jumps, moves, stores, decision, size=size)

    def lower(
        self,
        lowering: Lowering,
        guests: list[GuestInsn],
        count: int,
        after: int | None,
        checked: bool,
        branches: tuple[Trace, list[GuestInsn]] | None = None,
    ) -> Entries:
        """Write the block; return the labels of its entries. `branches`: a trace and the guest instructions of all its
        ways."""
        first, last, host = guests[0], guests[-1], lowering.host
        entries = enter(lowering, first.pc, count, guests if checked else ())
        follow_way(lowering, guests, 0, count, after)
        lowering.later.flush()
        if count < len(guests):
            if last.last_page != last.pc >> 12:
                lowering.reach(count, last.pc, last.last_page)
            left(lowering, last, count)
        elif after == first.pc:
            host.jump(entries.body)
        elif after is not None:
            follow(lowering, after, count)
        elif not jumps_at_end(last):
            follow(lowering, last.after, count)
        if branches is not None:
            follow_branches(lowering, *branches, entries.body)
        lowering.ways_out()
        ways_in(lowering, first.pc, entries)
        return entries


def otherwise(guest: GuestInsn) -> tuple[str, bool]:
    """Return the reason of the exit taken where host code does not suffice, and whether the instruction is rewritten
    (see Lowering.instruction)."""
    inline = guest.decision.action is Action.INLINE
    return f"callout {guest.name}" if inline else f"{UNTRANSLATED} {guest.name} (port)", inline


def instead(guest: GuestInsn, reason: Unsupported) -> GuestInsn:
    """Return a guest instruction that cannot be lowered, left to the VMM."""
    rewritten = guest.decision.action is Action.INLINE
    why = f"callout {guest.name}" if rewritten else f"{UNTRANSLATED} {guest.name} ({reason})"
    return guest._replace(decision=Decision(Action.CALLOUT, why))


def followed(guests: list[GuestInsn], after: int) -> int:
    """Return how many instructions of a way a trace can follow; `after` is the pc behind the last one."""
    for n, guest in enumerate(guests):
        place = guests[n + 1].pc if n + 1 < len(guests) else after
        if guest.decision.action in ENDS or guest.moves or not leads_to(guest, place):
            return n
    return len(guests)


def within(frames: Frames, guests: list[GuestInsn]) -> Frames:
    """Return the pages that have instructions."""
    reached = {page for guest in guests for page in (guest.pc >> 12, guest.last_page)}
    return tuple(pair for pair in frames if pair[0] in reached)


def follow_way(lowering: Lowering, guests: list[GuestInsn], begin: int, end: int, after: int | None) -> None:
    """Lower consecutive instructions; `after` is the pc that follows the last one, if known."""
    for index in range(begin, end):
        guest = guests[index]
        following = guests[index + 1].pc if index + 1 < len(guests) else after
        if index > begin and guest.pc >> 12 != guests[index - 1].pc >> 12:
            lowering.come_to(index, guest.pc)
        if guest.last_page != guest.pc >> 12:
            lowering.reach(index, guest.pc, guest.last_page)
        how = *otherwise(guest), guest.probed, guest.kept, guest.mapped
        lowering.instruction(index, guest.pc, guest.word, guest.size, guest.body, following, *how)


def follow_branches(lowering: Lowering, trace: Trace, guests: list[GuestInsn], body: int) -> None:
    """Lower the ways of a trace but the first; `body` is the label to which those go that come back to its
    beginning. Raises Unsupported."""
    host = lowering.host
    for (fork, begin), end, after in zip(trace.branches, trace.ends()[1:], trace.after[1:], strict=True):
        pc = guests[begin].pc
        lowering.branch(fork, pc, begin, end)
        if pc >> 12 != guests[fork].pc >> 12:
            lowering.come_to(begin, pc)
        follow_way(lowering, guests[:end], begin, end, after)
        lowering.later.flush()
        if after == guests[0].pc:
            host.jump(body)
        else:
            follow(lowering, after, end)


def uses_pc(body: s.Body) -> bool:
    """Does the instruction's effect depend on its pc?"""
    return s.has(PLACE, *body)


def leads_to(guest: GuestInsn, place: int) -> bool:
    """Can the instruction be followed by the one at `place`? The words of a recorded path may have changed since."""
    following = guest.after
    for stmt in guest.body:
        if isinstance(stmt, s.SetPc):
            return not isinstance(stmt.value, s.Const) or stmt.value.value == place
    targets = {n.value.value for n in s.walk(*guest.body) if isinstance(n, s.SetPc) and isinstance(n.value, s.Const)}
    return place == following or place in targets
