"""The pages for whoever stands before the reader at night: they must know every option, word, reading and fault."""

from dataclasses import fields
from pathlib import Path

import pytest

from kiosk.devices.card_readers import apdu, pcsc, vendor_line, vendor_service
from kiosk.devices.card_readers.places import Slots
from kiosk.devices.health import ACTIONS, ACTIONS_BY_KIND
from kiosk.devices.virtual.card_slot import CardSlot
from kiosk.devices.virtual.social_card import MANNERS
from kiosk.ports import Fault

FOLDER = Path(__file__).parents[3] / "docs/devices"
PCSC, VENDOR = ((FOLDER / f"{name}.md").read_text(encoding="utf-8") for name in ("pcsc", "vendor_service"))


@pytest.mark.parametrize(
    ("page", "option"),
    [
        *((PCSC, field.name) for field in fields(pcsc.Options)),
        *((VENDOR, field.name) for field in fields(vendor_service.Options)),
    ],
)
def test_every_option_is_on_its_page(page: str, option: str) -> None:
    assert f"\n{option} = " in page


@pytest.mark.parametrize("page", [PCSC, VENDOR])
def test_every_order_of_slots_is_on_both_pages(page: str) -> None:
    assert all(slots.value in page for slots in Slots)


def test_every_status_word_and_code_is_on_its_page() -> None:
    assert not [word for word in apdu._WORDS if f"{word:04X}" not in PCSC]
    assert not [code for code in vendor_line._CODES if str(code) not in VENDOR and code != -5]


def test_every_reading_is_on_its_page() -> None:
    assert all(f"`{name}`" in PCSC for name in ("service", "reader", "last_card"))
    assert all(f"`{name}`" in VENDOR for name in ("last_code", "starts", "library"))


def test_every_deed_and_manner_of_the_virtual_cards_is_on_the_page(tmp_path: Path) -> None:
    assert not [action for action in CardSlot(tmp_path).actions if action not in PCSC]
    assert not [manner for manner in MANNERS if manner not in PCSC]


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        *((PCSC, each) for each in (Fault.NO_SERVICE, Fault.DISCONNECTED, Fault.REFUSED, Fault.SILENT, Fault.OPTION)),
        *(
            (VENDOR, each)
            for each in (
                Fault.NO_SERVICE,
                Fault.DISCONNECTED,
                Fault.SILENT,
                Fault.HARDWARE,
                Fault.GARBLED,
                Fault.OPTION,
            )
        ),
    ],
)
def test_every_fault_a_driver_can_have_has_an_action_and_a_place_on_its_page(page: str, fault: Fault) -> None:
    assert ACTIONS_BY_KIND.get(("card_reader", fault), ACTIONS[fault])
    assert f"| `{fault.value}`" in page
