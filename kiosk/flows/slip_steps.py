"""The self-service steps around a slip held under the scanner. Nothing of them is personal."""

from dataclasses import dataclass

from hall.desk_facts import TicketShown
from hall.errors import Reason
from hall.ids import TicketId, TicketLabel
from kiosk.flows.kinds import Step


@dataclass(frozen=True, slots=True)
class LookingUpSlip(Step):
    """The hall is asked where this number stands."""

    ticket: TicketId
    label: TicketLabel


@dataclass(frozen=True, slots=True)
class TellingSlip(Step):
    """Large and calm: back in line, waiting, called, over, and what to do now."""

    shown: TicketShown


@dataclass(frozen=True, slots=True)
class StrangeCode(Step):
    """No slip of ours (`reason` None), or one that the hall could not tell about."""

    reason: Reason | None = None
