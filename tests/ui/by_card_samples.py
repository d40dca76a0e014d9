"""A card while a number is taken, as the screens' tests and pictures show it."""

from dataclasses import replace

from hall.ids import TicketLabel
from kiosk.flows import steps
from kiosk.flows.card_steps import CardLaid, HoldingAlready, LayingCard, OfferingPriority, ReadingForNumber
from kiosk.flows.held_cards import HeldCard
from kiosk.flows.words import CardKind, Step
from kiosk.session import Frame
from tests.ui.samples import issued, leased


def by_card_shots(at: Frame, away: Frame) -> list[tuple[str, Frame, Step]]:
    group = steps.ChoosingGroup()
    card = HeldCard(CardKind.ID, "000000195611230039", "19561123", may_go_first=True)
    first, lifted = replace(card, wants_first=True), replace(card, lies=False)
    ticket, first_ticket = steps.ShowingTicket, (issued("Y003", priority=True), leased("Y003"))
    social, printing = CardKind.SOCIAL, steps.Paper.PRINTING
    return [
        ("bycard_laid_id", at, CardLaid(CardKind.ID)),
        ("bycard_laid_social", at, CardLaid(social)),
        ("bycard_laid_away", away, CardLaid(CardKind.ID)),
        ("bycard_group_read", at, steps.ChoosingGroup(card)),
        ("bycard_item_first", at, steps.ChoosingItem("pension", first)),
        ("bycard_item_lifted", at, steps.ChoosingItem("pension", lifted)),
        ("bycard_item_damaged", at, steps.ChoosingItem("pension", note="damaged")),
        ("bycard_group_expired", at, steps.ChoosingGroup(note="expired")),
        ("bycard_group_away", away, steps.ChoosingGroup(note="away")),
        ("bycard_group_id_only", at, steps.ChoosingGroup(note="id_only")),
        ("bycard_laying", at, LayingCard(group)),
        ("bycard_reading", at, ReadingForNumber(group, CardKind.ID)),
        ("bycard_offering", at, OfferingPriority(group, card)),
        ("bycard_holding_here", at, HoldingAlready(TicketLabel("C013"), issued(), leased(), CardKind.ID)),
        ("bycard_holding", at, HoldingAlready(TicketLabel("A101"))),
        ("bycard_ticket", at, ticket(*first_ticket, steps.Paper.OUT, card=CardKind.ID)),
        ("bycard_unmet", away, ticket(issued(approximate=True), None, printing, card=social, unmet=True)),
    ]
