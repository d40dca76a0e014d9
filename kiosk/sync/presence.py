"""Is the hall server there? Only its beat tells; a broker that answers proves nothing."""

from typing import Final

AWAY_AFTER_S: Final = 5.0
"""The server beats every second; this long without one means it is away (design 4)."""


class Presence:
    """Pure. Away until the first beat; `tick` and `beat` tell a change exactly once."""

    def __init__(self, now: float) -> None:
        self._heard_at = now
        self._told: bool | None = None
        self.away = True

    def beat(self, now: float) -> bool:
        """Take note of a beat; True when the server was away until now."""
        self._heard_at = now
        came_back, self.away, self._told = self.away, False, False
        return came_back

    def no_beat_s(self, now: float) -> float:
        """Return for how long no beat was heard, seconds; since the start when there was none."""
        return now - self._heard_at

    def tick(self, now: float) -> bool:
        """Return True once when the server has been silent too long."""
        if now - self._heard_at < AWAY_AFTER_S:
            return False
        self.away = True
        went, self._told = self._told is not True, True
        return went
