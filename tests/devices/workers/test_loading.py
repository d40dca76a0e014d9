import dataclasses
import inspect
from pathlib import Path

import pytest

from hall.ids import JobId
from kiosk import devices
from kiosk.devices import loading
from kiosk.devices.loading import FOLDERS, known_drivers, open_device
from kiosk.devices.slip_printers.escpos import EscPosPrinter
from kiosk.devices.speakers.espeak import EspeakSpeaker
from kiosk.ports import DeviceError, Fault
from kiosk.settings import DeviceSettings

EVERY_DRIVER = [(kind, driver) for kind in FOLDERS for driver in known_drivers(kind)]


def nobody(job: JobId, fault: Fault | None) -> None:
    """Nobody listens."""


def refused(kind: str, settings: DeviceSettings) -> DeviceError:
    with pytest.raises(DeviceError) as told:
        open_device(kind, settings, "K1.x", nobody)
    assert told.value.reason is Fault.OPTION
    return told.value


def test_a_driver_is_found_by_the_name_of_its_file() -> None:
    speaker = open_device("speaker", DeviceSettings(driver="espeak"), "S1.speaker", nobody)
    assert isinstance(speaker, EspeakSpeaker)


def test_a_driver_that_tells_of_people_it_waits_for_is_given_somebody_to_tell() -> None:
    printer = open_device("slip_printer", DeviceSettings(driver="escpos"), "K1.slip_printer", nobody)
    assert isinstance(printer, EscPosPrinter)
    printer.close()


def test_a_misspelt_option_is_named_with_those_that_exist() -> None:
    told = refused("speaker", DeviceSettings(driver="espeak", options={"outlett": "alsa"}))
    assert "outlett" in told.sentence
    assert "outlet, words_per_minute" in told.sentence


def test_an_option_of_the_wrong_type_is_named() -> None:
    told = refused("speaker", DeviceSettings(driver="espeak", options={"pitch": "high"}))
    assert "pitch" in told.sentence


def test_a_missing_option_is_named() -> None:
    told = refused("led_bars", DeviceSettings(driver="onbon_bx5k"))
    assert "port" in told.sentence


def test_an_unknown_driver_is_told_which_exist() -> None:
    assert "escpos" in refused("slip_printer", DeviceSettings(driver="escposs")).sentence


def test_an_unknown_kind_is_told_which_exist() -> None:
    assert "slip_printer" in refused("toaster", DeviceSettings(driver="x")).sentence


def test_a_file_without_connect_is_no_driver() -> None:
    assert "bx_frames" in refused("led_bars", DeviceSettings(driver="bx_frames")).sentence
    assert known_drivers("led_bars") == ("onbon_bx5k", "queue_bar_69")


@pytest.mark.parametrize("settings", [DeviceSettings(driver="../settings"), DeviceSettings(driver="")])
def test_a_name_that_is_no_driver_reaches_no_other_file(settings: DeviceSettings) -> None:
    assert refused("speaker", settings).reason is Fault.OPTION


def test_every_folder_of_drivers_is_known_to_the_loader() -> None:
    room = Path(devices.__file__).parent
    packages = {path.parent.name for path in room.glob("*/__init__.py")}
    assert packages - {"virtual", "workers"} == set(FOLDERS.values())


@pytest.mark.parametrize(("kind", "driver"), EVERY_DRIVER)
def test_every_driver_keeps_the_contract_of_drivers(kind: str, driver: str) -> None:
    module = loading.driver_module(kind, driver, "K1.x")
    assert module.__doc__
    assert dataclasses.is_dataclass(module.Options)
    assert "__setattr__" in vars(module.Options), "Options must be frozen"
    assert list(inspect.signature(module.connect).parameters)[:2] == ["options", "name"]
    methods = {"state", "close"}
    built = [value for value in vars(module).values() if inspect.isclass(value) and value.__module__ == module.__name__]
    assert any(methods <= set(dir(value)) for value in built)


def test_every_kind_has_a_driver() -> None:
    assert {kind for kind, _ in EVERY_DRIVER} == set(FOLDERS)
