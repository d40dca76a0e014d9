"""Who of the bars on a line is there: asked in turn, absent ones seldom, and never all at once."""

from collections import deque
from collections.abc import Callable, Iterable

from kiosk.ports import Fault, Reading, Unread

ABSENT_ROUNDS = 4
"""An address that was silent is asked in every fourth round only, so that it does not hold up the others."""
ROUND_S = 1.0
"""A round ends after so long and goes on from there next time: a line of dead bars cannot hold up a call."""
UP, SILENT, REFUSED = "up", "silent", "refused"


class RollCall:
    """What each address told last: `up`, `silent`, `refused`, or unknown while it was not asked."""

    def __init__(self, addresses: Iterable[int], monotonic: Callable[[], float]) -> None:
        self._told: dict[int, Reading] = dict.fromkeys(addresses, Unread.UNKNOWN)
        self._turn = deque(self._told)
        self._missed: dict[int, int] = {}
        self._monotonic = monotonic

    def call(self, ask: Callable[[int], None]) -> None:
        """Ask those whose turn it is, until all were asked or the round's time is up."""
        until = self._monotonic() + ROUND_S
        for _ in range(len(self._turn)):
            address = self._turn[0]
            self._turn.rotate(-1)
            if self._is_due(address):
                ask(address)
            if self._monotonic() >= until:
                break

    def note(self, address: int, told: str) -> None:
        """Remember what came of asking."""
        if address not in self._told:
            self._turn.append(address)
        self._told[address] = told

    def is_silent(self, address: int) -> bool:
        """It did not answer last time."""
        return self._told.get(address) == SILENT

    def readings(self) -> dict[str, Reading]:
        """Address to what it told; `bars` is absent when none was named."""
        return {str(address): told for address, told in self._told.items()} or {"bars": Unread.ABSENT}

    def trouble(self) -> tuple[Fault, tuple[int, ...]] | None:
        """The fault and whose it is: silence first, for it needs somebody's hands."""
        for told, fault in ((SILENT, Fault.SILENT), (REFUSED, Fault.REFUSED)):
            found = tuple(address for address, last in self._told.items() if last == told)
            if found:
                return fault, found
        return None

    def may_serve(self) -> bool:
        """Some bar works, or may work for all that is known."""
        return not self._told or any(told in (UP, Unread.UNKNOWN) for told in self._told.values())

    def _is_due(self, address: int) -> bool:
        if not self.is_silent(address):
            return True
        missed = self._missed.get(address, 0) + 1
        self._missed[address] = missed % ABSENT_ROUNDS
        return missed == ABSENT_ROUNDS
