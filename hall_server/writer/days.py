"""Which day the writer opens, what it waits for when a date is not believed, and who is told of it."""

import logging
from collections.abc import Callable

import msgspec

from hall.calendar.believing import Doubt, doubt
from hall.calendar.working_days import business_day, is_open_day, parse_day
from hall.commands import AnyReply
from hall.day import day_opening
from hall.day.deciding import ConfirmDay, NoteKeyRenewed, OpenDay
from hall.day.decisions import Decidable, HallState
from hall.day_facts import DayGiven, DayOpened, DayWithdrawn
from hall.events import Event
from hall.ids import SERVER, BusinessDay
from hall.pack.hall_pack import HallPack
from hall_server.ledger.store import Ledger
from hall_server.writer.confirming import Spoken, WordBox
from hall_server.writer.jobs import Outlet
from hall_server.writer.standing import Rules

log = logging.getLogger(__name__)

WITHHELD, BELIEVED, OPENED, KEY_RENEWED = "day_withheld", "day_believed", "day_opened", "day_key_renewed"
"""What the outlet is told: two alarms, and what ends them."""

Done = Callable[[AnyReply, tuple[Event, ...]], None]
Do = Callable[[Decidable, Done], None]
"""Decide, commit, and tell `done`; nothing is told of what could not be committed."""
DayOpenedHook = Callable[[BusinessDay], bool | None]
"""Told of the open day at start and when another opens. True: what it keeps for this day was lost and is made anew."""


class Days:
    """Lives on the writer's thread. `withheld` may be read from any."""

    def __init__(self, ledger: Ledger, pack: HallPack, rules: Rules, outlet: Outlet) -> None:
        self._ledger = ledger
        self._pack = pack
        self._rules = rules
        self._outlet = outlet
        self.hook: DayOpenedHook = _nobody_to_tell
        self.words: WordBox | None = None
        self.withheld: Doubt | None = None
        self._key_was_lost = False

    def look(self, state: Callable[[], HallState], do: Do, now: float) -> None:
        """Take the administrator's word if there is one; open today if it follows believably, else say why not."""
        if self.words is not None and (spoken := self.words.take()) is not None:
            self._confirm(spoken, state, do, now)
        today, known = business_day(now), state()
        self._doubt(None if known.day == today else doubt(known.believed, today), known, now)
        if known.day == today or self.withheld is not None or not is_open_day(self._pack, parse_day(today)):
            return
        do(OpenDay(today, self._given(today)), _log_opened)
        if state().day == today:
            self._opened(today, now)

    def told_at_start(self, state: Callable[[], HallState], do: Do, now: float) -> None:
        """Tell of the day that the ledger holds open already; what was kept for it and is gone goes on record."""
        day = state().day
        if day is not None and self.hook(day):
            log.warning("the key of %s was lost while the day was open; one open number for a card starts anew", day)
            self._key_was_lost = True
            self._outlet.alarm(SERVER, KEY_RENEWED, now)
            do(NoteKeyRenewed(day), _log_refused)

    def _opened(self, day: BusinessDay, now: float) -> None:
        if self._key_was_lost:
            self._outlet.alarm(SERVER, OPENED, now)
        self._key_was_lost = False
        self.hook(day)

    def _confirm(self, spoken: Spoken, state: Callable[[], HallState], do: Do, now: float) -> None:
        words, before = self.words, state().day
        if words is None:  # pragma: no cover - `look` has just taken the word from it
            return
        day = BusinessDay(spoken.day)
        command = ConfirmDay(day, spoken.by, spoken.reason, self._given(day))
        do(command, lambda reply, events: words.answer(spoken, reply, events))
        after = state().day
        if after is not None and after != before:
            self._opened(after, now)

    def _doubt(self, found: Doubt | None, state: HallState, now: float) -> None:
        """Say lost once, say back once."""
        if found is self.withheld:
            return
        self.withheld = found
        if found is None:
            log.info("the date is believed again")
            self._outlet.alarm(SERVER, BELIEVED, now)
            return
        why = day_opening.told(found, state.believed, business_day(now))
        log.error("no day is opened by itself: %s; %s", why, day_opening.HOW)
        self._outlet.alarm(SERVER, WITHHELD, now)

    def _given(self, day: BusinessDay) -> DayGiven | None:
        """Return what the last life of this day gave out, None when the ledger knows of none."""
        openings = self._ledger.minted("DayOpened")
        lives = [place for place, one in enumerate(openings) if _day_of(one.body) == day]
        if not lives:
            return None
        first = openings[lives[-1]].ledger_seq
        beyond = openings[lives[-1] + 1].ledger_seq if lives[-1] + 1 < len(openings) else None
        state = HallState(self._pack)
        for entry in self._ledger.entries(first):
            if beyond is not None and entry.ledger_seq >= beyond:
                break
            try:
                event = msgspec.json.decode(entry.body, type=Event)
                if isinstance(event, DayWithdrawn) and entry.device == SERVER:
                    break
                self._rules.apply(state, event, entry.device, entry.at)
            except Exception:
                log.exception("ledger entry %d (%s) could not be applied", entry.ledger_seq, entry.kind)
        return day_opening.given(state)


def _day_of(body: bytes) -> str:
    return msgspec.json.decode(body, type=DayOpened).day


def _nobody_to_tell(_day: BusinessDay) -> None:
    """For a writer without anybody who keeps something for a day only."""


def _log_opened(reply: AnyReply, events: tuple[Event, ...]) -> None:
    for event in events:
        if isinstance(event, DayOpened):
            log.info("the day is open: %s", event.day)
    if not events:
        log.warning("the day was not opened: %s", reply)


def _log_refused(reply: AnyReply, events: tuple[Event, ...]) -> None:
    if not events:
        log.warning("not written down: %s", reply)
