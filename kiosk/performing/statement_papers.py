"""Statements on paper: an A4 sheet where this terminal has such a printer, else a slip; each end is journalled."""

from collections.abc import Callable
from functools import partial

from hall.events import StatementEnded
from hall.ids import JobId, Serial, SessionId
from kiosk.flows import papers
from kiosk.flows.a4_papers import a4_statement
from kiosk.flows.words import PrintStatement
from kiosk.performing.hands import Givens, HallLine, Hands, PrintWorker
from kiosk.ports import PrintResult


class StatementPapers:
    """Tickets stay on the slip printer; a statement that the A4 printer could not take goes there, too."""

    def __init__(
        self, terminal: HallLine, hands: Hands, givens: Givens, measured: Callable[[str, float], None]
    ) -> None:
        self._terminal = terminal
        self._hands = hands
        self._givens = givens
        self._measured = measured

    def print(self, effect: PrintStatement, job: JobId, slips: PrintWorker, session: SessionId) -> None:
        """Print once, privately. The slip printer is asked only when nothing has gone to the other."""
        statement, say = effect.statement, self._givens.say
        now = self._givens.clock()
        at = self._givens.local_time(now)
        record = partial(self._ended, serial=statement.serial, copy=effect.copy)

        def as_slip() -> None:
            slip = papers.statement_slip(statement, say, printed_at=at, copy=effect.copy)
            slips.print(job, slip, session, record)

        sheets = self._hands.sheet_printer
        if sheets is None:
            return as_slip()
        sheet = a4_statement(statement, say, printed_at=at, made_at=now, copy=effect.copy)
        return sheets.print(job, sheet, session, record, as_slip)

    def _ended(self, result: PrintResult, *, serial: Serial, copy: bool) -> None:
        self._measured("statement_first_byte_mono", result.first_byte_mono)
        ended = StatementEnded(
            serial=serial,
            job=result.job,
            outcome=result.outcome.value,
            cause=result.fault.value if result.fault else "",
            copy=copy,
        )
        self._terminal.record((ended,))
