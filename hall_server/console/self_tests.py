"""What the last self-test of each terminal found, and whether one was ordered and has not been reported."""

from collections.abc import Mapping

import msgspec

from hall.events import DeviceTested
from hall.ids import TerminalId
from hall_server.console import words
from hall_server.console.ledger_page import Namer
from hall_server.console.remembered import Test

MAX_SHOWN = 32
"""Devices of one test; a terminal has about ten."""


class FailedShown(msgspec.Struct, frozen=True, kw_only=True):
    """A device that did not pass."""

    device: str
    title: str
    code: str
    code_title: str


class TestShown(msgspec.Struct, frozen=True, kw_only=True):
    """One terminal's last self-test. `at` None while only an order is known."""

    at: float | None
    ordered: bool
    """Whether somebody wanted it; otherwise the terminal did it at its start or at the hall's opening."""
    passed: int
    failed: tuple[FailedShown, ...]
    waiting_since: float | None
    """When a test was ordered that has not been reported yet."""
    ordered_by: str


def tests_shown(tests: Mapping[TerminalId, Test], namer: Namer) -> dict[str, TestShown]:
    """Return the tests by terminal."""
    return {str(terminal): _shown(test, namer) for terminal, test in tests.items()}


def _shown(test: Test, namer: Namer) -> TestShown:
    ended, ordered = test.ended, test.ordered
    tested = ended.tested[:MAX_SHOWN] if ended else ()
    return TestShown(
        at=ended.at if ended else None,
        ordered=ended is not None and ended.number > 0,
        passed=sum(one.passed for one in tested),
        failed=tuple(_failed(one) for one in tested if not one.passed),
        waiting_since=ordered.at if ordered else None,
        ordered_by=namer.person(ordered.staff) if ordered else "",
    )


def _failed(one: DeviceTested) -> FailedShown:
    kind = one.device.partition(".")[2]
    return FailedShown(
        device=one.device,
        title=words.device(kind),
        code=one.code,
        code_title=words.CODES.get(one.code, one.code),
    )
