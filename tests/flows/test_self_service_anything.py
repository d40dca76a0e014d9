"""Whatever happens at the self-service terminal, in whatever order."""

from dataclasses import dataclass, fields

from hypothesis import given
from hypothesis import strategies as st

from hall.errors import Reason
from hall.ids import ItemCode
from kiosk.flows.steps import (
    Home,
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
    ErasedDigit,
    FetchStatement,
    GoesOn,
    HallKnown,
    Happened,
    HeldEye,
    IdCardRead,
    Issue,
    PinAnswered,
    PressedDigit,
    PrintEnded,
    PrintStalled,
    PrintStatement,
    PrintTicket,
    ReadCard,
    SocialCardRead,
    StatementArrived,
    TicketReady,
    TimerFired,
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

INPUTS = st.one_of(
    st.sampled_from(
        [
            WantsTicket(),
            WantsStatement(),
            ChoseGroup("pension"),
            ChoseItem(ItemCode("SI-301")),
            ChoseForm("contributions"),
            Agreed(),
            WentBack(),
            Ended(),
            GoesOn(),
            AskedForHelp(),
            PressedDigit("1"),
            ErasedDigit(),
            ConfirmedDigits(),
            TurnedPage(1),
            HeldEye(True),
            WantsPaper(),
            CardSeen(CardKind.ID),
            CardSeen(CardKind.SOCIAL),
            CardTaken(CardKind.ID),
            CardTaken(CardKind.SOCIAL),
            IdCardRead(ID_CARD),
            SocialCardRead(SOCIAL_CARD),
            CardFailed(CardProblem.DAMAGED),
            PinAnswered(True, None),
            PinAnswered(False, 2),
            TicketReady(samples.issued(), None),
            AskRefused(Reason.SERVER_AWAY),
            StatementArrived(samples.statement(3)),
            PrintStalled(TICKET_JOB, Fault.NO_PAPER),
            PrintEnded(TICKET_JOB, PrintOutcome.PRINTED, None),
            PrintEnded(STATEMENT_JOB, PrintOutcome.UNKNOWN, None),
            HallKnown(),
            WentIdle(),
            TimerFired("grace"),
            TimerFired("ticket"),
            TimerFired("farewell"),
        ]
    )
)


@given(st.lists(INPUTS, max_size=60))
def test_whatever_happens_effects_never_outrun_their_causes(inputs: list[Happened]) -> None:
    _, effects = walk(Home(), *inputs)
    assert len(of_kind(effects, Issue)) <= sum(isinstance(each, ChoseItem) for each in inputs)
    assert len(of_kind(effects, PrintTicket)) <= len(of_kind(effects, Issue))
    assert len(of_kind(effects, VerifyPin)) <= sum(isinstance(each, ConfirmedDigits) for each in inputs)
    assert len(of_kind(effects, FetchStatement)) <= len(of_kind(effects, ReadCard))
    assert len(of_kind(effects, PrintStatement)) <= sum(isinstance(each, WantsPaper) for each in inputs)


@dataclass(frozen=True)
class Unfitting(Happened):
    """Something no flow knows."""


@given(st.lists(INPUTS, max_size=30))
def test_after_home_nothing_personal_is_left_in_the_step(inputs: list[Happened]) -> None:
    step, _ = walk(Home(), *inputs, Ended(), TimerFired("farewell"), TimerFired("ticket"), Unfitting())
    if isinstance(step, Home):
        assert fields(step) == ()
