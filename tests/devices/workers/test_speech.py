import threading

import msgspec
import pytest

from hall.wire.pack_shown import Volume
from kiosk.devices.speakers.announcements import BETWEEN_S, MAX_TIMES, MAX_WAITING
from kiosk.devices.workers import SpeakerWorker
from kiosk.ports import Fault
from kiosk.speech import Announcement, Ended, Unsaid, Urgency
from tests.devices.workers.fakes import PULLED, Clock, FakeSpeaker


def call(text: str, times: int = 1, key: str = "", zone: str = "all") -> Announcement:
    return Announcement(text, times=times, key=key, zone=zone)


def run(worker: SpeakerWorker, clock: Clock) -> None:
    """Let the worker do all that it has to do, moving the clock over its pauses."""
    for _ in range(100):
        if worker.next_at(worker.zone) is None:
            return
        clock.now += worker.step()
    raise AssertionError("it never ends")


@pytest.mark.row("QUE-04", part="rule")
def test_announcements_are_spoken_in_order_each_twice_and_never_together() -> None:
    driver, ended = FakeSpeaker(), threading.Event()
    started: list[float] = []
    outcomes: list[Ended] = []

    def end(told: Ended) -> None:
        outcomes.append(told)
        ended.set()

    worker = SpeakerWorker("S1.speaker", lambda: driver)
    worker.announce(call("请Y零零一号", 2), started.append, outcomes.append)
    worker.announce(call("请C零零一号", 2), started.append, end)
    worker.start()
    assert ended.wait(60)
    assert worker.stop()
    assert driver.said == ["请Y零零一号"] * 2 + ["请C零零一号"] * 2
    assert outcomes == [Ended(2), Ended(2)]
    assert len(started) == 2
    assert started == sorted(started)


def test_a_broken_speaker_says_so_and_the_next_announcement_is_tried() -> None:
    clock, driver = Clock(), FakeSpeaker(broken=PULLED)
    worker = SpeakerWorker("S1.speaker", lambda: driver, monotonic=clock)
    outcomes: list[Ended] = []
    worker.announce(call("一"), None, outcomes.append)
    worker.step()
    driver.broken = None
    worker.announce(call("二"), None, outcomes.append)
    worker.step()
    assert outcomes == [Ended(0, Unsaid.BROKEN, Fault.DISCONNECTED), Ended(1)]
    assert driver.said == ["二"]
    assert worker.report().readings["unspoken.broken"] == "1"


def test_more_announcements_than_anybody_can_hear_are_refused_and_counted() -> None:
    worker = SpeakerWorker("S1.speaker", FakeSpeaker, monotonic=Clock())
    outcomes: list[Ended] = []
    for _ in range(MAX_WAITING + 1):
        worker.announce(call("一"), None, outcomes.append)
    assert outcomes == [Ended(0, Unsaid.FULL)]
    readings = worker.report().readings
    assert (readings["queue.all"], readings["unspoken.full"]) == ("20", "1")


def test_at_most_three_times_whatever_is_asked_with_a_pause_between() -> None:
    clock, driver = Clock(), FakeSpeaker()
    worker = SpeakerWorker("S1.speaker", lambda: driver, monotonic=clock)
    worker.announce(call("一", 99))
    run(worker, clock)
    assert len(driver.said) == MAX_TIMES
    assert clock.now == pytest.approx(100.0 + 2 * BETWEEN_S)


def test_stopping_does_not_wait_for_the_second_time_and_reports_it() -> None:
    driver, begun = FakeSpeaker(), threading.Event()
    outcomes: list[Ended] = []
    worker = SpeakerWorker("S1.speaker", lambda: driver)
    worker.announce(call("一", 3), lambda _at: begun.set(), outcomes.append)
    worker.announce(call("二", 3), None, outcomes.append)
    worker.start()
    assert begun.wait(60)
    assert worker.stop()
    worker.announce(call("三"), None, outcomes.append)
    assert len(driver.said) < 3
    assert len(outcomes) == 3
    assert outcomes[-1] == Ended(0, Unsaid.CUT)


@pytest.mark.row("ATT-09", part="rule")
def test_each_time_is_as_loud_as_its_minute_of_the_day_wants_and_an_emergency_is_never_whispered() -> None:
    clock, driver, minutes = Clock(), FakeSpeaker(), [719, 720, 720]
    worker = SpeakerWorker("S1.speaker", lambda: driver, minute=lambda: minutes.pop(0), monotonic=clock)
    worker.learn({"请": "qing3"}, (Volume(first=720, last=840, percent=40),))
    worker.announce(call("一", 2))
    run(worker, clock)
    worker.announce(Announcement("请大家有序离开", urgency=Urgency.EMERGENCY))
    run(worker, clock)
    assert [manner.volume for manner in driver.manners] == [100, 40, 100]
    assert driver.learnt == [{"请": "qing3"}]


def test_a_new_pack_is_learnt_before_the_next_word() -> None:
    clock, driver = Clock(), FakeSpeaker()
    worker = SpeakerWorker("S1.speaker", lambda: driver, monotonic=clock)
    for table in ({}, {"请": "qing3"}):
        worker.learn(table, ())
        worker.announce(call("一"))
        run(worker, clock)
    assert driver.learnt == [{}, {"请": "qing3"}]


def test_what_is_private_is_cut_when_its_person_leaves() -> None:
    clock, outcomes = Clock(), list[Ended]()
    driver = FakeSpeaker()
    worker = SpeakerWorker("K1.speaker", lambda: driver, monotonic=clock)
    driver.during = worker.person_left
    for text in ("您的余额", "您的地址"):
        worker.announce(Announcement(text, times=2, private=True), None, outcomes.append)
    run(worker, clock)
    assert driver.said == ["您的余额"]
    assert driver.manners[0].private
    assert sorted(outcomes, key=lambda each: str(each.why)) == [Ended(0, Unsaid.CLEARED), Ended(0, Unsaid.CUT)]


def test_an_emergency_repeats_until_it_is_cleared_and_then_the_calls_go_on() -> None:
    clock, driver = Clock(), FakeSpeaker()
    worker = SpeakerWorker("S1.speaker", lambda: driver, monotonic=clock)
    worker.announce(call("一", 2))
    driver.during = lambda: (
        worker.announce(Announcement("请离开", times=30, key="fire", urgency=Urgency.EMERGENCY))
        if driver.said == ["一"]
        else worker.clear("fire")
        if driver.said.count("请离开") == 4
        else None
    )
    run(worker, clock)
    assert driver.said == ["一", *["请离开"] * 4, "一"]
    assert "emergency" not in worker.report().readings


def test_two_zones_speak_at_the_same_time_and_what_is_for_all_waits_for_both() -> None:
    """Each zone's driver waits in its turn until the other zone speaks as well: one after the other would never end."""
    both = threading.Barrier(2, timeout=60)
    drivers: list[FakeSpeaker] = []
    done = threading.Semaphore(0)

    def opened() -> FakeSpeaker:
        drivers.append(FakeSpeaker())
        return drivers[-1]

    def meet(_at: float) -> None:
        both.wait()

    worker = SpeakerWorker("S1.speaker", opened, zones=("Q3,Q5", "Q4"))
    worker.start()
    for each in range(2):
        worker.announce(call("东", zone="Q5"), meet, lambda _end: done.release())
        worker.announce(call("西", zone="Q4"), meet, lambda _end: done.release())
        worker.announce(call(f"全{each}", zone="Q9"), None, lambda _end: done.release())
    for _ in range(6):
        assert done.acquire(timeout=60)
    assert worker.stop()
    zones = [
        (text, manner.zone) for driver in drivers for text, manner in zip(driver.said, driver.manners, strict=True)
    ]
    assert sorted(zones) == sorted([("东", "Q3,Q5"), ("西", "Q4")] * 2 + [("全0", "all"), ("全1", "all")])


def test_a_report_that_has_not_changed_is_not_told_again_but_shows_the_queue() -> None:
    clock, told = Clock(), list[str]()
    worker = SpeakerWorker("S1.speaker", FakeSpeaker, monotonic=clock)
    worker.on_change = lambda report: told.append(report.state)
    worker.step()
    clock.now += 10
    worker.step()
    assert told == ["up"]
    assert msgspec.structs.asdict(worker.report())["readings"]["queue.all"] == "0"
