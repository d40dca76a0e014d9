"""The screen as the rest of the program knows it: a loop on the main thread, and what tests may ask of it."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kivy.clock import Clock

from kiosk.ui.app import KioskApp


class OnScreen(KioskApp):
    """A `KioskApp` that also runs what other threads want done on the main thread."""

    def on_main(self, work: Callable[[], None]) -> None:
        """Run `work` on the main thread soon; from any thread."""
        Clock.schedule_once(lambda _elapsed: work(), 0)

    def seen(self) -> list[dict[str, Any]]:
        """Widgets with name, text, box in display pixels from the top left, enabled."""
        return [asdict(widget) for widget in self.widgets()]

    def screenshot(self, path: Path | str) -> None:
        """Write the picture; refused outside a folder that exists."""
        picture = Path(path)
        if not picture.parent.is_dir():
            raise ValueError(f"no folder {picture.parent.name} for {picture.name}")
        super().screenshot(picture)
