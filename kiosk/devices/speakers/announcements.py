"""The order in which a speaker speaks: pure, one queue for each zone, and what ends is always told.

One turn is spoken at a time in a zone; by urgency, then in the order asked. An emergency goes next after the turn that
is being spoken and holds everything back until it is cleared or has had its times. What is dropped is returned.
"""

from dataclasses import dataclass

from kiosk.devices.speakers.zones import zone_of
from kiosk.ports import Fault
from kiosk.speech import EVERYWHERE, Announcement, Ended, Unsaid, Urgency

MAX_WAITING = 20
"""Twenty calls in a zone are about three minutes; what is more is on the screens and is reported as not spoken."""
MAX_EMERGENCIES = 4
MAX_TIMES = 3
MAX_EMERGENCY_TIMES = 30
"""About five minutes; whoever needs longer announces it again."""
BETWEEN_S = 0.6
"""Between two times of the same announcement; nothing else is spoken there but an emergency."""
BETWEEN_EMERGENCIES_S = 3.0
MAX_WAIT_S = 180.0
"""A call that was held back longer is not spoken any more: the person has been served, or called again."""
ENDS_EMERGENCY = frozenset({Unsaid.NO_VOICE, Unsaid.NO_ZONE, Unsaid.CLEARED})
"""What will not be better the next time; a broken speaker may be."""

Ends = tuple[tuple[int, Ended], ...]
"""Number of an announcement and how it ended; each number ends exactly once."""


@dataclass(slots=True, eq=False)
class Waiting:
    """An announcement that has not ended."""

    number: int
    told: Announcement
    zones: frozenset[str]
    place: int
    """Order within its urgency; one that takes another's place has the other's."""
    asked: float
    left: int
    done: int = 0
    not_before: float = 0.0
    speaking: bool = False
    last: bool = False
    """No further time after the one being spoken."""

    @property
    def rank(self) -> tuple[int, int, int]:
        """What is least goes first."""
        return self.told.urgency, self.place, self.number


class AnnouncementQueue:
    """What a speaker with these zones has to say. Times are monotonic seconds. Not thread-safe."""

    def __init__(self, zones: tuple[str, ...] = (EVERYWHERE,)) -> None:
        self.zones = zones
        self._entries: dict[int, Waiting] = {}
        self._count = 0

    def offer(self, told: Announcement, now: float) -> tuple[int, Ends]:
        """Take an announcement; return its number and what ended by that, perhaps itself."""
        self._count += 1
        most = MAX_EMERGENCY_TIMES if told.urgency is Urgency.EMERGENCY else MAX_TIMES
        times = max(1, min(told.times, most))
        entry = Waiting(self._count, told, self._zones_of(told), self._count, now, times)
        ends = self.expire(now) + self._take_place(entry) + self._make_room(entry)
        if entry.left:
            self._entries[entry.number] = entry
        return entry.number, ends

    def take(self, zone: str, now: float) -> Waiting | None:
        """Return the turn that a free zone speaks now; its zones are busy until `spoken`."""
        head = self._head(zone)
        if head is None or head.not_before > now or self._busy(head.zones):
            return None
        head.speaking = True
        return head

    def next_at(self, zone: str) -> float | None:
        """Return when `take` may have something for this zone; None while it must wait for another end."""
        head = self._head(zone)
        return None if head is None or self._busy(head.zones) else head.not_before

    def spoken(self, number: int, why: Unsaid | None, now: float, fault: Fault | None = None) -> Ends:
        """Note the end of a turn: whole when `why` is None. Told twice, it ended once."""
        entry = self._entries.get(number)
        if entry is None or not entry.speaking:
            return ()
        entry.speaking = False
        entry.left -= 1
        entry.done += why is None
        emergency = entry.told.urgency is Urgency.EMERGENCY
        gap = BETWEEN_EMERGENCIES_S if emergency else BETWEEN_S
        entry.not_before = now + gap
        goes_on = why is None or (emergency and why not in ENDS_EMERGENCY)
        if entry.left and goes_on and not entry.last:
            return ()
        return self._end(entry, why, fault)

    def clear(self, key: str) -> Ends:
        """Take back what is about `key`; a turn that is being spoken is spoken to its end."""
        return self._drop([each for each in self._entries.values() if key and each.told.key == key], Unsaid.CLEARED)

    def drop_private(self) -> Ends:
        """The person left."""
        return self._drop([each for each in self._entries.values() if each.told.private], Unsaid.CLEARED)

    def drop_all(self) -> Ends:
        """The terminal stops."""
        return self._drop(list(self._entries.values()), Unsaid.CUT)

    def expire(self, now: float) -> Ends:
        """End what waited too long and has not been spoken at all; an emergency never does."""
        old = [
            each
            for each in self._waiting()
            if not each.done and each.told.urgency is not Urgency.EMERGENCY and now - each.asked > MAX_WAIT_S
        ]
        return self._drop(old, Unsaid.STALE)

    def depth(self, zone: str) -> int:
        """How many wait in a zone, the one being spoken not counted."""
        return sum(1 for each in self._waiting() if zone in each.zones)

    def emergency(self) -> bool:
        """Tell whether an emergency stands."""
        return any(each.told.urgency is Urgency.EMERGENCY for each in self._entries.values())

    # ---- inside --------------------------------------------------------------------------------------------------

    def _zones_of(self, told: Announcement) -> frozenset[str]:
        if told.private:
            return frozenset(self.zones[:1])
        zone = zone_of(told.zone, self.zones)
        return frozenset(self.zones) if zone == EVERYWHERE else frozenset((zone,))

    def _waiting(self) -> list[Waiting]:
        return [each for each in self._entries.values() if not each.speaking]

    def _busy(self, zones: frozenset[str]) -> bool:
        return any(each.speaking and each.zones & zones for each in self._entries.values())

    def _head(self, zone: str) -> Waiting | None:
        return min((each for each in self._waiting() if zone in each.zones), key=lambda each: each.rank, default=None)

    def _take_place(self, entry: Waiting) -> Ends:
        """The newest of a key stands where the oldest stood, unless that has begun: what began has all its times."""
        same = [each for each in self._waiting() if not each.done and _is_about_the_same(each.told, entry.told)]
        entry.place = min([entry.place, *(each.place for each in same)])
        return self._drop(same, Unsaid.MERGED)

    def _make_room(self, entry: Waiting) -> Ends:
        """In a full zone the least urgent and youngest gives way, or the newcomer does."""
        if entry.told.urgency is Urgency.EMERGENCY:
            standing = sum(1 for each in self._entries.values() if each.told.urgency is Urgency.EMERGENCY)
            return self._refuse(entry) if standing >= MAX_EMERGENCIES else ()
        out: list[Waiting] = []
        for zone in sorted(entry.zones):
            waiting = [each for each in self._ordinary(zone) if each not in out]
            if len(waiting) < MAX_WAITING:
                continue
            last = max(waiting, key=lambda each: each.rank)
            if last.told.urgency <= entry.told.urgency or last.done:
                return self._refuse(entry)
            out.append(last)
        return self._drop(out, Unsaid.FULL)

    def _ordinary(self, zone: str) -> list[Waiting]:
        return [each for each in self._waiting() if zone in each.zones and each.told.urgency is not Urgency.EMERGENCY]

    def _refuse(self, entry: Waiting) -> Ends:
        entry.left = 0
        return ((entry.number, Ended(0, Unsaid.FULL)),)

    def _drop(self, entries: list[Waiting], why: Unsaid) -> Ends:
        ends: list[tuple[int, Ended]] = []
        for each in entries:
            if each.speaking:
                each.last = True
            else:
                ends += self._end(each, why)
        return tuple(ends)

    def _end(self, entry: Waiting, why: Unsaid | None, fault: Fault | None = None) -> Ends:
        del self._entries[entry.number]
        return ((entry.number, Ended(entry.done, why, fault)),)


def _is_about_the_same(one: Announcement, other: Announcement) -> bool:
    if not one.key:
        return False
    return (one.key, one.urgency, one.private) == (other.key, other.urgency, other.private)
