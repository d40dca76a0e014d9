"""A window panel whose hall server dies: held for a moment (L1), then on its own (L3), then together again."""

import pytest

from hall.commands import (
    Called,
    CallNext,
    CallTicket,
    Done,
    HoldTicket,
    Refused,
    SignOut,
    Started,
    StartService,
)
from hall.errors import Reason
from hall.events import (
    RequestWithdrawn,
    ServiceFinished,
    ServiceStarted,
    TicketCalled,
    TicketMissed,
    TicketRecalled,
)
from hall.ids import BusinessDay, ServiceId, TerminalId, TicketId, TicketLabel
from hall.outage.sharing import ALONE_RULE, NO_CALL_SEQ
from hall.wire.board import CallShown
from hall.wire.codec import decode, encode
from hall.wire.lanes import Ask
from hall.wire.peers import CallSaid, PeerSaid
from kiosk.sync.issuing import Order
from kiosk.sync.news import CallsAlone, Connecting, Issued, PeerCalled, ServerWentAway
from tests.sync.alone_samples import (
    EIGHT,
    FOURTEEN,
    PENSION,
    SEVEN,
    board,
    cut_off,
    in_hand,
    kinds,
    leave,
    panel,
    waits,
    windows,
)
from tests.sync.panels_alone import Clock, clerk_of
from tests.sync.samples import MONDAY_0930, Bench, pack
from tests.sync.samples import board as shown_by_kiosk

# ---- L1: less than five seconds ----------------------------------------------------------------------------------


def test_for_less_than_five_seconds_one_request_is_held_under_its_own_id_and_the_clerk_is_told() -> None:
    seven = panel(board(waits(1)))
    replies = seven.press(CallNext(window=SEVEN, staff=seven.staff), "held")
    for _ in range(4):
        seven.clock.pass_s(1.1)
        seven.tick()
    asked = [decode(Ask, payload, "ask") for payload in seven.sent("ask")]
    assert len(asked) >= 3
    assert {one.request for one in asked} == {"held"}
    assert replies == []
    assert [news for news in seven.told if isinstance(news, Connecting)] == [Connecting(held=True)]
    assert seven.journalled() == []
    called = Called(
        ticket=TicketId("t001"), label=TicketLabel("C001"), item=PENSION, priority=False, call_seq=5, waited_s=1.0
    )
    seven.answer(called)
    assert replies == [called]
    assert seven.told[-1] == Connecting(held=False)


# ---- L3: on its own ----------------------------------------------------------------------------------------------


def test_after_five_seconds_the_request_is_withdrawn_and_the_call_made_in_one_transaction() -> None:
    calls = (CallShown(call_seq=41, label=TicketLabel("C900"), window=EIGHT, priority=False, recalled=False, at=0.0),)
    seven = panel(board(waits(1), waits(2), calls=calls))
    seven.clock.pass_s(2.0)
    replies = seven.press(CallNext(window=SEVEN, staff=seven.staff), "held")
    leave(seven)
    (called,) = replies
    assert isinstance(called, Called)
    assert (called.label, called.call_seq) == ("C001", NO_CALL_SEQ)
    assert called.why_zh, "the clerk can say why this one"
    withdrawn, call = seven.journalled()
    assert isinstance(withdrawn, RequestWithdrawn)
    assert (withdrawn.request, withdrawn.window, withdrawn.after_call_seq) == ("held", "7", 41)
    assert isinstance(call, TicketCalled)
    assert (call.ticket, call.rule, call.call_seq) == ("t001", ALONE_RULE, NO_CALL_SEQ)
    assert [head.ticket for head in call.compared] == ["t001"]
    assert ServerWentAway() in seven.told
    assert seven.told[-1] == CallsAlone(1, (TicketLabel("C002"),))


def test_what_the_disk_refuses_was_not_called_and_the_request_not_withdrawn() -> None:
    seven = panel(board(waits(1)))
    seven.clock.pass_s(2.0)
    replies = seven.press(CallNext(window=SEVEN, staff=seven.staff), "held")
    seven.journal.execute(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON outbox WHEN NEW.body LIKE '%TicketCalled%'"
        " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    leave(seven)
    assert [one.reason for one in replies if isinstance(one, Refused)] == [Reason.INTERNAL]
    assert seven.journalled() == []
    assert seven.said() == [], "nobody is sent to this window"
    seven.journal.execute("DROP TRIGGER full")
    assert seven.label() == "C001", "and nobody was lost by it"
    assert kinds(seven.journalled()) == ["RequestWithdrawn", "TicketCalled"]


def test_the_day_goes_on_alone_call_start_finish_next() -> None:
    seven = cut_off(board(waits(1), waits(2)))
    assert seven.label() == "C001"
    started = seven.starts()
    assert isinstance(started, Started)
    assert seven.starts() == started, "pressed twice is begun once"
    assert seven.finishes() == Done()
    assert seven.label() == "C002"
    assert seven.label() == "C002", "who is in hand stays in hand"
    assert kinds(seven.journalled()) == ["TicketCalled", "ServiceStarted", "ServiceFinished", "TicketCalled"]
    starts, ends = (
        [one for one in seven.journalled() if isinstance(one, kind)] for kind in (ServiceStarted, ServiceFinished)
    )
    assert [one.service for one in starts] == [one.service for one in ends]


def test_missed_needs_as_many_calls_and_as_much_time_as_with_the_server() -> None:
    seven = cut_off(board(waits(1), waits(2)))
    seven.calls()
    for _ in range(2):
        refused = seven.misses()
        assert isinstance(refused, Refused)
        assert refused.reason is Reason.ILLEGAL_MOVE
        seven.clock.pass_s(10.0)
        again = seven.recalls()
    assert isinstance(again, Called)
    assert again.calls_left == 0
    assert isinstance(seven.misses(), Refused), "three calls, but not yet time enough to walk here"
    seven.clock.pass_s(20.5)
    assert seven.misses() == Done()
    assert seven.label() == "C002"
    events = seven.journalled()
    assert kinds(events) == ["TicketCalled", "TicketRecalled", "TicketRecalled", "TicketMissed", "TicketCalled"]
    assert all(one.call_seq == NO_CALL_SEQ for one in events if isinstance(one, TicketRecalled | TicketMissed))


def test_who_was_here_before_the_server_died_is_served_on_under_the_servers_own_service() -> None:
    seven = cut_off(board(waits(1), windows=(in_hand("serving", service="t900/2"),)))
    assert seven.finishes() == Done()
    (finished,) = seven.journalled()
    assert isinstance(finished, ServiceFinished)
    assert (finished.ticket, finished.service) == ("t900", "t900/2")
    assert seven.label() == "C001"


def test_an_answer_that_came_after_the_last_board_is_known_when_the_server_dies() -> None:
    seven = panel(board(waits(1), waits(2)))
    seven.clock.pass_s(3.0)
    seven.press(CallNext(window=SEVEN, staff=seven.staff))
    seven.answer(
        Called(ticket=TicketId("t001"), label=TicketLabel("C001"), item=PENSION, priority=False, call_seq=5, waited_s=1)
    )
    seven.hears("board", board(waits(1), waits(2), version=2))  # drawn before the call was made
    seven.press(StartService(window=SEVEN, staff=seven.staff))
    seven.answer(Started(service=ServiceId("t001/1"), ticket=TicketId("t001")))
    leave(seven)
    assert seven.finishes() == Done()
    (finished,) = seven.journalled()
    assert isinstance(finished, ServiceFinished)
    assert (finished.ticket, finished.service) == ("t001", "t001/1")


def test_a_board_from_before_an_answer_does_not_take_the_person_away() -> None:
    seven = panel(board(waits(1), waits(2)))
    seven.press(CallNext(window=SEVEN, staff=seven.staff))
    seven.answer(
        Called(ticket=TicketId("t001"), label=TicketLabel("C001"), item=PENSION, priority=False, call_seq=5, waited_s=1)
    )
    seven.hears("board", board(waits(1), waits(2), version=2))
    leave(seven)
    again = seven.recalls()
    assert isinstance(again, Called)
    assert again.label == "C001"


def test_a_call_that_the_server_made_and_only_the_board_told_is_taken_and_not_withdrawn() -> None:
    seven = panel(board(waits(1), waits(2)))
    replies = seven.press(CallNext(window=SEVEN, staff=seven.staff))
    seven.clock.pass_s(2.0)
    seven.beat()
    seven.hears("board", board(waits(2), version=2, windows=(in_hand("called", "t001", "C001"),)))
    leave(seven)
    assert [one.label for one in replies if isinstance(one, Called)] == ["C001"]
    assert seven.journalled() == []


@pytest.mark.parametrize(
    "command",
    [HoldTicket(window=SEVEN, staff=clerk_of(SEVEN)), SignOut(staff=clerk_of(SEVEN))],
)
def test_what_needs_the_whole_hall_is_politely_refused(command: HoldTicket | SignOut) -> None:
    seven = cut_off(board(waits(1)))
    (refused,) = seven.press(command)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.SERVER_AWAY
    assert seven.journalled() == []


def test_a_number_out_of_turn_that_nobody_answered_is_withdrawn_and_not_called() -> None:
    seven = panel(board(waits(1)))
    seven.clock.pass_s(2.0)
    replies = seven.press(CallTicket(window=SEVEN, staff=seven.staff, label=TicketLabel("C001")))
    leave(seven)
    assert [one.reason for one in replies if isinstance(one, Refused)] == [Reason.SERVER_AWAY]
    assert kinds(seven.journalled()) == ["RequestWithdrawn"]


# ---- whom it calls -----------------------------------------------------------------------------------------------


def test_two_panels_share_one_board_and_never_call_the_same_person() -> None:
    people = [waits(number) for number in range(1, 41)]
    shown, clock = board(*people, staffed=(SEVEN, EIGHT, FOURTEEN)), Clock()
    panels = [panel(shown, window, clock) for window in (SEVEN, EIGHT, FOURTEEN)]
    leave(*panels)
    found: dict[str, list[str]] = {one.window: [] for one in panels}
    while working := [one for one in panels if isinstance(one.calls(), Called)]:
        for one in working:
            found[one.window].append(one.label())
            one.starts()
            one.finishes()
            clock.pass_s(1.0)
    assert sorted(label for labels in found.values() for label in labels) == sorted(one.label for one in people)
    assert all(labels == sorted(labels) for labels in found.values()), "each in the order of coming"
    assert all(len(labels) > 5 for labels in found.values())
    assert [one.told[-1] for one in panels] == [CallsAlone(0)] * 3


def test_priority_goes_first_as_the_halls_rule_says_but_not_for_ever() -> None:
    people = [waits(number, priority=number % 2 == 0) for number in range(1, 13)]
    fourteen = cut_off(board(*people, staffed=(FOURTEEN,)), FOURTEEN)
    called: list[str] = []
    for _ in people:
        called.append(fourteen.label()[0])
        fourteen.starts()
        fourteen.finishes()
    assert "".join(called) == "YYYCYYYCCCCC", "at most three priority calls in a row while others wait"


def test_who_was_asked_near_comes_first_who_stepped_away_is_passed_over_who_was_sent_elsewhere_is_left() -> None:
    people = [
        waits(1, away_until=MONDAY_0930 + 60),
        waits(2, bound=EIGHT),
        waits(3, precalled_by=EIGHT),
        waits(4),
        waits(5, precalled_by=SEVEN),
    ]
    here = cut_off(board(*people, staffed=(SEVEN,), windows=windows(SEVEN, EIGHT)))
    called = []
    for _ in range(2):
        reply = here.calls()
        if isinstance(reply, Called):
            called.append(reply.label)
            here.starts()
            here.finishes()
    assert called[0] == "C005"
    assert not {"C001", "C002", "C003"} & set(called)
    here.clock.pass_s(60)
    later = here.calls()
    if isinstance(later, Called):
        assert later.label == "C001"


def test_nobody_left_is_said_and_somebody_who_took_a_number_meanwhile_joins() -> None:
    seven = cut_off(board())
    refused = seven.calls()
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.NOBODY_WAITING
    seven.hears("peers", PeerSaid(terminal=TerminalId("K1"), joined=waits(701)))
    assert seven.told[-1] == CallsAlone(1, (TicketLabel("C701"),))
    assert seven.label() == "C701"


def test_a_kiosk_that_gives_out_a_number_by_itself_says_so_to_the_panels() -> None:
    kiosk = Bench()
    kiosk.core.connected(kiosk.now)
    kiosk.hear("pack", encode(pack()))
    kiosk.hear("board", encode(shown_by_kiosk()))
    issued: list[object] = []
    kiosk.core.issue(Order(TicketId("t1"), PENSION, None, None, issued.append), kiosk.now)
    assert isinstance(issued[0], Issued)
    (told,) = [decode(PeerSaid, payload, "peers") for payload in kiosk.sent("peers")]
    assert told.joined is not None
    event = issued[0].event
    assert (told.joined.ticket, told.joined.label, told.joined.work) == ("t1", event.label, "A")
    assert told.joined.since == event.issued_at


def test_what_a_peer_has_called_is_not_called_here_and_is_told_to_the_screen() -> None:
    seven = cut_off(board(waits(1), waits(2)))
    call = CallSaid(ticket=TicketId("t001"), label=TicketLabel("C001"), window=EIGHT, at=MONDAY_0930)
    seven.hears("peers", PeerSaid(terminal=TerminalId("W08"), called=call))
    assert PeerCalled(call) in seven.told
    assert seven.label() == "C002"


def test_a_peer_is_not_heeded_while_the_server_is_here() -> None:
    seven = panel(board(waits(1), waits(2)))
    call = CallSaid(ticket=TicketId("t001"), label=TicketLabel("C001"), window=EIGHT, at=MONDAY_0930)
    seven.hears("peers", PeerSaid(terminal=TerminalId("W08"), called=call))
    assert PeerCalled(call) not in seven.told
    leave(seven)
    assert seven.label() == "C001"


def test_what_peers_said_in_one_outage_binds_nobody_in_the_next() -> None:
    seven = cut_off(board(waits(1)))
    seven.hears("peers", PeerSaid(terminal=TerminalId("K1"), joined=waits(701)))
    call = CallSaid(ticket=TicketId("t001"), label=TicketLabel("C001"), window=EIGHT, at=MONDAY_0930)
    seven.hears("peers", PeerSaid(terminal=TerminalId("W08"), called=call))
    for version in range(2, 20):  # the server is back: C701 was served since, C001 was missed and waits again
        seven.clock.pass_s(1.0)
        seven.meets(board(waits(1), version=version))
    leave(seven)
    assert seven.label() == "C001"
    seven.starts()
    seven.finishes()
    assert isinstance(seven.calls(), Refused), "nobody calls who was served while the server was here"


def test_each_call_alone_is_said_to_the_hall_with_numbers_only() -> None:
    seven = cut_off(board(waits(1)))
    seven.calls()
    seven.recalls()
    said = seven.said()
    assert [(one.called.label, one.called.recalled) for one in said if one.called] == [("C001", False), ("C001", True)]
    assert {one.terminal for one in said} == {"W07"}


def test_yesterdays_board_calls_nobody() -> None:
    seven = cut_off(board(waits(1), day=BusinessDay("2026-11-20")))
    refused = seven.calls()
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.DAY_NOT_OPEN


def test_somebody_else_than_the_clerk_who_was_signed_in_calls_nobody() -> None:
    seven = cut_off(board(waits(1)))
    (refused,) = seven.press(CallNext(window=SEVEN, staff=clerk_of(EIGHT)))
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.NOT_SIGNED_IN


def test_heads_compared_stand_in_the_record_of_the_call() -> None:
    fourteen = cut_off(board(waits(1), waits(2, priority=True), staffed=(FOURTEEN,)), FOURTEEN)
    fourteen.calls()
    (call,) = fourteen.journalled()
    assert isinstance(call, TicketCalled)
    assert {head.label for head in call.compared} == {"C001", "Y002"}
    assert all(head.waited_s > 0 for head in call.compared)
    assert call.because
