"""代办查询 as the hall's rules see it: what a guide's word opens, for whom, where, and for how long."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.commands import AnyReply, Done, Refused, SignIn, SignOut
from hall.day.board import board
from hall.day.decisions import Flag, PrepareStatement
from hall.day.proxying import ASKED_S, OPEN_S, TOLD_S
from hall.errors import Reason
from hall.events import StatementPrepared
from hall.ids import SERVER, BusinessDay, ProxyId, StaffId, TerminalId
from hall.proxies import (
    AskProxy,
    CloseProxy,
    ConfirmProxy,
    DeclineProxy,
    ProxyAsked,
    ProxyClosed,
    ProxyConfirmed,
    ProxyDeclined,
    ProxySealed,
    ProxySight,
    ProxyState,
    ReadProxy,
    session_of,
)
from tests.hall.world import MONDAY, TUESDAY, World, clock

DAUGHTER, FATHER, STRANGER = "d" * 64, "f" * 64, "5" * 64
KEY, OTHER_KEY = bytes(32), bytes(31) + b"\x01"
ONE, TWO = ProxyId("1" * 32), ProxyId("2" * 32)
K1, K2, GUIDE = TerminalId("K1"), TerminalId("K2"), StaffId("0101")
BOTH = tuple(ProxySight)


def ask(proxy: ProxyId = ONE, **changed: Any) -> AskProxy:
    told = AskProxy(proxy=proxy, reply_key=KEY, sealed=b"sealed", agent=DAUGHTER, person=FATHER)
    return msgspec.structs.replace(told, **changed)


def confirm(proxy: ProxyId = ONE, **changed: Any) -> ConfirmProxy:
    return msgspec.structs.replace(ConfirmProxy(proxy=proxy, terminal=K1, staff=GUIDE, sight=BOTH), **changed)


def decline(proxy: ProxyId = ONE) -> DeclineProxy:
    return DeclineProxy(proxy=proxy, terminal=K1, staff=GUIDE)


OPEN = PrepareStatement(
    "contributions", K1, FATHER, "d" * 64, "7Q2MK4XA", "id_card", proxy=ONE, session=session_of(KEY)
)


def working() -> World:
    return World().open().sign_in_all()


def asked() -> World:
    world = working()
    assert world.ask(ask(), "K1").reply == Done()
    return world


def confirmed() -> World:
    world = asked()
    assert world.ask(confirm(), "D1").reply == Done()
    return world


def no(reply: AnyReply) -> Reason:
    assert isinstance(reply, Refused), reply
    assert reply.sentence
    for hidden in (DAUGHTER, FATHER):
        assert hidden not in reply.sentence
    return reply.reason


def opens(world: World, command: PrepareStatement = OPEN) -> bool:
    (*told,) = world.ask(command).events
    assert len(told) <= 1
    if told:
        assert isinstance(told[0], StatementPrepared)
        assert told[0].proxy == (command.proxy or "")
    return bool(told)


@pytest.mark.row("RGT-07", part="rule")
def test_both_cards_and_a_guides_word_open_the_represented_persons_records_and_the_trail_holds_who_for_whom() -> None:
    world = asked()
    assert not opens(world)
    assert world.ask(confirm(), "D1").reply == Done()
    assert opens(world)
    trail = [event for event, _, _ in world.log if isinstance(event, ProxyAsked | ProxyConfirmed | StatementPrepared)]
    told_asked, told_confirmed, prepared = trail
    assert isinstance(told_asked, ProxyAsked)
    assert (told_asked.agent, told_asked.person, told_asked.terminal) == (DAUGHTER, FATHER, K1)
    assert told_confirmed == ProxyConfirmed(
        proxy=ONE,
        terminal=K1,
        desk=TerminalId("D1"),
        staff=GUIDE,
        agent=DAUGHTER,
        person=FATHER,
        sight=BOTH,
        confirmed_at=world.now,
    )
    assert isinstance(prepared, StatementPrepared)
    assert (prepared.proxy, prepared.person) == (ONE, FATHER)


@pytest.mark.row("RGT-07", part="rule")
def test_a_confirmation_opens_nothing_for_another_person_session_terminal_enquiry_or_day() -> None:
    world = confirmed()
    for other in (
        replace(OPEN, person=STRANGER),
        replace(OPEN, person=DAUGHTER),
        replace(OPEN, session=session_of(OTHER_KEY)),
        replace(OPEN, terminal=K2),
        replace(OPEN, proxy=TWO),
    ):
        assert no(world.ask(other).reply) is Reason.NOT_ALLOWED
    world.now = clock("09:31", TUESDAY)
    world.open(TUESDAY)
    assert no(world.ask(OPEN).reply) is Reason.NOT_ALLOWED


@pytest.mark.row("RGT-07", part="rule")
def test_with_one_card_only_own_data_are_reachable_while_an_enquiry_about_somebody_is_under_way() -> None:
    for world in (asked(), confirmed()):
        own = replace(OPEN, proxy=None)
        assert no(world.ask(own).reply) is Reason.NOT_ALLOWED, "whom the enquiry is about, without naming it"
        assert no(world.ask(replace(own, person=STRANGER)).reply) is Reason.NOT_ALLOWED, "a third person, same session"
        assert opens(world, replace(own, person=DAUGHTER))
        assert opens(world, replace(own, terminal=K2, session=session_of(OTHER_KEY))), "the father himself, elsewhere"
        assert world.ask(CloseProxy(proxy=ONE), "K1").reply == Done()
        assert opens(world, replace(own, session=session_of(OTHER_KEY))), "the father himself, later, here"


@pytest.mark.parametrize("left", [OPEN_S, OPEN_S + 0.1])
def test_a_confirmation_is_good_for_ten_minutes(left: float) -> None:
    world = confirmed()
    world.now += left
    assert opens(world) is (left <= OPEN_S)


@pytest.mark.parametrize("late", [ASKED_S, ASKED_S + 0.1])
def test_a_guide_has_five_minutes(late: float) -> None:
    world = asked()
    world.now += late
    reply = world.ask(confirm(), "D1").reply
    assert reply == Done() if late <= ASKED_S else no(reply) is Reason.ILLEGAL_MOVE


def test_what_is_declined_or_closed_is_never_confirmed_afterwards() -> None:
    for end, by in ((decline(), "D1"), (CloseProxy(proxy=ONE), "K1")):
        world = asked()
        assert world.ask(end, by).reply == Done()
        assert no(world.ask(confirm(), "D1").reply) is Reason.ILLEGAL_MOVE
        assert not opens(world)
    assert isinstance(world.log[-1][0], ProxyClosed)
    world = confirmed()
    world.ask(CloseProxy(proxy=ONE), "K1")
    assert not opens(world)
    assert world.ask(CloseProxy(proxy=ONE), "K1").events == ()


def test_only_a_guide_who_is_signed_in_at_a_desk_confirms_and_has_seen_everything() -> None:
    world = asked()
    for command, terminal, told in (
        (confirm(staff=StaffId("0102")), "D1", Reason.NOT_SIGNED_IN),
        (confirm(staff=StaffId("9999")), "D1", Reason.NOT_SIGNED_IN),
        (confirm(), "K1", Reason.NOT_ALLOWED),
        (confirm(), "W14", Reason.NOT_ALLOWED),
        (confirm(), "D9", Reason.NOT_ALLOWED),
        (confirm(terminal=K2), "D1", Reason.NOT_ALLOWED),
        (confirm(TWO), "D1", Reason.ILLEGAL_MOVE),
        (confirm(sight=BOTH[:1]), "D1", Reason.NOT_VERIFIED),
        (confirm(sight=()), "D1", Reason.NOT_VERIFIED),
    ):
        assert no(world.ask(command, terminal).reply) is told, command
    world.ask(SignOut(staff=GUIDE), "D1")
    assert no(world.ask(confirm(), "D1").reply) is Reason.NOT_SIGNED_IN
    assert not opens(world)
    world.ask(SignIn(staff=GUIDE, sealed_pin=b""), "D1")
    assert world.ask(confirm(), "D1").reply == Done()
    assert no(world.ask(decline(), "D1").reply) is Reason.ILLEGAL_MOVE


def test_asking_needs_two_persons_a_new_id_an_open_day_a_guide_and_a_self_service_terminal() -> None:
    for world, command, terminal, told in (
        (working(), ask(person=DAUGHTER), "K1", Reason.NOT_ALLOWED),
        (working(), ask(person=""), "K1", Reason.NOT_ALLOWED),
        (working(), ask(agent="x", person="y"), "K1", Reason.NOT_ALLOWED),
        (working(), ask(ProxyId("short")), "K1", Reason.MALFORMED),
        (working(), ask(ProxyId("\u202e" * 32)), "K1", Reason.MALFORMED),
        (asked(), ask(person=STRANGER), "K1", Reason.MALFORMED),
        (working(), ask(), "W14", Reason.NOT_ALLOWED),
        (World().open(), ask(), "K1", Reason.NOT_SIGNED_IN),
        (World(), ask(), "K1", Reason.DAY_NOT_OPEN),
    ):
        assert no(world.ask(command, terminal).reply) is told, command


def test_another_session_at_the_same_terminal_ends_the_one_before() -> None:
    world = confirmed()
    world.ask(ask(TWO, person=STRANGER, reply_key=OTHER_KEY), "K1")
    assert world.state.proxies[ONE].state is ProxyState.CLOSED
    assert not opens(world)
    assert no(world.ask(CloseProxy(proxy=TWO), "K2").reply) is Reason.NOT_ALLOWED


def test_the_desk_is_given_what_is_sealed_and_nobody_else() -> None:
    world = asked()
    wanted = ReadProxy(proxy=ONE, staff=GUIDE, reply_key=KEY)
    assert world.ask(wanted, "D1").reply == ProxySealed(proxy=ONE, sealed=b"sealed")
    assert world.ask(wanted, "D1").events == ()
    assert no(world.ask(wanted, "K1").reply) is Reason.NOT_ALLOWED
    world.ask(decline(), "D1")
    assert no(world.ask(wanted, "D1").reply) is Reason.ILLEGAL_MOVE


def test_a_clock_that_is_set_back_prolongs_no_confirmation() -> None:
    world = confirmed()
    world.now -= 1
    assert opens(world)
    world.now -= 3 * 3600
    assert not opens(world)


def test_a_confirmation_minted_by_a_terminal_is_flagged_and_opens_nothing() -> None:
    world = asked()
    forged = ProxyConfirmed(
        proxy=ONE,
        terminal=K1,
        desk=TerminalId("D1"),
        staff=GUIDE,
        agent=DAUGHTER,
        person=FATHER,
        sight=BOTH,
        confirmed_at=world.now,
    )
    for device in ("K1", "D1"):
        assert Flag.NOT_A_TERMINALS_EVENT in world.happen(forged, device)
    assert not opens(world)


def on_board(world: World) -> list[tuple[str, str, str]]:
    shown = board(world.state, world.now, 1, 1, BusinessDay("2026-11-24")).proxies
    return [(one.proxy, one.terminal, one.state) for one in shown]


def test_the_board_tells_ids_only_while_they_matter() -> None:
    world = asked()
    assert on_board(world) == [(ONE, "K1", "asked")]
    told = msgspec.json.encode(board(world.state, world.now, 1, 1, BusinessDay("2026-11-24")))
    assert not [hidden for hidden in (DAUGHTER, FATHER, session_of(KEY)) if hidden.encode() in told]
    late = deepcopy(world)
    late.now += ASKED_S + 1
    assert on_board(late) == []
    for answer, state in ((confirm(), "confirmed"), (decline(), "declined")):
        after = deepcopy(world)
        after.ask(answer, "D1")
        assert on_board(after) == [(ONE, "K1", state)]
        after.now += TOLD_S + 1
        assert on_board(after) == []


def test_what_is_told_of_an_unknown_enquiry_or_twice_changes_nothing() -> None:
    world = confirmed()
    before = deepcopy(world.state)
    again = next(event for event, _, _ in world.log if isinstance(event, ProxyAsked))
    gone = ProxyDeclined(
        proxy=TWO, terminal=K1, desk=TerminalId("D1"), staff=GUIDE, agent="a", person="p", declined_at=0.0
    )
    for event in (again, gone, ProxyClosed(proxy=TWO, terminal=K1, closed_at=0.0)):
        world.happen(event, SERVER)
    assert world.state == before


MOVES = st.sampled_from(
    [
        (ask(), "K1"),
        (ask(TWO, person=STRANGER), "K1"),
        (ask(TWO), "K2"),
        (confirm(), "D1"),
        (confirm(TWO), "D1"),
        (confirm(TWO, terminal=K2), "D1"),
        (confirm(staff=StaffId("0102")), "D1"),
        (decline(), "D1"),
        (CloseProxy(proxy=ONE), "K1"),
        (CloseProxy(proxy=TWO), "K2"),
        (SignOut(staff=GUIDE), "D1"),
        (SignIn(staff=GUIDE, sealed_pin=b""), "D1"),
        (None, 200.0),
    ]
)


@given(st.lists(MOVES, max_size=14))
def test_whatever_is_asked_nothing_opens_without_a_standing_confirmation(moves: list[tuple[Any, Any]]) -> None:
    world = working()
    word: float | None = None
    for command, by in moves:
        if command is None:
            world.now += by
            continue
        events = world.ask(command, by).events
        for event in events:
            if isinstance(event, ProxyConfirmed) and event.proxy == ONE:
                word = world.now
            if isinstance(event, ProxyClosed) and event.proxy == ONE:
                word = None
    assert world.state.day == MONDAY
    assert opens(world) is (word is not None and world.now - word <= OPEN_S)
