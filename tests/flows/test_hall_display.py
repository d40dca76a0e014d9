"""Walks through the hall display."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.ids import TicketId, TicketLabel, WindowId
from hall.outage.sharing import NO_CALL_SEQ
from hall.wire.board import Board, WindowShown
from hall.wire.peers import CallSaid
from hall.wire.shown import AsideShown
from kiosk.flows import hall_display
from kiosk.flows.steps import (
    CallRow,
    DisplayShowing,
    NotReady,
)
from kiosk.flows.words import (
    Announce,
    BoardChanged,
    HallKnown,
    PeerCall,
    PrintTicket,
    ShowBar,
)
from tests.flows import samples
from tests.flows.walking import walk_through as walk

W14 = WindowId("14")


@pytest.mark.row("QUE-04", part="rule")
def test_every_call_is_announced_once_and_in_order() -> None:
    one = BoardChanged(samples.board(samples.call(1, "Y001")))
    both = BoardChanged(samples.board(samples.call(1, "Y001"), samples.call(2, "C012", "7")))
    step, effects = walk(hall_display.advance, NotReady("hall_display"), HallKnown(), one, one, both, both, one)
    announced = [effect for effect in effects if isinstance(effect, Announce)]
    assert [each.call_seq for each in announced] == [1, 2]
    assert announced[0].shown == "请Y001号到14号窗口办理"
    assert isinstance(step, DisplayShowing)


def test_the_newest_call_is_on_top_and_a_recalled_ticket_stands_once() -> None:
    calls = (samples.call(1, "Y001"), samples.call(2, "C012", "7"), samples.call(3, "Y001", recalled=True))
    step, _ = walk(hall_display.advance, DisplayShowing(), BoardChanged(samples.board(*calls)))
    assert isinstance(step, DisplayShowing)
    assert step.rows == (
        CallRow(3, samples.called().label, W14, priority=True, newest=True),
        CallRow(2, calls[1].label, WindowId("7"), priority=False, newest=False),
    )


def test_a_display_that_restarts_neither_repeats_nor_skips() -> None:
    calls = [samples.call(seq, f"C{seq:03d}") for seq in range(1, 8)]
    _, effects = walk(hall_display.advance, DisplayShowing(), BoardChanged(samples.board(*calls), last_spoken=5))
    assert [each.call_seq for each in effects if isinstance(each, Announce)] == [6, 7]


def test_the_bar_of_a_window_tells_what_the_window_does_now() -> None:
    def window(state: Any, label: str | None = None) -> BoardChanged:
        shown = WindowShown(window=W14, state=state, label=TicketLabel(label) if label else None)
        return BoardChanged(samples.board(windows=(shown,)))

    _, effects = walk(
        hall_display.advance,
        DisplayShowing(),
        window("free"),
        window("free"),
        window("called", "Y001"),
        window("serving", "Y001"),
        window("free"),
        window("closed"),
    )
    told = [(each.state, each.label) for each in effects if isinstance(each, ShowBar)]
    assert told == [("free", None), ("called", "Y001"), ("serving", "Y001"), ("free", None), ("closed", None)]


def test_a_recall_has_the_last_word_on_its_bar() -> None:
    shown = WindowShown(window=W14, state="called", label=TicketLabel("Y001"))
    board = samples.board(samples.call(3, "Y001", recalled=True), windows=(shown,))
    _, effects = walk(hall_display.advance, DisplayShowing(), BoardChanged(board))
    assert [type(each).__name__ for each in effects] == ["ShowBar", "Announce"]


def test_a_call_of_two_minutes_ago_is_shown_but_not_spoken() -> None:
    old = samples.board(samples.call(1, "Y001", at=1_000.0), at=1_200.0)
    step, effects = walk(hall_display.advance, DisplayShowing(), BoardChanged(old))
    assert isinstance(step, DisplayShowing)
    assert len(step.rows) == 1
    assert effects == []


def test_a_print_ticket_effect_never_names_a_ground() -> None:
    effect = PrintTicket(samples.issued("Y001", priority=True), None)
    assert "pregnant" not in repr(effect)


@pytest.mark.row("QUE-20", part="rule")
def test_after_the_last_person_the_bars_say_that_service_has_ended_and_go_dark_overnight() -> None:
    """A window at work keeps its bar; before opening and at night all rest."""
    free = WindowShown(window=W14, state="serving", label=TicketLabel("Y001"))
    shut = WindowShown(window=W14, state="closed")

    def board(hours: Any, *windows: WindowShown) -> BoardChanged:
        told = samples.board(windows=windows)
        return BoardChanged(msgspec.structs.replace(told, taking_tickets=False, waiting=0, hours=hours))

    evening = [
        (board("cut_off", free), "serving"),
        (board("closed", free), None),
        (board("closed", shut), "ended"),
        (board("closed", shut), None),
        (board("resting", shut), "dark"),
        (board("before", shut), None),
    ]
    step: Any = DisplayShowing()
    for happened, told in evening:
        step, effects = walk(hall_display.advance, step, happened)
        assert [effect.state for effect in effects if isinstance(effect, ShowBar)] == ([told] if told else [])


def peer_call(label: str, window: str, at: float, *, recalled: bool = False) -> PeerCall:
    ticket, shown = TicketId(f"t-{label}"), TicketLabel(label)
    return PeerCall(CallSaid(ticket=ticket, label=shown, window=WindowId(window), recalled=recalled, at=at))


def test_a_window_that_calls_on_its_own_is_shown_and_spoken_once_until_a_board_comes_again() -> None:
    first, second = peer_call("C012", "7", 10.0), peer_call("C013", "14", 12.0)
    step, effects = walk(hall_display.advance, DisplayShowing(), first, first, second, peer_call("C012", "7", 20.0))
    told = [effect for effect in effects if isinstance(effect, Announce)]
    assert [(each.label, each.window) for each in told] == [("C012", "7"), ("C013", "14"), ("C012", "7")]
    assert {each.call_seq for each in told} == {NO_CALL_SEQ}
    assert isinstance(step, DisplayShowing)
    assert [(row.label, row.newest) for row in step.rows] == [("C012", True), ("C013", False)]
    after, _ = walk(hall_display.advance, step, BoardChanged(samples.board(samples.call(9, "Y001"))))
    assert isinstance(after, DisplayShowing)
    assert [row.label for row in after.rows] == ["Y001"]
    assert after.announced == 9


def missed(label: str, at: float, *, returned: bool = False) -> AsideShown:
    return AsideShown(label=TicketLabel(label), state="missed", at=at, window=W14, may_return=not returned)


def board_with(*aside: AsideShown, **changes: Any) -> Board:
    calls = (samples.call(1, "C011"), samples.call(2, "C012", "7"), samples.call(3, "Y001"))
    told = msgspec.structs.replace(samples.board(*calls), aside=aside, taking_tickets=True)
    return msgspec.structs.replace(told, **changes)


@pytest.mark.row("QUE-04", part="rule")
def test_who_missed_the_call_is_told_and_no_longer_sent_to_the_window() -> None:
    step, _ = walk(hall_display.advance, DisplayShowing(), BoardChanged(board_with(missed("Y001", 9.0))))
    assert isinstance(step, DisplayShowing)
    assert step.missed == ("Y001",)
    assert [(row.label, row.newest) for row in step.rows] == [("C012", False), ("C011", False)], "and nothing flashes"
    back, _ = walk(hall_display.advance, step, BoardChanged(board_with()))
    assert isinstance(back, DisplayShowing)
    assert (back.missed, [row.label for row in back.rows]) == ((), ["Y001", "C012", "C011"])


def test_a_window_that_calls_a_missed_number_on_its_own_takes_it_from_the_missed_ones() -> None:
    before = DisplayShowing(missed=(TicketLabel("C009"), TicketLabel("C012")))
    step, _ = walk(hall_display.advance, before, peer_call("C012", "7", 10.0), peer_call("C013", "7", 20.0))
    assert isinstance(step, DisplayShowing)
    assert step.missed == ("C009",), "through an outage the others stay"


@given(
    st.lists(
        st.builds(
            AsideShown,
            label=st.sampled_from([TicketLabel(f"C{number:03d}") for number in range(60)]),
            state=st.sampled_from(["missed", "held", "away"]),
            at=st.floats(0, 1e6),
            may_return=st.booleans(),
        ),
        unique_by=lambda one: one.label,
        max_size=60,
    )
)
def test_only_the_last_missed_numbers_are_told_and_never_who_was_held_or_stepped_away(aside: list[AsideShown]) -> None:
    told = hall_display.missed(board_with(*aside))
    at = {one.label: one.at for one in aside if one.state == "missed"}
    assert len(told) == min(hall_display.MISSED_SHOWN, len(at))
    assert set(told) <= set(at)
    times = [at[label] for label in told]
    assert times == sorted(times, reverse=True)
    assert all(at[label] <= min(times) for label in at if label not in told)


def test_a_closed_hall_tells_nobody_to_come_back() -> None:
    shut = board_with(missed("C009", 1.0), taking_tickets=False, waiting=0, windows=(), hours="closed")
    assert hall_display.missed(shut) == ()
