"""The screen of one kiosk process: Kivy's loop on the main thread, one session, one picture at a time."""

import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from kivy.base import EventLoop, ExceptionManager, runTouchApp, stopTouchApp
from kivy.clock import Clock
from PIL import Image

from kiosk.flows.steps import DisplayShowing, PanelCalling, StillThere
from kiosk.flows.words import AskedForHelp, Ended, GoesOn, Happened, Step
from kiosk.session import Session
from kiosk.settings import Surface
from kiosk.text import TextEngine
from kiosk.text.catalogue import load
from kiosk.ui.composing import Composer, Local
from kiosk.ui.guarding import DoubleTaps, NeverEnd
from kiosk.ui.keying import Ears, Keying, Screen
from kiosk.ui.pixels import finish_drawing, redrawn, window_pixels
from kiosk.ui.seeing import WidgetSeen, widgets_of
from kiosk.ui.stage import Stage, Touched
from kiosk.ui.theme import look
from kiosk.ui.widgets.picture import Show, Target
from kiosk.ui.window import open_window, pixels

HELPED_MS = 8_000.0
"""How long 已通知导引员 stays for who asked; until a guide takes the request it stays anyway."""
BEAT_MS = 1_000.0
BEATS = 3
"""A new call on the hall display inverts three times at 1 Hz."""
KEPT_TIMINGS = 10_000


class KioskApp:
    """Shows `session` on `surface`. All methods but `stop` belong to the main thread."""

    def __init__(
        self,
        *,
        session: Session,
        surface: Surface,
        clock: Callable[[], float],
        local_time: Callable[[float], str],
        millisecond_clock: Callable[[], float] = lambda: time.monotonic() * 1000,
        ears: Ears | None = None,
    ) -> None:
        """`clock` is hall time in seconds, `local_time` writes it as the header shows it."""
        self._session = session
        self._surface = surface
        self._clock = clock
        self._ms = millisecond_clock
        self._engine = TextEngine()
        catalogue = load()
        self._composer = Composer(self._engine, catalogue, surface, local_time)
        screen = Screen(self._key_presses, self._key_lets_go, self._somebody_is_here)
        ears = ears or Ears()
        self._wedge = ears.wedge
        self._keying = Keying(ears, screen, catalogue)
        self._local_time = local_time
        self._local = Local()
        self._shown: tuple[str, type[Step], object] = ("", Step, None)
        self._person = session.id
        self._helped_until = 0.0
        self._beats_from = -BEAT_MS * BEATS
        self._newest: int | None = None
        self._minute = ""
        self._down_ms: float | None = None
        self._taps = DoubleTaps(surface.width_px / surface.width_mm)
        self._due: Any = None
        self._window: Any = None
        self._stage: Any = None
        self._handler = NeverEnd(self._give_up)
        self.touch_to_frame_ms: list[float] = []
        """From each touch to the end of the first flip after the canvas changed."""

    # ---- life ----------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Open the window and stay in Kivy's loop until `stop`."""
        self.open()
        try:
            EventLoop.mainloop()
        finally:
            self.close()

    def open(self) -> None:
        """Open the window and show the first picture; tests then step Kivy's loop themselves."""
        self._window = open_window(self._surface)
        touched = Touched(self._finger_touches, self._finger_up)
        self._stage = Stage(self._engine, size=pixels(self._surface), scale=self._surface.scale, touched=touched)
        self._window.bind(on_flip=self._flip, on_key_down=self._key_down, on_key_up=self._key_up)
        ExceptionManager.add_handler(self._handler)
        wake = Clock.create_trigger(self._drain, 0)
        self._session.wake = wake
        self._session.subscribe(self._changed)
        Clock.schedule_interval(self._tick, 1.0)
        if self._wedge is not None:
            Clock.schedule_interval(self._looks_for_keys, 0)
        self._refresh()
        runTouchApp(self._stage, embedded=True)
        self._drain()

    def close(self) -> None:
        """Leave the loop and let go of the window."""
        self._session.wake = lambda: None
        Clock.unschedule(self._tick)
        Clock.unschedule(self._beat)
        Clock.unschedule(self._looks_for_keys)
        if self._window is not None:
            self._window.unbind(on_flip=self._flip, on_key_down=self._key_down, on_key_up=self._key_up)
            self._window.remove_widget(self._stage)
        ExceptionManager.remove_handler(self._handler)
        stopTouchApp()

    def stop(self) -> None:
        """End the loop, from any thread."""
        self.on_main(stopTouchApp)

    def on_main(self, work: Callable[[], None]) -> None:
        """Run `work` on the main thread soon; from any thread."""
        Clock.schedule_once(lambda _: work(), 0)

    # ---- what tests and helpers see ------------------------------------------------------------------------------

    def widgets(self) -> list[WidgetSeen]:
        """Return every place to touch and every text, where they are on the display; most texts have no name."""
        left, top = int(self._window.left), int(self._window.top)
        return widgets_of(self._stage.picture, scale=self._surface.scale, left=left, top=top)

    def seen(self) -> list[dict[str, Any]]:
        """Return `widgets` as plain data, for the debug socket."""
        return [asdict(widget) for widget in self.widgets()]

    def screenshot(self, path: Path | str) -> None:
        """Write what the window shows as PNG at full logical size; a scaled window is drawn again at full size."""
        if self._surface.scale == 1:
            image = window_pixels(self._window)
        else:
            size = (self._surface.width_px, self._surface.height_px)
            image = redrawn(self._engine, self._stage.picture, size)
        Image.frombytes("RGB", image[0], image[1]).transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(path)

    # ---- the session changed, time passed ------------------------------------------------------------------------

    def _drain(self, _dt: float = 0.0) -> None:
        self._session.drain()
        if self._due is not None:
            self._due.cancel()
            self._due = None
        seconds = self._session.next_due_s()
        if seconds is not None:
            self._due = Clock.schedule_once(self._drain, seconds)

    def _changed(self) -> None:
        if self._session.id != self._person:
            self._person = self._session.id
            self._forget()
        self._refresh()

    def _forget(self) -> None:
        """Another person: nothing drawn for the last one stays."""
        self._local = Local()
        self._helped_until = 0.0
        self._keying.reset()
        self._stage.clear()
        self._engine.forget()

    def _tick(self, _dt: float) -> None:
        minute_passed = self._local_time(self._clock()) != self._minute
        if minute_passed or (self._local.menu == "helped" and not self._helped()) or self._counts_down():
            self._refresh()

    def _counts_down(self) -> bool:
        """Whether the step shows seconds until something can be pressed."""
        step = self._session.step
        return isinstance(step, PanelCalling) and self._clock() <= step.called.may_miss_at + 1

    def _helped(self) -> bool:
        """Whether this person's request for help is to be seen: for a while, and as long as nobody has taken it."""
        frame = self._session.frame
        waits = frame.board is not None and any(asked.terminal == frame.terminal for asked in frame.board.help)
        return self._ms() < self._helped_until or waits

    def _refresh(self) -> None:
        step, frame = self._session.step, self._session.frame
        fresh = self._enter(step)
        if self._local.menu == "helped" and not self._helped():
            self._local = replace(self._local, menu="")
        now = self._clock()
        self._minute = self._local_time(now)
        local = replace(self._local, blink=self._blinks(step))
        picture = self._composer.picture(step, frame, local, now)
        self._stage.show(self._keying.showing(picture, look(self._surface, frame.view), fresh=fresh))

    def _enter(self, step: Step) -> bool:
        """On another screen, or another page of the same one, menus close and pages begin at the first."""
        shown = (str(self._session.id), type(step), getattr(step, "group", None))
        if shown != self._shown:
            menu = self._local.menu if self._local.menu == "helped" and shown[0] == self._shown[0] else ""
            self._local = Local(menu=menu)
            self._taps.screen_changed()
            self._shown = shown
            return True
        return False

    def _blinks(self, step: Step) -> bool:
        if not isinstance(step, DisplayShowing) or not step.rows:
            return False
        newest = step.rows[0].call_seq
        if newest != self._newest:
            first = self._newest is None
            self._newest = newest
            if not first and step.rows[0].newest:  # a row may have come up because the one above was missed
                self._beats_from = self._ms()
                Clock.unschedule(self._beat)
                Clock.schedule_interval(self._beat, BEAT_MS / 4000)
        passed = self._ms() - self._beats_from
        return passed < BEAT_MS * BEATS and passed % BEAT_MS < BEAT_MS / 2

    def _beat(self, _dt: float) -> bool:
        self._refresh()
        return self._ms() - self._beats_from < BEAT_MS * BEATS

    def _give_up(self) -> None:
        self._session.post(Ended(), self._session.id)

    # ---- keys ----------------------------------------------------------------------------------------------------

    def _key_down(self, _window: Any, code: int, _scan: int, _text: str | None, modifiers: list[str]) -> bool:
        if self._keying.down(code, modifiers, self._ms() / 1000):
            self._refresh()
        return True

    def _looks_for_keys(self, _dt: float) -> None:
        if self._wedge is not None:
            self._wedge.looked(self._ms() / 1000)

    def _key_up(self, _window: Any, code: int, *_: Any) -> bool:
        self._keying.up(code)
        return True

    def _key_presses(self, target: Target) -> None:
        self._finger_down(target, target.box.x + target.box.w / 2, target.box.y + target.box.h / 2)

    def _key_lets_go(self, target: Target) -> None:
        self._finger_up(target, inside=True)

    # ---- fingers -------------------------------------------------------------------------------------------------

    def _finger_touches(self, target: Target | None, x: float, y: float) -> None:
        if self._keying.hide():
            self._refresh()
        self._finger_down(target, x, y)

    def _finger_down(self, target: Target | None, x: float, y: float) -> None:
        now = self._ms()
        self._taps.down(now, x, y)
        if target is None:
            return
        self._down_ms = now
        if target.held is not None and not self._taps.echo:
            self._post(target.held[0])

    def _finger_up(self, target: Target, inside: bool) -> None:
        if target.held is not None:
            self._post(target.held[1])
            return
        if self._taps.echo or not inside or target.tap is None:
            return
        self._taps.acted(self._ms())
        if isinstance(target.tap, Show):
            self._show(target.tap)
        else:
            self._post(target.tap)

    def _post(self, happened: Happened) -> None:
        if isinstance(happened, AskedForHelp):
            self._helped_until = self._ms() + HELPED_MS
            self._local = replace(self._local, menu="helped")
            self._refresh()
        self._session.post(happened, self._session.id)

    def _show(self, show: Show) -> None:
        view = self._session.frame.view
        if show.what == "menu":
            self._local = replace(self._local, menu=show.value)
        elif show.what == "page":
            self._local = replace(self._local, page=max(0, int(show.value)))
        elif show.what == "language":
            self._local = replace(self._local, menu="")
            self._session.show_as(language=show.value)
        elif show.what == "large":
            self._local = replace(self._local, page=0)
            self._session.show_as(large=not view.large)
        else:
            self._session.show_as(contrast=not view.contrast)
        self._somebody_is_here()
        self._refresh()

    def _somebody_is_here(self) -> None:
        """Restart the idle clock and nothing else; the question whether somebody is there wants its own answer."""
        if not isinstance(self._session.step, StillThere):
            self._session.post(GoesOn(), self._session.id)

    # ---- frames --------------------------------------------------------------------------------------------------

    def _flip(self, window: Any) -> bool:
        window.flip()
        finish_drawing()
        if self._down_ms is not None and len(self.touch_to_frame_ms) < KEPT_TIMINGS:
            self.touch_to_frame_ms.append(self._ms() - self._down_ms)
        self._down_ms = None
        return True
