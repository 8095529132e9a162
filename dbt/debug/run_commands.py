"""Commands that move the machine, forward and back."""

from __future__ import annotations

from collections.abc import Callable

from ring1.dbt.debug import expression
from ring1.dbt.debug.command import BadCommand, Command, none, number, times
from ring1.dbt.debug.motion import ARRIVED, BEGINNING, Motion
from ring1.dbt.debug.session import Session
from ring1.dbt.machine.stop import Stop
from ring1.dbt.travel.probe import BREAKPOINT, WATCHPOINT

Move = Callable[[Motion], Stop]


def report(session: Session, stop: Stop) -> None:
    """Tell why a move has ended, and where."""
    points = session.points
    if stop == ARRIVED:
        session.show_place()
    elif stop == BEGINNING:
        session.say("this is the beginning: there is nothing before it")
        session.show_place()
    elif stop.reason == BREAKPOINT:
        here = points.here()
        for point in [point for point in here if point.temporary]:
            points.delete(point.number)
        session.show_place(", ".join(point.name for point in here))
    elif stop.reason == WATCHPOINT:
        for point, before, after in points.met:
            session.say(f"{point.name}: {point.text} {changed(before, after)}")
        session.show_place()
    else:
        session.tell_stop(stop)


def changed(before: bytes, after: bytes) -> str:
    """Describe what happened to watched bytes."""
    was, now = (f"{int.from_bytes(data, 'little'):#x}" for data in (before, after))
    return f"is {now}" if was == now else f"was {was}, is {now}"


def moving(move: Move) -> Callable[[Session, str], None]:
    """Return a command that moves so many times, or until something else stops it."""

    def run(session: Session, rest: str) -> None:
        stop = ARRIVED
        for _ in range(times(rest)):
            stop = move(Motion(session))
            if stop != ARRIVED:
                break
        report(session, stop)

    return run


def once(move: Move) -> Callable[[Session, str], None]:
    """Return a command that moves once and takes nothing."""

    def run(session: Session, rest: str) -> None:
        none(rest)
        report(session, move(Motion(session)))

    return run


def ignoring(move: Move) -> Callable[[Session, str], None]:
    """Return a command that passes the point where the machine is, and it again so many times."""

    def run(session: Session, rest: str) -> None:
        if rest.strip():
            for point in session.points.here():
                point.skip = max(times(rest) - 1, 0)
        report(session, move(Motion(session)))

    return run


def to_place(back: bool) -> Callable[[Session, str], None]:
    """Return a command that runs to a place, or for none to the next statement behind this one."""

    def run(session: Session, rest: str) -> None:
        motion = Motion(session)
        if not rest.strip():
            report(session, motion.back_until() if back else motion.until())
            return
        there = {expression.place(rest, session.machine): lambda: True}
        report(session, motion.back_run(there) if back else motion.run(there))

    return run


def go(session: Session, rest: str) -> None:
    """Go to a count: `go to N`, or by so many with a sign."""
    words = rest.split()
    if words[:1] == ["to"]:
        words = words[1:]
    text = "".join(words)
    if not text:
        raise BadCommand("go where? go to 1000, go +50, go -1, go end")
    if text == "end":
        report(session, Motion(session).to_end())
        return
    now, away = session.timeline.now.retired, text[0] in "+-"
    count = number(text[1:] if away else text, "count of instructions")
    report(session, Motion(session).go(max(now - count, 0) if text[0] == "-" else now + count if away else count))


def restart(session: Session, rest: str) -> None:
    """Go to the beginning, and run from there with the input that there was."""
    none(rest)
    session.timeline.go(session.timeline.start)
    motion = Motion(session)
    stop = motion.arrived(None) or motion.run()
    report(session, stop)


N = "[N]"
COMMANDS = (
    Command(
        ("continue", "c", "cont"), "[N]", "run on; pass this breakpoint N - 1 more times", ignoring(Motion.run), True
    ),
    Command(("stepi", "si"), N, "execute N instructions, or take a trap", moving(Motion.step_one), True),
    Command(("nexti", "ni"), N, "the same, with what is called", moving(Motion.next_one), True),
    Command(("step", "s"), N, "execute N statements of the source", moving(Motion.step), True),
    Command(("next", "n"), N, "the same, with what is called", moving(Motion.next), True),
    Command(("until", "u"), "[PLACE]", "run to a place; without: next, but loops to their ends", to_place(False), True),
    Command(("advance",), "PLACE", "run to a place", to_place(False)),
    Command(("finish", "fin"), "", "run until this function has returned", once(Motion.finish), True),
    Command(("run", "r"), "", "begin again at the beginning", restart),
    Command(("reverse-continue", "rc"), "", "go back to the breakpoint before", once(Motion.back_run), True),
    Command(("reverse-stepi", "rsi"), N, "take back N instructions", moving(Motion.back_one), True),
    Command(("reverse-nexti", "rni"), N, "the same, with what was called", moving(Motion.back_next), True),
    Command(("reverse-step", "rs"), N, "take back N statements", moving(Motion.back_step), True),
    Command(("reverse-next", "rn"), N, "the same, with what was called", moving(Motion.back_next_statement), True),
    Command(("reverse-until", "ru"), "[PLACE]", "go back to a place; without: to before a loop", to_place(True), True),
    Command(("reverse-finish", "rfin"), "", "go back to the call of this function", once(Motion.back_finish), True),
    Command(("go", "goto"), "[to] N | +N | -N | end", "go to when N instructions have retired", go),
)
