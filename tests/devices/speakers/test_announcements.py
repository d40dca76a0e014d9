"""The order of announcements under any arrivals, recalls, emergencies, failures and clock."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.devices.speakers.announcements import (
    BETWEEN_EMERGENCIES_S,
    BETWEEN_S,
    MAX_EMERGENCIES,
    MAX_WAIT_S,
    MAX_WAITING,
    AnnouncementQueue,
    Ends,
    Waiting,
)
from kiosk.ports import Fault
from kiosk.speech import Announcement, Ended, Unsaid, Urgency

ZONES = ("Q3,Q5", "Q4", "Q1")


def call(text: str, key: str = "", times: int = 1, zone: str = "all") -> Announcement:
    return Announcement(text, key=key, times=times, zone=zone)


def emergency(key: str, times: int = 1, zone: str = "all") -> Announcement:
    return Announcement(f"emergency {key}", key=key, times=times, zone=zone, urgency=Urgency.EMERGENCY)


@dataclass
class Hall:
    """Plays a queue by hand, and remembers every end."""

    queue: AnnouncementQueue
    now: float = 0.0
    offered: dict[int, Announcement] = field(default_factory=dict)
    ends: dict[int, Ended] = field(default_factory=dict)
    speaking: dict[str, Waiting] = field(default_factory=dict)

    def note(self, ends: Ends) -> None:
        for number, ended in ends:
            assert number not in self.ends, "an announcement ends once"
            self.ends[number] = ended

    def offer(self, told: Announcement) -> int:
        number, ends = self.queue.offer(told, self.now)
        self.offered[number] = told
        self.note(ends)
        return number

    def begin(self, zone: str) -> str | None:
        self.note(self.queue.expire(self.now))
        turn = self.queue.take(zone, self.now)
        if turn is None:
            return None
        for each in turn.zones:
            assert each not in self.speaking, "never two at once in a zone"
            self.speaking[each] = turn
        return turn.told.text

    def end(self, zone: str, why: Unsaid | None = None) -> None:
        turn = self.speaking[zone]
        for each in turn.zones:
            del self.speaking[each]
        fault = Fault.SILENT if why is Unsaid.BROKEN else None
        self.note(self.queue.spoken(turn.number, why, self.now, fault))

    def say_all(self) -> list[str]:
        """Speak everything in the one zone there is; each turn takes a second."""
        said: list[str] = []
        (zone,) = self.queue.zones
        while (due := self.queue.next_at(zone)) is not None:
            self.now = max(self.now, due)
            text = self.begin(zone)
            if text is None:
                continue
            said.append(text)
            self.now += 1.0
            self.end(zone)
        return said


@pytest.fixture
def hall() -> Hall:
    return Hall(AnnouncementQueue())


@pytest.mark.row("QUE-04", part="rule")
def test_quick_recalls_of_a_number_are_spoken_as_one_in_the_first_ones_place(hall: Hall) -> None:
    first = hall.offer(call("请A012", "A012", 2))
    hall.offer(call("请A013", "A013", 1))
    second = hall.offer(call("请A012尽快", "A012", 2))
    third = hall.offer(call("请A012尽快", "A012", 2))
    assert hall.say_all() == ["请A012尽快", "请A012尽快", "请A013"]
    assert hall.ends[first] == hall.ends[second] == Ended(0, Unsaid.MERGED)
    assert hall.ends[third] == Ended(2)


@pytest.mark.row("ATT-09", part="rule")
def test_a_call_that_has_begun_has_all_its_times_and_its_recalls_follow_as_one(hall: Hall) -> None:
    first = hall.offer(call("请A012", "A012", 2))
    assert hall.begin("all") == "请A012"
    hall.offer(call("请A012尽快", "A012", 2))
    hall.end("all")
    assert hall.queue.next_at("all") == BETWEEN_S
    hall.offer(call("请A012尽快", "A012", 2))
    assert hall.say_all() == ["请A012", "请A012尽快", "请A012尽快"]
    assert hall.ends[first] == Ended(2)


def test_an_emergency_waits_for_the_turn_being_spoken_and_goes_before_its_second_time(hall: Hall) -> None:
    hall.offer(call("一", times=2))
    hall.begin("all")
    hall.offer(emergency("fire", times=2))
    hall.end("all")
    assert hall.say_all() == ["emergency fire", "emergency fire", "一"]


def test_between_two_times_of_an_emergency_nothing_else_is_spoken_until_it_is_cleared(hall: Hall) -> None:
    hall.offer(emergency("fire", times=9))
    hall.offer(call("一"))
    hall.begin("all")
    hall.end("all")
    assert hall.queue.next_at("all") == BETWEEN_EMERGENCIES_S
    assert hall.begin("all") is None
    hall.note(hall.queue.clear("fire"))
    assert hall.say_all() == ["一"]


def test_a_broken_speaker_does_not_end_an_emergency(hall: Hall) -> None:
    number = hall.offer(emergency("fire", times=3))
    for _ in range(2):
        hall.now = hall.queue.next_at("all") or 0.0
        hall.begin("all")
        hall.end("all", Unsaid.BROKEN)
    assert hall.say_all() == ["emergency fire"]
    assert hall.ends[number] == Ended(1)


def test_a_full_zone_gives_way_to_what_is_more_urgent_and_reports_what_it_drops(hall: Hall) -> None:
    notices = [hall.offer(Announcement(str(each), urgency=Urgency.NOTICE)) for each in range(MAX_WAITING)]
    hall.offer(call("请A012"))
    late = hall.offer(Announcement("late", urgency=Urgency.NOTICE))
    assert hall.ends == {notices[-1]: Ended(0, Unsaid.FULL), late: Ended(0, Unsaid.FULL)}
    assert hall.say_all()[0] == "请A012"


def test_a_call_that_was_held_back_too_long_is_reported_and_not_spoken(hall: Hall) -> None:
    old = hall.offer(call("旧"))
    hall.now = MAX_WAIT_S + 1
    hall.offer(call("新"))
    assert hall.say_all() == ["新"]
    assert hall.ends[old] == Ended(0, Unsaid.STALE)


def test_what_is_for_everywhere_waits_for_every_zone_and_is_not_overtaken() -> None:
    hall = Hall(AnnouncementQueue(("A", "B")))
    hall.offer(call("东", zone="A"))
    hall.offer(call("全"))
    hall.offer(call("西", zone="B"))
    assert hall.begin("A") == "东"
    assert hall.begin("B") is None, "what was asked first goes first"
    hall.end("A")
    assert hall.begin("B") == "全"
    assert hall.begin("A") is None
    hall.end("A")
    assert hall.begin("B") == "西"


DEEDS = st.one_of(
    st.tuples(
        st.just("offer"),
        st.builds(
            Announcement,
            text=st.sampled_from("甲乙丙丁"),
            zone=st.sampled_from(["Q3", "Q5", "Q4", "Q9", "all"]),
            times=st.integers(-1, 40),
            urgency=st.sampled_from([Urgency.CALL, Urgency.CALL, Urgency.CALL, Urgency.NOTICE, Urgency.EMERGENCY]),
            key=st.sampled_from(["", "", "A012", "B003", "fire"]),
            private=st.booleans(),
        ),
    ),
    st.tuples(st.just("begin"), st.sampled_from(ZONES)),
    st.tuples(st.just("end"), st.sampled_from(ZONES), st.sampled_from([None, None, None, *Unsaid])),
    st.tuples(st.just("wait"), st.floats(0.0, 90.0)),
    st.tuples(st.just("clear"), st.sampled_from(["A012", "fire"])),
    st.tuples(st.just("person_left")),
)


@given(st.lists(DEEDS, max_size=120))
@settings(max_examples=150, deadline=None)
def test_whatever_happens_each_announcement_ends_once_in_order_and_within_bounds(deeds: list[tuple]) -> None:  # type: ignore[type-arg]
    hall = Hall(AnnouncementQueue(ZONES))
    for deed, *told in deeds:
        match deed:
            case "offer":
                hall.offer(told[0])
            case "begin":
                waiting = [each for each in hall.queue._waiting() if told[0] in each.zones]
                if hall.begin(told[0]) is not None:
                    turn = hall.speaking[told[0]]
                    still = [each for each in waiting if each.number not in hall.ends]
                    assert turn.rank == min(each.rank for each in still), "by urgency, then in the order asked"
            case "end" if told[0] in hall.speaking:
                hall.end(told[0], told[1])
            case "wait":
                hall.now += told[0]
            case "clear":
                hall.note(hall.queue.clear(told[0]))
            case "person_left":
                hall.note(hall.queue.drop_private())
        for zone in ZONES:
            assert hall.queue.depth(zone) <= MAX_WAITING + MAX_EMERGENCIES + len(ZONES)
        assert set(hall.queue._entries) | set(hall.ends) == set(hall.offered), "nothing is lost without a report"
        assert not set(hall.queue._entries) & set(hall.ends)
    while hall.speaking:
        hall.end(next(iter(hall.speaking)))
    hall.note(hall.queue.drop_all())
    assert set(hall.ends) == set(hall.offered)


@given(st.lists(DEEDS, max_size=60))
@settings(max_examples=60, deadline=None)
def test_a_speaker_that_works_comes_to_an_end_with_everything(deeds: list[tuple]) -> None:  # type: ignore[type-arg]
    """No arrangement of zones, emergencies and recalls holds the hall silent for ever."""
    hall = Hall(AnnouncementQueue(ZONES))
    for deed, *told in deeds:
        if deed == "offer":
            hall.offer(told[0])
    for _ in range(4_000):
        for zone in ZONES:
            hall.begin(zone)
        hall.now += 1.0
        for zone in ZONES:
            if zone in hall.speaking:
                hall.end(zone)
    assert set(hall.ends) == set(hall.offered)
