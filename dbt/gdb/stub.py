"""The stub: gdb's requests carried out on a debugger's session (the GDB manual, appendix E, "Packets").

Addresses are the guest's at that moment. Breakpoints are the debugger's, so nothing is written into the guest's memory.
A guest that has ended does not end the session: it can be gone back from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from string import hexdigits

from ring1.dbt.api.errors import MachineError
from ring1.dbt.debug.debugger import Debugger
from ring1.dbt.debug.link import Gone
from ring1.dbt.debug.motion import ARRIVED, BEGINNING, Motion
from ring1.dbt.debug.points import Point
from ring1.dbt.gdb.description import memory_map, numbered, target
from ring1.dbt.gdb.packets import SIZE, Packets, framed
from ring1.dbt.machine.stop import Stop
from ring1.dbt.travel.probe import BREAKPOINT, WATCHPOINT
from ring1.dbt.travel.timeline import Halted

KINDS = {"0": "", "1": "", "2": "write", "3": "read", "4": "access"}
"""Types of gdb's breakpoints and watchpoints -> kinds of points."""
REPORTED = {"write": "watch", "read": "rwatch", "access": "awatch"}
TRAP, INTERRUPTED, SEGMENT = "05", "02", "0b"
"""Signals that gdb is told of: SIGTRAP, SIGINT, SIGSEGV."""
FAILED = "E01"
BAD_REQUEST = "E00"
"""A transfer is malformed, or of a document that there is not."""
THREADS = ("1", "0", "-1")
"""How gdb names the one processor: by its number, as any, as all."""
INSTRUCTIONS = (2, 4)
"""Sizes of a breakpoint: gdb takes the word for a RISC-V's, which may be compressed."""
FEATURES = (
    f"PacketSize={SIZE - 16:x};qXfer:features:read+;qXfer:memory-map:read+;ReverseStep+;ReverseContinue+;"
    "QStartNoAckMode+;vContSupported+;swbreak+;hwbreak+"
)


def number(text: str) -> int:
    """Return a number of the protocol's: hexadecimal digits and nothing else. Raises ValueError."""
    if not text or set(text) - set(hexdigits):
        raise ValueError(f"{text!r} is no hexadecimal number")
    return int(text, 16)


class Left(Exception):
    """The client has detached; with `killed`, the machine is not wanted any more."""

    def __init__(self, killed: bool) -> None:
        self.killed = killed
        super().__init__()


class Stub:
    """Answers one client's packets."""

    def __init__(self, debugger: Debugger, packets: Packets) -> None:
        """Raises Unsuitable if gdb has no architecture for the machine."""
        self.debugger = debugger
        self.session = debugger.session
        self.machine = debugger.session.machine
        self.packets = packets
        self.names = numbered(self.machine.isa)
        self.points: dict[tuple[str, int, int], Point] = {}
        self.last = f"T{TRAP}thread:1;"
        self.back = False
        """Was the last move one back?"""
        self.stepping = False
        """Was it a single step?"""
        self.moves: dict[str, Callable[[Motion], Stop]] = {
            "c": Motion.run,
            "s": Motion.step_one,
            "bc": Motion.back_run,
            "bs": Motion.back_one,
        }

    def serve(self) -> None:
        """Answer packets. Raises Gone, Left."""
        while True:
            packet = self.packets.next().decode("latin-1")
            try:
                answer = self.answer(packet)
            except (MachineError, ValueError, LookupError, OverflowError):
                answer = FAILED
            if answer is not None:
                self.packets.send(answer)
            if packet == "QStartNoAckMode":
                self.packets.acknowledging = False

    def answer(self, packet: str) -> str | None:
        """Return the answer to a packet; empty if it is not known. Raises Left, MachineError, ValueError."""
        head, rest = packet[:1], packet[1:]
        if packet in self.moves:
            return self.move(self.moves[packet])
        match head:
            case "?":
                return self.last
            case "g":
                return "".join(self.word(self.read(name)) for name in self.names)
            case "G":
                words = bytes.fromhex(rest)
                if len(words) != 4 * len(self.names):
                    return FAILED
                self.write_all({name: words[4 * index :][:4] for index, name in enumerate(self.names)})
                return "OK"
            case "p":
                return self.word(self.read(self.names[number(rest)]))
            case "P":
                which, _, value = rest.partition("=")
                word = bytes.fromhex(value)
                if len(word) != 4:
                    return FAILED
                self.write(self.names[number(which)], word)
                return "OK"
            case "m":
                at, length = (number(part) for part in rest.split(","))
                return self.machine.mem.read(at, min(length, SIZE // 4)).hex()
            case "M" | "X":
                place, _, data = rest.partition(":")
                at, length = (number(part) for part in place.split(","))
                put = bytes.fromhex(data) if head == "M" else data.encode("latin-1")
                if len(put) != length:
                    return FAILED
                if put:
                    self.machine.mem.write(at, put)
                return "OK"
            case "Z" | "z":
                kind, where, size = rest.split(";")[0].split(",")
                return self.point(head == "Z", kind, number(where), number(size))
            case "C" | "S":  # with a signal, which no guest takes
                return self.move(self.moves[head.lower()])
            case "H":
                return "OK" if rest[1:] in THREADS else FAILED
            case "T":
                return "OK" if rest == THREADS[0] else FAILED
            case "!":
                return "OK"
            case "D":
                self.packets.send("OK")
                raise Left(False)
            case "k":
                raise Left(True)
            case "R":
                self.session.timeline.go(self.session.timeline.start)
                return None
            case "v":
                return self.verbose(packet)
            case "q" | "Q":
                return self.query(packet)
        return ""

    # --- Registers -----------------------------------------------------------------------

    @staticmethod
    def word(value: int) -> str:
        return value.to_bytes(4, "little").hex()

    def read(self, name: str) -> int:
        machine = self.machine
        if name == "pc":
            return machine.pc
        return machine.reg[name] if name in machine.reg.numbers else machine.control[name]

    def write(self, name: str, word: bytes) -> None:
        """Set a register, if it is not so already. Raises MachineError."""
        machine, value = self.machine, int.from_bytes(word, "little")
        if name == "pc":
            if value != machine.pc:
                machine.pc = value
        elif name in machine.reg.numbers:
            if value != machine.reg[name]:
                machine.reg[name] = value
        elif value != machine.control[name]:
            machine.control[name] = value

    def write_all(self, words: Mapping[str, bytes]) -> None:
        """Set all registers, or none and MachineError is raised."""
        before = {name: self.read(name) for name in words}
        try:
            for name, word in words.items():
                self.write(name, word)
        except MachineError:
            for name, value in before.items():
                self.write(name, value.to_bytes(4, "little"))
            raise

    # --- Points ---------------------------------------------------------------------------

    def point(self, adding: bool, kind: str, at: int, size: int) -> str:
        """Insert or remove a breakpoint or watchpoint."""
        if kind not in KINDS:
            return ""
        key, points = (kind, at, size), self.session.points
        if not adding:
            known = self.points.pop(key, None)
            if known is not None:
                points.delete(known.number)
            return "OK"
        if key not in self.points:
            if KINDS[kind]:
                self.points[key] = points.watch_bytes(f"{at:x}", at, max(size, 1), KINDS[kind])
            elif at % self.machine.isa.words.least or size not in INSTRUCTIONS:
                return FAILED
            else:
                self.points[key] = points.add(f"{at:x}", at)
        return "OK"

    def clear(self) -> None:
        """Remove all of the client's points."""
        for point in self.points.values():
            self.session.points.all.pop(point.number, None)
        self.points.clear()

    # --- Moving ---------------------------------------------------------------------------

    def move(self, move: Callable[[Motion], Stop]) -> str:
        """Move the machine, and tell why it has stopped. Raises Gone."""
        timeline = self.session.timeline
        timeline.body.asked = False  # an interrupt that came when nothing ran
        if self.packets.gone:
            raise Gone
        here, self.back = timeline.now, move in (Motion.back_run, Motion.back_one)
        self.stepping = move in (Motion.step_one, Motion.back_one)
        try:
            stop = move(Motion(self.session))
        except Halted as halted:
            timeline.body.asked = False
            stop = halted.stop
            if stop.reason == "interrupt":
                timeline.go(here)
        timeline.body.asked = False
        self.last = self.told(stop)
        return self.last

    def told(self, stop: Stop) -> str:
        """Return the packet that tells gdb of a stop; what it does not know is told as console output."""
        if stop == BEGINNING:
            return self.no_more("begin", "this is the beginning")
        if stop.reason == WATCHPOINT:
            self.other_side()
            met = [point for point, _, _ in self.session.points.met if point in self.points.values()]
            if met:
                return f"T{TRAP}thread:1;{REPORTED[met[0].kind]}:{met[0].text};"
        if stop.reason == BREAKPOINT:
            return f"T{TRAP}thread:1;swbreak:;"
        if stop == ARRIVED or stop.reason == WATCHPOINT:
            return f"T{TRAP}thread:1;"
        if stop.reason == "interrupt":
            return f"T{INTERRUPTED}thread:1;"
        ended = f"exit code {stop.code}" if stop.reason == "exit" else self.session.reason(stop)
        if stop.trap is not None:
            self.console(f"\nring1: {ended}\n".encode())
            return f"T{SEGMENT}thread:1;"
        return self.no_more("end", f"{ended}; reverse execution goes on from here")

    def no_more(self, which: str, why: str) -> str:
        """Return the packet for an end of the guest's history. It is not told of a step: gdb 13, when it steps over a
        breakpoint, waits for ever afterwards."""
        self.console(f"\nring1: {why}\n".encode())
        return f"T{TRAP}thread:1;" + ("" if self.stepping else f"replaylog:{which};")

    def other_side(self) -> None:
        """Go to the side of the access from which the guest came. gdb takes a RISC-V to stop there, and steps over the
        access by itself, forward or back."""
        timeline = self.session.timeline
        if self.back:
            timeline.step()
        else:
            timeline.last_at(self.session.points.met_at)

    def console(self, data: bytes) -> None:
        """Show bytes on gdb's own console, which it takes while the guest runs."""
        for at in range(0, len(data), SIZE // 4):
            self.packets.put(framed(b"O" + data[at : at + SIZE // 4].hex().encode()))

    def verbose(self, packet: str) -> str:
        if packet == "vCont?":
            return "vCont;c;C;s;S"
        if packet.startswith("vCont;"):
            action = packet.split(";")[1][:1].lower()
            return self.move(self.moves[action]) if action in ("c", "s") else ""
        if packet.startswith("vKill"):
            self.packets.send("OK")
            raise Left(True)
        return ""

    # --- Queries ---------------------------------------------------------------------------

    def query(self, packet: str) -> str:
        name, _, rest = packet.partition(":")
        if packet.startswith("qRcmd,"):
            return self.monitor(bytes.fromhex(packet.removeprefix("qRcmd,")).decode(errors="replace"))
        match name:
            case "qSupported":
                return FEATURES
            case "QStartNoAckMode" | "qSymbol":
                return "OK"
            case "qAttached":
                return "1"
            case "qC":
                return "QC1"
            case "qfThreadInfo":
                return "m1"
            case "qsThreadInfo":
                return "l"
            case "qXfer":
                return self.transfer(rest)
        return ""

    def transfer(self, rest: str) -> str:
        """Return a part of a document: "features:read:target.xml:OFFSET,LENGTH"."""
        kind, reading, name, where = [*rest.split(":"), "", "", ""][:4]
        documents = {"features": "target.xml", "memory-map": ""}
        if reading != "read" or kind not in documents:
            return ""
        parts = where.split(",")
        if name != documents[kind] or len(parts) != 2 or not all(parts) or set("".join(parts)) - set(hexdigits):
            return BAD_REQUEST
        text = target(self.machine.isa) if kind == "features" else memory_map(len(self.machine.ram))
        at, length = (number(part) for part in parts)
        if at > len(text):
            return FAILED
        length = min(length, SIZE // 2)
        return ("m" if at + length < len(text) else "l") + text[at : at + length]

    def monitor(self, command: str) -> str:
        """Execute a command of ring1's own debugger; what it says is the answer. gdb does not know what has moved."""
        said: list[str] = []
        quiet, self.session.say = self.session.say, said.append
        try:
            self.debugger.execute(command)
        finally:
            self.session.say = quiet
        self.session.over = False
        return "".join(f"{text}\n" for text in said).encode("utf-8", "replace").hex() or "OK"
