"""What the virtual A4 printer answers to each IPP operation; strict where RFC 8011 is."""

from collections.abc import Callable

from kiosk.devices.sheet_printers.conditions import ENDED
from kiosk.devices.sheet_printers.ipp import (
    Attribute,
    Attributes,
    Group,
    Message,
    Operation,
    Tag,
    attribute,
    encode,
    request,
)
from kiosk.devices.virtual.sheet_machine import PrintJob, SheetMachine

OK = 0x0000
BAD_REQUEST = 0x0400
NOT_POSSIBLE = 0x0404
NOT_FOUND = 0x0406
BAD_FORMAT = 0x040A
UNKNOWN_OPERATION = 0x0501
PDF = "application/pdf"
FORMATS = (PDF, "application/octet-stream")


def answer(asked: Message, machine: SheetMachine, uri: str, name: str) -> bytes:
    """Return the answer's bytes."""
    status, groups = _Answers(machine, uri, name).to(asked)
    return encode(_message(status, asked.request, groups))


def _message(status: int, number: int, groups: tuple[Attributes, ...]) -> Message:
    told = request(Operation.GET_PRINTER, number, (Attributes(Group.OPERATION, ()), *groups))
    return Message(status, number, told.groups)


Answered = tuple[int, tuple[Attributes, ...]]


class _Answers:
    def __init__(self, machine: SheetMachine, uri: str, name: str) -> None:
        self._machine = machine
        self._uri = uri
        self._name = name
        self._deeds: dict[int, Callable[[Message, Attributes], Answered]] = {
            Operation.PRINT_JOB: self._print,
            Operation.VALIDATE_JOB: self._validate,
            Operation.CREATE_JOB: self._create,
            Operation.SEND_DOCUMENT: self._send,
            Operation.CANCEL_JOB: self._cancel,
            Operation.GET_JOB: self._job,
            Operation.GET_JOBS: self._jobs,
            Operation.GET_PRINTER: self._printer,
        }

    def to(self, asked: Message) -> Answered:
        """Answer one request. RFC 8011 4.1.4: charset, then language, come first in every one."""
        told = asked.group(Group.OPERATION)
        first = [each.name for each in told.attributes[:2]]
        if first != ["attributes-charset", "attributes-natural-language"] or asked.request <= 0:
            return BAD_REQUEST, ()
        deed = self._deeds.get(asked.code)
        return deed(asked, told) if deed else (UNKNOWN_OPERATION, ())

    def _validate(self, _asked: Message, told: Attributes) -> Answered:
        return (OK if self._prints(told) else BAD_FORMAT), ()

    def _print(self, asked: Message, told: Attributes) -> Answered:
        if not self._prints(told):
            return BAD_FORMAT, ()
        job = self._made(told)
        self._machine.take(job, asked.document)
        return OK, (self._of(job),)

    def _create(self, _asked: Message, told: Attributes) -> Answered:
        return OK, (self._of(self._made(told)),)

    def _send(self, asked: Message, told: Attributes) -> Answered:
        job = self._found(told)
        if job is None:
            return NOT_FOUND, ()
        if told.first("last-document") is None:
            return BAD_REQUEST, ()
        if not self._prints(told):
            return BAD_FORMAT, ()
        if job.state in ENDED or job.document:
            return NOT_POSSIBLE, ()
        self._machine.take(job, asked.document)
        return OK, (self._of(job),)

    def _cancel(self, _asked: Message, told: Attributes) -> Answered:
        job = self._found(told)
        if job is None:
            return NOT_FOUND, ()
        return (OK if self._machine.cancel(job) else NOT_POSSIBLE), ()

    def _job(self, _asked: Message, told: Attributes) -> Answered:
        job = self._found(told)
        return (OK, (self._of(job),)) if job else (NOT_FOUND, ())

    def _jobs(self, _asked: Message, told: Attributes) -> Answered:
        ended = told.first("which-jobs") == "completed"
        return OK, tuple(self._of(job) for job in self._machine.jobs() if (job.state in ENDED) is ended)

    def _printer(self, _asked: Message, told: Attributes) -> Answered:
        wanted = set(told.words("requested-attributes"))
        everything = not wanted or not wanted.isdisjoint({"all", "printer-description", "job-template"})
        found = tuple(each for each in self._description() if everything or each.name in wanted)
        return OK, (Attributes(Group.PRINTER, found),)

    # ---- inside --------------------------------------------------------------------------------------------------

    def _made(self, told: Attributes) -> PrintJob:
        names = (*told.words("job-name"), "untitled")
        users = (*told.words("requesting-user-name"), "anonymous")
        return self._machine.create(names[0], users[0])

    def _found(self, told: Attributes) -> PrintJob | None:
        number = told.number("job-id")
        if number is None:
            tail = "".join(told.words("job-uri")).rpartition("/")[2]
            number = int(tail) if tail.isdecimal() else 0
        return self._machine.find(number)

    def _prints(self, told: Attributes) -> bool:
        return (*told.words("document-format"), PDF)[0] in FORMATS

    def _of(self, job: PrintJob) -> Attributes:
        began = attribute("time-at-processing", Tag.INTEGER, 1)
        waits = attribute("time-at-processing", Tag.NO_VALUE, None)
        return Attributes(
            Group.JOB,
            (
                attribute("job-id", Tag.INTEGER, job.number),
                attribute("job-uri", Tag.URI, f"{self._uri}/{job.number}"),
                attribute("job-name", Tag.NAME, job.name),
                attribute("job-originating-user-name", Tag.NAME, job.user),
                attribute("job-state", Tag.ENUM, int(job.state)),
                attribute("job-state-reasons", Tag.KEYWORD, *job.reasons),
                attribute("job-impressions-completed", Tag.INTEGER, job.pages_done),
                attribute("job-media-sheets-completed", Tag.INTEGER, job.pages_done),
                began if job.began else waits,
            ),
        )

    def _description(self) -> tuple[Attribute, ...]:
        state, reasons = self._machine.state()
        waiting = sum(job.state not in ENDED for job in self._machine.jobs())
        return (
            attribute("printer-uri-supported", Tag.URI, self._uri),
            attribute("uri-security-supported", Tag.KEYWORD, "none"),
            attribute("uri-authentication-supported", Tag.KEYWORD, "requesting-user-name"),
            attribute("printer-name", Tag.NAME, self._name),
            attribute("printer-make-and-model", Tag.TEXT, "Daoyin virtual A4"),
            attribute("printer-state", Tag.ENUM, int(state)),
            attribute("printer-state-reasons", Tag.KEYWORD, *reasons),
            attribute("printer-is-accepting-jobs", Tag.BOOLEAN, True),
            attribute("queued-job-count", Tag.INTEGER, waiting),
            attribute("operations-supported", Tag.ENUM, *sorted(int(each) for each in self._deeds)),
            attribute("ipp-versions-supported", Tag.KEYWORD, "1.1", "2.0"),
            attribute("charset-configured", Tag.CHARSET, "utf-8"),
            attribute("charset-supported", Tag.CHARSET, "utf-8"),
            attribute("natural-language-configured", Tag.LANGUAGE, "en"),
            attribute("generated-natural-language-supported", Tag.LANGUAGE, "en"),
            attribute("document-format-default", Tag.MIME, PDF),
            attribute("document-format-supported", Tag.MIME, *FORMATS),
            attribute("multiple-document-jobs-supported", Tag.BOOLEAN, False),
            attribute("compression-supported", Tag.KEYWORD, "none"),
            attribute("pdl-override-supported", Tag.KEYWORD, "attempted"),
            attribute("media-supported", Tag.KEYWORD, "iso_a4_210x297mm"),
            attribute("media-default", Tag.KEYWORD, "iso_a4_210x297mm"),
            attribute("sides-supported", Tag.KEYWORD, "one-sided", "two-sided-long-edge"),
            attribute("copies-supported", Tag.INTEGER, 1),
            attribute("printer-up-time", Tag.INTEGER, 1),
        )
