"""A panel that called on its own: restarted meanwhile, or met by a server that is back."""

from hall.commands import (
    Started,
)
from hall.events import (
    TicketCalled,
)
from hall.wire.lanes import Mark
from kiosk.sync.news import BoardArrived
from tests.sync.alone_samples import board, cut_off, in_hand, kinds, leave, panel, waits
from tests.sync.panels_alone import events_of

# ---- a panel that is restarted -----------------------------------------------------------------------------------


def test_a_panel_that_is_killed_meanwhile_goes_on_where_it_was_and_calls_nobody_twice() -> None:
    seven = cut_off(board(waits(1), waits(2), waits(3)))
    assert seven.label() == "C001"
    seven.starts()
    seven.finishes()
    assert seven.label() == "C002"
    seven.restart()
    assert isinstance(seven.starts(), Started), "the person in hand is known"
    seven.finishes()
    assert seven.label() == "C003"
    called = [one.ticket for one in seven.journalled() if isinstance(one, TicketCalled)]
    assert called == ["t001", "t002", "t003"]


def test_the_last_board_before_the_outage_is_the_one_a_restarted_panel_calls_from() -> None:
    seven = panel(board(waits(1), waits(2), waits(3)))
    seven.clock.pass_s(1.0)
    seven.beat()
    seven.hears("board", board(waits(3), version=2))  # so soon after the first that no copy of it was made
    leave(seven)
    seven.restart()
    assert seven.label() == "C003"


# ---- the server is back ------------------------------------------------------------------------------------------


def test_boards_that_do_not_know_yet_what_was_done_are_held_back_until_the_ledger_has_it() -> None:
    seven = cut_off(board(waits(1), waits(2)))
    seven.calls()
    seven.beat()
    seven.told.clear()
    seven.hears("board", board(waits(1), waits(2), version=9))
    assert not [news for news in seven.told if isinstance(news, BoardArrived)]
    seven.hears("mark", Mark(ledger_epoch=1, marks={}, chain_head=""))
    told = [event for message in seven.takes_messages_up() for event in events_of(message)]
    assert kinds(told) == ["TicketCalled"]
    seven.hears("mark", Mark(ledger_epoch=1, marks={str(seven.core.epoch): 1}, chain_head=""))
    after = board(waits(2), version=10, windows=(in_hand("called", "t001", "C001"),))
    seven.hears("board", after)
    assert [news for news in seven.told if isinstance(news, BoardArrived)] == [BoardArrived(after)]
    leave(seven)
    assert seven.label() == "C001", "still here"
    assert isinstance(seven.starts(), Started)


def test_a_server_that_comes_and_goes_at_once_does_not_make_the_panel_call_the_same_people() -> None:
    seven = cut_off(board(waits(1), waits(2)))
    seven.calls()
    seven.starts()
    seven.finishes()
    seven.beat()
    seven.hears("board", board(waits(1), waits(2), version=9))  # it has not taken the panel's facts yet
    leave(seven)
    assert seven.label() == "C002"


def test_a_board_is_not_held_back_for_ever() -> None:
    seven = cut_off(board(waits(1)))
    seven.calls()
    for version in range(9, 13):
        seven.beat()
        seven.hears("board", board(waits(1), version=version))
        seven.clock.pass_s(4.9)
    seven.beat()
    seven.hears("board", board(waits(1), version=20))
    assert [news for news in seven.told if isinstance(news, BoardArrived)][-1].board.version == 20
