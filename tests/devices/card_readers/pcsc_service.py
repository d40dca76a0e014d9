"""A PC/SC service with memory, in process: readers come and go, cards are counted, handles are checked."""

from dataclasses import dataclass, field
from typing import Any

from smartcard import scard

from kiosk.devices.virtual.social_chip import SocialCard, SocialFace

OK = scard.SCARD_S_SUCCESS


@dataclass
class Bay:
    """One reader and what was put into it so far."""

    chip: SocialCard | None = None
    count: int = 0


@dataclass
class FakeService:
    """Answers as `smartcard.scard` does; a restart forgets every handle, as pcscd's does."""

    bays: dict[str, Bay] = field(default_factory=dict)
    running: bool = True
    contexts: set[int] = field(default_factory=set)
    cards: dict[int, tuple[str, SocialCard]] = field(default_factory=dict)
    handles: int = 0

    def plug(self, *names: str) -> None:
        for name in names:
            self.bays[name] = Bay()

    def unplug(self, name: str) -> None:
        del self.bays[name]

    def insert(self, name: str, face: SocialFace) -> None:
        bay = self.bays[name]
        bay.count += 1 if bay.chip is None else 2
        bay.chip = SocialCard(face)

    def pull(self, name: str) -> None:
        bay = self.bays[name]
        bay.chip, bay.count = None, bay.count + 1

    def restart(self) -> None:
        self.contexts.clear()
        self.cards.clear()

    def SCardEstablishContext(self, _scope: int) -> list[int]:  # noqa: N802 - the service's own names
        if not self.running:
            return [scard.SCARD_E_NO_SERVICE, 0]
        self.handles += 1
        self.contexts.add(self.handles)
        return [OK, self.handles]

    def SCardReleaseContext(self, context: int) -> list[int]:  # noqa: N802
        self.contexts.discard(context)
        return [OK]

    def SCardListReaders(self, context: int, _groups: list[str]) -> list[Any]:  # noqa: N802
        wrong = self._wrong(context)
        return [wrong, []] if wrong else [OK if self.bays else scard.SCARD_E_NO_READERS_AVAILABLE, list(self.bays)]

    def SCardGetStatusChange(self, context: int, _wait: int, asked: list[tuple[str, int]]) -> list[Any]:  # noqa: N802
        wrong = self._wrong(context)
        if wrong or any(name not in self.bays for name, _ in asked):
            return [wrong or scard.SCARD_E_UNKNOWN_READER, []]
        return [OK, [(name, self._state(self.bays[name]), []) for name, _ in asked]]

    def SCardConnect(self, context: int, name: str, mode: int, _protocols: int) -> list[Any]:  # noqa: N802
        assert mode == scard.SCARD_SHARE_EXCLUSIVE
        wrong = self._wrong(context)
        if wrong or name not in self.bays:
            return [wrong or scard.SCARD_E_UNKNOWN_READER, 0, 0]
        chip = self.bays[name].chip
        if chip is None:
            return [scard.SCARD_E_NO_SMARTCARD, 0, 0]
        chip.power(on=True)
        self.handles += 1
        self.cards[self.handles] = (name, chip)
        return [OK, self.handles, scard.SCARD_PROTOCOL_T0]

    def SCardTransmit(self, card: int, _protocol: int, command: list[int]) -> list[Any]:  # noqa: N802
        if card not in self.cards:
            return [scard.SCARD_E_INVALID_HANDLE, []]
        name, chip = self.cards[card]
        if name not in self.bays or self.bays[name].chip is not chip:
            return [scard.SCARD_W_REMOVED_CARD, []]
        return [OK, list(chip.answer(bytes(command)))]

    def SCardDisconnect(self, card: int, how: int) -> list[int]:  # noqa: N802
        assert how == scard.SCARD_UNPOWER_CARD
        _, chip = self.cards.pop(card, (None, None))
        if chip is not None:
            chip.power(on=False)
        return [OK]

    def _wrong(self, context: int) -> int:
        if not self.running:
            return int(scard.SCARD_E_NO_SERVICE)
        return 0 if context in self.contexts else int(scard.SCARD_E_INVALID_HANDLE)

    def _state(self, bay: Bay) -> int:
        here = scard.SCARD_STATE_EMPTY if bay.chip is None else scard.SCARD_STATE_PRESENT
        return int(here | scard.SCARD_STATE_CHANGED) | bay.count << 16
