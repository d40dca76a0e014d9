"""Social-security card by a vendor's library with the ministry's terminal functions. Devices reference 3.6.

`int iReadCardBas(int type, char *out)` and, where the vendor takes the PIN so, `int iVerifyPIN(int type, char *inout)`,
from a shared library in a process of its own. The library owns reader and PSAM.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar

from kiosk.devices.card_readers.places import SLOT_TYPES, Slots
from kiosk.devices.card_readers.vendor_line import LineProblem, Meaning, VendorCard, meaning, parse, tries_left
from kiosk.devices.card_readers.vendor_process import (
    LibraryBrokeError,
    LibraryMissingError,
    LibraryStuckError,
    Said,
    VendorProcess,
)
from kiosk.devices.closing import Lifetime
from kiosk.ports import (
    CardProblem,
    DeviceError,
    DeviceState,
    Fault,
    NeedsAuthentication,
    PinOutcome,
    Reading,
    SocialCard,
    SocialCardReader,
    SocialField,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Options:
    """Which library, and what its vendor says of it."""

    library: str
    """Whole path of the shared library."""
    slots: str = "contact_first"
    """`contact`, `contactless`, `contact_first` or `contactless_first`: type 1 to 4."""
    pin: str = "none"
    """`buffer`: iVerifyPIN takes the digits in its buffer; `none`: this library is never given a PIN."""
    pin_length: int = 6
    proves_card: bool = False
    """True when the vendor confirms that reading includes the internal authentication by PSAM."""
    check_card_number: bool = True
    """False where an issuer's card numbers have no check character."""
    no_card_codes: tuple[int, ...] = (-2,)
    """What the library returns for an empty reader."""
    look_every_s: float = 1.0
    """The functions can only find a card by reading it; more often wears the contacts."""
    card_timeout_s: float = 10.0
    """One call; then the library's process is ended and started again."""


def connect(options: Options, name: str) -> SocialCardReader:
    """Return the reader; the library is loaded at the first question, and again after it broke."""
    try:
        slots = Slots(options.slots)
    except ValueError as error:
        sentence = f"slots {options.slots!r} is not one of {', '.join(Slots)}"
        raise DeviceError(Fault.OPTION, name, sentence) from error
    if options.pin not in {"none", "buffer"}:
        raise DeviceError(Fault.OPTION, name, f"pin {options.pin!r} is not one of none, buffer")
    if not Path(options.library).is_absolute():
        raise DeviceError(Fault.OPTION, name, "library must be a whole path")
    if options.card_timeout_s <= 0 or options.look_every_s < 0:
        raise DeviceError(Fault.OPTION, name, "card_timeout_s must be more than 0, look_every_s not less")
    return VendorReader(VendorProcess(options.library), options, SLOT_TYPES[slots], name)


_NO_CARD_NOW = (Meaning.NO_CARD, Meaning.NO_READER, Meaning.NOT_KNOWN, Meaning.TROUBLE)
_PROBLEMS = {
    Meaning.NO_CARD: CardProblem.MOVED,
    Meaning.WRONG_CARD: CardProblem.UNKNOWN_CARD,
    Meaning.MUTE: CardProblem.DAMAGED,
    Meaning.SUSPICIOUS: CardProblem.SUSPICIOUS,
    Meaning.BLOCKED: CardProblem.LOCKED,
    Meaning.REPLACE: CardProblem.REPLACE,
}
_FAULTS = {
    Meaning.NO_READER: (Fault.DISCONNECTED, "the library does not reach its reader"),
    Meaning.NOT_KNOWN: (Fault.OPTION, "the library does not take this call"),
    Meaning.TROUBLE: (Fault.HARDWARE, "the library reports a trouble of its own"),
}


class VendorReader:
    """Meets `kiosk.ports.SocialCardReader`."""

    def __init__(
        self,
        library: VendorProcess,
        options: Options,
        slot_type: int,
        name: str,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._library = library
        self._life = Lifetime(name)
        self._options = options
        self._type = slot_type
        self._name = name
        self._monotonic = monotonic
        self._next_look = float("-inf")
        self._lies = False
        self._code: int | None = None
        self._card: int | None = None
        """Stands for the card that was read (salted, good in this process only), so that no other one gets its PIN."""
        self._authenticated = False

    def state(self) -> DeviceState:
        """Have the library running, and tell what its last call said; never raises."""
        readings: dict[str, Reading] = {"service": True, "library": Path(self._options.library).name}
        try:
            self._guarded(self._library.start)
        except DeviceError as error:
            readings["service"] = False
            return DeviceState(error.reason, may_serve=False, detail=error.sentence, readings=readings)
        readings["starts"] = self._library.starts
        if self._options.pin == "buffer" and not self._library.verifies:
            sentence = "the library has no iVerifyPIN; pin must be none"
            return DeviceState(Fault.OPTION, may_serve=False, detail=sentence, readings=readings)
        if self._code is None:
            return DeviceState(readings=readings)
        readings["last_code"] = self._code
        fault, sentence = _FAULTS.get(self._sorted(self._code), (None, ""))
        return DeviceState(fault, may_serve=fault is None, detail=sentence, readings=readings)

    def present(self) -> bool:
        """Tell whether the library finds a card; what it read in looking is dropped unseen."""
        self._life.check()
        now = self._monotonic()
        if now < self._next_look:
            return self._lies
        self._note(self._ask("read"))
        return self._lies

    def read(self, today: str = "") -> SocialCard | NeedsAuthentication | CardProblem:
        """Read; `today` YYYYMMDD for expiry, empty: not judged. Raises `DeviceError`."""
        told = self._card_now()
        if not isinstance(told, VendorCard):
            return told
        if told.expires and today and told.expires < today:
            return CardProblem.EXPIRED
        if not told.number or not told.name:
            return NeedsAuthentication(told.missing())
        token = hash((told.number, told.card_number))
        self._authenticated = self._authenticated and token == self._card
        self._card = token
        genuine = self._options.proves_card
        return SocialCard(told.name, told.number, told.version, self._authenticated, genuine=genuine)

    def verify_pin(self, pin: str) -> PinOutcome | CardProblem:
        """Send this PIN once, to the card that was read: it is read again before, and another one is `MOVED`."""
        if self._options.pin == "none" or not self._library.verifies:
            return CardProblem.READER
        if len(pin) != self._options.pin_length or not (pin.isascii() and pin.isdecimal()):
            sentence = f"a PIN has {self._options.pin_length} digits; nothing was given to the library"
            raise DeviceError(Fault.REFUSED, self._name, sentence)
        told = self._card_now()
        if not isinstance(told, VendorCard):
            return told if isinstance(told, CardProblem) else CardProblem.HIDES_HOLDER
        if hash((told.number, told.card_number)) != self._card:
            return CardProblem.MOVED
        said = self._ask("verify", pin)
        self._code = said.code
        answered = self._sorted(said.code)
        self._authenticated = answered is Meaning.OK
        match answered:
            case Meaning.OK:
                return PinOutcome(accepted=True)
            case Meaning.WRONG_PIN:
                return PinOutcome(accepted=False, tries_left=tries_left(said.code, said.out))
            case Meaning.NEEDS_AUTHENTICATION:
                return CardProblem.HIDES_HOLDER
        return _PROBLEMS.get(answered) or self._fail(answered, said.code)

    def let_go(self) -> None:
        """Forget the card that was read: whoever asks next is asked for everything anew."""
        self._card = None
        self._authenticated = False

    def close(self) -> None:
        """End the library's process, for good."""
        self._life.end()
        self.let_go()
        self._library.close()

    def _card_now(self) -> VendorCard | NeedsAuthentication | CardProblem:
        said = self._ask("read")
        self._note(said)
        answered = self._sorted(said.code)
        if answered in {Meaning.NEEDS_AUTHENTICATION, Meaning.WRONG_PIN}:  # of a reading: the terminal's own key failed
            return NeedsAuthentication(tuple(SocialField))
        if answered is not Meaning.OK:
            return _PROBLEMS.get(answered) or self._fail(answered, said.code)
        match parse(said.out, check_card_number=self._options.check_card_number):
            case VendorCard() as card:
                return card
            case LineProblem.UNSOUND:
                return CardProblem.DAMAGED
            case _:
                raise DeviceError(Fault.GARBLED, self._name, "the library's line is not in the ministry's form")

    def _note(self, said: Said) -> None:
        """Remember what the call says of reader and slot."""
        self._next_look = self._monotonic() + self._options.look_every_s
        self._code = said.code
        self._lies = self._sorted(said.code) not in _NO_CARD_NOW
        if not self._lies:
            self.let_go()

    def _sorted(self, code: int) -> Meaning:
        return Meaning.NO_CARD if code in self._options.no_card_codes else meaning(code)

    def _fail(self, answered: Meaning, code: int) -> NoReturn:
        fault, sentence = _FAULTS[answered]
        raise DeviceError(fault, self._name, f"{sentence} (code {code})")

    def _ask(self, do: str, pin: str = "") -> Said:
        limit_s = self._options.card_timeout_s
        return self._guarded(lambda: self._library.ask(do, self._type, limit_s, pin))

    def _guarded(self, work: Callable[[], T]) -> T:
        """Do `work`; whatever the library did to its process becomes `DeviceError`, and forgets the card."""
        self._life.check()
        try:
            return work()
        except LibraryMissingError as error:
            sentence = "the library, or iReadCardBas in it, cannot be loaded"
            raise self._broken(Fault.NO_SERVICE, sentence) from error
        except LibraryStuckError as error:
            sentence = "the library did not answer in time; its process was ended"
            raise self._broken(Fault.SILENT, sentence) from error
        except LibraryBrokeError as error:
            raise self._broken(Fault.HARDWARE, f"the library broke: {error}") from error

    def _broken(self, fault: Fault, sentence: str) -> DeviceError:
        self.let_go()
        self._lies = False
        return DeviceError(fault, self._name, sentence)
