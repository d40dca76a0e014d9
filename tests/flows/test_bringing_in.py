"""A slip of a cut-off terminal under a scanner: walks at a window panel and at the guide desk."""

from dataclasses import replace

import msgspec
import pytest

from hall.commands import Called
from hall.desk_facts import TicketShown
from hall.errors import Reason
from hall.ids import HallId, Series, StaffId, TerminalId, TicketId, TicketLabel, WindowId
from hall.outage.signed_slips import SignedSlip, SlipFault, sign
from hall.queue.numbering import label
from hall.queue.tickets import TicketState
from kiosk.flows import guide_desk, window_panel
from kiosk.flows.bringing_in import BringIn, BringingIn, BroughtIn, CheckSlip, SlipChecked
from kiosk.flows.desk_steps import DeskTyping
from kiosk.flows.desk_words import PickedNumber, ReadNumber
from kiosk.flows.panel_steps import PanelPicking
from kiosk.flows.scan_words import Scanned
from kiosk.flows.scanned import slip_code
from kiosk.flows.steps import DeskReady, PanelAsking, PanelCalling, PanelReady, SigningIn
from kiosk.flows.words import (
    AskRefused,
    BoardChanged,
    CallNumber,
    ConfirmedMove,
    Ended,
    GoesToHelp,
    Happened,
    PressedCall,
    Step,
    TicketAtWindow,
    WentBack,
)
from kiosk.roles import Advance
from tests.flows import samples
from tests.flows.walking import walk_through

CLERK, GUIDE = (StaffId("0303"), "王芳"), (StaffId("0101"), "何苗")
PANEL, DESK = PanelReady(*CLERK), DeskReady(*GUIDE)
ISSUED = msgspec.structs.replace(
    samples.issued(),
    ticket=TicketId("019a0000000070008000000000000001"),
    series=Series("C"),
    number=701,
    label=label(Series("C"), 701),
    issued_at=1_795_397_400.25,
    reserve=True,
    quote=None,
)
SLIP = SignedSlip(HallId("qinghe"), TerminalId("K1"), ISSUED)
CODE = sign(ISSUED, SLIP.hall, SLIP.terminal, bytes(32))
BELIEVED = SlipChecked(CODE, SLIP)
AT = [(window_panel.advance, PANEL), (guide_desk.advance, DESK)]


def shown(state: str = "waiting", window: str = "") -> TicketShown:
    return TicketShown(issued=ISSUED, state=state, window=WindowId(window) if window else None)


def checked(home: PanelReady | DeskReady) -> BringingIn:
    return BringingIn(home.staff, home.name, home, CODE, slip=SLIP)


def asked(home: PanelReady | DeskReady) -> BringingIn:
    return replace(checked(home), asking=True)


@pytest.mark.parametrize(("advance", "home"), AT)
def test_a_slip_is_checked_shown_and_brought_in_once_for_two_presses(
    advance: Advance, home: PanelReady | DeskReady
) -> None:
    step, effects = walk_through(advance, home, Scanned(CODE), BELIEVED, ConfirmedMove(), ConfirmedMove())
    assert step == asked(home)
    assert effects == [CheckSlip(CODE), BringIn(home.staff, CODE, TerminalId("K1"), ISSUED)]


def test_at_a_window_its_person_is_called_as_everybody_is() -> None:
    step, effects = window_panel.advance(asked(PANEL), BroughtIn(shown()))
    assert effects == (CallNumber(CLERK[0], ISSUED.label),)
    assert isinstance(step, PanelAsking)
    called = Called(
        ticket=ISSUED.ticket, label=ISSUED.label, item=ISSUED.item, priority=False, call_seq=0, waited_s=60.0
    )
    assert window_panel.advance(step, TicketAtWindow(called))[0] == PanelCalling(*CLERK, called)
    early, _ = window_panel.advance(step, AskRefused(Reason.ILLEGAL_MOVE))
    assert early == PanelPicking(*CLERK, PANEL, label=ISSUED.label), "before its turn only with a reason"


def test_at_the_desk_it_waits_in_line_and_its_number_can_be_opened() -> None:
    step, effects = guide_desk.advance(asked(DESK), BroughtIn(shown()))
    assert step == replace(checked(DESK), shown=shown())
    assert effects == ()
    opened = guide_desk.advance(step, PickedNumber(ISSUED.label))
    assert opened == (DeskTyping(*GUIDE, asked=ISSUED.label), (ReadNumber(ISSUED.label, GUIDE[0]),))
    assert guide_desk.advance(step, WentBack()) == (DESK, ())


@pytest.mark.parametrize("state", [each.value for each in TicketState if each is not TicketState.WAITING])
def test_a_window_tells_where_a_number_stands_that_does_not_wait(state: str) -> None:
    step, effects = window_panel.advance(asked(PANEL), BroughtIn(shown(state)))
    assert step == replace(checked(PANEL), shown=shown(state))
    assert effects == ()
    assert window_panel.advance(step, ConfirmedMove()) == (step, ())


@pytest.mark.parametrize(("advance", "home"), AT)
@pytest.mark.parametrize("fault", list(SlipFault))
def test_a_slip_that_is_not_believed_says_why_and_can_only_be_left(
    advance: Advance, home: PanelReady | DeskReady, fault: SlipFault
) -> None:
    step, effects = walk_through(advance, home, Scanned(CODE), SlipChecked(CODE, fault), ConfirmedMove())
    assert step == BringingIn(home.staff, home.name, home, CODE, why=fault.value)
    assert effects == [CheckSlip(CODE)]
    assert advance(step, Ended())[0] == home


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("https://example.org", "unreadable"),
        (slip_code(ISSUED.ticket, TicketLabel("C012")), "plain"),
        ("", "unreadable"),
    ],
)
def test_what_is_no_signed_slip_is_told_at_a_window_without_asking_anybody(text: str, why: str) -> None:
    assert window_panel.advance(PANEL, Scanned(text)) == (BringingIn(*CLERK, PANEL, text, why=why), ())


@pytest.mark.parametrize(("advance", "home"), AT)
@pytest.mark.parametrize(
    ("reason", "why"),
    [
        (Reason.NOT_VERIFIED, "unverified"),
        (Reason.DAY_NOT_OPEN, "other_day"),
        (Reason.NOT_ALLOWED, "other_hall"),
        (Reason.MALFORMED, "unreadable"),
        (Reason.SERVER_AWAY, "away"),
        (Reason.TOO_LATE, "away"),
        (Reason.ILLEGAL_MOVE, "other"),
    ],
)
def test_a_refusal_of_the_hall_is_told_in_plain_words(
    advance: Advance, home: PanelReady | DeskReady, reason: Reason, why: str
) -> None:
    assert advance(asked(home), AskRefused(reason)) == (replace(checked(home), why=why), ())


@pytest.mark.parametrize(("advance", "home", "role"), [(*AT[0], "window_panel"), (*AT[1], "guide_desk")])
def test_who_is_signed_out_meanwhile_signs_in_again(advance: Advance, home: PanelReady | DeskReady, role: str) -> None:
    assert advance(asked(home), AskRefused(Reason.NOT_SIGNED_IN))[0] == SigningIn(role, problem=Reason.NOT_SIGNED_IN)


@pytest.mark.parametrize(("advance", "home"), AT)
def test_one_slip_after_another_is_looked_at_and_a_late_answer_is_for_nobody_else(
    advance: Advance, home: PanelReady | DeskReady
) -> None:
    other = sign(msgspec.structs.replace(ISSUED, number=702), SLIP.hall, SLIP.terminal, bytes(32))
    step, effects = advance(checked(home), Scanned(other))
    assert effects == (CheckSlip(other),)
    assert isinstance(step, BringingIn)
    assert step.slip is None
    assert advance(step, BELIEVED) == (step, ())


@pytest.mark.parametrize(("advance", "home"), AT)
@pytest.mark.parametrize("happened", [Scanned("x"), WentBack(), Ended(), PressedCall(), BELIEVED])
def test_while_the_hall_is_asked_nothing_else_moves(
    advance: Advance, home: PanelReady | DeskReady, happened: Happened
) -> None:
    step: Step = asked(home)
    assert advance(step, happened) == (step, ())


def test_a_guide_goes_to_help_with_a_slip_in_hand() -> None:
    step, effects = guide_desk.advance(checked(DESK), GoesToHelp(TerminalId("K2")))
    assert step == checked(DESK)
    assert len(effects) == 1


def test_a_new_board_does_not_take_the_slip_away() -> None:
    board = BoardChanged(samples.board(), 1, WindowId("7"))
    assert window_panel.advance(checked(PANEL), board) == (checked(PANEL), ())
