"""Snapshots of version 1: a zlib stream with the length of the JSON in 8 bytes, the JSON, and the pages.

The JSON is one compact object, with its keys in order: bus, cpu, isa, pages, ram. Devices are named by the classes that
they had, and console input is in hexadecimal digits. Only text exactly as ring1 wrote it is accepted, so that the
machine is known before the JSON is parsed, and memory is bounded as in later versions.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable

from ring1.dbt.machine.memory import MOST, PAGE
from ring1.dbt.machine.saved import integers
from ring1.dbt.vmm.contents import MOST_BYTES, MOST_STATE, Body, Contents, SavedMachine, in_order

LENGTH = struct.Struct("<Q")
NAMES = {"Console": "console", "Disk": "disk", "Entropy": "entropy", "Power": "power"}
"""Names of former device classes -> names of their devices."""
CONSOLE = re.compile(rb'\{"bus":\{"devices":\[\["Console",\{"enabled":(?:true|false),"input":"')
"""The text up to the console input, which may be long."""
LONGEST_CONSOLE = 64
MACHINE = re.compile(rb',"isa":\["(\w{1,1024})","([0-9a-f]{64})"\],"pages":(\[[0-9,\[\]]*\]),"ram":([0-9]{1,10})\}')
"""The text from the machine's identity to the end."""
LONGEST_RUN = len("[1048575,1048576],")
MOST_REST = MOST_STATE + MOST // PAGE // 2 * LONGEST_RUN
"""Most bytes of text after the console input."""


def unpack(body: Body, wanted: Callable[[SavedMachine], None]) -> Contents:
    """See contents.unpack."""
    left = body.number(LENGTH, 2 * MOST_BYTES + MOST_REST)
    head = body.read(min(left, LONGEST_CONSOLE))
    found = CONSOLE.match(head)
    if found is None:
        raise ValueError("its state is not as this version has it")
    left -= len(head)
    digits, quote, rest = head[found.end() :].partition(b'"')
    held = bytearray()
    while not quote:
        even = len(digits) & ~1
        held += bytes.fromhex(digits[:even].decode("ascii"))
        if len(held) > MOST_BYTES:
            raise ValueError("it has kept more bytes than there can be")
        more = body.read(min(left, 1 << 16))
        left -= len(more)
        digits, quote, rest = (digits[even:] + more).partition(b'"')
        if not more:
            raise ValueError("its state is not as this version has it")
    held += bytes.fromhex(digits.decode("ascii"))
    if left > MOST_REST:
        raise ValueError("it has too much to say")
    rest += body.read(left)
    end = rest.rfind(b',"isa":[')
    named = MACHINE.fullmatch(rest, max(end, 0))
    if named is None or end > MOST_STATE:
        raise ValueError("its state is not as this version has it")
    machine = SavedMachine(named[1].decode(), named[2].decode(), int(named[4]))
    if machine.ram > MOST:
        raise ValueError("it has more RAM than a machine can have")
    wanted(machine)
    pages = machine.ram // PAGE
    if len(named[3]) > LONGEST_RUN * ((pages + 1) // 2) + len("[]"):
        raise ValueError("it has more runs of pages than there can be")
    state = json.loads(head[: found.end()] + b'"' + rest[:end] + b"}")
    bus = state["bus"]
    bus["devices"] = {NAMES[name]: kept for name, kept in bus["devices"]}
    bus["devices"]["console"]["input"] = bytes(held)
    runs = [integers(run, 2, pages) for run in json.loads(named[3])]
    return Contents(machine, state, in_order(tuple((first, count) for first, count in runs), pages))
