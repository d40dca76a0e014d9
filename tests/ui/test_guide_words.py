"""办事指南: what a guide page says is what the hall says, in the reader's language."""

import re

import msgspec
import pytest

from hall.punctuation import chinese
from hall.services.service_items import asks_for_consent, disclosure
from kiosk.session import View
from kiosk.text.catalogue import load
from kiosk.ui.screens.guides import HEADS
from kiosk.ui.widgets.picture import Picture, Words
from tests.hall.world import qinghe
from tests.ui.test_pictures_hold import SHOTS, picture_of

HAN = re.compile("[\u3400-\u9fff]")


def texts(picture: Picture, name: str) -> list[str]:
    return [item.text for item in picture.items if isinstance(item, Words) and item.name == name]


def test_a_screen_asks_before_an_item_of_choice_as_the_hall_does() -> None:
    for item in (msgspec.structs.replace(item, optional=True) for item in qinghe().items):
        asked = load().say("zh", "guide.question", item=item.title, fee=item.fee)
        assert chinese(asked) == chinese(asks_for_consent(item))


def test_the_question_before_an_item_of_choice_can_be_read_in_english() -> None:
    (asked,) = texts(picture_of(SHOTS["guide_choice"], View(language="en")), "question")
    assert asked.endswith("Would you like to go on?")


def test_headings_are_the_official_ones_in_chinese_and_english_ones_in_english() -> None:
    official = [head for head, _ in disclosure(qinghe(), qinghe().items[0])]
    assert list(HEADS) == official
    assert [load().say("zh", f"guide.head_{key}") for key in HEADS.values()] == official
    shot = next(name for name in SHOTS if name.startswith("guide_SI"))
    told = [item for item in picture_of(SHOTS[shot], View(language="en")).items if isinstance(item, Words)]
    rows = [item.name.partition(":")[2] for item in told if item.name.startswith("row:")]
    assert rows
    assert not [head for head in rows if HAN.search(head)]


@pytest.mark.parametrize("text", ["张敏(样例)", "17:00(16:45停止取号)"])
def test_what_a_hall_tells_in_chinese_keeps_its_own_brackets(text: str) -> None:
    assert "(" not in chinese(text)
