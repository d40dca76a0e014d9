"""A panel program is killed while the hall server is away and started again: its window goes on, and all is merged."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from benchmarks.hall_rig import Rig
from hall.day.examining import Flag
from tests.hall_server.conftest import meet
from tests.hall_server.panel_programs import PanelProgram, everybody_has_the_board, people_come, told, until

PEOPLE = 4
Start = Callable[[str], PanelProgram]


@pytest.fixture
def starts(rig: Rig) -> Iterator[Start]:
    """A hall with its server, and a panel of window 7 by module name."""
    config = rig.furnish(staff=("0303", "0310"))
    offset_s = float(config.read_text().split("clock_offset_s = ")[1].split("\n")[0])
    rig.start_broker()
    rig.start_server()
    with ExitStack() as standing:

        def start(module: str) -> PanelProgram:
            started = PanelProgram(rig, "W07", "7", "0303", offset_s, module)
            standing.callback(started.end)
            return started

        yield start


def goes_through_a_crash(rig: Rig, seven: PanelProgram) -> list[str]:
    """Call with the server, then alone, be killed with a person at the window, go on; return whom it called."""
    kiosk = meet(rig, "K1")
    people_come(kiosk, PEOPLE)
    seven.sign_in()
    seven.press("PressedCall")
    numbers = [str(seven.at("PanelCalling")["label"])]
    seven.serves()
    everybody_has_the_board(kiosk, (seven,))
    rig.kill_server()
    until(lambda: seven.state()["server_away"], "the panel is on its own")
    numbers.append(seven.next())
    seven.serves()
    seven.kill()
    seven.start()
    seven.at("PanelStaying")
    seven.press("ConfirmedMove")
    until(lambda: seven.state()["step"] not in ("", "PanelStaying"), "it goes on")
    return numbers


def calls_on(rig: Rig, seven: PanelProgram, numbers: list[str]) -> list[tuple[str, dict[str, Any], tuple[str, ...]]]:
    """Call one more alone, let the server come back, finish; return the whole ledger."""
    numbers.append(seven.next())
    seven.serves()
    rig.start_server()
    until(lambda: not seven.state()["server_away"], "the panel hears the server again")
    seven.press("PressedFinish")
    seven.at("PanelReady")
    assert rig.stop_server() == 0
    return told(rig.folder)


def called_twice(entries: list[tuple[str, dict[str, Any], tuple[str, ...]]]) -> list[str]:
    counts = Counter(str(event["label"]) for kind, event, _ in entries if kind == "TicketCalled")
    return [label for label, count in counts.items() if count > 1]


@pytest.mark.row("FAC-07", part="rule")
def test_a_panel_killed_in_an_outage_goes_on_with_its_clerk_and_the_lead_finds_it_flagged(
    rig: Rig, starts: Start
) -> None:
    seven = starts("kiosk")
    numbers = goes_through_a_crash(rig, seven)
    stands = seven.state()
    assert (stands["step"], stands["label"]) == ("PanelServing", numbers[-1]), "who stood at the window stands there"
    entries = calls_on(rig, seven, numbers)
    assert called_twice(entries) == []
    calls = [event for kind, event, _ in entries if kind == "TicketCalled"]
    assert [call["label"] for call in calls] == numbers, "everybody the clerk called, each once, and nobody else"
    for kind in ("ServiceStarted", "ServiceFinished"):
        assert sorted(event["ticket"] for one, event, _ in entries if one == kind) == sorted(c["ticket"] for c in calls)
    flagged = [(kind, flags) for kind, _, flags in entries if flags]
    assert flagged == [("StaffContinued", (Flag.CONTINUED_WITHOUT_PIN,))]
    (continued,) = [event for kind, event, _ in entries if kind == "StaffContinued"]
    assert (continued["staff"], continued["window"], continued["terminal"]) == ("0303", "7", "W07")
    assert continued["last_seen_at"] <= continued["at"]
    assert [event for kind, event, _ in entries if kind == "TicketReconciled" and event.get("flags")] == []


def test_a_panel_that_forgets_whom_it_called_is_caught(rig: Rig, starts: Start) -> None:
    seven = starts("tests.hall_server.forgetful_panel")
    numbers = goes_through_a_crash(rig, seven)
    assert seven.state()["label"] != numbers[-1], "it does not know who stands there"
    seven.press("PressedCall")
    again = str(seven.at("PanelCalling")["label"])
    assert again in numbers, "the harness sees that a person is called a second time"
