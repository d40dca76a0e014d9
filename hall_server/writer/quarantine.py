"""Somebody sees to a quarantine entry: looked at, or understood now and entered into the ledger with a flag.

A server that has been upgraded may know an event that was poison before. It is entered under its own id and sequence,
later than it happened, and says so. What was shut out by a clash of identity is let in by being looked at, and a new
key of a terminal is believed.
"""

from typing import cast

import msgspec

from hall.commands import AnyReply, Done
from hall.day import bounding
from hall.day.deciding import refused
from hall.errors import HallError, Reason
from hall.events import Event
from hall.ids import EventId, TerminalId
from hall_server.ledger.entries import Act, Settled
from hall_server.ledger.rows import QuarantineRow
from hall_server.ledger.store import CLASH, SLIP_KEY_CHANGED
from hall_server.writer import slip_keys
from hall_server.writer.entering import Entering
from hall_server.writer.jobs import Parcel, SettleJob

RELEASED = "released"
"""Flag of an event that lay in quarantine first."""
MAX_EVENT_BYTES = 32 * 1024
"""As at the border of the wire (`mqtt.parcels`): what is larger was no event."""


def settle(turn: Entering, job: SettleJob) -> AnyReply:
    """Do what the job says, in this turn's batch; a refusal names why."""
    row = turn.ledger.in_quarantine(job.entry)
    if row is None or row.released_at is not None or job.entry in {one.quarantine_id for one in turn.batch.settled}:
        return refused(Reason.ILLEGAL_MOVE, "this entry was seen to already").reply
    ledger_seq: int | None = None
    if job.act is Act.ADOPTED:
        if id(job) in turn.broken:
            return refused(Reason.INTERNAL, "the event still cannot be applied").reply
        event = _understood(row)
        if event is None:
            return refused(Reason.MALFORMED, "the entry is still no event that this server knows").reply
        terminal = TerminalId(row.device)
        parcel = Parcel(row.epoch, row.seq, EventId(row.event_id), row.at, bytes(row.raw), event)
        turn.enter(terminal, parcel, event, id(job), (RELEASED,))
        ledger_seq = turn.standing.ledger_seq
    elif row.reason == CLASH:
        turn.let_in(TerminalId(row.device))
    elif row.reason == SLIP_KEY_CHANGED:
        slip_keys.trust(turn, TerminalId(row.terminal), bytes(row.raw), job.staff)
    turn.batch.settled.append(Settled(job.entry, turn.now, job.act, job.staff, job.reason, ledger_seq))
    return Done()


def _understood(row: QuarantineRow) -> Event | None:
    """Return the event of an entry. What has no place in a sequence, or clashes with one that has, is none."""
    if row.seq == 0 or row.reason == CLASH or len(row.raw) > MAX_EVENT_BYTES:
        return None
    try:
        event = cast("Event", msgspec.json.decode(row.raw, type=Event))
        bounding.check(event)
    except (HallError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return event
