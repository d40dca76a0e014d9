"""Recorded clips joined to calls: a folder with `voice.toml` and WAV files, checked as a whole when it is opened.

Spaces in a text only part words; between two clips stands `gap_ms` of quiet, for a comma or a full stop `pause_ms`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from hall.errors import HallError, Reason
from hall.speech.spoken import PAUSES, SILENT
from kiosk.devices.speakers import pcm
from kiosk.devices.speakers.pcm import Pcm
from kiosk.devices.speakers.voices import Voiced

FILE = "voice.toml"
MAX_CLIPS = 2_000
MAX_CLIP_BYTES = 2 * 1024 * 1024
"""About 45 s at 22 kHz: a whole greeting."""
MAX_PACK_BYTES = 64 * 1024 * 1024
MAX_PAUSE_MS = 2_000
ONE, SHORT_ONE = "一", "幺"
DIGIT_WORDS = frozenset("零一二三四五六七八九")


class VoiceFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`voice.toml`."""

    name: str
    language: str = "zh"
    rate: int = 22_050
    """Samples a second of every clip."""
    gap_ms: int = 30
    pause_ms: int = 250
    digit_one: str = ONE
    """How 1 is said among digits read one by one: 一 or 幺."""
    clips: dict[str, str]
    """Text to file, beside `voice.toml`."""


@dataclass(frozen=True, slots=True)
class ClipVoice:
    """One language, spoken by clips. Meets `voices.Voice`."""

    told: VoiceFile
    clips: Mapping[str, Pcm] = field(repr=False)
    longest: int

    @property
    def name(self) -> str:
        """The pack's own name."""
        return self.told.name

    def learn(self, table: Mapping[str, str]) -> None:
        """Clips need no pinyin."""

    def make(self, text: str, language: str) -> Voiced | None:
        """Return the joined clips; without samples, naming what is missing, when one clip is."""
        if language != self.told.language:
            return None
        words, missing = split(self.spaced(text), self.clips, self.longest)
        rate = self.told.rate
        if missing:
            return Voiced(pcm.join(rate, ()), "", self.name, missing)
        gap, pause = pcm.silence(rate, self.told.gap_ms), pcm.silence(rate, self.told.pause_ms)
        parts = [(pause, 0) if word in PAUSES else (self.clips[word].samples, 1) for word in words]
        if not any(is_clip for _, is_clip in parts):
            return None
        joined = []
        for place, (samples, is_clip) in enumerate(parts):
            if place and is_clip and parts[place - 1][1]:
                joined.append(gap)
            joined.append(samples)
        return Voiced(pcm.join(rate, joined), "", self.name)

    def spaced(self, text: str) -> str:
        """Return the text with 一 as the pack says it among digits read one by one: in `零 一 二`, not in `一 号`."""
        words = text.split(" ")
        if self.told.digit_one == ONE:
            return text
        among = [
            word == ONE
            and any(0 <= near < len(words) and words[near] in DIGIT_WORDS for near in (place - 1, place + 1))
            for place, word in enumerate(words)
        ]
        return " ".join(self.told.digit_one if is_digit else word for word, is_digit in zip(words, among, strict=True))


def split(text: str, clips: Mapping[str, object], longest: int) -> tuple[list[str], tuple[str, ...]]:
    """Return the fewest words of `clips` (and pauses) that make `text`, longest first, and what is in no word.

    When something is missing, the words are those found around it.
    """
    signs = "".join(sign for sign in text if sign not in SILENT)
    best: list[tuple[int, int, int]] = [(0, 0, 0)] * (len(signs) + 1)
    """For the text from each place on: signs in no word, words, length of the first word (0: this sign is missing)."""
    for place in reversed(range(len(signs))):
        found = (best[place + 1][0] + 1, best[place + 1][1], 0)
        for length in range(1, min(longest, len(signs) - place) + 1):
            word = signs[place : place + length]
            if word in clips or (length == 1 and word in PAUSES):
                without, count, _ = best[place + length]
                if (without, count + 1) <= found[:2]:  # among equals the longer first word
                    found = (without, count + 1, length)
        best[place] = found
    return _words(signs, best)


def _words(signs: str, best: list[tuple[int, int, int]]) -> tuple[list[str], tuple[str, ...]]:
    words: list[str] = []
    missing: list[str] = []
    place, fresh = 0, True
    while place < len(signs):
        length = best[place][2]
        if length:
            words.append(signs[place : place + length])
        elif fresh:
            missing.append(signs[place])
        else:
            missing[-1] += signs[place]
        fresh = bool(length)
        place += length or 1
    return words, tuple(dict.fromkeys(missing))


def read(folder: Path) -> ClipVoice:
    """Return the voice of a folder, or raise `HallError(MALFORMED)` naming the file and what is allowed."""
    file = folder / FILE
    try:
        told = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), VoiceFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise HallError(Reason.MALFORMED, str(file), f"cannot be read: {error}") from error
    _check(told, file)
    clips: dict[str, Pcm] = {}
    size = 0
    for text, name in told.clips.items():
        clip = _clip(folder, name, told.rate)
        size += 2 * len(clip.samples)
        if size > MAX_PACK_BYTES:
            raise HallError(Reason.MALFORMED, str(file), f"the clips together are longer than {MAX_PACK_BYTES} bytes")
        clips["".join(text.split())] = clip
    return ClipVoice(told, clips, max(len(text) for text in clips))


def _check(told: VoiceFile, file: Path) -> None:
    if told.rate not in pcm.RATES:
        raise HallError(Reason.MALFORMED, f"{file}:rate", f"rate must be {pcm.RATES.start} to {pcm.RATES.stop - 1}")
    if not 0 <= told.gap_ms <= MAX_PAUSE_MS or not 0 <= told.pause_ms <= MAX_PAUSE_MS:
        raise HallError(Reason.MALFORMED, f"{file}:gap_ms", f"gap_ms and pause_ms must be 0 to {MAX_PAUSE_MS}")
    if told.digit_one not in (ONE, SHORT_ONE):
        raise HallError(Reason.MALFORMED, f"{file}:digit_one", f"digit_one must be {ONE} or {SHORT_ONE}")
    if not 0 < len(told.clips) <= MAX_CLIPS or not all("".join(text.split()) for text in told.clips):
        raise HallError(Reason.MALFORMED, f"{file}:clips", f"there must be 1 to {MAX_CLIPS} clips, each with its text")


def _clip(folder: Path, name: str, rate: int) -> Pcm:
    path = folder / name
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise HallError(Reason.MALFORMED, str(folder / FILE), f"{name}: a clip lies beside voice.toml")
    try:
        if path.stat().st_size > MAX_CLIP_BYTES:
            raise HallError(Reason.MALFORMED, str(path), f"a clip is at most {MAX_CLIP_BYTES} bytes")
        clip = pcm.of_wav(path.read_bytes())
    except OSError as error:
        raise HallError(Reason.MALFORMED, str(path), "the clip is missing") from error
    if clip is None or clip.rate != rate:
        raise HallError(Reason.MALFORMED, str(path), f"a clip must be 16-bit mono PCM at {rate} samples a second")
    return clip
