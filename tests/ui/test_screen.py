"""The real window: Kivy's loop under the offscreen driver, stepped by hand; clocks are moved, nobody sleeps."""

import gc
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.tests.common import UnitTestTouch
from PIL import Image

from hall.ids import ItemCode, SessionId
from kiosk.flows import self_service, steps, words
from kiosk.flows.words import CardKind, Effect, Happened, Step
from kiosk.roles import Advance, Role
from kiosk.session import Frame, Session, View
from kiosk.settings import Surface
from kiosk.ui.app import KioskApp
from kiosk.ui.composing import Local
from kiosk.ui.seeing import WidgetSeen
from kiosk.ui.widgets.picture import Words
from kiosk.ui.window import open_window
from tests.ui.display_samples import rows
from tests.ui.every_shot import all_shots
from tests.ui.samples import NOW, SELF_SERVICE, WALL, board, frame, issued, leased, statement


def replace_scale(scale: float) -> Surface:
    return SELF_SERVICE.model_copy(update={"scale": scale})


HALF = replace_scale(0.5)


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


@pytest.fixture(scope="module", autouse=True)
def _largest_window() -> None:
    """The offscreen driver never enlarges its first surface, so the first window is as large as any."""
    open_window(Surface(width_px=1920, height_px=1920))


@pytest.fixture(autouse=True)
def _swift_clock() -> Iterator[None]:
    Clock._max_fps = 0
    yield
    gc.collect()


@pytest.fixture
def stand(request: pytest.FixtureRequest) -> Iterator[Any]:
    made: list[Stand] = []

    def make(
        surface: Surface = SELF_SERVICE,
        advance: Advance = self_service.advance,
        first: Step | None = None,
        around: Frame | None = None,
    ) -> Stand:
        made.append(Stand(surface, advance, first or steps.Home(), around or frame("K1", "self_service")))
        return made[-1]

    yield make
    for one in made:
        one.app.close()


def stays(step: Step, happened: Happened) -> tuple[Step, tuple[Effect, ...]]:
    """A flow that goes wherever a test puts it."""
    return step, ()


@pytest.mark.row("QUE-02", part="face")
def test_a_ticket_takes_three_touches(stand: Any) -> None:
    home = stand()
    home.tap("take_ticket")
    home.tap("group:pension")
    home.tap("item:SI-301")
    assert words.Issue(ItemCode("SI-301")) in home.hands.done
    assert isinstance(home.session.step, steps.Issuing)


def test_a_double_tap_on_home_does_not_choose_a_group_on_the_next_screen(stand: Any) -> None:
    home = stand()
    touch = home.touch("take_ticket")
    for _ in range(2):
        home.now_ms += 60
        touch.touch_down()
        home.frames(1)
        touch.touch_up()
        home.frames(2)
    assert home.session.step == steps.ChoosingGroup()


def test_a_deliberate_second_tap_at_the_same_place_counts(stand: Any) -> None:
    home = stand()
    touch = home.touch("take_ticket")
    for wait in (500, 500):
        home.now_ms += wait
        touch.touch_down()
        home.frames(1)
        touch.touch_up()
        home.frames(2)
    assert isinstance(home.session.step, steps.ChoosingItem)


def test_quick_keys_of_the_number_pad_all_count(stand: Any) -> None:
    pad = stand(first=steps.EnteringPin("contributions", "李和", "0"))
    for digit in "112233":
        pad.tap(f"digit:{digit}", after_ms=40)
    assert pad.session.step.pin == "112233"
    assert pad.text("pin") == "••••••"
    pad.tap("erase")
    assert pad.session.step.pin == "11223"


def test_a_finger_that_slides_off_does_nothing(stand: Any) -> None:
    home = stand()
    touch = home.touch("take_ticket")
    touch.touch_down()
    home.frames(1)
    touch.move({"x": 0.5, "y": 0.02})
    touch.pos = touch.x, touch.y = (10, 900)
    touch.touch_up()
    home.frames(2)
    assert home.session.step == steps.Home()


def test_a_press_is_seen_in_the_next_frame(stand: Any, tmp_path: Path) -> None:
    home = stand()
    home.app.screenshot(tmp_path / "before.png")
    touch = home.touch("take_ticket")
    touch.touch_down()
    home.frames(1)
    home.app.screenshot(tmp_path / "pressed.png")
    touch.touch_up()
    x, y, _, _ = home.widget("take_ticket").box
    seen = []
    for name in ("before", "pressed"):
        with Image.open(tmp_path / f"{name}.png") as image:
            seen.append(sum(image.convert("RGB").getpixel((x + 60, y + 60))))  # type: ignore[arg-type]
    assert seen[1] < seen[0] - 25
    assert len(home.app.touch_to_frame_ms) == 1


def test_the_eye_shows_only_while_it_is_held(stand: Any) -> None:
    shown = stand(first=steps.ShowingStatement(statement(), CardKind.ID))
    assert shown.text("holder_name").startswith("阿*")
    touch = shown.touch("eye")
    touch.touch_down()
    shown.frames(2)
    assert shown.text("holder_name") == "阿依古丽·麦麦提"
    touch.pos = touch.x, touch.y = (10, 10)
    touch.touch_up()
    shown.frames(2)
    assert shown.text("holder_name").startswith("阿*")


def test_help_is_recorded_and_confirmed_in_words_that_are_true(stand: Any) -> None:
    home = stand()
    home.tap("help")
    assert words.RecordHelp("Home") in home.hands.done
    assert home.text("help_told").startswith("已通知导引员")
    home.session.post_frame(lambda around: replace(around, server_away=True))
    home.frames()
    assert "导引台" in home.text("help_told")


def test_the_note_about_help_stays_until_a_guide_takes_it_and_never_reaches_the_next_person(stand: Any) -> None:
    """K1 has an open request on this board."""
    at = stand(first=steps.ChoosingGroup(), around=frame("K1", "self_service", board=board(helping=True)))
    assert not [seen for seen in at.app.widgets() if seen.name == "help_told"]
    at.tap("help")
    at.now_ms += 20_000
    at.app._tick(1.0)
    assert at.text("help_told").startswith("已通知导引员")
    at.tap("back")
    assert at.session.step == steps.Home()
    assert not [seen for seen in at.app.widgets() if seen.name == "help_told"]
    at.tap("help")
    at.session.post_frame(lambda around: replace(around, board=board(helping=False)))
    at.now_ms += 20_000
    at.app._tick(1.0)
    at.frames()
    assert not [seen for seen in at.app.widgets() if seen.name == "help_told"]


@pytest.mark.row("QUE-16", part="face")
def test_view_and_language_change_and_are_reset_for_the_next_person(stand: Any) -> None:
    home = stand()
    home.tap("view")
    home.tap("large")
    home.tap("contrast")
    assert home.session.frame.view == View(large=True, contrast=True)
    home.tap("language")
    home.tap("language:en")
    assert home.text("question") == "How can we help you?"
    home.tap("query_print")
    home.tap("back")
    assert home.session.frame.view == View()
    assert home.text("question").startswith("请问您需要什么帮助")


def test_a_menu_closes_when_the_screen_changes(stand: Any) -> None:
    home = stand()
    home.tap("view")
    assert "large" in home.names()
    home.tap("take_ticket")
    assert "large" not in home.names()


def test_choosing_how_to_see_counts_as_being_there(stand: Any) -> None:
    chosen = stand(first=steps.ChoosingGroup())
    chosen.now_ms += 40_000
    chosen.tap("view")
    chosen.now_ms += 40_000
    chosen.session.drain()
    assert chosen.session.step == steps.ChoosingGroup()


def test_nothing_of_a_person_stays_after_their_session(stand: Any) -> None:
    shown = stand(first=steps.ShowingStatement(statement(), CardKind.ID, unmasked=True))
    ghosts = [weakref.ref(item) for item in _referable(shown)]
    assert any("古丽" in text for text, _ in shown.app._engine._cache)
    shown.tap("end")
    shown.frames()
    assert isinstance(shown.session.step, steps.Farewell)
    gc.collect()
    assert not [ghost for ghost in ghosts if ghost() is not None]
    assert not [text for text, _ in shown.app._engine._cache if "古丽" in text or "19910606" in text]
    assert not [seen for seen in shown.app.widgets() if "古丽" in seen.text]


def _referable(shown: Stand) -> list[Any]:
    """The drawings of personal words: the graphics card holds their textures as long as these live."""
    return [
        group
        for item, group in shown.app._stage._groups
        if isinstance(item, Words) and item.name in ("holder_name", "holder_number")
    ]


def test_idling_masks_at_once(stand: Any) -> None:
    shown = stand(first=steps.ShowingStatement(statement(), CardKind.ID, unmasked=True))
    shown.session.post(words.GoesOn())
    shown.frames()
    shown.now_ms += 46_000
    shown.session.drain()
    shown.frames()
    assert isinstance(shown.session.step, steps.StillThere)
    assert not [seen for seen in shown.app.widgets() if "古丽" in seen.text]
    shown.tap("go_on")
    assert isinstance(shown.session.step, steps.ShowingStatement)


def test_the_newest_call_inverts_three_times_and_then_rests(stand: Any) -> None:
    wall = stand(WALL, stays, steps.DisplayShowing(rows()[1:]), frame("S1", "hall_display"))
    wall.session.step = steps.DisplayShowing(rows())
    wall.app._changed()
    seen = []
    for _ in range(40):
        seen.append(wall.app._blinks(wall.session.step))
        wall.now_ms += 100
    assert seen[0]
    assert sum(1 for before, after in zip([False, *seen], seen, strict=False) if after and not before) == 3
    assert not any(seen[30:])


def test_nothing_is_drawn_while_nothing_changes(stand: Any) -> None:
    home = stand()
    flips: list[float] = []
    home.app._window.bind(on_flip=lambda *_: flips.append(1.0))
    for _ in range(20):
        home.now_ms += 1_000
        home.app._tick(1.0)
        home.frames(1)
    assert not flips


def test_a_scaled_window_draws_the_same_screen_smaller_and_is_shot_at_full_size(stand: Any, tmp_path: Path) -> None:
    home = stand(HALF)
    assert tuple(home.app._window.size) == (540, 960)
    home.app.screenshot(tmp_path / "half.png")
    with Image.open(tmp_path / "half.png") as image:
        assert image.size == (1080, 1920)
    home.tap("take_ticket")
    assert home.session.step == steps.ChoosingGroup()


def test_an_exception_in_a_callback_ends_the_session_and_not_the_program(
    stand: Any, caplog: pytest.LogCaptureFixture
) -> None:
    shown = stand(first=steps.ShowingStatement(statement(), CardKind.ID))

    def fail(_dt: float) -> None:
        raise ValueError("李和 000000198907220025")

    Clock.schedule_once(fail, 0)
    shown.frames(4)
    assert isinstance(shown.session.step, steps.Farewell)
    assert "screen_callback_failed" in caplog.text
    assert "李和" not in caplog.text


def test_every_screen_draws_in_the_window_in_every_mode(stand: Any) -> None:
    """Three frames of each; the offscreen driver really draws."""
    place = stand(replace_scale(0.25), stays)
    modes = (View(), View(language="en", large=True, contrast=True))
    for _, surface, around, step in all_shots():
        if surface is not SELF_SERVICE:
            continue
        for view in modes:
            place.session.step = step
            place.session.frame = replace(around, view=view)
            place.app._changed()
            place.frames(3)
            assert place.app._stage.picture.items
    assert not place.complaints


def test_widgets_tell_where_to_touch_on_the_display(stand: Any) -> None:
    ticket = steps.ShowingTicket(issued(), leased(), steps.Paper.OUT)
    shown = stand(first=ticket, around=frame("K1", "self_service", board=board(helping=False)))
    assert shown.text("number") == "C013"
    assert shown.text("windows").startswith("7")
    told = {seen["name"]: seen for seen in shown.app.seen()}
    x, y, w, h = told["end"]["box"]
    assert 0 <= x < x + w <= 1080
    assert 0 <= y < y + h <= 1920
    assert told["end"]["enabled"]
    assert not told["back"]["enabled"]
    assert shown.app._local == Local()
