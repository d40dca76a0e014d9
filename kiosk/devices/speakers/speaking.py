"""What every speaker driver does with its voices: makes the sound, sets its loudness, finds the outlet, plays once."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import TypeVar

from hall.speech.spoken import MAX_SPOKEN_CHARS
from kiosk.devices.closing import Lifetime
from kiosk.devices.speakers import pcm
from kiosk.devices.speakers.headphones import Jack
from kiosk.devices.speakers.outlets import Outlet, Told, outlet, private_outlet
from kiosk.devices.speakers.voices import Voice, Voiced
from kiosk.devices.speakers.wav import Sound
from kiosk.devices.speakers.zones import outlets_of
from kiosk.ports import DeviceError, DeviceState, Fault, Reading, Unread
from kiosk.speech import EVERYWHERE, PLAINLY, Manner, Unsaid

MAX_MADE = 4
"""Sounds kept for the second time; a minute of speech is 2.6 MB."""
MAX_LACKING = 20
"""Missing clips and words named in a reading."""


class SpeakingDriver:
    """Meets `kiosk.speech.Speaker`; `voices` are tried in order, the first that can say a text says all of it."""

    def __init__(
        self,
        voices: Sequence[Voice],
        zones: Mapping[str, Outlet],
        *,
        jack: Jack,
        headphones: Outlet | None,
        volume: int = pcm.FULL,
        readings: Callable[[], dict[str, Reading]] = dict,
        check: Callable[[], None] = lambda: None,
        name: str = "speaker",
    ) -> None:
        self._life = Lifetime(name)
        self._voices = tuple(voices)
        self._zones = dict(zones)
        self._jack = jack
        self._headphones = headphones
        self._volume = volume
        self._own_readings = readings
        self._check = check
        self._made: dict[tuple[str, str, int], tuple[Sound, Voiced]] = {}
        self._lacking: dict[str, None] = {}
        self._last_volume: Reading = Unread.UNKNOWN

    def state(self) -> DeviceState:
        """Tell whether speech can be made and heard in every zone, and what the voices lack."""
        if self._life.over:
            return self._life.last_state()
        readings = {**self._own_readings(), "volume": self._last_volume, "jack": self._jack.reading()}
        if self._lacking:
            readings["lacking"] = "、".join(self._lacking)
        failed: DeviceError | None = None
        deaf = 0
        try:
            self._check()
        except DeviceError as error:
            return DeviceState(error.reason, may_serve=False, detail=error.sentence, readings=readings)
        for zone, where in self._zones.items():
            try:
                where.check()
                readings[f"outlet.{zone}"] = "up"
            except DeviceError as error:
                readings[f"outlet.{zone}"] = error.reason.value
                failed, deaf = error, deaf + 1
        if failed is None:
            return DeviceState(readings=readings)
        return DeviceState(failed.reason, may_serve=deaf < len(self._zones), detail=failed.sentence, readings=readings)

    def learn(self, table: Mapping[str, str]) -> None:
        """Take the hall pack's words with their pinyin."""
        self._made.clear()
        self._lacking.clear()
        for voice in self._voices:
            voice.learn(table)

    def say(self, text: str, manner: Manner = PLAINLY) -> Unsaid | None:
        """Speak to the end; None when it was played, else why not."""
        self._life.check()
        if manner.private:
            manner = replace(manner, wanted=partial(self._still_alone, manner.wanted))
            if not self._jack.plugged():
                return Unsaid.NOT_PRIVATE
        heard_by = self._heard_by(manner)
        if not heard_by:
            return Unsaid.NO_ZONE
        made = self._sound(text, manner)
        if made is None:
            return Unsaid.NO_VOICE
        sound, voiced = made
        zone = "headphones" if manner.private else manner.zone
        told = Told(text, voiced.pinyin, manner.language, zone, manner.volume, manner.private)
        self._last_volume = manner.volume
        return None if _play(heard_by, sound, told, manner) else Unsaid.CUT

    def close(self) -> None:
        """Let go of the jack, for good; nothing else is held between two announcements."""
        self._life.end()
        self._jack.close()

    def _still_alone(self, wanted: Callable[[], bool]) -> bool:
        """A plug that is pulled in the middle would let the room hear the rest."""
        return wanted() and not self._life.over and self._jack.plugged()

    def _heard_by(self, manner: Manner) -> list[Outlet]:
        if manner.private:
            return [] if self._headphones is None else [self._headphones]
        if manner.zone == EVERYWHERE:
            return list(self._zones.values())
        return [self._zones[manner.zone]] if manner.zone in self._zones else []

    def _sound(self, text: str, manner: Manner) -> tuple[Sound, Voiced] | None:
        key = (text, manner.language, manner.volume)
        if not manner.private and key in self._made:
            return self._made[key]
        voiced = self._voiced(text[:MAX_SPOKEN_CHARS], manner.language, private=manner.private)
        if voiced is None:
            return None
        made = (pcm.to_wav(pcm.louder(voiced.pcm, manner.volume * self._volume / pcm.FULL)), voiced)
        if not manner.private:
            self._made[key] = made
            while len(self._made) > MAX_MADE:
                del self._made[next(iter(self._made))]
        return made

    def _voiced(self, text: str, language: str, *, private: bool) -> Voiced | None:
        """Whole sentences from one voice, never half and half; what a voice lacks is noted, unless it is private."""
        for voice in self._voices:
            voiced = voice.make(text, language)
            if voiced is None:
                continue
            if not private:
                self._note(voiced.lacking)
            if voiced.pcm.samples:
                return voiced
        return None

    def _note(self, lacking: tuple[str, ...]) -> None:
        for part in lacking:
            if len(self._lacking) < MAX_LACKING:
                self._lacking[part] = None


def _play(heard_by: list[Outlet], sound: Sound, told: Told, manner: Manner) -> bool:
    """Play it on all of them at once; False when it was cut. One zone that is away does not silence the others.

    The fault of a zone is raised only when nobody heard anything; else `state` tells of it.
    """
    if len(heard_by) == 1:
        return heard_by[0].play(sound, told, manner)
    with ThreadPoolExecutor(len(heard_by), thread_name_prefix="zone") as pool:
        played = [pool.submit(each.play, sound, told, manner) for each in heard_by]
    failed = [error for each in played if (error := each.exception()) is not None]
    if len(failed) == len(played):
        raise failed[0]
    return all(each.result() for each in played if each.exception() is None)


D = TypeVar("D", bound=SpeakingDriver)


def driver(
    kind: type[D],
    voices: Sequence[Voice],
    name: str,
    *,
    outlet_option: str,
    zones_option: str,
    headphones: str,
    headphone_outlet: str,
    volume: int,
    readings: Callable[[], dict[str, Reading]] = dict,
    check: Callable[[], None] = lambda: None,
) -> D:
    """Return the driver of these options, or raise `DeviceError(OPTION)`."""
    if not 0 <= volume <= pcm.MOST_PERCENT:
        raise DeviceError(Fault.OPTION, name, f"volume must be 0 to {pcm.MOST_PERCENT}")
    if bool(headphones) != bool(headphone_outlet):
        raise DeviceError(Fault.OPTION, name, "headphones and headphone_outlet are told together or not at all")
    zones = {zone: outlet(told, name) for zone, told in outlets_of(outlet_option, zones_option, name).items()}
    if headphone_outlet in outlets_of(outlet_option, zones_option, name).values():
        raise DeviceError(Fault.OPTION, name, "headphone_outlet must not be an outlet that the hall hears")
    private = private_outlet(headphone_outlet, name) if headphone_outlet else None
    return kind(
        voices,
        zones,
        jack=Jack(headphones),
        headphones=private,
        volume=volume,
        readings=readings,
        check=check,
        name=name,
    )
