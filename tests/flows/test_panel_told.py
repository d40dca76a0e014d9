"""What the panel tells of the one before ends when it is no longer so."""

import msgspec
import pytest

from hall.ids import ItemCode, Series, ServiceId, StaffId, TicketId, TicketLabel, WindowId
from hall.wire.board import WaitingShown
from hall.wire.shown import AsideShown
from kiosk.flows.panel_asking import TOLD, TOLD_S
from kiosk.flows.steps import PanelAsking, PanelCalling, PanelReady, PanelServing
from kiosk.flows.window_panel import advance
from kiosk.flows.words import BoardChanged, ServiceBegan, ServiceOver, StartTimer, Step, TimerFired
from tests.sync.samples import board
from tests.ui.samples import called

CLERK, SEVEN, C013 = StaffId("0303"), WindowId("7"), TicketLabel("C013")
WAITS = WaitingShown(TicketId("t13"), C013, ItemCode("SI-301"), Series("C"), Series("C"), False, 0.0)


def aside(state: str) -> AsideShown:
    return msgspec.convert({"label": "C013", "state": state, "at": 0.0}, AsideShown)


def hears(step: Step, **changes: object) -> Step:
    shown = msgspec.structs.replace(board(2), **{"aside": (), "waiting_tickets": (), **changes})
    return advance(step, BoardChanged(shown, 0, SEVEN))[0]


def done(step: Step) -> str:
    assert isinstance(step, PanelReady)
    return step.done


@pytest.mark.parametrize(
    ("what", "so"),
    [
        ("missed", {"aside": (aside("missed"),)}),
        ("hold", {"aside": (aside("held"),)}),
        ("transfer", {"waiting_tickets": (WAITS,)}),
        ("lapsed", {"waiting_tickets": (WAITS,)}),
    ],
)
def test_a_note_ends_with_its_fact_and_not_before_a_board_knows_it(what: str, so: dict[str, object]) -> None:
    step: Step = PanelReady(CLERK, "样例", done=what, last=C013)
    step = hears(step)
    assert done(step) == what, "a board from before it was done"
    step = hears(step, **so)
    assert done(step) == what
    step = hears(step)
    assert done(step) == ""


def test_a_note_that_no_board_ever_shows_ends_after_a_minute() -> None:
    calling = PanelCalling(CLERK, "样例", called())
    step, effects = advance(PanelAsking(CLERK, "样例", "missed", calling), ServiceOver())
    assert effects == (StartTimer(TOLD, TOLD_S),)
    assert done(step) == "missed"
    assert done(advance(step, TimerFired(TOLD))[0]) == ""


def test_a_held_number_that_goes_on_is_known_as_at_its_call() -> None:
    known = called(priority=True)
    asking = PanelAsking(CLERK, "样例", "resume", PanelReady(CLERK, "样例"), C013)
    step, _ = advance(asking, ServiceBegan(ServiceId("s/1"), known))
    assert isinstance(step, PanelServing)
    assert (step.called.priority, step.called.waited_s) == (True, 840.0)
