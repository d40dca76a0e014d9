"""代办查询: asked with a key that lives for this session only, read with it, and dropped with it.

A confirmation that comes after the session has ended finds neither the key nor the enquiry.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from hall.commands import AnyCommand, AnyReply, Done, ReadStatement, Refused
from hall.errors import HallError, Reason
from hall.ids import ProxyId, SessionId
from hall.ledger.sealing import holder_context, public_key, unseal
from hall.people.holders import Holder, Proof
from hall.proxies import (
    AskProxy,
    CloseProxy,
    ConfirmProxy,
    DeclineProxy,
    ProxyNames,
    ProxyParties,
    ProxySealed,
    ProxySight,
    ReadProxy,
    proxy_context,
    session_of,
)
from kiosk.flows.proxy_words import (
    AnswerProxy,
    AskGuide,
    FetchForPerson,
    GuideAsked,
    Laid,
    ProxyAnswered,
    ProxyNamesRead,
    ReadProxyNames,
)
from kiosk.flows.words import AskRefused, Happened
from kiosk.performing import replies
from kiosk.performing.hands import Givens, HallLine

ASK_S = 12.0
"""A record source may be slow; longer than this the resident is told."""
DESK_S = 6.0
"""As all that a guide asks."""
ID_BYTES = 16

Errand = AskGuide | FetchForPerson | ReadProxyNames | AnswerProxy


class Seal(Protocol):
    """`Asking.seal`."""

    def __call__(self, plain: bytes, purpose: str, context: str = "") -> bytes:
        """Seal to the hall server's key."""


@dataclass(frozen=True, slots=True)
class _Open:
    """The enquiry of the person who stands here; its private key is nowhere else."""

    session: SessionId
    proxy: ProxyId
    private: bytes = field(repr=False)


class Proxies:
    """Asks, and posts each answer for the session that asked."""

    def __init__(
        self, line: HallLine, givens: Givens, seal: Seal, post: Callable[[Happened, SessionId | None], None]
    ) -> None:
        self._line = line
        self._givens = givens
        self._seal = seal
        self._post = post
        self._open: _Open | None = None

    def __call__(self, effect: Errand, session: SessionId) -> None:
        """Start one errand; never blocks."""
        match effect:
            case AskGuide(agent, person):
                self._ask(agent, person, session)
            case FetchForPerson():
                self._fetch(effect, session)
            case ReadProxyNames():
                self._read(effect, session)
            case AnswerProxy():
                self._answer(effect, session)

    def drop(self) -> None:
        """The session is over, or its enquiry: wipe the key, and tell the hall. Without the hall it runs out alone."""
        opened, self._open = self._open, None
        if opened is not None:
            self._close(opened.proxy)

    # ---- at the terminal -----------------------------------------------------------------------------------------

    def _ask(self, agent: Laid, person: Laid, session: SessionId) -> None:
        self.drop()
        if self._line.pack is None or self._line.server_away:
            return self._post(AskRefused(Reason.SERVER_AWAY), session)
        proxy, private = ProxyId(self._givens.random_bytes(ID_BYTES).hex()), self._givens.random_bytes(32)
        self._open = _Open(session, proxy, private)
        parties = ProxyParties(agent=_holder(agent), person=_holder(person))
        reply_key = public_key(private)
        context = proxy_context(self._givens.terminal, proxy, session_of(reply_key))
        sealed = self._seal(msgspec.json.encode(parties), "proxy", context)

        def done(reply: AnyReply) -> None:
            if isinstance(reply, Done):
                self._asked(proxy, session)
            else:
                self._post(_no(reply), session)

        self._line.ask(AskProxy(proxy=proxy, reply_key=reply_key, sealed=sealed), ASK_S, done)
        return None

    def _asked(self, proxy: ProxyId, session: SessionId) -> None:
        if self._open is None or self._open.proxy != proxy:
            self._close(proxy)  # they left before the hall had heard of it: the guide is not to be sent there
        self._post(GuideAsked(proxy), session)

    def _fetch(self, effect: FetchForPerson, session: SessionId) -> None:
        opened, pack = self._open, self._line.pack
        if opened is None or pack is None or (opened.session, opened.proxy) != (session, effect.proxy):
            return self._post(AskRefused(Reason.NOT_ALLOWED), session)
        private, reply_key = opened.private, public_key(opened.private)
        context = holder_context(self._givens.terminal, effect.form, pack.statement_year, reply_key)
        command = ReadStatement(
            form=effect.form,
            year=pack.statement_year,
            sealed_person=self._seal(msgspec.json.encode(_holder(effect.person)), "holder", context),
            reply_key=reply_key,
            proxy=effect.proxy,
        )
        self._line.ask(command, ASK_S, lambda reply: self._post(replies.opened(reply, private), session))
        return None

    def _close(self, proxy: ProxyId) -> None:
        self._line.ask(CloseProxy(proxy=proxy), DESK_S, lambda _reply: None)

    # ---- at the guide desk ---------------------------------------------------------------------------------------

    def _read(self, effect: ReadProxyNames, session: SessionId) -> None:
        private = self._givens.random_bytes(32)  # lives in this closure
        command = ReadProxy(proxy=effect.proxy, staff=effect.staff, reply_key=public_key(private))
        self._line.ask(command, DESK_S, lambda reply: self._post(_names(effect.proxy, reply, private), session))

    def _answer(self, effect: AnswerProxy, session: SessionId) -> None:
        proxy, terminal, staff = effect.proxy, effect.terminal, effect.staff
        command: AnyCommand = DeclineProxy(proxy=proxy, terminal=terminal, staff=staff)
        if effect.confirm:
            command = ConfirmProxy(proxy=proxy, terminal=terminal, staff=staff, sight=tuple(ProxySight))

        def done(reply: AnyReply) -> None:
            reason = None if isinstance(reply, Done) else _no(reply).reason
            self._post(ProxyAnswered(proxy, reason), session)

        self._line.ask(command, DESK_S, done)


def _holder(laid: Laid) -> Holder:
    return Holder(name=laid.name, number=laid.number, proof=Proof.ID_CARD)


def _no(reply: AnyReply) -> AskRefused:
    return AskRefused(reply.reason if isinstance(reply, Refused) else Reason.INTERNAL)


def _names(proxy: ProxyId, reply: AnyReply, private: bytes) -> Happened:
    if not isinstance(reply, ProxySealed):
        return ProxyAnswered(proxy, _no(reply).reason)
    try:
        plain = unseal(private, reply.sealed, "proxy_names", proxy)
        return ProxyNamesRead(proxy, msgspec.json.decode(plain, type=ProxyNames))
    except (HallError, msgspec.MsgspecError):
        return ProxyAnswered(proxy, Reason.MALFORMED)
