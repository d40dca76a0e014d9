"""What is asked of the hall server: records and staff errands. Sealed before it leaves this room."""

from collections.abc import Callable

import msgspec

from hall.commands import (
    AcknowledgeHelp,
    AnyCommand,
    AnyReply,
    ReadStatement,
    Refused,
    ReturnByTicket,
    SignedIn,
    SignIn,
    SignOut,
)
from hall.errors import HallError, Reason
from hall.ids import SessionId, WindowId
from hall.ledger.sealing import holder_context, pin_context, public_key, seal
from hall.people.holders import Holder, Proof
from kiosk.flows.bringing_in import BringIn
from kiosk.flows.scan_words import ShowTicket
from kiosk.flows.staying_words import FindWhoStays, NobodyStays, StayOn
from kiosk.flows.words import (
    AskRefused,
    Effect,
    FetchStatement,
    GoToHelp,
    Happened,
    SignInStaff,
    SignOutStaff,
)
from kiosk.performing import replies, signed_papers
from kiosk.performing.hands import Givens, HallLine
from kiosk.performing.signing_alone import SigningAlone
from kiosk.performing.staying import Staying
from kiosk.performing.window_errands import window_errand

WINDOW_ASK_S = 6.0
"""A panel holds one request through a short absence of the server (L1: away < 5 s) and then says so."""
RECORDS_ASK_S = 12.0
"""A record source may be slow; longer than this the resident is told."""


class Asking:
    """Asks, and posts each answer for the session that asked."""

    def __init__(
        self,
        terminal: HallLine,
        givens: Givens,
        post: Callable[[Happened, SessionId | None], None],
        staying: Staying | None = None,
    ) -> None:
        self._terminal = terminal
        self._givens = givens
        self._post = post
        self._alone = SigningAlone(givens.random_bytes)
        self._staying = staying

    def seal(self, plain: bytes, purpose: str, context: str = "") -> bytes:
        """Seal to the hall server's key, which every hall pack carries; `context` as in `hall.ledger.sealing`."""
        pack = self._terminal.pack
        if pack is None:
            raise HallError(Reason.SERVER_AWAY, purpose, "without a hall pack there is no key to seal to")
        return seal(pack.server_key, plain, self._givens.random_bytes(32), purpose, context)

    def fetch(self, effect: FetchStatement, session: SessionId) -> None:
        """Ask for the holder's own statement."""
        pack = self._terminal.pack
        if pack is None:
            return self._post(AskRefused(Reason.SERVER_AWAY), session)
        reply_private = self._givens.random_bytes(32)  # lives in this closure, for this session only
        reply_key = public_key(reply_private)
        holder = Holder(name=effect.name, number=effect.number, proof=Proof(effect.proof))
        context = holder_context(self._givens.terminal, effect.form, pack.statement_year, reply_key)
        command = ReadStatement(
            form=effect.form,
            year=pack.statement_year,
            sealed_person=self.seal(msgspec.json.encode(holder), "holder", context),
            reply_key=reply_key,
        )

        def done(reply: AnyReply) -> None:
            self._post(replies.opened(reply, reply_private), session)

        self._terminal.ask(command, RECORDS_ASK_S, done)
        return None

    def errand(self, effect: Effect, session: SessionId) -> None:
        """Ask what a member of staff pressed."""
        if isinstance(effect, FindWhoStays | StayOn | NobodyStays):
            if self._staying is not None:
                self._staying(effect, session)
            return
        command, answered = self._errand(effect)
        if isinstance(effect, SignOutStaff):
            self._nobody_here()

        def done(reply: AnyReply) -> None:
            if isinstance(reply, Refused) and reply.reason is Reason.NOT_SIGNED_IN:
                self._nobody_here()
            self._post(answered(reply), session)

        self._terminal.ask(command, WINDOW_ASK_S, done)

    def _errand(self, effect: Effect) -> tuple[AnyCommand, Callable[[AnyReply], Happened]]:
        at_window = window_errand(effect, self._own_window)
        if at_window is not None:
            return at_window
        match effect:
            case SignInStaff(staff, pin):
                sealed = self.seal(pin.encode(), "pin", pin_context(self._givens.terminal, staff))
                signing = SignIn(staff=staff, sealed_pin=sealed, window=self._givens.window)
                return signing, lambda reply: replies.signed_in(self._let_in(self._alone.answer(staff, pin, reply)))
            case SignOutStaff(staff):
                return SignOut(staff=staff), replies.left
            case BringIn():
                return signed_papers.bringing_in(effect), signed_papers.brought_in
            case ShowTicket(ticket):
                return ReturnByTicket(ticket=ticket), replies.slip_told(ticket)
            case GoToHelp(terminal, staff):
                return AcknowledgeHelp(terminal=terminal, staff=staff), replies.left
        raise HallError(Reason.INTERNAL, type(effect).__name__, "no performer knows this effect")

    def _let_in(self, reply: AnyReply) -> AnyReply:
        if self._staying is not None and isinstance(reply, SignedIn):
            self._staying.signed_in(reply)
        return reply

    def _nobody_here(self) -> None:
        if self._staying is not None:
            self._staying.left()

    def _own_window(self) -> WindowId:
        if self._givens.window is None:
            raise HallError(Reason.UNKNOWN_WINDOW, "kiosk.toml", "this role needs `window`")
        return self._givens.window
