"""A whole terminal without a screen, as `python -m kiosk` runs it, but for its card slot: there a file is the card.

`python terminal_with_slot.py --config kiosk.toml`; while `$CARD_IN_SLOT` exists, a sample card sits in the slot.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hall.ids import SessionId
from kiosk import __main__ as program
from kiosk import assembly
from kiosk.devices.card_readers.apdu import PinCoding
from kiosk.devices.card_readers.pcsc import Options, PcscReader
from kiosk.devices.virtual.social_chip import SocialFace
from kiosk.devices.workers import DeviceWorker, SocialCardWorker
from kiosk.flows.words import Happened
from tests.devices.card_readers.test_pcsc_rules import InProcessSlot

PIN = "864209"
LI_HE = SocialFace("李和", "000000198907220025", pin=PIN, baud=0)


class FileSlot(InProcessSlot):
    """The real driver's slot; a card is in it while the file is there."""

    def __init__(self, card: Path) -> None:
        super().__init__(LI_HE)
        self._card = card
        self.insert(None)

    def present(self) -> bool:
        if self._card.exists() != (self.chip is not None):
            self.insert(LI_HE if self._card.exists() else None)
        return super().present()


class TerminalWithSlot(assembly.Program):
    """Everything else is the real thing."""

    def _make_worker(self, kind: str, name: str, opener: Callable[..., Any]) -> DeviceWorker[Any]:
        if kind != "card_reader":
            return super()._make_worker(kind, name, opener)
        reader = PcscReader(FileSlot(Path(os.environ["CARD_IN_SLOT"])), Options(), PinCoding.BCD, name)
        return SocialCardWorker(name, lambda: reader, self._told, self._today)

    def _told(self, happened: Happened, session: SessionId | None) -> None:
        self._post(happened, session)


if __name__ == "__main__":
    assembly.Program = TerminalWithSlot  # type: ignore[misc]
    sys.exit(program.main())
