"""A card laid for a number: what it can do here and now, its holder sealed, and the number somebody holds already."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import msgspec

from hall.calendar.working_days import business_day, parse_day
from hall.commands import Refused
from hall.errors import Reason
from hall.ids import TicketId, TicketLabel
from hall.ledger.sealing import person_context
from hall.people.age_offer import old_enough
from hall.people.holders import Holder, Proof
from kiosk.flows.held_cards import AWAY, ID_ONLY, AlreadyHolds, CardWeighed, HeldCard
from kiosk.flows.words import AskRefused, CardKind, Happened
from kiosk.performing.hands import Givens, HallLine
from kiosk.sync.news import Issued

GIVEN_OUT_KEPT: Final = 300
"""Numbers this terminal can print once more; a busy terminal gives out some hundreds a day."""


class NumberCards:
    """Nothing of a person is kept here: numbers by their label, and what a hall tells about them."""

    def __init__(self, line: HallLine, givens: Givens, seal: Callable[[bytes, str, str], bytes]) -> None:
        self._line = line
        self._givens = givens
        self._seal = seal
        self._given_out: OrderedDict[TicketLabel, Issued] = OrderedDict()

    def weigh(self, card: HeldCard) -> CardWeighed:
        """Say what the card can do. The age is only for the offer; the hall server judges it for itself."""
        pack = self._line.pack
        if pack is None or self._line.server_away:
            return CardWeighed(None, AWAY)
        if card.kind is CardKind.SOCIAL and not pack.sample:
            return CardWeighed(None, ID_ONLY)
        day = parse_day(business_day(self._givens.clock()))
        may = old_enough(pack.age_offer.age, card.number, card.birth, day)
        return CardWeighed(HeldCard(card.kind, card.number, card.birth, may_go_first=may))

    def sealing(self, card: HeldCard) -> Callable[[TicketId], bytes]:
        """Return what seals the holder to one ticket of this terminal. The name does not travel: nobody needs it."""
        proof = Proof.ID_CARD if card.kind is CardKind.ID else Proof.SOCIAL_CARD_DEMO
        plain = msgspec.json.encode(Holder(name="", number=card.number, proof=proof, birth=card.birth))
        return lambda ticket: self._seal(plain, "person", person_context(self._givens.terminal, ticket))

    def gave_out(self, issued: Issued) -> None:
        """Remember a number that could be wanted on paper once more."""
        self._given_out[issued.event.label] = issued
        while len(self._given_out) > GIVEN_OUT_KEPT:
            self._given_out.popitem(last=False)

    def refused(self, answer: Refused) -> Happened:
        """Read a refusal; who holds a number is told which, with its slip if it came from here today."""
        if answer.reason is not Reason.ALREADY_HOLDING or answer.label is None:
            return AskRefused(answer.reason)
        known = self._given_out.get(answer.label)
        if known is None or known.event.day != business_day(self._givens.clock()):
            return AlreadyHolds(answer.label)
        return AlreadyHolds(answer.label, known.event, known.leased)
