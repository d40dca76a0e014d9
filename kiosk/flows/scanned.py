"""What a code under the scanner is. Whoever holds it there may have made it: it is read strictly, or it is unknown.

`DY1/T/A012/0190…` is a slip of ours: form 1, a ticket, its label when it was printed, its id; `DY1/S/…` is one that a
cut-off terminal has signed (`hall.outage.signed_slips`), which names the same ticket. Only characters that a QR
code packs tightly and that a scanner types without the shift key; capitals or not means nothing, for a keyboard's
caps lock may be on.
"""

import re
from dataclasses import dataclass
from typing import Final

from hall.ids import TicketId, TicketLabel
from hall.outage import signed_slips

SLIP: Final = "DY1/T"
MAX_CODE: Final = 80
_OF_A_SLIP: Final = re.compile(r"DY1/T/([A-Z][0-9]{1,4}(?:-[A-Z0-9]{1,8})?)/([0-9A-F]{32})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SlipCode:
    """A slip of some hall's that runs this program; only the hall knows whether it is one of its own."""

    ticket: TicketId
    label: TicketLabel
    signed: bool = False
    """It carries a signature; whether that is believed is not yet asked."""


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """Anything else: a payment code, a parcel, a poster. What it says is not kept."""


def slip_code(ticket: TicketId, label: TicketLabel) -> str:
    """Return what stands in the QR code of a slip."""
    return f"{SLIP}/{label}/{ticket}".upper()


def read_code(text: str) -> SlipCode | UnknownCode:
    """Return what was scanned."""
    slip = signed_slips.read(text)
    if slip is not None:
        return SlipCode(slip.issued.ticket, slip.issued.label, signed=True)
    found = _OF_A_SLIP.fullmatch(text.strip().upper()) if len(text) <= MAX_CODE else None
    return SlipCode(TicketId(found[2].lower()), TicketLabel(found[1])) if found else UnknownCode()
