"""A whole hall server whose clock is months off: it runs, says so, and one word at its machine opens the day."""

import json
import subprocess
import sys
import time

from benchmarks.hall_rig import HALL, MONDAY, ROOT, Rig, Terminal
from hall.wire.board import Board
from hall.wire.codec import hall_topic
from hall.wire.health_reports import Alerts
from hall_server.ledger import audit
from hall_server.ledger.store import open_ledger
from tests.hall_server.conftest import meet

FAR_S = 91 * 86_400.0
PATIENCE_S = 60.0


def said(rig: Rig, day: str) -> "subprocess.CompletedProcess[str]":
    verb = ["day", "confirm", day, "--by", "周主任", "--reason", "装修后恢复开放", "--json"]
    command = [sys.executable, "-m", "hall_server", "--config", str(rig.folder / "hall_server.toml"), *verb]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def hear_alerts(terminal: Terminal) -> None:
    topic = hall_topic(HALL, "alerts")
    terminal._kinds[topic] = Alerts
    terminal._client.subscribe(topic, 1)
    terminal._subscribed.get(timeout=PATIENCE_S)


def test_the_day_of_a_server_that_is_not_believed_is_opened_by_a_word_at_its_machine(rig: Rig) -> None:
    rig.furnish()
    rig.start_broker()
    rig.start_server()
    meet(rig, "K1").close()
    assert rig.stop_server() == 0
    (rig.folder / "server.key.day").unlink()
    rig.furnish(clock_offset_s=MONDAY + FAR_S - time.time())  # noqa: TID251 - the rig decides what time it is
    rig.start_server()
    desk = meet(rig, "D1")
    board, _ = desk.wait(Board, lambda told: bool(told.day_doubt), PATIENCE_S)
    assert (board.day, board.next_day) == ("2026-11-23", "2026-11-24")
    hear_alerts(desk)
    desk.hello()
    desk.wait(Alerts, lambda told: {"day_withheld", "day_key_renewed"} <= {one.code for one in told.alerts}, PATIENCE_S)

    wrong = said(rig, "2026-11-24")
    assert wrong.returncode == 1
    assert "set the clock right first" in wrong.stderr
    right = said(rig, "2027-02-22")
    assert right.returncode == 0, right.stderr
    assert json.loads(right.stdout.splitlines()[-1])["opened"] == "2027-02-22"
    desk.wait(Board, lambda told: told.day == "2027-02-22" and not told.day_doubt, PATIENCE_S)
    desk.hello()  # the change itself may have been told before the board
    desk.wait(Alerts, lambda told: "day_withheld" not in {one.code for one in told.alerts}, PATIENCE_S)

    assert rig.stop_server() == 0
    ledger = open_ledger(rig.folder / "ledger.sqlite")
    try:
        assert audit.verify(ledger).broken_at is None
        kinds = [entry.kind for entry in ledger.entries() if entry.kind.startswith("Day")]
    finally:
        ledger.close()
    assert kinds == ["DayOpened", "DayKeyRenewed", "DayConfirmed", "DayOpened"]
    assert "装修" not in rig.log()
