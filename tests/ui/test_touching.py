"""Touches in the real window: what a finger, a double tap and a held eye do; nobody sleeps."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hall.ids import ItemCode
from kiosk.flows import steps, words
from kiosk.flows.words import CardKind
from kiosk.session import View
from tests.ui.samples import board, frame, statement


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
