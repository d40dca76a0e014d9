"""The pages for whoever stands before a silent speaker: they know every option, fault, reading and simulator's deed."""

from dataclasses import fields
from pathlib import Path

import pytest

from kiosk.devices.health import ACTIONS, ACTIONS_BY_KIND
from kiosk.devices.speakers import clips, espeak, voice_pack
from kiosk.devices.speakers.headphones import Jack
from kiosk.devices.virtual.headphone_jack import VirtualJack
from kiosk.devices.virtual.speaker import FAULTS, VirtualSpeaker
from kiosk.ports import Fault, Unread

PAGES = Path(__file__).parents[3] / "docs/devices"
ESPEAK, PACK, HEADPHONES = (
    (PAGES / f"{name}.md").read_text(encoding="utf-8") for name in ("espeak", "voice_pack", "headphones")
)


@pytest.mark.parametrize("option", [field.name for field in fields(espeak.Options)])
def test_every_option_is_on_the_page(option: str) -> None:
    assert f"\n{option} = " in ESPEAK


def test_the_voice_pack_page_knows_its_options_and_every_key_of_its_file() -> None:
    assert all(f"`{field.name}`" in PACK or f"\n{field.name} = " in PACK for field in fields(voice_pack.Options))
    keys = [name for name in clips.VoiceFile.__struct_fields__ if name != "clips"]
    assert all(f"\n{key} = " in PACK for key in keys)
    assert str(clips.MAX_CLIPS) in PACK.replace(",", "")


@pytest.mark.parametrize(
    "fault",
    [
        Fault.DISCONNECTED,
        Fault.SILENT,
        Fault.GARBLED,
        Fault.HARDWARE,
        Fault.NO_SERVICE,
        Fault.REFUSED,
        Fault.OPTION,
    ],
)
def test_every_fault_has_an_action_and_a_place_on_the_page(fault: Fault) -> None:
    assert ACTIONS_BY_KIND.get(("speaker", fault), ACTIONS[fault])
    assert f"| `{fault.value}`" in ESPEAK


def test_every_reading_and_every_deed_of_the_simulators_is_on_a_page(tmp_path: Path) -> None:
    driver = voice_pack.VoicePackSpeaker([], {}, jack=Jack(""), headphones=None)
    assert all(f"`{name}`" in ESPEAK + PACK + HEADPHONES for name in driver.state().readings)
    assert all(f"`{name}`" in ESPEAK for name in (*FAULTS, *VirtualSpeaker().actions))
    assert all(name in HEADPHONES for name in VirtualJack(tmp_path / "jack").actions)
    assert all(f"`{each.value}`" in HEADPHONES for each in Unread)
