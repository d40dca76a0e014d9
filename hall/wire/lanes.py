"""What terminals and the hall server say to each other on their lanes: events up, marks, questions, answers, beats.

Unknown fields are ignored so that versions one apart understand each other; an unknown event kind is poison.
"""

from typing import Literal

import msgspec

from hall.commands import AnyCommand, AnyReply
from hall.events import Event
from hall.ids import (
    EventId,
    RequestId,
    TerminalId,
)
from hall.wire.shown import Order

MAX_EVENTS_PER_MESSAGE = 20


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """One event with its own id and its own time. `(device, epoch, seq)` is gapless from 1 within an epoch."""

    device: TerminalId
    epoch: int
    seq: int
    event_id: EventId
    at: float
    event: Event


class RawEnvelope(msgspec.Struct, frozen=True, kw_only=True):
    """An envelope whose event is still bytes, so that a poisonous body does not hide its sequence number."""

    device: TerminalId
    epoch: int
    seq: int
    event_id: EventId
    at: float
    event: msgspec.Raw


class Up(msgspec.Struct, frozen=True, kw_only=True):
    """`…/up`: a few events in order."""

    events: list[msgspec.Raw]


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """`…/mark`: what the ledger holds of this terminal, after its commit. Cumulative: losing one costs nothing."""

    ledger_epoch: int
    marks: dict[str, int]
    """Epoch (as text) to the highest sequence committed."""
    chain_head: str
    quarantined: bool = False


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """`…/ask`: decide this once, after my own events up to `(after_epoch, after_seq)`."""

    request: RequestId
    after_epoch: int
    after_seq: int
    wait_s: float
    """How long the terminal will wait; later the answer is of no use to it."""
    command: AnyCommand


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """`…/answer`."""

    request: RequestId
    ledger_epoch: int
    reply: AnyReply


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """`…/link`: hello (`ready`), or the last will (`lost`). A will is a hint, never evidence; `epoch` pairs it."""

    state: Literal["ready", "lost"]
    epoch: int
    role: str = ""
    software: str = ""
    slip_key: bytes = b""
    """Raw Ed25519 public key of a terminal that issues: its slips are signed while the server is away."""


class Beat(msgspec.Struct, frozen=True, kw_only=True):
    """`hall/<hall>/beat`, every second: the server is here. None for 5 s means the server is away."""

    ledger_epoch: int
    at: float
    board_version: int
    pack_version: str


class Orders(msgspec.Struct, frozen=True, kw_only=True):
    """`…/down`: the orders this terminal has not reported done, oldest first; sent on change and on hello.

    The terminal remembers the highest number it has taken in this ledger epoch, so that each is done once.
    """

    ledger_epoch: int
    orders: tuple[Order, ...]
