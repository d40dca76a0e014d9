"""Window bars of the bank-queue family on one RS-485 line, 9600 8N1: 69-byte frames (devices reference 5.3).

The bar never answers: this driver knows that the line is there and that a frame went out, and nothing more. `show`
returns True for "sent"; whether a bar is there, and what it shows, is `unsupported`. So a temporary text is sent
again every minute: a bar that was without power heals by itself.
"""

import math
from dataclasses import dataclass

from kiosk.devices.led_bars import queue_frames
from kiosk.devices.led_bars.bus import Bus, Wiring, open_bus
from kiosk.devices.led_bars.queue_frames import BarFrame, Colour, Kind
from kiosk.ports import DeviceError, DeviceState, Fault, LedBars, Reading, Unread

LEAST_GAP_S = 0.3
"""The bar loses a frame that follows sooner."""
ASSERT_EVERY_S = 60.0
KINDS = {"temporary": Kind.TEMPORARY, "store": Kind.STORE, "three_times": Kind.THREE_TIMES}
COLOURS = {colour.name.lower(): colour for colour in Colour}
SPEEDS, ENTRY_MODES, BYTE = range(8), range(32), range(256)


@dataclass(frozen=True, slots=True)
class Options:
    """The line and the bars on it."""

    port: str
    baud: int = 9_600
    addresses: str = ""
    """Screen numbers of the bars, such as `7,14`, for the health page; other bars can be shown on as well."""
    gap_s: float = LEAST_GAP_S
    """Pause between frames."""
    kind: str = "temporary"
    """`temporary`, `store` or `three_times`. A stored text survives power loss and is not sent again by itself."""
    colour: str = "red"
    speed: int = 0
    """How fast a text enters, 0 to 7."""
    entry_mode: int = 0
    """How a text enters, 0 to 31; the bar's manual names them."""
    exit_mode: int = 0
    stay: int = 0
    """How long a text stays before it leaves, in the bar's units."""


class QueueBars:
    """Meets `kiosk.ports.LedBars`."""

    def __init__(self, options: Options, name: str, bus: Bus) -> None:
        self._options = options
        self._name = name
        self._bus = bus
        self._addresses = _addresses(options, name)
        self._sent = 0
        self.assert_every_s = math.inf if options.kind == "store" else ASSERT_EVERY_S

    def state(self) -> DeviceState:
        """Tell whether the line is there; of the bars nothing can be told."""
        self._bus.check()
        bars: dict[str, Reading] = {str(address): Unread.UNSUPPORTED for address in self._addresses}
        told = {**(bars or {"bars": Unread.ABSENT}), "frames_sent": self._sent, **self._bus.troubles()}
        return DeviceState(detail="these bars cannot answer", readings=told)

    def show(self, address: int, text: str) -> bool:
        """Send `text`; True when it went out. An address that no bar can have is False."""
        if not 1 <= address <= queue_frames.MAX_SCREEN:
            return False
        options = self._options
        shown = queue_frames.fitting(text) or " "
        frame = BarFrame(
            address,
            shown,
            kind=KINDS[options.kind],
            speed=options.speed,
            entry_mode=options.entry_mode,
            exit_mode=options.exit_mode,
            stay=options.stay,
            colours=(COLOURS[options.colour],) * len(shown),
        )
        self._bus.send(queue_frames.encode(frame))
        self._sent += 1
        return True

    def close(self) -> None:
        """Give the line back."""
        self._bus.close()


def _addresses(options: Options, name: str) -> tuple[int, ...]:
    try:
        addresses = tuple(int(part) for part in options.addresses.split(",") if part.strip())
    except ValueError as error:
        raise DeviceError(Fault.OPTION, name, "addresses must be numbers such as 7,14") from error
    if any(not 1 <= address <= queue_frames.MAX_SCREEN for address in addresses):
        raise DeviceError(Fault.OPTION, name, f"addresses must be 1 to {queue_frames.MAX_SCREEN}")
    return addresses


def connect(options: Options, name: str) -> LedBars:
    """Open the line, or raise `DeviceError`."""
    for word, told, known in (("kind", options.kind, KINDS), ("colour", options.colour, COLOURS)):
        if told not in known:
            raise DeviceError(Fault.OPTION, name, f"{word} must be one of {', '.join(known)}")
    bytes_told = {"speed": SPEEDS, "entry_mode": ENTRY_MODES, "exit_mode": BYTE, "stay": BYTE}
    for word, allowed in bytes_told.items():
        if getattr(options, word) not in allowed:
            raise DeviceError(Fault.OPTION, name, f"{word} must be 0 to {allowed[-1]}")
    if options.gap_s < LEAST_GAP_S:
        raise DeviceError(Fault.OPTION, name, f"gap_s must be at least {LEAST_GAP_S}")
    _addresses(options, name)
    return QueueBars(options, name, open_bus(Wiring(options.port, options.baud, options.gap_s), name))
