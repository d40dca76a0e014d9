"""What each command of a SAM module says beside its two bytes, and what its answers hold. Devices reference 1.2, 1.5.

Plain functions over bytes: `None` for whatever does not fit, never an exception. Pictures and fingerprints are
measured, not cut out: they never become objects of their own.
"""

from typing import Final

from kiosk.devices.id_readers.sam_frames import LENGTH_BYTES, Answer, Command, Decoder, frame, request

FACTORY_BAUD: Final = 115_200

BAUD_CODES: Final = {115_200: 0, 57_600: 1, 38_400: 2, 19_200: 3, 9_600: 4}
"""Rates a module can be set to, and the parameter of `60 nn`; fastest first."""

RF_PAYLOAD: Final = 0x50
"""Largest radio payload that readers are told at opening (`61 FF 50`)."""

MAX_ADDRESS_BYTES: Final = 70
"""A new address is as long as the printed one: 35 characters."""

MAX_MANAGEMENT_BYTES: Final = 64
"""The length of the management number is not published; none seen is longer."""

PHOTO, PHOTO_AND_FINGERPRINT = 1, 2
"""Blocks that follow the text in the answers to `30 01` and `30 10`."""


def set_baud(baud: int) -> bytes:
    """Ask the module to change its rate. Raises `KeyError` for a rate outside `BAUD_CODES`."""
    return frame(bytes((0x60, BAUD_CODES[baud])))


def set_payload(size: int = RF_PAYLOAD) -> bytes:
    """Tell the largest radio payload, one byte."""
    return request(Command.SET_PAYLOAD, bytes((size,)))


def parse_answer(wire: bytes) -> Answer | None:
    """Return the first whole and sound answer in `wire`."""
    return Decoder().feed(wire)


def parse_text(data: bytes, pictures: int = PHOTO) -> bytes | None:
    """Return the text block of a reading; None when the lengths told do not add up to what came."""
    head = (1 + pictures) * LENGTH_BYTES
    lengths = [int.from_bytes(data[at : at + LENGTH_BYTES], "big") for at in range(0, head, LENGTH_BYTES)]
    return data[head : head + lengths[0]] if len(data) == head + sum(lengths) else None


def parse_new_address(data: bytes) -> str | None:
    """Return the address of `30 03`; None when it is blank, too long or no text."""
    if len(data) > MAX_ADDRESS_BYTES:
        return None
    try:
        return data.decode("utf-16-le").strip(" \0") or None
    except UnicodeDecodeError:
        return None


def parse_management(data: bytes) -> str | None:
    """Return the management number of `30 05` as hexadecimal digits; its inside is not published."""
    return data.hex().upper() if 0 < len(data) <= MAX_MANAGEMENT_BYTES else None
