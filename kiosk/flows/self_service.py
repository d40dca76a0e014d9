"""The self-service terminal: what may happen at every step, then the two errands, tickets and records."""

from dataclasses import replace

from kiosk.flows import enquiry, guides, laid_card, own_slip, proxy_enquiry, ticketing
from kiosk.flows.card_steps import CardLaid, HoldingAlready, LayingCard, OfferingPriority, ReadingForNumber
from kiosk.flows.notice_steps import ConsideringItem, GuideGroups, GuideItems, ShowingGuide
from kiosk.flows.proxy_steps import ProxyChoosing, ProxyOtherCard, ProxyStopped, ProxyWaiting
from kiosk.flows.slip_steps import LookingUpSlip, StrangeCode, TellingSlip
from kiosk.flows.steps import (
    Apology,
    CardTrouble,
    CheckingPin,
    ChoosingForm,
    ChoosingGroup,
    ChoosingItem,
    EnteringPin,
    Farewell,
    Fetching,
    Home,
    Issuing,
    Notice,
    NotReady,
    ReadingCard,
    ShowingStatement,
    ShowingTicket,
    StillThere,
    WaitingForCard,
)
from kiosk.flows.words import (
    AskedForHelp,
    CardKind,
    Effect,
    Ended,
    EndSession,
    GoesOn,
    HallKnown,
    Happened,
    PrintEnded,
    PrintStalled,
    RecordHelp,
    StartTimer,
    Step,
    TimerFired,
    WentBack,
    WentIdle,
)

Move = tuple[Step, tuple[Effect, ...]]

FAREWELL_S = 6.0
"""Long enough to read one sentence and pick up a card."""
GRACE_S = 15.0
"""Time to answer whether somebody is still there (issue: 15 s 继续/结束)."""
IN_FLIGHT = (Issuing, LookingUpSlip, ReadingForNumber, ReadingCard, CheckingPin, Fetching, *proxy_enquiry.IN_FLIGHT)
"""Something was asked and its answer is seconds away; these steps neither idle nor end."""
OWN_TIMER = (Home, NotReady, ShowingTicket, TellingSlip, StrangeCode, Farewell, *proxy_enquiry.OWN_TIMER)
"""These leave by themselves or are nobody's."""


def advance(step: Step, happened: Happened) -> Move:
    """Return the next step and what must now be done; inputs that do not fit change nothing."""
    match happened:
        case AskedForHelp():
            return step, (RecordHelp(type(step).__name__),)
        case HallKnown() if isinstance(step, NotReady):
            return Home(), ()
        case WentIdle():
            return _idle(step)
        case Ended() | TimerFired("ticket" | "slip" | "farewell" | "apology" | "trouble"):
            return _end(step)
        case WentBack():
            return _back(step)
    if isinstance(step, StillThere):
        return _still_there(step, happened)
    moved = own_slip.advance(step, happened) or guides.advance(step, happened) or ticketing.advance(step, happened)
    moved = moved or laid_card.advance(step, happened) or proxy_enquiry.advance(step, happened)
    return moved if moved is not None else enquiry.advance(step, happened)


def _idle(step: Step) -> Move:
    if isinstance(step, Home):
        return step, (EndSession(),)  # somebody chose large print and walked away: the next person starts afresh
    if isinstance(step, (*IN_FLIGHT, *OWN_TIMER, StillThere)):
        return step, ()
    return StillThere(_covered(step)), (StartTimer("grace", GRACE_S),)


def _covered(step: Step) -> Step:
    """Return the step as whoever answers may see it: masked, and without the digits that were typed."""
    match step:
        case ShowingStatement():
            return replace(step, unmasked=False)
        case EnteringPin():
            return replace(step, pin="")
    return step


def _still_there(step: StillThere, happened: Happened) -> Move:
    match happened:
        case GoesOn():
            return step.before, ()
        case TimerFired("grace"):
            return _end(step.before)
        case PrintStalled() | PrintEnded():
            before, effects = advance(step.before, happened)
            return replace(step, before=before), effects
    card = enquiry.card_taken(step.before, happened) or proxy_enquiry.card_taken(step.before, happened)
    return _end(step.before) if card else (step, ())


def _end(step: Step) -> Move:
    if isinstance(step, StillThere):
        return _end(step.before)
    if isinstance(step, (*IN_FLIGHT, Home, NotReady)):
        return step, ()
    if isinstance(step, Farewell) and step.next_card is not None:
        return CardLaid(step.next_card), (EndSession(),)
    card = card_in_hand(step)
    if card is None:
        return Home(), (EndSession(),)
    return Farewell(card, both=proxy_enquiry.two_cards(step)), (EndSession(), StartTimer("farewell", FAREWELL_S))


def card_in_hand(step: Step) -> CardKind | None:
    """Which card the person must not forget when leaving this step."""
    match step:
        case ChoosingForm(card) | Notice(_, card) | CardLaid(card):
            return card
        case CardTrouble(_, card) | ShowingStatement(_, card) | Apology(card=card):
            return card
        case ShowingTicket(card=card) | HoldingAlready(card=card):
            return card
        case ChoosingGroup(held) | ChoosingItem(held=held) | ConsideringItem(held=held) | OfferingPriority(held=held):
            return held.kind if held is not None and held.lies else None
        case LayingCard(before):
            return card_in_hand(before)
        case EnteringPin():
            return CardKind.SOCIAL
    return proxy_enquiry.card_in_hand(step)


def _back(step: Step) -> Move:
    led = proxy_enquiry.back(step)
    if led is not None:
        return led
    match step:
        case ChoosingItem(_, held):
            return ChoosingGroup(held), ()
        case LayingCard(before):
            return before, ()
        case OfferingPriority(before, held):
            return replace(before, held=held), ()
        case Notice(_, card):
            return ChoosingForm(card), ()
        case WaitingForCard(form):
            return Notice(form), ()
        case CardTrouble(form):
            return WaitingForCard(form), ()
        case (
            ChoosingGroup()
            | ChoosingForm()
            | CardLaid()
            | Apology()
            | ShowingTicket()
            | HoldingAlready()
            | EnteringPin()
            | ShowingStatement()
        ):
            return _end(step)
        case GuideItems() | ShowingGuide() | ConsideringItem():
            return guides.back(step), ()
        case TellingSlip() | StrangeCode() | GuideGroups():
            return _end(step)
        case ProxyOtherCard() | ProxyWaiting() | ProxyChoosing() | ProxyStopped():
            return _end(step)
    return step, ()
