"""The page after a poor rating: five official names as large toggles, a skip as large as the answer."""

import pytest

from hall.rating_facts import Dimension
from kiosk.session import View
from kiosk.text.catalogue import load
from kiosk.ui.screens.rating_reasons import NAMES
from tests.ui.rating_samples import reasons_shots
from tests.ui.test_pictures_hold import picture_of

SHOTS = {shot[0]: shot for shot in reasons_shots()}


@pytest.mark.row("SUP-08", part="face")
@pytest.mark.parametrize("name", ["rating_reasons", "rating_reasons_tall"])
def test_the_five_dimensions_stand_in_the_standards_words_and_order_and_skip_is_as_large_as_send(name: str) -> None:
    picture = picture_of(SHOTS[name], View())
    told = [target.text for target in picture.targets]
    assert told == [*(one.value for one in Dimension), "跳过", "提交"]
    sizes = [(round(target.box.w), round(target.box.h)) for target in picture.targets]
    assert len(set(sizes[:5])) == 1
    assert sizes[5] == sizes[6]


def test_nothing_is_chosen_beforehand_and_what_is_chosen_shows_by_its_tick_too() -> None:
    def inks(name: str) -> list[str]:
        return [item.text for item in picture_of(SHOTS[name], View()).items if hasattr(item, "text")]

    assert inks("rating_reasons") != inks("rating_reasons_some")
    none, some, every = (len(set(inks(f"rating_reasons{kind}"))) for kind in ("", "_some", "_all"))
    assert (none, every) == (some - 1, some - 1), "two kinds of tick box stand on the page with some chosen"


def test_the_catalogue_says_the_dimensions_as_the_standard_does() -> None:
    catalogue = load()
    assert [catalogue.say("zh", NAMES[one]) for one in Dimension] == [one.value for one in Dimension]
