"""Calls that windows made on their own are announced like others, and are not the last numbered one."""

from types import SimpleNamespace

from hall.events import CallAnnounced
from hall.ids import TicketLabel, WindowId
from hall.outage.sharing import NO_CALL_SEQ
from kiosk.flows.words import Announce
from kiosk.performing.announcing import Announcing


def test_a_call_that_nobody_numbered_is_journalled_and_not_remembered_as_the_last_one_spoken() -> None:
    remembered: list[tuple[str, str]] = []
    recorded: list[CallAnnounced] = []
    line = SimpleNamespace(pack=None, remember=lambda *told: remembered.append(told), record=recorded.extend)
    announcing = Announcing(line, None, SimpleNamespace(clock=lambda: 1_000.0))  # type: ignore[arg-type]
    for seq in (3, NO_CALL_SEQ):
        announcing(Announce(seq, TicketLabel("C012"), WindowId("7"), "请C012号", "请 C 零 一 二 号"))
    assert remembered == [("last_spoken", "3")]
    assert [one.call_seq for one in recorded] == [3, NO_CALL_SEQ]
