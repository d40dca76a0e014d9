"""A card's sealed holder goes with the lease and nowhere else."""

import msgspec

from hall.commands import LeaseLabel
from hall.ids import ItemCode, TicketId
from kiosk.sync.issuing import Order
from kiosk.sync.news import Issued
from tests.sync.samples import Bench
from tests.sync.test_core import answer, ask_of, leased

SEALED = b"sealed to one ticket"


def take(bench: Bench) -> list[object]:
    outcomes: list[object] = []
    ticket = TicketId(bench.mint())
    order = Order(ticket, ItemCode("SI-301"), None, None, outcomes.append, sealed_person=SEALED, wants_priority=True)
    assert "sealed" not in repr(order).replace("sealed_grant", "")
    bench.core.issue(order, bench.now)
    return outcomes


def test_the_holder_and_the_wish_go_with_the_lease_and_the_servers_word_makes_it_priority() -> None:
    bench = Bench()
    bench.meet()
    outcomes = take(bench)
    question = ask_of(bench)
    assert isinstance(question.command, LeaseLabel)
    assert (question.command.sealed_person, question.command.wants_priority) == (SEALED, True)
    granted = msgspec.structs.replace(leased(question.command.ticket), priority=True)
    bench.hear("answer", answer(question.request, granted))
    (issued,) = outcomes
    assert isinstance(issued, Issued)
    assert issued.event.priority


def test_without_an_answer_the_number_is_ordinary_and_nothing_of_the_card_is_journalled() -> None:
    bench = Bench()
    bench.meet()
    outcomes = take(bench)
    bench.pass_s(0.2)
    (issued,) = outcomes
    assert isinstance(issued, Issued)
    assert issued.event.reserve
    assert not issued.event.priority
    assert all(SEALED not in up and b"sealed_person" not in up for up in bench.sent("up"))
