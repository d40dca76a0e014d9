"""Four status answers are not one moment: a printer that comes back between two of them is not called broken."""

import dataclasses
from collections.abc import Iterator
from itertools import chain, repeat

from hall.ids import JobId
from kiosk.devices.slip_printers.conversation import BARRIER
from kiosk.devices.slip_printers.escpos import EscPosPrinter
from kiosk.devices.slip_printers.status import Status
from kiosk.ports import Fault, PrintOutcome
from tests.devices.printers.room import SHORT, SLIP, Running, Told

WELL = b"\x12\x12\x12\x12"
NO_PAPER = b"\x1a\x32\x12\x72"
NO_REASON = b"\x1a\x12\x12\x12"
"""Offline with neither cover nor paper nor error: what is heard when the reason goes after the first answer."""


class Wire:
    """Answers each DLE EOT from these rounds of four, and every barrier."""

    reads = True

    def __init__(self, rounds: Iterator[bytes]) -> None:
        self._bytes = chain.from_iterable(rounds)

    def exchange(self, out: bytes, wait_s: float) -> tuple[int, bytes]:
        del wait_s
        told = bytes(next(self._bytes) for _ in range(out.count(b"\x10\x04")))
        return len(out), told + b"\x00" * out.count(BARRIER)

    def weak_status(self) -> Status | None:
        return None

    def close(self) -> None:
        return


def printing(rounds: Iterator[bytes], told: Told) -> EscPosPrinter:
    options = dataclasses.replace(SHORT, confirm="status")
    return EscPosPrinter(options, "K1.slip_printer", told, lambda _: Wire(rounds))


def test_a_reason_that_goes_between_two_answers_is_no_fault_of_the_hardware() -> None:
    told = Told()
    driver = printing(chain([NO_PAPER, NO_PAPER, NO_REASON], repeat(WELL)), told)
    assert driver.print(JobId("1"), SLIP).outcome is PrintOutcome.PROCESSED
    assert told.faults == [(JobId("1"), Fault.NO_PAPER), (JobId("1"), None)]
    driver.close()


def test_a_printer_that_answers_while_it_is_being_written_to_is_heard() -> None:
    driver = printing(repeat(WELL), Told())
    assert [driver.print(JobId(job), SLIP).outcome for job in "12"] == [PrintOutcome.PROCESSED] * 2
    driver.close()


def test_a_printer_that_stays_offline_for_no_reason_is_told() -> None:
    told = Told()
    driver = printing(repeat(NO_REASON), told)
    running = Running(driver, "1")
    told.wait_for(Fault.HARDWARE)
    assert running.result().outcome is PrintOutcome.FAILED
    assert told.faults == [(JobId("1"), Fault.HARDWARE)]
    driver.close()
