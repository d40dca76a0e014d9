"""The panel after a restart in an outage: it asks who sits here, and nobody is signed in unasked."""

from hall.commands import SignedIn
from hall.errors import Reason
from hall.ids import ServiceId, StaffId, WindowId
from kiosk.flows.pad_words import KeypadPressed
from kiosk.flows.panel_steps import PanelStaying
from kiosk.flows.staying_words import FindWhoStays, HallAway, MayStay, NobodyStays, StaffStays, StayOn
from kiosk.flows.steps import PanelCalling, PanelReady, PanelServing, SigningIn
from kiosk.flows.window_panel import advance
from kiosk.flows.words import AskRefused, BoardChanged, ConfirmedMove, PressedCall, SignedOff, StaffArrived
from kiosk.ports import Key
from tests.sync.samples import board
from tests.ui.samples import called

CLERK = StaffId("0303")
SIGN_IN = SigningIn("window_panel")
ASKED = PanelStaying(CLERK, "样例")
SURE = PanelStaying(CLERK, "样例", asking=True)


def test_a_panel_where_nobody_is_signed_in_asks_who_may_stay_when_the_server_is_away() -> None:
    assert advance(SIGN_IN, HallAway()) == (SIGN_IN, (FindWhoStays(),))
    assert advance(SIGN_IN, MayStay(CLERK, "样例")) == (ASKED, ())


def test_a_clerk_who_is_at_work_is_not_asked() -> None:
    ready = PanelReady(CLERK, "样例")
    assert advance(ready, HallAway()) == (ready, ())
    assert advance(ready, MayStay(CLERK, "样例")) == (ready, ())


def test_nothing_can_be_called_before_somebody_said_who_they_are() -> None:
    assert advance(ASKED, PressedCall()) == (ASKED, ())
    assert advance(ASKED, StaffStays(CLERK, "样例")) == (ASKED, ())
    assert advance(SURE, ConfirmedMove()) == (SURE, ())


def test_yes_is_journalled_and_then_the_window_stands_as_it_was() -> None:
    assert advance(ASKED, ConfirmedMove()) == (SURE, (StayOn(CLERK),))
    step, _ = advance(SURE, StaffStays(CLERK, "样例"))
    assert step == PanelReady(CLERK, "样例", fresh=True, done="continued")
    step, _ = advance(SURE, StaffStays(CLERK, "样例", called(), None))
    assert step == PanelCalling(CLERK, "样例", called())
    step, _ = advance(SURE, StaffStays(CLERK, "样例", called(), ServiceId("t/1")))
    assert step == PanelServing(CLERK, "样例", called(), ServiceId("t/1"))


def test_no_leads_to_the_sign_in_and_is_remembered() -> None:
    assert advance(ASKED, SignedOff()) == (SIGN_IN, (NobodyStays(),))


def test_a_server_that_is_back_wants_the_pin() -> None:
    assert advance(ASKED, BoardChanged(board(2), 0, WindowId("7"))) == (SIGN_IN, ())


def test_what_has_become_too_late_is_said() -> None:
    step, _ = advance(SURE, AskRefused(Reason.SERVER_AWAY))
    assert step == SigningIn("window_panel", problem=Reason.SERVER_AWAY)


def test_a_pin_that_was_on_its_way_still_counts() -> None:
    who = SignedIn(staff=CLERK, name="样例", roles=("clerk",))
    assert advance(ASKED, StaffArrived(who)) == (PanelReady(CLERK, "样例", fresh=True), ())


def test_the_keypad_can_answer_too() -> None:
    assert advance(ASKED, KeypadPressed(Key.CONFIRM)) == (SURE, (StayOn(CLERK),))
    assert advance(ASKED, KeypadPressed(Key.PAUSE)) == (SIGN_IN, (NobodyStays(),))
    assert advance(ASKED, KeypadPressed(Key.CALL)) == (ASKED, ())
