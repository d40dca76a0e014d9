"""「设备」: the floor. Every terminal and device with its state, since when, uptime, and one card for each fault."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from hall.calendar.working_days import open_spans, start_of_day
from hall.health.intervals import Interval, Span, Standing
from hall.health.states import UNOBSERVED_AFTER_S, State
from hall.pack.hall_pack import HallPack
from hall.wire.health_reports import Alert, DeviceReport
from hall_server.console import words
from hall_server.console.self_tests import TestShown
from hall_server.health.room import Condition, HealthRoom
from hall_server.health.uptime import Uptime

MAX_OUTAGES = 12
"""Of one thing and day: enough to see what happened, few enough to read."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of today's open hours in one state; `began` and `ended` are shares of the whole, 0 to 1."""

    state: str
    began: float
    ended: float


class Outage(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of today's open hours in which something did not work, or nobody knew; `going_on` until now."""

    state: str
    code: str
    began: float
    ended: float
    going_on: bool


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A terminal or device. `uptime` is 0 to 1 over today's open hours so far, None when nothing was observed."""

    subject: str
    terminal: str
    kind: str
    title: str
    state: str
    code: str
    severity: str
    action: str
    since: float
    heard_at: float | None
    uptime: float | None
    uptime_month: float | None
    observed_s: float
    unobserved_s: float
    readings: dict[str, str]
    day: tuple[Piece, ...]
    outages: tuple[Outage, ...]
    """Today's, in order; the longest of them when there are very many."""


class TerminalShown(Subject, frozen=True, kw_only=True):
    """A terminal. `suspect`: its last will was heard, which proves nothing yet."""

    area: str
    role: str
    window: str | None
    suspect: bool
    step: str
    outbox: int
    unsent_s: float
    running_s: float
    clock_apart_s: float | None
    """Its clock minus ours when last heard; includes the way of the message."""
    test: TestShown | None
    """Its last self-test, None before the first."""


class Floor(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, at one moment."""

    at: float
    connected: bool
    counts: dict[str, int]
    """Terminals and devices by state."""
    alerts: tuple[Alert, ...]
    terminals: tuple[TerminalShown, ...]
    devices: tuple[Subject, ...]


def floor(
    room: HealthRoom,
    pack: HallPack,
    now: float,
    month: Mapping[str, Uptime],
    tests: Mapping[str, TestShown],
    *,
    connected: bool,
) -> Floor:
    """Return the floor now. `month` is the uptime of the last 30 days, which moves slowly."""
    measured = _Measured(room.uptimes(), month, open_spans(pack, start_of_day(now), now))
    areas = {area.code: area.title for area in pack.areas}
    terminals, devices = [], []
    for one in room.conditions():
        terminals.append(_terminal(one, areas.get(one.terminal.area, one.terminal.area), measured, tests))
        devices += [_device(one, report, known, measured) for report, known in one.devices]
    counts = Counter(one.state for one in (*terminals, *devices))
    return Floor(
        at=now,
        connected=connected,
        counts={state.value: counts[state.value] for state in State if state is not State.OFF_HOURS},
        alerts=room.cards(),
        terminals=tuple(terminals),
        devices=tuple(devices),
    )


@dataclass(frozen=True, slots=True)
class _Measured:
    """Uptimes by subject, and today's opening spans."""

    today: Mapping[str, Uptime]
    month: Mapping[str, Uptime]
    spans: tuple[Span, ...]

    def figures(self, standing: Standing) -> dict[str, Any]:
        """Return the fields that terminals and devices share."""
        told, earlier = self.today.get(standing.subject), self.month.get(standing.subject)
        seconds = told.seconds if told else {}
        return {
            "subject": standing.subject,
            "state": standing.state.value,
            "code": standing.code,
            "since": standing.since,
            "uptime": told.share if told else None,
            "uptime_month": earlier.share if earlier else None,
            "observed_s": sum(seconds.get(state, 0.0) for state in (State.UP, State.DEGRADED, State.DOWN)),
            "unobserved_s": seconds.get(State.UNOBSERVED, 0.0),
            "day": _pieces(told.tiles if told else (), self.spans),
            "outages": _outages(told.tiles if told else ()),
        }


def _terminal(one: Condition, area: str, measured: _Measured, tests: Mapping[str, TestShown]) -> TerminalShown:
    report = one.report
    return TerminalShown(
        **measured.figures(one.standing),
        terminal=one.terminal.id,
        kind="terminal",
        title=one.terminal.title,
        severity="",
        action="",
        heard_at=one.heard_at,
        readings={},
        area=area,
        role=one.terminal.role,
        window=one.terminal.window,
        suspect=one.suspect,
        step=report.step if report else "",
        outbox=report.outbox_depth if report else 0,
        unsent_s=report.oldest_unacked_s if report else 0.0,
        running_s=report.uptime_s if report else 0.0,
        clock_apart_s=report.at - one.heard_at if report and one.heard_at is not None else None,
        test=tests.get(one.terminal.id),
    )


def _device(one: Condition, report: DeviceReport | None, standing: Standing, measured: _Measured) -> Subject:
    known = report is not None and standing.state is not State.UNOBSERVED
    kind = report.kind if report else standing.subject.partition(".")[2]
    return Subject(
        **measured.figures(standing),
        terminal=one.terminal.id,
        kind=kind,
        title=words.device(kind),
        severity=report.severity if report and known else "",
        action=report.action if report and known else "",
        heard_at=one.heard_at if report else None,
        readings=dict(report.readings) if report and known else {},
    )


def _outages(tiles: tuple[Interval, ...]) -> tuple[Outage, ...]:
    """Return when it did not work in open hours, and when nobody knew for longer than a heartbeat may be late."""
    last = max((one.ended for one in tiles), default=0.0)
    found = [
        Outage(state=one.state.value, code=one.code, began=one.began, ended=one.ended, going_on=one.ended >= last)
        for one in tiles
        if one.state is State.DOWN or (one.state is State.UNOBSERVED and one.ended - one.began >= UNOBSERVED_AFTER_S)
    ]
    longest = sorted(found, key=lambda one: one.began - one.ended)[:MAX_OUTAGES]
    return tuple(sorted(longest, key=lambda one: one.began))


def _pieces(tiles: tuple[Interval, ...], spans: tuple[Span, ...]) -> tuple[Piece, ...]:
    """Lay the tiles on the whole day from opening to closing; lunch stays as off hours."""
    if not spans:
        return ()
    first, last = min(begin for begin, _ in spans), max(end for _, end in spans)
    return tuple(
        Piece(
            state=one.state.value,
            began=round((max(one.began, first) - first) / (last - first), 4),
            ended=round((min(one.ended, last) - first) / (last - first), 4),
        )
        for one in tiles
        if one.ended > first and one.began < last
    )
