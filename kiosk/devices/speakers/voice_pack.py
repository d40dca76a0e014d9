"""Speech by recorded clips, joined (`clips.py`); a text that the clips cannot say falls whole to espeak-ng.

`folder` holds `voice.toml`, or a folder with one for each language. Built and checked by `python -m deploy.voice_pack`.
"""

from dataclasses import dataclass
from pathlib import Path

from hall.errors import HallError
from kiosk.devices.speakers import clips
from kiosk.devices.speakers.clips import ClipVoice
from kiosk.devices.speakers.espeak_voice import EspeakVoice
from kiosk.devices.speakers.speaking import SpeakingDriver, driver
from kiosk.devices.speakers.voices import Voice
from kiosk.ports import DeviceError, Fault, Reading, Unread
from kiosk.speech import Speaker

MAX_LANGUAGES = 10


@dataclass(frozen=True, slots=True)
class Options:
    """How to speak and where it is heard."""

    folder: str
    """The voice pack: a folder with `voice.toml`, or with one such folder for each language."""
    outlet: str = "alsa"
    """`alsa`, `alsa:CARD` or `tcp:HOST:PORT`."""
    zones: str = ""
    """Areas with an outlet of their own, instead of `outlet`: `Q3,Q5=tcp:HOST:PORT Q4=alsa:CARD`."""
    headphones: str = ""
    """The jack's input device, such as /dev/input/by-path/…; empty when there is none."""
    headphone_outlet: str = ""
    """Where the headphones are heard, `alsa:CARD`."""
    words_per_minute: int = 130
    """Of espeak-ng, for what the clips cannot say."""
    pitch: int = 45
    """Of espeak-ng, 0 to 99."""
    volume: int = 100
    """0 to 200; 50 is half as loud. The hall pack's volume by time of day is applied on top."""
    program: str = "espeak-ng"
    """Empty: what the clips cannot say is shown on the screens only."""


class VoicePackSpeaker(SpeakingDriver):
    """A speaker with recorded voices, and espeak-ng behind them."""


def connect(options: Options, name: str) -> Speaker:
    """Return the speaker, or raise `DeviceError(OPTION)` naming what is wrong with the pack."""
    try:
        packs = _packs(Path(options.folder))
    except HallError as error:
        raise DeviceError(Fault.OPTION, name, f"voice pack: {error}") from error
    fallback = EspeakVoice(name, options.program, options.words_per_minute, options.pitch)
    voices: list[Voice] = [*packs]
    if options.program and fallback.installed():
        voices.append(fallback)

    def readings() -> dict[str, Reading]:
        installed = "up" if fallback.installed() else Unread.UNKNOWN
        return {
            "voice_pack": ",".join(f"{pack.told.language}:{pack.name}" for pack in packs),
            "clips": sum(len(pack.clips) for pack in packs),
            "fallback": installed if options.program else Unread.ABSENT,
        }

    return driver(
        VoicePackSpeaker,
        voices,
        name,
        outlet_option=options.outlet,
        zones_option=options.zones,
        headphones=options.headphones,
        headphone_outlet=options.headphone_outlet,
        volume=options.volume,
        readings=readings,
    )


def _packs(folder: Path) -> list[ClipVoice]:
    """One voice, or one for each language, by language."""
    if (folder / clips.FILE).exists() or not folder.is_dir():
        return [clips.read(folder)]
    found = sorted(path.parent for path in folder.glob(f"*/{clips.FILE}"))
    if not 0 < len(found) <= MAX_LANGUAGES:
        return [clips.read(folder)]  # names the file that is missing
    return [clips.read(each) for each in found]
