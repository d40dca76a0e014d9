"""取号: group, item, number, paper. Three touches at most (QUE-02)."""

from dataclasses import replace

from hall.errors import Reason
from kiosk.flows import number_by_card
from kiosk.flows.desk_numbers import is_job_of
from kiosk.flows.papering import paper_after, paper_stalled
from kiosk.flows.steps import Apology, ChoosingGroup, ChoosingItem, Home, Issuing, Paper, ShowingTicket
from kiosk.flows.words import (
    AskRefused,
    ChoseGroup,
    ChoseItem,
    Effect,
    Happened,
    Issue,
    PrintEnded,
    PrintStalled,
    PrintTicket,
    StartTimer,
    Step,
    TicketReady,
    WantsTicket,
)

TICKET_S = 30.0
"""The number stays this long, or until 完成 (look: the screens, composed)."""
TICKET_TROUBLE_S = 60.0
"""Longer while the paper waits for people: the number must be remembered or noted."""
APOLOGY_S = 45.0
NO_CARD_COUNTS = (Reason.NOT_VERIFIED, Reason.MALFORMED)
"""The hall does not take this card for whom it says: the number is then taken as if none had been laid."""


def advance(step: Step, happened: Happened) -> tuple[Step, tuple[Effect, ...]] | None:
    """Return the move, or None when this errand has nothing to say."""
    match step, happened:
        case Home(), WantsTicket():
            return ChoosingGroup(), ()
        case ChoosingGroup(held), ChoseGroup(group):
            return ChoosingItem(group, held), ()
        case ChoosingItem(_, held), ChoseItem(item):
            lies = held.kind if held is not None and held.lies else None
            wants = held is not None and held.wants_first
            return Issuing(item, lies, by_card=held is not None, wants_first=wants), (Issue(item, held=held),)
        case Issuing(), TicketReady(issued, leased):
            unmet = step.wants_first and not issued.priority
            shown = ShowingTicket(issued, leased, Paper.PRINTING, card=step.card, unmet=unmet)
            return shown, (PrintTicket(issued, leased), StartTimer("ticket", TICKET_S))
        case Issuing(item, by_card=True), AskRefused(reason) if reason in NO_CARD_COUNTS:
            return Issuing(item, step.card, wants_first=step.wants_first), (Issue(item),)
        case Issuing(item), AskRefused(reason):
            return Apology(reason, item, step.card), (StartTimer("apology", APOLOGY_S),)
        case ShowingTicket(), PrintStalled() | PrintEnded():
            return _paper(step, happened)
    return number_by_card.advance(step, happened)


def _paper(step: ShowingTicket, happened: PrintStalled | PrintEnded) -> tuple[Step, tuple[Effect, ...]]:
    if not is_job_of(happened.job, step.issued.ticket):
        return step, ()
    if isinstance(happened, PrintStalled):
        shown = replace(step, paper=paper_stalled(happened.fault), fault=happened.fault)
    else:
        shown = replace(step, paper=paper_after(happened.outcome), fault=happened.fault)
    longer = shown.paper in (Paper.WAITING, Paper.FAILED, Paper.UNSURE)
    return shown, (StartTimer("ticket", TICKET_TROUBLE_S if longer else TICKET_S),)
