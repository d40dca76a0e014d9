"""Social-security card reader: any PC/SC reader, LD/T 32 files, no PSAM. Devices reference 3.

The settings' defaults are the demo's card profile; a city's own profile (PIN length and coding) is a matter of options.
Reading is without authentication; what a card hides without a PSAM is told as `NeedsAuthentication`, never guessed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from kiosk.devices.card_readers.apdu import PinCoding
from kiosk.devices.card_readers.conversation import Conversation
from kiosk.devices.card_readers.errands import Errands, StuckError
from kiosk.devices.card_readers.places import Choice, Slots
from kiosk.devices.card_readers.slot import CardPort, NoReaderError, ReaderTakenError, ServiceGoneError, Slot
from kiosk.devices.closing import Lifetime
from kiosk.ports import (
    CardProblem,
    DeviceError,
    DeviceState,
    Fault,
    NeedsAuthentication,
    PinOutcome,
    SocialCard,
    SocialCardReader,
)

T = TypeVar("T")

POLL_TIMEOUT_S = 3.0
"""Asking pcscd whether a card is there takes milliseconds; it may just be starting."""
PIN_LENGTHS = range(4, 13)
"""Digits that a PIN of ISO 9564 may have."""


@dataclass(frozen=True, slots=True)
class Options:
    """Which readers, and how this region's cards take their PIN."""

    reader: str = ""
    """Part of the readers' PC/SC names, `*` and `?` allowed; empty takes all."""
    contactless: str = ""
    """The same for those of them that read over the air."""
    slots: str = "contact_first"
    """`contact`, `contactless`, `contact_first` or `contactless_first`: types 1 to 4 of the ministry's functions."""
    pin_length: int = 6
    pin_coding: str = "bcd"
    """`bcd` or `ascii`."""
    check_card_number: bool = True
    """False where an issuer's card numbers have no check character: their cards are else told as damaged."""
    card_timeout_s: float = 10.0
    """One reading or one PIN; real cards need about a second."""


def connect(options: Options, name: str) -> SocialCardReader:
    """Return the reader; service and readers are looked for at the first question, and again after a loss."""
    coding = _one_of(PinCoding, options.pin_coding, "pin_coding", name)
    slots = _one_of(Slots, options.slots, "slots", name)
    if slots in {Slots.CONTACTLESS, Slots.CONTACTLESS_FIRST} and not options.contactless:
        raise DeviceError(Fault.OPTION, name, f"slots {slots.value!r} needs contactless: which readers those are")
    if options.pin_length not in PIN_LENGTHS:
        raise DeviceError(Fault.OPTION, name, f"pin_length {options.pin_length} is not 4 to 12")
    if options.card_timeout_s <= 0:
        raise DeviceError(Fault.OPTION, name, "card_timeout_s must be more than 0")
    return PcscReader(Slot(Choice(options.reader, options.contactless, slots)), options, coding, name)


E = TypeVar("E", PinCoding, Slots)


def _one_of(kind: type[E], told: str, option: str, name: str) -> E:
    try:
        return kind(told)
    except ValueError as error:
        raise DeviceError(Fault.OPTION, name, f"{option} {told!r} is not one of {', '.join(kind)}") from error


class PcscReader:
    """Meets `kiosk.ports.SocialCardReader`."""

    def __init__(self, slot: CardPort, options: Options, coding: PinCoding, name: str) -> None:
        self._options = options
        self._name = name
        self._slot = slot
        self._card = Conversation(slot, coding, check_card_number=options.check_card_number)
        self._life = Lifetime(name)
        self._errands = Errands(f"pcsc {name}")
        self._doubtful = False
        """A call outlasted its limit: whatever it may still have done to the card is thrown away before the next."""

    def state(self) -> DeviceState:
        """Tell whether service and reader are there; never raises."""
        try:
            reader = self._within(POLL_TIMEOUT_S, self._slot.reader)
        except DeviceError as error:
            readings = {"service": error.reason is not Fault.NO_SERVICE}
            return DeviceState(error.reason, may_serve=False, detail=error.sentence, readings={**readings})
        return DeviceState(readings={"service": True, "reader": reader, "last_card": self._card.last})

    def present(self) -> bool:
        """Tell whether a card is in the slot. Raises `DeviceError` when service or reader are away."""
        return self._within(POLL_TIMEOUT_S, self._slot.present)

    def read(self, today: str = "") -> SocialCard | NeedsAuthentication | CardProblem:
        """Read EF05 and EF06; `today` YYYYMMDD for expiry, empty: not judged. Raises `DeviceError`."""
        return self._within(self._options.card_timeout_s, lambda: self._card.read(today))

    def verify_pin(self, pin: str) -> PinOutcome | CardProblem:
        """Send this PIN once, to the card that was read: another one (swapped, or after a restart of pcscd) is `MOVED`.

        A PIN that the profile cannot hold is not sent at all: it would burn a try.
        """
        if len(pin) != self._options.pin_length or not (pin.isascii() and pin.isdecimal()):
            raise DeviceError(
                Fault.REFUSED, self._name, f"a PIN has {self._options.pin_length} digits; nothing was sent to the card"
            )
        return self._within(self._options.card_timeout_s, lambda: self._card.verify(pin))

    def let_go(self) -> None:
        """Unpower the card; the next question holds it again, but another card goes before one that was left behind."""
        with suppress(DeviceError):  # a call that hangs will end with its reader; nothing waits for it
            self._within(POLL_TIMEOUT_S, self._card.leave)

    def close(self) -> None:
        """Release card and service, for good."""
        if self._life.over:
            return
        with suppress(DeviceError):  # a call that hangs will end with its reader; nothing waits for it
            self._within(POLL_TIMEOUT_S, self._release)
        self._life.end()
        self._errands.close()

    def _release(self) -> None:
        self._card.drop()
        self._slot.close()

    def _within(self, limit_s: float, work: Callable[[], T]) -> T:
        """Do `work` on the PC/SC thread; our exceptions become `DeviceError`."""
        self._life.check()
        try:
            if self._doubtful:
                self._errands.run(self._release, limit_s)
                self._doubtful = False
            return self._errands.run(work, limit_s)
        except StuckError as error:
            self._doubtful = True
            raise DeviceError(Fault.SILENT, self._name, f"the card reader did not answer in {limit_s:g} s") from error
        except ServiceGoneError as error:
            raise DeviceError(Fault.NO_SERVICE, self._name, "pcscd is not running") from error
        except NoReaderError as error:
            wanted = self._options.reader or "any name"
            raise DeviceError(Fault.DISCONNECTED, self._name, f"no card reader with {wanted} is plugged in") from error
        except ReaderTakenError as error:
            raise DeviceError(Fault.REFUSED, self._name, "another program holds the card reader") from error
