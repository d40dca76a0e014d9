"""The page for whoever stands before the A4 printer at night: every option, reading, outcome, fault and action."""

from dataclasses import fields
from pathlib import Path

import pytest

from kiosk.devices.health import ACTIONS, ACTIONS_BY_KIND
from kiosk.devices.sheet_printers.conditions import STOPS
from kiosk.devices.sheet_printers.cups import SENSES, Options
from kiosk.devices.sheet_printers.typesetting import NEEDED
from kiosk.devices.virtual.sheet_printer import VirtualSheetPrinter
from kiosk.ports import Fault, PrintOutcome

PAGE = (Path(__file__).parents[3] / "docs/devices/cups.md").read_text(encoding="utf-8")
OF_LINE = {Fault.NO_SERVICE, Fault.DISCONNECTED, Fault.SILENT, Fault.GARBLED, Fault.PAPER_LOW}


@pytest.mark.parametrize("option", [field.name for field in fields(Options)])
def test_every_option_is_on_the_page_with_its_default(option: str) -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith(f"{option} = ")]
    default = getattr(Options(queue="a4"), option)
    assert line.split("#")[0].split(" = ")[1].strip() == (f'"{default}"' if isinstance(default, str) else str(default))


def test_every_reading_outcome_and_font_is_on_the_page() -> None:
    assert [name for name in (*SENSES, "spool_in_memory") if f"`{name}`" not in PAGE] == []
    assert [end for end in PrintOutcome if end is not PrintOutcome.PRINTED and f"| `{end}` |" not in PAGE] == []
    assert [package for package in NEEDED.values() if package not in PAGE] == []


def test_every_action_of_the_virtual_printer_is_on_the_page() -> None:
    assert [action for action in VirtualSheetPrinter().actions if action not in PAGE] == []


@pytest.mark.parametrize("fault", sorted({*STOPS.values(), *OF_LINE}))
def test_every_fault_has_an_action_and_a_place_on_the_page(fault: Fault) -> None:
    assert ACTIONS_BY_KIND.get(("sheet_printer", fault), ACTIONS[fault])
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("|")]
    assert any(f"`{fault.value}`" in row for row in rows)
