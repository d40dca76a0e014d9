"""Opens the one window of a kiosk process, with everything of Kivy's that breaks a kiosk switched off."""

from typing import Any

from kivy.config import Config

from kiosk.settings import Surface

MAX_FPS = 60
"""Touch to frame stays under 20 ms; drawing happens only when something changed."""


def open_window(surface: Surface) -> Any:
    """Configure Kivy, open the window where the surface stands, and return it. Once per process."""
    width, height = pixels(surface)
    for section, name, value in (
        ("kivy", "exit_on_escape", 0),
        ("kivy", "pause_on_minimize", 0),
        ("graphics", "width", width),
        ("graphics", "height", height),
        ("graphics", "position", "custom"),
        ("graphics", "left", surface.left),
        ("graphics", "top", surface.top),
        ("graphics", "borderless", 1),
        ("graphics", "resizable", 0),
        ("graphics", "fullscreen", 0),
        ("graphics", "multisamples", 0),
        ("graphics", "maxfps", MAX_FPS),
        ("graphics", "show_cursor", int(surface.scale < 1)),
    ):
        Config.set(section, name, value)
    for name, _ in list(Config.items("input")):
        Config.remove_option("input", name)  # probesysfs would count every tap twice
    Config.set("input", "mouse", "mouse,disable_multitouch")
    from kivy.core.window import Window  # noqa: PLC0415 - importing it opens the window, so the configuration comes first

    if Window is None:
        message = "no window could be opened: is a display there?"
        raise RuntimeError(message)
    if tuple(Window.size) != (width, height):
        Window.size = (width, height)
    return Window


def pixels(surface: Surface) -> tuple[int, int]:
    """Return the window's size on the display."""
    return round(surface.width_px * surface.scale), round(surface.height_px * surface.scale)
