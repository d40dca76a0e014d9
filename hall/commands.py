"""Requests (imperative) and their answers. A terminal asks, the hall server decides once per request id."""

from enum import StrEnum

import msgspec

from hall.errors import Reason
from hall.events import Quote
from hall.ids import (
    AreaId,
    BusinessDay,
    ItemCode,
    Serial,
    Series,
    ServiceId,
    StaffId,
    TerminalId,
    TicketId,
    TicketLabel,
    WindowId,
)


class PriorityGround(StrEnum):
    """老弱病残孕 and what a hall may add (规范 8.1.5; 条例 Art. 17)."""

    ELDERLY = "elderly"
    FRAIL = "frail"
    ILL = "ill"
    DISABLED = "disabled"
    PREGNANT = "pregnant"
    MILITARY = "military"


class Evidence(StrEnum):
    """What the guide saw."""

    SIGHT = "sight"
    DOCUMENT = "document"
    CARD = "card"


class PriorityGrant(msgspec.Struct, frozen=True, kw_only=True):
    """Ground and evidence as the guide recorded them; travels sealed only."""

    ground: PriorityGround
    evidence: Evidence

    def __repr__(self) -> str:
        """Say nothing of the ground, wherever this is printed."""
        return "PriorityGrant(…)"


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """Base of all commands. The tag `kind` on the wire is the class name."""


class LeaseLabel(Command, frozen=True, kw_only=True):
    """取号: set a label aside for this ticket, now. With `sealed_grant` in the priority series."""

    ticket: TicketId
    item: ItemCode
    issuer: StaffId | None = None
    sealed_grant: bytes | None = None


class SignIn(Command, frozen=True, kw_only=True):
    """A member of staff signs in at this terminal. The PIN travels sealed to the hall server's key."""

    staff: StaffId
    sealed_pin: bytes
    window: WindowId | None = None


class SignOut(Command, frozen=True, kw_only=True):
    """Sign out."""

    staff: StaffId


class CallNext(Command, frozen=True, kw_only=True):
    """呼叫: call the next ticket to this window."""

    window: WindowId
    staff: StaffId


class Recall(Command, frozen=True, kw_only=True):
    """重呼."""

    window: WindowId
    staff: StaffId


class MarkMissed(Command, frozen=True, kw_only=True):
    """过号."""

    window: WindowId
    staff: StaffId


class ReturnMissed(Command, frozen=True, kw_only=True):
    """A missed person has come to the guide desk: put the ticket back, once, a few places behind the head."""

    label: TicketLabel
    staff: StaffId


class StartService(Command, frozen=True, kw_only=True):
    """The person is here."""

    window: WindowId
    staff: StaffId


class FinishService(Command, frozen=True, kw_only=True):
    """办结 of this visit at this window."""

    window: WindowId
    staff: StaffId


class AcknowledgeHelp(Command, frozen=True, kw_only=True):
    """The guide goes to a terminal that asked for help."""

    terminal: TerminalId
    staff: StaffId


class ReadStatement(Command, frozen=True, kw_only=True):
    """A read, never a change of the queue: one person's own statement, sealed to a key that lives for this session.

    `sealed_person` is `sealing.seal` of a JSON `Holder`.
    """

    form: str
    year: int
    sealed_person: bytes
    reply_key: bytes
    """Raw X25519 public key, 32 bytes, of this session."""


class Proof(StrEnum):
    """How the holder's identity was shown at the terminal (design 9)."""

    ID_CARD = "id_card"
    SOCIAL_CARD_PIN = "social_card_pin"
    SOCIAL_CARD_DEMO = "social_card_demo"
    """Read without authentication: opens records in the demo only."""


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Whose records, as read from the card in hand. Never in clear outside the terminal's memory and the server's."""

    name: str
    number: str
    proof: Proof

    def __repr__(self) -> str:
        """Say nothing of the person, wherever this is printed."""
        return f"Holder(proof={self.proof.value})"


AnyCommand = (
    LeaseLabel
    | SignIn
    | SignOut
    | CallNext
    | Recall
    | MarkMissed
    | ReturnMissed
    | StartService
    | FinishService
    | AcknowledgeHelp
    | ReadStatement
)


class Reply(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag=True):
    """Base of all answers."""


class Refused(Reply, frozen=True, kw_only=True):
    """No, with the reason and what is allowed instead (English, for the log; screens speak by `reason`)."""

    reason: Reason
    sentence: str = ""
    tries_left: int | None = None


class Leased(Reply, frozen=True, kw_only=True):
    """The label for `LeaseLabel`, and what to tell the resident."""

    ticket: TicketId
    day: BusinessDay
    series: Series
    number: int
    label: TicketLabel
    windows: tuple[WindowId, ...]
    area: AreaId
    quote: Quote


class SignedIn(Reply, frozen=True, kw_only=True):
    """Who signed in."""

    staff: StaffId
    name: str
    roles: tuple[str, ...]


class Called(Reply, frozen=True, kw_only=True):
    """The ticket that was called or recalled to the window."""

    ticket: TicketId
    label: TicketLabel
    item: ItemCode
    priority: bool
    call_seq: int
    waited_s: float
    why_zh: str = ""
    why_en: str = ""


class Started(Reply, frozen=True, kw_only=True):
    """Service began."""

    service: ServiceId
    ticket: TicketId


class Done(Reply, frozen=True, kw_only=True):
    """It is so."""


class StatementSealed(Reply, frozen=True, kw_only=True):
    """A `statements.Statement` as JSON, sealed to the session's reply key; never stored."""

    serial: Serial
    sealed: bytes


AnyReply = Refused | Leased | SignedIn | Called | Started | Done | StatementSealed
