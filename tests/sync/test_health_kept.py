"""Health in an outage, from the terminal's report to the server's rows: every change is told, once it is over."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.health.evidence import claims
from hall.health.states import HEARTBEAT_S, State
from hall.health.stretches import MAX_STRETCHES, Stretch, heard, heartbeats, since
from hall.ids import DeviceId
from hall.wire.codec import MAX_MESSAGE_BYTES, decode, encode
from hall.wire.health_reports import DeviceReport, HealthReport
from kiosk.sync.health_kept import KEPT, TELL_TIMES
from kiosk.sync.journal import Journal
from tests.sync.samples import Bench, beat

PRINTER = DeviceId("K1.slip_printer")


class Box:
    """A terminal that reports every 10 s; the server beats when it is there."""

    def __init__(self, journal: Journal | None = None) -> None:
        self.bench = Bench(journal=journal or Journal.connect(":memory:"))
        self.bench.meet()
        self.uptime_s = 0.0
        self.state = ("up", "")

    def report(self, *, there: bool) -> None:
        self.uptime_s += HEARTBEAT_S
        for _ in range(10):
            self.bench.pass_s(1.0)
            if there:
                self.bench.hear("beat", beat())
        told = DeviceReport(device=PRINTER, kind="slip_printer", state=self.state[0], code=self.state[1])
        report = HealthReport(
            at=self.bench.wall,
            role="self_service",
            epoch=self.bench.core.epoch,
            uptime_s=self.uptime_s,
            outbox_depth=0,
            oldest_unacked_s=0.0,
            step="Home",
            devices=(told,),
        )
        self.bench.core.publish_health(report)

    def reports(self, count: int, *, there: bool) -> None:
        for _ in range(count):
            self.report(there=there)

    def last(self) -> HealthReport:
        return decode(HealthReport, self.bench.sent("health")[-1], "health")

    def restart(self) -> None:
        self.bench.restart()
        self.bench.meet()
        self.uptime_s = 0.0


def printer_rows(report: HealthReport) -> list[tuple[str, str, float, float]]:
    return [(row.state, row.code, row.began_s, row.ended_s) for row in report.kept if row.subject == PRINTER]


def test_while_the_server_hears_nothing_is_kept_and_nothing_told_twice() -> None:
    box = Box()
    box.reports(20, there=True)
    assert box.last().kept == ()
    assert box.bench.journal.kept(KEPT) is None


@pytest.mark.row("FAC-07", part="rule")
def test_every_change_of_an_outage_is_told_when_the_server_is_back() -> None:
    box = Box()
    box.reports(5, there=True)
    box.bench.takes = False
    box.reports(6, there=False)
    box.state = ("down", "no_paper")
    box.reports(3, there=False)
    box.state = ("up", "")
    box.reports(6, there=False)
    box.bench.takes = True
    box.report(there=True)
    assert printer_rows(box.last()) == [
        ("up", "", 20.0, 110.0),
        ("down", "no_paper", 120.0, 140.0),
        ("up", "", 150.0, 210.0),
    ]
    assert {row.subject for row in box.last().kept} == {"K1", PRINTER}


def test_it_is_told_for_a_minute_and_then_forgotten_also_in_the_journal() -> None:
    box = Box()
    box.reports(3, there=True)
    box.reports(6, there=False)
    told = 0
    for _ in range(12):
        box.report(there=True)
        told += bool(box.last().kept)
    assert told == 7
    assert box.last().kept == ()
    assert box.bench.journal.kept(KEPT) == b"{}"


def test_what_could_not_leave_is_still_owed() -> None:
    box = Box()
    box.reports(3, there=False)
    box.bench.takes = False
    box.reports(30, there=True)
    box.bench.takes = True
    for _ in range(TELL_TIMES):
        box.report(there=True)
        assert box.last().kept


def test_a_terminal_that_is_started_again_in_the_outage_still_tells_both_its_boots() -> None:
    box = Box()
    box.reports(3, there=True)
    box.reports(6, there=False)
    box.restart()
    box.reports(1, there=True)
    assert len({row.boot for row in box.last().kept}) == 2


def test_a_second_outage_before_the_first_was_told_loses_nothing() -> None:
    box = Box()
    box.reports(3, there=True)
    box.reports(6, there=False)
    box.report(there=True)
    box.reports(30, there=False)
    box.report(there=True)
    (row,) = printer_rows(box.last())
    assert row[3] - row[2] >= 36 * HEARTBEAT_S


def test_a_device_that_changes_all_night_stays_within_one_message() -> None:
    box = Box()
    for number in range(400):
        box.state = ("down", f"fault_{number}") if number % 2 else ("up", "")
        box.report(there=False)
    box.report(there=True)
    assert len(printer_rows(box.last())) == MAX_STRETCHES
    assert len(encode(box.last())) < MAX_MESSAGE_BYTES / 8


def test_what_another_version_kept_is_dropped_and_nothing_stops() -> None:
    journal = Journal.connect(":memory:")
    with journal.change():
        journal.keep(KEPT, b'["?"]')
    box = Box(journal)
    box.report(there=True)
    assert box.last().kept == ()


beats = st.lists(
    st.tuples(st.sampled_from([5.0, 10.0, 24.0, 40.0]), st.sampled_from(["up", "down", "degraded"])), max_size=60
)


@given(beats)
def test_rows_prove_exactly_what_their_heartbeats_would_have_proved(told: list[tuple[float, str]]) -> None:
    at = 0.0
    rows: tuple[Stretch, ...] = ()
    single: list[Stretch] = []
    for pause, state in told:
        at += pause
        one = Stretch(subject="K1", boot="1", began_s=at, ended_s=at, state=state)
        rows = heard(rows, one)
        single.append(one)
    boots = {"1": 1_000.0}
    assert claims("K1", heartbeats(rows), boots) == claims("K1", heartbeats(single), boots)


@given(beats, st.floats(0, 500))
def test_cutting_off_the_past_keeps_all_that_comes_after(told: list[tuple[float, str]], cut: float) -> None:
    at = 0.0
    rows: tuple[Stretch, ...] = ()
    for pause, state in told:
        at += pause
        rows = heard(rows, Stretch(subject="K1", boot="1", began_s=at, ended_s=at, state=state))
    assert all(cut <= row.began_s <= row.ended_s for row in since(rows, "1", cut))
    assert sum(row.ended_s >= cut for row in rows) == len(since(rows, "1", cut))
    assert since(rows, "2", cut) == ()


def test_states_nobody_knows_and_rows_that_run_backwards_prove_nothing() -> None:
    odd = Stretch(subject="K1", boot="1", began_s=1.0, ended_s=9.0, state="asleep")
    back = Stretch(subject="K1", boot="1", began_s=9.0, ended_s=1.0, state=State.UP)
    huge = msgspec.structs.replace(back, began_s=0.0, ended_s=1e12)
    assert heartbeats((odd, back)) == ()
    assert len(heartbeats((huge,))) <= 10_000
