"""A kiosk that is cut off from everything gives out a number; a window brings it in by its scanner; one person, once.

Real parts: broker and hall server as processes, a panel program with a virtual scanner, the kiosk's own sync room.
"""

import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uuid6

from benchmarks.hall_rig import HALL, MONDAY, Rig, free_port
from hall.commands import Refused
from hall.events import TicketIssued
from hall.ids import TerminalId
from kiosk.devices.virtual.scanner import VirtualScanner
from kiosk.settings import Broker, Settings
from kiosk.sync.news import Issued
from kiosk.sync.slip_key import SlipKey, own_key
from kiosk.sync.terminal import Terminal
from tests.hall_server.panel_programs import PENSION, PanelProgram, told, until
from tests.sync.samples import Lines

K1 = TerminalId("K1")


class CutOffKiosk:
    """K1's journal, key and sync room; on a port where nobody listens it is cut off from everything."""

    def __init__(self, rig: Rig) -> None:
        self._rig, self._state = rig, rig.folder / "K1"
        self.key: SlipKey = own_key(self._state, HALL, K1, secrets.token_bytes)
        self._password = rig.folder / "K1-password"
        self._password.write_text(rig.password)
        self._password.chmod(0o600)

    def terminal(self, port: int) -> Terminal:
        """Start a process of it, as it were."""
        settings = Settings(
            environment="test",
            hall=HALL,
            terminal=K1,
            role="self_service",
            brokers=(Broker(port=port),),
            password_file=self._password,
            state_dir=self._state,
        )
        terminal = Terminal(
            settings,
            clock=lambda: MONDAY + 60,
            monotonic=time.monotonic,
            mint=lambda: uuid6.uuid7().hex,
            jitter=min,
            news=lambda _news: None,
            log=Lines(),
            slip_key=self.key.public,
        )
        terminal.start()
        return terminal

    def meets_the_hall(self) -> None:
        terminal = self.terminal(self._rig.port)
        try:
            until(lambda: terminal.pack is not None and terminal.board is not None, "pack and board at K1")
            until(lambda: terminal.board is not None and K1 in terminal.board.slip_keys, "the hall believes K1's key")
        finally:
            terminal.stop()

    def gives_out_a_number(self) -> TicketIssued:
        terminal = self.terminal(free_port())
        outcomes: list[Issued | Refused] = []
        try:
            terminal.issue(PENSION, outcomes.append)
            until(lambda: outcomes, "a number of K1's reserve")
        finally:
            terminal.stop()
        (issued,) = outcomes
        assert isinstance(issued, Issued)
        assert issued.event.reserve
        return issued.event

    def comes_back(self) -> None:
        terminal = self.terminal(self._rig.port)
        try:
            until(lambda: not terminal.server_away and terminal.outbox_depth == 0, "the ledger has what K1 did")
        finally:
            terminal.stop()


@pytest.fixture
def scanner(tmp_path: Path) -> Iterator[VirtualScanner]:
    virtual = VirtualScanner(tmp_path / "scanner", paced=False)
    virtual.start()
    yield virtual
    virtual.stop()


def story(
    rig: Rig, scanner: VirtualScanner, port: Path, module: str = "kiosk"
) -> tuple[TicketIssued, dict[str, Any], list[Any]]:
    """The whole outage; return the kiosk's ticket, the panel after its next call, and the ledger."""
    config = rig.furnish(staff=("0303",))
    offset_s = float(config.read_text().split("clock_offset_s = ")[1].split("\n")[0])
    rig.start_broker()
    rig.start_server()
    devices = {"scanner": {"driver": "serial_scanner", "options": {"port": str(port)}}}
    panel = PanelProgram(rig, "W07", "7", "0303", offset_s, module, devices)
    try:
        kiosk = CutOffKiosk(rig)
        kiosk.meets_the_hall()
        panel.sign_in()
        rig.kill_server()
        issued = kiosk.gives_out_a_number()
        until(lambda: panel.state()["server_away"], "W07 is on its own")
        code = kiosk.key.code(issued)
        assert code is not None
        scanner.scan(code[:-1] + ("A" if code[-1] != "A" else "I"))  # a copy with a slip of the pen
        panel.at("BringingIn")
        panel.press("WentBack")
        panel.at("PanelReady")
        scanner.scan(code)
        panel.at("BringingIn")
        until(lambda: _confirmed(panel), "the slip is believed and its person called")
        assert panel.state()["label"] == issued.label
        panel.serves()
        panel.press("PressedFinish")
        panel.at("PanelReady")
        rig.start_server()
        until(lambda: not panel.state()["server_away"], "W07 hears the server again")
        kiosk.comes_back()
        panel.press("PressedCall")  # decided after all that this panel did
        until(lambda: _served_or_called(panel), "the hall has answered")
        again = panel.state()
        assert rig.stop_server() == 0
    finally:
        panel.end()
    return issued, again, told(rig.folder)


def _confirmed(panel: PanelProgram) -> bool:
    if panel.state().get("step") == "BringingIn":
        panel.press("ConfirmedMove")
    return panel.state().get("step") == "PanelCalling"


def _served_or_called(panel: PanelProgram) -> bool:
    """The call is answered: nobody waits, or somebody is called. It is pressed again while the server was too slow."""
    state = panel.state()
    if state.get("step") == "PanelReady" and state.get("problem") in ("", "server_away", "too_late"):
        panel.press("PressedCall")
    return (state.get("step"), state.get("problem")) == ("PanelReady", "nobody_waiting") or (
        state.get("step") == "PanelCalling"
    )


def one_ticket_served_once(issued: TicketIssued, entries: list[Any]) -> None:
    """What the ledger must say after the story."""
    assert [flags for _, _, flags in entries if flags] == []
    brought = [event for kind, event, _ in entries if kind == "TicketAdopted"]
    assert [event["issued"]["ticket"] for event in brought] == [issued.ticket]
    for kind in ("TicketIssued", "TicketCalled", "ServiceStarted", "ServiceFinished"):
        assert [event["ticket"] for one, event, _ in entries if one == kind] == [issued.ticket], kind
    assert [event["terminal"] for kind, event, _ in entries if kind == "SlipKeyTrusted"] == ["K1"]
    assert [event for kind, event, _ in entries if kind == "TicketReconciled" and event.get("flags")] == []


@pytest.mark.row("FAC-07", part="rule")
def test_a_number_of_a_cut_off_kiosk_is_brought_in_by_its_slip_and_served_once(
    rig: Rig, scanner: VirtualScanner, tmp_path: Path
) -> None:
    issued, panel, entries = story(rig, scanner, tmp_path / "scanner")
    one_ticket_served_once(issued, entries)
    assert (panel["step"], panel["problem"]) == ("PanelReady", "nobody_waiting")


def test_a_panel_that_gives_the_slip_another_identity_is_caught(
    rig: Rig, scanner: VirtualScanner, tmp_path: Path
) -> None:
    issued, panel, entries = story(rig, scanner, tmp_path / "scanner", "tests.hall_server.careless_panel")
    with pytest.raises(AssertionError):
        one_ticket_served_once(issued, entries)
    assert (panel["step"], panel["label"]) == ("PanelCalling", issued.label), "its person is called a second time"
    assert any("not_a_terminals_event" in flags for kind, _, flags in entries if kind == "TicketAdopted")
