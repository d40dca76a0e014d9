"""The health room's thread: hears reports, notices silence, writes intervals down, tells everybody what is wrong."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import msgspec

from hall.calendar.working_days import open_spans, start_of_day
from hall.errors import HallError
from hall.health.evidence import Kept, claims, corrections
from hall.health.intervals import Interval, Standing, standing_as_interval
from hall.health.states import HEARTBEAT_S, State
from hall.health.stretches import Stretch, heartbeats
from hall.ids import DeviceId, TerminalId
from hall.pack.hall_pack import HallPack
from hall.pack.tables import Terminal
from hall.services.upkeep import PaperLeft
from hall.wire.devices_shown import TerminalNow
from hall.wire.health_reports import Alert, Alerts, DeviceReport, HealthReport
from hall.wire.lanes import Link
from hall.wire.upkeep_shown import DueShown
from hall_server.health import advice
from hall_server.health.cards import alarm_card, broker_card, cards
from hall_server.health.floor import floor
from hall_server.health.keeper import Keeper
from hall_server.health.upkeep import UpkeepBook, papers
from hall_server.health.uptime import Uptime, uptimes
from hall_server.ledger.intervals import DAY_S, IntervalStore

log = logging.getLogger(__name__)

TICK_S = 1.0
KEEP_EVERY_S = HEARTBEAT_S
"""The open intervals are written down this often at most."""
TELL_EVERY_S = 30.0
"""Without any change the alerts still follow: somebody may have missed them."""
FLOOR_EVERY_S = 2.0
"""A change that is no card, such as a device that works again, is told this often at most."""
MAX_UNWRITTEN = 20_000
"""Closed intervals that wait for a ledger that cannot be written; beyond it the oldest are let go."""
STOP_S = 3.0
MONTH_DAYS = 30
STARTS_ALERTS = 1_000_000_000
"""Alert versions of one server start; like the board's they grow over restarts without being written down."""
ACTED_ON = {
    advice.CLASH,
    advice.COMMIT_FAILED,
    advice.SLIP_KEY_CHANGED,
    advice.DAY_WITHHELD,
    advice.DAY_KEY_RENEWED,
}
"""Alarms that become cards, because people must act on them."""
UNTIL_SAID = {advice.DAY_WITHHELD, advice.DAY_KEY_RENEWED}
"""Their cards stand until the writer says that they are over."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One terminal and its devices at a moment; `heard_at` None when this server has never heard it."""

    terminal: Terminal
    standing: Standing
    heard_at: float | None
    suspect: bool
    report: HealthReport | None
    devices: tuple[tuple[DeviceReport | None, Standing], ...]
    """Each device with its last report, None for one that only earlier servers heard of."""


class HealthRoom:
    """Any thread may call; the room's own thread writes and publishes."""

    def __init__(
        self,
        *,
        pack: HallPack,
        store: IntervalStore,
        tell: Callable[[Alerts], None],
        connected: Callable[[], bool],
        shut_out: Callable[[], Collection[TerminalId]],
        now: Callable[[], float],
        monotonic: Callable[[], float],
        start_number: int,
        book: UpkeepBook | None = None,
    ) -> None:
        """`shut_out` names terminals with a clash of identity; `start_number` grows with every start of the server."""
        self._pack = pack
        self._areas = {area.code: area.title for area in pack.areas}
        self._store = store
        self._tell = tell
        self._connected = connected
        self._shut_out = shut_out
        self._now = now
        self._monotonic = monotonic
        self._version = start_number * STARTS_ALERTS
        self._lock = threading.Lock()
        self._keeper = Keeper(pack.terminals, store.standings(), now(), pack.devices)
        self._alarms: dict[tuple[TerminalId, str], Alert] = {}
        self.alarm_counts: Counter[str] = Counter()
        self._kinds = {one.id: [row.kind for row in pack.devices if row.terminal == one.id] for one in pack.terminals}
        self._told: tuple[Alert, ...] | None = None
        self._floor_told: tuple[TerminalNow, ...] = ()
        self._book = book
        self._due: tuple[DueShown, ...] = ()
        self._due_told: tuple[DueShown, ...] = ()
        self._due_mono = float("-inf")
        self._tell_again = False
        self._told_mono = float("-inf")
        self._kept_mono = float("-inf")
        self._unwritten: list[Interval] = []
        self._late: dict[TerminalId, tuple[Stretch, ...]] = {}
        self._cannot_write = False
        self._broker_away_since: float | None = None
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="health", daemon=True)

    # ---- what is heard ---------------------------------------------------------------------------------------------

    def on_health(self, terminal: TerminalId, report: HealthReport, at: float) -> None:
        """Take a report (listener of the lanes); what it kept of an outage is looked at in the room's own thread."""
        with self._lock:
            if report.kept:
                self._late[terminal] = report.kept
                report = msgspec.structs.replace(report, kept=())
            self._keeper.heard(terminal, report, at, self._monotonic())
        self._wake.set()

    def on_link(self, terminal: TerminalId, link: Link, _at: float) -> None:
        """Take a hello or a last will. Whoever says hello hears what is wrong."""
        log.info("%s is %s (epoch %d)", terminal, link.state, link.epoch)
        with self._lock:
            self._keeper.met(terminal, link)
            self._tell_again = self._tell_again or link.state == "ready"
        self._wake.set()

    def on_alarm(self, terminal: TerminalId, code: str, at: float) -> None:
        """Take an alarm of the writer or the lanes: counted; those that people must act on become cards."""
        with self._lock:
            if code in advice.ENDED_BY:
                for over in advice.ENDED_BY[code]:
                    self._alarms.pop((terminal, over), None)
            else:
                log.warning("alarm at %s: %s", terminal, code)
                self.alarm_counts[code] += 1
                if code in ACTED_ON:
                    self._alarms.setdefault((terminal, code), alarm_card(terminal, code, at))
        self._wake.set()

    def on_kept(self, terminal: TerminalId, device: DeviceId | None, kept: Iterable[Kept]) -> int:
        """Take heartbeats that a terminal kept while nobody heard it (`device` None: of itself); return the new rows.

        Their `boot` is the epoch and their `mono_s` the uptime of its reports, so one report heard at once places a
        whole boot. What was observed stands; the same evidence again, also after a restart, adds nothing.
        """
        subject = device or terminal
        if terminal not in self._keeper.terminals or (device and not device.startswith(f"{terminal}.")):
            return 0
        with self._lock:
            boots = self._keeper.boots(terminal)
            self._collect()
            standing = self._keeper.standings.get(subject)
            waiting = [one for one in self._unwritten if one.subject == subject]
        proved = claims(subject, kept, boots)
        if not proved:
            return 0
        known = [*self._store.overlapping(subject, proved[0].began, proved[-1].ended), *waiting]
        known += [standing_as_interval(standing)] if standing is not None else []
        late = corrections(known, proved, subject)
        with self._lock:
            self._unwritten = [*self._unwritten, *late]
        self._wake.set()
        return len(late)

    # ---- what is known ---------------------------------------------------------------------------------------------

    def conditions(self) -> tuple[Condition, ...]:
        """Return every terminal of the pack with its devices, in the pack's order."""
        with self._lock:
            return tuple(self._condition(one.id) for one in self._pack.terminals)

    def cards(self) -> tuple[Alert, ...]:
        """Return what is wrong now, with what only the console can still be told."""
        with self._lock:
            found = cards(self._keeper, self._areas, self._alarms.values())
            since = self._broker_away_since
        return found if since is None else (broker_card(since), *found)

    def uptimes(self, days: int = 1) -> dict[str, Uptime]:
        """Return each thing's uptime in the open hours of the last `days` local days, today included."""
        now = self._now()
        first = start_of_day(now) - (days - 1) * DAY_S
        with self._lock:
            self._collect()
            standings, waiting = tuple(self._keeper.standings.values()), tuple(self._unwritten)
        closed = [*self._store.since(first), *waiting]
        return uptimes(closed, standings, (first, max(now, first)), open_spans(self._pack, first, now))

    # ---- what is done ----------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to notice silence."""
        self._store.forget_before(self._now())
        self._thread.start()

    def stop(self) -> None:
        """Write down how things stand and end."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)
        self.look(keep=True)

    def look(self, *, keep: bool = False) -> None:
        """Look around once: silence, cards, intervals. `keep` writes the open intervals down now."""
        self._take_late()
        now, mono = self._now(), self._monotonic()
        connected = self._connected()
        with self._lock:
            self._keeper.tick(now, mono, connected=connected)
            self._broker_away_since = None if connected else self._broker_away_since or now
            self._collect()
        if keep or self._unwritten or mono - self._kept_mono >= KEEP_EVERY_S:
            self._write(mono)
        self._publish(now, mono, connected=connected)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self.look()
            except Exception:
                log.exception("the health room met a surprise and goes on")
            self._wake.wait(TICK_S)
            self._wake.clear()

    def _take_late(self) -> None:
        """Let late evidence correct what was not observed."""
        with self._lock:
            late, self._late = self._late, {}
        for terminal, told in late.items():
            for subject in dict.fromkeys(row.subject for row in told):
                device = None if subject == terminal else DeviceId(subject)
                self.on_kept(terminal, device, heartbeats(row for row in told if row.subject == subject))

    def _collect(self) -> None:
        """Take over what has ended; the lock is held."""
        self._unwritten = [*self._unwritten, *self._keeper.take_closed()]

    def _write(self, mono: float) -> None:
        """Only this room's thread takes from `_unwritten`, so what was written is the head of it."""
        with self._lock:
            self._unwritten = self._unwritten[-MAX_UNWRITTEN:]
            closed, standings = tuple(self._unwritten), self._keeper.worth_keeping()
        self._kept_mono = mono
        try:
            self._store.keep(closed, standings)
            shut_out = self._shut_out()
        except HallError as error:
            if not self._cannot_write:
                log.warning("%s", error)
            self._cannot_write = True
            return
        self._cannot_write = False
        with self._lock:
            self._unwritten = self._unwritten[len(closed) :]
            for terminal, code in tuple(self._alarms):
                if code not in UNTIL_SAID and (code == advice.COMMIT_FAILED or terminal not in shut_out):
                    del self._alarms[terminal, code]

    def papers(self) -> tuple[PaperLeft, ...]:
        """Return what the printers tell of their paper."""
        with self._lock:
            return papers(self._keeper)

    def stands(self) -> tuple[TerminalNow, ...]:
        """Return every terminal and device as the guide desk is told of them."""
        with self._lock:
            return floor(self._keeper, self._kinds)

    def _look_at_book(self, now: float, mono: float) -> None:
        """What is due is read outside the lock, this often at most: it comes from the ledger."""
        if self._book is not None and mono - self._due_mono >= FLOOR_EVERY_S:
            self._due_mono, self._due = mono, self._book.due(self.papers(), now)

    def _publish(self, now: float, mono: float, *, connected: bool) -> None:
        self._look_at_book(now, mono)
        with self._lock:
            found = cards(self._keeper, self._areas, self._alarms.values())
            stands, silent_s = floor(self._keeper, self._kinds), mono - self._told_mono
            changed = found != self._told or (
                (stands, self._due) != (self._floor_told, self._due_told) and silent_s >= FLOOR_EVERY_S
            )
            due = changed or self._tell_again or silent_s >= TELL_EVERY_S
            if not due or not connected:
                return
            self._told, self._floor_told, self._tell_again, self._told_mono = found, stands, False, mono
            self._due_told = self._due
            self._version += 1
            alerts = Alerts(version=self._version, at=now, alerts=found, terminals=stands, upkeep=self._due)
        self._tell(alerts)

    def _condition(self, terminal: TerminalId) -> Condition:
        met = self._keeper.terminals[terminal]
        known = sorted(one for one in self._keeper.standings if one.startswith(f"{terminal}."))
        return Condition(
            terminal=met.terminal,
            standing=self._keeper.standings[terminal],
            heard_at=met.heard_at,
            suspect=met.suspect,
            report=met.report,
            devices=tuple((met.devices.get(DeviceId(one)), self._keeper.standings[one]) for one in known),
        )


def counted(conditions: tuple[Condition, ...]) -> Counter[State]:
    """Return how many devices are in each state."""
    return Counter(standing.state for one in conditions for _, standing in one.devices)
