"""What is known of every terminal and device now. No clock and no thread: moments are handed in.

`at` is hall time (intervals), `mono` monotonic seconds (silence), so that a clock which is set raises no storm.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from hall.health.damping import Damper, looked
from hall.health.evidence import boot_began
from hall.health.intervals import Interval, Standing, lost, observed
from hall.health.states import DOWN_AFTER_S, SILENT, UNOBSERVED_AFTER_S, UNSENT_AFTER_S, Severity, State
from hall.ids import DeviceId, TerminalId
from hall.pack.equipment import Device
from hall.pack.tables import Terminal
from hall.wire.health_reports import DeviceReport, HealthReport
from hall.wire.lanes import Link
from hall_server.health.absence import ABSENT, missing

MAX_DEVICES = 32
"""Devices of one terminal; a kiosk has about ten."""
MAX_NAMES = 64
"""Names of one terminal and its devices ever taken up, old ones from earlier set-ups included."""
MAX_READINGS = 20
MAX_BOOTS = 20
"""Process starts of one terminal that late heartbeats can be placed by."""
MAX_TEXT = 200
"""Characters kept of any text in a report."""

OWN_PAUSE_S = 10.0
"""Ticks follow each other every second; a longer pause was ours (a sleeping machine, a stopped process)."""

UNSENT = "unsent"
NOT_REPORTED = "not_reported"
STATES = {state.value: state for state in State}


@dataclass(slots=True)
class Met:
    """A terminal as this server has met it. `suspect`: its last will was heard, which is a hint and no evidence."""

    terminal: Terminal
    heard_at: float | None = None
    heard_mono: float | None = None
    suspect: bool = False
    report: HealthReport | None = None
    devices: dict[DeviceId, DeviceReport] = field(default_factory=dict)
    boots: dict[str, float] = field(default_factory=dict)
    """Epoch (as text) to the hall time at which that process began, from its reports as they were heard."""


class Keeper:
    """Turns reports and silence into intervals. Terminals are those of the pack; strangers are not kept."""

    def __init__(
        self, terminals: Iterable[Terminal], known: Iterable[Standing], at: float, expected: Iterable[Device] = ()
    ) -> None:
        """`known` is how things stood when the last server ended: from then until heard, nothing was observed.

        `expected` are the devices that terminals must have by the pack; one that is not reported is `absent`.
        """
        self.terminals = {one.id: Met(one) for one in terminals}
        self._expected = tuple(expected)
        self.standings: dict[str, Standing] = {}
        self.ever_heard: set[str] = set()
        self._families: dict[TerminalId, list[str]] = {terminal: [] for terminal in self.terminals}
        self._dampers: dict[str, Damper] = {}
        self._closed: list[Interval] = []
        self._connected = True
        self._ticked_mono: float | None = None
        self._listening_mono: float | None = None
        """Since when everybody could be heard: our start, the broker's return, the end of our own pause."""
        for standing in known:
            if _terminal_of(standing.subject) in self.terminals:
                self.ever_heard.add(standing.subject)
                self._begin(standing)
                self._take(lost(standing, at))
        for terminal in self.terminals:
            if terminal not in self.standings:
                self._begin(Standing(subject=terminal, state=State.UNOBSERVED, since=at, seen=at))

    def heard(self, terminal: TerminalId, report: HealthReport, at: float, mono: float) -> None:
        """Take a report of a terminal on itself and its devices."""
        met = self.terminals.get(terminal)
        if met is None:
            return
        report = _bounded(report)
        met.heard_at, met.heard_mono, met.suspect, met.report = at, mono, False, report
        met.boots[str(report.epoch)] = boot_began(report.uptime_s, at)
        while len(met.boots) > MAX_BOOTS:
            del met.boots[next(iter(met.boots))]
        unsent = report.oldest_unacked_s >= UNSENT_AFTER_S
        self._observe(terminal, State.DEGRADED if unsent else State.UP, UNSENT if unsent else "", at)
        told: dict[DeviceId, DeviceReport] = {}
        for one in report.devices:
            if self._is_its_own(terminal, one.device):
                told[one.device] = one
                self._observe(one.device, *self._damped(one), at)
        for one in missing(self._expected, met.terminal, {each.kind for each in told.values()}):
            told[one.device] = one
            self._observe(one.device, State.DOWN, ABSENT, at)
        met.devices = told
        for subject in self._families[terminal]:
            if subject != terminal and subject not in told:
                self._observe(subject, State.UNOBSERVED, NOT_REPORTED, at)

    def met(self, terminal: TerminalId, link: Link) -> None:
        """Take a hello or a last will; a will of an earlier process says nothing."""
        met = self.terminals.get(terminal)
        if met is None:
            return
        if link.state == "ready":
            met.suspect = False
        elif met.report is None or met.report.epoch == link.epoch:
            met.suspect = True

    def tick(self, at: float, mono: float, *, connected: bool) -> None:
        """Notice silence. While we are cut off from the broker ourselves, nobody is down: nothing is observed."""
        if self._ticked_mono is None:
            self._listening_mono = mono
        elif mono - self._ticked_mono > OWN_PAUSE_S:
            self._we_were_away(at)
            self._hear_anew(mono)
        if connected and not self._connected:
            self._hear_anew(mono)
        self._connected, self._ticked_mono = connected, mono
        for terminal, met in self.terminals.items():
            silent_s = mono - met.heard_mono if met.heard_mono is not None else 0.0
            if silent_s < UNOBSERVED_AFTER_S:
                self._lose(terminal, at, only_unobserved=True)
            elif not connected or silent_s < DOWN_AFTER_S:
                self._lose(terminal, at)
            elif self.standings[terminal].code == SILENT:
                self._observe(terminal, State.DOWN, SILENT, at)
                self._lose(terminal, at, only_unobserved=True)
            else:
                self._lose(terminal, at)
                self._observe(terminal, State.DOWN, SILENT, at)

    def boots(self, terminal: TerminalId) -> dict[str, float]:
        """Return when each process of a terminal began that was heard at once."""
        return dict(self.terminals[terminal].boots)

    @property
    def connected(self) -> bool:
        """Whether the broker was there at the last tick."""
        return self._connected

    def silent(self, terminal: TerminalId) -> bool:
        """Tell whether a terminal that was heard before, also by an earlier server, has had its time and is not."""
        if self._ticked_mono is None or self._listening_mono is None:
            return False
        if self._ticked_mono - self._listening_mono < UNOBSERVED_AFTER_S:
            return False
        standing = self.standings[terminal]
        if standing.code == SILENT:
            return True
        return standing.state is State.UNOBSERVED and terminal in self.ever_heard

    def worth_keeping(self) -> tuple[Standing, ...]:
        """Return how things stand that were ever heard of; of the others the next server need not know."""
        return tuple(standing for subject, standing in self.standings.items() if subject in self.ever_heard)

    def take_closed(self) -> list[Interval]:
        """Hand over the intervals that ended since the last time."""
        closed, self._closed = self._closed, []
        return closed

    def _we_were_away(self, at: float) -> None:
        """This server stood still: what the hall did meanwhile was not observed, and nobody is to blame."""
        for terminal in self.terminals:
            self._lose(terminal, at)

    def _hear_anew(self, mono: float) -> None:
        """Everybody has the full time to be heard again."""
        self._listening_mono = mono
        for met in self.terminals.values():
            met.heard_mono = mono if met.heard_mono is not None else None

    def _lose(self, terminal: TerminalId, at: float, *, only_unobserved: bool = False) -> None:
        """The devices of a silent terminal are unobserved, not faulty: one cause, one card."""
        for subject in self._families[terminal]:
            standing = self.standings[subject]
            if standing.state is State.UNOBSERVED or not only_unobserved:
                self._take(lost(standing, at))

    def _is_its_own(self, terminal: TerminalId, device: DeviceId) -> bool:
        """Tell whether a device may be this terminal's; new names are taken up as long as there is room."""
        if not device.startswith(f"{terminal}."):
            return False
        return device in self.standings or len(self._families[terminal]) < MAX_NAMES

    def _begin(self, standing: Standing) -> None:
        if standing.subject not in self.standings:
            self._families[_terminal_of(standing.subject)].append(standing.subject)
        self.standings[standing.subject] = standing

    def _damped(self, report: DeviceReport) -> tuple[State, str]:
        """Return what to show of a device; one that keeps changing has one state, and one card."""
        state = STATES.get(report.state, State.UNOBSERVED)
        before = self._dampers.get(report.device) or Damper(state=state, code=report.code)
        damper = self._dampers[report.device] = looked(before, state, report.code)
        return damper.shown

    def _observe(self, subject: str, state: State, code: str, at: float) -> None:
        self.ever_heard.add(subject)
        standing = self.standings.get(subject)
        if standing is None:
            self._begin(Standing(subject=subject, state=state, code=code, since=at, seen=at))
        else:
            self._take(observed(standing, state, code, at))

    def _take(self, step: tuple[Standing, Interval | None]) -> None:
        standing, ended = step
        self.standings[standing.subject] = standing
        if ended is not None:
            self._closed.append(ended)


def severity(state: State, told: str) -> str:
    """Return how much a state matters: what its terminal says, or what the state itself means."""
    if told in {one.value for one in Severity}:
        return told
    return {State.DOWN: Severity.FAULT, State.DEGRADED: Severity.WARN}.get(state, Severity.INFO).value


def _terminal_of(subject: str) -> TerminalId:
    return TerminalId(subject.partition(".")[0])


def _bounded(report: HealthReport) -> HealthReport:
    """A terminal gone mad must not fill our memory or anybody's page."""
    devices = tuple(
        msgspec.structs.replace(
            one,
            code=one.code[:MAX_TEXT],
            action=one.action[:MAX_TEXT],
            kind=one.kind[:MAX_TEXT],
            readings={k[:MAX_TEXT]: v[:MAX_TEXT] for k, v in list(one.readings.items())[:MAX_READINGS]},
        )
        for one in report.devices[:MAX_DEVICES]
        if len(one.device) <= MAX_TEXT
    )
    return msgspec.structs.replace(
        report,
        role=report.role[:MAX_TEXT],
        step=report.step[:MAX_TEXT],
        devices=devices,
    )
