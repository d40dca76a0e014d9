"""开门检查 (规范 8.1.5 导引人员应按规定时间到岗做好准备): today's lines, how they seem, what is missing.

Lines come from the pack: every call display and self-service terminal, the paper of every printer, and what somebody
must look at. Health and self-tests only propose; the guide signs.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol

import msgspec

from hall.health.states import Severity, State
from hall.ids import TerminalId
from hall.upkeep import LineSigned, LineState
from hall.wire.devices_shown import DeviceNow, SelfTestShown, TerminalNow, TerminalShown

LOOKED_AT = ("hall_display", "window_screen", "self_service")
"""Roles whose terminals have a line of their own, in this order."""
PRINTERS = ("slip_printer", "sheet_printer")
NOT_HEARD = "not_heard"
"""Code of a line that health cannot tell: somebody must look."""


class Looked(Protocol):
    """A line that only people can tell: `equipment.OpeningLine` or `upkeep_shown.LineShown`."""

    @property
    def code(self) -> str:
        """Name it among the hall's lines."""

    @property
    def title(self) -> str:
        """Chinese."""

    @property
    def title_en(self) -> str:
        """English."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the checklist. `terminal` None: somebody must look."""

    id: str
    kind: str
    """`terminal`, a kind of printer, or `look`."""
    title: str
    title_en: str = ""
    terminal: TerminalId | None = None


class LineNow(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it seems to be, or as it was signed; of what is not fine also the code and what to do."""

    line: Line
    state: LineState
    code: str = ""
    action: str = ""
    kind: str = ""
    """The device that is not fine."""
    warn: bool = False
    """It works and wants attention, such as paper that runs low."""
    signed: bool = False


def checklist(terminals: Iterable[TerminalShown], looked: Iterable[Looked]) -> tuple[Line, ...]:
    """Return the lines of a hall: displays, self-service terminals, printers' paper, then what people must look at."""
    every = tuple(terminals)
    own = [
        Line(id=f"{one.terminal}.terminal", kind="terminal", title=one.title, terminal=one.terminal)
        for role in LOOKED_AT
        for one in every
        if one.role == role
    ]
    paper = [
        Line(id=f"{one.terminal}.{kind}", kind=kind, title=one.title, terminal=one.terminal)
        for one in every
        for kind in PRINTERS
        if kind in one.devices
    ]
    look = [Line(id=f"look.{one.code}", kind="look", title=one.title, title_en=one.title_en) for one in looked]
    return (*own, *paper, *look)


def prefilled(
    lines: Iterable[Line], floor: Iterable[TerminalNow], tests: Iterable[SelfTestShown]
) -> tuple[LineNow, ...]:
    """Return how each line seems to be: silence is never health, and a failed self-test outlives a calm reading."""
    now = {one.terminal: one for one in floor}
    tested = {one.terminal: one for one in tests}
    return tuple(
        _seems(line, now.get(line.terminal), tested.get(line.terminal))
        if line.terminal is not None
        else LineNow(line=line, state=LineState.OPEN)
        for line in lines
    )


def _seems(line: Line, now: TerminalNow | None, test: SelfTestShown | None) -> LineNow:
    if now is None or now.state not in (State.UP, State.DEGRADED):
        if now is not None and now.state == State.DOWN:
            return LineNow(line=line, state=LineState.FAULT, code=now.code, kind="terminal")
        return LineNow(line=line, state=LineState.OPEN, code=NOT_HEARD)
    mine = [one for one in now.devices if _is_of(line, one.kind)]
    bad = next((one for one in sorted(mine, key=_gravest) if _is_bad(one)), None)
    if bad is not None:
        return LineNow(
            line=line,
            state=LineState.FAULT,
            code=bad.code,
            action=bad.action,
            kind=bad.kind,
            warn=bad.state == State.DEGRADED,
        )
    if line.kind in PRINTERS and not any(one.state in (State.UP, State.DEGRADED) for one in mine):
        return LineNow(line=line, state=LineState.OPEN, code=NOT_HEARD, kind=line.kind)
    failed = next((one for one in test.failed if _is_of(line, one.kind)), None) if test else None
    if failed is not None:
        return LineNow(line=line, state=LineState.FAULT, code=failed.code, kind=failed.kind)
    return LineNow(line=line, state=LineState.FINE)


def _is_of(line: Line, kind: str) -> bool:
    """A printer, with its paper, has a line of its own; every other device is in its terminal's."""
    return kind == line.kind if line.kind in PRINTERS else kind not in PRINTERS


def _is_bad(device: DeviceNow) -> bool:
    return device.state in (State.DOWN, State.DEGRADED) and device.severity != Severity.INFO


def _gravest(device: DeviceNow) -> int:
    return 0 if device.state == State.DOWN else 1


def with_signed(lines: Iterable[LineNow], signed: Iterable[LineSigned]) -> tuple[LineNow, ...]:
    """Return the lines with what the guide has signed in place of what only seemed so."""
    by_line: Mapping[str, LineSigned] = {one.line: one for one in signed}
    return tuple(_as_signed(one, by_line[one.line.id]) if one.line.id in by_line else one for one in lines)


def _as_signed(now: LineNow, signed: LineSigned) -> LineNow:
    state = LineState.FINE if signed.state == LineState.FINE else LineState.FAULT
    told = now.state is state
    return LineNow(
        line=now.line,
        state=state,
        code=signed.code,
        action=now.action if told else "",
        kind=now.kind if told else "",
        warn=now.warn and told,
        signed=True,
    )


def missing(lines: Iterable[LineNow]) -> tuple[LineNow, ...]:
    """Return the lines that nobody has signed: what the lead is told of when the hall opens."""
    return tuple(one for one in lines if not one.signed)


def merged(before: tuple[LineSigned, ...], more: tuple[LineSigned, ...], *, newer: bool) -> tuple[LineSigned, ...]:
    """Return both signatures as one; of a line signed twice the newer one's state holds."""
    first, second = (before, more) if newer else (more, before)
    found = {one.line: one for one in first} | {one.line: one for one in second}
    return tuple(found[line] for line in sorted(found))
