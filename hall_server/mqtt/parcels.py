"""Bytes from `…/up` to jobs for the writer. Nothing here raises: what does not fit becomes rubbish or poison."""

from typing import cast

import msgspec

from hall.day import bounding
from hall.errors import HallError, Reason
from hall.events import Event
from hall.ids import TerminalId
from hall.wire.codec import decode
from hall.wire.lanes import MAX_EVENTS_PER_MESSAGE, RawEnvelope, Up
from hall_server.writer.jobs import Parcel, Rubbish, UpJob

MAX_COUNTER = 2**53
"""Epochs and sequences beyond are no terminal's: they would not survive other JSON readers."""
MAX_ID_CHARS = 64
MAX_EVENT_BYTES = 32 * 1024
"""The largest event of a terminal has about 1 KB; a sealed grant about 300 bytes."""
SENTENCE_CHARS = 200


def unpack(terminal: TerminalId, payload: bytes) -> UpJob:
    """Return the events of one message of a terminal, and whatever could not be read of it."""
    try:
        up = decode(Up, payload, "up")
    except HallError as error:
        return rubbish(terminal, payload, error)
    parcels: list[Parcel] = []
    scraps: list[Rubbish] = []
    for raw in up.events[:MAX_EVENTS_PER_MESSAGE]:
        try:
            parcels.append(_parcel(terminal, bytes(raw)))
        except HallError as error:
            scraps.append(Rubbish(bytes(raw), error.reason, error.sentence[:SENTENCE_CHARS]))
    return UpJob(terminal, tuple(parcels), tuple(scraps))


def rubbish(terminal: TerminalId, payload: bytes, error: HallError) -> UpJob:
    """Return a job that keeps a whole message in quarantine."""
    return UpJob(terminal, rubbish=(Rubbish(payload, error.reason, error.sentence[:SENTENCE_CHARS]),))


def _parcel(terminal: TerminalId, raw: bytes) -> Parcel:
    envelope = decode(RawEnvelope, raw, "envelope")
    if envelope.device != terminal:
        raise HallError(Reason.NOT_ALLOWED, "envelope", "the device is not the terminal of the topic")
    if not (0 < envelope.epoch <= MAX_COUNTER and 0 < envelope.seq <= MAX_COUNTER):
        raise HallError(Reason.MALFORMED, "envelope", f"epoch and seq are 1 to {MAX_COUNTER}")
    if not 0 < len(envelope.event_id) <= MAX_ID_CHARS:
        raise HallError(Reason.MALFORMED, "envelope", f"an event id has 1 to {MAX_ID_CHARS} characters")
    body = bytes(envelope.event)
    event: Event | None = None
    reason, sentence = Reason.MALFORMED, ""
    try:
        event = _event(body, envelope.at)
    except HallError as error:
        reason, sentence = error.reason, error.sentence[:SENTENCE_CHARS]
    return Parcel(
        epoch=envelope.epoch,
        seq=envelope.seq,
        event_id=envelope.event_id,
        at=envelope.at,
        body=body,
        event=event,
        reason=reason,
        sentence=sentence,
    )


def _event(body: bytes, at: float) -> Event:
    if not bounding.is_time(at):
        raise HallError(Reason.MALFORMED, "envelope", "no date can be made of the time at which it was noted")
    if len(body) > MAX_EVENT_BYTES:
        raise HallError(Reason.TOO_LARGE, "event", f"{len(body)} bytes; at most {MAX_EVENT_BYTES} are allowed")
    try:
        event = cast("Event", msgspec.json.decode(body, type=Event))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise HallError(Reason.MALFORMED, "event", f"not an event: {error}") from error
    bounding.check(event)
    return event
