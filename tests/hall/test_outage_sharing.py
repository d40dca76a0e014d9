from collections.abc import Collection, Iterable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.commands import CallNext
from hall.day.board import board
from hall.events import RequestWithdrawn, TicketCalled
from hall.ids import BusinessDay, ItemCode, RequestId, Series, StaffId, TicketId, TicketLabel, WindowId
from hall.outage import sharing
from hall.outage.sharing import Level
from hall.pack import hall_pack
from hall.queue import queueing
from hall.wire.board import MAX_WAITING_SHOWN, Board, WaitingShown, WindowShown
from hall.wire.codec import MAX_MESSAGE_BYTES, encode
from hall.wire.pack_shown import WindowPlan
from tests.hall.world import CARD, PENSION, World, qinghe

SERIES = [Series(letter) for letter in "ABCY"]


def window(number: str, series: str) -> WindowPlan:
    return WindowPlan(window=WindowId(number), title="", area="", series=tuple(Series(one) for one in series))  # type: ignore[arg-type]


def waiting(ticket: str, work: str = "A", since: float = 0.0, *, numbers: str = "") -> WaitingShown:
    own = Series(numbers or work)
    label = TicketLabel(f"{own}001")
    return WaitingShown(TicketId(ticket), label, ItemCode("SI-301"), own, Series(work), own == "Y", since)


def snapshot(staffed: list[str], tickets: list[WaitingShown], version: int = 7) -> Board:
    windows = tuple(WindowShown(window=WindowId(one), state="free", staff=StaffId("0303")) for one in staffed)
    return Board(
        ledger_epoch=1,
        version=version,
        at=0.0,
        day=BusinessDay("2026-11-23"),
        next_day=BusinessDay("2026-11-24"),
        taking_tickets=True,
        waiting=len(tickets),
        typical_wait_min=0,
        queues=(),
        windows=(*windows, WindowShown(window=WindowId("99"), state="closed")),
        calls=(),
        waiting_tickets=tuple(tickets),
    )


def open_on(shown: Board, plan: list[WindowPlan]) -> sharing.Serving:
    return sharing.signed_in(shown, plan, ())


def shared(
    shown: Board,
    plan: list[WindowPlan],
    buses: dict[WindowId, str],
    joined: Iterable[WaitingShown] = (),
    gone: Collection[TicketId] = (),
) -> sharing.Shares:
    return sharing.share(shown, open_on(shown, plan), buses, joined=joined, gone=gone)


@st.composite
def tickets(draw: st.DrawFn) -> list[WaitingShown]:
    ids = draw(st.lists(st.integers(0, 999), max_size=40, unique=True))
    return [
        waiting(
            f"t{one:03d}",
            draw(st.sampled_from(["A", "B", "C"])),
            float(draw(st.integers(0, 100))),
            numbers=draw(st.sampled_from(["", "Y"])),
        )
        for one in ids
    ]


plans = st.lists(st.sets(st.sampled_from("ABCY"), min_size=1), max_size=6).map(
    lambda rows: [window(str(number), "".join(sorted(row))) for number, row in enumerate(rows, 1)]
)
lines = st.dictionaries(st.integers(1, 6).map(lambda number: WindowId(str(number))), st.sampled_from(["", "x", "y"]))


@given(tickets(), plans, lines)
def test_every_ticket_has_exactly_one_caller_or_nobody_does_its_work(
    known: list[WaitingShown], plan: list[WindowPlan], buses: dict[WindowId, str]
) -> None:
    shares = shared(snapshot([one.window for one in plan], known), plan, buses)
    told = [one.ticket for share in (*shares.by_caller.values(), shares.unserved) for one in share]
    assert sorted(told) == sorted(one.ticket for one in known)
    able = {series for one in plan for series in one.series}
    assert {one.ticket for one in shares.unserved} == {one.ticket for one in known if one.work not in able}


@given(tickets(), plans, lines, st.data())
def test_panels_that_heard_of_different_tickets_still_agree_on_every_caller(
    known: list[WaitingShown], plan: list[WindowPlan], buses: dict[WindowId, str], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(known)))
    shown = snapshot([one.window for one in plan], known[:cut])
    heard = data.draw(st.permutations(known[cut:]))[: data.draw(st.integers(0, len(known) - cut))]

    def callers(joined: list[WaitingShown]) -> dict[TicketId, sharing.Caller]:
        shares = shared(shown, data.draw(st.permutations(plan)), buses, joined=joined)
        return {one.ticket: caller for caller, share in shares.by_caller.items() for one in share}

    more, fewer = callers(known[cut:]), callers(list(heard))
    assert fewer.items() <= more.items()


@given(tickets(), plans.filter(bool), st.data())
def test_a_window_that_was_not_signed_in_leaves_only_its_own_tickets_to_others(
    known: list[WaitingShown], plan: list[WindowPlan], data: st.DataObject
) -> None:
    ordinary = [one for one in known if not one.priority]
    closed = data.draw(st.sampled_from(plan)).window
    before = shared(snapshot([one.window for one in plan], ordinary), plan, {}).by_caller
    after = shared(snapshot([o.window for o in plan if o.window != closed], ordinary), plan, {}).by_caller
    for caller, share in before.items():
        if caller != sharing.caller_of(closed, {}):
            assert set(share) <= set(after[caller])


@given(tickets(), plans, lines)
def test_a_share_holds_only_work_that_one_of_its_windows_may_call_in_order_of_place(
    known: list[WaitingShown], plan: list[WindowPlan], buses: dict[WindowId, str]
) -> None:
    shown = snapshot([one.window for one in plan], known)
    serving = open_on(shown, plan)
    for caller, share in shared(shown, plan, buses).by_caller.items():
        own = [one for one in serving.series if sharing.caller_of(one, buses) == caller]
        assert all(any(sharing.may_call(one, ticket, serving) for one in own) for ticket in share)
        assert list(share) == sorted(share, key=lambda one: (one.since, one.ticket))


def test_the_work_of_two_windows_is_split_nearly_in_half() -> None:
    known = [waiting(f"{number:032x}") for number in range(1000)]
    shares = shared(snapshot(["1", "2"], known), [window("1", "A"), window("2", "A")], {}).by_caller
    assert 430 < len(shares[sharing.Caller("window 1")]) < 570


def test_windows_on_one_bus_have_one_caller_who_may_call_for_each_of_them() -> None:
    plan = [window("1", "A"), window("2", "B"), window("3", "A")]
    buses = {WindowId("1"): "east", WindowId("2"): "east"}
    shares = shared(snapshot(["1", "2"], [waiting("a"), waiting("b", "B")]), plan, buses)
    assert {caller: len(share) for caller, share in shares.by_caller.items()} == {"bus east": 2}
    assert shares.board == (1, 7)
    serving = open_on(snapshot(["1", "2"], []), plan)
    east = shares.by_caller[sharing.Caller("bus east")]
    own = [sharing.heads(WindowId(one), east, serving, 60.0, rates=(1.0, 3.0)) for one in ("1", "2", "3")]
    assert [[head.ticket for head in heads] for heads in own] == [["a"], ["b"], []]


def test_a_priority_number_goes_to_its_own_windows_and_to_all_when_they_are_closed() -> None:
    plan, person = [window("1", "A"), window("2", "AY")], waiting("p", "A", numbers="Y")
    both = open_on(snapshot(["1", "2"], []), plan)
    assert sharing.window_for(person, both) == "2"
    assert sharing.window_for(person, open_on(snapshot(["1"], []), plan)) == "1"
    assert sharing.window_for(waiting("x", "C"), both) is None


def test_a_ticket_that_a_peer_has_called_is_left_alone_and_the_board_knows_better_than_hearsay() -> None:
    plan = [window("1", "A")]
    shown = snapshot(["1"], [waiting("a", since=1.0), waiting("b", since=2.0)])
    shares = shared(shown, plan, {}, joined=[waiting("c", since=1.5), waiting("a", since=9.0)], gone={TicketId("b")})
    assert [(one.ticket, one.since) for one in shares.by_caller[sharing.Caller("window 1")]] == [("a", 1.0), ("c", 1.5)]


@pytest.mark.parametrize(
    ("no_beat_s", "answered", "expected"),
    [
        (0.0, True, Level.SERVER),
        (4.9, True, Level.SERVER),
        (4.9, False, Level.HOLDING),
        (5.0, False, Level.ALONE),
        (60.0, True, Level.ALONE),
    ],
)
def test_a_panel_holds_one_request_for_five_seconds_and_then_goes_alone(
    no_beat_s: float, answered: bool, expected: Level
) -> None:
    assert sharing.level(no_beat_s, answered=answered) is expected


def test_at_window_14_the_server_is_lost_with_a_request_open_and_the_panel_calls_from_its_share() -> None:
    """The request is withdrawn in the same breath, and the hall's own rule chooses among the heads of the share."""
    world = World().open().sign_in_all()
    world.take("t1", PENSION)
    world.now += 60
    world.take("t2", CARD)
    world.take("t3", CARD, "D1", grant=True)
    shown = board(world.state, world.now, 9, 1, BusinessDay("2026-11-24"))
    shown = msgspec.structs.replace(shown, waiting_tickets=sharing.waiting_shown(world.state))
    plan, own = hall_pack.shown(qinghe(), b""), WindowId("14")
    serving = sharing.signed_in(shown, plan.windows, plan.items)
    mine = sharing.share(shown, serving, {}).by_caller[sharing.caller_of(own, {})]
    limits = qinghe().limits
    world.now += 30
    compared = sharing.heads(own, mine, serving, world.now, rates=(limits.ordinary_rate, limits.priority_rate))
    decided_by_the_server = queueing.heads(world.state, own, world.now)
    assert set(compared) <= set(decided_by_the_server)
    chosen = compared[0]
    withdrawn, called = sharing.call_alone(
        chosen,
        window=own,
        staff=StaffId("0310"),
        held=RequestId("r1"),
        last_call_seq=41,
        compared=compared,
        now=world.now,
    )
    assert isinstance(withdrawn, RequestWithdrawn)
    assert (withdrawn.request, withdrawn.after_call_seq) == ("r1", 41)
    assert isinstance(called, TicketCalled)
    assert (called.ticket, called.rule, called.call_seq) == (chosen.ticket, "alone", 0)
    (alone,) = sharing.call_alone(
        chosen, window=own, staff=StaffId("0310"), held=None, last_call_seq=41, compared=(), now=world.now
    )
    assert isinstance(alone, TicketCalled)


def test_the_board_names_who_waits_in_order_and_a_full_one_still_fits_the_wire() -> None:
    world = World().open().sign_in_all()
    for number in range(3):
        world.take(f"t{number}")
        world.now += 1
    world.at(CallNext)
    assert [one.ticket for one in sharing.waiting_shown(world.state)] == ["t1", "t2"]
    many = [waiting(f"{number:032x}", since=1_795_000_000.123456) for number in range(MAX_WAITING_SHOWN)]
    assert len(encode(snapshot(["1"], many))) < MAX_MESSAGE_BYTES / 4


def test_an_item_that_has_windows_of_its_own_is_called_by_these_alone() -> None:
    plan, both = [window("1", "A"), window("2", "A")], ["1", "2"]
    shown = snapshot(both, [waiting(f"t{number}") for number in range(20)])
    item = hall_pack.shown(qinghe(), b"").items[0]
    items = [msgspec.structs.replace(item, code="SI-301", windows=(WindowId("2"),))]
    shares = sharing.share(shown, sharing.signed_in(shown, plan, items), {})
    assert [len(share) for share in shares.by_caller.values()] == [0, 20]
    nobody = sharing.share(shown, sharing.signed_in(snapshot(["1"], []), plan, items), {})
    assert len(nobody.unserved) == 20
