"""Every driver that can be configured has its page, and the index leads to it."""

import re
import tomllib
from pathlib import Path

import pytest

from kiosk.devices.loading import FOLDERS, driver_module, known_drivers, read_options
from kiosk.settings import DeviceSettings

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "devices"
DRIVERS = [(kind, driver) for kind in FOLDERS for driver in known_drivers(kind)]
ROW = re.compile(
    r"^\| `(\w+)` \| `(\w+)` \| .+ \| .+ \| (supported|experimental) \| \[(\w+)\]\((\w+\.md)\) \|$", re.MULTILINE
)


def rows() -> dict[tuple[str, str], tuple[str, str]]:
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    return {(kind, driver): (tier, page) for kind, driver, tier, _, page in ROW.findall(index)}


@pytest.mark.parametrize(("kind", "driver"), DRIVERS)
def test_every_driver_has_a_page_that_names_it_and_its_tier(kind: str, driver: str) -> None:
    page = (PAGES / f"{driver}.md").read_text(encoding="utf-8")
    assert driver in page
    tier, link = rows()[kind, driver]
    assert link == f"{driver}.md"
    told = re.search(r"Tier: \*\*(\w+)\*\*", page) or re.search(r"^# .*\((\w+)\)$", page, re.MULTILINE)
    assert told is not None
    assert told[1] == tier


def test_the_index_lists_no_driver_that_does_not_exist() -> None:
    assert set(rows()) == set(DRIVERS)


def test_every_page_is_reached_from_the_index() -> None:
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\((\w+\.md)\)", index))
    assert linked == {page.name for page in PAGES.glob("*.md")} - {"README.md"}


def test_every_kind_of_device_stands_in_the_example_settings_with_options_that_its_driver_takes() -> None:
    text = (ROOT / "deploy" / "kiosk.example.toml").read_text(encoding="utf-8")
    devices = text[text.index("[devices.") :]
    opened = re.sub(r"^#(?=\[devices|driver =|options =)", "", devices, flags=re.MULTILINE)
    told = tomllib.loads(opened)["devices"]
    assert set(told) == set(FOLDERS)
    for kind, table in told.items():
        device = DeviceSettings(**table)
        read_options(driver_module(kind, device.driver, kind), device.options, kind)
