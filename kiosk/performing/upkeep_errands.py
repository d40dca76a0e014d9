"""What the guide asks of the hall about its upkeep: to keep a signature, to keep a record."""

from collections.abc import Callable
from typing import Protocol

from hall.commands import AnyCommand, AnyReply, Done, Refused
from hall.errors import Reason
from hall.ids import RequestId, SessionId
from hall.upkeep import MaintenanceNoted, RecordMaintenance, SignOpening
from kiosk.flows.upkeep_words import ChecklistSigned, MaintenanceTold, NoteMaintenance, SignChecklist
from kiosk.flows.words import Happened


class Line(Protocol):
    """What is asked of the sync room."""

    def ask(self, command: AnyCommand, wait_s: float, done: Callable[[AnyReply], None]) -> RequestId:
        """Ask the server."""


class UpkeepErrands:
    """Asks, and posts each answer for the session that asked."""

    def __init__(self, line: Line, post: Callable[[Happened, SessionId | None], None], wait_s: float) -> None:
        self._wait_s = wait_s
        self._line = line
        self._post = post

    def __call__(self, effect: SignChecklist | NoteMaintenance, session: SessionId) -> None:
        """Start one errand; never blocks."""
        command: SignOpening | RecordMaintenance
        match effect:
            case SignChecklist(day, lines, staff):
                command = SignOpening(day=day, lines=lines, staff=staff)
            case NoteMaintenance(device, work, finding, staff):
                command = RecordMaintenance(device=device, work=work.value, finding=finding.value, staff=staff)
        self._line.ask(command, self._wait_s, lambda reply: self._post(_told(effect, reply), session))


def _told(effect: SignChecklist | NoteMaintenance, reply: AnyReply) -> Happened:
    """Read the answer; what does not fit the question counts as a refusal."""
    reason = reply.reason if isinstance(reply, Refused) else Reason.INTERNAL
    match effect, reply:
        case SignChecklist(), Done():
            return ChecklistSigned()
        case NoteMaintenance(device), MaintenanceNoted():
            return MaintenanceTold(device, noted=reply)
        case NoteMaintenance(device), _:
            return MaintenanceTold(device, reason=reason)
    return ChecklistSigned(reason)
