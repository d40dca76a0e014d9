"""Two panel programs, a broker and a hall server as processes: the server is killed, the windows go on calling."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from benchmarks.hall_rig import Rig
from hall.outage.sharing import ALONE_RULE
from hall.wire.peers import PeerSaid
from tests.hall_server.conftest import meet
from tests.hall_server.panel_programs import PanelProgram, everybody_has_the_board, people_come, told, until

PEOPLE = 9


@pytest.fixture
def hall(rig: Rig) -> Iterator[tuple[Rig, PanelProgram, PanelProgram]]:
    config = rig.furnish(staff=("0303", "0310"))
    offset_s = float(config.read_text().split("clock_offset_s = ")[1].split("\n")[0])
    rig.start_broker()
    rig.start_server()
    with ExitStack() as standing:
        panels = [PanelProgram(rig, *who, offset_s) for who in (("W07", "7", "0303"), ("W14", "14", "0310"))]
        for one in panels:
            standing.callback(one.end)
        yield rig, panels[0], panels[1]


@pytest.mark.row("FAC-07", part="rule")
def test_windows_go_on_calling_when_the_server_is_killed_and_the_ledger_has_it_all_afterwards(
    hall: tuple[Rig, PanelProgram, PanelProgram],
) -> None:
    rig, seven, fourteen = hall
    kiosk = meet(rig, "K1")
    people_come(kiosk, PEOPLE)
    listener = rig.terminal("S1")
    for one in (seven, fourteen):
        one.sign_in()
    seven.press("PressedCall")
    numbers = [str(seven.at("PanelCalling")["label"])]
    seven.serves()
    everybody_has_the_board(kiosk, (seven, fourteen))
    rig.kill_server()
    fourteen.press("PressedCall")
    assert fourteen.state()["step"] == "PanelAsking", "held: the server may only be slow"
    numbers.append(str(fourteen.at("PanelCalling")["label"]))
    for one in (seven, fourteen):
        until(lambda: one.state()["server_away"], f"{one.name} says that it is on its own")  # noqa: B023
    numbers.append(seven.next())
    fourteen.serves()
    numbers.append(fourteen.next())
    seven.serves()
    said, _ = listener.wait(PeerSaid, lambda one: one.called is not None and one.called.label == numbers[-1])
    assert said.terminal == "W14"
    rig.start_server()
    for one in (seven, fourteen):
        until(lambda: not one.state()["server_away"], f"{one.name} hears the server again")  # noqa: B023
    assert fourteen.state()["label"] == numbers[-1], "who was called stands at the window still"
    fourteen.serves()
    for one in (seven, fourteen):
        one.press("PressedFinish")
        one.at("PanelReady")
    assert rig.stop_server() == 0
    entries = told(rig.folder)
    calls = [event for kind, event, _ in entries if kind == "TicketCalled"]
    assert sorted(call["label"] for call in calls) == sorted(numbers), "each once, and nobody else"
    assert [call["rule"] == ALONE_RULE for call in calls].count(True) == 3
    for kind in ("ServiceStarted", "ServiceFinished"):
        assert sorted(event["ticket"] for one, event, _ in entries if one == kind) == sorted(c["ticket"] for c in calls)
    assert [flags for _, _, flags in entries if flags] == []
    assert [event for kind, event, _ in entries if kind == "TicketReconciled" and event.get("flags")] == []
    (withdrawn,) = [event for kind, event, _ in entries if kind == "RequestWithdrawn"]
    assert withdrawn["window"] == "14"
