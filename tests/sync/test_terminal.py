"""A terminal on the real wire: a real mosquitto, a strict fake ledger, real threads, real kills."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
import uuid6

from benchmarks.hall_rig import free_port
from hall.commands import AnyReply, CallNext, Done, Refused
from hall.errors import HallError, Reason
from hall.events import HelpRequested, TicketIssued
from hall.ids import ItemCode, StaffId, WindowId
from hall.wire.health_reports import HealthReport
from hall.wire.lanes import Envelope, Mark
from kiosk.sync.journal import Journal
from kiosk.sync.link import RETRY_MAX_S, RETRY_MIN_S, WINDOW_MESSAGES
from kiosk.sync.news import Issued, News, ServerCameBack
from kiosk.sync.outbox import MAX_EVENT_BYTES
from kiosk.sync.terminal import JOURNAL_NAME, Terminal
from tests.sync.hall import FakeServer, Mosquitto, broker, server, until
from tests.sync.samples import K1, MONDAY_0930, Lines, help_wanted, settings

ITEM = ItemCode("SI-301")
ROOT = Path(__file__).parents[2]


class Kiosk:
    """A terminal, what it told, and its log."""

    def __init__(
        self, folder: Path, *ports: int, budget_s: float = 2.0, jitter: Callable[[float, float], float] = min
    ) -> None:
        self.told: list[News] = []
        self.log = Lines()
        self.terminal = Terminal(
            settings(folder, *ports, budget_s=budget_s),
            clock=lambda: MONDAY_0930,
            monotonic=time.monotonic,
            mint=lambda: uuid6.uuid7().hex,
            jitter=jitter,
            news=self.told.append,
            log=self.log,
        )

    def ready(self) -> bool:
        return not self.terminal.server_away and self.terminal.board is not None and self.terminal.pack is not None

    def issue(self) -> Issued | Refused:
        outcomes: list[Issued | Refused] = []
        self.terminal.issue(ITEM, outcomes.append)
        until(lambda: outcomes, "an outcome")
        return outcomes[0]

    def issue_ticket(self) -> TicketIssued:
        outcome = self.issue()
        assert isinstance(outcome, Issued)
        return outcome.event


@contextlib.contextmanager
def kiosk(folder: Path, *ports: int, budget_s: float = 2.0) -> Iterator[Kiosk]:
    started = Kiosk(folder, *ports, budget_s=budget_s)
    started.terminal.start()
    try:
        yield started
    finally:
        started.terminal.stop()


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    with broker(tmp_path / "broker") as running:
        yield running


@pytest.fixture
def fake(mosquitto: Mosquitto) -> Iterator[FakeServer]:
    with server(mosquitto.port) as running:
        yield running


def drained(here: Kiosk) -> Callable[[], bool]:
    return lambda: here.terminal.outbox_depth == 0


def held_tickets(fake: FakeServer) -> list[TicketIssued]:
    return [envelope.event for envelope in fake.ledger.order if isinstance(envelope.event, TicketIssued)]


def test_a_lease_in_time_is_committed_told_and_delivered_once(tmp_path: Path, fake: FakeServer) -> None:
    with kiosk(tmp_path, fake.port) as here:
        until(here.ready, "the hall known")
        event = here.issue_ticket()
        assert event.label == "A001"
        assert not event.reserve
        until(drained(here), "the outbox drained")
    assert held_tickets(fake) == [event]
    assert fake.hellos[0].state == "ready"
    assert here.terminal.oldest_unacked_s == 0.0


def test_a_question_does_not_wait_for_the_tcp_acknowledgement_of_what_went_before(
    tmp_path: Path, fake: FakeServer
) -> None:
    with kiosk(tmp_path, fake.port) as here:
        until(here.ready, "the hall known")
        client = here.terminal._link._client
        assert client is not None
        sock = client.socket()
        assert isinstance(sock, socket.socket)
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_a_late_lease_gives_a_reserve_ticket_and_is_then_ignored(tmp_path: Path, fake: FakeServer) -> None:
    fake.answers = False
    with kiosk(tmp_path, fake.port, budget_s=0.15) as here:
        until(here.ready, "the hall known")
        event = here.issue_ticket()
        assert event.label == "A701"
        fake.answer(fake.asked[0])
        fake.say("board", b"a message behind the late answer")
        until(lambda: here.log.count("message_dropped"), "the late answer arrived")
        until(drained(here), "the outbox drained")
    assert held_tickets(fake) == [event]


@pytest.mark.row("FAC-07", part="rule")
def test_a_killed_broker_costs_no_ticket_and_no_number_and_everything_arrives_once(
    tmp_path: Path, mosquitto: Mosquitto, fake: FakeServer
) -> None:
    with kiosk(tmp_path, mosquitto.port) as here:
        until(here.ready, "the hall known")
        tickets = [here.issue_ticket() for _ in range(3)]
        mosquitto.kill()
        tickets += [here.issue_ticket() for _ in range(30)]
        mosquitto.start()
        until(lambda: here.log.count("broker_reached") == 2, "the broker reached again")
        until(drained(here), "the outbox drained")
        tickets.append(here.issue_ticket())
        until(drained(here), "the outbox drained")
        until(lambda: len(held_tickets(fake)) == len(tickets), "everything held")
    assert held_tickets(fake) == tickets
    assert len({ticket.label for ticket in tickets}) == len(tickets)
    assert not fake.ledger.clashes
    assert here.log.count("broker_lost") == 1


@pytest.mark.row("FAC-07", part="rule")
def test_a_terminal_killed_between_commit_and_send_delivers_the_ticket_once_after_its_restart(
    tmp_path: Path, fake: FakeServer
) -> None:
    program = [sys.executable, "-m", "tests.sync.doomed_terminal", str(tmp_path), str(free_port())]
    died = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False, timeout=20)
    assert died.returncode == -signal.SIGKILL, died.stderr
    ticket, label = died.stdout.split()
    with kiosk(tmp_path, fake.port) as here:
        until(lambda: fake.ledger.order, "the event of the dead process arrived")
        until(drained(here), "the outbox drained")
        assert here.terminal.epoch > fake.ledger.order[0].epoch
        here.terminal.record([help_wanted()])
        until(lambda: len(fake.ledger.order) == 2, "the new process's event arrived")
    (held,) = held_tickets(fake)
    assert (held.ticket, held.label, held.reserve) == (ticket, label, True)


def test_garbage_and_wrong_marks_on_the_wire_change_nothing(tmp_path: Path, fake: FakeServer) -> None:
    fake.marks = False
    with kiosk(tmp_path, fake.port) as here:
        until(here.ready, "the hall known")
        board = here.terminal.board
        for lane in ("board", "pack", "alerts", "mark", "answer", "down", "beat"):
            fake.say(lane, b"\xff{garbage")
        fake.say_mark(Mark(ledger_epoch=1, marks={str(here.terminal.epoch): 10**6}, chain_head=""))
        until(lambda: here.log.count("message_dropped") == 7, "seven lines")
        until(lambda: here.log.count("mark_wrong") == 1, "the wrong mark said once")
        here.terminal.record([help_wanted()])
        until(lambda: fake.ledger.order, "the event arrived")
        assert here.terminal.outbox_depth == 1
        assert here.terminal.board == board
        fake.say_mark(fake.ledger.mark())
        until(drained(here), "the outbox drained")


def test_a_restored_ledger_gets_back_what_it_lacks(tmp_path: Path, fake: FakeServer) -> None:
    with kiosk(tmp_path, fake.port) as here:
        until(here.ready, "the hall known")
        here.terminal.record([help_wanted()] * 5)
        until(lambda: len(fake.ledger.order) == 5, "five events held")
        until(drained(here), "the outbox drained")
        before: list[Envelope] = fake.ledger.backup()
        fake.ledger.restore(before[:2])
        until(lambda: fake.ledger.order == before, "the ledger refilled")
        until(drained(here), "the outbox drained")
    assert here.log.count("ledger_restored") == 1


def test_an_unreachable_broker_at_start_is_said_once_and_the_terminal_works(tmp_path: Path) -> None:
    tries: list[tuple[float, float]] = []

    def hurry(low: float, high: float) -> float:
        tries.append((low, high))
        return 0.01

    here = Kiosk(tmp_path, free_port(), free_port(), jitter=hurry)
    here.terminal.start()
    done = threading.Event()
    try:
        until(lambda: len(tries) > 5, "several tries")
        outcome = here.issue()
        here.terminal.record([HelpRequested(terminal=K1, step="home", at=1.0)], done.set)
        assert done.wait(60)
    finally:
        here.terminal.stop()
    assert isinstance(outcome, Refused)
    assert outcome.reason is Reason.DAY_NOT_OPEN
    assert here.log.count("broker_unreachable") == 1
    assert set(tries) == {(RETRY_MIN_S, RETRY_MAX_S)}
    assert here.terminal.outbox_depth == 1


def test_a_wrong_password_is_a_refusal_not_a_crash(tmp_path: Path, mosquitto: Mosquitto) -> None:
    (tmp_path / "password").write_text("wrong", encoding="utf-8")
    with kiosk(tmp_path, mosquitto.port) as here:
        until(lambda: here.log.count("broker_unreachable"), "the refusal said")
    assert here.log.lines[0][1]["detail"] == "refused"


def test_the_second_broker_is_used_when_the_first_is_gone(tmp_path: Path, fake: FakeServer) -> None:
    with kiosk(tmp_path, free_port(), fake.port) as here:
        until(here.ready, "the hall known by the second broker")
        assert not here.terminal.server_away


def test_a_question_is_asked_again_after_the_broker_died_under_it(
    tmp_path: Path, mosquitto: Mosquitto, fake: FakeServer
) -> None:
    fake.answers = False
    fake.decide = lambda _command: Done()
    replies: list[AnyReply] = []
    with kiosk(tmp_path, mosquitto.port) as here:
        until(here.ready, "the hall known")
        request = here.terminal.ask(CallNext(window=WindowId("7"), staff=StaffId("0310")), 20.0, replies.append)
        until(lambda: fake.asked, "the question arrived")
        mosquitto.kill()
        fake.answers = True
        mosquitto.start()
        until(lambda: replies, "an answer")
    assert replies == [Done()]
    assert {ask.request for ask in fake.asked} == {request}


def test_the_will_tells_the_epoch_that_was_lost(tmp_path: Path, fake: FakeServer) -> None:
    with kiosk(tmp_path, fake.port) as here:
        until(here.ready, "the hall known")
        client = here.terminal._link._client
        assert client is not None
        sock = client.socket()
        assert sock is not None
        sock.close()
        until(lambda: any(link.state == "lost" for link in fake.hellos), "the will")
        until(lambda: fake.hellos[-1].state == "ready", "hello again")
    assert {link.epoch for link in fake.hellos} == {here.terminal.epoch}


def test_leaving_in_order_tells_the_hall_too(tmp_path: Path, fake: FakeServer) -> None:
    with kiosk(tmp_path, fake.port) as here:
        until(here.ready, "the hall known")
    until(lambda: fake.hellos[-1].state == "lost", "the goodbye")
    assert fake.hellos[0].state == "ready"


def test_a_refused_publish_is_said_once_and_the_event_stays(tmp_path: Path) -> None:
    mosquitto = Mosquitto(tmp_path / "broker")
    mosquitto.forbid("up")
    mosquitto.start()
    with contextlib.ExitStack() as things:
        things.callback(mosquitto.kill)
        fake = things.enter_context(server(mosquitto.port))
        here = things.enter_context(kiosk(tmp_path, mosquitto.port))
        until(here.ready, "the hall known")
        for _ in range(60):
            here.terminal.record([help_wanted()])
        until(lambda: here.log.count("publish_refused"), "the refusal said")
        event = here.issue_ticket()
        assert event.label == "A001"
        assert here.terminal.outbox_depth == 61
        assert fake.ledger.order == []
    assert here.log.count("publish_refused") == 1


def test_a_frozen_broker_fills_the_window_and_no_more_and_then_everything_arrives(
    tmp_path: Path, mosquitto: Mosquitto, fake: FakeServer
) -> None:
    with kiosk(tmp_path, mosquitto.port) as here:
        until(here.ready, "the hall known")
        here.terminal.record([help_wanted()])
        until(lambda: len(fake.ledger.order) == 1, "the way proven")
        until(drained(here), "the mark heard")
        until(lambda: not here.terminal._link._unsettled, "everything settled")
        mosquitto.freeze(frozen=True)
        for _ in range(79):
            here.terminal.record([help_wanted()])
        until(lambda: here.terminal.outbox_depth == 79, "all journalled")
        until(lambda: len(here.terminal._link._unsettled) == WINDOW_MESSAGES, "the window full")
        mosquitto.freeze(frozen=False)
        until(lambda: len(fake.ledger.order) == 80, "everything arrived")
        until(drained(here), "the outbox drained")
    assert [envelope.seq for envelope in fake.ledger.order] == list(range(1, 81))


def test_a_terminal_returns_to_its_first_broker_when_the_second_has_no_server(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    with broker(tmp_path / "guide_desk") as second, kiosk(tmp_path, mosquitto.port, second.port) as here:
        until(lambda: here.log.count("broker_reached") == 1, "the first reached")
        mosquitto.kill()
        until(lambda: here.log.count("broker_reached") == 2, "the second reached")
        here.terminal._link.look_back_s = 0.5
        mosquitto.start()
        until(lambda: here.log.count("broker_reached") == 3, "the first reached again")
    ports = [facts["port"] for line, facts in here.log.lines if line == "broker_reached"]
    assert ports == [mosquitto.port, second.port, mosquitto.port]


def test_a_dead_network_thread_is_noticed_and_the_client_rebuilt(tmp_path: Path, fake: FakeServer) -> None:
    with kiosk(tmp_path, fake.port) as here:
        until(here.ready, "the hall known")
        client = here.terminal._link._client
        assert client is not None
        client._thread_terminate = True  # what an exception inside paho leaves behind: no thread, still "connected"
        here.terminal.publish_health(health())
        until(lambda: here.log.count("broker_reached") == 2, "a new connection")
        event = here.issue_ticket()
        until(drained(here), "the outbox drained")
    assert held_tickets(fake) == [event]
    assert here.log.count("network_thread_died") == 1


def test_what_is_remembered_and_known_outlives_a_restart(tmp_path: Path, fake: FakeServer) -> None:
    with kiosk(tmp_path, fake.port) as here:
        until(here.ready, "the hall known")
        here.terminal.remember("last_call", "42")
        assert here.terminal.recall("last_call") == "42"
        assert any(isinstance(news, ServerCameBack) for news in here.told)
    again = Kiosk(tmp_path, free_port())
    assert again.terminal.recall("last_call") == "42"
    assert again.terminal.board == here.terminal.board
    assert again.terminal.pack == here.terminal.pack
    assert again.terminal.server_away
    again.terminal.stop()
    Journal.connect(tmp_path / "state" / JOURNAL_NAME).close()


def test_an_event_too_large_for_the_wire_is_refused_at_once(tmp_path: Path) -> None:
    here = Kiosk(tmp_path, free_port())
    with pytest.raises(HallError) as refusal:
        here.terminal.record([HelpRequested(terminal=K1, step="x" * MAX_EVENT_BYTES, at=1.0)])
    assert refusal.value.reason is Reason.TOO_LARGE
    here.terminal.stop()


def test_request_ids_are_uuids_of_version_seven(tmp_path: Path) -> None:
    here = Kiosk(tmp_path, free_port())
    request = here.terminal.ask(CallNext(window=WindowId("7"), staff=StaffId("0310")), 1.0, lambda _reply: None)
    assert UUID(request).version == 7
    here.terminal.stop()


def health() -> HealthReport:
    return HealthReport(
        at=1.0,
        role="self_service",
        epoch=1,
        uptime_s=1.0,
        outbox_depth=0,
        oldest_unacked_s=0.0,
        step="home",
        devices=(),
    )
