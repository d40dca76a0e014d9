"""Joins keys to a screen: the navigation keypad moves the focus and presses, a scanner that types is heard whole."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial

from kiosk.flows.words import AskedForHelp, Ended, Touch, WentBack
from kiosk.settings import Keys
from kiosk.text.catalogue import Catalogue
from kiosk.ui.navigation import MAX_SPOKEN, REPEATABLE, Act, Navigation, NavKey, Spoken, key_map, stops
from kiosk.ui.theme import Look
from kiosk.ui.wedge import Wedge
from kiosk.ui.widgets.painter import Say
from kiosk.ui.widgets.picture import Picture, Show, Target

NOTHING = Picture("#FFFFFF", (), ())
ENDS = ("。", "，", "！", "？", "；", "：", ".", ",", "!", "?", ";", ":")
"""After these a voice pauses by itself."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Who hears of keys. `speak` gets a text and a loudness in percent: privately, or not at all."""

    keys: Keys = field(default_factory=Keys)
    speak: Callable[[str, str, int], None] = lambda _text, _language, _percent: None
    wedge: Wedge | None = None
    scanned: Callable[[str], None] = lambda _text: None


@dataclass(frozen=True, slots=True)
class Screen:
    """What keys do to a screen: exactly what a finger does."""

    down: Callable[[Target], None]
    up: Callable[[Target], None]
    awake: Callable[[], None]
    """Somebody is there."""


class Keying:
    """Main thread only."""

    def __init__(self, ears: Ears, screen: Screen, catalogue: Catalogue) -> None:
        self._ears = ears
        self._screen = screen
        self._catalogue = catalogue
        self._map = key_map(ears.keys)
        self._picture = NOTHING
        self._language = "zh"
        self._navigation = Navigation()
        self._held: dict[int, Target | None] = {}
        """Keys that are down, and what they hold down."""

    # ---- pictures ------------------------------------------------------------------------------------------------

    def showing(self, picture: Picture, look: Look, *, fresh: bool) -> Picture:
        """Return the picture with its ring, and say what is new on it. `fresh`: it is of another screen."""
        self._picture, self._language = picture, look.language
        self._speak(self._navigation.follow(picture, fresh=fresh))
        return self._navigation.ringed(picture, look.palette.ink, look.palette.paper)

    def hide(self) -> bool:
        """A finger touched; tell whether a ring is to go."""
        return self._navigation.hide()

    def reset(self) -> None:
        """Another person."""
        self._navigation.reset()
        self._held.clear()
        self._picture = NOTHING

    # ---- keys ----------------------------------------------------------------------------------------------------

    def down(self, code: int, modifiers: Collection[str], now_s: float) -> bool:
        """Take a key; tell whether the ring moved or went."""
        wedge = self._ears.wedge
        typed = wedge.key(code, modifiers, now_s) if wedge is not None else None
        if typed is not None:
            if typed:
                self._ears.scanned(typed)
            return False
        key = self._map.get(code)
        if key is None or (code in self._held and key not in REPEATABLE):
            return False
        self._held[code] = None
        self._screen.awake()
        act = self._wayout(key) or self._navigation.press(key, self._picture)
        self._speak(act.said)
        if act.press is not None:
            self._press(code, act.press)
        return True

    def up(self, code: int) -> None:
        """A key was let go: what it held down is let go with it."""
        target = self._held.pop(code, None)
        if target is not None:
            self._screen.up(target)

    def _press(self, code: int, target: Target) -> None:
        self._screen.down(target)
        if target.held is not None:
            self._held[code] = target
        else:
            self._screen.up(target)

    def _wayout(self, key: NavKey) -> Act | None:
        """Back and help have their places on the screen; the keys press what stands there."""
        wanted: tuple[type[Touch], ...]
        match key:
            case NavKey.BACK:
                wanted = (WentBack, Ended)
            case NavKey.HELP:
                wanted = (AskedForHelp,)
            case _:
                return None
        found = stops(self._picture)
        shut = next((each for each in found if each.tap == Show("menu", "")), None) if key is NavKey.BACK else None
        places = (next((each for each in found if isinstance(each.tap, kind)), None) for kind in wanted)
        return Act(press=shut or next((place for place in places if place is not None), None))

    # ---- voice ---------------------------------------------------------------------------------------------------

    def _speak(self, told: Spoken | None) -> None:
        if told is not None:
            text = sentence(told, partial(self._catalogue.say, self._language), self._language)
            if text:
                self._ears.speak(text, self._language, self._navigation.volume)


def sentence(told: Spoken, say: Say, language: str) -> str:
    """Return what is said, in the person's language."""
    if told.volume:
        return say("keys.volume", step=told.volume)
    stop = " ".join(part for part in (told.stop, say("keys.place", at=told.at, of=told.of)) if part) if told.of else ""
    pause = "。" if language == "zh" else ". "
    screen = "".join(text if text.endswith(ENDS) else text + pause for text in told.screen)[:MAX_SPOKEN]
    return " ".join(f"{screen} {stop}".split())
