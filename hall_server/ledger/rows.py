"""The tables. Rows are for screens and migrations; the ingest path uses core inserts (libraries.md 1.3)."""

from typing import ClassVar

from sqlalchemy import BigInteger, Column, Index, LargeBinary, MetaData, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class LedgerRow(SQLModel):
    """Base of the ledger's tables: metadata of their own, with names that batch migrations can find."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING)


class MetaRow(LedgerRow, table=True):
    """One row: which life of this ledger it is, and how often a server has started on it."""

    __tablename__ = "meta"
    id: int = Field(default=1, primary_key=True)
    ledger_epoch: int
    starts: int
    """Also the epoch of the server's own events, so that their sequence begins at 1 each start."""


class EventRow(LedgerRow, table=True):
    """One event in ledger order. `chain` covers everything else in the row and the row before."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("device", "epoch", "seq"),
        Index("ix_events_kind_ledger_seq", "kind", "ledger_seq"),
        Index("ix_events_event_id", "event_id"),
    )
    ledger_seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    device: str
    epoch: int = Field(sa_column=Column(BigInteger, nullable=False))
    seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    event_id: str
    at: float
    kind: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """The event's JSON exactly as it came."""
    flags: str = Field(sa_column=Column(Text, nullable=False))
    """What was odd about it when it was adopted, separated by spaces."""
    chain: str


class MarkRow(LedgerRow, table=True):
    """How far the ledger holds a device's epoch."""

    __tablename__ = "marks"
    device: str = Field(primary_key=True)
    epoch: int = Field(sa_column=Column(BigInteger, primary_key=True))
    seq: int = Field(sa_column=Column(BigInteger, nullable=False))


class AnswerRow(LedgerRow, table=True):
    """A state-changing answer, kept so that asking twice gives the same."""

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("request", "terminal"),)
    id: int | None = Field(default=None, primary_key=True)
    request: str
    terminal: str
    at: float
    reply: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class QuarantineRow(LedgerRow, table=True):
    """Bytes that could not be adopted, with the reason, until somebody releases them."""

    __tablename__ = "quarantine"
    id: int | None = Field(default=None, primary_key=True)
    at: float
    terminal: str
    reason: str
    sentence: str
    device: str = ""
    epoch: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    seq: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    event_id: str = ""
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    released_at: float | None = None


class QuarantineActRow(LedgerRow, table=True):
    """What a member of staff did about a quarantine entry, and why; appended, never changed."""

    __tablename__ = "quarantine_acts"
    __table_args__ = (Index("ix_quarantine_acts_quarantine_id", "quarantine_id"),)
    id: int | None = Field(default=None, primary_key=True)
    quarantine_id: int
    at: float
    act: str
    """`entries.Act`."""
    staff: str
    reason: str
    ledger_seq: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    """Where it stands in the ledger now, when it was adopted."""


class HealthIntervalRow(LedgerRow, table=True):
    """One closed interval of one terminal or device; appended, never changed."""

    __tablename__ = "health_intervals"
    __table_args__ = (Index("ix_health_intervals_ended", "ended"),)
    id: int | None = Field(default=None, primary_key=True)
    subject: str
    state: str
    code: str
    began: float
    ended: float
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """0 was noted at the time; late evidence is a new row of a higher one."""


class HealthStandingRow(LedgerRow, table=True):
    """The open interval of one terminal or device, as far as it is known; `seen` follows every 10 s."""

    __tablename__ = "health_standings"
    subject: str = Field(primary_key=True)
    state: str
    code: str
    since: float
    seen: float
