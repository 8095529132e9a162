"""What one page, in any number of tabs, works on: a machine, what is known of its program, a comparison."""

from __future__ import annotations

import base64
import os
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ring1.dbt.api.errors import EngineUnavailable, MachineError
from ring1.dbt.dap.arguments import BadRequest
from ring1.dbt.engines.registry import Registry
from ring1.dbt.engines.technique import Technique
from ring1.dbt.explore import described, parting, shared
from ring1.dbt.explore.bench import Bench
from ring1.dbt.explore.listing import Listing
from ring1.dbt.explore.subject import NAME, Description, Subject, invented
from ring1.dbt.explore.worker import Worker
from ring1.dbt.share import located, share
from ring1.isa.record import replace
from ring1.isa.source import SourceError

LONG = 120.0
"""Seconds that a machine may take to be made."""
MOST_LIMIT = 10**12
"""Most instructions that engines are compared for."""
Object = dict[str, Any]


class Desk:
    """The machine of a page, and what is done beside it in other threads."""

    def __init__(self, subject: Subject, registry: Registry, engine: str | None = None) -> None:
        """Raises MachineError, SourceError: see `Bench`."""
        self.registry = registry
        self.bench = Bench(subject, registry, engine)
        self.comparer = Worker()
        self.comparing = 0
        self.result: Object | None = None
        self.lock = threading.Lock()
        """Of what is derived from program and description, which is worked out once and by one thread."""
        self.listing: tuple[int, Listing] | None = None
        self.examples = sorted(path.name for path in share("examples").glob("*.s"))

    def close(self) -> None:
        self.comparer.close()
        self.bench.close()

    # --- Techniques --------------------------------------------------------------------------

    def technique(self, name: str) -> Technique:
        """Raises EngineUnavailable."""
        if name not in self.registry:
            raise EngineUnavailable(f"there is no engine {name!r}; there are {', '.join(self.registry)}")
        return self.registry[name]

    def translator(self, name: str) -> Technique:
        """Return the technique whose translation is shown: the machine's if none is named, or the usual one where that
        translates nothing."""
        if name:
            return self.technique(name)
        own = self.registry[self.bench.engine or self.registry.default.name]
        return own if own.policy is not None else self.registry.default

    # --- The program --------------------------------------------------------------------------

    def code(self, engine: str, focus: int, mode: int) -> Object:
        """Return the instructions around an address of the program, with their translation."""
        technique = self.translator(engine)
        bench, program = self.bench, self.bench.known().machine.program
        with self.lock:
            if self.listing is None or self.listing[0] != bench.build:
                self.listing = bench.build, Listing(bench.isa, program)
            modes = bench.isa.mode.count if bench.isa.mode else 1
            return self.listing[1].around(focus, technique, min(max(mode, 0), modes - 1))

    def load(self, texts: list[tuple[str, str]], description: str | None) -> None:
        """Make a new machine of these texts, in the place of those that the program has. Raises MachineError,
        SourceError."""
        subject = self.bench.subject
        known = dict(texts)
        if not subject.files:
            raise BadRequest("this program is built of something else: its text cannot be changed here")
        files = tuple((name, known.get(name, text)) for name, text in subject.files)
        new = replace(subject, files=files)
        if description is not None:
            new = replace(new, description=Description(subject.description.path, description))
        self.make(new)

    def make(self, subject: Subject, engine: str | None = None) -> None:
        """Make the page's machine anew."""
        bench = self.bench
        bench.worker.do("making the machine", lambda: bench.do_load(subject, engine), LONG)

    def example(self, name: str) -> None:
        """Take one of the programs that come with ring1."""
        if name not in self.examples:
            raise BadRequest(f"ring1 comes with no example {name!r}")
        text, old = share("examples", name).read_text(encoding="utf-8"), self.bench.subject
        self.make(Subject(old.description, ((located(f"examples/{name}"), text),), ram=old.ram))

    # --- Descriptions ---------------------------------------------------------------------------

    def describe(self, text: str, engine: str, focus: int) -> Object:
        """Return what another text of the description changes."""
        bench = self.bench
        technique = self.translator(engine)
        with self.lock:
            mode = bench.last.get("mode", 0)
            old = described.Known(bench.isa, bench.subject, bench.opened, technique, focus, mode)
            changed = Description(bench.subject.description.path, text)
            return described.changes(changed, old, bench.subject, bench.opened, technique, focus, mode)

    # --- Comparisons -----------------------------------------------------------------------------

    def compare(self, first: str, second: str, limit: int) -> None:
        """Begin to compare two engines on the program. Raises MachineError."""
        pair = self.technique(first), self.technique(second)
        if first == second:
            raise BadRequest("two engines are compared, not one with itself")
        if not 0 < limit <= MOST_LIMIT:
            raise BadRequest(f"engines are compared for 1 to {MOST_LIMIT:,} instructions")
        bench, worker = self.bench, self.comparer
        session = bench.known()
        if bench.subject.snapshot is not None:
            raise BadRequest("a comparison begins at reset: this machine began with a snapshot")
        source = b"".join(data for _, data in bench.fed if data)
        made = parting.setup(bench.isa, session.machine.program, bench.subject, source)
        build = parting.builder(bench.isa, bench.subject, bench.opened)

        def task() -> None:
            try:
                result = parting.compared(made, pair, build, limit, tell, lambda: worker.cancelled)
            except MachineError as error:
                result = {"engines": [first, second], "error": str(error)}
            self.result = result

        def tell(retired: int) -> None:
            self.comparing = retired

        self.comparing = 0
        worker.begin(f"{first} and {second}", task)
        self.result = None

    # --- Files ---------------------------------------------------------------------------------

    def shared(self) -> Object:
        """Return the machine as a file."""
        bench = self.bench
        count = bench.session.timeline.now.retired if bench.session else 0
        text = shared.as_text(bench.subject, bench.engine, bench.fed, count)
        return {"name": f"{self.stem()}.ring1.json", "text": text}

    def snapshot(self) -> Object:
        """Return the machine's state as a file."""

        def save() -> bytes:
            with TemporaryDirectory(prefix="ring1-") as folder:
                path = Path(folder, "machine.snap")
                self.bench.known().machine.save(path)
                return path.read_bytes()

        data = self.bench.worker.ask(save)
        return {"name": f"{self.stem()}.snap", "data": base64.b64encode(data).decode()}

    def stem(self) -> str:
        """Return what files are called after."""
        files = self.bench.subject.files
        return os.path.splitext(os.path.basename(files[0][0]))[0] if files else self.bench.isa.name

    def open(self, name: str, data: bytes) -> None:
        """Take a file that the user has chosen: assembly, a description, a shared machine, a snapshot. Raises
        MachineError, SourceError."""
        bench, base = self.bench, os.path.basename(name.replace("\\", "/")) or NAME
        kind = os.path.splitext(base)[1].lower()
        subject = bench.subject
        if kind == ".snap":
            self.make(replace(subject, snapshot=data))
            return
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            raise BadRequest(f"{base}: not UTF-8 text: byte {data[error.start]:#04x}") from None
        if kind in (".s", ".asm"):
            self.make(Subject(subject.description, ((base, text),), ram=subject.ram, seed=subject.seed))
        elif kind == ".isa":
            self.make(replace(subject, description=invented(base, text), snapshot=None))
        elif kind == ".json":
            made, engine, fed, count = shared.read(text)
            if engine is not None:
                self.technique(engine)
            self.make(made, engine)
            if not bench.faults:
                bench.worker.begin("going to its moment", bench.replay(fed, count))
        else:
            raise BadRequest(f"{base}: neither assembly (.s) nor a description (.isa), a shared machine (.json), .snap")


def told(error: Exception) -> str:
    """Return an error as a text for the page."""
    if isinstance(error, SourceError):
        return "\n".join(map(str, error.faults[:20]))
    return str(error)
