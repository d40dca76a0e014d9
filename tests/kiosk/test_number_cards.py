"""What a card can do here and now, whose it is told to, and the number somebody holds already."""

from dataclasses import dataclass, field

import msgspec
import pytest

from hall.commands import Evidence, PriorityGrant, PriorityGround, Refused
from hall.errors import HallError, Reason
from hall.ids import AreaId, ItemCode, StaffId, TerminalId, TicketId, TicketLabel, WindowId
from hall.ledger.sealing import person_context, public_key, unseal
from hall.people.holders import Holder, Proof
from hall.wire.pack_shown import PackShown
from hall.wire.shown import AgeOfferShown
from kiosk.flows.held_cards import AlreadyHolds, CardWeighed, HeldCard, WeighCard
from kiosk.flows.words import AskRefused, CardKind, Issue, TicketReady
from kiosk.performing import number_cards
from kiosk.sync.news import Issued
from tests.flows import samples
from tests.kiosk.test_performing import ME, SERVER_PRIVATE, FakeLine, Stage

OLD = HeldCard(CardKind.ID, "11010519661123002X", "19661123")
SOCIAL = HeldCard(CardKind.SOCIAL, "000000196611230033")
BIRTHDAY = samples.issued().issued_at
"""09:30 on 2026-11-23."""
BEFORE = BIRTHDAY - 10 * 3600


def pack(age: int = 60, *, sample: bool = True) -> PackShown:
    offer = AgeOfferShown(age=age, basis="本厅办法", basis_en="our rule")
    return msgspec.structs.replace(
        samples.pack(), server_key=public_key(SERVER_PRIVATE), age_offer=offer, sample=sample
    )


@dataclass
class At(Stage):
    """A terminal at a moment of its hall."""

    now: float = BIRTHDAY
    line: FakeLine = field(default_factory=lambda: FakeLine(pack()))

    def clock(self) -> float:
        return self.now

    def weighed(self, card: HeldCard) -> CardWeighed:
        self.performer()(WeighCard(card), ME)
        told, session = self.posted.pop()
        assert session == ME
        assert isinstance(told, CardWeighed)
        return told


@pytest.mark.row("QUE-11", part="rule")
@pytest.mark.parametrize(("now", "limit", "may"), [(BEFORE, 60, False), (BIRTHDAY, 60, True), (BIRTHDAY, 70, False)])
def test_the_offer_is_made_from_the_birthday_on_by_the_halls_own_day(now: float, limit: int, may: bool) -> None:
    told = At(now=now, line=FakeLine(pack(limit))).weighed(OLD)
    assert told.card is not None
    assert told.card.may_go_first is may


def test_a_hall_without_an_age_offers_nothing_but_still_keeps_one_number_a_queue() -> None:
    told = At(line=FakeLine(pack(0))).weighed(OLD)
    assert told.card is not None
    assert not told.card.may_go_first


def test_without_the_server_a_card_does_nothing() -> None:
    assert At(line=FakeLine(pack(), server_away=True)).weighed(OLD) == CardWeighed(None, "away")
    assert At(line=FakeLine(None)).weighed(OLD) == CardWeighed(None, "away")


def test_a_social_card_that_nothing_shows_to_be_genuine_counts_in_a_demo_hall_only() -> None:
    assert At().weighed(SOCIAL).card is not None
    assert At(line=FakeLine(pack(sample=False))).weighed(SOCIAL) == CardWeighed(None, "id_only")


def test_the_holder_leaves_sealed_to_one_ticket_and_without_a_name() -> None:
    at = At()
    wants = HeldCard(OLD.kind, OLD.number, OLD.birth, may_go_first=True, wants_first=True)
    at.performer()(Issue(samples.issued().item, held=wants), ME)
    ((sealed, wants_priority),) = at.line.people
    assert sealed is not None
    assert wants_priority
    assert OLD.number.encode() not in sealed
    plain = unseal(SERVER_PRIVATE, sealed, "person", person_context(TerminalId("K1"), TicketId("t")))
    assert msgspec.json.decode(plain, type=Holder) == Holder(
        name="", number=OLD.number, proof=Proof.ID_CARD, birth=OLD.birth
    )
    with pytest.raises(HallError):
        unseal(SERVER_PRIVATE, sealed, "person", person_context(TerminalId("K1"), TicketId("another")))


def test_without_a_card_nobody_is_named() -> None:
    at = At()
    at.performer()(Issue(samples.issued().item), ME)
    assert at.line.people == [(None, False)]


def holding(label: str = "C012") -> Refused:
    return Refused(reason=Reason.ALREADY_HOLDING, label=TicketLabel(label))


def test_a_number_given_out_here_today_can_be_printed_once_more() -> None:
    at = At()
    perform = at.performer()
    for _ in range(2):
        perform(Issue(samples.issued().item), ME)
    (*_, first), (*_, second) = at.line.issues
    first(Issued(samples.issued(), (WindowId("7"),), AreaId("Q3"), samples.leased()))
    second(holding())
    second(holding("A101"))
    at.now += 86_400
    second(holding())
    second(Refused(reason=Reason.ALREADY_HOLDING))
    assert [told for told, _ in at.posted] == [
        TicketReady(samples.issued(), samples.leased()),
        AlreadyHolds(TicketLabel("C012"), samples.issued(), samples.leased()),
        AlreadyHolds(TicketLabel("A101")),
        AlreadyHolds(TicketLabel("C012")),
        AskRefused(Reason.ALREADY_HOLDING),
    ]


def test_only_so_many_numbers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(number_cards, "GIVEN_OUT_KEPT", 1)
    at = At()
    perform = at.performer()
    perform(Issue(samples.issued().item), ME)
    done = at.line.issues[0][3]
    for label in ("C012", "C013"):
        done(Issued(samples.issued(label), (WindowId("7"),), AreaId("Q3"), None))
    done(holding("C012"))
    assert at.posted[-1][0] == AlreadyHolds(TicketLabel("C012"))


def test_the_ground_of_a_priority_leaves_sealed_only() -> None:
    stage = At()
    grant = PriorityGrant(ground=PriorityGround.PREGNANT, evidence=Evidence.SIGHT)
    stage.performer()(Issue(ItemCode("SI-301"), StaffId("0101"), grant), ME)
    _, issuer, sealed, _ = stage.line.issues[0]
    assert issuer == "0101"
    assert sealed is not None
    assert b"pregnant" not in sealed
    assert msgspec.json.decode(unseal(SERVER_PRIVATE, sealed, "grant"), type=PriorityGrant) == grant
