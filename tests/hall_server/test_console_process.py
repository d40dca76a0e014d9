"""The console and the health room in a whole hall server process behind a real broker."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from benchmarks.hall_rig import HALL, MONDAY, Rig, Terminal, free_port, select_pause
from hall.errors import HallError
from hall.events import HelpRequested
from hall.ids import DeviceId, TerminalId
from hall.wire.codec import encode, hall_topic
from hall.wire.health_reports import Alerts, DeviceReport, HealthReport
from hall_server.assembly import build
from hall_server.settings import load
from tests.hall_server.conftest import meet

TOKEN = "a-token-of-the-test"
WAIT_S = 60.0


class Watched:
    """A rig with a console, and what a program reads there."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.port = free_port()
        (rig.folder / "console-token").write_text(f"{TOKEN}\n", encoding="utf-8")
        rig.furnish(console={"port": self.port, "token_file": "console-token"})
        rig.start_broker()
        rig.start_server()

    def get(self, path: str) -> Any:
        answer = httpx2.get(
            f"http://127.0.0.1:{self.port}{path}", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60
        )
        assert answer.status_code == 200, answer.text
        return json.loads(answer.text)

    def until(self, path: str, fits: Callable[[Any], object]) -> Any:
        until = time.monotonic() + WAIT_S
        while True:
            try:
                told = self.get(path)
            except httpx2.TransportError:
                told = None
            if told is not None and fits(told):
                return told
            assert time.monotonic() < until, f"{path} never showed it: {told}\n{self.rig.log()}"
            select_pause()


@pytest.fixture
def watched(rig: Rig) -> Watched:
    return Watched(rig)


def report(terminal: Terminal, state: str, code: str = "") -> None:
    printer = DeviceReport(
        device=DeviceId("K1.slip_printer"),
        kind="slip_printer",
        state=state,
        code=code,
        severity="fault" if code else "",
        action="请装入新的打印纸" if code else "",
    )
    kinds = ("id_reader", "card_reader", "scanner", "machine")
    beside = tuple(DeviceReport(device=DeviceId(f"K1.{kind}"), kind=kind, state="up") for kind in kinds)
    told = HealthReport(
        at=MONDAY,
        role="self_service",
        epoch=1,
        uptime_s=1,
        outbox_depth=0,
        oldest_unacked_s=0,
        step="Home",
        devices=(printer, *beside),
    )
    terminal.send("health", encode(told))


def listening_for_alerts(terminal: Terminal) -> Terminal:
    topic = hall_topic(HALL, "alerts")
    terminal._kinds[topic] = Alerts
    terminal._client.subscribe(topic, 1)
    terminal._subscribed.get(timeout=WAIT_S)
    return terminal


def device(told: Any) -> Any:
    return next((one for one in told["devices"] if one["subject"] == "K1.slip_printer"), None)


def test_a_fault_reaches_guide_desk_and_console_and_uptime_outlives_a_killed_server(watched: Watched) -> None:
    k1 = meet(watched.rig, "K1")
    d1 = listening_for_alerts(meet(watched.rig, "D1"))
    report(k1, "up")
    watched.until("/api/devices", device)
    sent_s = time.monotonic()
    report(k1, "down", "no_paper")
    alerts, heard_s = d1.wait(Alerts, lambda one: any(card.code == "no_paper" for card in one.alerts))
    assert heard_s - sent_s < 1.5
    assert [(card.device, card.action) for card in alerts.alerts] == [("K1.slip_printer", "请装入新的打印纸")]
    told = watched.until("/api/devices", lambda one: device(one)["state"] == "down")
    since, observed = device(told)["since"], device(told)["observed_s"]

    watched.rig.kill_server()
    watched.rig.start_server()
    told = watched.until("/api/devices", device)
    assert device(told)["state"] == "unobserved"
    assert device(told)["since"] >= since
    report(k1, "up")
    told = watched.until("/api/devices", lambda one: device(one)["state"] == "up")
    assert device(told)["uptime"] is not None
    later, _ = d1.wait(Alerts, lambda one: one.version > alerts.version)
    assert later.alerts == ()
    assert observed >= 0


def test_garbage_and_events_are_seen_without_asking_the_writer(watched: Watched) -> None:
    k1 = meet(watched.rig, "K1")
    before = watched.get("/api/overview")
    k1.send("up", b"\xff\x00 not a message {")
    k1.send_up(k1.mint(HelpRequested(terminal=TerminalId("K1"), step="Home", at=MONDAY)))
    k1.marked()
    held = watched.until("/api/quarantine", lambda one: one["count"] == 1)
    assert held["entries"][0]["terminal"] == "K1"
    after = watched.get("/api/overview")
    assert (before["help_open"], after["help_open"]) == (0, 1)
    assert after["ledger_entries"] == before["ledger_entries"] + 1
    assert after["decide_and_commit_ms"]["p50"] > 0
    answer = httpx2.get(f"http://127.0.0.1:{watched.port}/?token={TOKEN}", timeout=60)
    assert answer.status_code == 303
    assert TOKEN not in watched.rig.log()
    assert watched.rig.stop_server() == 0


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield int(other.getsockname()[1])


def test_a_port_that_is_taken_or_a_missing_token_is_said_at_the_start(tmp_path: Path, taken: int) -> None:
    rig = Rig(tmp_path)
    settings = load(rig.furnish(console={"port": taken, "token_file": "console-token"}))
    settings.broker.password_file.write_text("secret\n", encoding="utf-8")
    with pytest.raises(HallError, match="the token file cannot be read"):
        build(settings)
    (tmp_path / "console-token").write_text(f"{TOKEN}\n", encoding="utf-8")
    with pytest.raises(HallError, match=f"cannot listen on 127.0.0.1:{taken}"):
        build(settings)
