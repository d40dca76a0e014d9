"""Health that nobody hears: kept in the journal while the hall server is away, told with the reports afterwards.

Every report is noted; while the server hears them, only the last half minute stays, so that an outage is told from
before it was noticed. Afterwards all of it goes with each report for a while: reports are lossy, and telling twice adds
nothing (`hall/health/evidence.py`).
"""

import contextlib

import msgspec

from hall.health.states import State
from hall.health.stretches import Stretch, heard, since
from hall.ids import TerminalId
from hall.wire.codec import encode
from hall.wire.health_reports import HealthReport
from kiosk.sync.journal import Journal, JournalError
from kiosk.sync.way_out import Publish

KEPT = "health.kept"
"""Its name in the journal."""
TAIL_S = 30.0
"""The server is told to be away after 5 s without its beat; a report is made every 10 s."""
TELL_FOR_S = 60.0
TELL_TIMES = 3
"""What was kept goes with every report for so long, and with so many that left this terminal at least."""

_Rows = dict[str, tuple[Stretch, ...]]


class HealthKept:
    """Used from the sync thread."""

    def __init__(self, journal: Journal, terminal: TerminalId) -> None:
        self._journal = journal
        self._terminal = terminal
        self._rows = _read(journal)
        self._owes = bool(self._rows)
        self._told = 0
        self._back_s: float | None = None

    def send(self, report: HealthReport, publish: Publish, *, away: bool) -> None:
        """Note a report, and publish it with what is still owed; what cannot leave now is lost, but noted."""
        report = self._with_kept(report, away=away)
        if publish("health", encode(report), lossy=True):
            self._left(report)

    def _with_kept(self, report: HealthReport, *, away: bool) -> HealthReport:
        self._note(report)
        if away:
            self._owes, self._told, self._back_s = True, 0, None
            self._write()
            return report
        if not self._owes:
            boot, from_s = str(report.epoch), report.uptime_s - TAIL_S
            self._rows = {name: rows for name, one in self._rows.items() if (rows := since(one, boot, from_s))}
            return report
        return msgspec.structs.replace(report, kept=tuple(row for rows in self._rows.values() for row in rows))

    def _left(self, report: HealthReport) -> None:
        """This report left the terminal. Once it was told often enough, what was kept is forgotten."""
        if not report.kept:
            return
        self._told += 1
        self._back_s = report.uptime_s if self._back_s is None else self._back_s
        if self._told >= TELL_TIMES and report.uptime_s - self._back_s >= TELL_FOR_S:
            self._owes, self._rows = False, {}
            self._note(report)
            self._write()

    def _note(self, report: HealthReport) -> None:
        boot, at = str(report.epoch), report.uptime_s
        states = [(str(self._terminal), State.UP.value, "")]
        states += [(str(one.device), one.state, one.code) for one in report.devices]
        for subject, state, code in states:
            now = Stretch(subject=subject, boot=boot, began_s=at, ended_s=at, state=state, code=code)
            self._rows[subject] = heard(self._rows.get(subject, ()), now)

    def _write(self) -> None:
        """A journal that cannot be written is told where events fail; memory still has all of it."""
        kept = self._rows if self._owes else {}
        with contextlib.suppress(JournalError), self._journal.change():
            self._journal.keep(KEPT, msgspec.json.encode(kept))


def _read(journal: Journal) -> _Rows:
    told = journal.kept(KEPT)
    if told is None:
        return {}
    try:
        return msgspec.json.decode(told, type=_Rows)
    except msgspec.DecodeError:
        return {}  # of another version: what it proved is lost, nothing else
