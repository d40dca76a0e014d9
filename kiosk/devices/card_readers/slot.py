"""One reader of PC/SC with its own context, which is built again whenever the service went away.

Only the raw calls of pyscard are used: its card and reader monitors are threads that die for good when pcscd restarts
(devices reference 7.1). Codes become our few exceptions here, once.
"""

from collections.abc import Callable
from typing import Any, Protocol

from smartcard import scard

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
    """What the driver needs of a slot; a test may put a scripted card behind it where pcscd cannot run."""

    @property
    def connected(self) -> bool:
        """A card's connection is held: as long as it is, it is the same card in the same insertion."""

    def reader(self) -> str:
        """Return the reader's name. Raises `ServiceGoneError` or `NoReaderError`."""

    def present(self) -> bool:
        """Tell whether a card is in the slot, without touching it. Raises as `reader`."""

    def connect(self) -> None:
        """Hold the card for us alone. Raises `CardGoneError`, `CardMuteError`, `ReaderTakenError`, or as `reader`."""

    def transmit(self, command: bytes) -> bytes:
        """Send one command, once; return data and status word. Any trouble drops the connection and raises."""

    def disconnect(self) -> None:
        """Unpower the card and let it go: what a PIN had opened is shut."""

    def close(self) -> None:
        """Let card and service go; the next call builds everything again."""


class Slot:
    """The reader whose name contains `match` (the first by name when empty). Used from one thread."""

    def __init__(self, match: str) -> None:
        self._match = match
        self._context: int | None = None
        self._card: int | None = None
        self._protocol: int = scard.SCARD_PROTOCOL_T0

    @property
    def connected(self) -> bool:
        """See `CardPort`."""
        return self._card is not None

    def reader(self) -> str:
        """See `CardPort`; the first fitting name in order."""
        (names,) = self._asked(lambda context: scard.SCardListReaders(context, []))
        fitting = sorted(name for name in names if self._match in name)
        if not fitting:
            raise NoReaderError
        return str(fitting[0])

    def present(self) -> bool:
        """See `CardPort`."""
        asked = [(self.reader(), scard.SCARD_STATE_UNAWARE)]
        (states,) = self._asked(lambda context: scard.SCardGetStatusChange(context, 0, asked))
        here = bool(states[0][1] & scard.SCARD_STATE_PRESENT)
        if not here:
            self.disconnect()
        return here

    def connect(self) -> None:
        """Power the card and hold it exclusively; see `CardPort`."""
        if self._card is not None:
            return
        reader = self.reader()
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        self._card, self._protocol = self._asked(
            lambda context: scard.SCardConnect(context, reader, scard.SCARD_SHARE_EXCLUSIVE, protocols)
        )

    def transmit(self, command: bytes) -> bytes:
        """See `CardPort`."""
        if self._card is None:
            raise CardGoneError
        try:
            (answer,) = _checked(scard.SCardTransmit(self._card, self._protocol, list(command)))
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
            scard.SCardDisconnect(card, scard.SCARD_UNPOWER_CARD)

    def close(self) -> None:
        """See `CardPort`."""
        self.disconnect()
        context, self._context = self._context, None
        if context is not None:
            scard.SCardReleaseContext(context)

    def _asked(self, call: Callable[[int], list[Any]]) -> list[Any]:
        """Ask in our context; one that died with its pcscd is built again, once."""
        if self._context is not None:
            try:
                return _checked(call(self._context))
            except ServiceGoneError:
                self.close()
        (self._context,) = _checked(scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM))
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
