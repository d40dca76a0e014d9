"""查询打印: form, notice, card, PIN, the person's own statement, paper. Nothing personal before a card was verified."""

from dataclasses import replace

from hall.ids import JobId
from hall.people.holders import Proof
from kiosk.flows.papering import paper_after, paper_stalled
from kiosk.flows.statement_sheets import row_count
from kiosk.flows.steps import (
    Apology,
    CardTrouble,
    CheckingPin,
    ChoosingForm,
    EnteringPin,
    Farewell,
    Fetching,
    Home,
    Notice,
    Paper,
    ReadingCard,
    ShowingStatement,
    WaitingForCard,
)
from kiosk.flows.words import (
    Agreed,
    AskRefused,
    CardFailed,
    CardKind,
    CardSeen,
    CardTaken,
    ChoseForm,
    ConfirmedDigits,
    Effect,
    EndSession,
    ErasedDigit,
    FetchStatement,
    Happened,
    HeldEye,
    IdCardRead,
    LookForCard,
    PinAnswered,
    PressedDigit,
    PrintEnded,
    PrintStalled,
    PrintStatement,
    ReadCard,
    SocialCardRead,
    StartTimer,
    StatementArrived,
    Step,
    TurnedPage,
    VerifyPin,
    WantsPaper,
    WantsStatement,
)
from kiosk.ports import CardProblem

PIN_DIGITS = 6
ROWS_A_PAGE = 10
TROUBLE_S = 45.0
FAREWELL_S = 6.0
APOLOGY_S = 45.0

Move = tuple[Step, tuple[Effect, ...]]


def advance(step: Step, happened: Happened) -> Move:
    """Return the move; inputs that do not fit change nothing."""
    if card_taken(step, happened):
        return Farewell(), (EndSession(), StartTimer("farewell", FAREWELL_S))
    match step:
        case Home() | ChoosingForm() | Notice() | WaitingForCard() | CardTrouble():
            return _before_card(step, happened)
        case ReadingCard():
            return _reading(step, happened)
        case EnteringPin() | CheckingPin():
            return _pin(step, happened)
        case Apology() | Farewell():
            return _parting(step, happened)
        case Fetching():
            return _fetching(step, happened)
        case ShowingStatement():
            return _showing(step, happened)
    return step, ()


def card_taken(step: Step, happened: Happened) -> bool:
    """Tell whether the verified card has left its reader: the session ends at once."""
    match step, happened:
        case EnteringPin() | CheckingPin(), CardTaken(CardKind.SOCIAL):
            return True
        case Fetching(_, card) | ShowingStatement(_, card), CardTaken(taken):
            return card is taken
    return False


def _before_card(step: Step, happened: Happened) -> Move:
    match step, happened:
        case Home(), WantsStatement():
            return ChoosingForm(), ()
        case ChoosingForm() | Notice(), CardSeen(card):
            return replace(step, card=card), ()
        case ChoosingForm(card) | Notice(_, card), CardTaken(taken) if card is taken:
            return replace(step, card=None), ()
        case ChoosingForm(card), ChoseForm(form):
            return Notice(form, card), ()
        case Notice(form, None), Agreed():
            return WaitingForCard(form), (LookForCard(),)
        case Notice(form, CardKind() as card), Agreed():
            return _read(form, card)
        case WaitingForCard(form) | CardTrouble(form), CardSeen(card):
            return _read(form, card)
    return step, ()


def _read(form: str, card: CardKind) -> Move:
    return ReadingCard(form, card), (ReadCard(card),)


def _reading(step: ReadingCard, happened: Happened) -> Move:
    match happened:
        case IdCardRead(card):
            return _fetch(step.form, card.name, card.number, Proof.ID_CARD)
        case SocialCardRead(card):
            return EnteringPin(step.form, card.name, card.number, genuine=card.genuine), ()
        case CardFailed(problem):
            return _trouble(step.form, step.card, problem)
    return step, ()


def _pin(step: EnteringPin | CheckingPin, happened: Happened) -> Move:
    match step, happened:
        case EnteringPin(), PressedDigit(digit) if len(step.pin) < PIN_DIGITS and digit.isdecimal():
            return replace(step, pin=step.pin + digit), ()
        case EnteringPin(), ErasedDigit():
            return replace(step, pin=step.pin[:-1]), ()
        case EnteringPin(form, name, number, pin), ConfirmedDigits() if len(pin) == PIN_DIGITS:
            return CheckingPin(form, name, number, step.genuine), (VerifyPin(pin),)
        case CheckingPin(form, name, number, genuine), PinAnswered(accepted=True):
            # A PIN alone does not show that the card is genuine: without a PSAM it counts in the demo only, design 9.
            return _fetch(form, name, number, Proof.SOCIAL_CARD_PIN if genuine else Proof.SOCIAL_CARD_DEMO)
        case CheckingPin(form), PinAnswered(accepted=False, tries_left=0):
            return _trouble(form, CardKind.SOCIAL, CardProblem.LOCKED)
        case CheckingPin(form, name, number), PinAnswered(accepted=False, tries_left=left):
            return EnteringPin(form, name, number, tries_left=left, genuine=step.genuine), ()
        case CheckingPin(form), CardFailed(problem):
            return _trouble(form, CardKind.SOCIAL, problem)
    return step, ()


def _fetch(form: str, name: str, number: str, proof: Proof) -> Move:
    card = CardKind.ID if proof is Proof.ID_CARD else CardKind.SOCIAL
    return Fetching(form, card), (FetchStatement(form, name, number, proof.value),)


def _trouble(form: str, card: CardKind, problem: CardProblem) -> Move:
    return CardTrouble(form, card, problem), (StartTimer("trouble", TROUBLE_S),)


def _fetching(step: Fetching, happened: Happened) -> Move:
    match happened:
        case StatementArrived(statement):
            return ShowingStatement(statement, step.card), ()
        case AskRefused(reason):
            return Apology(reason, card=step.card), (StartTimer("apology", APOLOGY_S),)
    return step, ()


def _parting(step: Apology | Farewell, happened: Happened) -> Move:
    """What happens on the readers while somebody is leaving: their card is taken, the next person's is laid."""
    match step, happened:
        case Apology(card=card), CardTaken(taken) if card is taken:
            return replace(step, card=None), ()
        case Farewell(), CardSeen(card):
            return replace(step, next_card=card), ()
        case Farewell(next_card=card), CardTaken(taken) if card is taken:
            return replace(step, next_card=None), ()
    return step, ()


def _showing(step: ShowingStatement, happened: Happened) -> Move:
    match happened:
        case TurnedPage(by):
            last = max(0, (row_count(step.statement) - 1) // ROWS_A_PAGE)
            return replace(step, page=min(last, max(0, step.page + by))), ()
        case HeldEye(down):
            return replace(step, unmasked=down), ()
        case WantsPaper() if step.paper in (Paper.NONE, Paper.FAILED):
            return replace(step, paper=Paper.PRINTING, fault=None), (PrintStatement(step.statement),)
        case WantsPaper() if step.paper is Paper.UNSURE:
            return replace(step, paper=Paper.PRINTING, fault=None), (PrintStatement(step.statement, copy=True),)
        case PrintStalled(job, fault) if job.startswith(JobId(step.statement.serial)):
            return replace(step, paper=paper_stalled(fault), fault=fault), ()
        case PrintEnded(job, outcome, fault) if job.startswith(JobId(step.statement.serial)):
            return replace(step, paper=paper_after(outcome), fault=fault), ()
    return step, ()
