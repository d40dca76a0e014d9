"""When the hall is not open, home screens and displays say so politely, and when it opens next."""

import pytest

from hall.speech.courtesy import lint
from kiosk.session import View
from kiosk.ui.widgets.picture import Words
from tests.ui.hours_samples import hours_shots
from tests.ui.test_pictures_hold import picture_of

SHOTS = {shot[0]: shot for shot in hours_shots()}
SAID = {
    "home_ended": ("note", "今天的服务已结束"),
    "home_resting": ("note", "现在不是服务时间"),
    "home_before": ("note", "今天 09:00 开始取号"),
    "display_ended": ("resting", "今天的服务已结束"),
    "display_resting": ("resting", "下次服务时间"),
    "display_before": ("resting", "今天 09:00 开始取号"),
}


@pytest.mark.row("QUE-20", part="face")
@pytest.mark.parametrize("name", SAID)
def test_a_hall_that_is_not_open_says_when_it_opens_next(name: str) -> None:
    place, words = SAID[name]
    picture = picture_of(SHOTS[name], View())
    told = next(item.text for item in picture.items if isinstance(item, Words) and item.name == place)
    assert words in told.replace("\n", "")
    assert "09:00" in told
    assert lint(told) == ()


def test_a_closed_display_says_at_its_foot_that_service_has_ended_and_when_the_hall_is_open() -> None:
    for name, says in (("display_ended", "今日办理已结束"), ("display_before", "现在无人等候")):
        items = picture_of(SHOTS[name], View()).items
        told = {item.name: item.text for item in items if isinstance(item, Words)}
        assert told["waiting"] == says
        assert "服务时间" in told["hours"]
        assert "missed_rule" not in told
