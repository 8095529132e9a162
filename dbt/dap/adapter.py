"""The adapter: one client's requests of the Debug Adapter Protocol, carried out on a debugger's session.

Everything is done by one thread. While the guest runs forward, a message interrupts it; it is answered between two
instructions, and the guest runs on. A search back is interrupted only by what ends it.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from typing import Any

from ring1.dbt.api.errors import MachineError
from ring1.dbt.api.machine import Machine
from ring1.dbt.dap import breakpoints, looking, variables
from ring1.dbt.dap.arguments import Arguments, BadRequest
from ring1.dbt.dap.debuggee import Body, Debuggee
from ring1.dbt.dap.messages import Message, Messages
from ring1.dbt.debug import table
from ring1.dbt.debug.command import BadCommand
from ring1.dbt.debug.debugger import split
from ring1.dbt.debug.link import Gone, Link
from ring1.dbt.debug.motion import ARRIVED, BEGINNING, Motion
from ring1.dbt.debug.run_commands import changed
from ring1.dbt.machine.stop import Stop
from ring1.dbt.travel.probe import BREAKPOINT, WATCHPOINT
from ring1.dbt.travel.timeline import Halted

Launch = Callable[[Mapping[str, Any], Callable[[bytes], None]], Machine]
"""Makes the machine of a launch configuration, which shows its console output by a function. Raises MachineError."""
Move = Callable[[Motion], Stop]
THREAD = 1
"""The one processor."""
CAPABILITIES = (
    "supportsConfigurationDoneRequest",
    "supportsFunctionBreakpoints",
    "supportsConditionalBreakpoints",
    "supportsHitConditionalBreakpoints",
    "supportsDataBreakpoints",
    "supportsDataBreakpointBytes",
    "supportsInstructionBreakpoints",
    "supportsBreakpointLocationsRequest",
    "supportsEvaluateForHovers",
    "supportsSetVariable",
    "supportsSetExpression",
    "supportsStepBack",
    "supportsSteppingGranularity",
    "supportsDisassembleRequest",
    "supportsReadMemoryRequest",
    "supportsWriteMemoryRequest",
    "supportsLoadedSourcesRequest",
    "supportsCompletionsRequest",
    "supportsRestartRequest",
    "supportsTerminateRequest",
)
LOOKING: Mapping[str, Callable[[Debuggee, Arguments], Body]] = {
    "setBreakpoints": breakpoints.in_source,
    "setFunctionBreakpoints": breakpoints.at_functions,
    "setInstructionBreakpoints": breakpoints.at_instructions,
    "setDataBreakpoints": breakpoints.on_data,
    "dataBreakpointInfo": breakpoints.data_info,
    "breakpointLocations": looking.locations,
    "stackTrace": looking.stack,
    "scopes": variables.scopes,
    "variables": variables.variables,
    "setVariable": variables.set_variable,
    "setExpression": looking.set_expression,
    "source": looking.source,
    "loadedSources": looking.loaded_sources,
    "disassemble": looking.disassemble,
    "readMemory": looking.read_memory,
    "writeMemory": looking.write_memory,
    "completions": looking.completions,
}
"""Requests that leave the machine at its moment."""
FORWARD: Mapping[str, tuple[Move, Move]] = {
    "continue": (Motion.run, Motion.run),
    "next": (Motion.next, Motion.next_one),
    "stepIn": (Motion.step, Motion.step_one),
    "stepOut": (Motion.finish, Motion.finish),
}
BACK: Mapping[str, tuple[Move, Move]] = {
    "stepBack": (Motion.back_next_statement, Motion.back_one),
    "reverseContinue": (Motion.back_run, Motion.back_run),
}
"""Requests that move: by statements, and by instructions."""
ENDING = ("pause", "disconnect", "terminate")
"""Requests for which a search back is given up."""
SETS = {breakpoints.FUNCTIONS: "function breakpoint", breakpoints.INSTRUCTIONS: "instruction breakpoint"}


def begin(motion: Motion) -> Stop:
    """Run from where the machine is, a breakpoint there included."""
    return motion.arrived(None) or motion.run()


class Adapter:
    """Serves one client."""

    def __init__(self, link: Link, launch: Launch) -> None:
        self.messages = Messages(link, self.heard)
        self.launch = launch
        self.given: Arguments = Arguments({})
        """The launch configuration."""
        self.debuggee: Debuggee | None = None
        self.said: list[str] | None = None
        """What the debugger says, while it is kept for an answer."""
        self.moving = self.attentive = self.paused = False
        """Is the machine on its way; does it go on when a message has been answered; is it to stop?"""
        self.finished = self.over = False
        """Is the machine not wanted any more; has the client left?"""
        self.after: Callable[[], None] | None = None
        """What is done when a request has been answered."""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def serve(self) -> str:
        """Serve the client until it leaves or vanishes. Returns what it sent that is no message, or ""."""
        self.messages.begin()
        try:
            while not self.over:
                self.handle(self.messages.next())
        except Gone:
            pass
        finally:
            self.messages.close()
            self.close()
        return self.messages.wrong

    def close(self) -> None:
        debuggee, self.debuggee = self.debuggee, None
        if debuggee is not None:
            debuggee.machine.close()

    # --- Messages ------------------------------------------------------------------------

    def heard(self, message: Message | None) -> None:
        """A message has come: called by the thread that reads."""
        debuggee = self.debuggee
        if debuggee is not None and self.moving:
            if message is None or self.attentive or message.get("command") in ENDING:
                debuggee.machine.interrupt()

    def attend(self) -> bool:
        """The machine is between two instructions: answer what has come. Does it go on? Raises Gone."""
        while not self.over and not self.paused:
            message = self.messages.waiting()
            if message is None:
                return True
            self.handle(message)
        return False

    def handle(self, message: Message) -> None:
        """Answer a request. Raises Gone."""
        if message.get("type") != "request":
            return
        seq, command = message.get("seq", 0), str(message.get("command"))
        told = {"request_seq": seq, "command": command}
        try:
            body = self.answer(command, Arguments(message.get("arguments")))
        except (MachineError, OSError) as error:
            text = str(error)
            error_body = {"error": {"id": 1, "format": text, "showUser": True}}
            self.messages.send("response", **told, success=False, message=text, body=error_body)
            return
        after, self.after = self.after, None
        self.messages.send("response", **told, success=True, body=body)
        if after is not None:
            after()

    def answer(self, command: str, arguments: Arguments) -> Body:
        """Carry out a request. Raises MachineError."""
        if command in LOOKING:
            return LOOKING[command](self.known(), arguments)
        if command in FORWARD or command in BACK:
            return self.motion(command, arguments)
        match command:
            case "initialize":
                return self.initialize(arguments)
            case "launch":
                return self.launched(arguments)
            case "attach":
                raise BadRequest("a machine is launched, not attached to")
            case "configurationDone":
                self.known()
                self.after = self.begin
            case "restart":
                self.stopped(command)
                self.after = self.restart
            case "threads":
                machine = self.known().machine
                return {"threads": [{"id": THREAD, "name": f"{machine.isa.name} under {machine.engine}"}]}
            case "pause":
                self.paused = self.moving
            case "evaluate":
                return self.evaluate(arguments)
            case "terminate":
                self.paused = self.moving
                self.after = self.finish
            case "disconnect":
                self.over = True
            case "setExceptionBreakpoints":
                return {"breakpoints": []}
            case _:
                raise BadRequest(f"there is no request {command!r} here")
        return {}

    def known(self) -> Debuggee:
        """Return what is debugged. Raises BadRequest."""
        if self.debuggee is None:
            raise BadRequest("there is no machine: it has not been launched, or has ended")
        return self.debuggee

    def stopped(self, command: str) -> Debuggee:
        """Return what is debugged, at rest. Raises BadRequest."""
        debuggee = self.known()
        if self.moving:
            raise BadRequest(f"{command}: the machine is running; pause it first")
        return debuggee

    # --- The session ------------------------------------------------------------------------

    def initialize(self, arguments: Arguments) -> Body:
        if arguments.given.get("linesStartAt1") is False or arguments.text("pathFormat", "path") != "path":
            raise BadRequest("lines are counted from 1 here, and sources have paths")
        return dict.fromkeys(CAPABILITIES, True)

    def launched(self, arguments: Arguments) -> Body:
        if self.debuggee is not None:
            raise BadRequest("a machine has been launched already")
        self.given = arguments
        self.finished = False
        debuggee = Debuggee(self.launch(arguments.given, self.show), self.say)
        debuggee.session.attend = self.attend
        self.debuggee = debuggee
        self.after = lambda: self.messages.event("initialized")
        return {}

    def begin(self) -> None:
        """The client has set its breakpoints: run, or stop at the first instruction."""
        if self.given.flag("noDebug"):
            for point in self.known().session.points.all.values():
                point.enabled = False
        if self.given.flag("stopOnEntry"):
            self.tell(ARRIVED, "entry")
        else:
            self.move(begin, "entry")

    def restart(self) -> None:
        """Begin again at the beginning of the run."""
        timeline = self.known().session.timeline
        timeline.go(timeline.start)
        self.begin()

    def show(self, data: bytes) -> None:
        """Show console output of the guest."""
        text = self.decoder.decode(data)
        if text:
            self.output("stdout", text)

    def say(self, text: str) -> None:
        """Tell the user something."""
        if self.said is None:
            self.output("console", text + "\n")
        else:
            self.said.append(text)

    def output(self, category: str, text: str) -> None:
        try:
            self.messages.event("output", category=category, output=text)
        except Gone:  # the thread that reads notices as well
            self.over = True

    def finish(self, stop: Stop | None = None) -> None:
        """The machine is not wanted any more."""
        if stop is not None and stop.code is not None:
            self.messages.event("exited", exitCode=stop.code)
        self.messages.event("terminated")
        self.finished = True
        if not self.moving:
            self.close()

    # --- Moving ---------------------------------------------------------------------------

    def motion(self, command: str, arguments: Arguments) -> Body:
        self.stopped(command)
        by_instructions = arguments.text("granularity", "statement") == "instruction"
        forward = command in FORWARD
        move = (FORWARD if forward else BACK)[command][by_instructions]
        self.after = lambda: self.move(move, "step", forward)
        return {"allThreadsContinued": True} if command == "continue" else {}

    def move(self, move: Move, reason: str, forward: bool = True) -> None:
        """Move the machine, and tell the client where it has stopped. Raises Gone."""
        session = self.known().session
        here = session.timeline.now
        stop = self.on_the_way(lambda: move(Motion(session)), forward)
        if self.over or self.finished:
            return
        ended = stop.reason not in ("input", "interrupt", "limit", BREAKPOINT, WATCHPOINT) and stop != BEGINNING
        unheeded = self.given.flag("noDebug") or self.given.value("stopAtEnd", bool, "true or false", True) is False
        if ended and forward and (unheeded or session.timeline.now == here):
            self.finish(stop)
        else:
            self.tell(stop, reason)

    def on_the_way(self, act: Callable[[], Stop], forward: bool) -> Stop:
        """Do what moves the machine: messages that come meanwhile interrupt it. Raises Gone."""
        session = self.known().session
        timeline, here = session.timeline, session.timeline.now
        timeline.body.asked = self.paused = False
        self.moving, self.attentive = True, forward
        if forward and not self.messages.came.empty():
            session.machine.interrupt()
        try:
            return act()
        except Halted as halted:
            timeline.body.asked = False
            if halted.stop.reason == "interrupt":
                timeline.go(here)
            return halted.stop
        except MachineError as error:  # a condition has no value
            self.say(str(error))
            return ARRIVED
        finally:
            self.moving = False
            session.timeline.body.asked = False
            if self.finished:
                self.close()

    def tell(self, stop: Stop, reason: str) -> None:
        """Tell the client that the machine has stopped, and why."""
        debuggee = self.known()
        session, points = debuggee.session, debuggee.session.points
        debuggee.containers.clear()
        text, met = "", []
        if stop == BEGINNING:
            text = "this is the beginning: there is nothing before it"
        elif stop.reason == BREAKPOINT:
            met = points.here()
            names = {SETS.get(which, "") for which, known in debuggee.points.items() for point in met if point in known}
            reason = next(iter(names)) if len(names) == 1 else ""
            reason = reason or "breakpoint"
            for point in [point for point in met if point.temporary]:
                points.delete(point.number)
        elif stop.reason == WATCHPOINT:
            reason, met = "data breakpoint", [point for point, _, _ in points.met]
            text = "; ".join(f"{point.text} {changed(before, after)}" for point, before, after in points.met)
        elif stop.reason == "interrupt":
            reason = "pause"
        elif stop.reason == "input":
            reason, text = "pause", "the guest waits for input: `input TEXT` types a line, `input end` ends it"
        elif stop != ARRIVED:
            reason = "exception" if stop.trap is not None else "end"
            exited = f"the guest has switched the machine off, with exit code {stop.code}"
            text = exited if stop.code is not None else session.reason(stop)
        body: Body = {"reason": reason, "threadId": THREAD, "allThreadsStopped": True}
        if text:
            body |= {"description": text, "text": text}
            self.say(text)
        if met:
            body["hitBreakpointIds"] = [point.number for point in met]
        self.messages.event("stopped", **body)

    # --- Evaluating ---------------------------------------------------------------------------

    def evaluate(self, arguments: Arguments) -> Body:
        """Evaluate an expression; in the debug console, commands of the debugger are executed as well."""
        text = arguments.text("expression").strip()
        if arguments.text("context", "") != "repl":
            return looking.evaluate(self.known(), text)
        debuggee = self.stopped("evaluate")
        word = split(text)[0] if text else ""
        try:
            if word not in ("help", "h", "source"):
                table.found(word)
        except BadCommand:
            return looking.evaluate(debuggee, text)
        here, self.said = debuggee.session.timeline.now, []
        try:
            self.on_the_way(lambda: self.commanded(debuggee, text), True)
            said = "\n".join(self.said)
        finally:
            self.said = None
        if self.finished:
            pass
        elif debuggee.session.over:
            self.after = self.finish
        elif debuggee.session.timeline.now != here:
            self.after = lambda: self.tell(ARRIVED, "goto")
        return {"result": said, "variablesReference": 0}

    def commanded(self, debuggee: Debuggee, text: str) -> Stop:
        debuggee.debugger.execute(text)
        return ARRIVED
