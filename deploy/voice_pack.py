"""`python -m deploy.voice_pack`: make a voice pack for a hall, from recordings or, for a demo, from espeak-ng.

  demo OUT --pack HALL        speak every clip with espeak-ng
  cut  RECORDINGS OUT --pack HALL   one WAV for each text, named as the text (请.wav, A.wav, 窗口办理.wav)
  check FOLDER --pack HALL    tell what a voice pack lacks for this hall

Clips are brought to one rate and one loudness, quiet at both ends is cut, the ends are faded. Exit status 1 when
something is missing.
"""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import tomli_w

from hall.errors import HallError
from hall.ids import TicketLabel, WindowId
from hall.pack.hall_pack import HallPack
from hall.queue.numbering import label
from hall.speech.phrases import call_spoken
from hall_server import packs
from kiosk.devices.speakers import clips, pcm
from kiosk.devices.speakers.espeak_voice import EspeakVoice
from kiosk.devices.speakers.pcm import Pcm
from kiosk.ports import DeviceError

RATE = 22_050
PEAK = 0.7 * pcm.LOUDEST
"""About -3 dB: loud, with room for the hall's own volume."""
QUIET = 300
"""What is below is the room's noise, -41 dB."""
KEEP_MS, FADE_MS = 15, 5


def needed(pack: HallPack) -> tuple[str, ...]:
    """Return the words of all calls of a hall, as clips: letters, digits, windows, and what stands between them."""
    windows = [WindowId(str(window.number)) for window in pack.windows]
    said: dict[str, None] = {}
    for series in pack.series:
        for number in range(10):
            labels = [label(series.code, number * 111)]
            labels += [label(series.code, number + 1, str(terminal.id)) for terminal in pack.terminals]
            _add(said, labels, windows[:1])
    if pack.series:
        _add(said, [label(pack.series[0].code, 0)], windows)
    return tuple(said)


def missing(voice: clips.ClipVoice, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the voice has no clip for, in order and once."""
    found: dict[str, None] = {}
    for text in texts:
        for part in clips.split(text, voice.clips, voice.longest)[1]:
            found[part] = None
    return tuple(found)


def settled(clip: Pcm) -> Pcm:
    """Return a recording as a clip: one rate, one loudness, no quiet around it, no click at its ends."""
    cut = pcm.trimmed(pcm.at_rate(clip, RATE), QUIET, KEEP_MS)
    loudest = pcm.peak(cut)
    if not loudest:
        return cut
    even = Pcm(cut.rate, type(cut.samples)("h", (round(sample * PEAK / loudest) for sample in cut.samples)))
    return pcm.faded(even, FADE_MS)


def write(out: Path, name: str, language: str, made: Mapping[str, Pcm]) -> clips.ClipVoice:
    """Write the clips and `voice.toml`; return the pack as a speaker would read it."""
    out.mkdir(parents=True, exist_ok=True)
    files: dict[str, str] = {}
    for number, (text, clip) in enumerate(sorted(made.items()), 1):
        files[text] = f"{number:03}.wav"
        (out / files[text]).write_bytes(pcm.to_wav(clip).wav)
    told = {"name": name, "language": language, "rate": RATE, "gap_ms": 30, "pause_ms": 250, "digit_one": clips.ONE}
    (out / clips.FILE).write_text(tomli_w.dumps({**told, "clips": files}), encoding="utf-8")
    return clips.read(out)


def main(arguments: list[str]) -> int:
    """Run one verb; print what is missing."""
    args = _arguments(arguments)
    try:
        pack, _ = packs.read(args.pack)
        texts = needed(pack)
        if args.verb == "demo":
            voice = write(args.out, f"{pack.hall.id}-espeak", "zh", spoken(texts, pack))
        elif args.verb == "cut":
            voice = write(args.out, args.name or args.recordings.name, args.language, recorded(args.recordings))
        else:
            voice = clips.read(args.folder)
    except (HallError, DeviceError) as error:
        print(error, file=sys.stderr)
        return 1
    lacking = missing(voice, texts)
    print(f"{voice.name}: {len(voice.clips)} clips, {len(lacking)} missing" + ("" if not lacking else ":"))
    for part in lacking:
        print(f"  {part}")
    return 1 if lacking else 0


def spoken(texts: tuple[str, ...], pack: HallPack) -> dict[str, Pcm]:
    """Return every text as espeak-ng speaks it; raise `DeviceError` when it cannot."""
    voice = EspeakVoice("voice_pack", "espeak-ng", 130, 45)
    voice.learn({word.text: word.pinyin for word in pack.speech})
    made: dict[str, Pcm] = {}
    for text in texts:
        voiced = voice.make(text, "zh")
        if voiced is not None and voiced.pcm.samples:
            made[text] = settled(voiced.pcm)
    return made


def recorded(folder: Path) -> dict[str, Pcm]:
    """Return the recordings of a folder as clips; what is no WAV is told and left out."""
    made: dict[str, Pcm] = {}
    for path in sorted(folder.glob("*.wav")):
        clip = pcm.of_wav(path.read_bytes()) if path.stat().st_size <= clips.MAX_CLIP_BYTES else None
        cut = settled(clip) if clip is not None else None
        if cut is None or not cut.samples:
            print(f"{path.name}: left out; a recording is 16-bit mono PCM and not silent", file=sys.stderr)
        else:
            made[path.stem] = cut
    return made


def _add(said: dict[str, None], labels: list[TicketLabel], windows: list[WindowId]) -> None:
    for each in labels:
        for window in windows:
            for recalled in (False, True):
                said.update(dict.fromkeys(call_spoken(each, window, recalled=recalled).split()))


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.voice_pack", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    demo = verbs.add_parser("demo")
    demo.add_argument("out", type=Path)
    cut = verbs.add_parser("cut")
    cut.add_argument("recordings", type=Path)
    cut.add_argument("out", type=Path)
    cut.add_argument("--name", default="")
    cut.add_argument("--language", default="zh")
    check = verbs.add_parser("check")
    check.add_argument("folder", type=Path)
    for verb in (demo, cut, check):
        verb.add_argument("--pack", type=Path, required=True, help="folder of the hall pack")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
