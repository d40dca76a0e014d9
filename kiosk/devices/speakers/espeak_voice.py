"""espeak-ng 1.51 as a separate program: text to samples, 20 to 30 ms for a sentence; one voice for each language.

There is none for Tibetan, Mongolian and Zhuang (reference: speech table): such a text is for the screens only.
"""

import subprocess
from collections.abc import Mapping
from shutil import which

from hall.speech.spoken import MAX_SPOKEN_CHARS
from kiosk.devices.speakers import pcm, pinyin
from kiosk.devices.speakers.pcm import Pcm
from kiosk.devices.speakers.voices import Voiced
from kiosk.ports import DeviceError, Fault

MAKE_LIMIT_S = 10.0
"""A sentence takes 30 ms; a program that needs this long hangs."""
CHINESE = "zh"
VOICES: Mapping[str, str] = {
    CHINESE: "cmn-latn-pinyin",
    "en": "en-gb",
    "ug": "ug",
    "kk": "kk",
    "ko": "ko",
    "yue": "yue",
    "ru": "ru",
}
"""Language of a catalogue to espeak-ng's voice. Never `cmn`: it spells pinyin in English letters (its issue 1236)."""


class EspeakVoice:
    """Speaks whatever it is given, in the languages of `VOICES`."""

    name = "espeak"

    def __init__(self, device: str, program: str, words_per_minute: int, pitch: int) -> None:
        if not 80 <= words_per_minute <= 450:  # noqa: PLR2004 espeak-ng's own range
            raise DeviceError(Fault.OPTION, device, "words_per_minute must be 80 to 450")
        if not 0 <= pitch <= 99:  # noqa: PLR2004 espeak-ng's own range
            raise DeviceError(Fault.OPTION, device, "pitch must be 0 to 99")
        self._device = device
        self._program = program
        self._manner = ["-s", str(words_per_minute), "-p", str(pitch)]
        self._table = pinyin.table_with({})

    def installed(self) -> bool:
        """Tell whether the program is there."""
        return which(self._program) is not None

    def learn(self, table: Mapping[str, str]) -> None:
        """Take the hall pack's pinyin."""
        self._table = pinyin.table_with(table)

    def make(self, text: str, language: str) -> Voiced | None:
        """Return the sound, None when there is no voice for this or nothing in it sounds; or raise `DeviceError`."""
        voice = VOICES.get(language)
        if voice is None:
            return None
        said, unknown = pinyin.spelled(text, self._table) if language == CHINESE else (_plain(text), "")
        if not any(sign.isalnum() for sign in said):
            return None
        return Voiced(self._run(voice, said), said if said.isascii() else "", self.name, (unknown,) if unknown else ())

    def _run(self, voice: str, said: str) -> Pcm:
        command = [self._program, "-b", "1", "-v", voice, *self._manner, "--stdin", "--stdout"]
        try:
            made = subprocess.run(  # noqa: S603 the text goes through standard input, never into the command
                command, input=said.encode(), capture_output=True, timeout=MAKE_LIMIT_S, check=False
            )
        except FileNotFoundError as error:
            raise DeviceError(Fault.NO_SERVICE, self._device, f"{self._program} is not installed") from error
        except subprocess.TimeoutExpired as error:
            raise DeviceError(Fault.SILENT, self._device, f"{self._program} did not finish in time") from error
        sound = pcm.of_wav(made.stdout) if made.returncode == 0 else None
        if sound is None:
            told = f"{self._program} gave no sound (status {made.returncode})"
            raise DeviceError(Fault.GARBLED, self._device, told)
        return sound


def _plain(text: str) -> str:
    """One line; control characters could be commands to the synthesiser."""
    return "".join(sign if sign.isprintable() else " " for sign in text[:MAX_SPOKEN_CHARS]).strip()
