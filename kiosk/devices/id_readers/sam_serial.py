"""Identity-card reader with a SAM module on a serial line, GA/T 467-2019; frames in `sam_frames`.

Link: 8N1, no flow control, 115,200 baud from the factory, any other rate of the protocol is found at opening; `port`
may be `socket://host:port` for a reader on a network. Sequence (devices reference 1.4): status `11 FF`, once after
each opening the radio payload `61 FF 50`, find `20 01`, select `20 02`, read `30 01`. The photo and everything else
that no flow needs is dropped where it arrives; a fingerprint is never asked for. More: `docs/devices/sam_serial.md`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.devices.closing import Lifetime
from kiosk.devices.id_readers.id_text import holder_in
from kiosk.devices.id_readers.sam_commands import (
    FACTORY_BAUD,
    parse_management,
    parse_new_address,
    parse_text,
    set_payload,
)
from kiosk.devices.id_readers.sam_frames import Answer, Command, request, sam_id
from kiosk.devices.id_readers.sam_line import GREETING_TIMEOUT_S, SamLine
from kiosk.devices.id_readers.sam_status import Meaning, meaning
from kiosk.ports import CardProblem, DeviceError, DeviceState, Fault, IdCard, IdReader, Reading, Unread

TRIES = 2
"""Once, and once more after noise; a line that spoils two in a row needs a technician, not a third try."""

PROBLEMS = {
    Meaning.NO_CARD: CardProblem.MOVED,
    Meaning.NOT_SELECTED: CardProblem.MOVED,
    Meaning.READ_FAILED: CardProblem.MOVED,
    Meaning.AGAIN: CardProblem.MOVED,
    Meaning.SEQUENCE: CardProblem.MOVED,
    Meaning.OK_EMPTY: CardProblem.DAMAGED,
    Meaning.WRONG_CARD: CardProblem.UNKNOWN_CARD,
    Meaning.SUSPICIOUS: CardProblem.SUSPICIOUS,
}
"""What a resident is told when a step of the reading fails. `SEQUENCE`: the module lost the card between two steps."""


@dataclass(frozen=True, slots=True)
class Options:
    """The line and its waits. Timeouts reach from the request to the last byte of the answer."""

    port: str
    baud: int = FACTORY_BAUD
    """The rate tried first; 0 means that it is not known."""
    greeting_timeout_s: float = GREETING_TIMEOUT_S
    find_timeout_s: float = 1.0
    """Status, find and select: answered in well under 0.1 s when the module lives."""
    read_timeout_s: float = 5.0
    """Reading takes about a second on the card and 0.11 s on the line at 115,200 baud (1.4)."""


def connect(options: Options, name: str) -> IdReader:
    """Return the reader; the line opens at the first question, and again after a loss."""
    return SamSerial(options, name)


@dataclass(frozen=True, slots=True)
class CardNote:
    """What else a card tells, as text."""

    text: str = field(repr=False)


class SamSerial:
    """Meets `kiosk.ports.IdReader`."""

    def __init__(self, options: Options, name: str) -> None:
        self._options = options
        self._name = name
        self._life = Lifetime(name)
        self._line = SamLine(options.port, options.baud, name, options.greeting_timeout_s)
        self._sam_id: str | None = None
        self._told_at = 0
        """The line's opening at which the module was last told what it forgets without power."""

    def state(self) -> DeviceState:
        """Ask the module how it is; never raises. Silence, noise and a failed self-test all stop service."""
        try:
            told = self._ask(Command.STATUS)
            if meaning(told.status) is Meaning.SEQUENCE:
                told = self._ask(Command.STATUS)  # it was in the middle of something
            if meaning(told.status) is not Meaning.OK:
                detail = f"the module answers {told.status:02X} to its status question"
                return DeviceState(Fault.HARDWARE, may_serve=False, detail=detail, readings=self._readings())
            if self._told_at != self._line.openings:
                self._line.ask(set_payload(), self._options.find_timeout_s)  # a module that refuses keeps its own
                self._told_at = self._line.openings
            if self._sam_id is None:
                self._sam_id = sam_id(self._ask(Command.SAM_ID).data)
        except DeviceError as error:
            return DeviceState(error.reason, may_serve=False, detail=error.sentence, readings=self._readings())
        return DeviceState(readings=self._readings())

    def present(self) -> bool:
        """Look for a card. Raises `DeviceError` when the reader itself has a problem."""
        told = self._ask(Command.FIND)
        match meaning(told.status):
            case Meaning.OK:
                return True
            case Meaning.HARDWARE:
                raise self._broken(told)
            case _:
                return False

    def read(self, today: str) -> IdCard | CardProblem:
        """Select and read the found card; an expired or unsound one gives its problem. Raises `DeviceError`."""
        problem = self._select()
        if problem is not None:
            return problem
        told = self._ask_card(Command.READ)
        if meaning(told.status) is not Meaning.OK:
            return self._problem(told)
        text = parse_text(told.data)
        holder = holder_in(text, today) if text is not None else None
        if holder is None:
            return CardProblem.DAMAGED
        if holder.expired(today):
            return CardProblem.EXPIRED
        return IdCard(name=holder.name, number=holder.number, birth=holder.birth)

    def new_address(self) -> CardNote | CardProblem | None:
        """Return the address that was added to the card just read; None when there is none. No flow asks for it yet."""
        return self._note(Command.READ_ADDRESS, parse_new_address)

    def management(self) -> CardNote | CardProblem | None:
        """Return the management number of the selected card. No flow asks for it yet."""
        return self._note(Command.READ_CHIP, parse_management)

    def change_rate(self, baud: int) -> bool:
        """Set module and line to another rate, for a technician; True when they speak at it."""
        self._life.check()
        return self._line.change_rate(baud)

    def close(self) -> None:
        """Give the line back, for good."""
        self._life.end()
        self._line.close()

    def _select(self) -> CardProblem | None:
        told = self._ask_card(Command.SELECT)
        if meaning(told.status) is Meaning.NOT_SELECTED and self.present():
            told = self._ask_card(Command.SELECT)
        return None if meaning(told.status) is Meaning.OK else self._problem(told)

    def _note(self, command: Command, parse: Callable[[bytes], str | None]) -> CardNote | CardProblem | None:
        told = self._ask_card(command)
        match meaning(told.status):
            case Meaning.OK:
                text = parse(told.data)
                return None if text is None else CardNote(text)
            case Meaning.OK_EMPTY:
                return None
            case _:
                return self._problem(told)

    def _problem(self, told: Answer) -> CardProblem:
        problem = PROBLEMS.get(meaning(told.status))
        if problem is None:
            raise self._broken(told)
        return problem

    def _broken(self, told: Answer) -> DeviceError:
        return DeviceError(Fault.HARDWARE, self._name, f"the module answers {told.status:02X}: its SAM needs service")

    def _ask_card(self, command: Command) -> Answer:
        """Ask, and once more when the card's random number failed (47)."""
        told = self._ask(command)
        return self._ask(command) if meaning(told.status) is Meaning.AGAIN else told

    def _ask(self, command: Command) -> Answer:
        """Ask, and once more when request or answer came in broken. Silence is not asked again: it cost its wait."""
        self._life.check()
        timeout_s = self._options.read_timeout_s if command is Command.READ else self._options.find_timeout_s
        for last in (False,) * (TRIES - 1) + (True,):
            try:
                told = self._line.ask(request(command), timeout_s)
            except DeviceError as error:
                if error.reason is not Fault.GARBLED or last:
                    raise
                continue
            if meaning(told.status) is not Meaning.LINE:
                return told
        raise DeviceError(Fault.GARBLED, self._name, f"the module received {TRIES} requests broken: check the cable")

    def _readings(self) -> dict[str, Reading]:
        return {"sam_id": self._sam_id or Unread.UNKNOWN, **self._line.readings()}
