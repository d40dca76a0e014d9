from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.hall_rig import MONDAY
from hall.commands import (
    CallNext,
    Done,
    FinishService,
    Leased,
    LeaseLabel,
    Refused,
    SignedIn,
    SignIn,
    StartService,
)
from hall.day import decisions
from hall.day_facts import DayOpened
from hall.errors import HallError, Reason
from hall.events import Event, HelpRequested, SlipEnded, TicketIssued
from hall.ids import BusinessDay, EventId, ItemCode, JobId, StaffId, TerminalId, TicketId, WindowId
from hall.pack.hall_pack import HallPack
from hall_server.ledger import audit
from hall_server.ledger.entries import Batch
from hall_server.ledger.store import Ledger, open_ledger
from hall_server.writer.jobs import HelloJob, LookJob, ReleaseJob, Rubbish, UpJob
from hall_server.writer.standing import Rules
from tests.hall_server.conftest import Desk, HandWriter, Listening

Make = Callable[..., HandWriter]
PENSION = ItemCode("SI-301")


def help_wanted(desk: Desk, number: int = 0) -> HelpRequested:
    return HelpRequested(terminal=desk.asker.terminal, step=f"step {number}", at=MONDAY)


def issued(lease: Leased) -> TicketIssued:
    return TicketIssued(
        ticket=lease.ticket,
        day=lease.day,
        series=lease.series,
        number=lease.number,
        label=lease.label,
        item=PENSION,
        issued_at=MONDAY,
        quote=lease.quote,
    )


def lease(ticket: str = "t1") -> LeaseLabel:
    return LeaseLabel(ticket=TicketId(ticket), item=PENSION)


def kinds(ledger: Ledger) -> list[str]:
    return [entry.kind for entry in ledger.entries()]


def test_the_day_of_the_calendar_is_opened_by_itself_and_only_once(ledger: Ledger, make_writer: Make) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    writer.turn()
    assert kinds(ledger) == ["DayOpened"]
    now[0] += 86_400
    writer.turn()
    assert kinds(ledger) == ["DayOpened", "DayOpened"]
    assert writer._stand().state.day == "2026-11-24"


def test_a_rest_day_is_not_opened(ledger: Ledger, make_writer: Make) -> None:
    make_writer(ledger, clock=lambda: MONDAY - 86_400).turn()
    assert kinds(ledger) == []


@pytest.mark.row("LED-07", part="face")
def test_a_message_that_is_replayed_makes_one_record(writer: HandWriter, ledger: Ledger) -> None:
    desk = Desk("K1")
    message = desk.up(desk.parcel(help_wanted(desk)), desk.parcel(help_wanted(desk)))
    writer.turn(message)
    writer.turn(message)
    writer.turn(message, message)
    assert [(entry.device, entry.seq) for entry in ledger.entries() if entry.device == "K1"] == [("K1", 1), ("K1", 2)]
    assert writer.heard.marks[-1][1].marks == {"1": 2}
    assert writer.heard.alarms == []


@pytest.mark.row("LED-07", part="face")
def test_a_replay_after_a_restart_makes_no_second_record(writer: HandWriter, ledger: Ledger, make_writer: Make) -> None:
    desk = Desk("K1")
    message = desk.up(desk.parcel(help_wanted(desk)))
    writer.turn(message)
    again = make_writer(ledger)
    again.turn(message)
    assert kinds(ledger).count("HelpRequested") == 1
    assert again.heard.alarms == []
    assert again.heard.marks[-1][1].marks == {"1": 1}


@settings(max_examples=25)  # each makes and migrates a ledger file
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(1, 4)), max_size=25))
def test_whatever_is_lost_repeated_or_reordered_each_event_is_held_once_and_in_order(
    pack: HallPack, sendings: list[tuple[int, int]]
) -> None:
    with TemporaryDirectory() as folder:
        ledger = open_ledger(Path(folder) / "ledger.sqlite")
        writer = _writer_on(ledger, pack)
        desk = Desk("K1")
        parcels = [desk.parcel(help_wanted(desk, number)) for number in range(8)]
        for first, count in sendings:
            writer.turn(desk.up(*parcels[first : first + count]))
        writer.turn(desk.up(*parcels))
        held = [entry.seq for entry in ledger.entries() if entry.device == "K1"]
        verdict = audit.verify(ledger)
        ledger.close()
    assert held == list(range(1, 9))
    assert verdict.broken_at is None


def _writer_on(ledger: Ledger, pack: HallPack) -> HandWriter:
    ids = iter(range(1000))
    writer = HandWriter(
        ledger=ledger, pack=pack, outlet=Listening(), now=lambda: MONDAY, mint=lambda: EventId(f"s{next(ids)}")
    )
    writer.heard = writer._outlet  # type: ignore[assignment]
    writer.open()
    return writer


def test_events_after_a_gap_wait_for_the_gap(writer: HandWriter, ledger: Ledger) -> None:
    desk = Desk("K1")
    first, second, third = (desk.parcel(help_wanted(desk, n)) for n in range(3))
    writer.turn(desk.up(first))
    writer.turn(desk.up(third))
    assert writer.heard.marks[-1][1].marks == {"1": 1}
    writer.turn(desk.up(second, third))
    assert writer.heard.marks[-1][1].marks == {"1": 3}
    assert kinds(ledger).count("HelpRequested") == 3


def test_an_older_epoch_drains_beside_the_new_one(writer: HandWriter, ledger: Ledger) -> None:
    old, new = Desk("K1", epoch=5), Desk("K1", epoch=6)
    writer.turn(new.up(new.parcel(help_wanted(new))), old.up(old.parcel(help_wanted(old))))
    assert {(e.epoch, e.seq) for e in ledger.entries() if e.device == "K1"} == {(5, 1), (6, 1)}
    writer.turn(HelloJob(TerminalId("K1")))
    assert writer.heard.marks[-1][1].marks == {"5": 1, "6": 1}
    writer.turn(new.up(new.parcel(help_wanted(new))))
    assert writer.heard.marks[-1][1].marks == {"5": 1, "6": 2}


def test_poison_is_kept_raw_and_does_not_hold_up_what_follows(writer: HandWriter, ledger: Ledger) -> None:
    desk = Desk("K1")
    poison = desk.parcel(None, body=b'{"kind":"Unheard"}')
    writer.turn(desk.up(poison, desk.parcel(help_wanted(desk))))
    (row,) = ledger.quarantine()
    assert (row.raw, row.seq, row.reason) == (b'{"kind":"Unheard"}', 1, "malformed")
    assert writer.heard.marks[-1][1].marks == {"1": 2}
    assert writer.heard.alarms == [("K1", "poison")]
    writer.turn(desk.up(poison))
    assert len(ledger.quarantine()) == 1


def test_rubbish_without_a_place_in_the_sequence_is_kept_with_its_reason(writer: HandWriter, ledger: Ledger) -> None:
    writer.turn(UpJob(TerminalId("K1"), rubbish=(Rubbish(b"\xff\xfe", Reason.MALFORMED, "not Up"),)))
    (row,) = ledger.quarantine()
    assert (row.raw, row.sentence, row.seq) == (b"\xff\xfe", "not Up", 0)


def test_two_devices_with_one_identity_are_shut_out_until_released(
    writer: HandWriter, ledger: Ledger, make_writer: Make
) -> None:
    desk, twin = Desk("K1"), Desk("K1")
    writer.turn(desk.up(desk.parcel(help_wanted(desk))))
    writer.turn(twin.up(twin.parcel(help_wanted(twin), event_id="another"), twin.parcel(help_wanted(twin))))
    assert writer.heard.alarms == [("K1", "identity_clash")]
    assert writer.heard.marks[-1][1].quarantined
    assert kinds(ledger).count("HelpRequested") == 1
    restarted = make_writer(ledger)
    restarted.turn(desk.ask(lease(), "r1"))
    assert isinstance(desk.replies[-1], Refused)
    restarted.turn(ReleaseJob(TerminalId("K1")))
    restarted.turn(desk.ask(lease(), "r2"), desk.up(desk.parcel(help_wanted(desk))))
    assert isinstance(desk.replies[-1], Leased)
    assert not restarted.heard.marks[-1][1].quarantined


def test_asking_twice_gives_the_same_answer_also_after_a_restart(
    writer: HandWriter, ledger: Ledger, make_writer: Make
) -> None:
    desk = Desk("K1")
    writer.turn(desk.ask(lease(), "r1"), desk.ask(lease(), "r1"))
    make_writer(ledger).turn(desk.ask(lease(), "r1"))
    assert isinstance(desk.replies[0], Leased)
    assert desk.replies == [desk.replies[0]] * 3
    assert kinds(ledger).count("LabelLeased") == 1


def test_a_request_id_of_another_terminal_gets_its_own_answer(writer: HandWriter) -> None:
    one, other = Desk("K1"), Desk("K2")
    writer.turn(one.ask(lease("t1"), "r1"), other.ask(lease("t2"), "r1"))
    assert one.replies != other.replies


def test_an_ask_is_decided_only_after_the_terminals_own_events(writer: HandWriter) -> None:
    desk = Desk("K1")
    writer.turn(desk.ask(lease(), "r1", after=1))
    assert desk.replies == []
    writer.turn(desk.up(desk.parcel(help_wanted(desk))))
    assert isinstance(desk.replies[0], Leased)


def test_an_ask_whose_time_is_over_is_refused_and_changes_nothing(writer: HandWriter, ledger: Ledger) -> None:
    desk = Desk("K1")
    writer.turn(desk.ask(lease(), "r1", deadline_s=0.0))
    assert desk.replies == [
        Refused(reason=Reason.TOO_LATE, sentence="the terminal no longer waits, or its earlier events did not come")
    ]
    assert kinds(ledger) == ["DayOpened"]


class FailingLedger(Ledger):
    """A ledger whose disk is full while `full` is set."""

    full = False

    def commit(self, batch: Batch) -> None:
        if self.full:
            raise OSError("no space left on device")
        super().commit(batch)


def test_a_failed_commit_answers_nobody_and_rebuilds_from_the_ledger(tmp_path: Path, make_writer: Make) -> None:
    ledger = FailingLedger(open_ledger(tmp_path / "l.sqlite").engine)
    writer = make_writer(ledger)
    desk = Desk("K1")
    ledger.full = True
    message = desk.up(desk.parcel(help_wanted(desk)))
    writer.turn(message, desk.ask(lease(), "r1"))
    assert desk.replies == []
    assert writer.heard.marks == []
    assert writer.heard.alarms == [("SERVER", "commit_failed")]
    ledger.full = False
    writer.turn(message, desk.ask(lease(), "r1"))
    assert [reply.number for reply in desk.replies if isinstance(reply, Leased)] == [1]
    assert writer.heard.marks[-1][1].marks == {"1": 1}
    assert audit.verify(ledger).broken_at is None
    ledger.close()


def test_one_commands_exception_is_its_own_refusal(ledger: Ledger, make_writer: Make) -> None:
    def decide(
        state: decisions.HallState, command: decisions.Decidable, by: decisions.Asker, now: float
    ) -> decisions.Decision:
        if isinstance(command, LeaseLabel) and command.ticket == "broken":
            raise ZeroDivisionError
        return decisions.decide(state, command, by, now)

    writer = make_writer(ledger, Rules(decide=decide))
    desk = Desk("K1")
    writer.turn(desk.ask(lease("broken"), "r1"), desk.ask(lease("t2"), "r2"))
    assert isinstance(desk.replies[0], Refused)
    assert desk.replies[0].reason is Reason.INTERNAL
    assert isinstance(desk.replies[1], Leased)


def test_an_event_that_cannot_be_applied_is_quarantined_and_the_rest_of_its_turn_stands(
    ledger: Ledger, make_writer: Make
) -> None:
    def apply(state: decisions.HallState, event: Event, device: TerminalId, at: float) -> None:
        decisions.apply(state, event, device, at)
        if isinstance(event, SlipEnded):
            raise KeyError(event.ticket)

    writer = make_writer(ledger, Rules(apply=apply))
    desk = Desk("K1")
    slip = SlipEnded(ticket=TicketId("t9"), job=JobId("j"), outcome="printed")
    writer.turn(
        desk.ask(lease("t1"), "r1"),
        desk.up(desk.parcel(help_wanted(desk)), desk.parcel(slip), desk.parcel(help_wanted(desk))),
    )
    assert [reply.number for reply in desk.replies if isinstance(reply, Leased)] == [1]
    assert kinds(ledger).count("HelpRequested") == 2
    assert [row.seq for row in ledger.quarantine()] == [2]
    assert writer.heard.marks[-1][1].marks == {"1": 3}
    assert audit.verify(ledger).broken_at is None


def test_a_decision_that_cannot_be_applied_is_refused(ledger: Ledger, make_writer: Make) -> None:
    def apply(state: decisions.HallState, event: Event, device: TerminalId, at: float) -> None:
        if not isinstance(event, DayOpened):
            raise KeyError(device)
        decisions.apply(state, event, device, at)

    writer = make_writer(ledger, Rules(apply=apply))
    desk = Desk("K1")
    writer.turn(desk.ask(lease("t1"), "r1"))
    assert isinstance(desk.replies[0], Refused)
    assert kinds(ledger) == ["DayOpened"]


def visit(writer: HandWriter) -> None:
    kiosk, panel = Desk("K1"), Desk("W07", "window_panel")
    staff, window = StaffId("0303"), WindowId("7")
    writer.turn(kiosk.ask(lease("t1"), "a1"), kiosk.ask(lease("t2"), "a2"))
    for reply in list(kiosk.replies):
        assert isinstance(reply, Leased)
        writer.turn(kiosk.up(kiosk.parcel(issued(reply))))
    writer.turn(panel.ask(SignIn(staff=staff, sealed_pin=b"", window=window), "b1"))
    writer.turn(panel.ask(CallNext(window=window, staff=staff), "b2"))
    writer.turn(panel.ask(StartService(window=window, staff=staff), "b3"))
    writer.turn(panel.ask(FinishService(window=window, staff=staff), "b4"))
    assert isinstance(panel.replies[0], SignedIn)
    assert isinstance(panel.replies[-1], Done)


def test_a_restart_finds_the_same_queue_day(writer: HandWriter, ledger: Ledger, make_writer: Make) -> None:
    visit(writer)
    assert make_writer(ledger)._stand().state == writer._stand().state


def test_a_visit_costs_few_statements(writer: HandWriter, ledger: Ledger) -> None:
    before = ledger.count.statements
    visit(writer)
    assert ledger.count.statements - before <= 32, "nine turns, each alone in its commit"


def test_tickets_of_today_that_came_before_today_was_opened_survive_a_restart(
    ledger: Ledger, make_writer: Make
) -> None:
    now = [MONDAY]
    writer = make_writer(ledger, clock=lambda: now[0])
    desk = Desk("K1")
    early = TicketIssued(
        ticket=TicketId("t1"),
        day=BusinessDay("2026-11-24"),
        series=decisions.HallState(writer._pack).pack.series[0].code,
        number=700,
        label="A700",  # type: ignore[arg-type]
        item=PENSION,
        issued_at=MONDAY + 80_000,
        reserve=True,
    )
    writer.turn(desk.up(desk.parcel(early)))
    now[0] += 86_400
    writer.turn()
    again = make_writer(ledger, clock=lambda: now[0])
    assert again._stand().state.waiting_count() == writer._stand().state.waiting_count() == 1


def test_boards_carry_growing_versions_over_restarts(writer: HandWriter, ledger: Ledger, make_writer: Make) -> None:
    writer._show_board()
    again = make_writer(ledger)
    again._show_board()
    first, second = writer.heard.boards[0], again.heard.boards[0]
    assert second.version > first.version
    assert (second.day, second.next_day) == ("2026-11-23", "2026-11-24")


def test_a_board_is_not_sent_again_within_a_quarter_of_a_second(writer: HandWriter) -> None:
    writer._show_board()
    desk = Desk("K1")
    for number in range(20):
        writer.turn(desk.ask(lease(f"t{number}"), f"r{number}"))
        writer._show_board()
    assert len(writer.heard.boards) <= 3


def test_a_full_queue_refuses_politely(ledger: Ledger, pack: HallPack) -> None:
    writer = HandWriter(
        ledger=ledger,
        pack=pack,
        outlet=Listening(),
        now=lambda: MONDAY,
        mint=lambda: EventId("x"),
        queue_limit=1,
    )
    assert writer.submit(HelloJob(TerminalId("K1")))
    assert not writer.submit(HelloJob(TerminalId("K1")))


def test_a_look_sees_the_queue_after_a_commit_and_a_hung_writer_is_said(writer: HandWriter) -> None:
    desk = Desk("K1")
    seen: list[int] = []
    writer.turn(desk.ask(lease(), "r1"), LookJob(lambda state: seen.append(len(state.leases))))
    assert seen == [1]
    with pytest.raises(HallError, match="no look"):
        writer.look(lambda state: state.day, timeout_s=0.01)
