"""What was noted apart comes together: facts of panels, terminals and server, in whatever order they arrive.

A merge is a set of facts in one canonical form, so it does not matter who merged what first, or how often. What the
facts mean is read from the whole set by `settling.settle`; yesterday's facts that come today belong to yesterday.
"""

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from hall.events import CallAnnounced, Event, RequestWithdrawn, TicketCalled
from hall.ids import SERVER, EventId, TerminalId, WindowId


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """One fact as its device noted it. `at` is the device's clock, `offset_s` what must be added to have hall time."""

    device: TerminalId
    epoch: int
    seq: int
    event_id: EventId
    at: float
    offset_s: float = 0.0
    event: Event

    @property
    def hall_time(self) -> float:
        """When it was noted, hall time."""
        return self.at + self.offset_s


Merged = tuple[Noted, ...]
"""Each fact once, by event id."""
NOTHING: Merged = ()
_encoder = msgspec.json.Encoder(order="deterministic")


def merge(*parts: Iterable[Noted]) -> Merged:
    """Return the facts of all parts together: commutative, associative, idempotent."""
    found = {_encoder.encode(one): one for part in parts for one in part}
    return tuple(one for _, one in sorted(found.items(), key=lambda pair: (pair[1].event_id, pair[0])))


def told_apart(facts: Merged) -> tuple[Merged, tuple[Noted, ...]]:
    """Return the facts with one for each event id, and those left over: one id under which two things are told."""
    kept: dict[EventId, Noted] = {}
    clashing = tuple(one for one in facts if kept.setdefault(one.event_id, one) is not one)
    return tuple(kept.values()), clashing


def in_order(facts: Iterable[Noted]) -> list[Noted]:
    """Return the facts by corrected time, then event id; but a device's own order is never doubted.

    A clock that was set back between a call and the start of its service does not make the start come first.
    """
    by_device: dict[TerminalId, list[Noted]] = defaultdict(list)
    for one in facts:
        by_device[one.device].append(one)
    placed: list[tuple[tuple[float, str], int, int, Noted]] = []
    for noted in by_device.values():
        latest = (float("-inf"), "")
        for one in sorted(noted, key=lambda fact: (fact.epoch, fact.seq, fact.event_id)):
            latest = max(latest, (one.hall_time, one.event_id))
            placed.append((latest, one.epoch, one.seq, one))
    return [row[-1] for row in sorted(placed, key=lambda row: (row[0], row[1], row[2], row[3].event_id))]


class Unheard:
    """Which calls of the server reached nobody: withdrawn by the panel they were for, and never announced."""

    def __init__(self, facts: Iterable[Noted]) -> None:
        self._announced: set[tuple[int, WindowId]] = set()
        self._withdrawn: dict[WindowId, list[tuple[int, float]]] = defaultdict(list)
        for one in facts:
            match one.event:
                case CallAnnounced(call_seq=seq, window=window):
                    self._announced.add((seq, window))
                case RequestWithdrawn(window=window, after_call_seq=after):
                    self._withdrawn[window].append((after, one.hall_time))

    def __contains__(self, call: tuple[Noted, TicketCalled]) -> bool:
        """Tell whether this call binds nobody, so that its ticket is still in its place."""
        noted, event = call
        if noted.device != SERVER or (event.call_seq, event.window) in self._announced:
            return False
        given_up = self._withdrawn.get(event.window, ())
        return any(after < event.call_seq and noted.hall_time <= at for after, at in given_up)
