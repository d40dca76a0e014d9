"""A call is spoken where its people wait, and the ledger hears when speech began or why there was none."""

from hall.events import CallAnnounced
from hall.ids import WindowId
from hall.outage.sharing import NO_CALL_SEQ
from kiosk.flows.words import Announce
from kiosk.performing.hands import Givens, HallLine, SpeechWorker
from kiosk.speech import EVERYWHERE, Announcement, Ended, Unsaid

SPOKEN_TIMES = 2
"""Without a hall pack; with one the hall decides."""
LAST_SPOKEN = "last_spoken"


class Announcing:
    """Hands calls to the speaker; each ends as one `CallAnnounced`."""

    def __init__(self, terminal: HallLine, speaker: SpeechWorker | None, givens: Givens) -> None:
        self._terminal = terminal
        self._speaker = speaker
        self._givens = givens

    def __call__(self, effect: Announce) -> None:
        """Announce one call; never blocks."""
        shown_at = self._givens.clock()
        if effect.call_seq != NO_CALL_SEQ:  # a window that calls on its own does not number its calls
            self._terminal.remember(LAST_SPOKEN, str(effect.call_seq))
        started: list[float] = []

        def on_start(_mono: float) -> None:
            started.append(self._givens.clock())

        def done(ended: Ended) -> None:
            announced = CallAnnounced(
                call_seq=effect.call_seq,
                label=effect.label,
                window=effect.window,
                shown_at=shown_at,
                spoken_at=started[0] if started else None,
                text=effect.shown,
                unspoken="" if ended.times or ended.why is None else ended.why.value,
            )
            self._terminal.record((announced,))

        if self._speaker is None:
            done(Ended(0, Unsaid.NO_SPEAKER))
            return
        pack = self._terminal.pack
        if pack is not None:
            self._speaker.learn(pack.speech, pack.volumes)
        times = pack.spoken_times if pack else SPOKEN_TIMES
        told = Announcement(effect.spoken, zone=self._area(effect.window), times=times, key=effect.label)
        self._speaker.announce(told, on_start, done)

    def person_left(self) -> None:
        """What was meant for one person's ears ends with the session."""
        if self._speaker is not None:
            self._speaker.person_left()

    def _area(self, window: WindowId) -> str:
        pack = self._terminal.pack
        plan = next((each for each in pack.windows if each.window == window), None) if pack else None
        return plan.area if plan else EVERYWHERE
