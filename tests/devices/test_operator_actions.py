"""Every fault of every kind of device: a code, a severity, and a polite sentence that says what to do (ATT-01)."""

import re
from pathlib import Path
from typing import get_args

import pytest

from hall.health.states import Severity, State
from hall.pack.equipment import DeviceKind
from hall.speech.courtesy import lint
from kiosk.devices.health import ACTIONS, ACTIONS_BY_KIND, of_error, of_fault, of_state
from kiosk.ports import DeviceError, DeviceState, Fault

DEVICES = Path(__file__).parents[2] / "kiosk" / "devices"
FOLDERS = {
    "id_reader": "id_readers",
    "card_reader": "card_readers",
    "slip_printer": "slip_printers",
    "sheet_printer": "sheet_printers",
    "scanner": "scanners",
    "keypad": "keypads",
    "led_bars": "led_bars",
    "speaker": "speakers",
    "machine": "machines",
    "ups": "upses",
}
NAMES = {
    "id_reader": "身份证阅读器",
    "card_reader": "读卡",
    "slip_printer": "打印",
    "sheet_printer": "打印",
    "scanner": "扫码器",
    "keypad": "呼叫器",
    "led_bars": "条屏",
    "speaker": "音响|语音",
    "machine": "本机",
    "ups": "后备电源",
}
OF_ANY_KIND = {Fault.OPTION}
"""A wrong setting is the administrator's: there is nothing of its kind that a guide could do."""
OF_THE_COMPUTER = {
    Fault.TOUCH_LOST,
    Fault.DISK_LOW,
    Fault.MEMORY_LOW,
    Fault.CLOCK_WRONG,
    Fault.ON_BATTERY,
    Fault.BATTERY_LOW,
}
OF_ONE_KIND = OF_THE_COMPUTER | {Fault.NO_PAPER, Fault.PAPER_LOW, Fault.COVER_OPEN, Fault.CUTTER, Fault.OVERHEATED}
"""Of one kind only (sheets and machines have their own words): the general sentence is already the specific one."""


def raised(kind: str) -> set[Fault]:
    """Return the faults that the drivers of a kind name, and the two that every worker can conclude."""
    source = "".join(path.read_text(encoding="utf-8") for path in (DEVICES / FOLDERS[kind]).glob("*.py"))
    named = {Fault[name] for name in re.findall(r"Fault\.([A-Z_]+)", source) if name in Fault.__members__}
    return named | ({Fault.DISCONNECTED, Fault.SILENT} if kind != "machine" else set())


EVERY = [(kind, fault) for kind in FOLDERS for fault in sorted(raised(kind))]


def test_every_kind_of_the_pack_is_looked_at_and_every_folder_raises_something() -> None:
    assert set(FOLDERS) == set(get_args(DeviceKind))
    assert all(len(raised(kind)) > 1 for kind in FOLDERS)


@pytest.mark.row("ATT-01", part="rule")
@pytest.mark.parametrize(("kind", "fault"), EVERY)
def test_what_a_driver_can_raise_has_severity_and_a_polite_action_of_its_kind(kind: str, fault: Fault) -> None:
    away = of_error(f"K1.{kind}", kind, DeviceError(fault, kind, "for the technician"))
    assert (away.state, away.severity, away.code) == (State.DOWN, Severity.FAULT, fault.value)
    serves = of_state(f"K1.{kind}", kind, DeviceState(fault, may_serve=True))
    assert (serves.state, serves.severity) == (State.DEGRADED, Severity.WARN)
    waits = of_fault(f"K1.{kind}", kind, fault, {})
    assert {away.action, serves.action, waits.action} == {ACTIONS_BY_KIND.get((kind, fault), ACTIONS[fault])}
    assert lint(away.action) == ()
    assert "technician" not in away.action
    if fault not in OF_ANY_KIND | OF_ONE_KIND:
        assert re.search(NAMES[kind], away.action), "a guide looks for the thing that the sentence names"
        assert away.action != ACTIONS[fault]


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_general_action_that_asks_politely(fault: Fault) -> None:
    assert lint(ACTIONS[fault]) == ()
    assert re.search("请|会自动", ACTIONS[fault])
    assert not re.search("[!！]", ACTIONS[fault]), "no exclamation marks in faults"


def test_no_sentence_is_for_a_kind_that_does_not_exist() -> None:
    assert {kind for kind, _ in ACTIONS_BY_KIND} <= set(FOLDERS)
    for action in ACTIONS_BY_KIND.values():
        assert lint(action) == ()
        assert re.search("请|会自动", action)
