"""Walks of a guide with a number that is out: every move, every refusal, the server away, and double taps."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.commands import Evidence, Leased, PriorityGrant, PriorityGround
from hall.desk_facts import DeskMove, TicketShown
from hall.errors import Reason
from hall.ids import AreaId, ItemCode, JobId, StaffId, TerminalId, TicketLabel, WindowId
from hall.wire.shown import AsideShown
from kiosk.flows import guide_desk
from kiosk.flows.desk_numbers import leased_of, place_on, typed_label
from kiosk.flows.desk_steps import DeskNumber, DeskPicking, DeskTyping
from kiosk.flows.desk_words import (
    ChoseAppointment,
    ChoseMinutes,
    ChoseMove,
    IssuesNow,
    MoveNumber,
    NumberMoved,
    NumberRead,
    NumberRefused,
    OpensNumbers,
    OrdersTest,
    OrderTest,
    PickedNumber,
    ReadNumber,
    SaidYes,
    TestOrdered,
    ToggledAppointment,
    ToggledSeveral,
    TypedLetter,
)
from kiosk.flows.steps import DeskGranting, DeskIssued, DeskIssuing, DeskReady, Paper, SigningIn
from kiosk.flows.words import (
    AskRefused,
    BoardChanged,
    ChoseEvidence,
    ChoseGround,
    ChoseGroup,
    ChoseItem,
    ConfirmedDigits,
    ConfirmedGrant,
    Effect,
    Ended,
    ErasedDigit,
    GoesToHelp,
    GoToHelp,
    Happened,
    Issue,
    PressedDigit,
    PrintEnded,
    PrintTicket,
    SignedOff,
    SignOutStaff,
    Step,
    TogglePriority,
    WantsPaper,
    WentBack,
)
from kiosk.ports import Fault, PrintOutcome
from tests.flows import samples
from tests.flows.walking import walk_through

STAFF = StaffId("0101")
WHO = (STAFF, "何苗")
READY = DeskReady(*WHO)
C012 = TicketLabel("C012")
H003 = TicketLabel("H003")
OLD, NEW = ItemCode("SI-301"), ItemCode("SI-601")
EVERY = tuple(DeskMove)


def shown(state: str = "waiting", *moves: DeskMove, away_until: float = 0.0) -> TicketShown:
    return TicketShown(
        issued=samples.issued(),
        windows=(WindowId("7"), WindowId("8")),
        area=AreaId("Q3"),
        state=state,
        away_until=away_until,
        away_max_min=30.0,
        moves=moves,
    )


def walk(step: Step, *inputs: Happened) -> tuple[Step, list[Effect]]:
    return walk_through(guide_desk.advance, step, *inputs)


def number(step: Step) -> DeskNumber:
    assert isinstance(step, DeskNumber)
    return step


MISSED = DeskNumber(*WHO, shown("missed", DeskMove.RETURN, DeskMove.CANCEL))
WAITING = DeskNumber(*WHO, shown("waiting", *EVERY))
READ = ReadNumber(C012, STAFF)

# ---- finding -----------------------------------------------------------------------------------------------------


def test_a_number_is_typed_with_letter_and_digits_and_read_once() -> None:
    typed = (TypedLetter("C"), PressedDigit("1"), PressedDigit("9"), ErasedDigit(), PressedDigit("2"))
    step, effects = walk(READY, OpensNumbers(), *typed, ConfirmedDigits(), ConfirmedDigits(), PressedDigit("4"))
    assert step == DeskTyping(*WHO, typed="C12", asked=C012)
    assert effects == [READ]
    assert walk(step, NumberRead(C012, WAITING.shown))[0] == WAITING


def test_digits_need_a_letter_and_a_letter_can_be_changed() -> None:
    step, effects = walk(DeskTyping(*WHO), PressedDigit("1"), ConfirmedDigits())
    assert (step, effects) == (DeskTyping(*WHO), [])
    step, _ = walk(step, TypedLetter("C"), PressedDigit("7"), TypedLetter("A"))
    assert step == DeskTyping(*WHO, typed="A7")
    assert typed_label("A0") is None
    assert typed_label("C12") == "C012"


def test_a_number_set_aside_is_picked_as_it_stands_also_with_its_suffix() -> None:
    step, effects = walk(DeskTyping(*WHO), PickedNumber(TicketLabel("B12-K3")), PickedNumber(C012))
    assert effects == [ReadNumber(TicketLabel("B12-K3"), STAFF)]
    late = NumberRead(C012, WAITING.shown)  # the answer to another question opens nothing
    assert walk(step, late) == (step, [])


@pytest.mark.parametrize("reason", [Reason.UNKNOWN_TICKET, Reason.SERVER_AWAY, Reason.TOO_LATE, Reason.NOT_SIGNED_IN])
def test_a_number_that_cannot_be_read_is_told_and_another_can_be_typed(reason: Reason) -> None:
    asked = DeskTyping(*WHO, typed="C12", asked=C012)
    step, _ = walk(asked, NumberRefused(C012, reason))
    assert step == DeskTyping(*WHO, typed="C12", problem=reason)
    again, effects = walk(step, BoardChanged(samples.board()), ConfirmedDigits())
    assert again == asked
    assert effects == [READ]


def test_looking_for_a_number_is_left_by_back() -> None:
    assert walk(DeskTyping(*WHO, typed="C1"), WentBack()) == (READY, [])


# ---- each move ---------------------------------------------------------------------------------------------------


def test_a_missed_number_is_brought_back_with_one_touch_and_its_new_state_is_read() -> None:
    touches = (ChoseMove(DeskMove.RETURN), ChoseMove(DeskMove.RETURN), ChoseMove(DeskMove.CANCEL), SaidYes())
    step, effects = walk(MISSED, *touches)
    assert effects == [MoveNumber(DeskMove.RETURN, C012, STAFF)], "a double tap asks once"
    step, effects = walk(step, NumberMoved(C012, DeskMove.RETURN), NumberRead(C012, WAITING.shown))
    assert effects == [READ]
    assert step == DeskNumber(*WHO, WAITING.shown, done=DeskMove.RETURN)


def test_stepping_away_asks_for_how_long_within_the_limit_of_the_hall() -> None:
    step, effects = walk(WAITING, ChoseMove(DeskMove.STEP_AWAY), ChoseMinutes(45), ChoseMinutes(0))
    assert (number(step).question, effects) == (DeskMove.STEP_AWAY, [])
    step, effects = walk(step, ChoseMinutes(15), ChoseMinutes(20))
    assert effects == [MoveNumber(DeskMove.STEP_AWAY, C012, STAFF, minutes=15)]
    assert walk(WAITING, ChoseMove(DeskMove.STEP_AWAY), WentBack()) == (WAITING, [])


def test_coming_back_is_one_touch() -> None:
    away = DeskNumber(*WHO, shown("waiting", DeskMove.COME_BACK, away_until=9_000.0))
    _, effects = walk(away, ChoseMove(DeskMove.COME_BACK))
    assert effects == [MoveNumber(DeskMove.COME_BACK, C012, STAFF)]


def test_giving_a_number_up_is_asked_once() -> None:
    asked, effects = walk(WAITING, ChoseMove(DeskMove.CANCEL), ChoseMove(DeskMove.CANCEL))
    assert (number(asked).question, effects) == (DeskMove.CANCEL, [])
    assert walk(asked, WentBack()) == (WAITING, [])
    step, effects = walk(asked, SaidYes(), SaidYes())
    assert effects == [MoveNumber(DeskMove.CANCEL, C012, STAFF)]
    gone = NumberRead(C012, shown("cancelled"))
    step, _ = walk(step, NumberMoved(C012, DeskMove.CANCEL), gone)
    assert walk(step, WantsPaper(), ChoseMove(DeskMove.RETURN)) == (step, []), "nothing is done with what has ended"


def test_a_swap_prints_the_new_slip_with_its_second_number() -> None:
    step, effects = walk(WAITING, ChoseMove(DeskMove.SWAP), ChoseGroup("card"), ChoseItem(NEW), ChoseItem(OLD))
    assert effects == [MoveNumber(DeskMove.SWAP, C012, STAFF, item=NEW)]
    leased: Leased = msgspec.structs.replace(samples.leased(), series="H", number=3, label=H003)
    step, (slip, read) = walk(step, NumberMoved(C012, DeskMove.SWAP, leased))
    assert isinstance(slip, PrintTicket)
    assert (slip.issued.label, slip.issued.number, slip.issued.item) == (H003, 3, NEW)
    assert slip.issued.ticket == samples.issued().ticket
    assert slip.afresh
    assert not slip.copy
    assert read == ReadNumber(H003, STAFF)
    job = JobId(f"{slip.issued.ticket}#3")
    step, _ = walk(step, PrintEnded(job, PrintOutcome.PRINTED, None))
    assert (number(step).paper, number(step).done) == (Paper.OUT, DeskMove.SWAP)


def test_one_more_item_keeps_the_number_and_choosing_is_left_step_by_step() -> None:
    step, effects = walk(WAITING, ChoseMove(DeskMove.ADD), ChoseGroup("card"), WentBack())
    assert (step, effects) == (DeskPicking(*WHO, WAITING.shown, DeskMove.ADD), [])
    assert walk(step, WentBack()) == (WAITING, [])
    step, effects = walk(step, ChoseItem(NEW))
    assert effects == [MoveNumber(DeskMove.ADD, C012, STAFF, item=NEW)]
    step, effects = walk(step, NumberMoved(C012, DeskMove.ADD))
    assert effects == [READ]
    assert number(step).paper is Paper.NONE


def test_a_number_that_is_out_gets_priority_with_ground_and_evidence_only() -> None:
    step, effects = walk(WAITING, ChoseMove(DeskMove.GRANT), ChoseGround("pregnant"), ConfirmedGrant())
    assert isinstance(step, DeskGranting)
    assert effects == []
    assert walk(step, WentBack()) == (WAITING, [])
    step, effects = walk(step, ChoseEvidence("sight"), ConfirmedGrant(), ConfirmedGrant())
    grant = PriorityGrant(ground=PriorityGround.PREGNANT, evidence=Evidence.SIGHT)
    assert effects == [MoveNumber(DeskMove.GRANT, C012, STAFF, grant=grant)]
    assert "pregnant" not in repr(effects) + repr(step)


def test_only_moves_that_fit_are_taken() -> None:
    for move in set(EVERY) - set(MISSED.shown.moves):
        assert walk(MISSED, ChoseMove(move)) == (MISSED, [])


# ---- slips -------------------------------------------------------------------------------------------------------


def test_a_copy_carries_its_mark_and_is_printed_once_for_two_taps() -> None:
    step, effects = walk(WAITING, WantsPaper(), WantsPaper())
    assert effects == [PrintTicket(WAITING.shown.issued, leased_of(WAITING.shown), copy=True)]
    step, _ = walk(step, PrintEnded(JobId("0193aa#1"), PrintOutcome.FAILED, Fault.NO_PAPER))
    assert (number(step).paper, number(step).fault) == (Paper.FAILED, Fault.NO_PAPER)
    assert len(walk(step, WantsPaper())[1]) == 1, "after a failure it can be tried again"
    other = PrintEnded(JobId("0193ab"), PrintOutcome.PRINTED, None)
    assert walk(step, other) == (step, [])


def test_the_slip_just_issued_is_printed_again_also_while_the_server_is_away() -> None:
    issued = DeskIssued(*WHO, samples.issued(), None, Paper.UNSURE)
    step, effects = walk(issued, WantsPaper(), WantsPaper())
    assert [type(effect).__name__ for effect in effects] == ["PrintTicket", "StartTimer"]
    assert effects[0] == PrintTicket(issued.issued, None, copy=True)
    step, _ = walk(step, PrintEnded(JobId("0193aa#2"), PrintOutcome.PRINTED, None))
    assert isinstance(step, DeskIssued)
    assert step.paper is Paper.OUT


def test_a_slip_that_cannot_be_printed_at_all_is_told() -> None:
    printing, _ = walk(WAITING, WantsPaper())
    assert number(walk(printing, AskRefused(Reason.INTERNAL))[0]).paper is Paper.FAILED


# ---- refusals, and a board that knows better ---------------------------------------------------------------------


@pytest.mark.parametrize("reason", [Reason.ILLEGAL_MOVE, Reason.TOO_LATE, Reason.DAILY_LIMIT])
def test_a_refused_move_is_told_and_the_number_is_read_anew(reason: Reason) -> None:
    asking, _ = walk(MISSED, ChoseMove(DeskMove.RETURN))
    step, effects = walk(asking, NumberRefused(C012, reason, DeskMove.RETURN))
    assert (number(step).problem, number(step).asking, effects) == (reason, None, [READ])
    step, _ = walk(step, NumberRead(C012, shown("missed", DeskMove.CANCEL)))
    assert number(step).problem is reason
    assert number(step).shown.moves == (DeskMove.CANCEL,)


def test_with_the_server_away_nothing_is_changed_and_it_is_tried_again_when_it_is_back() -> None:
    asking, _ = walk(MISSED, ChoseMove(DeskMove.RETURN))
    step, effects = walk(asking, NumberRefused(C012, Reason.SERVER_AWAY, DeskMove.RETURN))
    assert (number(step).problem, effects) == (Reason.SERVER_AWAY, [])
    step, _ = walk(step, BoardChanged(samples.board()))
    assert number(step).problem is None
    assert len(walk(step, ChoseMove(DeskMove.RETURN))[1]) == 1


def test_the_refusal_of_a_quiet_reading_or_of_another_errand_disturbs_no_move() -> None:
    asking, _ = walk(MISSED, ChoseMove(DeskMove.RETURN))
    for stray in (NumberRefused(C012, Reason.TOO_LATE), AskRefused(Reason.ILLEGAL_MOVE)):
        assert walk(asking, stray) == (asking, [])
    assert walk(asking, AskRefused(Reason.INTERNAL))[1] == [READ]


def test_a_number_that_the_board_shows_elsewhere_is_read_anew_once() -> None:
    aside = (AsideShown(label=C012, state="missed", at=0.0),)
    board = msgspec.structs.replace(samples.board(), aside=aside)
    assert place_on(board, C012) == "missed"
    step, effects = walk(WAITING, BoardChanged(board), BoardChanged(board))
    assert effects == [READ]
    step, _ = walk(step, NumberRead(C012, MISSED.shown))
    assert number(step).shown == MISSED.shown
    assert walk(MISSED, BoardChanged(board))[1] == []


# ---- the next number: several items, an appointment --------------------------------------------------------------


def test_several_items_are_gathered_on_one_number_in_the_order_chosen() -> None:
    third = ItemCode("SI-302")
    chosen = (ChoseItem(NEW), ChoseItem(OLD), ChoseItem(third), ChoseItem(OLD))
    step, effects = walk(READY, ToggledSeveral(), ChoseGroup("pension"), *chosen)
    assert effects == []
    step, effects = walk(step, IssuesNow(), IssuesNow())
    assert effects == [Issue(NEW, STAFF, more_items=(third,))]
    assert step == DeskIssuing(*WHO, NEW, priority=False)


def test_at_most_five_items_go_on_one_number_and_none_is_no_number() -> None:
    gathering, _ = walk(READY, ToggledSeveral())
    assert walk(gathering, IssuesNow()) == (gathering, [])
    step, _ = walk(gathering, *(ChoseItem(ItemCode(f"SI-{n}")) for n in range(7)))
    assert isinstance(step, DeskReady)
    assert len(step.basket) == 5
    assert walk(step, ToggledSeveral())[0] == READY


def test_an_appointment_is_chosen_taken_back_and_goes_with_the_number_also_with_priority() -> None:
    step, _ = walk(READY, ToggledAppointment(), ChoseAppointment(1_800.0))
    assert step == DeskReady(*WHO, appointment_at=1_800.0)
    assert walk(step, ToggledAppointment())[0] == READY
    assert walk(READY, ToggledAppointment(), WentBack())[0] == READY
    assert walk(step, ChoseItem(OLD))[1] == [Issue(OLD, STAFF, appointment_at=1_800.0)]
    grant = PriorityGrant(ground=PriorityGround.ILL, evidence=Evidence.SIGHT)
    granted = (TogglePriority(), ChoseItem(OLD), ChoseGround("ill"), ChoseEvidence("sight"), ConfirmedGrant())
    assert walk(step, *granted)[1] == [Issue(OLD, STAFF, grant, appointment_at=1_800.0)]


# ---- the rest of the desk ----------------------------------------------------------------------------------------


def test_a_self_test_is_ordered_once_and_a_refusal_takes_the_word_back() -> None:
    k1 = TerminalId("K1")
    step, effects = walk(READY, OrdersTest(k1), OrdersTest(k1))
    assert effects == [OrderTest(k1, STAFF)]
    assert step == DeskReady(*WHO, asked=(k1,))
    assert walk(step, TestOrdered(k1)) == (step, [])
    refused, _ = walk(step, TestOrdered(k1, Reason.SERVER_AWAY))
    assert refused == DeskReady(*WHO, problem=Reason.SERVER_AWAY)


@pytest.mark.parametrize("step", [DeskTyping(*WHO), WAITING, DeskPicking(*WHO, WAITING.shown, DeskMove.ADD)])
def test_help_comes_first_and_signing_off_is_possible_from_every_screen(step: Step) -> None:
    assert walk(step, GoesToHelp(TerminalId("K2"))) == (step, [GoToHelp(TerminalId("K2"), STAFF)])
    assert walk(step, SignedOff()) == (SigningIn("guide_desk"), [SignOutStaff(STAFF)])


def test_nobody_signs_off_while_a_move_is_on_its_way() -> None:
    asking, _ = walk(MISSED, ChoseMove(DeskMove.RETURN))
    assert walk(asking, SignedOff()) == (asking, [])


def test_done_returns_to_the_next_person() -> None:
    assert walk(WAITING, Ended()) == (READY, [])
    assert walk(WAITING, WentBack()) == (DeskTyping(*WHO), [])


INPUTS = st.sampled_from(
    [
        *(ChoseMove(move) for move in EVERY),
        ChoseMinutes(10),
        SaidYes(),
        WentBack(),
        Ended(),
        WantsPaper(),
        ChoseItem(NEW),
        ChoseGround("ill"),
        ChoseEvidence("sight"),
        ConfirmedGrant(),
        NumberRead(C012, WAITING.shown),
        NumberRead(C012, MISSED.shown),
        *(NumberMoved(C012, move) for move in EVERY),
        NumberRefused(C012, Reason.TOO_LATE, DeskMove.RETURN),
        NumberRefused(C012, Reason.TOO_LATE),
        BoardChanged(samples.board()),
        OpensNumbers(),
        PickedNumber(C012),
    ]
)


@given(st.lists(INPUTS, max_size=40))
def test_at_most_one_move_is_on_its_way_whatever_is_pressed(inputs: list[Happened]) -> None:
    step: Step = WAITING
    for happened in inputs:
        under_way = isinstance(step, DeskNumber) and step.asking is not None
        step, effects = guide_desk.advance(step, happened)
        asked = [effect for effect in effects if isinstance(effect, MoveNumber)]
        assert len(asked) <= (0 if under_way else 1)
        if asked:
            assert isinstance(step, DeskNumber)
            assert step.asking is asked[0].move
