"""A window calls only the items it is mapped to, shows no others, and says politely that nobody waits."""

import pytest

from hall.ids import ItemCode
from kiosk.flows.steps import PanelCalling, PanelReady
from kiosk.flows.words import OpenedNumbers, PressedCall
from tests.flows.panel_in_the_hall import PanelInTheHall
from tests.hall.asking import working
from tests.ui.test_window_panel import all_text, seen, texts

UNEMPLOYMENT, PENSION = ItemCode("SI-501"), ItemCode("SI-301")


@pytest.mark.row("WIN-06", part="face")
def test_a_special_windows_screen_offers_only_its_own_items_and_a_general_one_all_that_are_mapped() -> None:
    world = working()
    world.take("t1", UNEMPLOYMENT)
    seven, general = PanelInTheHall(world, "7"), PanelInTheHall(world)
    assert texts(seen(seven))["waiting"] == "0"
    assert "现在无人等候" in all_text(seen(seven))
    assert "F001" not in all_text(seen(seven))
    assert texts(seen(general))["waiting"] == "1"
    seven.press(PressedCall())
    assert isinstance(seven.step, PanelReady)
    assert "F001" not in all_text(seen(seven))
    seven.press(OpenedNumbers())
    assert "F001" not in all_text(seen(seven)), "nor can it be picked out of turn"
    general.press(PressedCall())
    assert isinstance(general.step, PanelCalling)
    assert "F001" in all_text(seen(general))
    assert "失业保险金申领" in all_text(seen(general))


def test_its_own_number_is_called_while_others_wait_longer() -> None:
    world = working()
    world.take("t1", UNEMPLOYMENT)
    world.now += 600
    world.take("t2", PENSION)
    seven = PanelInTheHall(world, "7")
    seven.press(PressedCall())
    assert "C001" in all_text(seen(seven))
