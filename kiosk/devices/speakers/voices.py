"""What a voice is to a speaker: text to sound, with what it could not say as it should."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kiosk.devices.speakers.pcm import Pcm


@dataclass(frozen=True, slots=True)
class Voiced:
    """A text made into sound."""

    pcm: Pcm = field(repr=False)
    pinyin: str = field(default="", repr=False)
    """What a synthesiser was given, ASCII; empty for recorded clips."""
    voice: str = ""
    lacking: tuple[str, ...] = field(default=(), repr=False)
    """Parts of the text that the voice did not know: clips to be recorded, words for the pack's table."""


class Voice(Protocol):
    """Makes speech; holds no device."""

    def learn(self, table: Mapping[str, str]) -> None:
        """Take the hall pack's words with their pinyin."""

    def make(self, text: str, language: str) -> Voiced | None:
        """Return the sound, or None when there is no voice for this text or language; `DeviceError` when it broke."""
