"""Speech by espeak-ng 1.51 (Debian), voice `cmn-latn-pinyin`, as a separate program; heard by an outlet (`outlets.py`).

Robotic, but every syllable is right; 20 to 30 ms for a sentence. Voice packs with recorded clips come beside it.
"""

import subprocess
from dataclasses import dataclass
from shutil import which

from kiosk.devices.speakers import pinyin, wav
from kiosk.devices.speakers.outlets import Outlet, outlet
from kiosk.devices.speakers.wav import Sound
from kiosk.ports import DeviceError, DeviceState, Fault, Speaker

MAKE_LIMIT_S = 10.0
"""A sentence takes 30 ms; a program that needs this long hangs."""
VOICE = "cmn-latn-pinyin"


@dataclass(frozen=True, slots=True)
class Options:
    """How to speak and where it is heard."""

    outlet: str = "alsa"
    """`alsa` or `tcp:host:port`."""
    words_per_minute: int = 130
    """espeak-ng's -s; slow enough for a hall with an echo."""
    pitch: int = 45
    """0 to 99."""
    volume: int = 100
    """0 to 200."""
    program: str = "espeak-ng"


class EspeakSpeaker:
    """Meets `kiosk.ports.Speaker`."""

    def __init__(self, options: Options, name: str, heard_by: Outlet) -> None:
        self._options = options
        self._name = name
        self._outlet = heard_by

    def state(self) -> DeviceState:
        """Tell whether the synthesiser is installed and the outlet is there."""
        if which(self._options.program) is None:
            return DeviceState(Fault.NO_SERVICE, may_serve=False, detail=f"{self._options.program} is not installed")
        try:
            self._outlet.check()
        except DeviceError as error:
            return DeviceState(error.reason, may_serve=False, detail=error.sentence)
        return DeviceState(readings={"outlet": self._options.outlet})

    def say(self, text: str) -> bool:
        """Speak to the end; False when there is nothing to be spoken in `text`."""
        said = pinyin.spoken(text)
        if not said:
            return False
        sound = self._make(said)
        self._outlet.play(sound.wav, sound.seconds, text, said)
        return True

    def close(self) -> None:
        """Nothing is held between two announcements."""

    def _make(self, said: str) -> Sound:
        options = self._options
        command = [options.program, "-v", VOICE, "-s", str(options.words_per_minute), "-p", str(options.pitch)]
        command += ["-a", str(options.volume), "--stdin", "--stdout"]
        try:
            made = subprocess.run(  # noqa: S603 the text goes through standard input, never into the command
                command, input=said.encode("ascii"), capture_output=True, timeout=MAKE_LIMIT_S, check=False
            )
        except FileNotFoundError as error:
            raise DeviceError(Fault.NO_SERVICE, self._name, f"{options.program} is not installed") from error
        except subprocess.TimeoutExpired as error:
            raise DeviceError(Fault.SILENT, self._name, f"{options.program} did not finish in time") from error
        sound = wav.settle(made.stdout) if made.returncode == 0 else None
        if sound is None:
            raise DeviceError(Fault.GARBLED, self._name, f"{options.program} gave no sound (status {made.returncode})")
        return sound


def connect(options: Options, name: str) -> Speaker:
    """Return the speaker, or raise `DeviceError` for an impossible option."""
    if not 80 <= options.words_per_minute <= 450:  # noqa: PLR2004 espeak-ng's own range
        raise DeviceError(Fault.OPTION, name, "words_per_minute must be 80 to 450")
    if not 0 <= options.pitch <= 99 or not 0 <= options.volume <= 200:  # noqa: PLR2004 espeak-ng's own ranges
        raise DeviceError(Fault.OPTION, name, "pitch must be 0 to 99 and volume 0 to 200")
    speaker = EspeakSpeaker(options, name, outlet(options.outlet, name))
    pinyin.spoken("请")  # the dictionary is loaded now, in the worker's thread, not while the first call waits
    return speaker
