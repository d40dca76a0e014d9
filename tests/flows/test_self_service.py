"""Walks through the self-service terminal."""

from dataclasses import replace

import pytest

from hall.errors import Reason
from hall.ids import ItemCode, JobId
from kiosk.flows.card_steps import CardLaid
from kiosk.flows.self_service import GRACE_S
from kiosk.flows.steps import (
    Apology,
    CardTrouble,
    CheckingPin,
    ChoosingForm,
    EnteringPin,
    Farewell,
    Fetching,
    Home,
    Issuing,
    NotReady,
    Paper,
    ShowingStatement,
    ShowingTicket,
    StillThere,
    WaitingForCard,
)
from kiosk.flows.words import (
    Agreed,
    AskedForHelp,
    AskRefused,
    CardFailed,
    CardKind,
    CardSeen,
    CardTaken,
    ChoseForm,
    ChoseGroup,
    ChoseItem,
    ConfirmedDigits,
    Ended,
    EndSession,
    ErasedDigit,
    FetchStatement,
    GoesOn,
    HallKnown,
    Happened,
    HeldEye,
    IdCardRead,
    Issue,
    LookForCard,
    PinAnswered,
    PressedDigit,
    PrintEnded,
    PrintStalled,
    PrintStatement,
    PrintTicket,
    ReadCard,
    RecordHelp,
    SocialCardRead,
    StartTimer,
    StatementArrived,
    TicketReady,
    TimerFired,
    Touch,
    TurnedPage,
    VerifyPin,
    WantsPaper,
    WantsStatement,
    WantsTicket,
    WentBack,
    WentIdle,
)
from kiosk.ports import CardProblem, Fault, PrintOutcome
from tests.flows import samples
from tests.flows.walking import ID_CARD, SOCIAL_CARD, STATEMENT_JOB, TICKET_JOB, of_kind, walk

ENQUIRY = (WantsStatement(), ChoseForm("contributions"), Agreed(), CardSeen(CardKind.ID))
SHOWN = (*ENQUIRY, IdCardRead(ID_CARD), StatementArrived(samples.statement()))
WITH_SOCIAL = (WantsStatement(), ChoseForm("contributions"), Agreed(), CardSeen(CardKind.SOCIAL))
PIN = tuple(PressedDigit(digit) for digit in "123456")


@pytest.mark.row("QUE-02", part="rule")
def test_a_ticket_takes_three_touches() -> None:
    touches = (WantsTicket(), ChoseGroup("pension"), ChoseItem(ItemCode("SI-301")))
    step, effects = walk(Home(), *touches)
    assert all(isinstance(touch, Touch) for touch in touches)
    assert step == Issuing(ItemCode("SI-301"))
    assert effects == [Issue(ItemCode("SI-301"))]


def test_touching_an_item_twice_issues_one_ticket() -> None:
    item = ChoseItem(ItemCode("SI-301"))
    _, effects = walk(Home(), WantsTicket(), ChoseGroup("pension"), item, item, item)
    assert of_kind(effects, Issue) == [Issue(ItemCode("SI-301"))]


def test_the_ready_ticket_is_shown_and_printed_once() -> None:
    ready = TicketReady(samples.issued(), samples.leased())
    step, effects = walk(Issuing(ItemCode("SI-301")), ready, ready)
    assert isinstance(step, ShowingTicket)
    assert step.paper is Paper.PRINTING
    assert of_kind(effects, PrintTicket) == [PrintTicket(samples.issued(), samples.leased())]


@pytest.mark.parametrize(
    ("news", "paper"),
    [
        (PrintEnded(TICKET_JOB, PrintOutcome.PRINTED, None), Paper.OUT),
        (PrintEnded(TICKET_JOB, PrintOutcome.SENT, None), Paper.OUT),
        (PrintEnded(TICKET_JOB, PrintOutcome.FAILED, Fault.NO_PAPER), Paper.FAILED),
        (PrintEnded(TICKET_JOB, PrintOutcome.UNKNOWN, Fault.DISCONNECTED), Paper.UNSURE),
        (PrintStalled(TICKET_JOB, Fault.NO_PAPER), Paper.WAITING),
        (PrintStalled(TICKET_JOB, None), Paper.PRINTING),
        (PrintEnded(JobId("another"), PrintOutcome.FAILED, Fault.NO_PAPER), Paper.PRINTING),
    ],
)
def test_the_screen_tells_how_the_paper_ended(news: Happened, paper: Paper) -> None:
    step, _ = walk(ShowingTicket(samples.issued(), samples.leased(), Paper.PRINTING), news)
    assert isinstance(step, ShowingTicket)
    assert step.paper is paper


def test_a_waiting_slip_keeps_its_number_longer_on_screen() -> None:
    _, effects = walk(ShowingTicket(samples.issued(), None, Paper.PRINTING), PrintStalled(TICKET_JOB, Fault.NO_PAPER))
    assert effects == [StartTimer("ticket", 60.0)]


def test_walking_away_while_the_number_is_taken_still_prints_the_slip() -> None:
    step, effects = walk(
        Issuing(ItemCode("SI-301")), WentIdle(), Ended(), WentBack(), TicketReady(samples.issued(), None)
    )
    assert isinstance(step, ShowingTicket)
    assert len(of_kind(effects, PrintTicket)) == 1


def test_a_refusal_becomes_an_apology_that_leaves_by_itself() -> None:
    step, _ = walk(Issuing(ItemCode("SI-301")), AskRefused(Reason.OUTSIDE_HOURS))
    assert step == Apology(Reason.OUTSIDE_HOURS, ItemCode("SI-301"))
    assert walk(step, TimerFired("apology"))[0] == Home()


def test_no_card_is_read_before_the_notice_was_accepted() -> None:
    laid = (CardSeen(CardKind.ID), WantsStatement())
    step, effects = walk(Home(), *laid, ChoseForm("contributions"), CardSeen(CardKind.ID))
    assert not of_kind(effects, ReadCard)
    _, effects = walk(step, Agreed())
    assert effects == [ReadCard(CardKind.ID)]


@pytest.mark.row("RGT-02", part="rule")
def test_records_are_asked_for_only_after_a_card_answered() -> None:
    step, effects = walk(Home(), *ENQUIRY)
    assert not of_kind(effects, FetchStatement)
    step, effects = walk(step, IdCardRead(ID_CARD))
    assert effects == [FetchStatement("contributions", "李和", "000000198907220025", "id_card")]
    for typed in (PressedDigit("1"), ConfirmedDigits(), WantsPaper()):
        before, effects = walk(Home(), WantsStatement(), typed)
        assert not effects
        assert isinstance(before, ChoosingForm)


@pytest.mark.parametrize("problem", list(CardProblem))
def test_a_card_with_a_problem_opens_nothing(problem: CardProblem) -> None:
    step, effects = walk(Home(), *ENQUIRY, CardFailed(problem), PressedDigit("1"), Agreed(), WantsPaper())
    assert step == CardTrouble("contributions", CardKind.ID, problem)
    assert not of_kind(effects, FetchStatement)
    assert not of_kind(effects, PrintStatement)


def test_a_card_laid_again_after_trouble_is_read_again() -> None:
    _, effects = walk(CardTrouble("contributions", CardKind.ID, CardProblem.MOVED), CardSeen(CardKind.ID))
    assert effects == [ReadCard(CardKind.ID)]


def test_one_confirmation_sends_one_pin() -> None:
    step, effects = walk(
        Home(), *WITH_SOCIAL, SocialCardRead(SOCIAL_CARD), *PIN, ConfirmedDigits(), ConfirmedDigits(), *PIN
    )
    assert of_kind(effects, VerifyPin) == [VerifyPin("123456")]
    assert isinstance(step, CheckingPin)


def test_a_wrong_pin_shows_the_tries_left_and_waits_for_the_person() -> None:
    step, effects = walk(
        Home(), *WITH_SOCIAL, SocialCardRead(SOCIAL_CARD), *PIN, ConfirmedDigits(), PinAnswered(False, 2)
    )
    assert isinstance(step, EnteringPin)
    assert (step.tries_left, step.pin) == (2, "")
    assert len(of_kind(effects, VerifyPin)) == 1


def test_a_short_pin_is_not_sent_and_can_be_mended() -> None:
    step, effects = walk(EnteringPin("contributions", "李和", "1"), *PIN[:5], ConfirmedDigits(), ErasedDigit())
    assert isinstance(step, EnteringPin)
    assert (step.pin, effects) == ("1234", [])


def test_a_blocked_card_ends_in_trouble_not_in_another_try() -> None:
    step, effects = walk(CheckingPin("contributions", "李和", "1"), PinAnswered(False, 0))
    assert step == CardTrouble("contributions", CardKind.SOCIAL, CardProblem.LOCKED)
    assert not of_kind(effects, VerifyPin)


def test_an_accepted_pin_without_a_verifier_says_so() -> None:
    step, effects = walk(CheckingPin("contributions", "李和", "1"), PinAnswered(True, None))
    assert effects == [FetchStatement("contributions", "李和", "1", "social_card_demo")]
    assert step == Fetching("contributions", CardKind.SOCIAL)


def test_a_card_that_a_verifier_has_shown_to_be_genuine_says_so_after_its_pin_and_a_wrong_one() -> None:
    wrong = (*PIN, ConfirmedDigits(), PinAnswered(False, 2))
    _, effects = walk(
        Home(),
        *WITH_SOCIAL,
        SocialCardRead(replace(SOCIAL_CARD, genuine=True)),
        *wrong,
        *PIN,
        ConfirmedDigits(),
        PinAnswered(True, None),
    )
    (fetched,) = of_kind(effects, FetchStatement)
    assert isinstance(fetched, FetchStatement)
    assert fetched.proof == "social_card_pin"


def test_pages_stop_at_both_ends_and_the_eye_unmasks_only_while_held() -> None:
    step, _ = walk(Home(), *ENQUIRY, IdCardRead(ID_CARD), StatementArrived(samples.statement(12)))
    step, _ = walk(step, *[TurnedPage(1)] * 5)
    assert isinstance(step, ShowingStatement)
    assert step.page == 1
    step, _ = walk(step, *[TurnedPage(-1)] * 5, HeldEye(True))
    assert isinstance(step, ShowingStatement)
    assert (step.page, step.unmasked) == (0, True)
    step, _ = walk(step, HeldEye(False))
    assert isinstance(step, ShowingStatement)
    assert not step.unmasked


def test_printing_twice_prints_once_and_a_copy_only_when_nobody_knows() -> None:
    step, effects = walk(Home(), *SHOWN, WantsPaper(), WantsPaper())
    assert of_kind(effects, PrintStatement) == [PrintStatement(samples.statement())]
    step, effects = walk(step, PrintEnded(STATEMENT_JOB, PrintOutcome.PRINTED, None), WantsPaper())
    assert not of_kind(effects, PrintStatement)
    unsure, _ = walk(Home(), *SHOWN, WantsPaper(), PrintEnded(STATEMENT_JOB, PrintOutcome.UNKNOWN, Fault.SILENT))
    _, effects = walk(unsure, WantsPaper())
    assert effects == [PrintStatement(samples.statement(), copy=True)]


@pytest.mark.parametrize("card", list(CardKind))
def test_taking_the_card_away_ends_the_session_at_once(card: CardKind) -> None:
    step, effects = walk(ShowingStatement(samples.statement(), card), CardTaken(card))
    assert step == Farewell()
    assert of_kind(effects, EndSession)


def test_taking_another_card_away_does_not() -> None:
    step, _ = walk(ShowingStatement(samples.statement(), CardKind.ID), CardTaken(CardKind.SOCIAL))
    assert isinstance(step, ShowingStatement)


def test_idling_masks_at_once_and_ends_when_nobody_answers() -> None:
    step, effects = walk(ShowingStatement(samples.statement(), CardKind.ID), WentIdle())
    assert isinstance(step, StillThere)
    assert effects == [StartTimer("grace", GRACE_S)]
    ended, effects = walk(step, TimerFired("grace"))
    assert ended == Farewell(CardKind.ID)
    assert of_kind(effects, EndSession)


def test_going_on_returns_to_the_statement_with_its_news_of_the_paper() -> None:
    shown, _ = walk(Home(), *SHOWN, WantsPaper())
    step, _ = walk(shown, WentIdle(), PrintEnded(STATEMENT_JOB, PrintOutcome.PRINTED, None), GoesOn())
    assert isinstance(step, ShowingStatement)
    assert step.paper is Paper.OUT


def test_taking_the_card_while_masked_ends_the_session() -> None:
    step, effects = walk(ShowingStatement(samples.statement(), CardKind.SOCIAL), WentIdle(), CardTaken(CardKind.SOCIAL))
    assert step == Farewell(CardKind.SOCIAL)
    assert of_kind(effects, EndSession)


def test_a_person_whose_records_are_away_is_reminded_of_their_card() -> None:
    step, _ = walk(Home(), *ENQUIRY, IdCardRead(ID_CARD), AskRefused(Reason.SOURCE_AWAY))
    assert step == Apology(Reason.SOURCE_AWAY, card=CardKind.ID)
    assert walk(step, TimerFired("apology"))[0] == Farewell(CardKind.ID)
    assert walk(step, CardTaken(CardKind.ID), Ended())[0] == Home()


def test_the_next_person_may_lay_their_card_while_the_last_one_is_told_farewell() -> None:
    step, _ = walk(Home(), *SHOWN, CardTaken(CardKind.ID), CardSeen(CardKind.ID))
    assert step == Farewell(next_card=CardKind.ID)
    begun, effects = walk(step, TimerFired("farewell"))
    assert begun == CardLaid(CardKind.ID)
    assert effects == [EndSession()]
    assert walk(step, CardTaken(CardKind.ID), TimerFired("farewell"))[0] == Home()


def test_a_flow_that_waits_for_a_card_looks_whether_one_lies_there_already() -> None:
    step, effects = walk(Home(), WantsStatement(), ChoseForm("contributions"), Agreed())
    assert step == WaitingForCard("contributions")
    assert effects == [LookForCard()]


@pytest.mark.row("RGT-03", part="rule")
def test_who_goes_on_after_a_pause_finds_the_statement_masked_and_no_digit_typed() -> None:
    shown, _ = walk(Home(), *SHOWN, HeldEye(True), WentIdle(), GoesOn())
    assert isinstance(shown, ShowingStatement)
    assert not shown.unmasked
    typing, effects = walk(EnteringPin("contributions", "李和", "1"), *PIN, WentIdle(), GoesOn(), ConfirmedDigits())
    assert typing == EnteringPin("contributions", "李和", "1")
    assert not of_kind(effects, VerifyPin)


def test_an_idle_home_screen_only_forgets_how_the_last_person_wanted_to_see() -> None:
    assert walk(Home(), WentIdle()) == (Home(), [EndSession()])


def test_ending_says_farewell_only_to_a_person_with_a_card() -> None:
    assert walk(Home(), WantsTicket(), Ended())[0] == Home()
    assert walk(Home(), *SHOWN, Ended())[0] == Farewell(CardKind.ID)
    assert walk(Farewell(CardKind.ID), TimerFired("farewell"))[0] == Home()


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ((WantsTicket(), WentBack()), "Home"),
        ((WantsTicket(), ChoseGroup("pension"), WentBack()), "ChoosingGroup"),
        ((WantsStatement(), WentBack()), "Home"),
        ((WantsStatement(), ChoseForm("f"), WentBack()), "ChoosingForm"),
        ((WantsStatement(), ChoseForm("f"), Agreed(), WentBack()), "Notice"),
        ((*WITH_SOCIAL, CardFailed(CardProblem.DAMAGED), WentBack()), "WaitingForCard"),
        ((*WITH_SOCIAL, SocialCardRead(SOCIAL_CARD), WentBack()), "Farewell"),
        ((*SHOWN, WentBack()), "Farewell"),
    ],
)
def test_back_leads_one_step_back(inputs: tuple[Happened, ...], expected: str) -> None:
    assert type(walk(Home(), *inputs)[0]).__name__ == expected


def test_a_card_begins_an_enquiry_and_leaving_with_it_changes_nothing_else() -> None:
    begun, _ = walk(Home(), CardSeen(CardKind.ID), WantsStatement())
    assert begun == ChoosingForm(CardKind.ID)
    assert walk(begun, CardTaken(CardKind.ID))[0] == ChoosingForm()
    assert walk(begun, CardSeen(CardKind.SOCIAL))[0] == ChoosingForm(CardKind.SOCIAL)


def test_a_refused_enquiry_apologises() -> None:
    assert walk(Fetching("contributions", CardKind.ID), AskRefused(Reason.SOURCE_AWAY))[0] == Apology(
        Reason.SOURCE_AWAY, card=CardKind.ID
    )


def test_help_is_recorded_with_the_step_and_nothing_else() -> None:
    step, effects = walk(ShowingStatement(samples.statement(), CardKind.ID), AskedForHelp())
    assert isinstance(step, ShowingStatement)
    assert effects == [RecordHelp("ShowingStatement")]


def test_a_terminal_that_never_met_its_server_waits_politely() -> None:
    assert walk(NotReady("self_service"), WantsTicket(), Ended(), WentIdle(), WentBack()) == (
        NotReady("self_service"),
        [],
    )
    assert walk(NotReady("self_service"), HallKnown())[0] == Home()
