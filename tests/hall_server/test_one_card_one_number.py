"""Two terminals ask for one card at the same instant, through the real writer; and a ticket told after its day."""

import queue
from collections.abc import Callable

import msgspec

from benchmarks.hall_rig import MONDAY
from hall.commands import AnyReply, Leased, LeaseLabel, Refused
from hall.errors import Reason
from hall.events import TicketIssued
from hall.ids import EventId, ItemCode, RequestId, TicketId
from hall.moves import TicketLapsed
from hall.pack.hall_pack import HallPack
from hall_server.ledger.store import Ledger
from hall_server.writer.jobs import AskJob
from hall_server.writer.loop import Writer
from tests.hall_server.conftest import FAR_S, Desk, HandWriter, Listening

CARD = ItemCode("SI-701")
ROUNDS = 60
DAY_S = 86_400.0


def ask(desk: Desk, ticket: str, person: str, done: Callable[[AnyReply], None]) -> AskJob:
    command = LeaseLabel(ticket=TicketId(ticket), item=CARD, person=person)
    return AskJob(desk.asker, RequestId(f"r-{ticket}"), 1, 0, FAR_S, command, done)


def issued(reply: Leased, at: float = MONDAY) -> TicketIssued:
    return TicketIssued(
        ticket=reply.ticket,
        day=reply.day,
        series=reply.series,
        number=reply.number,
        label=reply.label,
        item=CARD,
        issued_at=at,
    )


def test_of_two_terminals_that_ask_for_one_card_at_once_one_gets_a_number(pack: HallPack, ledger: Ledger) -> None:
    ids = iter(range(1_000_000))
    writer = Writer(
        ledger=ledger, pack=pack, outlet=Listening(), now=lambda: MONDAY, mint=lambda: EventId(f"s{next(ids)}")
    )
    writer.start()
    try:
        for number in range(ROUNDS):
            answers: queue.Queue[AnyReply] = queue.Queue()
            person = f"{number:064x}"
            for name in ("K1", "K2"):
                assert writer.submit(ask(Desk(name), f"{name}-{number}", person, answers.put))
            told = [answers.get(timeout=60), answers.get(timeout=60)]
            (given,) = [one for one in told if isinstance(one, Leased)]
            (refused,) = [one for one in told if isinstance(one, Refused)]
            assert refused.reason is Reason.ALREADY_HOLDING
            assert refused.label == given.label
    finally:
        writer.stop(20)


def lease(writer: HandWriter, desk: Desk, ticket: str, person: str = "") -> AnyReply:
    writer.turn(ask(desk, ticket, person, desk.replies.append))
    return desk.replies[-1]


def test_a_terminal_that_died_with_a_number_keeps_nobody_from_another_all_day(
    ledger: Ledger, make_writer: Callable[..., HandWriter]
) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    kiosk, other, person = Desk("K1"), Desk("K2"), "a" * 64
    assert isinstance(lease(writer, kiosk, "t1", person), Leased)
    now[0] += 119
    assert isinstance(lease(writer, other, "t2", person), Refused)
    now[0] += 1
    second = lease(writer, other, "t3", person)
    assert isinstance(second, Leased)


def test_a_card_whose_first_number_is_told_late_is_flagged_and_never_refused(
    ledger: Ledger, make_writer: Callable[..., HandWriter]
) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    kiosk, other, person = Desk("K1"), Desk("K2"), "a" * 64
    first = lease(writer, kiosk, "t1", person)
    now[0] += 600
    second = lease(writer, other, "t2", person)
    assert isinstance(first, Leased)
    assert isinstance(second, Leased)
    writer.turn(other.up(other.parcel(issued(second))))
    offline = msgspec.structs.replace(issued(first), reserve=True, number=701, label="C701")
    writer.turn(kiosk.up(kiosk.parcel(offline)))
    (entry,) = [one for one in ledger.entries() if one.kind == "TicketIssued" and one.device == "K1"]
    assert "second_of_card" in entry.flags
    assert TicketId("t1") in writer._stand().state.tickets


def test_a_ticket_of_yesterday_that_is_told_today_is_not_odd_and_ends(
    ledger: Ledger, make_writer: Callable[..., HandWriter]
) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    kiosk = Desk("K1")
    told = [lease(writer, kiosk, name) for name in ("t1", "t2")]
    now[0] += DAY_S
    writer.turn()
    for restarted, reply in zip((False, True), told, strict=True):
        again = make_writer(ledger, clock=lambda: now[0]) if restarted else writer
        assert isinstance(reply, Leased)
        again.duties.reconcile_after_s = float("-inf")
        again.turn(kiosk.up(kiosk.parcel(issued(reply))))
        again.turn()
    entries = list(ledger.entries())
    assert [one.flags for one in entries if one.kind == "TicketIssued"] == [(), ()]
    lapsed = [msgspec.json.decode(one.body, type=TicketLapsed) for one in entries if one.kind == "TicketLapsed"]
    assert [(one.ticket, one.cause) for one in lapsed] == [("t1", "day_ended"), ("t2", "day_ended")]


def test_a_number_of_yesterday_that_nobody_gave_is_still_flagged(
    ledger: Ledger, make_writer: Callable[..., HandWriter]
) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    kiosk = Desk("K1")
    reply = lease(writer, kiosk, "t1")
    assert isinstance(reply, Leased)
    now[0] += DAY_S
    writer.turn()
    forged = msgspec.structs.replace(issued(reply), ticket=TicketId("t9"))
    early = msgspec.structs.replace(issued(reply, now[0]), ticket=TicketId("t8"))
    writer.turn(kiosk.up(kiosk.parcel(forged), kiosk.parcel(early)))
    flags = [one.flags for one in ledger.entries() if one.kind == "TicketIssued"]
    assert flags == [("not_leased",), ("not_leased", "wrong_day")]
