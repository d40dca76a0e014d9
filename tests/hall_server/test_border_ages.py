"""Cards at the border: priority by the age on the card, judged and granted by the hall server alone."""

from pathlib import Path

import msgspec
import pytest

from hall.commands import AnyReply, Evidence, Leased, LeaseLabel, PriorityGrant, PriorityGround, Refused
from hall.errors import Reason
from hall.events import Event, PriorityGranted, TicketIssued
from hall.ids import TicketId
from hall.ledger.sealing import person_context, unseal
from hall.pack.hall_pack import HallPack
from hall.people.age_offer import BY_CARD
from hall.people.holders import Holder, Proof
from hall_server.ledger.store import Ledger
from tests.hall_server.test_border_people import CARD, K1, KEYS, Counter, complete, reason, sealed


@pytest.fixture
def counter(pack: HallPack, ledger: Ledger, tmp_path: Path) -> Counter:
    return Counter(pack, ledger, tmp_path)


BORN_ON_MONDAY_1956 = complete("00000019561123003")
"""70 on the day of these tests, 2026-11-23; the demo hall offers from 70."""
BORN_A_DAY_LATER = complete("00000019561124003")


def takes_offer(counter: Counter, ticket: str, holder: Holder, sealed_grant: bytes | None = None) -> AnyReply:
    told = TicketId(ticket)
    person = sealed(holder, "person", person_context(K1, told))
    return counter.ask(
        LeaseLabel(ticket=told, item=CARD, sealed_person=person, wants_priority=True, sealed_grant=sealed_grant)
    )


@pytest.mark.row("QUE-11", part="rule")
@pytest.mark.parametrize(
    ("number", "birth", "label"),
    [
        (BORN_ON_MONDAY_1956, "", "Y001"),
        (BORN_A_DAY_LATER, "", "H001"),
        (BORN_A_DAY_LATER, "19300101", "H001"),
        (complete("81000019400823002"), "", "Y001"),
        (complete("92156619400315001"), "", "Y001"),
        ("ABC110101010101", "19400315", "Y001"),
        ("ABC110101010101", "19990315", "H001"),
        ("ABC110101010101", "", "H001"),
    ],
)
def test_the_server_itself_judges_the_age_on_the_card(counter: Counter, number: str, birth: str, label: str) -> None:
    reply = takes_offer(counter, "t1", Holder(name="", number=number, proof=Proof.ID_CARD, birth=birth))
    assert isinstance(reply, Leased)
    assert (reply.label, reply.priority) == (label, label == "Y001")
    bodies = [msgspec.json.decode(one.body, type=Event) for one in counter.ledger.entries()]
    grants = [one for one in bodies if isinstance(one, PriorityGranted)]
    assert [one.issuer for one in grants] == [BY_CARD] * reply.priority
    for one in grants:
        opened = msgspec.json.decode(unseal(KEYS.private, one.sealed, "grant"), type=PriorityGrant)
        assert (opened.ground, opened.evidence) == (PriorityGround.ELDERLY, Evidence.CARD)
    for entry in counter.ledger.entries():
        assert b"elderly" not in entry.body
        assert number.encode() not in entry.body


def test_a_terminal_grants_nothing_by_its_own_word(counter: Counter) -> None:
    old = Holder(name="", number=BORN_ON_MONDAY_1956, proof=Proof.ID_CARD)
    assert reason(takes_offer(counter, "t1", old, sealed_grant=b"sealed by the terminal")) is Reason.NOT_ALLOWED
    plain = counter.ask(LeaseLabel(ticket=TicketId("t2"), item=CARD, wants_priority=True))
    assert isinstance(plain, Leased)
    assert not plain.priority


def test_a_hall_that_offers_nothing_by_age_grants_nothing_by_age(
    pack: HallPack, ledger: Ledger, tmp_path: Path
) -> None:
    silent = msgspec.structs.replace(pack, limits=msgspec.structs.replace(pack.limits, elderly_age=0))
    reply = takes_offer(
        Counter(silent, ledger, tmp_path), "t1", Holder(name="", number=BORN_ON_MONDAY_1956, proof=Proof.ID_CARD)
    )
    assert isinstance(reply, Leased)
    assert not reply.priority


def test_who_holds_a_number_is_told_which_also_when_it_is_a_priority_number(counter: Counter) -> None:
    old = Holder(name="", number=BORN_ON_MONDAY_1956, proof=Proof.ID_CARD)
    first = takes_offer(counter, "t1", old)
    assert isinstance(first, Leased)
    issued = TicketIssued(
        ticket=first.ticket,
        day=first.day,
        series=first.series,
        number=first.number,
        label=first.label,
        item=CARD,
        priority=True,
        issued_at=counter.now,
    )
    counter.writer.turn(counter.kiosk.up(counter.kiosk.parcel(issued)))
    again = takes_offer(counter, "t2", old)
    assert isinstance(again, Refused)
    assert (again.reason, again.label) == (Reason.ALREADY_HOLDING, "Y001")


@pytest.mark.parametrize("demo", [True, False])
def test_a_card_that_nothing_authenticates_gives_no_priority_outside_a_demo_hall(
    pack: HallPack, ledger: Ledger, tmp_path: Path, demo: bool
) -> None:
    unproven = Holder(name="", number=complete("11010519401231002"), proof=Proof.SOCIAL_CARD_DEMO)
    reply = takes_offer(Counter(pack, ledger, tmp_path, demo=demo), "t1", unproven)
    assert isinstance(reply, Leased)
    assert reply.priority is demo
