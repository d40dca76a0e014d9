"""Who listens by headphones chooses the loudness; the hall's quiet hours are for the hall."""

from hall.wire.pack_shown import Volume
from kiosk.devices.workers import SpeakerWorker
from kiosk.speech import Announcement, Ended
from tests.devices.workers.fakes import Clock, FakeSpeaker

QUIET = (Volume(first=0, last=1_440, percent=30),)


def heard(told: Announcement) -> tuple[int, ...]:
    clock, ear, ends = Clock(), FakeSpeaker(), list[Ended]()
    worker = SpeakerWorker("K1.speaker", lambda: ear, minute=lambda: 600, monotonic=clock)
    worker.learn({}, QUIET)
    worker.announce(told, None, ends.append)
    for _ in range(5):
        worker.step()
    assert [end.times for end in ends] == [1]
    return tuple(manner.volume for manner in ear.manners)


def test_a_chosen_loudness_counts_and_without_one_the_hall_decides() -> None:
    assert heard(Announcement("取号", private=True, volume=85)) == (85,)
    assert heard(Announcement("取号", private=True)) == (30,)
