"""A deliberately broken window panel: it gives every slip that is brought in an identity of its own.

The story of the cut-off kiosk must catch it; a story that lets it pass proves nothing about the real one.
"""

import sys
from dataclasses import replace

import msgspec

from hall.ids import TicketId
from kiosk import __main__
from kiosk.sync import adopting_alone, deciding_alone

rightly = adopting_alone.bring_in


def carelessly(*told: object) -> adopting_alone.BroughtIn:
    """Bring in another ticket than the slip's."""
    found = rightly(*told)  # type: ignore[arg-type]
    if found.event is None or found.joined is None:
        return found
    own = TicketId("f" * 32)
    issued = msgspec.structs.replace(found.event.issued, ticket=own)
    event = msgspec.structs.replace(found.event, issued=issued)
    return replace(found, event=event, joined=msgspec.structs.replace(found.joined, ticket=own))


if __name__ == "__main__":
    deciding_alone.bring_in = carelessly  # type: ignore[assignment, attr-defined]
    sys.exit(__main__.main())
