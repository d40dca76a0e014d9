"""What the sync thread decides, with a wire that remembers and clocks that move."""

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given, settings

from hall.commands import AnyReply, Called, CallNext, Done, Leased, LeaseLabel, Refused, SignedIn, StatementSealed
from hall.errors import Reason
from hall.events import TicketIssued
from hall.ids import AreaId, ItemCode, RequestId, Serial, Series, StaffId, TicketId, TicketLabel, WindowId
from hall.wire.codec import decode, encode
from hall.wire.health_reports import Alerts, HealthReport
from hall.wire.lanes import Answer, Ask, Envelope, Link, Mark, Up
from kiosk.sync.asking import AGAIN_AFTER_S, MAX_WAITING
from kiosk.sync.issuing import Order
from kiosk.sync.news import AlertsArrived, BoardArrived, Issued, PackArrived, ServerCameBack, ServerWentAway
from kiosk.sync.presence import AWAY_AFTER_S
from kiosk.sync.recording import WRITE_AGAIN_S
from tests.sync.samples import MONDAY, MONDAY_0930, QUOTE, Bench, beat, board, help_wanted, pack

CALL = CallNext(window=WindowId("7"), staff=StaffId("0310"))


def ask_of(bench: Bench) -> Ask:
    return decode(Ask, bench.sent("ask")[-1], "ask")


def answer(request: RequestId, reply: AnyReply) -> bytes:
    return encode(Answer(request=request, ledger_epoch=1, reply=reply))


def leased(ticket: TicketId) -> Leased:
    return Leased(
        ticket=ticket,
        day=MONDAY,
        series=Series("A"),
        number=12,
        label=TicketLabel("A012"),
        windows=(WindowId("7"),),
        area=AreaId("east"),
        quote=QUOTE,
    )


def take_ticket(bench: Bench, item: str = "SI-301") -> list[Issued | Refused]:
    outcomes: list[Issued | Refused] = []
    ticket = TicketId(bench.mint())
    bench.core.issue(Order(ticket, ItemCode(item), None, None, outcomes.append), bench.now)
    return outcomes


def events_of(bench: Bench) -> list[Envelope]:
    return [msgspec.json.decode(raw, type=Envelope) for up in bench.sent("up") for raw in decode(Up, up, "up").events]


def test_a_lease_in_time_becomes_a_ticket_with_that_label_and_quote() -> None:
    bench = Bench()
    bench.meet()
    outcomes = take_ticket(bench)
    question = ask_of(bench)
    assert isinstance(question.command, LeaseLabel)
    assert question.wait_s == 0.15
    assert outcomes == []
    bench.hear("answer", answer(question.request, leased(question.command.ticket)))
    (issued,) = outcomes
    assert isinstance(issued, Issued)
    assert issued.event.label == "A012"
    assert issued.event.quote == QUOTE
    assert not issued.event.reserve
    assert issued.leased is not None
    assert bench.core.outbox_depth == 1


def test_no_answer_within_the_budget_takes_the_reserve_and_the_late_lease_is_ignored() -> None:
    bench = Bench()
    bench.meet()
    outcomes = take_ticket(bench)
    bench.pass_s(0.149)
    assert outcomes == []
    bench.pass_s(0.002)
    (issued,) = outcomes
    assert isinstance(issued, Issued)
    assert issued.event.label == "A701"
    assert issued.event.reserve
    question = ask_of(bench)
    assert isinstance(question.command, LeaseLabel)
    bench.hear("answer", answer(question.request, leased(question.command.ticket)))
    assert len(outcomes) == 1
    assert bench.core.outbox_depth == 1


def test_a_decision_of_the_hall_is_passed_on_and_never_turned_into_a_reserve_ticket() -> None:
    bench = Bench()
    bench.meet()
    outcomes = take_ticket(bench)
    no = Refused(reason=Reason.OUTSIDE_HOURS)
    bench.hear("answer", answer(ask_of(bench).request, no))
    assert outcomes == [no]
    assert bench.core.outbox_depth == 0


@pytest.mark.parametrize("reply", [Done(), Refused(reason=Reason.INTERNAL), leased(TicketId("another"))])
def test_an_answer_that_decides_nothing_takes_the_reserve(reply: AnyReply) -> None:
    bench = Bench()
    bench.meet()
    outcomes = take_ticket(bench)
    bench.hear("answer", answer(ask_of(bench).request, reply))
    (issued,) = outcomes
    assert isinstance(issued, Issued)
    assert issued.event.reserve


def test_cut_off_tickets_come_at_once_with_unique_numbers_and_an_approximate_quote() -> None:
    bench = Bench()
    bench.meet()
    bench.core.disconnected()
    outcomes = [take_ticket(bench)[0] for _ in range(5)]
    events = [outcome.event for outcome in outcomes if isinstance(outcome, Issued)]
    assert [event.label for event in events] == ["A701", "A702", "A703", "A1-K1", "A2-K1"]
    assert all(event.quote is not None and event.quote.approximate for event in events)


def test_a_new_terminal_says_the_day_is_not_open_and_an_unknown_item_is_refused_offline_too() -> None:
    (refused,) = take_ticket(Bench())
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.DAY_NOT_OPEN
    bench = Bench()
    bench.meet()
    bench.core.disconnected()
    (refused,) = take_ticket(bench, "no such item")
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.UNKNOWN_ITEM


def test_a_restarted_terminal_issues_from_what_it_knew_before() -> None:
    bench = Bench()
    bench.meet()
    bench.restart()
    assert bench.core.snapshots.pack == pack()
    assert bench.core.snapshots.board == board()
    (issued,) = take_ticket(bench)
    assert isinstance(issued, Issued)


def test_a_question_goes_out_after_the_terminals_own_events() -> None:
    bench = Bench()
    bench.meet()
    bench.hear("mark", encode(Mark(ledger_epoch=1, marks={}, chain_head="")))
    bench.core.record([help_wanted(), help_wanted()], None, bench.now)
    bench.core.ask(RequestId("r"), CALL, 3.0, lambda _reply: None, bench.now)
    assert [lane for lane, _payload in bench.wire[-2:]] == ["up", "ask"]
    assert (ask_of(bench).after_epoch, ask_of(bench).after_seq) == (bench.core.epoch, 2)


def test_an_unanswered_question_is_repeated_with_the_same_id_also_after_a_reconnect_until_it_is_too_late() -> None:
    bench = Bench()
    bench.meet()
    replies: list[AnyReply] = []
    bench.core.ask(RequestId("r"), CALL, 3.0, replies.append, bench.now)
    bench.pass_s(AGAIN_AFTER_S)
    bench.core.disconnected()
    bench.takes = False
    bench.pass_s(AGAIN_AFTER_S)
    bench.takes = True
    bench.core.connected(bench.now)
    bench.pass_s(0.0)
    assert {decode(Ask, sent, "ask").request for sent in bench.sent("ask")} == {RequestId("r")}
    assert len(bench.sent("ask")) == 3
    bench.pass_s(1.0)
    assert [reply.reason for reply in replies if isinstance(reply, Refused)] == [Reason.TOO_LATE]
    bench.hear("answer", answer(RequestId("r"), Done()))
    assert len(replies) == 1


def test_an_answer_reaches_the_asker_once_even_if_it_comes_twice() -> None:
    bench = Bench()
    bench.meet()
    replies: list[AnyReply] = []
    bench.core.ask(RequestId("r"), CALL, 3.0, replies.append, bench.now)
    bench.hear("answer", answer(RequestId("r"), Done()))
    bench.hear("answer", answer(RequestId("r"), Done()))
    assert replies == [Done()]


def test_a_server_that_is_away_is_said_at_once_and_a_wait_ends_when_it_goes() -> None:
    bench = Bench()
    replies: list[AnyReply] = []
    bench.core.connected(bench.now)
    bench.core.ask(RequestId("r"), CALL, 3.0, replies.append, bench.now)
    bench.hear("beat", beat())
    bench.core.ask(RequestId("s"), CALL, 30.0, replies.append, bench.now)
    bench.pass_s(AWAY_AFTER_S)
    assert [reply.reason for reply in replies if isinstance(reply, Refused)] == [Reason.SERVER_AWAY] * 2


def test_too_many_questions_are_refused_not_queued_for_ever() -> None:
    bench = Bench()
    bench.meet()
    replies: list[AnyReply] = []
    for n in range(MAX_WAITING + 1):
        bench.core.ask(RequestId(str(n)), CALL, 3.0, replies.append, bench.now)
    assert len(replies) == 1


def test_away_and_back_are_each_told_once() -> None:
    bench = Bench()
    bench.core.connected(bench.now)
    for _ in range(20):
        bench.pass_s(1.0)
    for _ in range(5):
        bench.hear("beat", beat())
        bench.pass_s(1.0)
    assert bench.told == [ServerWentAway(), ServerCameBack()]
    assert not bench.core.server_away
    bench.pass_s(AWAY_AFTER_S)
    assert bench.told[2:] == [ServerWentAway()]


def test_a_server_that_came_back_is_greeted_again_and_gets_what_it_lacks() -> None:
    bench = Bench()
    bench.core.connected(bench.now)
    bench.core.record([help_wanted()], None, bench.now)
    assert bench.sent("up") == []
    bench.hear("beat", beat())
    assert decode(Link, bench.sent("link")[-1], "link") == Link(
        state="ready", epoch=bench.core.epoch, role="self_service", software="test"
    )
    assert len(bench.sent("link")) == 2
    bench.hear("mark", encode(Mark(ledger_epoch=1, marks={}, chain_head="")))
    assert len(events_of(bench)) == 1


def test_the_latest_board_wins_whatever_the_order() -> None:
    bench = Bench()
    for version, at in ((2, 2.0), (1, 1.0), (2, 2.0), (1, 9.0)):
        bench.hear("board", encode(board(version, at=at)))
    assert [news.board.at for news in bench.told if isinstance(news, BoardArrived)] == [2.0, 9.0]
    bench.hear("board", encode(board(1, at=1.0, ledger_epoch=2)))
    bench.hear("board", encode(board(99, at=99.0, ledger_epoch=1)))
    assert bench.core.snapshots.board == board(1, at=1.0, ledger_epoch=2)


def test_pack_and_alerts_are_told_when_they_change() -> None:
    bench = Bench()
    for _ in range(2):
        bench.hear("pack", encode(pack()))
        bench.hear("alerts", encode(Alerts(version=1, at=1.0, alerts=())))
    assert bench.told == [PackArrived(pack()), AlertsArrived(Alerts(version=1, at=1.0, alerts=()))]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["beat", "mark", "answer", "board", "pack", "alerts", "down", "?"]), st.binary(max_size=60))
def test_garbage_is_dropped_with_one_line_and_without_its_content(lane: str, payload: bytes) -> None:
    bench = Bench()
    bench.hear(lane, payload)
    assert bench.log.count("message_dropped") == 1
    assert bench.log.lines[0][1].keys() == {"lane", "reason", "size"}
    assert bench.told == []


def test_a_callers_mistake_does_not_stop_the_terminal_and_its_text_is_not_logged() -> None:
    bench = Bench()

    def wrong() -> None:
        raise ValueError("110101190001010000")

    bench.core.record([help_wanted()], wrong, bench.now)
    assert bench.log.lines == [("callback_failed", {"error": "ValueError"})]
    assert bench.core.outbox_depth == 1


def test_done_is_called_after_the_commit_and_only_then() -> None:
    bench = Bench()
    depths: list[int] = []
    bench.core.record([help_wanted()], lambda: depths.append(bench.core._outbox.waiting()[0]), bench.now)
    assert depths == [1]


def test_while_the_disk_refuses_records_wait_in_order_and_nobody_is_told_done() -> None:
    bench = Bench()
    done: list[str] = []
    bench.journal.execute("PRAGMA query_only = 1")
    for step in ("one", "two"):
        bench.core.record([help_wanted(step)], lambda step=step: done.append(step), bench.now)  # type: ignore[misc]
    (refused,) = take_ticket_offline(bench)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.DAY_NOT_OPEN
    assert done == []
    bench.journal.execute("PRAGMA query_only = 0")
    bench.pass_s(WRITE_AGAIN_S)
    assert done == ["one", "two"]
    assert bench.log.count("journal_unwritable") == 1
    assert bench.log.count("journal_writable") == 1


def take_ticket_offline(bench: Bench) -> list[Issued | Refused]:
    bench.core.disconnected()
    return take_ticket(bench)


def test_no_paper_is_promised_when_the_ticket_could_not_be_committed() -> None:
    bench = Bench()
    bench.meet()
    bench.journal.execute("PRAGMA query_only = 1")
    (refused,) = take_ticket_offline(bench)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.INTERNAL
    bench.journal.execute("PRAGMA query_only = 0")
    (issued,) = take_ticket(bench)
    assert isinstance(issued, Issued)
    assert issued.event.label == "A701"


def test_answers_are_kept_as_witnesses_but_nothing_about_persons() -> None:
    bench = Bench()
    called = Called(
        ticket=TicketId("t"),
        label=TicketLabel("A012"),
        item=ItemCode("SI-301"),
        priority=False,
        call_seq=1,
        waited_s=60.0,
    )
    personal: tuple[AnyReply, ...] = (
        StatementSealed(serial=Serial("s"), sealed=b"x"),
        SignedIn(staff=StaffId("0310"), name="王明", roles=()),
    )
    for n, reply in enumerate((called, *personal)):
        bench.hear("answer", answer(RequestId(str(n)), reply))
    assert bench.journal.witnesses() == [answer(RequestId("0"), called)]


def test_health_is_lossy() -> None:
    bench = Bench()
    bench.takes = False
    report = HealthReport(
        at=1.0,
        role="self_service",
        epoch=1,
        uptime_s=1.0,
        outbox_depth=0,
        oldest_unacked_s=0.0,
        step="home",
        devices=(),
    )
    bench.core.publish_health(report)
    bench.takes = True
    bench.core.publish_health(report)
    assert bench.sent("health") == [encode(report)]


def test_what_is_remembered_outlives_the_process() -> None:
    bench = Bench()
    bench.core.remember("last_call", "41")
    bench.core.remember("last_call", "42")
    bench.restart()
    assert bench.core.remembered() == {"last_call": "42"}


def test_after_an_outage_the_ledger_gets_every_ticket_in_order() -> None:
    bench = Bench()
    bench.meet()
    bench.core.disconnected()
    for _ in range(30):
        take_ticket(bench)
    bench.core.connected(bench.now)
    bench.hear("beat", beat())
    bench.hear("mark", encode(Mark(ledger_epoch=1, marks={}, chain_head="")))
    assert [envelope.seq for envelope in events_of(bench)] == list(range(1, 31))
    assert all(isinstance(envelope.event, TicketIssued) for envelope in events_of(bench))
    assert bench.core.oldest_unacked_at == MONDAY_0930
    bench.hear("mark", encode(Mark(ledger_epoch=1, marks={str(bench.core.epoch): 30}, chain_head="")))
    assert bench.core.outbox_depth == 0
