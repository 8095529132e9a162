"""What a client shows as variables: registers, control registers and their fields, page tables, devices."""

from __future__ import annotations

from ring1.dbt.dap.arguments import Arguments, BadRequest, shown
from ring1.dbt.dap.debuggee import Body, Container, Debuggee
from ring1.dbt.debug import expression
from ring1.dbt.debug.info import brief
from ring1.dbt.debug.pages import MOST, OFF, joined, leaves, named, present
from ring1.isa.model import WORD


def word(name: str, value: int, reference: int = 0) -> Body:
    """Return a variable with the value of a word, which may be looked at as an address."""
    text = shown(value)
    return {
        "name": name,
        "value": text,
        "type": "word",
        "evaluateName": f"${name}",
        "variablesReference": reference,
        "memoryReference": text,
    }


def plain(name: str, value: str, reference: int = 0) -> Body:
    return {"name": name, "value": value, "variablesReference": reference}


def registers(debuggee: Debuggee) -> list[Body]:
    machine = debuggee.machine
    return [*(word(name, value) for name, value in machine.reg.items()), word("pc", machine.pc)]


def put_register(debuggee: Debuggee, name: str, value: int) -> None:
    if name == "pc":
        debuggee.machine.pc = value
    else:
        debuggee.machine.reg[name] = value


def controls(debuggee: Debuggee) -> list[Body]:
    """Return the control registers; those with several fields can be opened."""
    machine, found = debuggee.machine, []
    for name, value in machine.control.items():
        several = len(machine.isa.controls[name].fields) > 1
        reference = debuggee.refer(Container(lambda name=name: fields(debuggee, name))) if several else 0  # type: ignore[misc]
        found.append(word(name, value, reference))
    return found


def fields(debuggee: Debuggee, name: str) -> list[Body]:
    value = debuggee.machine.control[name]
    known = debuggee.machine.isa.controls[name].fields
    return [plain(field.name, f"{(value & field.mask) >> field.lo:#x}") for field in known]


def put_control(debuggee: Debuggee, name: str, value: int) -> None:
    debuggee.machine.control[name] = value


def pages(debuggee: Debuggee) -> list[Body]:
    """Return the ranges that the present page tables map."""
    walker = present(debuggee.session.timeline.body.cpu)
    if walker is None:
        return [plain("paging", OFF)]
    paging, found = walker.paging, [word("root", walker.table)]
    for first, size, physical, entry in joined(leaves(walker, walker.table, 0, 0, WORD), walker.flags):
        if len(found) > MOST:
            found.append(plain("...", "and more"))
            break
        text = f"{physical:08x}  {named(entry, paging.fields, paging.frame)}"
        found.append({**plain(f"{first:08x}-{first + size - 1:08x}", text), "memoryReference": shown(first)})
    return found


def devices(debuggee: Debuggee) -> list[Body]:
    """Return the devices; each can be opened."""
    bus, found = debuggee.session.timeline.body.vm.bus, []
    saved = bus.save()["devices"]
    for device in bus.devices:
        state = [plain(name, brief(value)) for name, value in saved[device.name].items()]
        found.append(plain(device.name, device.place(), debuggee.refer(Container(lambda state=state: state))))  # type: ignore[misc]
    return found


def exits(debuggee: Debuggee) -> list[Body]:
    counts = sorted(debuggee.machine.exits.items(), key=lambda pair: (-pair[1], pair[0]))
    return [plain(reason, f"{count:,}") for reason, count in counts]


def scopes(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `scopes`."""

    def scope(name: str, container: Container, hint: str = "", expensive: bool = True) -> Body:
        made = {"name": name, "variablesReference": debuggee.refer(container), "expensive": expensive}
        return {**made, "presentationHint": hint} if hint else made

    machine = debuggee.machine
    general = Container(lambda: registers(debuggee), lambda name, value: put_register(debuggee, name, value))
    control = Container(lambda: controls(debuggee), lambda name, value: put_control(debuggee, name, value))
    made = [scope("Registers", general, "registers", False), scope("Control registers", control, "registers", False)]
    if machine.isa.paging is not None:
        made.append(scope("Page tables", Container(lambda: pages(debuggee))))
    made += [
        scope("Devices", Container(lambda: devices(debuggee))),
        scope("Exits to the VMM", Container(lambda: exits(debuggee))),
    ]
    return {"scopes": made}


def variables(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `variables`."""
    found = debuggee.container(arguments.number("variablesReference")).children()
    start = arguments.number("start", 0)
    count = arguments.number("count", 0) or len(found)
    return {"variables": found[start : start + count]}


def set_variable(debuggee: Debuggee, arguments: Arguments) -> Body:
    """The request `setVariable`."""
    container, name = debuggee.container(arguments.number("variablesReference")), arguments.text("name")
    if container.put is None:
        raise BadRequest(f"{name} cannot be set")
    machine = debuggee.machine
    container.put(name, expression.parsed(arguments.text("value"), machine)(machine))
    found = next((each for each in container.children() if each["name"] == name), plain(name, ""))
    return {"value": found["value"], "variablesReference": 0}
