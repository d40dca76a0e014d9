"""The pages for whoever stands before a scanner or a keypad: they must know every option, reading, action and key."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from kiosk.devices.health import ACTIONS, ACTIONS_BY_KIND
from kiosk.devices.scanners import keyboard_wedge, serial_scanner
from kiosk.devices.scanners.codes import Codes, Encoding, Manners, Suffix
from kiosk.devices.virtual.scanner import VirtualScanner
from kiosk.ports import MAX_SCAN, Fault
from kiosk.settings import KeyName, Keys
from kiosk.ui.navigation import CODES

PAGES = Path(__file__).parents[3] / "docs/devices"
SERIAL, WEDGE, KEYPAD = (
    (PAGES / f"{name}.md").read_text() for name in ("serial_scanner", "keyboard_wedge", "navigation_keypad")
)


def example(page: str) -> dict[str, object]:
    """The settings as the page shows them."""
    told = re.search(r"```toml\n(.*?)```", page, re.DOTALL)
    assert told is not None
    return tomllib.loads(told[1])


@pytest.mark.parametrize(
    ("page", "module"), [(SERIAL, serial_scanner), (WEDGE, keyboard_wedge)], ids=["serial_scanner", "keyboard_wedge"]
)
def test_every_option_stands_on_its_page_with_its_default(page: str, module: object) -> None:
    shown = example(page)["devices"]["scanner"]["options"]  # type: ignore[index]
    options = fields(module.Options)  # type: ignore[attr-defined]
    assert list(shown) == [field.name for field in options]
    defaults = {field.name: field.default for field in options if field.name != "port"}
    assert {name: value for name, value in shown.items() if name != "port"} == defaults


def test_every_choice_reading_and_limit_is_on_the_page() -> None:
    assert all(f'"{choice}"' in SERIAL for choice in (*get_args(Suffix), *get_args(Encoding)))
    assert all(f"`{name}`" in SERIAL for name in ("scanner", *Codes(Manners()).readings()))
    assert all(f"`{name}`" in WEDGE for name in ("scanner", *Codes(Manners()).readings()))
    assert f"over {MAX_SCAN} characters" in SERIAL
    assert "Frame, parity, overrun and break" in SERIAL


def test_everything_the_virtual_scanner_can_be_told_is_on_the_page() -> None:
    assert not [action for action in VirtualScanner().actions if f"`{action}" not in SERIAL]


@pytest.mark.parametrize("fault", [Fault.DISCONNECTED, Fault.OPTION])
def test_every_fault_has_an_action_and_a_place_on_the_page(fault: Fault) -> None:
    assert ACTIONS_BY_KIND.get(("scanner", fault), ACTIONS[fault])
    assert f"| `{fault.value}`" in SERIAL


def test_every_act_of_the_keypad_and_every_key_name_is_on_its_page_with_the_defaults() -> None:
    assert Keys.model_validate(example(KEYPAD)["keys"]) == Keys()
    assert set(example(KEYPAD)["keys"]) == set(Keys.model_fields)  # type: ignore[call-overload]
    assert not [
        name for name in get_args(KeyName) if f"`{name}`" not in KEYPAD and not (name[0] == "f" and name[1:].isdigit())
    ]
    assert "`f1` to `f15`" in KEYPAD
    assert "f15" in CODES
