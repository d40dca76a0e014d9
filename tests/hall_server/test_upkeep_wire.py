"""Upkeep over a real broker: the desk signs and records, everybody is told, and a restart forgets nothing."""

from benchmarks.hall_rig import HALL, Rig, Terminal
from hall.commands import Done, Refused, SignedIn, SignIn
from hall.errors import Reason
from hall.ids import BusinessDay, DeviceId, StaffId
from hall.upkeep import LineSigned, MaintenanceNoted, RecordMaintenance, SignOpening
from hall.wire.board import Board
from hall.wire.codec import hall_topic
from hall.wire.health_reports import Alerts
from hall.wire.pack_shown import PackShown
from tests.hall_server.conftest import meet, sealed_pin

GUIDE = StaffId("0101")
PRINTER = DeviceId("K2.slip_printer")
LINES = (LineSigned("look.notice", "fine"), LineSigned("S1.terminal", "fault", "silent"))


def with_alerts(desk: Terminal) -> Terminal:
    """The rig's terminals do not listen to alerts; a guide desk does."""
    topic = hall_topic(HALL, "alerts")
    desk._kinds[topic] = Alerts
    desk._client.subscribe(topic, 1)
    desk._subscribed.get(timeout=60.0)
    desk.hello()
    return desk


def is_due(alerts: Alerts) -> bool:
    return any((one.device, one.work) == (PRINTER, "inspection") for one in alerts.upkeep)


def test_what_is_signed_and_recorded_is_told_to_everybody_and_outlives_the_server(rig: Rig) -> None:
    rig.furnish(staff=("0101",))
    rig.start_broker()
    rig.start_server()
    desk = with_alerts(meet(rig, "D1"))
    signed_in, _ = desk.reply(SignIn(staff=GUIDE, sealed_pin=sealed_pin(rig, desk.name, GUIDE)))
    assert isinstance(signed_in, SignedIn)
    desk.hello()
    desk.wait(Alerts, is_due, 60.0)
    desk.hello()
    assert desk.wait(PackShown, lambda _: True, 60.0)[0].opening
    day = desk.wait(Board, lambda _: True, 60.0)[0].day
    assert desk.reply(SignOpening(day=day, lines=LINES, staff=GUIDE))[0] == Done()
    told = desk.wait(Board, lambda board: bool(board.opening.signed), 60.0)[0].opening
    assert (told.day, set(told.signed), told.staff) == (day, set(LINES), GUIDE)
    asked = RecordMaintenance(device=PRINTER, work="inspection", finding="cleaned", staff=GUIDE)
    first, _ = desk.reply(asked, request="once")
    assert isinstance(first, MaintenanceNoted)
    assert first.next_due == "2027-02-22"
    assert desk.reply(asked, request="once")[0] == first
    desk.hello()  # what came while an answer was awaited is not kept
    desk.wait(Alerts, lambda alerts: bool(alerts.upkeep) and not is_due(alerts), 60.0)
    refused, _ = desk.reply(
        RecordMaintenance(device=PRINTER, work="repair", finding="fine", note="13800138000", staff=GUIDE)
    )
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.MALFORMED
    assert desk.reply(SignOpening(day=BusinessDay("2026-11-20"), lines=LINES, staff=GUIDE))[0] != Done()
    rig.kill_server()
    rig.start_server()
    again = with_alerts(meet(rig, "D1", 2))
    assert not is_due(again.wait(Alerts, lambda alerts: bool(alerts.upkeep), 60.0)[0])
    assert set(again.wait(Board, lambda board: bool(board.opening.signed), 60.0)[0].opening.signed) == set(LINES)
