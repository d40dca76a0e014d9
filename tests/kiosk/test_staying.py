"""Who may go on at a panel that was started again while the server is away, and who may not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import msgspec
import pytest

from hall.commands import SignedIn
from hall.errors import Reason
from hall.events import Event
from hall.ids import SessionId, StaffId, TerminalId, WindowId
from hall.staff_facts import StaffContinued
from hall.wire.board import Board, WindowShown
from kiosk.flows.staying_words import FindWhoStays, MayStay, NobodyStays, StaffStays, StayOn
from kiosk.flows.words import AskRefused, Happened
from kiosk.performing.staying import SEEN_EVERY_S, SIGNED_IN_HERE, Place, Staying
from kiosk.sync.news import Here
from tests.sync.samples import MONDAY_0930, board
from tests.ui.samples import called

CLERK, OTHER, SEVEN = StaffId("0303"), StaffId("0310"), WindowId("7")
WHO = SignedIn(staff=CLERK, name="样例", roles=("clerk",))
NOW = SessionId("now")
BOUND_S = 1800.0


def staffed(by: StaffId | None, at: float = MONDAY_0930 + 60) -> Board:
    shown = WindowShown(window=SEVEN, state="free" if by else "closed", staff=by)
    return msgspec.structs.replace(board(2, at=at), windows=(shown,))


@dataclass
class Line:
    """A sync room with memory; what is recorded is committed at `commit`."""

    board: Board | None = field(default_factory=lambda: staffed(CLERK))
    server_away: bool = True
    kept: dict[str, str] = field(default_factory=dict)
    recorded: list[Event] = field(default_factory=list)
    stands: Here | None = None
    _done: list[Callable[[], None]] = field(default_factory=list)

    def record(self, events: Sequence[Event], done: Callable[[], None] | None = None) -> None:
        self.recorded += events
        if done is not None:
            self._done.append(done)

    def commit(self) -> None:
        for done in self._done:
            done()
        self._done.clear()

    def remember(self, name: str, value: str) -> None:
        self.kept[name] = value

    def recall(self, name: str) -> str | None:
        return self.kept.get(name)

    def here(self) -> Here | None:
        return self.stands


@dataclass
class Panel:
    line: Line = field(default_factory=Line)
    at: float = MONDAY_0930
    told: list[Happened] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self, stays_s: float = BOUND_S) -> None:
        place = Place(TerminalId("W07"), SEVEN, stays_s)
        self.staying = Staying(self.line, place, lambda: self.at, lambda happened, _session: self.told.append(happened))

    def finds(self) -> list[Happened]:
        self.told.clear()
        self.staying(FindWhoStays(), NOW)
        return list(self.told)


def worked_until(seconds: float) -> Panel:
    """A clerk signs in, works, and the program ends so much later; nobody has started it again yet."""
    panel = Panel()
    panel.staying.signed_in(WHO)
    for _ in range(int(seconds // 10)):
        panel.at += 10.0
        panel.staying.seen()
    return panel


def test_who_was_signed_in_when_the_program_ended_may_go_on_and_the_journal_has_it_first() -> None:
    panel = worked_until(3600)
    panel.at += 120
    panel.restart()
    assert panel.finds() == [MayStay(CLERK, "样例")]
    panel.line.stands = Here(called(), None)
    panel.told.clear()
    panel.staying(StayOn(CLERK), NOW)
    assert panel.told == [], "not before it is on disk"
    panel.line.commit()
    assert panel.told == [StaffStays(CLERK, "样例", called(), None)]
    (event,) = panel.line.recorded
    assert isinstance(event, StaffContinued)
    assert (event.staff, event.window, event.terminal, event.at) == (CLERK, SEVEN, "W07", panel.at)
    assert 0 <= panel.at - 120 - event.last_seen_at <= SEEN_EVERY_S


@pytest.mark.parametrize(
    ("gone_s", "may"), [(0.0, True), (BOUND_S - SEEN_EVERY_S, True), (BOUND_S + SEEN_EVERY_S + 1, False)]
)
def test_it_must_have_ended_a_short_while_ago(gone_s: float, may: bool) -> None:
    panel = worked_until(600)
    panel.at += gone_s
    panel.restart()
    assert bool(panel.finds()) is may


def test_the_time_is_up_also_while_the_question_stands() -> None:
    panel = worked_until(60)
    panel.restart()
    assert panel.finds()
    panel.at += BOUND_S + SEEN_EVERY_S + 1
    panel.told.clear()
    panel.staying(StayOn(CLERK), NOW)
    assert panel.told == [AskRefused(Reason.SERVER_AWAY)]
    assert panel.line.recorded == []


def test_nobody_goes_on_on_another_day_or_before_they_came() -> None:
    panel = worked_until(60)
    panel.at += 24 * 3600
    panel.restart(stays_s=7 * 24 * 3600.0)
    assert panel.finds() == []
    panel.at -= 2 * 24 * 3600  # a clock that was put back
    assert panel.finds() == []


def test_a_hall_may_forbid_it() -> None:
    panel = worked_until(60)
    panel.at += 1
    panel.restart(stays_s=0.0)
    assert panel.finds() == []


def test_nobody_goes_on_who_signed_out_or_said_that_it_is_not_they() -> None:
    panel = worked_until(60)
    panel.staying.left()
    panel.staying.seen()
    panel.restart()
    assert panel.finds() == []
    panel = worked_until(60)
    panel.restart()
    panel.staying(NobodyStays(), NOW)
    panel.restart()
    assert panel.finds() == []


@pytest.mark.parametrize("by", [None, OTHER])
def test_nobody_goes_on_where_the_last_board_knows_nobody_or_somebody_else(by: StaffId | None) -> None:
    panel = worked_until(600)
    panel.line.board = staffed(by)
    panel.restart()
    assert panel.finds() == []


def test_a_board_from_before_the_sign_in_does_not_count_against_it() -> None:
    panel = worked_until(10)
    panel.line.board = staffed(None, at=MONDAY_0930 - 5)
    panel.restart()
    assert panel.finds() == [MayStay(CLERK, "样例")]


def test_while_the_server_is_here_the_pin_is_wanted() -> None:
    panel = worked_until(60)
    panel.line.server_away = False
    panel.restart()
    assert panel.finds() == []


@pytest.mark.parametrize("kept", ["", "{}", "nonsense", '{"staff": 3}'])
def test_what_cannot_be_read_lets_nobody_in(kept: str) -> None:
    panel = worked_until(60)
    panel.line.kept[SIGNED_IN_HERE] = kept
    panel.restart()
    assert panel.finds() == []


def test_a_panel_moved_to_another_window_lets_nobody_go_on() -> None:
    panel = worked_until(60)
    panel.line.kept[SIGNED_IN_HERE] = panel.line.kept[SIGNED_IN_HERE].replace('"window":"7"', '"window":"8"')
    panel.restart()
    assert panel.finds() == []
