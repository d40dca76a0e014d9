"""What the kiosk needs of a speaker: what is announced, how a text is spoken, and how that ended.

A driver blocks and is called from its worker's threads only. Texts for one person are never in a repr.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Protocol

from kiosk.ports import DeviceState, Fault

CHINESE = "zh"
EVERYWHERE = "all"
"""Every zone of a speaker at once."""


class Unsaid(StrEnum):
    """Why a text was not spoken."""

    NO_VOICE = "no_voice"
    """No voice for this language, or nothing in the text has a sound: it is for the screens."""
    NOT_PRIVATE = "not_private"
    """Private, and no headphones are plugged in: never spoken into the room."""
    CUT = "cut"
    """Stopped in the middle: the headphones were pulled, the person left, or the terminal stops."""
    NO_ZONE = "no_zone"
    """This speaker has no such zone."""
    MERGED = "merged"
    """A newer announcement of the same number stands in its place."""
    FULL = "full"
    """Too many wait."""
    STALE = "stale"
    """It waited so long that nobody needs it any more."""
    CLEARED = "cleared"
    """Taken back before it was spoken."""
    BROKEN = "broken"
    """The device failed; `Ended.fault` says how."""
    NO_SPEAKER = "no_speaker"
    """This terminal has none."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text is spoken: `volume` in percent of the recording, private by headphones or not at all."""

    language: str = CHINESE
    zone: str = EVERYWHERE
    volume: int = 100
    private: bool = False
    begun: Callable[[], None] = lambda: None
    """Called when the first sample goes to the outlet."""
    wanted: Callable[[], bool] = lambda: True
    """Asked twenty times a second; false makes it silent at once."""


PLAINLY = Manner()


class Speaker(Protocol):
    """Speech for announcements."""

    def state(self) -> DeviceState:
        """Tell whether speech can be made and heard, and what the voices lack."""

    def learn(self, table: Mapping[str, str]) -> None:
        """Take the hall pack's words with their pinyin."""

    def say(self, text: str, manner: Manner = PLAINLY) -> Unsaid | None:
        """Speak to the end; None when it was played, else why not. `DeviceError` when something is broken."""

    def close(self) -> None:
        """Stop."""


class Urgency(IntEnum):
    """What goes first. An emergency holds back everything else until it is cleared or has had its times."""

    EMERGENCY = 0
    CALL = 1
    NOTICE = 2


@dataclass(frozen=True, slots=True)
class Announcement:
    """Something to be spoken `times` times in a zone; an unknown zone means everywhere."""

    text: str = field(repr=False)
    language: str = CHINESE
    zone: str = EVERYWHERE
    times: int = 1
    urgency: Urgency = Urgency.CALL
    key: str = ""
    """What it is about, such as the number called: a newer one with the same key takes its place."""
    private: bool = False
    volume: int = 0
    """Percent, as the person chose; 0: as the hall says for this time of day."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of an announcement: how often it was spoken whole, and why not as often as asked."""

    times: int
    why: Unsaid | None = None
    fault: Fault | None = None
