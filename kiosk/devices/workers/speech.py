"""The speaker: announcements in their order, one at a time in a zone, each confirmed or reported with its reason."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import msgspec

from hall.wire.health_reports import DeviceReport
from hall.wire.pack_shown import Volume
from kiosk.devices.speakers.announcements import AnnouncementQueue, Ends, Waiting
from kiosk.devices.speakers.zones import FULL, volume_at
from kiosk.devices.workers.base import DeviceWorker, Job
from kiosk.ports import DeviceError
from kiosk.speech import EVERYWHERE, Announcement, Ended, Manner, Speaker, Unsaid, Urgency

Starting = Callable[[float], None]
"""Hears the monotonic second at which the first sample went out."""
Ending = Callable[[Ended], None]


class _Lane(DeviceWorker[Speaker]):
    """Speaks in one zone, by a driver of its own."""

    kind = "speaker"
    state_every_s = 5.0

    def __init__(self, name: str, opener: Callable[[], Speaker], monotonic: Callable[[], float], zone: str) -> None:
        super().__init__(name, opener, monotonic)
        self.zone = zone
        self.hall: SpeakerWorker

    def step(self) -> float:
        """Speak one turn or look after the device; the time until the next turn is due is never overslept."""
        delay_s = super().step()
        due = self.hall.next_at(self.zone)
        return delay_s if due is None else max(0.0, min(delay_s, due - self._monotonic()))

    def nudge(self) -> None:
        """Something changed in the queue."""
        self._nudge()

    def stopping(self) -> bool:
        """Tell whether this thread is to end."""
        return self._stopping

    def _next_job(self) -> Job[Speaker] | None:
        turn = None if self._stopping else self.hall.take(self.zone)
        if turn is None:
            return None
        return Job(partial(self.hall.speak, turn, self), partial(self.hall.failed, turn))

    def _is_pressing(self) -> bool:
        due = self.hall.next_at(self.zone)
        return self._stopping or (due is not None and due <= self._monotonic())


class _FurtherLane(_Lane):
    """A zone beside the first; the first one looks after the state of all outlets."""

    def _watch(self, driver: Speaker, now: float) -> None:
        """The device is watched once."""
        del driver
        self._next_state = now + self.state_every_s


class SpeakerWorker(_Lane):
    """All zones of a speaker. Its public methods may be called from any thread."""

    def __init__(
        self,
        name: str,
        opener: Callable[[], Speaker],
        *,
        zones: tuple[str, ...] = (EVERYWHERE,),
        minute: Callable[[], int] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`minute` tells minutes after local midnight, for the volume by time of day."""
        super().__init__(name, opener, monotonic, zones[0])
        self.hall = self
        self._queue = AnnouncementQueue(zones)
        self._lock = threading.Lock()
        self._minute = minute
        self._heard: dict[int, tuple[Starting | None, Ending | None]] = {}
        self._unspoken: Counter[str] = Counter()
        self._table: Mapping[str, str] = {}
        self._volumes: Sequence[Volume] = ()
        self._learnt: dict[str, tuple[Speaker, Mapping[str, str]]] = {}
        self._further = [_FurtherLane(f"{name}.{zone}", opener, monotonic, zone) for zone in zones[1:]]
        for lane in self._further:
            lane.hall = self

    def announce(self, told: Announcement, on_start: Starting | None = None, done: Ending | None = None) -> None:
        """Queue an announcement. `on_start` hears of the first time it sounds; `done` hears its end, exactly once.

        `done` is called at once when there is no room, else from a thread of this worker.
        """
        with self._lock:
            if self._stopping:
                ends: Ends = ()
                refused = True
            else:
                number, ends = self._queue.offer(told, self._monotonic())
                self._heard[number] = (on_start, done)
                refused = False
        if refused and done is not None:
            done(Ended(0, Unsaid.CUT))
        self._tell_ends(ends)

    def clear(self, key: str) -> None:
        """Take back what is about `key`: an emergency that is over, a number that was served."""
        with self._lock:
            ends = self._queue.clear(key)
        self._tell_ends(ends)

    def person_left(self) -> None:
        """What is private and waits is not spoken any more; what is being spoken is cut."""
        with self._lock:
            ends = self._queue.drop_private()
        self._tell_ends(ends)

    def learn(self, table: Mapping[str, str], volumes: Sequence[Volume]) -> None:
        """Take the hall pack's pinyin and its loudness by time of day."""
        self._table, self._volumes = table, volumes

    def start(self) -> None:
        """Start a thread for each zone."""
        super().start()
        for lane in self._further:
            lane.start()

    def stop(self, limit_s: float = 5.0) -> bool:
        """End all threads; what waits is reported as cut."""
        with self._lock:
            self._stopping = True
            ends = self._queue.drop_all()
        ended = [lane.stop(limit_s) for lane in self._further]
        self._tell_ends(ends)
        return super().stop(limit_s) and all(ended)

    def report(self) -> DeviceReport:
        """How the speaker is, with what waits in each zone and what was not spoken since the start."""
        told = super().report()
        with self._lock:
            depths = {f"queue.{zone}": str(self._queue.depth(zone)) for zone in self._queue.zones}
            unspoken = {f"unspoken.{why}": str(count) for why, count in sorted(self._unspoken.items())}
            emergency = {"emergency": "yes"} if self._queue.emergency() else {}
        return msgspec.structs.replace(told, readings={**told.readings, **depths, **unspoken, **emergency})

    # ---- for the lanes -------------------------------------------------------------------------------------------

    def next_at(self, zone: str) -> float | None:
        """When the zone may have something to say; None while it has not."""
        with self._lock:
            return self._queue.next_at(zone)

    def take(self, zone: str) -> Waiting | None:
        """Return the zone's next turn."""
        now = self._monotonic()
        with self._lock:
            ends = self._queue.expire(now)
            turn = self._queue.take(zone, now)
        self._tell_ends(ends)
        return turn

    def speak(self, turn: Waiting, lane: _Lane, driver: Speaker) -> None:
        """Speak one turn, in the lane's thread."""
        told = turn.told
        learnt = self._learnt.get(lane.zone)
        if learnt is None or learnt[0] is not driver or learnt[1] is not self._table:
            driver.learn(self._table)
            self._learnt[lane.zone] = (driver, self._table)
        zone = EVERYWHERE if len(turn.zones) == len(self._queue.zones) else lane.zone
        manner = Manner(
            told.language,
            zone,
            self._volume(told),
            told.private,
            begun=partial(self._begun, turn),
            wanted=lambda: not lane.stopping() and not (told.private and turn.last),
        )
        self._turned(turn, driver.say(told.text, manner))

    def failed(self, turn: Waiting, error: DeviceError) -> None:
        """Note a turn that the device could not speak."""
        with self._lock:
            ends = self._queue.spoken(turn.number, Unsaid.BROKEN, self._monotonic(), error.reason)
        self._tell_ends(ends)

    # ---- inside --------------------------------------------------------------------------------------------------

    def _volume(self, told: Announcement) -> int:
        """An emergency is never whispered; who listens privately chooses."""
        if told.volume:
            return told.volume
        if told.urgency is Urgency.EMERGENCY or self._minute is None:
            return FULL
        return volume_at(self._volumes, self._minute())

    def _begun(self, turn: Waiting) -> None:
        with self._lock:
            on_start, done = self._heard.get(turn.number, (None, None))
            if turn.number in self._heard:
                self._heard[turn.number] = (None, done)
        if on_start is not None:
            on_start(self._monotonic())

    def _turned(self, turn: Waiting, why: Unsaid | None) -> None:
        with self._lock:
            ends = self._queue.spoken(turn.number, why, self._monotonic())
        self._tell_ends(ends)

    def _tell_ends(self, ends: Ends) -> None:
        """Tell those who wait, outside the lock, and wake every zone: a place became free or something came."""
        for number, ended in ends:
            with self._lock:
                _, done = self._heard.pop(number, (None, None))
                if ended.why is not None and not ended.times:
                    self._unspoken[ended.why.value] += 1
            if done is not None:
                done(ended)
        for lane in (self, *self._further):
            lane.nudge()
