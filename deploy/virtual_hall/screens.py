"""A terminal as a person meets it: what its screen shows, and touches at the places where the widgets are.

What is shown is asked through the terminal's debug socket; touches go through the X server, as a finger's would.
"""

import contextlib
import json
import os
import socket
import subprocess
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.virtual_hall.waiting import wait_for

ASK_S = 10.0
"""A terminal answers within a frame; on a busy machine within seconds."""
TOUCH_S = 5.0
TAP = ("sleep", "0.02", "mousedown", "1", "sleep", "0.03", "mouseup", "1")
"""A finger is on its place before it presses, and stays for a frame or two."""
BETWEEN_DIGITS_S = 0.06
SAME_PLACE_S, SAME_PLACE_PX = 0.4, 120
"""A second touch as near and as soon as this would be a double tap (300 ms, 15 mm in `kiosk/ui/app.py`)."""
SHOWS_S = 8.0
"""How long a screen may take to show what is expected, when a step names no shorter limit."""
MAX_ANSWER_BYTES = 1_000_000


def readable(text: str) -> str:
    """Return what eyes see of a text: without marks that only tell where a line may break."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


@dataclass(frozen=True, slots=True)
class Widget:
    """A widget as the screen shows it; the box is in display pixels."""

    name: str
    text: str
    box: tuple[float, float, float, float]
    enabled: bool

    @property
    def centre(self) -> tuple[int, int]:
        """Where a finger goes."""
        left, top, width, height = self.box
        return round(left + width / 2), round(top + height / 2)


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at a screen."""

    told: dict[str, Any]
    widgets: tuple[Widget, ...]

    @property
    def step(self) -> str:
        """Name of the step that is shown."""
        return str(self.told.get("step", ""))

    @property
    def label(self) -> str:
        """Ticket number on the screen, empty without one."""
        return str(self.told.get("label", ""))

    @property
    def paper(self) -> str:
        """How the paper of this step is doing."""
        return str(self.told.get("paper", ""))

    @property
    def text(self) -> str:
        """Every text on the screen."""
        return "\n".join(widget.text for widget in self.widgets)

    def widget(self, name: str) -> Widget | None:
        """Return the widget of this name if it is there and can be touched."""
        return next((widget for widget in self.widgets if widget.name == name and widget.enabled), None)


@dataclass(slots=True)
class Screen:
    """One terminal of the virtual hall."""

    name: str
    debug_socket: Path
    display: str
    alive: Callable[[], None]
    texts: set[str] = field(default_factory=set)
    """Every text that was ever seen on this screen."""
    touches: int = 0
    _last: tuple[float, int, int] = (float("-inf"), 0, 0)

    def ask(self, **request: object) -> dict[str, Any]:
        """Ask the terminal; raise `OSError` while it is not there yet, `ValueError` for an error it tells."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as line:
            line.settimeout(ASK_S)
            line.connect(str(self.debug_socket))
            line.sendall(json.dumps(request).encode() + b"\n")
            with line.makefile("rb") as answers:
                answer = json.loads(answers.readline(MAX_ANSWER_BYTES) or b"{}")
        if not isinstance(answer, dict) or "error" in answer:
            raise ValueError(f"{self.name}: {answer}")
        return answer

    def look(self) -> Seen:
        """Look at the screen once."""
        told = self.ask(op="state")
        widgets = tuple(
            Widget(each["name"], readable(each.get("text", "")), tuple(each["box"]), bool(each.get("enabled", True)))
            for each in told.get("widgets", [])
        )
        self.texts.update(widget.text for widget in widgets if widget.text)
        return Seen(told, widgets)

    def ready(self) -> bool:
        """Tell whether the terminal answers and has met its hall."""
        try:
            return self.look().step not in {"", "NotReady"}
        except OSError:
            return False

    def shows(
        self, step: str, limit_s: float = SHOWS_S, *, where: Callable[[Seen], bool] = lambda _seen: True, what: str = ""
    ) -> Seen:
        """Wait until the screen shows this step (and what `where` asks for)."""
        last: list[Seen] = []

        def found() -> Seen | None:
            last[:] = [self.look()]
            return last[0] if last[0].step == step and where(last[0]) else None

        def told() -> str:
            return str({key: value for key, value in last[0].told.items() if key != "widgets"}) if last else ""

        return wait_for(f"{self.name} shows {step} {what}".strip(), found, limit_s, alive=self.alive, seen=told)

    def touch(self, name: str, limit_s: float = SHOWS_S) -> None:
        """Touch a widget at its centre, once it is there and stands still."""
        last: list[Widget | None] = [None]

        def still() -> Widget | None:
            before, last[0] = last[0], self.look().widget(name)
            return last[0] if last[0] is not None and before == last[0] else None

        def there() -> str:
            return " ".join(sorted(widget.name for widget in self.look().widgets if widget.enabled and widget.name))

        widget = wait_for(f"{self.name} offers {name}", still, limit_s, alive=self.alive, seen=there)
        x, y = widget.centre
        self._let_the_hand_rise(x, y)
        self._pointer("mousemove", str(x), str(y), *TAP)
        self._last = (time.monotonic(), x, y)
        self.touches += 1

    def press(self, name: str) -> None:
        """Put the finger on a widget and leave it there."""
        x, y = self._place(name)
        self._pointer("mousemove", str(x), str(y), "mousedown", "1")

    def release(self) -> None:
        """Take the finger away."""
        self._pointer("mouseup", "1")

    def type_digits(self, digits: str) -> None:
        """Touch keys of the number pad, one after the other, as fast as a practised hand."""
        words: list[str] = []
        for digit in digits:
            x, y = self._place(f"digit:{digit}")
            words += ["mousemove", str(x), str(y), *TAP, "sleep", str(BETWEEN_DIGITS_S)]
        self._pointer(*words)
        self.touches += len(digits)

    def picture(self, path: Path) -> None:
        """Write what the screen shows as PNG."""
        self.ask(op="screenshot", path=str(path))

    def _let_the_hand_rise(self, x: int, y: int) -> None:
        """Screens take a second touch at the same place for a double tap of an unsteady hand, and ignore it."""
        touched, last_x, last_y = self._last
        rest = touched + SAME_PLACE_S - time.monotonic()
        if rest > 0 and max(abs(x - last_x), abs(y - last_y)) < SAME_PLACE_PX:
            time.sleep(rest)

    def _place(self, name: str) -> tuple[int, int]:
        widget = wait_for(f"{self.name} offers {name}", lambda: self.look().widget(name), SHOWS_S, alive=self.alive)
        return widget.centre

    def _pointer(self, *words: str) -> None:
        subprocess.run(
            ["xdotool", *words],
            env={**os.environ, "DISPLAY": self.display},
            check=True,
            capture_output=True,
            timeout=TOUCH_S,
        )
