"""Names of places: this desk, this window, that terminal."""

from hall.ids import TerminalId, WindowId
from kiosk.session import Frame
from kiosk.ui.widgets.painter import Painter


def window_title(frame: Frame, window: WindowId | None) -> str:
    """Return what a window is for, such as 养老待遇."""
    plans = frame.pack.windows if frame.pack else ()
    return next((plan.title for plan in plans if plan.window == window), "")


def place_name(p: Painter, frame: Frame) -> str:
    """Return 导引台 or 14号窗口 · 综合."""
    if frame.window is None:
        return p.say("place.desk")
    title = window_title(frame, frame.window)
    name = p.say("place.window", window=frame.window)
    return name + p.say("dot") + title if title and p.look.language == "zh" else name


def terminal_name(p: Painter, terminal: TerminalId) -> str:
    """Return 1号自助机 for K1, 7号窗口 for W7; other terminals keep their id."""
    kind, number = terminal[:1], terminal[1:].lstrip("0")
    known = {
        "K": "place.kiosk",
        "W": "place.window_terminal",
        "D": "place.desk_number",
        "S": "place.display",
        "R": "place.rating",
    }
    if kind in known and number.isdecimal():
        return p.say(known[kind], number=number)
    return terminal
