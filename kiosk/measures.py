"""The last durations by name, in milliseconds, for the debug socket and the benches."""

import threading
from collections.abc import Callable

from kiosk.flows.words import CardSeen, Happened

MEASURED_KEPT = 2_000


class Measured:
    """Keeps measures; any thread."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._kept: dict[str, list[float]] = {}
        self._card_seen: float | None = None

    def __call__(self, name: str, value: float) -> None:
        """Keep one measure; a statement's first byte is measured from the card that began it."""
        with self._lock:
            if name == "statement_first_byte_mono":
                if self._card_seen is None or not value:
                    return
                name, value, self._card_seen = "card_to_first_byte", (value - self._card_seen) * 1000.0, None
            self._kept.setdefault(name, []).append(round(value, 3))
            del self._kept[name][:-MEASURED_KEPT]

    def heard(self, happened: Happened) -> None:
        """Note when a card was seen."""
        if isinstance(happened, CardSeen):
            with self._lock:
                self._card_seen = happened.mono or self._monotonic()

    def all(self) -> dict[str, list[float]]:
        """Return a copy."""
        with self._lock:
            return {name: list(values) for name, values in self._kept.items()}
