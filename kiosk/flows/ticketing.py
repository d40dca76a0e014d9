"""取号: group, item, number, paper. Three touches at most (QUE-02)."""

from dataclasses import replace

from hall.ids import JobId
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


def advance(step: Step, happened: Happened) -> tuple[Step, tuple[Effect, ...]] | None:
    """Return the move, or None when this errand has nothing to say."""
    match step, happened:
        case Home(), WantsTicket():
            return ChoosingGroup(), ()
        case ChoosingGroup(), ChoseGroup(group):
            return ChoosingItem(group), ()
        case ChoosingItem(), ChoseItem(item):
            return Issuing(item), (Issue(item),)
        case Issuing(), TicketReady(issued, leased):
            shown = ShowingTicket(issued, leased, Paper.PRINTING)
            return shown, (PrintTicket(issued, leased), StartTimer("ticket", TICKET_S))
        case Issuing(item), AskRefused(reason):
            return Apology(reason, item), (StartTimer("apology", APOLOGY_S),)
        case ShowingTicket(), PrintStalled() | PrintEnded():
            return _paper(step, happened)
    return None


def _paper(step: ShowingTicket, happened: PrintStalled | PrintEnded) -> tuple[Step, tuple[Effect, ...]]:
    if happened.job != JobId(step.issued.ticket):
        return step, ()
    if isinstance(happened, PrintStalled):
        shown = replace(step, paper=paper_stalled(happened.fault), fault=happened.fault)
    else:
        shown = replace(step, paper=paper_after(happened.outcome), fault=happened.fault)
    longer = shown.paper in (Paper.WAITING, Paper.FAILED, Paper.UNSURE)
    return shown, (StartTimer("ticket", TICKET_TROUBLE_S if longer else TICKET_S),)
