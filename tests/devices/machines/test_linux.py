"""The computer of a terminal tells what it can, and says so where it cannot."""

from pathlib import Path

import pytest

from kiosk.devices.machines.kernel import Kernel, KernelClock
from kiosk.devices.machines.linux import LinuxMachine, Options, connect, judge
from kiosk.ports import Fault, Reading, Unread

WELL: dict[str, Reading] = {
    "disk_free_pct": 60.0,
    "memory_free_pct": 40.0,
    "temperature_c": 48.5,
    "clock_synchronised": True,
    "touch_panel": True,
}


def sensors(folder: Path, **files: str) -> Kernel:
    zone, chip = folder / "zones/thermal_zone0", folder / "hwmon/hwmon0"
    zone.mkdir(parents=True)
    chip.mkdir(parents=True)
    for name, text in files.items():
        (zone / "temp" if name == "zone" else chip / f"{name}_input").write_text(text)
    return Kernel(folder / "zones", folder / "hwmon")


def test_a_box_that_is_well_has_no_fault() -> None:
    assert judge(WELL, Options()).fault is None


@pytest.mark.parametrize(
    ("reading", "value", "fault"),
    [
        ("disk_free_pct", 9.9, Fault.DISK_LOW),
        ("memory_free_pct", 3.0, Fault.MEMORY_LOW),
        ("temperature_c", 85.5, Fault.OVERHEATED),
        ("clock_synchronised", False, Fault.CLOCK_WRONG),
        ("touch_panel", False, Fault.TOUCH_LOST),
        ("touch_panel", Unread.UNKNOWN, Fault.TOUCH_LOST),
    ],
)
def test_each_trouble_has_its_fault_and_service_goes_on(reading: str, value: Reading, fault: Fault) -> None:
    told = judge(WELL | {reading: value}, Options())
    assert (told.fault, told.may_serve) == (fault, True)


@pytest.mark.parametrize("reading", WELL)
def test_what_cannot_be_told_is_neither_well_nor_a_fault_and_keeps_its_word(reading: str) -> None:
    told = judge(WELL | {reading: Unread.UNSUPPORTED}, Options())
    assert told.fault is None
    assert told.readings[reading] is Unread.UNSUPPORTED


def test_the_hottest_sensor_counts_and_a_broken_or_sleeping_one_does_not(tmp_path: Path) -> None:
    kernel = sensors(tmp_path, zone="48500\n", temp1="61250\n", temp2="-273150\n", temp3="asleep\n")
    assert max(kernel.temperatures_c()) == 61.25
    assert LinuxMachine(Options(), kernel).state().readings["temperature_c"] == 61.2


def test_a_machine_without_sensors_says_unsupported(tmp_path: Path) -> None:
    machine = LinuxMachine(Options(), Kernel(tmp_path / "none", tmp_path / "none"))
    assert machine.state().readings["temperature_c"] is Unread.UNSUPPORTED


def test_a_disk_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    machine = connect(Options(disk=str(tmp_path / "gone")), "K1.machine")
    assert machine.state().readings["disk_free_pct"] is Unread.UNKNOWN
    machine.close()


def test_the_kernel_tells_of_its_clock_without_being_changed() -> None:
    told = Kernel().clock()
    assert told is Unread.UNSUPPORTED or (isinstance(told, KernelClock) and told.error_s >= 0.0)


def test_a_touch_panel_is_absent_until_configured_missing_when_unplugged_and_never_any_file(tmp_path: Path) -> None:
    kernel = Kernel()
    assert LinuxMachine(Options(), kernel).state().readings["touch_panel"] is Unread.ABSENT
    assert kernel.is_touch_panel(tmp_path / "unplugged") is False
    (tmp_path / "file").touch()
    assert kernel.is_touch_panel(tmp_path / "file") is Unread.UNKNOWN
