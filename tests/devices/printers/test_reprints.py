"""A statement whose paper ended in mid print, from the flow to the wire: told, not counted, reprinted with its mark."""

import dataclasses
import queue
from functools import partial

import pytest

from hall.ids import JobId, SessionId
from kiosk.devices.slip_printers.escpos import connect
from kiosk.devices.workers import PrinterWorker
from kiosk.flows.papers import statement_slip, ticket_slip
from kiosk.flows.self_service import advance
from kiosk.flows.steps import Paper, ShowingStatement
from kiosk.flows.words import CardKind, Happened, PrintEnded, PrintStalled, PrintStatement, Step, WantsPaper
from kiosk.ports import Fault, PrintOutcome
from kiosk.text.catalogue import load
from tests.devices.printers.room import SHORT, WAIT_S, Room, papers
from tests.flows import samples

SAY = partial(load().say, "zh")
ME = SessionId("me")
COPY = SAY("paper.copy")


def moved(step: Step, happened: Happened) -> ShowingStatement:
    after, _ = advance(step, happened)
    assert isinstance(after, ShowingStatement)
    return after


def _stop(worker: PrinterWorker) -> None:
    assert worker.stop()


@pytest.mark.row("RGT-05", part="face")
def test_paper_out_in_mid_print_is_told_not_delivered_and_reprinted_under_one_serial_with_its_copy_mark(
    room: Room,
) -> None:
    printer = room.printer()
    port = int(str(printer.state()["address"]).rsplit(":", 1)[1])
    options = dataclasses.replace(SHORT, port=port, refill_wait_s=0.3)
    news: queue.Queue[Happened] = queue.Queue()
    worker = PrinterWorker(
        "K1.slip_printer",
        lambda progress: connect(options, "K1.slip_printer", progress),
        lambda happened, _session: news.put(happened),
    )
    worker.start()
    room.at_the_end(partial(_stop, worker))
    statement = samples.statement()
    printer.out_after_rows(300, near_end_rows=100)
    step: Step = ShowingStatement(statement, CardKind.ID)
    step, effects = advance(step, WantsPaper())
    assert effects == (PrintStatement(statement),)
    slip = statement_slip(statement, SAY, printed_at="2026-11-23 09:36", copy=False)
    worker.print(JobId(f"{statement.serial}#1"), slip, ME, lambda _result: None)

    stalled = news.get(timeout=WAIT_S)
    assert isinstance(stalled, PrintStalled)
    step = moved(step, stalled)
    assert (step.paper, step.fault) == (Paper.WAITING, Fault.NO_PAPER)
    ended = news.get(timeout=WAIT_S)
    assert isinstance(ended, PrintEnded)
    assert (ended.outcome, ended.fault) == (PrintOutcome.UNKNOWN, Fault.NO_PAPER)
    step = moved(step, ended)
    assert step.paper is Paper.UNSURE
    assert not printer.papers

    step, effects = advance(step, WantsPaper())
    assert effects == (PrintStatement(statement, copy=True),)
    printer.load_paper()
    again = statement_slip(statement, SAY, printed_at="2026-11-23 09:40", copy=True)
    worker.print(JobId(f"{statement.serial}#2"), again, ME, lambda _result: None)
    while not isinstance(happened := news.get(timeout=WAIT_S), PrintEnded):
        pass
    assert happened.outcome is PrintOutcome.PROCESSED
    assert moved(step, happened).paper is Paper.OUT
    first, second = (paper.text for paper in papers(printer, 2))
    assert len(printer.papers) == 2
    assert [text.count(statement.serial) for text in (first, second)] == [1, 1]
    assert [COPY in text for text in (first, second)] == [False, True]


def test_a_reprinted_ticket_carries_its_number_and_its_mark(room: Room) -> None:
    printer = room.printer()
    driver = room.driver(printer)
    for copy in (False, True):
        slip = ticket_slip(samples.issued(), samples.leased(), samples.pack(), SAY, issued_at="09:30", copy=copy)
        assert driver.print(JobId(f"ticket{copy}"), slip).outcome is PrintOutcome.PROCESSED
    first, second = (paper.text for paper in papers(printer, 2))
    assert samples.issued().label in first
    assert samples.issued().label in second
    assert [COPY in text for text in (first, second)] == [False, True]
