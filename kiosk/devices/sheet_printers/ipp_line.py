"""Asking an IPP printer or CUPS: one HTTP request a question, over TCP or the socket of this machine's CUPS."""

import http.client
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from kiosk.devices.sheet_printers import ipp
from kiosk.devices.sheet_printers.conditions import BEGUN, Condition, JobState, condition_of
from kiosk.devices.sheet_printers.ipp import Attribute, Attributes, Group, IppError, Operation, Tag, attribute
from kiosk.ports import Fault

MAX_ANSWER_BYTES = 256 * 1024
"""Every attribute of a talkative printer is 60 kB."""
IPP_PORT = 631
HTTP_OK = 200
MAX_GOOD_STATUS = 0x00FF
NOT_FOUND = 0x0406
ASKED_OF_PRINTER = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-make-and-model",
    "queued-job-count",
    "device-uri",
)
ASKED_OF_JOB = ("job-state", "job-state-reasons", "time-at-processing")


class LineError(Exception):
    """Nobody answered as a printer would: the fault, and a sentence for the technician."""

    def __init__(self, fault: Fault, sentence: str) -> None:
        super().__init__(sentence)
        self.fault = fault
        self.sentence = sentence


class SaysNoError(Exception):
    """The printer understood and refused; statuses are in RFC 8011 B."""

    def __init__(self, status: int) -> None:
        unknown = status == NOT_FOUND
        self.fault = Fault.OPTION if unknown else Fault.REFUSED
        self.sentence = "there is no such queue" if unknown else f"status {status:#06x}"
        super().__init__(self.sentence)


@dataclass(frozen=True, slots=True)
class JobNow:
    """A job as the printer tells of it. `begun` is None where the printer does not say."""

    state: int
    reasons: tuple[str, ...]
    begun: bool | None


class IppLine:
    """Every call may raise `LineError`; each also `SaysNoError`. Nothing is kept open between calls."""

    def __init__(self, server: str, resource: str, user: str, wait_s: float) -> None:
        self._server = server
        self._resource = resource
        self._user = user
        self._wait_s = wait_s
        self._numbers = count(1)

    def printer(self) -> Condition:
        """Ask the printer how it is."""
        wanted = attribute("requested-attributes", Tag.KEYWORD, *ASKED_OF_PRINTER)
        return condition_of(self._ask(Operation.GET_PRINTER, (wanted,)).group(Group.PRINTER))

    def create_job(self, title: str, sides: str) -> int:
        """Announce a job without a byte of it; return its number."""
        operation = (attribute("job-name", Tag.NAME, title),)
        job = Attributes(
            Group.JOB,
            (
                attribute("copies", Tag.INTEGER, 1),
                attribute("sides", Tag.KEYWORD, sides),
                attribute("media", Tag.KEYWORD, "iso_a4_210x297mm"),
            ),
        )
        number = self._ask(Operation.CREATE_JOB, operation, job).group(Group.JOB).number("job-id")
        if number is None:
            raise LineError(Fault.GARBLED, "a job was created without a number")
        return number

    def send(self, job: int, pdf: bytes) -> None:
        """Send the job's one document."""
        operation = (
            attribute("document-format", Tag.MIME, "application/pdf"),
            attribute("last-document", Tag.BOOLEAN, True),
        )
        self._ask(Operation.SEND_DOCUMENT, operation, of_job=job, document=pdf)

    def job(self, job: int) -> JobNow:
        """Ask how the job is."""
        wanted = attribute("requested-attributes", Tag.KEYWORD, *ASKED_OF_JOB)
        told = self._ask(Operation.GET_JOB, (wanted,), of_job=job).group(Group.JOB)
        state = told.number("job-state")
        if state is None:
            raise LineError(Fault.GARBLED, "a job without a state")
        times = told.all("time-at-processing")
        begun = True if state in BEGUN or state == JobState.COMPLETED else None if not times else times[0] is not None
        return JobNow(state, told.words("job-state-reasons"), begun)

    def cancel(self, job: int, *, purge: bool = False) -> None:
        """End the job; with `purge` (CUPS only) also what CUPS keeps of it."""
        operation = (attribute("purge-job", Tag.BOOLEAN, True),) if purge else ()
        self._ask(Operation.CANCEL_JOB, operation, of_job=job)

    # ---- inside --------------------------------------------------------------------------------------------------

    def _ask(
        self,
        operation: Operation,
        told: Sequence[Attribute],
        *groups: Attributes,
        of_job: int | None = None,
        document: bytes = b"",
    ) -> ipp.Message:
        target = [attribute("printer-uri", Tag.URI, f"ipp://localhost{self._resource}")]
        if of_job is not None:
            target.append(attribute("job-id", Tag.INTEGER, of_job))
        target.append(attribute("requesting-user-name", Tag.NAME, self._user))
        first = Attributes(Group.OPERATION, (*target, *told))
        asked = ipp.request(operation, next(self._numbers), (first, *groups), document)
        try:
            answer = ipp.decode(self._exchange(ipp.encode(asked)))
        except TimeoutError as error:
            raise LineError(Fault.SILENT, "no answer in time") from error
        except OSError as error:
            fault = Fault.NO_SERVICE if self._server.startswith("/") else Fault.DISCONNECTED
            raise LineError(fault, f"{self._server}: {error.strerror or type(error).__name__}") from error
        except IppError as error:
            raise LineError(Fault.GARBLED, f"no IPP answer: {error}") from error
        except (http.client.HTTPException, ValueError) as error:
            raise LineError(Fault.GARBLED, f"no HTTP answer: {type(error).__name__}") from error
        if answer.code > MAX_GOOD_STATUS:
            raise SaysNoError(answer.code)
        return answer

    def _exchange(self, body: bytes) -> bytes:
        connection = _connection(self._server, self._wait_s)
        try:
            headers = {"Content-Type": "application/ipp", "Connection": "close"}
            connection.request("POST", self._resource, body, headers)
            answer = connection.getresponse()
            if answer.status != HTTP_OK:
                raise LineError(Fault.REFUSED, f"HTTP status {answer.status}")
            told = answer.read(MAX_ANSWER_BYTES + 1)
        finally:
            connection.close()
        if len(told) > MAX_ANSWER_BYTES:
            raise LineError(Fault.GARBLED, "an endless answer")
        return told


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over the socket file of this machine's CUPS."""

    def __init__(self, path: str, wait_s: float) -> None:
        super().__init__("localhost", timeout=wait_s)
        self._path = path
        self._wait_s = wait_s

    def connect(self) -> None:
        """Connect to the socket file."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self._wait_s)
        self.sock.connect(self._path)


def _connection(server: str, wait_s: float) -> http.client.HTTPConnection:
    if server.startswith("/"):
        return _UnixConnection(server, wait_s)
    host, port = address_of(server)
    return http.client.HTTPConnection(host, port, timeout=wait_s)


def address_of(server: str) -> tuple[str, int]:
    """`host`, `host:port` or `[address]:port`; `ValueError` for a port that is no number."""
    if server.startswith("["):
        host, _, port = server[1:].partition("]")
        return host, int(port.removeprefix(":") or IPP_PORT)
    host, _, port = server.partition(":")
    return host, int(port or IPP_PORT)
