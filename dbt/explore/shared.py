"""A page's machine as a file that can be handed on: what it is made of, what was typed, and at which moment it is."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from ring1.dbt.api.machine import RAM
from ring1.dbt.dap.arguments import Arguments, BadRequest
from ring1.dbt.explore.subject import Description, Subject, described, invented
from ring1.isa.files import MOST_TEXT
from ring1.isa.load import shipped

KIND = "ring1 machine"
VERSION = 1
MOST_RAM = 1 << 30
MOST_FILES = 1000
Fed = list[tuple[int, bytes | None]]


def as_text(subject: Subject, engine: str | None, fed: Fed, count: int) -> str:
    """Return the file. Raises BadRequest for a machine that cannot be handed on so."""
    if subject.given is not None or subject.snapshot is not None:
        raise BadRequest("this program has no assembly here that could be shared: save a snapshot instead")
    about = subject.description
    made = {
        "kind": KIND,
        "version": VERSION,
        "isa": {"name": about.name, "text": None if about.shipped else about.text},
        "engine": engine,
        "files": [{"name": name, "text": text} for name, text in subject.files],
        "linked": subject.main,
        "ram": subject.ram,
        "seed": subject.seed,
        "disk": None if subject.disk is None else encoded(subject.disk),
        "input": [[at, None if data is None else encoded(data)] for at, data in fed],
        "count": count,
    }
    return json.dumps(made, indent=1) + "\n"


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def decoded(text: object, what: str) -> bytes:
    """Raises BadRequest."""
    if not isinstance(text, str):
        raise BadRequest(f"{what} is a text in base64")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(f"{what} is no base64") from None


def read(text: str) -> tuple[Subject, str | None, Fed, int]:
    """Return what a file has: the machine's parts, its engine, input and moment. Raises BadRequest, SourceError."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"this is no shared machine: {error}") from None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise BadRequest("this is no shared machine: a file of `ring1 explore` says so under `kind`")
    given = Arguments(found)
    if given.number("version") != VERSION:
        raise BadRequest(f"a shared machine of version {given.number('version')}; this is ring1 with version {VERSION}")
    files = tuple((each.text("name"), each.text("text")) for each in given.list("files")[:MOST_FILES])
    main, ram = given.number("linked", len(files)), given.number("ram", RAM)
    if not 0 < main <= len(files):
        raise BadRequest(f"{main} of {len(files)} files are linked")
    if not 0 < ram <= MOST_RAM:
        raise BadRequest(f"{ram:,} bytes of RAM: a shared machine has {MOST_RAM:,} at most")
    disk = found.get("disk")
    subject = Subject(
        description(given.object("isa")),
        files,
        main,
        ram=ram,
        seed=given.number("seed", 0),
        disk=None if disk is None else decoded(disk, "disk"),
    )
    return subject, given.text("engine", "") or None, fed(found.get("input", [])), given.number("count", 0)


def description(given: Arguments) -> Description:
    name, text = given.text("name"), given.text("text", "")
    if text:
        if len(text) > MOST_TEXT:
            raise BadRequest("the description is too long")
        return invented(f"{name.rsplit('/', 1)[-1]}.isa", text)
    if name not in shipped():
        raise BadRequest(f"ring1 comes with no machine {name!r}, and the file has no description of it")
    return described(name)


def fed(given: Any) -> Fed:
    if not isinstance(given, list):
        raise BadRequest("input is a list")
    found: Fed = []
    for each in given:
        if not isinstance(each, list) or len(each) != 2 or not isinstance(each[0], int) or each[0] < 0:
            raise BadRequest("input is a list of counts with what was typed then")
        found.append((each[0], None if each[1] is None else decoded(each[1], "input")))
    return found
