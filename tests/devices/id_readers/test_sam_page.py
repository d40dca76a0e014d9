"""The page for whoever stands before the reader at night: it must know every option, status, reading and fault."""

from dataclasses import fields
from pathlib import Path

import pytest

from kiosk.devices.health import ACTIONS, ACTIONS_BY_KIND
from kiosk.devices.id_readers.sam_commands import BAUD_CODES
from kiosk.devices.id_readers.sam_serial import Options
from kiosk.devices.id_readers.sam_status import MEANINGS
from kiosk.devices.virtual.sam import VirtualSam
from kiosk.ports import Fault

PAGE = (Path(__file__).parents[3] / "docs/devices/sam_serial.md").read_text()


@pytest.mark.parametrize("option", [field.name for field in fields(Options)])
def test_every_option_is_on_the_page(option: str) -> None:
    assert f"\n{option} = " in PAGE


def test_every_status_rate_and_reading_is_on_the_page() -> None:
    assert all(f"{status:02X}" in PAGE for status in MEANINGS)
    assert all(str(rate) in PAGE for rate in BAUD_CODES)
    assert all(name in PAGE for name in ("sam_id", "`baud`", "Frame, parity, overrun and break"))


def test_every_fault_of_the_virtual_reader_is_on_the_page() -> None:
    assert not [action for action in VirtualSam().actions if action not in PAGE]


@pytest.mark.parametrize("fault", [Fault.DISCONNECTED, Fault.SILENT, Fault.GARBLED, Fault.HARDWARE])
def test_every_fault_the_driver_can_have_has_an_action_and_a_place_on_the_page(fault: Fault) -> None:
    assert ACTIONS_BY_KIND.get(("id_reader", fault), ACTIONS[fault])
    assert f"| `{fault.value}`" in PAGE
