"""The real window: Kivy's loop under the offscreen driver, stepped by hand; clocks are moved, nobody sleeps."""

import gc
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kivy.clock import Clock
from PIL import Image

from kiosk.flows import steps, words
from kiosk.flows.words import CardKind
from kiosk.session import View
from kiosk.settings import Surface
from kiosk.ui.composing import Local
from kiosk.ui.widgets.picture import Words
from tests.ui.display_samples import rows
from tests.ui.every_shot import all_shots
from tests.ui.samples import SELF_SERVICE, WALL, board, frame, issued, leased, statement
from tests.ui.stand import Stand, stays


def replace_scale(scale: float) -> Surface:
    return SELF_SERVICE.model_copy(update={"scale": scale})


HALF = replace_scale(0.5)


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
