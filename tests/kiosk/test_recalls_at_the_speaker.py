"""From the board to the voice: quick recalls of one number at one window are one announcement."""

from types import SimpleNamespace

import msgspec
import pytest

from hall.events import CallAnnounced
from hall.ids import TicketLabel, WindowId
from hall.wire.board import CallShown
from kiosk.devices.speakers.announcements import AnnouncementQueue
from kiosk.flows import hall_display
from kiosk.flows.steps import DisplayShowing
from kiosk.flows.words import Announce, BoardChanged
from kiosk.performing.announcing import Announcing
from kiosk.speech import Announcement
from tests.sync.samples import MONDAY_0930, board


class Speaker:
    """A speaker's queue; nothing is spoken until the test says so."""

    def __init__(self) -> None:
        self.queue, self.done, self.now = AnnouncementQueue(), {}, 0.0  # type: ignore[var-annotated]

    def announce(self, told: Announcement, _on_start: object, done: object) -> None:
        number, ends = self.queue.offer(told, self.now)
        self.done[number] = done
        self._end(ends)

    def speak(self) -> list[str]:
        said = []
        while (due := self.queue.next_at("all")) is not None:
            self.now = max(self.now, due)
            turn = self.queue.take("all", self.now)
            assert turn is not None
            said.append(turn.told.text)
            self._end(self.queue.spoken(turn.number, None, self.now))
        return said

    def _end(self, ends: object) -> None:
        for number, ended in ends:  # type: ignore[attr-defined]
            self.done[number](ended)


def call(seq: int) -> CallShown:
    return CallShown(
        call_seq=seq, label=TicketLabel("C012"), window=WindowId("7"), priority=False, recalled=seq > 1, at=MONDAY_0930
    )


@pytest.mark.row("ATT-09", part="rule")
def test_recalls_that_have_not_begun_are_spoken_as_one_and_each_is_told_to_the_ledger() -> None:
    speaker, recorded = Speaker(), list[CallAnnounced]()
    line = SimpleNamespace(pack=None, remember=lambda *_: None, record=recorded.extend)
    announcing = Announcing(line, speaker, SimpleNamespace(clock=lambda: 1_000.0))  # type: ignore[arg-type]
    step = hall_display.advance(DisplayShowing(), BoardChanged(board(1), 0, None))[0]
    calls: list[CallShown] = []
    for seq in (1, 2, 3, 4):
        calls.append(call(seq))
        shown = msgspec.structs.replace(board(seq + 1), calls=tuple(calls))
        step, effects = hall_display.advance(step, BoardChanged(shown, seq - 1, None))
        for effect in effects:
            if isinstance(effect, Announce):
                announcing(effect)
    said = speaker.speak()
    assert len(said) == 2, "one announcement, spoken as often as the hall wants"
    assert [(one.call_seq, one.unspoken) for one in sorted(recorded, key=lambda one: one.call_seq)] == [
        (1, "merged"),
        (2, "merged"),
        (3, "merged"),
        (4, ""),
    ]
