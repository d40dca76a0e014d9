"""Speech by espeak-ng 1.51 (Debian), a separate program; heard by an outlet (`outlets.py`) or one for each zone.

Robotic, but every syllable is right; 20 to 30 ms for a sentence. `voice_pack` speaks with recorded clips instead.
"""

from dataclasses import dataclass

from kiosk.devices.speakers.espeak_voice import EspeakVoice
from kiosk.devices.speakers.speaking import SpeakingDriver, driver
from kiosk.ports import DeviceError, Fault
from kiosk.speech import Speaker


@dataclass(frozen=True, slots=True)
class Options:
    """How to speak and where it is heard."""

    outlet: str = "alsa"
    """`alsa`, `alsa:CARD` or `tcp:HOST:PORT`."""
    zones: str = ""
    """Areas with an outlet of their own, instead of `outlet`: `Q3,Q5=tcp:HOST:PORT Q4=alsa:CARD`."""
    headphones: str = ""
    """The jack's input device, such as /dev/input/by-path/…; empty when there is none."""
    headphone_outlet: str = ""
    """Where the headphones are heard, `alsa:CARD`."""
    words_per_minute: int = 130
    """espeak-ng's -s; slow enough for a hall with an echo."""
    pitch: int = 45
    """0 to 99."""
    volume: int = 100
    """0 to 200; 50 is half as loud. The hall pack's volume by time of day is applied on top."""
    program: str = "espeak-ng"


class EspeakSpeaker(SpeakingDriver):
    """A speaker whose only voice is espeak-ng."""


def connect(options: Options, name: str) -> Speaker:
    """Return the speaker, or raise `DeviceError` for an impossible option."""
    voice = EspeakVoice(name, options.program, options.words_per_minute, options.pitch)

    def check() -> None:
        if not voice.installed():
            raise DeviceError(Fault.NO_SERVICE, name, f"{options.program} is not installed")

    return driver(
        EspeakSpeaker,
        [voice],
        name,
        outlet_option=options.outlet,
        zones_option=options.zones,
        headphones=options.headphones,
        headphone_outlet=options.headphone_outlet,
        volume=options.volume,
        readings=lambda: {"voice_pack": "espeak"},
        check=check,
    )
