"""The server dies among 200 people, the panels call alone, it comes back: the real writer and ledger merge it all."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import msgspec
import pytest

from hall.commands import (
    AnyReply,
    Called,
    CallNext,
    Done,
    FinishService,
    Leased,
    LeaseLabel,
    SignIn,
    Started,
    StartService,
)
from hall.day.decisions import Asker, Decidable
from hall.events import Event, ServiceFinished, TicketCalled, TicketIssued, TicketMissed
from hall.ids import EventId, RequestId, TicketId, WindowId
from hall.moves import TicketReconciled
from hall.oddities import Oddity
from hall.queue.tickets import TicketState
from hall.wire.board import Board
from hall_server.ledger.store import Ledger, open_ledger
from hall_server.mqtt.parcels import unpack
from hall_server.writer.duties import Do, Duties, Stand
from hall_server.writer.jobs import AskJob
from tests.hall_server.conftest import FAR_S, Desk, HandWriter, Listening
from tests.sync.panels_alone import Clock, Panel, pack_with_panels, panel_of
from tests.sync.samples import ids

PEOPLE = 200
FEW = 60
OPEN = tuple(WindowId(one) for one in ("1", "2", "5", "7", "8", "14"))
"""Windows 9 to 13 are closed: the general window does their work."""
DOUBLE = frozenset({Oddity.ALREADY_CALLED, Oddity.CALLED_TOO_LATE, Oddity.CALL_RETURNED})
Kind: TypeAlias = type[HandWriter]


@dataclass
class Chance:
    """Draws that are the same in every run of one seed."""

    seed: int
    drawn: int = 0

    def below(self, limit: int) -> int:
        self.drawn += 1
        return int.from_bytes(sha256(f"{self.seed}/{self.drawn}".encode()).digest()[:4]) % limit

    def mix(self, things: list[Any]) -> None:
        things.sort(key=lambda _: self.below(1_000_000))


class ForgetfulDuties(Duties):
    """Forgets what panels did alone instead of settling it."""

    def reconcile(self, stand: Stand, do: Do) -> None:
        del do
        stand().unsettled.pending.clear()


class ForgetfulWriter(HandWriter):
    """A server that adopts everything and never reconciles."""

    def __init__(self, **built_of: Any) -> None:
        super().__init__(**built_of)
        self.duties = ForgetfulDuties(self.ledger)


@dataclass
class Hall:
    """One hall on one ledger file, whose server can be killed and started again."""

    folder: Path
    kind: Kind = HandWriter
    people: int = PEOPLE
    clock: Clock = field(default_factory=Clock)
    chance: "Chance" = field(default_factory=lambda: Chance(1))
    mint: Callable[[], str] = field(default_factory=ids)
    panels: list[Panel] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger: Ledger = open_ledger(self.folder / "ledger.sqlite")
        self.start()
        self.panels = [Panel(window, self.clock, self.mint) for window in OPEN]
        for one in self.panels:
            signed = SignIn(staff=one.staff, sealed_pin=b"", window=one.window)
            self.ask(one, signed)
        self.tickets = self._people()
        for one in self.panels:
            one.meets(self.board())

    def start(self) -> None:
        self.writer = self.kind(
            ledger=self.ledger,
            pack=pack_with_panels(),
            outlet=Listening(),
            now=lambda: self.clock.at,
            mint=lambda: EventId(self.mint()),
            commit_pause_s=0.0,
        )
        self.writer.duties.look_after_s = self.writer.duties.reconcile_after_s = math.inf  # it hears the panels first
        self.writer.open()

    def ask(self, panel: Panel, command: Decidable) -> AnyReply:
        replies: list[AnyReply] = []
        asker = Asker(panel_of(panel.window), "window_panel")
        self.writer.turn(AskJob(asker, RequestId(self.mint()), 1, 0, FAR_S, command, replies.append))
        return replies[0]

    def board(self) -> Board:
        self.writer.boards.show(self.writer._stand(), self.clock.at)
        return self.listening.boards[-1]

    @property
    def listening(self) -> Listening:
        assert isinstance(self.writer._outlet, Listening)
        return self.writer._outlet

    def _people(self) -> list[TicketId]:
        kiosk, items = Desk("K1"), pack_with_panels().items
        for number in range(self.people):
            ticket = TicketId(f"t{number:03d}")
            item = items[number % len(items)].code
            self.writer.turn(kiosk.ask(LeaseLabel(ticket=ticket, item=item), f"r{number}"))
            leased = kiosk.replies[-1]
            assert isinstance(leased, Leased), leased
            issued = TicketIssued(
                ticket=ticket,
                day=leased.day,
                series=leased.series,
                number=leased.number,
                label=leased.label,
                item=item,
                issued_at=self.clock.at,
                quote=leased.quote,
            )
            self.clock.pass_s(1.0)
            self.writer.turn(kiosk.up(kiosk.parcel(issued)))
        return [TicketId(f"t{number:03d}") for number in range(self.people)]

    # ---- the outage --------------------------------------------------------------------------------------------------

    def dies(self, after_calls: int = 3) -> TicketId:
        """Some windows have somebody in hand, one call's answer is lost, then nobody hears a beat.

        Returns whose call that was.
        """
        for one in self.panels[:after_calls]:
            replies = one.press(CallNext(window=one.window, staff=one.staff))
            one.answer(self.ask(one, CallNext(window=one.window, staff=one.staff)))
            assert isinstance(replies[0], Called)
        self.clock.pass_s(1.0)
        for one in self.panels:
            one.beat()
            one.hears("board", self.board())
        unlucky = self.panels[after_calls]
        unlucky.press(CallNext(window=unlucky.window, staff=unlucky.staff))
        lost = self.ask(unlucky, CallNext(window=unlucky.window, staff=unlucky.staff))
        assert isinstance(lost, Called)
        self.clock.pass_s(5.1)
        for one in self.panels:
            one.tick()
        return lost.ticket

    def thinks_it_is_alone(self, panel: Panel) -> None:
        """The broken panel: it calls as if nobody else was signed in."""
        board = panel.core.snapshots.board
        assert board is not None
        own = tuple(one for one in board.windows if one.window == panel.window)
        panel.core.snapshots.board = msgspec.structs.replace(board, windows=own)

    def called_alone(self) -> None:
        """Every window works until its share is done: served, or called three times and missed."""
        while working := [one for one in self.panels if isinstance(one.calls(), Called)]:
            self.chance.mix(working)
            for one in working:
                if self.chance.below(10) == 0:
                    one.recalls()
                    self.clock.pass_s(41.0)
                    one.recalls()
                    one.misses()
                else:
                    one.starts()
                    self.clock.pass_s(1.0 + self.chance.below(8))
                    one.finishes()

    def returns(self) -> None:
        """A new server on the same ledger; what the panels hold arrives mixed, in part twice, until all is there."""
        self.start()
        for one in self.panels:
            one.beat()
        for _ in range(200):
            on_the_way = [(one, message) for one in self.panels for message in one.takes_messages_up()]
            self.chance.mix(on_the_way)
            for one, message in on_the_way:
                for _ in range(1 + self.chance.below(2)):
                    self.writer.turn(unpack(panel_of(one.window), message))
            marks = dict(self.listening.marks)
            self.clock.pass_s(0.6)
            for one in self.panels:
                one.beat()
                if panel_of(one.window) in marks:
                    one.hears("mark", marks[panel_of(one.window)])
            if not on_the_way and all(one.core.outbox_depth == 0 for one in self.panels):
                break
        self.writer.duties.reconcile_after_s = -math.inf
        self.writer.turn()
        self.clock.pass_s(1.0)
        for one in self.panels:
            one.hears("board", self.board())

    # ---- what the ledger says ----------------------------------------------------------------------------------------

    def told(self) -> list[Event]:
        return [msgspec.json.decode(one.body, type=Event) for one in self.ledger.entries()]

    def adopted_with(self) -> set[str]:
        return {flag for one in self.ledger.entries() for flag in one.flags}

    def states(self) -> Counter[TicketState]:
        known = self.writer._stand().state.tickets
        return Counter(known[ticket].state for ticket in self.tickets)

    def calls(self) -> Counter[TicketId]:
        return Counter(event.ticket for event in self.told() if isinstance(event, TicketCalled))

    def flags(self) -> set[tuple[TicketId, Oddity]]:
        told = (event for event in self.told() if isinstance(event, TicketReconciled))
        return {(flag.ticket, flag.oddity) for event in told for flag in event.flags}

    def endings(self) -> Counter[TicketId]:
        """How often each ticket ended: finished or missed."""
        ends = (event for event in self.told() if isinstance(event, ServiceFinished | TicketMissed))
        return Counter(event.ticket for event in ends)

    def flagged(self) -> set[TicketId]:
        """Tickets of which somebody was told that they were called more than once."""
        return {ticket for ticket, oddity in self.flags() if oddity in DOUBLE}

    def silent_doubles(self) -> set[TicketId]:
        """Called more than once, and nobody was told: what must never be."""
        return {ticket for ticket, times in self.calls().items() if times > 1} - self.flagged()


@pytest.fixture
def make_hall(tmp_path: Path) -> Iterator[Callable[..., Hall]]:
    made: list[Hall] = []

    def make(kind: Kind = HandWriter, people: int = FEW, seed: int = 1) -> Hall:
        made.append(Hall(tmp_path, kind, people, chance=Chance(seed)))
        return made[-1]

    yield make
    for one in made:
        one.ledger.close()


@pytest.mark.row("FAC-07", part="rule")
@pytest.mark.row("LED-07", part="rule")
@pytest.mark.parametrize(("people", "seed"), [(PEOPLE, 1), (FEW, 2), (FEW, 3)])
def test_200_people_called_alone_by_six_panels_all_end_once_and_nobody_is_lost(
    make_hall: Callable[..., Hall], people: int, seed: int
) -> None:
    hall = make_hall(people=people, seed=seed)
    lost = hall.dies()
    hall.called_alone()
    hall.returns()
    assert hall.adopted_with() == set(), "a panel's own facts are nobody's mistake"
    states = hall.states()
    assert states[TicketState.DONE] + states[TicketState.MISSED] == people
    assert states[TicketState.DONE] > people * 0.7
    assert states[TicketState.MISSED] > 0
    assert hall.flags() == {(lost, Oddity.CALL_RETURNED)}, "the call that nobody heard, and nothing else"
    assert {ticket for ticket, times in hall.calls().items() if times > 1} == {lost}
    assert max(hall.endings().values()) == 1
    assert set(hall.endings()) == set(hall.tickets)
    assert all(window.ticket is None for window in hall.writer._stand().state.windows.values())


def test_who_is_at_a_window_when_the_server_returns_stays_there_and_is_served_by_it(
    make_hall: Callable[..., Hall],
) -> None:
    hall = make_hall()
    hall.dies()
    first, second = hall.panels[0], hall.panels[-1]
    first.starts()
    first.finishes()
    hall.clock.pass_s(5.0)
    called = first.calls()
    assert isinstance(called, Called)
    second.calls()
    started = second.starts()
    assert isinstance(started, Started)
    hall.returns()
    windows = {one.window: one for one in hall.board().windows}
    assert (windows[first.window].state, windows[first.window].label) == ("called", called.label)
    assert (windows[second.window].state, windows[second.window].service) == ("serving", started.service)
    assert isinstance(hall.ask(first, StartService(window=first.window, staff=first.staff)), Started)
    assert hall.ask(second, FinishService(window=second.window, staff=second.staff)) == Done()
    following = hall.ask(second, CallNext(window=second.window, staff=second.staff))
    assert isinstance(following, Called), "the hall calls again, from people nobody has called"
    assert hall.calls()[following.ticket] == 1


def test_a_start_that_the_server_made_and_nobody_heard_leaves_no_service_open(make_hall: Callable[..., Hall]) -> None:
    hall = make_hall()
    panel = hall.panels[-1]
    panel.press(CallNext(window=panel.window, staff=panel.staff))
    called = hall.ask(panel, CallNext(window=panel.window, staff=panel.staff))
    assert isinstance(called, Called)
    panel.answer(called)
    hall.clock.pass_s(2.0)
    start = StartService(window=panel.window, staff=panel.staff)
    replies = panel.press(start)
    hall.ask(panel, start)
    hall.clock.pass_s(5.1)
    panel.tick()
    assert [type(one) for one in replies] == [Started], "the clerk goes on"
    panel.finishes()
    hall.returns()
    state = hall.writer._stand().state
    assert state.tickets[called.ticket].state is TicketState.DONE
    assert [one.id for one in state.services.values() if one.finished_at is None] == []
    assert hall.flags() == set()


def test_a_panel_that_ignores_its_share_is_found_out_in_the_ledger(make_hall: Callable[..., Hall]) -> None:
    hall = make_hall()
    hall.dies()
    hall.thinks_it_is_alone(hall.panels[-1])
    hall.called_alone()
    hall.returns()
    doubles = {ticket for ticket, times in hall.calls().items() if times > 1}
    assert len(doubles) > 1
    assert hall.silent_doubles() == set(), "each of them is flagged for somebody to look at"
    assert set(hall.states()) <= {TicketState.DONE, TicketState.MISSED}


def test_a_server_that_drops_the_merge_is_found_out(make_hall: Callable[..., Hall]) -> None:
    hall = make_hall(ForgetfulWriter)
    hall.dies()
    hall.thinks_it_is_alone(hall.panels[-1])
    hall.called_alone()
    hall.returns()
    assert hall.silent_doubles() != set()
