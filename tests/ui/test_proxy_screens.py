"""代办查询 on screens: every text is there, and nobody's whole name or number is drawn unless the eye is held down."""

import pytest

from kiosk.flows import proxy_steps
from kiosk.flows.proxy_steps import Stopped
from kiosk.flows.steps import ShowingStatement
from kiosk.flows.words import Step
from kiosk.text.catalogue import load
from kiosk.ui.screens import TABLE
from kiosk.ui.screens.desk_proxy import CHECKS, KNOWN
from kiosk.ui.screens.proxy import POINTS
from kiosk.ui.widgets.picture import Words
from tests.ui.proxy_samples import DAUGHTER, FATHER, LONG, proxy_shots
from tests.ui.test_pictures_hold import MODES, picture_of


def test_every_text_that_is_put_together_is_in_the_catalogue() -> None:
    wanted = {f"proxy.{why.value}{part}" for why in Stopped for part in ("", "_title", "_now")}
    wanted |= {f"proxy.{key}{part}" for _, key in POINTS for part in ("", "_text")}
    wanted |= {f"proxy.{which}_{part}" for which in ("own", "other") for part in ("title", "hint", "where")}
    wanted |= {f"desk_proxy.problem_{reason}" for reason in (*KNOWN, "other")}
    wanted |= {f"desk_proxy.{key}" for _, key in CHECKS}
    assert wanted - set(load().tables["zh"]) == set()


def test_every_step_has_its_screen() -> None:
    steps = {one for one in vars(proxy_steps).values() if isinstance(one, type) and issubclass(one, Step)} - {Step}
    assert steps - set(TABLE) == set()
    assert steps - {type(shot[3]) for shot in proxy_shots()} == set()


@pytest.mark.row("RGT-07", part="face")
def test_no_screen_of_it_draws_a_whole_name_or_number_unless_the_eye_is_held_down() -> None:
    for shot in proxy_shots():
        if isinstance(shot[3], ShowingStatement) and shot[3].unmasked:
            continue
        drawn = " ".join(item.text for item in picture_of(shot, MODES["standard"]).items if isinstance(item, Words))
        for one in (DAUGHTER, FATHER, LONG):
            assert one.name not in drawn, shot[0]
            assert one.number not in drawn, shot[0]


@pytest.mark.row("RGT-07", part="face")
def test_the_statement_on_screen_says_who_asked_for_whom() -> None:
    shot = next(shot for shot in proxy_shots() if shot[0] == "proxy_statement")
    texts = {item.name: item.text for item in picture_of(shot, MODES["standard"]).items if isinstance(item, Words)}
    assert texts["proxy"] == "代办查询 · 代办人 李* · 被代办人 张*"
