"""What an IPP printer's state and its reasons mean to us (RFC 8011 5.4.11, 5.4.12; CUPS adds its own `cups-…`)."""

from dataclasses import dataclass
from enum import IntEnum

from kiosk.devices.sheet_printers.ipp import Attributes
from kiosk.ports import Fault, Reading, Unread


class PrinterState(IntEnum):
    """RFC 8011 5.4.11."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class JobState(IntEnum):
    """RFC 8011 5.3.7."""

    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


ENDED = frozenset({JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED})
BEGUN = frozenset({JobState.PROCESSING, JobState.STOPPED})

STOPS: dict[str, Fault] = {
    "offline": Fault.DISCONNECTED,
    "shutdown": Fault.DISCONNECTED,
    "timed-out": Fault.SILENT,
    "door-open": Fault.COVER_OPEN,
    "cover-open": Fault.COVER_OPEN,
    "interlock-open": Fault.COVER_OPEN,
    "media-jam": Fault.JAM,
    "output-area-full": Fault.JAM,
    "media-empty": Fault.NO_PAPER,
    "media-needed": Fault.NO_PAPER,
    "input-tray-missing": Fault.NO_PAPER,
    "toner-empty": Fault.TONER,
    "marker-supply-empty": Fault.TONER,
    "marker-waste-full": Fault.TONER,
    "fuser-over-temp": Fault.OVERHEATED,
    "paused": Fault.REFUSED,
    "moving-to-paused": Fault.REFUSED,
    "hold-new-jobs": Fault.REFUSED,
    "cups-missing-filter": Fault.OPTION,
    "cups-insecure-filter": Fault.OPTION,
    "other": Fault.HARDWARE,
}
"""Reason to fault, the most telling first: a jam behind an open door is told as the open door."""
PAPER_LOW = "media-low"
TONER_LOW = frozenset({"toner-low", "marker-supply-low", "marker-waste-almost-full"})
TONER_OUT = frozenset({"toner-empty", "marker-supply-empty", "marker-waste-full"})
SEVERITIES = ("-report", "-warning", "-error")
ALWAYS = frozenset({"offline", "shutdown"})
"""These stop even as a mere report: CUPS tells `offline-report` of a printer it cannot reach."""


@dataclass(frozen=True, slots=True)
class Condition:
    """How the printer is. `stop` is why nothing can be printed now, `low` what wants attention soon."""

    stop: Fault | None
    low: Fault | None
    readings: dict[str, Reading]
    device_uri: str = ""
    """Where CUPS sends to; empty of a printer that stands alone."""
    state: int | None = None
    """As `PrinterState`, None when it is not told."""


def condition_of(told: Attributes) -> Condition:
    """Return what the printer's attributes mean."""
    state = told.number("printer-state")
    reasons = told.words("printer-state-reasons")
    stopped = state == PrinterState.STOPPED
    bare = {_bare(reason)[0] for reason in reasons}
    stopping = {name for name, severity in map(_bare, reasons) if stopped or severity == "error" or name in ALWAYS}
    stop = next((fault for reason, fault in STOPS.items() if reason in stopping), None)
    if stop is None and (stopped or told.first("printer-is-accepting-jobs") is False):
        stop = Fault.REFUSED if told.first("printer-is-accepting-jobs") is False else Fault.HARDWARE
    scarce = PAPER_LOW in bare or "media-empty" in bare
    return Condition(stop, Fault.PAPER_LOW if scarce else None, _readings(told, bare), _text(told, "device-uri"), state)


def _bare(reason: str) -> tuple[str, str]:
    """A reason without severity is as grave as an error (RFC 8011 5.4.12)."""
    for ending in SEVERITIES:
        if reason.endswith(ending):
            return reason.removesuffix(ending), ending[1:]
    return reason, "error"


def _readings(told: Attributes, reasons: set[str]) -> dict[str, Reading]:
    silent = not told.words("printer-state-reasons")
    model, waiting = _text(told, "printer-make-and-model"), told.number("queued-job-count")
    known: dict[str, Reading] = {
        "paper": "out" if "media-empty" in reasons else "low" if PAPER_LOW in reasons else "ok",
        "door_open": bool(reasons & {"door-open", "cover-open", "interlock-open"}),
        "jammed": "media-jam" in reasons,
        "toner": "out" if reasons & TONER_OUT else "low" if reasons & TONER_LOW else "ok",
    }
    return {
        **(dict.fromkeys(known, Unread.UNKNOWN) if silent else known),
        "jobs_waiting": Unread.UNKNOWN if waiting is None else waiting,
        "printer": model or Unread.UNKNOWN,
    }


def _text(told: Attributes, name: str) -> str:
    return next(iter(told.words(name)), "")


CONFIRMING = ("ipp", "ipps")
DISCOVERED = ("dnssd", "mdns")


def reports_jobs(device_uri: str) -> bool:
    """Tell whether CUPS hears from the printer itself when a job is done, or only hands bytes over.

    Its `ipp` backend waits for the printer's own job to end; `socket`, `lpd`, `usb` end with the last byte.
    """
    scheme, _, rest = device_uri.partition(":")
    if "waitjob=false" in rest.lower():
        return False
    return scheme in CONFIRMING or (scheme in DISCOVERED and ("._ipp._" in rest or "._ipps._" in rest))
