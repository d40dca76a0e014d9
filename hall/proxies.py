"""代办查询: one person reads another's records, with both cards in one session and a guide's word (design 9).

Facts, requests and answers. Persons are keyed hashes or sealed; the bus, the board and every log carry ids only.
"""

import hashlib
from enum import StrEnum

import msgspec

from hall.facts import Command, Fact, Reply
from hall.ids import ProxyId, StaffId, TerminalId
from hall.people.holders import Holder


class ProxySight(StrEnum):
    """What the guide has seen to before confirming; each must be."""

    ORIGINALS = "originals"
    """Both cards are originals and in force, and whoever stands there is the holder of the first."""
    MANDATE = "mandate"
    """The represented person has asked for it: told, shown in writing, or heard by telephone."""


class ProxyState(StrEnum):
    """Where a request for a proxy enquiry stands."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CLOSED = "closed"
    """Its session at the terminal has ended: nothing can be opened by it any more."""


class ProxyParties(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts and for whom, as read from both cards. Never in clear outside a terminal's and the server's memory."""

    agent: Holder
    person: Holder

    def __repr__(self) -> str:
        """Say nothing of either, wherever this is printed."""
        return "ProxyParties(…)"


class ProxyNames(msgspec.Struct, frozen=True, kw_only=True):
    """Both names as a screen of the hall may show them: masked. Travels sealed all the same."""

    agent: str
    person: str

    def __repr__(self) -> str:
        """Say nothing of either, wherever this is printed."""
        return "ProxyNames(…)"


# ---- facts, minted by the hall server only -----------------------------------------------------------------------


class ProxyAsked(Fact, frozen=True, kw_only=True):
    """Both cards were read in one session of a terminal; a guide is asked."""

    proxy: ProxyId
    terminal: TerminalId
    agent: str
    """Keyed hash of who stands at the terminal."""
    person: str
    """Keyed hash of whose records are wanted."""
    session: str
    """`session_of` the key that lives in this session's memory: what is opened can be read there only."""
    sealed: bytes
    """`sealing.seal` of JSON `ProxyParties` to the hall server, for purpose `proxy` and `proxy_context`."""
    asked_at: float


class ProxyConfirmed(Fact, frozen=True, kw_only=True):
    """A guide has seen both cards and the mandate: who acts for whom, by whom confirmed, when."""

    proxy: ProxyId
    terminal: TerminalId
    desk: TerminalId
    staff: StaffId
    agent: str
    person: str
    sight: tuple[ProxySight, ...]
    confirmed_at: float


class ProxyDeclined(Fact, frozen=True, kw_only=True):
    """A guide said no; nothing was opened."""

    proxy: ProxyId
    terminal: TerminalId
    desk: TerminalId
    staff: StaffId
    agent: str
    person: str
    declined_at: float


class ProxyClosed(Fact, frozen=True, kw_only=True):
    """The session ended, or another one began at its terminal. From here on a confirmation opens nothing."""

    proxy: ProxyId
    terminal: TerminalId
    closed_at: float


ProxyFact = ProxyAsked | ProxyConfirmed | ProxyDeclined | ProxyClosed

# ---- requests ----------------------------------------------------------------------------------------------------


class AskProxy(Command, frozen=True, kw_only=True):
    """Self-service terminal: both cards were read in this session; let a guide confirm it."""

    proxy: ProxyId
    reply_key: bytes
    """Raw X25519 public key, 32 bytes, of this session; every statement of this enquiry is sealed to it."""
    sealed: bytes
    """As in `ProxyAsked`."""
    agent: str = ""
    """Keyed hashes, put in by the hall server; terminals leave them empty."""
    person: str = ""


class ReadProxy(Command, frozen=True, kw_only=True):
    """A read, guide desk: both masked names, sealed to this key; answered with `ProxySealed`."""

    proxy: ProxyId
    staff: StaffId
    reply_key: bytes


class ConfirmProxy(Command, frozen=True, kw_only=True):
    """Guide desk: I have seen both cards and the mandate."""

    proxy: ProxyId
    terminal: TerminalId
    staff: StaffId
    sight: tuple[ProxySight, ...]
    """All of `ProxySight`."""


class DeclineProxy(Command, frozen=True, kw_only=True):
    """Guide desk: not this time."""

    proxy: ProxyId
    terminal: TerminalId
    staff: StaffId


class CloseProxy(Command, frozen=True, kw_only=True):
    """Self-service terminal: the session of this enquiry is over."""

    proxy: ProxyId


ProxyCommand = AskProxy | ReadProxy | ConfirmProxy | DeclineProxy | CloseProxy


class ProxySealed(Reply, frozen=True, kw_only=True):
    """JSON `ProxyNames`, sealed to the asking screen's key for purpose `proxy_names`; never stored."""

    proxy: ProxyId
    sealed: bytes


# ---- what the hall server remembers of one -----------------------------------------------------------------------


class ProxyNow(msgspec.Struct, frozen=True, kw_only=True):
    """One proxy enquiry of the open day."""

    asked: ProxyAsked
    state: ProxyState = ProxyState.ASKED
    answered_at: float = 0.0


def session_of(reply_key: bytes) -> str:
    """Return the digest under which the ledger knows a session's key (64 hex digits)."""
    return hashlib.sha256(reply_key).hexdigest()


def proxy_context(terminal: TerminalId, proxy: ProxyId, session: str) -> str:
    """Return what the sealed parties are for: overheard, they ask for nothing at another terminal or session."""
    return f"{terminal}|{proxy}|{session}"
