"""A line full of random bytes is told as garbled, soon and always; what a real printer sends unasked is no babble."""

import dataclasses
import hashlib
import itertools
from collections.abc import Callable

import pytest

from hall.ids import JobId
from kiosk.devices.slip_printers.conversation import BARRIER, Conversation
from kiosk.devices.slip_printers.escpos import EscPosPrinter
from kiosk.devices.slip_printers.status import Status
from kiosk.ports import DeviceState, Fault, PrintOutcome
from tests.devices.printers.room import SHORT, SLIP, Told

PIECES = (1, 3, 16, 400)
QUESTIONS_BYTES = 4 * 3
ROUNDS_ON_TWO_LINES = 4


class Wire:
    """A line to a printer that answers every question well, with what `beside` adds to each piece that is read."""

    reads = True

    def __init__(self, beside: Callable[[bytes], bytes], *, answers: bool = True) -> None:
        self._beside = beside
        self._answers = answers
        self.taken = 0

    def exchange(self, out: bytes, wait_s: float) -> tuple[int, bytes]:
        del wait_s
        self.taken += len(out)
        answer = b"\x12" * out.count(b"\x10\x04") + b"\x00" * out.count(BARRIER) if self._answers else b""
        return len(out), self._beside(answer)

    def weak_status(self) -> Status | None:
        return None

    def close(self) -> None:
        return


def babble(seed: int, size: int) -> Callable[[bytes], bytes]:
    pieces = (hashlib.shake_128(f"{seed} {number}".encode()).digest(size) for number in itertools.count())
    return lambda answer: answer + next(pieces)


def driver_on(wire: Wire, told: Told, **changes: object) -> EscPosPrinter:
    options = dataclasses.replace(SHORT, confirm="status", **changes)  # type: ignore[arg-type]
    return EscPosPrinter(options, "K1.slip_printer", told, lambda _: wire)


def looked(wire: Wire) -> DeviceState:
    driver = driver_on(wire, Told())
    told = driver.state()
    driver.close()
    return told


@pytest.mark.parametrize("size", PIECES)
def test_random_bytes_are_no_status(size: int) -> None:
    told = [Conversation(Wire(babble(seed, size), answers=False)) for seed in range(100)]
    assert [talk.current(1.0) for talk in told] == [None] * 100
    assert {talk.unanswered for talk in told} == {Fault.GARBLED}


@pytest.mark.parametrize("answers", [True, False])
def test_a_babbling_line_is_garbled_at_every_look_and_never_without_paper(answers: bool) -> None:
    told = [looked(Wire(babble(seed, 16), answers=answers)) for seed in range(5)]
    assert {(each.fault, each.may_serve, each.readings["paper"]) for each in told} == {
        (Fault.GARBLED, False, "unknown"),
    }


def test_a_job_on_a_babbling_line_fails_at_once_with_nothing_sent_and_nobody_is_called() -> None:
    told = Told()
    wire = Wire(babble(1, 40), answers=False)
    result = driver_on(wire, told).print(JobId("j1"), SLIP)
    assert (result.outcome, result.fault, result.first_byte_mono) == (PrintOutcome.FAILED, Fault.GARBLED, 0.0)
    assert told.faults == []
    assert wire.taken == ROUNDS_ON_TWO_LINES * QUESTIONS_BYTES


def test_a_line_that_begins_to_babble_in_a_job_ends_it_unknown_and_calls_nobody() -> None:
    told = Told()
    noise = babble(2, 400)
    wire = Wire(lambda answer: noise(b"") if wire.taken > 100 else answer)
    result = driver_on(wire, told).print(JobId("j1"), SLIP)
    assert (result.outcome, result.fault) == (PrintOutcome.UNKNOWN, Fault.GARBLED)
    assert told.faults == []


def test_a_plug_that_was_moved_babbles_once_and_the_printer_is_well() -> None:
    pieces = [bytes(range(0x80, 0xA0))]
    assert looked(Wire(lambda answer: (pieces.pop() if pieces else b"") + answer)).fault is None


@pytest.mark.parametrize(("group", "fault"), [("10000300", Fault.PAPER_LOW), ("14000000", None)])
def test_automatic_statuses_may_come_at_any_time_and_in_any_number(group: str, fault: Fault | None) -> None:
    unasked = bytes.fromhex(group)
    assert looked(Wire(lambda answer: unasked * 20 + answer + unasked * 20)).fault is fault


def test_an_automatic_status_that_an_answer_cuts_in_two_is_no_babble() -> None:
    first, *rest = bytes.fromhex("14000000")
    cut = [True]
    wire = Wire(lambda answer: bytes([first, *answer, *rest]) if answer and cut and cut.pop() else answer)
    assert looked(wire).fault is None


def test_a_printer_with_flow_control_bytes_is_no_babble() -> None:
    assert looked(Wire(lambda answer: b"\x11\x13" * 9 + answer + b"\x11")).fault is None
