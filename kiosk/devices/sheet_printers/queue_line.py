"""A queue of CUPS and the printer behind it.

CUPS hears of paper, jams and doors only while it prints: an idle queue still tells of an empty tray that somebody
filled an hour ago. So a printer that speaks IPP is asked itself, and of any other an idle queue's tales stop nothing.
"""

from dataclasses import replace
from urllib.parse import urlsplit

from kiosk.devices.sheet_printers.conditions import Condition, PrinterState
from kiosk.devices.sheet_printers.ipp_line import IPP_PORT, IppLine, JobNow, LineError, SaysNoError
from kiosk.ports import Fault

OF_THE_QUEUE = (Fault.REFUSED, Fault.OPTION)
"""What CUPS knows at first hand."""


class QueueLine:
    """As `IppLine`, with one answer of queue and printer together."""

    def __init__(self, queue: IppLine, user: str, wait_s: float) -> None:
        self._queue = queue
        self._user = user
        self._wait_s = wait_s
        self.create_job = queue.create_job
        self.send = queue.send
        self.cancel = queue.cancel

    def job(self, job: int) -> JobNow:
        """Ask how the job is."""
        return self._queue.job(job)

    def printer(self) -> Condition:
        """Ask the queue, then the printer itself where that can be."""
        told = self._queue.printer()
        if told.state == PrinterState.STOPPED or told.stop in OF_THE_QUEUE:
            return told
        device = device_of(told.device_uri, self._user, self._wait_s)
        if device is None:
            idle = told.state == PrinterState.IDLE
            return replace(told, stop=None if idle else told.stop, low=told.low if told.stop is None else None)
        try:
            fresh = device.printer()
        except (LineError, SaysNoError) as error:
            return replace(told, stop=Fault.DISCONNECTED if isinstance(error, LineError) else told.stop)
        readings = fresh.readings | {"jobs_waiting": told.readings["jobs_waiting"]}
        return replace(fresh, device_uri=told.device_uri, readings=readings)


def device_of(uri: str, user: str, wait_s: float) -> IppLine | None:
    """Return a line to the printer that CUPS prints to; None when it does not speak plain IPP at a known place."""
    try:
        place = urlsplit(uri)
        host, port = place.hostname, place.port or IPP_PORT
    except ValueError:
        return None
    if place.scheme != "ipp" or not host:
        return None
    server = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return IppLine(server, place.path or "/", user, wait_s)
