"""One open window for a test: Kivy's loop under the offscreen driver, stepped by hand; clocks are moved."""

from dataclasses import dataclass, field
from typing import Any

from kivy.base import EventLoop
from kivy.tests.common import UnitTestTouch

from hall.ids import SessionId
from kiosk.flows.words import Effect, Happened, Step
from kiosk.roles import Advance, Role
from kiosk.session import Frame, Session
from kiosk.settings import Surface
from kiosk.ui.app import KioskApp
from kiosk.ui.seeing import WidgetSeen
from tests.ui.samples import NOW


@dataclass
class Hands:
    """A performer with memory."""

    done: list[Effect] = field(default_factory=list)

    def __call__(self, effect: Effect, session: SessionId) -> None:
        self.done.append(effect)


class Stand:
    """One open window with its session and a clock that is moved."""

    def __init__(self, surface: Surface, advance: Advance, first: Step, around: Frame, ears: Any = None) -> None:
        self.now_ms = 1_000.0
        self.hands = Hands()
        self.complaints: list[str] = []
        self.ids = iter(f"{number:032d}" for number in range(1_000))
        role = Role(name=around.role, first=first, advance=advance, needs=frozenset(), surface="portrait")
        self.session = Session(
            role=role,
            frame=around,
            performer=self.hands,
            mint=lambda: next(self.ids),
            monotonic=lambda: self.now_ms / 1000,
            idle_s=45.0,
            complain=lambda where, error: self.complaints.append(f"{where}: {error}"),
        )
        self.app = KioskApp(
            session=self.session,
            surface=surface,
            clock=lambda: NOW,
            local_time=lambda _: "09:41",
            millisecond_clock=lambda: self.now_ms,
            ears=ears,
        )
        self.surface = surface
        self.app.open()
        self.frames()

    def frames(self, count: int = 3) -> None:
        for _ in range(count):
            EventLoop.idle()

    def widget(self, name: str) -> WidgetSeen:
        return next(seen for seen in self.app.widgets() if seen.name == name)

    def names(self) -> set[str]:
        return {seen.name for seen in self.app.widgets() if seen.enabled}

    def text(self, name: str) -> str:
        return self.widget(name).text

    def touch(self, name: str) -> Any:
        x, y, w, h = self.widget(name).box
        left, top = int(self.app._window.left), int(self.app._window.top)
        return UnitTestTouch(x - left + w / 2, self.app._window.height - (y - top + h / 2))

    def tap(self, name: str, *, after_ms: float = 1_000.0) -> None:
        self.now_ms += after_ms
        touch = self.touch(name)
        touch.touch_down()
        self.frames(1)
        touch.touch_up()
        self.frames(2)


def stays(step: Step, happened: Happened) -> tuple[Step, tuple[Effect, ...]]:
    """A flow that goes wherever a test puts it."""
    return step, ()
