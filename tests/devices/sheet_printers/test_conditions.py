"""What a printer's state and reasons mean, and whether its spool lies in memory."""

from pathlib import Path

import pytest

from kiosk.devices.health import ACTIONS, ACTIONS_BY_KIND
from kiosk.devices.sheet_printers.conditions import STOPS, Condition, PrinterState, condition_of, reports_jobs
from kiosk.devices.sheet_printers.ipp import Attributes, Group, Tag, attribute
from kiosk.devices.sheet_printers.ipp_line import IppLine
from kiosk.devices.sheet_printers.queue_line import QueueLine, device_of
from kiosk.devices.sheet_printers.spooling import is_in_memory
from kiosk.ports import Fault, Unread


def printer(*reasons: str, state: int = PrinterState.IDLE, accepting: bool = True) -> Condition:
    told = (
        attribute("printer-state", Tag.ENUM, int(state)),
        attribute("printer-state-reasons", Tag.KEYWORD, *reasons),
        attribute("printer-is-accepting-jobs", Tag.BOOLEAN, accepting),
    )
    return condition_of(Attributes(Group.PRINTER, told))


@pytest.mark.parametrize(
    ("reasons", "state", "stop"),
    [
        (("none",), PrinterState.IDLE, None),
        (("media-empty-error",), PrinterState.STOPPED, Fault.NO_PAPER),
        (("media-empty",), PrinterState.PROCESSING, Fault.NO_PAPER),
        (("media-empty-warning",), PrinterState.IDLE, None),
        (("media-empty-warning",), PrinterState.STOPPED, Fault.NO_PAPER),
        (("media-jam-error", "door-open-error"), PrinterState.STOPPED, Fault.COVER_OPEN),
        (("media-jam-error",), PrinterState.STOPPED, Fault.JAM),
        (("marker-supply-empty-error",), PrinterState.STOPPED, Fault.TONER),
        (("marker-supply-low-warning",), PrinterState.IDLE, None),
        (("offline-report",), PrinterState.PROCESSING, Fault.DISCONNECTED),
        (("connecting-to-device",), PrinterState.PROCESSING, None),
        (("paused",), PrinterState.STOPPED, Fault.REFUSED),
        (("com.acme-unheard-of",), PrinterState.STOPPED, Fault.HARDWARE),
        (("com.acme-unheard-of",), PrinterState.IDLE, None),
    ],
)
def test_reasons_stop_or_do_not_stop(reasons: tuple[str, ...], state: PrinterState, stop: Fault | None) -> None:
    assert printer(*reasons, state=state).stop is stop


def test_a_queue_that_takes_no_jobs_is_refused() -> None:
    assert printer("none", accepting=False).stop is Fault.REFUSED


def test_paper_that_gets_low_is_told_and_printing_goes_on() -> None:
    told = printer("media-low-warning", "toner-low-report")
    assert (told.stop, told.low) == (None, Fault.PAPER_LOW)
    assert (told.readings["paper"], told.readings["toner"]) == ("low", "low")


def test_a_printer_that_tells_no_reasons_is_unknown_not_well() -> None:
    told = condition_of(Attributes(Group.PRINTER, (attribute("printer-state", Tag.ENUM, 3),)))
    assert told.stop is None
    assert {told.readings[name] for name in ("paper", "door_open", "jammed", "toner", "printer")} == {Unread.UNKNOWN}


@pytest.mark.parametrize("fault", sorted(set(STOPS.values())))
def test_every_fault_says_what_an_operator_does(fault: Fault) -> None:
    assert ACTIONS_BY_KIND.get(("sheet_printer", fault), ACTIONS[fault])


@pytest.mark.parametrize(
    ("uri", "reports"),
    [
        ("ipp://10.0.0.9/ipp/print", True),
        ("ipps://10.0.0.9/ipp/print", True),
        ("dnssd://A4._ipp._tcp.local/?uuid=1", True),
        ("dnssd://A4._pdl-datastream._tcp.local/", False),
        ("ipp://10.0.0.9/ipp/print?waitjob=false", False),
        ("socket://10.0.0.9:9100", False),
        ("usb://Acme/L1", False),
        ("lpd://10.0.0.9/q", False),
        ("", False),
    ],
)
def test_only_a_printer_that_speaks_ipp_reports_its_jobs(uri: str, *, reports: bool) -> None:
    assert reports_jobs(uri) is reports


MOUNTS = """\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 0:20 / {base} rw shared:1 - ext4 /dev/sda2 rw
24 23 0:21 / {base}/with\\040space rw - tmpfs tmpfs rw
25 23 0:22 / {base}/spool rw - tmpfs tmpfs rw
"""


def test_the_mount_tells_whether_the_spool_lies_in_memory(tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS.format(base=tmp_path))
    for folder in ("spool/cups", "with space", "spool2"):
        (tmp_path / folder).mkdir(parents=True)
    assert is_in_memory(tmp_path / "spool/cups", mounts) is True
    assert is_in_memory(tmp_path / "with space", mounts) is True
    assert is_in_memory(tmp_path / "spool2", mounts) is False
    assert is_in_memory(tmp_path / "nowhere", mounts) is None
    assert is_in_memory(tmp_path, tmp_path / "no-such-file") is None


def test_this_machine_knows_its_own_memory() -> None:
    assert is_in_memory(Path("/dev/shm")) is True  # noqa: S108 - the question itself


@pytest.mark.parametrize(
    ("uri", "is_asked"),
    [
        ("ipp://10.0.0.9/ipp/print", True),
        ("ipp://[fe80::1]:8631/ipp/print", True),
        ("ipps://10.0.0.9/ipp/print", False),
        ("socket://10.0.0.9:9100", False),
        ("ipp://10.0.0.9:no/ipp/print", False),
        ("ipp://", False),
        ("", False),
    ],
)
def test_only_a_printer_on_plain_ipp_is_asked_itself(uri: str, *, is_asked: bool) -> None:
    assert (device_of(uri, "daoyin", 1.0) is not None) is is_asked


@pytest.mark.parametrize(
    ("reasons", "state", "stop"),
    [
        (("media-empty-error",), PrinterState.IDLE, None),
        (("media-empty-error",), PrinterState.PROCESSING, Fault.NO_PAPER),
        (("media-empty-error",), PrinterState.STOPPED, Fault.NO_PAPER),
        (("paused",), PrinterState.STOPPED, Fault.REFUSED),
        (("cups-missing-filter",), PrinterState.IDLE, Fault.OPTION),
    ],
)
def test_an_idle_queue_tells_old_tales_of_a_printer_that_cannot_be_asked(
    reasons: tuple[str, ...], state: PrinterState, stop: Fault | None
) -> None:
    class Queue(IppLine):
        def printer(self) -> Condition:
            return printer(*reasons, state=state)

    assert QueueLine(Queue("/no.sock", "/printers/a4", "u", 1.0), "u", 1.0).printer().stop is stop
