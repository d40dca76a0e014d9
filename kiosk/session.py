"""The heart of a screen: one step, one inbox, one person at a time.

Threads post into the inbox; the main thread drains it, asks the flow, and has the effects performed. What arrives
late for a person's session that ended is dropped unread, never shown to the next person.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from hall.errors import Reason
from hall.ids import SessionId, TerminalId, TicketLabel, WindowId
from hall.wire.board import Board
from hall.wire.devices_shown import TerminalNow
from hall.wire.health_reports import Alert, DeviceReport
from hall.wire.pack_shown import PackShown
from hall.wire.upkeep_shown import DueShown
from kiosk.flows.panel_steps import PanelStaying
from kiosk.flows.steps import Apology, SigningIn
from kiosk.flows.words import (
    AskRefused,
    Effect,
    EndSession,
    Happened,
    StartTimer,
    Step,
    TimerFired,
    Touch,
    WentIdle,
)
from kiosk.roles import Role

MAX_INBOX = 1_000
"""More waiting inputs than this means that the main thread is gone; the oldest touches are dropped first."""
IDLE = "idle"
VIEWS_KEPT = 100
"""Members of staff whose view one screen remembers; more than work in a hall."""


@dataclass(frozen=True, slots=True)
class View:
    """How this person wants to see; a resident's is reset when the session ends (QUE-16), a clerk's when they leave."""

    language: str = "zh"
    large: bool = False
    contrast: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every step: the hall, the time, the devices, the view."""

    terminal: TerminalId
    role: str
    window: WindowId | None = None
    pack: PackShown | None = None
    board: Board | None = None
    alerts: tuple[Alert, ...] = ()
    """Hall-wide faults, for the guide desk."""
    floor: tuple[TerminalNow, ...] = ()
    """Every terminal and device of the hall, for the guide desk."""
    upkeep: tuple[DueShown, ...] = ()
    """Works on devices that are due, for the guide desk."""
    devices: tuple[DeviceReport, ...] = ()
    """This terminal's own devices."""
    server_away: bool = False
    connecting: bool = False
    """A question to the hall is held and repeated, for no answer came yet."""
    alone: int | None = None
    """This window calls on its own (design 5, L3): how many of its share are left."""
    alone_next: tuple[TicketLabel, ...] = ()
    """The next of them, by place."""
    back: bool = False
    """It did until a moment ago."""
    hall_time: float = 0.0
    view: View = View()


def staff_of(step: Step) -> str:
    """Return who is signed in on this step; empty for nobody."""
    return "" if isinstance(step, SigningIn | PanelStaying) else str(getattr(step, "staff", ""))


class Performer(Protocol):
    """Carries effects out; answers come back through `Session.post` with the same session id."""

    def __call__(self, effect: Effect, session: SessionId) -> None:
        """Start the effect; never block."""


@dataclass(slots=True)
class _Timer:
    due: float
    step: type[Step] | None


class Session:
    """Owns the step. Only `post` and `post_frame` may be called from other threads."""

    def __init__(
        self,
        *,
        role: Role,
        frame: Frame,
        performer: Performer,
        mint: Callable[[], str],
        monotonic: Callable[[], float],
        idle_s: float,
        complain: Callable[[str, Exception], None],
    ) -> None:
        self._role = role
        self._performer = performer
        self._mint = mint
        self._monotonic = monotonic
        self._idle_s = idle_s
        self._complain = complain
        self._inbox: deque[tuple[Happened | Callable[[Frame], Frame], SessionId | None]] = deque()
        self._timers: dict[str, _Timer] = {}
        self._listeners: list[Callable[[], None]] = []
        self.wake: Callable[[], None] = lambda: None
        """Called after every post, from any thread; the screen's loop sets it."""
        self.id = SessionId(mint())
        self.step: Step = role.first
        self.frame = frame
        self._who = ""
        self._views: dict[str, View] = {}

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` on the main thread after every change of step or frame."""
        self._listeners.append(listener)

    def post(self, happened: Happened, session: SessionId | None = None) -> None:
        """Put an input into the inbox. `session` None: it is about the world, not about one person."""
        self._put(happened, session)

    def post_frame(self, change: Callable[[Frame], Frame]) -> None:
        """Change what stands around the step, on the main thread."""
        self._put(change, None)

    def show_as(self, **changes: str | bool) -> None:
        """Change language, large or contrast for this person. Main thread only."""
        self.frame = replace(self.frame, view=replace(self.frame.view, **changes))  # type: ignore[arg-type]
        if self._who and (self._who in self._views or len(self._views) < VIEWS_KEPT):
            self._views[self._who] = self.frame.view
        self._tell()

    def drain(self) -> None:
        """Take everything that arrived and every timer that is due. Main thread only."""
        changed = False
        while self._inbox:
            entry, session = self._inbox.popleft()
            if session is not None and session != self.id:
                continue
            if isinstance(entry, Happened):
                changed |= self._advance(entry)
            else:
                self.frame = entry(self.frame)
                changed = True
        changed |= self._fire_timers()
        if changed:
            self._tell()

    def next_due_s(self) -> float | None:
        """Seconds until the next timer, None without one."""
        due = [timer.due for timer in self._timers.values()]
        return max(0.0, min(due) - self._monotonic()) if due else None

    def _put(self, entry: Happened | Callable[[Frame], Frame], session: SessionId | None) -> None:
        if len(self._inbox) >= MAX_INBOX:
            self._inbox.popleft()
        self._inbox.append((entry, session))
        self.wake()

    def _advance(self, happened: Happened) -> bool:
        if isinstance(happened, Touch):
            self._restart_idle()
        before = self.step
        try:
            step, effects = self._role.advance(before, happened)
        except Exception as error:  # noqa: BLE001 - a flow must never end the program in front of a resident
            self._complain(type(before).__name__, error)
            step, effects = Apology(Reason.INTERNAL), (EndSession(),)
        if step is before and not effects:
            return False
        if type(step) is not type(before):
            self._forget_timers(type(before))
            self._restart_idle()
        self.step = step
        self._somebody_else()
        for effect in effects:
            self._perform(effect)
        return True

    def _perform(self, effect: Effect) -> None:
        if isinstance(effect, StartTimer):
            self._timers[effect.name] = _Timer(self._monotonic() + effect.seconds, type(self.step))
            return
        if isinstance(effect, EndSession):
            self.id = SessionId(self._mint())
            self._timers.pop(IDLE, None)
            self.frame = replace(self.frame, view=self.frame.view if self._who else View())
        try:
            self._performer(effect, self.id)
        except Exception as error:  # noqa: BLE001 - the resident is told, the technician reads the log
            self._complain(type(effect).__name__, error)
            self.post(AskRefused(Reason.INTERNAL), self.id)

    def _somebody_else(self) -> None:
        """A member of staff has their view from sign-in to sign-out, whoever they serve, and finds it again here."""
        who = staff_of(self.step)
        if who == self._who:
            return
        self._who = who
        view = self.frame.view
        if not who:
            view = View()
        elif view == View():  # nothing was chosen at the sign-in itself
            view = self._views.get(who, view)
        self.frame = replace(self.frame, view=view)

    def _fire_timers(self) -> bool:
        now = self._monotonic()
        changed = False
        for name in [name for name, timer in self._timers.items() if timer.due <= now]:
            timer = self._timers.pop(name)
            if name == IDLE:
                changed |= self._advance(WentIdle())
            elif timer.step is None or isinstance(self.step, timer.step):
                changed |= self._advance(TimerFired(name))
        return changed

    def _restart_idle(self) -> None:
        self._timers[IDLE] = _Timer(self._monotonic() + self._idle_s, None)

    def _forget_timers(self, left: type[Step]) -> None:
        for name in [name for name, timer in self._timers.items() if timer.step is left]:
            del self._timers[name]

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()
