import threading

from kiosk.devices.workers import SpeakerWorker
from tests.devices.workers.fakes import PULLED, Clock, FakeSpeaker


def test_announcements_are_spoken_in_order_each_twice_and_never_together() -> None:
    driver, ended = FakeSpeaker(), threading.Event()
    started: list[float] = []
    outcomes: list[bool] = []

    def end(played: bool) -> None:
        outcomes.append(played)
        ended.set()

    worker = SpeakerWorker("S1.speaker", lambda: driver)
    worker._pause = lambda: None  # type: ignore[method-assign]
    worker.say("请Y零零一号", 2, started.append, outcomes.append)
    worker.say("请C零零一号", 2, started.append, end)
    worker.start()
    assert ended.wait(10)
    assert worker.stop()
    assert driver.said == ["请Y零零一号"] * 2 + ["请C零零一号"] * 2
    assert outcomes == [True, True]
    assert len(started) == 2
    assert started == sorted(started)


def test_a_broken_speaker_says_so_and_the_next_announcement_is_tried() -> None:
    clock, driver = Clock(), FakeSpeaker(broken=PULLED)
    worker = SpeakerWorker("S1.speaker", lambda: driver, monotonic=clock)
    outcomes: list[bool] = []
    worker.say("一", 1, lambda _at: None, outcomes.append)
    worker.step()
    driver.broken = None
    worker.say("二", 1, lambda _at: None, outcomes.append)
    worker.step()
    assert outcomes == [False, True]
    assert driver.said == ["二"]


def test_more_announcements_than_anybody_can_hear_are_refused() -> None:
    worker = SpeakerWorker("S1.speaker", FakeSpeaker)
    outcomes: list[bool] = []
    for _ in range(21):
        worker.say("一", 1, None, outcomes.append)
    assert outcomes == [False]


def test_at_most_three_times_whatever_is_asked() -> None:
    driver = FakeSpeaker()
    worker = SpeakerWorker("S1.speaker", lambda: driver, monotonic=Clock())
    worker._pause = lambda: None  # type: ignore[method-assign]
    worker.say("一", 99, lambda _at: None, lambda _played: None)
    worker.step()
    assert len(driver.said) == 3


def test_stopping_does_not_wait_for_the_second_time() -> None:
    driver, begun = FakeSpeaker(), threading.Event()
    worker = SpeakerWorker("S1.speaker", lambda: driver)
    worker.say("一", 3, lambda _at: begun.set(), lambda _played: None)
    worker.start()
    assert begun.wait(10)
    assert worker.stop()
    assert len(driver.said) < 3
