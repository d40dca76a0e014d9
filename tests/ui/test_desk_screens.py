"""What the guide's screens must show whatever else is on them."""

import pytest

from kiosk.session import View
from kiosk.ui.composing import Local
from kiosk.ui.widgets.picture import Picture, Words
from tests.ui.desk_samples import STAFFING, number_shots
from tests.ui.samples import ALERTS
from tests.ui.test_pictures_hold import picture_of

SHOTS = {shot[0]: shot for shot in number_shots()}


def drawn(name: str, menu: str = "", language: str = "zh") -> Picture:
    return picture_of(SHOTS[name], View(language=language), Local(menu=menu))


def texts(picture: Picture) -> list[str]:
    return [item.text.replace("\n", "") for item in picture.items if isinstance(item, Words)]


def named(picture: Picture, start: str) -> list[str]:
    return [target.name for target in picture.targets if target.name.startswith(start) and target.enabled]


@pytest.mark.row("QUE-12", part="face")
def test_one_touch_tells_the_guide_which_idle_window_could_help() -> None:
    folded = drawn("desk_full")
    assert any("A队列有6人等候" in text for text in texts(folded))
    assert named(folded, "staffing") == ["staffing"]
    told = [text for text in texts(drawn("desk_full", menu="staffing")) if "11号窗口可办此项" in text]
    assert len(told) == 1


def test_folded_or_not_every_device_alarm_stays_in_sight() -> None:
    for name in SHOTS:
        for menu in ("", "staffing"):
            seen = {item.name for item in drawn(name, menu).items if isinstance(item, Words)}
            assert {f"alert:{alert.device}" for alert in ALERTS} <= seen, name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_notice_is_told_in_whole_sentences_when_unfolded(language: str) -> None:
    seen = [item for item in drawn("desk_full", "staffing", language).items if isinstance(item, Words)]
    assert len([item for item in seen if item.name.startswith("notice:")]) == len(STAFFING)


def test_only_the_moves_that_fit_are_offered() -> None:
    assert named(drawn("desk_number_missed"), "move:") == ["move:return", "move:add", "move:grant", "move:cancel"]
    assert named(drawn("desk_number_ended"), "move:") == []
    assert named(drawn("desk_number_ended"), "print_copy") == []
    assert named(drawn("desk_number_asking"), "move:") == []


def test_a_self_test_is_offered_once_for_a_terminal_and_then_said_to_be_asked_for() -> None:
    assert named(drawn("desk_full"), "test:") == ["test:W14"]
    assert named(drawn("desk_several"), "test:") == ["test:K2", "test:W14"]
    assert named(drawn("desk_find"), "test:") == []


def test_minutes_beyond_the_limit_of_the_hall_are_not_offered() -> None:
    assert named(drawn("desk_number_minutes"), "minutes:")[-1] == "minutes:30"
