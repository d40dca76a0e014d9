"""Social-security card reader: any PC/SC reader, LD/T 32 files, no PSAM. Devices reference 3.

The settings' defaults are the demo's card profile; a city's own profile (PIN length and coding) is a matter of options.
Reading is without authentication; what a card hides without a PSAM is told as `HIDES_HOLDER`, never guessed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from kiosk.devices.card_readers import apdu
from kiosk.devices.card_readers.apdu import PinCoding, Reply, Word, word
from kiosk.devices.card_readers.errands import Errands, StuckError
from kiosk.devices.card_readers.slot import (
    CardGoneError,
    CardMuteError,
    CardPort,
    NoReaderError,
    ReaderTakenError,
    ServiceGoneError,
    Slot,
)
from kiosk.devices.card_readers.social_files import Record, day_in, name_in, number_in, value_of, version_in
from kiosk.ports import CardProblem, DeviceError, DeviceState, Fault, PinOutcome, SocialCard, SocialCardReader

T = TypeVar("T")

MAX_FOLLOW_UPS = 4
"""61 xx and 6C xx obeyed for one command; a card that asks for more is going round in circles."""

POLL_TIMEOUT_S = 3.0
"""Asking pcscd whether a card is there takes milliseconds; it may just be starting."""


@dataclass(frozen=True, slots=True)
class Options:
    """Which reader, and how this region's cards take their PIN."""

    reader_match: str = ""
    """Part of the reader's PC/SC name; empty takes the first."""
    pin_length: int = 6
    pin_coding: str = "bcd"
    """`bcd` or `ascii`."""
    card_timeout_s: float = 10.0
    """One reading or one PIN; real cards need about a second."""


class _UnsoundError(Exception):
    """The card does not behave as its kind should."""

    def __init__(self, problem: CardProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def connect(options: Options, name: str) -> SocialCardReader:
    """Return the reader; service and reader are looked for at the first question, and again after a loss."""
    try:
        coding = PinCoding(options.pin_coding)
    except ValueError as error:
        known = ", ".join(PinCoding)
        raise DeviceError(Fault.OPTION, name, f"pin_coding {options.pin_coding!r} is not one of {known}") from error
    return PcscReader(Slot(options.reader_match), options, coding, name)


class PcscReader:
    """Meets `kiosk.ports.SocialCardReader`."""

    def __init__(self, slot: CardPort, options: Options, coding: PinCoding, name: str) -> None:
        self._options = options
        self._coding = coding
        self._name = name
        self._slot = slot
        self._errands = Errands(f"pcsc {name}")
        self._authenticated = False
        """A PIN was accepted over the connection held now; a new connection is a new insertion."""
        self._doubtful = False
        """A call outlasted its limit: whatever it may still have done to the card is thrown away before the next."""

    def state(self) -> DeviceState:
        """Tell whether service and reader are there; never raises."""
        try:
            reader = self._within(POLL_TIMEOUT_S, self._slot.reader)
        except DeviceError as error:
            readings = {"service": error.reason is not Fault.NO_SERVICE}
            return DeviceState(error.reason, may_serve=False, detail=error.sentence, readings={**readings})
        return DeviceState(readings={"service": True, "reader": reader})

    def present(self) -> bool:
        """Tell whether a card is in the slot. Raises `DeviceError` when service or reader are away."""
        return self._within(POLL_TIMEOUT_S, self._slot.present)

    def read(self, today: str = "") -> SocialCard | CardProblem:
        """Read EF05 and EF06; `today` YYYYMMDD for expiry, empty: not judged. Raises `DeviceError`."""
        return self._within(self._options.card_timeout_s, lambda: self._read_again_if_gone(today))

    def verify_pin(self, pin: str) -> PinOutcome | CardProblem:
        """Send this PIN once, to the card that was read: another one (swapped, or after a restart of pcscd) is `MOVED`.

        A PIN that the profile cannot hold is not sent at all: it would burn a try.
        """
        if len(pin) != self._options.pin_length or not (pin.isascii() and pin.isdecimal()):
            raise DeviceError(
                Fault.REFUSED, self._name, f"a PIN has {self._options.pin_length} digits; nothing was sent to the card"
            )
        return self._within(self._options.card_timeout_s, lambda: self._verify(pin))

    def let_go(self) -> None:
        """Unpower the card; the next question holds it again."""
        with suppress(DeviceError):  # a call that hangs will end with its reader; nothing waits for it
            self._within(POLL_TIMEOUT_S, self._drop_card)

    def close(self) -> None:
        """Release card and service; the next question builds them again."""
        with suppress(DeviceError):  # a call that hangs will end with its reader; nothing waits for it
            self._within(POLL_TIMEOUT_S, self._let_go)
        self._errands.close()

    def _let_go(self) -> None:
        self._drop_card()
        self._slot.close()

    def _drop_card(self) -> None:
        self._authenticated = False
        self._slot.disconnect()

    def _within(self, limit_s: float, work: Callable[[], T]) -> T:
        """Do `work` on the PC/SC thread; our exceptions become `DeviceError`."""
        try:
            if self._doubtful:
                self._errands.run(self._let_go, limit_s)
                self._doubtful = False
            return self._errands.run(work, limit_s)
        except StuckError as error:
            self._doubtful = True
            raise DeviceError(Fault.SILENT, self._name, f"the card reader did not answer in {limit_s:g} s") from error
        except ServiceGoneError as error:
            raise DeviceError(Fault.NO_SERVICE, self._name, "pcscd is not running") from error
        except NoReaderError as error:
            wanted = self._options.reader_match or "any name"
            raise DeviceError(Fault.DISCONNECTED, self._name, f"no card reader with {wanted} is plugged in") from error
        except ReaderTakenError as error:
            raise DeviceError(Fault.REFUSED, self._name, "another program holds the card reader") from error

    # ---- on the PC/SC thread -------------------------------------------------------------------------------------

    def _read_again_if_gone(self, today: str) -> SocialCard | CardProblem:
        """Read; a connection held from before (another insertion, another pcscd) is given up and made anew, once."""
        held = self._slot.connected
        try:
            return self._read(today)
        except ServiceGoneError:
            if not held:
                raise
        except CardGoneError:
            if not held:
                return CardProblem.MOVED
        try:
            return self._read(today)
        except CardGoneError:
            return CardProblem.MOVED

    def _read(self, today: str) -> SocialCard | CardProblem:
        try:
            self._hold()
            return self._records(today)
        except CardMuteError:
            return CardProblem.DAMAGED
        except _UnsoundError as unsound:
            self._drop_card()
            return unsound.problem

    def _hold(self) -> None:
        """Connect and select the environment, unless this insertion is held.

        Selecting again may shut what a PIN has opened.
        """
        if self._slot.connected:
            return
        self._authenticated = False
        self._slot.connect()
        selected = word(self._command(apdu.select_environment()).word)
        if selected in {Word.ABSENT, Word.REFUSED}:
            raise _UnsoundError(CardProblem.UNKNOWN_CARD)
        if selected is Word.LOCKED_FOR_GOOD:
            raise _UnsoundError(CardProblem.LOCKED)
        if selected is not Word.OK:
            raise _UnsoundError(CardProblem.DAMAGED)

    def _records(self, today: str) -> SocialCard | CardProblem:
        if not self._select(apdu.EF_CARD):
            return CardProblem.UNKNOWN_CARD
        version = version_in(self._value(Record.VERSION) or b"")
        expires = day_in(self._value(Record.EXPIRES) or b"")
        if expires is None:
            return CardProblem.DAMAGED
        if expires and today and expires < today:
            return CardProblem.EXPIRED
        if not self._select(apdu.EF_HOLDER):
            return CardProblem.HIDES_HOLDER
        number = number_in(self._value(Record.NUMBER) or b"")
        name = name_in(self._value(Record.NAME) or b"")
        if number is None or name is None:
            return CardProblem.DAMAGED
        if not number or not name:
            return CardProblem.HIDES_HOLDER
        return SocialCard(name=name, number=number, version=version, authenticated=self._authenticated)

    def _verify(self, pin: str) -> PinOutcome | CardProblem:
        if not self._slot.connected:
            return CardProblem.MOVED
        try:
            reply = self._once(apdu.verify(pin, self._coding))
        except CardMuteError:
            return CardProblem.DAMAGED
        except CardGoneError:
            return CardProblem.MOVED
        except _UnsoundError as unsound:
            self._drop_card()
            return unsound.problem
        match word(reply.word):
            case Word.OK:
                self._authenticated = True
                return PinOutcome(accepted=True)
            case Word.WRONG_PIN:
                self._authenticated = False
                return PinOutcome(accepted=False, tries_left=apdu.tries_left(reply.word))
            case Word.BLOCKED | Word.LOCKED_FOR_GOOD:
                self._authenticated = False
                return CardProblem.LOCKED
            case Word.REFUSED | Word.ABSENT:
                return CardProblem.UNKNOWN_CARD
            case _:
                return CardProblem.DAMAGED

    def _select(self, file: int) -> bool:
        """Select a file in either way; False when it is absent or not for us."""
        for way in apdu.SELECT_EF_WAYS:
            match word(self._command(apdu.select_file(file, way)).word):
                case Word.OK:
                    return True
                case Word.NEEDS_AUTHENTICATION:
                    return False
                case Word.ABSENT | Word.REFUSED:
                    continue
                case _:
                    raise _UnsoundError(CardProblem.DAMAGED)
        return False

    def _value(self, record: Record) -> bytes | None:
        """Read one record of the selected file; None when it is absent, hidden, or another record than asked for."""
        reply = self._command(apdu.read_record(record.value.tag, record.value.value_bytes))
        match word(reply.word):
            case Word.OK:
                return value_of(record, reply.data)
            case Word.NEEDS_AUTHENTICATION | Word.ABSENT | Word.REFUSED:
                return None
            case _:
                raise _UnsoundError(CardProblem.DAMAGED)

    def _command(self, command: bytes) -> Reply:
        """Send a reading command, obeying 61 xx and 6C xx."""
        reply = self._once(command)
        data = b""
        for _ in range(MAX_FOLLOW_UPS):
            match word(reply.word):
                case Word.LENGTH:
                    reply = self._once(apdu.with_length(command, reply.word & 0xFF))
                case Word.MORE:
                    data += reply.data
                    reply = self._once(apdu.get_response(reply.word & 0xFF))
                case _:
                    return Reply(reply.word, data + reply.data)
        raise _UnsoundError(CardProblem.DAMAGED)

    def _once(self, command: bytes) -> Reply:
        answer = self._slot.transmit(command)
        if len(answer) < 2:  # noqa: PLR2004 - a status word
            raise _UnsoundError(CardProblem.DAMAGED)
        return Reply(int.from_bytes(answer[-2:], "big"), answer[:-2])
