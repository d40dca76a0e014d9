"""One slot of vpcd's reader and the card in it: the client of its wire. Devices reference 7.1.

Two bytes of length, big-endian, then the message; one byte is a control message, everything else a command.
"""

import contextlib
import selectors
import socket
import time

from kiosk.devices.virtual.social_chip import ATR, BITS_PER_BYTE, SocialCard

VPCD_PORT = 35963
"""Where the vpcd driver's first slot listens (0x8C7B); the second one listens at the next port."""

CONNECT_TIMEOUT_S = 5.0
POLL_S = 0.02
SWAP_S = 0.6
"""A hand needs longer than pcscd's 0.4 s poll to swap cards; a swap that pcscd cannot see leaves it confused."""
MAX_MESSAGE_BYTES = 1024

OFF, ON, RESET, ASK_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
"""One-byte control messages of vpcd."""


class CardPlace:
    """Where a card lies, in the slot with this number. Used from the room's loop only."""

    def __init__(self, number: int, selector: selectors.BaseSelector) -> None:
        self.card: SocialCard | None = None
        self.pull_after = 0
        """Pull the card when it gets its n-th command from now; 0 = leave it."""
        self._port = VPCD_PORT + number
        self._selector = selector
        self._reader: socket.socket | None = None
        self._out_mono = 0.0
        """When a card last left the reader; monotonic seconds."""
        self._received = bytearray()

    def is_wire(self, ready: object) -> bool:
        """Tell whether what is ready to be read is this slot's wire (and has not just been closed)."""
        return self._reader is not None and ready is self._reader

    def put_in(self) -> None:
        """Let the reader find the card."""
        time.sleep(max(self._out_mono + SWAP_S - time.monotonic(), 0))
        deadline = time.monotonic() + CONNECT_TIMEOUT_S
        while True:
            try:
                self._reader = socket.create_connection(("127.0.0.1", self._port), timeout=CONNECT_TIMEOUT_S)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(POLL_S)
        self._selector.register(self._reader, selectors.EVENT_READ)

    def remove(self) -> None:
        """Pull the card."""
        self.let_reader_go()
        self.card = None
        self.pull_after = 0

    def let_reader_go(self) -> None:
        """The reader loses sight of the card, which stays where it is."""
        reader, self._reader = self._reader, None
        if reader is not None:
            self._selector.unregister(reader)
            reader.close()
            self._out_mono = time.monotonic()
        self._received.clear()
        if self.card is not None:
            self.card.power(on=False)

    def receive(self) -> None:
        """Take what the reader sent, and answer."""
        if self._reader is None or self.card is None:
            return
        try:
            # vpcd writes length and message apart and waits for our acknowledgement between them: give it at once.
            self._reader.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            received = self._reader.recv(MAX_MESSAGE_BYTES)
        except OSError:
            received = b""
        if not received:
            self.let_reader_go()
            return
        self._received += received
        while len(self._received) >= 2:  # noqa: PLR2004 - the length comes first, big-endian
            count = int.from_bytes(self._received[:2], "big")
            if len(self._received) < 2 + count:
                return
            message = bytes(self._received[2 : 2 + count])
            del self._received[: 2 + count]
            self._message(self._reader, self.card, message)

    def _message(self, reader: socket.socket, card: SocialCard, message: bytes) -> None:
        match message:
            case _ if message == OFF:
                card.power(on=False)
            case _ if message == ON:
                card.power(on=True)
            case _ if message == RESET:
                card.reset()
            case _ if message == ASK_ATR:
                _send(reader, ATR)
            case _ if len(message) > 1:
                self._command(reader, card, message)

    def _command(self, reader: socket.socket, card: SocialCard, message: bytes) -> None:
        if self.pull_after:
            self.pull_after -= 1
            if not self.pull_after:
                self.remove()
                return
        if card.face.mute:
            return
        answer = card.answer(message)
        if card.face.baud:
            time.sleep((len(message) + len(answer)) * BITS_PER_BYTE / card.face.baud)
        _send(reader, answer)


def _send(reader: socket.socket, message: bytes) -> None:
    with contextlib.suppress(OSError):
        reader.sendall(len(message).to_bytes(2, "big") + message)
