"""Onbon BX-5K/BX-6K font cards on one serial line (RS-232 or RS-485), 8N1. Specification: onbonlab, `zh/k/potocol`.

The driver owns the line: one request, one answer, a pause, the next. Text goes into dynamic area 0, which lives in the
card's memory; the flash is never written. Reset (A2 01) and format (A1 00) erase the card and cannot be sent.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.devices.led_bars import bx_frames
from kiosk.devices.led_bars.bus import Bus, Wiring, open_bus
from kiosk.devices.led_bars.bx_frames import Area, Broken, Error, Frame, Reply
from kiosk.devices.led_bars.roll_call import REFUSED, SILENT, UP, RollCall
from kiosk.ports import DeviceError, DeviceState, Fault, LedBars

BUSY_TRIES = 4
BUSY_WAIT_S = 0.15
"""A card that says busy is drawing; it is asked again after this long."""
SILENT_TRIES = 2
"""One lost frame on a long RS-485 line is ordinary; two in a row mean that nobody is there."""
ASSERT_EVERY_S = 15.0
"""Dynamic areas are lost with power, and a short cut goes unnoticed: what must stand there is sent again."""
UNKNOWN_CHARACTER = "〓".encode("gbk")
STANDING, RUNNING_LEFT = 1, 3
COLOURS = {"red": "1", "green": "2", "yellow": "3"}
FONTS = {16: "000", 24: "001", 32: "002"}


@dataclass(frozen=True, slots=True)
class Options:
    """The line and the bars on it."""

    port: str
    baud: int = 9_600
    """Factory setting 9600 or 57600."""
    addresses: str = ""
    """Bars that must be there, such as `7,14`; each is pinged."""
    timeout_s: float = 0.5
    gap_s: float = 0.0
    """Longer pause between frames where a device needs it; never less than four characters."""
    width_px: int = 320
    """Five modules of 64 dots."""
    height_px: int = 32
    font_px: int = 32
    """Largest font used: 16, 24 or 32. It and the smaller ones must be on the card."""
    colour: str = "red"


def fitting_font(text: str, width_px: int, largest_px: int) -> int | None:
    """Return the largest font in which `text` stands still on the bar, None when it must run."""
    cells = half_cells(text)
    fitting = [font for font in FONTS if font <= largest_px and cells * font // 2 <= width_px]
    return max(fitting, default=None)


def half_cells(text: str) -> int:
    """Return the length of `text` in half-width characters of the card's fonts."""
    return sum(len(_card_bytes(character)) for character in text.replace("\\", "＼"))


def text_bytes(text: str, font_px: int, colour: str) -> bytes:
    r"""Return `text` as the card wants it. `\` is the card's escape and becomes `＼`: nobody's text is a command.

    >>> text_bytes("欢迎", 32, "red")
    b'\\C1\\FO002\xbb\xb6\xd3\xad'
    """
    prefix = f"\\C{COLOURS[colour]}\\FO{FONTS[font_px]}".encode()
    room = bx_frames.MAX_AREA_TEXT_BYTES - len(prefix)
    encoded = bytearray()
    for character in text.replace("\\", "＼"):
        piece = _card_bytes(character)
        if len(encoded) + len(piece) > room:
            break
        encoded += piece
    return prefix + bytes(encoded)


def _card_bytes(character: str) -> bytes:
    if character == "\n":
        return rb"\n"
    if not character.isprintable():
        return b""
    try:
        return character.encode("gbk")
    except UnicodeEncodeError:
        return UNKNOWN_CHARACTER


class OnbonBars:
    """Meets `kiosk.ports.LedBars`."""

    assert_every_s = ASSERT_EVERY_S

    def __init__(self, options: Options, name: str, bus: Bus, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._options = options
        self._bus = bus
        self._roll = RollCall(_addresses(options, name), monotonic)
        self._damaged = 0

    def state(self) -> DeviceState:
        """Ping the bars whose turn it is. Readings: address to `up`, `silent`, `refused` or unknown."""
        self._bus.check()
        self._roll.call(lambda address: self._note(address, self._ask(bx_frames.ping(address))))
        readings = {**self._roll.readings(), "damaged_answers": self._damaged, **self._bus.troubles()}
        trouble = self._roll.trouble()
        if trouble is None:
            return DeviceState(readings=readings)
        fault, whose = trouble
        sentence = "no answer from" if fault is Fault.SILENT else "refused by"
        return DeviceState(
            fault,
            may_serve=self._roll.may_serve(),
            detail=f"{sentence} {', '.join(map(str, whose))}",
            readings=readings,
        )

    def show(self, address: int, text: str) -> bool:
        """Put `text` on the bar; an empty text takes it away. An address that no bar can have is False."""
        if not 1 <= address < bx_frames.ANY_REPLIES:
            return False
        options = self._options
        frame = bx_frames.update_area(address, _area(text, options)) if text else bx_frames.remove_areas(address)
        answer = self._ask(frame)
        self._note(address, answer)
        return answer is not None and answer.acknowledged

    def close(self) -> None:
        """Give the line back."""
        self._bus.close()

    def _note(self, address: int, answer: Reply | None) -> None:
        told = SILENT if answer is None else UP if answer.acknowledged else REFUSED
        self._roll.note(address, told)

    def _ask(self, frame: Frame) -> Reply | None:
        """One request to its end: busy and damaged requests are repeated, silence gives None."""
        tries = 1 if self._roll.is_silent(frame.destination) else SILENT_TRIES
        silent = busy = 0
        while True:
            answer = self._exchange(frame)
            if answer is None:
                silent += 1
                if silent >= tries:
                    return None
            elif answer.acknowledged or answer.error not in (Error.BUSY, Error.CHECKSUM):
                return answer
            else:
                busy += 1
                if busy >= BUSY_TRIES:
                    return answer
                time.sleep(BUSY_WAIT_S)

    def _exchange(self, frame: Frame) -> Reply | None:
        decoder = bx_frames.Decoder()

        def take(piece: bytes) -> Reply | None:
            for found in decoder.feed(piece):
                if isinstance(found, Broken):
                    self._damaged += 1
                elif found.source in (frame.destination, bx_frames.ANY_REPLIES):
                    answer = bx_frames.reply(found)
                    if answer is not None:
                        return answer
            return None

        return self._bus.ask(bx_frames.encode(frame), take, self._options.timeout_s)


def _area(text: str, options: Options) -> Area:
    """Standing and centred where it fits in some font; else it runs from right to left in the largest."""
    font_px = fitting_font(text, options.width_px, options.font_px)
    if font_px is not None:
        text = " " * (options.width_px // font_px - half_cells(text) // 2 - half_cells(text) % 2) + text
    return Area(
        text=text_bytes(text, font_px or options.font_px, options.colour),
        width_px=options.width_px,
        height_px=options.height_px,
        timeout_s=0,
        lines=1,
        display_mode=STANDING if font_px else RUNNING_LEFT,
    )


def _addresses(options: Options, name: str) -> tuple[int, ...]:
    try:
        addresses = tuple(int(part) for part in options.addresses.split(",") if part.strip())
    except ValueError as error:
        raise DeviceError(Fault.OPTION, name, "addresses must be numbers such as 7,14") from error
    if any(not 1 <= address < bx_frames.ANY_REPLIES for address in addresses):
        raise DeviceError(Fault.OPTION, name, "addresses must be 1 to 65533")
    return addresses


def connect(options: Options, name: str) -> LedBars:
    """Open the line, or raise `DeviceError`."""
    if options.colour not in COLOURS:
        raise DeviceError(Fault.OPTION, name, f"colour must be one of {', '.join(COLOURS)}")
    if options.font_px not in FONTS:
        raise DeviceError(Fault.OPTION, name, "font_px must be 16, 24 or 32")
    if options.timeout_s <= 0:
        raise DeviceError(Fault.OPTION, name, "timeout_s must be greater than 0")
    _addresses(options, name)
    return OnbonBars(options, name, open_bus(Wiring(options.port, options.baud, options.gap_s), name))
