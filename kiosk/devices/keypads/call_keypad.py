"""Call keypad and evaluator of the 68 … 16 family on one line, 9600 8N1 (devices reference 5.2, one deployed hall).

The devices speak first, so the line is theirs alone: every press is acknowledged by its echo within milliseconds, a
press that was sent again because its echo was lost counts once, and what two speakers destroyed is skipped over.
"""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.devices.keypads import pad_frames
from kiosk.devices.keypads.pad_frames import PadFrame
from kiosk.devices.led_bars.bus import Bus, Wiring, open_bus
from kiosk.ports import DeviceError, DeviceState, Fault, Key, Keypad, KeyPress, Reading, Unread

HEAR_S = 0.005
"""How long `presses` waits for a first byte."""
TRIES = 3
ACKNOWLEDGE_S = 0.1
"""The family's own time: a frame that is not echoed is sent three times, 100 ms apart."""
ECHO_WITHIN_S = 0.04
"""Our own acknowledgement comes back so soon through an adapter that hears itself; a keypad's second try is later."""
KNOWN_ECHO_WITHIN_S = 1.0
"""The same once the adapter is known: the echo may have waited for a busy computer."""
PROMPT_S = 0.05
"""An acknowledgement that is out so soon after the press has `ECHO_WITHIN_S` to itself, before any second try (100 ms):
only what comes back then proves an adapter that hears itself."""
LATE_S = 0.5
"""An acknowledgement that comes later than we wait for it is still no press: answering it would never end."""
REST_S = 0.02
"""Frames have no pauses inside: after so much silence a beginning will not go on."""
CALL_AGAIN_S = 5.0
"""A second call from the same window within this time is a slip of the finger."""
MAX_WAITING = 64
"""Presses that nobody fetched; more means that the worker is gone."""
HIGHEST_ADDRESS = 254
LONGEST_RESENT_S = 5.0


@dataclass(frozen=True, slots=True)
class Options:
    """The line and the two devices on it."""

    port: str
    baud: int = 9_600
    address: int = 1
    """The keypad's address, as its switches say; 0: there is no keypad on this line."""
    evaluator: int = 0
    """The evaluator's address, which may be the keypad's; 0: there is none."""
    grades: str = "4,5,2,1"
    """Grade of each button in the order of its index, 5 (非常满意) to 1. The default reads the deployed hall's table
    (0→1, 1→0, 2→3, 3→4) as places in the five official grades, best first; a five-button evaluator has `5,4,3,2,1`."""
    answers: bool = True
    """False for a keypad that does not echo what it is told: `sent` is then all that is known."""
    line_echoes: bool = False
    """True for an RS-485 adapter that hears itself; found out by itself at the first press, and unlearned at one."""
    resent_within_s: float = 0.13
    """The same frame so soon after the last is the keypad's second try (100 ms); no finger presses a key twice in this
    time. Longer for a line behind a serial server that holds frames back; at most 5."""


class CallKeypad:
    """Meets `kiosk.ports.Keypad`."""

    def __init__(self, options: Options, name: str, bus: Bus, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._options = options
        self._bus = bus
        self._monotonic = monotonic
        self._grades = _grades(options, name)
        self._decoder = pad_frames.Decoder()
        self._presses: deque[KeyPress] = deque(maxlen=MAX_WAITING)
        self._line_echoes = options.line_echoes
        self._echo_of: tuple[PadFrame, float] | None = None
        self._prompt = False
        """What was answered last was a first try, answered at once: the same frame right behind it is our echo."""
        self._empty_mono = -math.inf
        """Whatever is heard next was not there at this time."""
        self._said: tuple[PadFrame, float] | None = None
        self._last: dict[int, tuple[PadFrame, float]] = {}
        self._called: dict[int, float] = {}
        self._lone_digit: dict[int, int] = {}
        self._heard_mono = 0.0
        self._shown = pad_frames.show(options.address, None, "")
        unknown: Reading = Unread.UNKNOWN if options.answers else Unread.UNSUPPORTED
        self._told: dict[str, Reading] = {
            "keypad": unknown if options.address else Unread.ABSENT,
            "evaluator": unknown if options.evaluator else Unread.ABSENT,
        }
        self._strangers = 0

    def state(self) -> DeviceState:
        """Tell the keypad once more what it shows: it answers if it is there, and after a power cut it is right again.

        The evaluator is known only after it was lit or pressed: asking would light it.
        """
        self._bus.check()
        self._tell("keypad", self._shown, tries=1 if self._told["keypad"] == "silent" else TRIES)
        readings = {
            **self._told,
            "damaged_bytes": self._decoder.dropped,
            "strangers": self._strangers,
            "line_echoes": self._line_echoes,
            **self._bus.troubles(),
        }
        if "silent" not in self._told.values():
            return DeviceState(readings=readings)
        silent = [device for device, told in self._told.items() if told == "silent"]
        return DeviceState(
            Fault.SILENT, may_serve=True, detail=f"no answer from {' and '.join(silent)}", readings=readings
        )

    def presses(self) -> tuple[KeyPress, ...]:
        """Return what was pressed, acknowledged, oldest first."""
        self._listen(HEAR_S)
        self._forget(self._monotonic())
        found = tuple(self._presses)
        self._presses.clear()
        return found

    def show(self, waiting: int | None, ticket: str) -> bool:
        """Put counts and the last three digits on the keypad; False where there is none."""
        self._shown = pad_frames.show(self._options.address, waiting, ticket)
        return self._tell("keypad", self._shown)

    def ask_rating(self) -> bool:
        """Light the evaluator's buttons; False where there is none."""
        return self._tell("evaluator", pad_frames.start_rating(self._options.evaluator))

    def close(self) -> None:
        """Give the line back; presses that nobody fetched are forgotten."""
        self._presses.clear()
        self._bus.close()

    # ---- to the devices ------------------------------------------------------------------------------------------

    def _tell(self, device: str, frame: PadFrame, tries: int = TRIES) -> bool:
        """Send until it is echoed. Presses that arrive meanwhile are taken as ever."""
        if self._told[device] is Unread.ABSENT:
            return False
        for _ in range(tries if self._options.answers else 1):
            over = self._bus.say(pad_frames.encode(frame))
            self._said = (frame, over)
            if not self._options.answers:
                return True
            copies = 2 if self._line_echoes else 1
            deadline = over + ACKNOWLEDGE_S
            while (left := deadline - self._monotonic()) > 0:
                copies -= self._listen(min(left, REST_S), expected=frame)
                if copies <= 0:
                    self._told[device] = "up"
                    return True
        self._told[device] = "silent"
        return False

    # ---- from the devices ----------------------------------------------------------------------------------------

    def _listen(self, limit_s: float, expected: PadFrame | None = None) -> int:
        """Take what arrives; return how often `expected` was in it. Everything else is a press."""
        begun = self._monotonic()
        piece = self._bus.hear(limit_s)
        now = self._monotonic()
        empty_mono, self._empty_mono = self._empty_mono, begun if piece else begun + limit_s
        if piece:
            self._heard_mono = now
            frames = self._decoder.feed(piece)
        else:
            frames = self._decoder.pause() if now - self._heard_mono >= REST_S else []
        copies = 0
        for at, frame in enumerate(frames):
            if frame == expected:
                copies += 1
            elif frame in frames[:at]:
                self._prompt = False  # tries that waited for a busy computer, heard before the first was answered
            else:
                self._take(frame, now, came_after=empty_mono if piece else -math.inf)
        return copies

    def _take(self, frame: PadFrame, now: float, came_after: float) -> None:
        last, at = self._last.get(frame.address, (None, 0.0))
        if self._is_own_echo(frame, now):
            self._line_echoes |= self._prompt
            if frame == last and not self._prompt:
                self._last[frame.address] = (frame, now)  # if it was a second try, a third may follow
            return
        if self._said is not None and frame == self._said[0] and now - self._said[1] <= LATE_S:
            return
        pressed = self._meaning(frame)
        if pressed is None:
            self._strangers += 1
            return
        answer = pad_frames.acknowledgement(frame)
        self._echo_of = (answer, self._bus.say(pad_frames.encode(answer)))
        self._told["evaluator" if frame.function == pad_frames.RATED else "keypad"] = "up"
        self._last[frame.address] = (frame, now)
        again = frame == last and now - at <= self._options.resent_within_s
        self._prompt = not again and self._echo_of[1] - came_after <= PROMPT_S
        if not again:
            for press in pressed:
                self._press(press, now)

    def _is_own_echo(self, frame: PadFrame, now: float) -> bool:
        if self._echo_of is None:
            return False
        answer, at = self._echo_of
        self._echo_of = None
        return frame == answer and now - at <= self._echo_within_s()

    def _echo_within_s(self) -> float:
        return KNOWN_ECHO_WITHIN_S if self._line_echoes else ECHO_WITHIN_S

    def _forget(self, now: float) -> None:
        """A frame may hold a PIN: nothing of it is kept longer than it serves."""
        self._last = {
            address: kept for address, kept in self._last.items() if now - kept[1] <= self._options.resent_within_s
        }
        if self._echo_of is not None and now - self._echo_of[1] > self._echo_within_s():
            self._echo_of = None
            # Nothing came back: whatever it was that once sounded like an echo, this adapter does not hear itself.
            self._line_echoes = self._options.line_echoes

    def _meaning(self, frame: PadFrame) -> tuple[KeyPress, ...] | None:
        """Presses in a frame; empty for a key without meaning here, None when it is from no device of ours."""
        if frame.function == pad_frames.RATED:
            if frame.address != self._options.evaluator:
                return None
            index = frame.data[0] if frame.data else len(self._grades)
            known = index < len(self._grades)
            return (KeyPress(frame.address, Key.GRADE, self._grades[index]),) if known else ()
        if frame.address != self._options.address or frame.function in pad_frames.HOST_ONLY:
            return None
        return tuple(KeyPress(frame.address, key, value) for key, value in pad_frames.keys(frame))

    def _press(self, press: KeyPress, now: float) -> None:
        digit = self._lone_digit.pop(press.address, None)
        if press.key is Key.DIGIT and press.value is not None:
            # A second digit makes a number of it, which is no shortcut.
            self._lone_digit[press.address] = press.value if digit is None else -1
        elif press.key is Key.CONFIRM and digit in pad_frames.SHORTCUTS:
            press = KeyPress(press.address, pad_frames.SHORTCUTS[digit])
        elif press.key is Key.CALL:
            if now - self._called.get(press.address, -CALL_AGAIN_S) < CALL_AGAIN_S:
                return
            self._called[press.address] = now
        self._presses.append(press)


def _grades(options: Options, name: str) -> tuple[int, ...]:
    told = [part.strip() for part in options.grades.split(",")]
    if not all(part in ("1", "2", "3", "4", "5") for part in told):
        raise DeviceError(Fault.OPTION, name, "grades must be numbers from 1 to 5, such as 4,5,2,1")
    return tuple(int(part) for part in told)


def connect(options: Options, name: str) -> Keypad:
    """Open the line, or raise `DeviceError`."""
    if not all(0 <= address <= HIGHEST_ADDRESS for address in (options.address, options.evaluator)):
        raise DeviceError(Fault.OPTION, name, f"address and evaluator must be 0 to {HIGHEST_ADDRESS}")
    if not options.address and not options.evaluator:
        raise DeviceError(Fault.OPTION, name, "address or evaluator must be given: nobody is on this line")
    if not ACKNOWLEDGE_S <= options.resent_within_s <= LONGEST_RESENT_S:
        raise DeviceError(
            Fault.OPTION, name, f"resent_within_s must be {ACKNOWLEDGE_S:g} to {LONGEST_RESENT_S:g} seconds"
        )
    _grades(options, name)
    return CallKeypad(options, name, open_bus(Wiring(options.port, options.baud), name))
