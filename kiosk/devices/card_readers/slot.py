"""The readers of PC/SC with a context of our own, which is built again whenever the service went away.

Only the raw calls of pyscard are used: its card and reader monitors are threads that die for good when pcscd restarts
(devices reference 7.1). Codes become our few exceptions here, once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from smartcard import scard

from kiosk.devices.card_readers.places import Choice

_SERVICE_GONE = {
    scard.SCARD_E_NO_SERVICE,
    scard.SCARD_E_SERVICE_STOPPED,
    scard.SCARD_E_INVALID_HANDLE,
    scard.SCARD_F_COMM_ERROR,
    scard.SCARD_F_INTERNAL_ERROR,
    scard.SCARD_E_SYSTEM_CANCELLED,
}
_NO_READER = {scard.SCARD_E_NO_READERS_AVAILABLE, scard.SCARD_E_READER_UNAVAILABLE, scard.SCARD_E_UNKNOWN_READER}
_CARD_MUTE = {scard.SCARD_W_UNRESPONSIVE_CARD, scard.SCARD_W_UNPOWERED_CARD, scard.SCARD_W_UNSUPPORTED_CARD}

_COUNT_SHIFT = 16
"""The upper half of a reader's state counts insertions and removals."""


class ServiceGoneError(Exception):
    """pcscd is not there, or was and went."""


class NoReaderError(Exception):
    """No reader of that name is plugged in."""


class ReaderTakenError(Exception):
    """Another program holds the card."""


class CardGoneError(Exception):
    """The card this connection was made to is not in the slot any more."""


class CardMuteError(Exception):
    """There is a card, but it does not speak: put in the wrong way round, or broken."""


_MEANINGS: tuple[tuple[set[int], type[Exception]], ...] = (
    (_SERVICE_GONE, ServiceGoneError),
    (_NO_READER, NoReaderError),
    (_CARD_MUTE, CardMuteError),
    ({scard.SCARD_E_SHARING_VIOLATION}, ReaderTakenError),
)
"""Every other code is `CardGoneError`: removed, reset, not transacted; the exchange with this card is over."""


class CardPort(Protocol):
    """What the driver needs of its slots; a test may put a scripted card behind it where pcscd cannot run."""

    @property
    def connected(self) -> bool:
        """A card's connection is held: as long as it is, it is the same card in the same insertion."""

    def reader(self) -> str:
        """Return the name of the reader in use. Raises `ServiceGoneError` or `NoReaderError`."""

    def present(self) -> bool:
        """Tell whether a card is there, without touching it. Raises as `reader`.

        Between two cards it is False once, however quickly they were changed.
        """

    def connect(self) -> None:
        """Hold the card for us alone. Raises `CardGoneError`, `CardMuteError`, `ReaderTakenError`, or as `reader`."""

    def transmit(self, command: bytes) -> bytes:
        """Send one command, once; return data and status word. Any trouble drops the connection and raises."""

    def disconnect(self) -> None:
        """Unpower the card and let it go: what a PIN had opened is shut."""

    def leave(self) -> None:
        """As `disconnect`; and the card that stays was left behind, so another one goes before it."""

    def close(self) -> None:
        """Let card and service go; the next call builds everything again."""


@dataclass(frozen=True, slots=True)
class _Lying:
    """A card by where and in which insertion it lies."""

    place: str
    count: int


class Slot:
    """The readers that the choice names, as one: the card is where the first one is found. Used from one thread."""

    def __init__(self, choice: Choice, service: Any = scard) -> None:
        self._choice = choice
        self._service = service
        self._context: int | None = None
        self._card: int | None = None
        self._protocol: int = scard.SCARD_PROTOCOL_T0
        self._lying: _Lying | None = None
        """The card that is in use, or was found last."""
        self._left: set[_Lying] = set()
        """Cards that their persons forgot: one in the slot must not keep the next person's from being seen."""

    @property
    def connected(self) -> bool:
        """See `CardPort`."""
        return self._card is not None

    def reader(self) -> str:
        """See `CardPort`; the one with the card, else the preferred one."""
        places = self._places()
        return self._lying.place if self._lying is not None and self._lying.place in places else places[0]

    def present(self) -> bool:
        """See `CardPort`."""
        seen = self._seen()
        self._left.intersection_update(seen)
        fresh = [lying for lying in seen if lying not in self._left]
        if self._lying is None:
            self._lying = fresh[0] if fresh else None
            return self._lying is not None
        if self._lying in seen and not (self._lying in self._left and fresh):
            return True
        self.disconnect()
        self._lying = None
        return False

    def connect(self) -> None:
        """Power the card and hold it exclusively; see `CardPort`."""
        if self._card is not None:
            return
        if self._lying is None and not self.present():
            raise CardGoneError
        place = self._lying.place if self._lying is not None else self.reader()
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        self._card, self._protocol = self._asked(
            lambda context: self._service.SCardConnect(context, place, scard.SCARD_SHARE_EXCLUSIVE, protocols)
        )

    def transmit(self, command: bytes) -> bytes:
        """See `CardPort`."""
        if self._card is None:
            raise CardGoneError
        try:
            (answer,) = _checked(self._service.SCardTransmit(self._card, self._protocol, list(command)))
        except ServiceGoneError:
            self.close()
            raise
        except Exception:
            self.disconnect()
            raise
        if not answer:  # some readers report a card pulled in mid command as success with nothing
            self.disconnect()
            raise CardGoneError
        return bytes(answer)

    def disconnect(self) -> None:
        """See `CardPort`."""
        card, self._card = self._card, None
        if card is not None:
            self._service.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)

    def leave(self) -> None:
        """See `CardPort`."""
        self.disconnect()
        if self._lying is not None:
            self._left.add(self._lying)

    def close(self) -> None:
        """See `CardPort`."""
        self.disconnect()
        context, self._context = self._context, None
        if context is not None:
            self._service.SCardReleaseContext(context)

    def _places(self) -> tuple[str, ...]:
        (names,) = self._asked(lambda context: self._service.SCardListReaders(context, []))
        places = self._choice.places([str(name) for name in names])
        if not places:
            raise NoReaderError
        return places

    def _seen(self) -> list[_Lying]:
        """Return the cards that lie there now, in the order of their readers."""
        asked = [(place, scard.SCARD_STATE_UNAWARE) for place in self._places()]
        (states,) = self._asked(lambda context: self._service.SCardGetStatusChange(context, 0, asked))
        return [
            _Lying(str(name), state >> _COUNT_SHIFT) for name, state, _ in states if state & scard.SCARD_STATE_PRESENT
        ]

    def _asked(self, call: Callable[[int], list[Any]]) -> list[Any]:
        """Ask in our context; one that died with its pcscd is built again, once."""
        if self._context is not None:
            try:
                return _checked(call(self._context))
            except ServiceGoneError:
                self.close()
        (self._context,) = _checked(self._service.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM))
        try:
            return _checked(call(self._context))
        except ServiceGoneError:
            self.close()
            raise


def _checked(result: list[Any] | int) -> list[Any]:
    """Return what follows a success code, or raise what the code means."""
    code, *rest = result if isinstance(result, list) else [result]
    if code == scard.SCARD_S_SUCCESS:
        return rest
    raise next((meaning for codes, meaning in _MEANINGS if code in codes), CardGoneError)
