"""Statements go to the A4 printer where there is one; tickets never; one paper, one end in the journal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hall.events import StatementEnded
from hall.ids import JobId, SessionId, TerminalId
from kiosk.assembly import Program
from kiosk.devices.workers.sheets import SheetWorker
from kiosk.flows.a4_papers import A4Paper
from kiosk.flows.words import EndSession, PrintStatement, PrintTicket
from kiosk.performing.hands import Givens, Hands
from kiosk.performing.performer import Performing
from kiosk.ports import PrintOutcome, PrintResult
from kiosk.settings import Settings
from tests.devices.sheet_printers.papers import SAY
from tests.flows import samples
from tests.kiosk.test_performing import FakeHands, FakeLine

ME = SessionId("me")


@dataclass
class Sheets:
    """An A4 worker with memory; `away` sends everything elsewhere."""

    away: bool = False
    printed: list[tuple[JobId, A4Paper]] = field(default_factory=list)
    people_gone: int = 0

    def print(
        self,
        job: JobId,
        paper: A4Paper,
        session: SessionId,
        done: Callable[[PrintResult], None],
        instead: Callable[[], None],
    ) -> None:
        assert session == ME
        if self.away:
            return instead()
        self.printed.append((job, paper))
        return done(PrintResult(job, PrintOutcome.PROCESSED))

    def person_left(self) -> None:
        self.people_gone += 1


class Terminal:
    def __init__(self, sheets: Sheets) -> None:
        self.line = FakeLine(samples.pack())
        self.slips = FakeHands()
        givens = Givens(
            clock=lambda: 1_795_397_700.0,
            random_bytes=lambda count: b"r" * count,
            say=SAY,
            local_time=lambda _at: "2026-11-23 09:35",
            terminal=TerminalId("K1"),
            window=None,
        )
        hands = Hands(slip_printer=self.slips, sheet_printer=sheets)
        self.perform = Performing(self.line, hands, givens, lambda _happened, _session: None, lambda _name, _ms: None)

    def ends(self) -> list[StatementEnded]:
        return [event for event in self.line.recorded if isinstance(event, StatementEnded)]


def test_a_statement_is_an_a4_sheet_and_ends_once() -> None:
    sheets = Sheets()
    terminal = Terminal(sheets)
    terminal.perform(PrintStatement(samples.statement(), copy=True), ME)
    ((job, paper),) = sheets.printed
    assert (paper.copy, paper.made_at, terminal.slips.printed) == ("补打", 1_795_397_700, [])
    assert [(end.job, end.outcome, end.copy) for end in terminal.ends()] == [(job, "processed", True)]


@pytest.mark.row("RGT-05", part="rule")
def test_what_the_a4_printer_could_not_take_is_a_slip_under_the_same_serial_and_ends_once() -> None:
    terminal = Terminal(Sheets(away=True))
    terminal.perform(PrintStatement(samples.statement()), ME)
    ((job, _),) = terminal.slips.printed
    assert job.startswith(samples.statement().serial)
    assert terminal.slips.private == [ME]
    assert [(end.job, end.outcome) for end in terminal.ends()] == [(job, "printed")]


def test_tickets_stay_on_the_slip_printer() -> None:
    sheets = Sheets()
    terminal = Terminal(sheets)
    terminal.perform(PrintTicket(samples.issued(), samples.leased()), ME)
    assert (len(terminal.slips.printed), sheets.printed) == (1, [])


def test_both_printers_hear_that_the_person_left() -> None:
    sheets = Sheets()
    terminal = Terminal(sheets)
    terminal.perform(EndSession(), ME)
    assert (sheets.people_gone, terminal.slips.people_gone) == (1, 1)


def test_a_terminal_with_an_a4_printer_in_its_configuration_has_its_worker(tmp_path: Path) -> None:
    password = tmp_path / "password"
    password.write_text("secret")
    slips = {"driver": "escpos", "options": {"transport": "tcp", "host": "127.0.0.1", "port": 9}}
    settings = Settings.model_validate(
        {
            "environment": "test",
            "hall": "qinghe",
            "terminal": "K1",
            "role": "self_service",
            "brokers": [{"port": 9}],
            "password_file": password,
            "state_dir": tmp_path / "state",
            "screen": False,
            "devices": {
                "slip_printer": slips,
                "id_reader": {"driver": "sam_serial", "options": {"port": "socket://127.0.0.1:9"}},
                "card_reader": {"driver": "pcsc"},
                "sheet_printer": {"driver": "cups", "options": {"queue": "a4", "server": str(tmp_path / "no.sock")}},
            },
        }
    )
    worker = Program(settings)._workers["sheet_printer"]
    assert isinstance(worker, SheetWorker)
    assert worker.report().device == "K1.sheet_printer"
