"""代办查询 on the server: whose two cards were read, kept sealed, and told to a guide as two masked names.

Nothing here decides: `hall.day.proxying` does. Names live in memory for one answer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import category

import msgspec

from hall.calendar.working_days import business_day
from hall.errors import HallError, Reason
from hall.ids import ProxyId, TerminalId
from hall.ledger.sealing import KEY_BYTES, seal, unseal
from hall.people.holders import Holder, Proof
from hall.people.identity_numbers import normal
from hall.proxies import AskProxy, ProxyNames, ProxyParties, ProxySealed, ReadProxy, proxy_context, session_of
from hall.statements.sheets import mask_name
from hall_server.keys import Keys
from hall_server.records import holders

MAX_NAME = 80
"""Characters. A card holds 15 in Chinese; a foreigner's card 60 in Latin letters beside them."""
NO_TEXT = frozenset({"Cc", "Cf", "Zl", "Zp"})
"""Unicode categories that turn or break the line a guide reads."""
KEPT = "proxy_kept"
"""Purpose of the parties as the ledger keeps them, sealed by this server to itself; the context is the enquiry's id."""


@dataclass(frozen=True, slots=True)
class ProxyDesk:
    """Opens what a terminal sealed, judges both cards, and seals again what may be kept or told."""

    keys: Keys
    demo: bool
    ephemeral: Callable[[], bytes]
    """32 random bytes for one seal."""
    now: Callable[[], float]

    def known(self, terminal: TerminalId, command: AskProxy) -> AskProxy:
        """Return the request with both persons' hashes in it and the parties sealed for the ledger, or raise."""
        if command.agent or command.person:
            raise HallError(Reason.NOT_ALLOWED, "proxy", "who acts for whom is told by the hall server only")
        if len(command.reply_key) != KEY_BYTES:
            raise HallError(Reason.MALFORMED, "reply_key", f"a public key has {KEY_BYTES} bytes")
        context = proxy_context(terminal, command.proxy, session_of(command.reply_key))
        parties = _parties(unseal(self.keys.private, command.sealed, "proxy", context))
        for holder in (parties.agent, parties.person):
            holders.judge(holder, business_day(self.now()), demo=self.demo)
            if holder.proof is not Proof.ID_CARD or not holder.name:
                raise HallError(Reason.NOT_VERIFIED, "proxy", "both original identity cards are needed")
            if len(holder.name) > MAX_NAME or any(category(one) in NO_TEXT for one in holder.name):
                raise HallError(Reason.MALFORMED, "proxy", "a name on a card is one line of text")
        return msgspec.structs.replace(
            command,
            agent=self.keys.person(parties.agent.number),
            person=self.keys.person(parties.person.number),
            sealed=seal(self.keys.public, msgspec.json.encode(parties), self.ephemeral(), KEPT, command.proxy),
        )

    def told(self, command: ReadProxy, kept: ProxySealed) -> ProxySealed:
        """Return both masked names sealed to the asking desk's key, from what the ledger keeps."""
        if len(command.reply_key) != KEY_BYTES:
            raise HallError(Reason.MALFORMED, "reply_key", f"a public key has {KEY_BYTES} bytes")
        parties = opened(self.keys, kept.proxy, kept.sealed)
        names = ProxyNames(agent=mask_name(parties.agent.name), person=mask_name(parties.person.name))
        plain = msgspec.json.encode(names)
        blob = seal(command.reply_key, plain, self.ephemeral(), "proxy_names", kept.proxy)
        return ProxySealed(proxy=kept.proxy, sealed=blob)


def opened(keys: Keys, proxy: ProxyId, kept: bytes) -> ProxyParties:
    """Open the parties as a `ProxyAsked` of the ledger keeps them, or raise `HallError(MALFORMED)`."""
    return _parties(unseal(keys.private, kept, KEPT, proxy))


def _parties(plain: bytes) -> ProxyParties:
    try:
        parties = msgspec.json.decode(plain, type=ProxyParties)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise HallError(Reason.MALFORMED, "proxy", "the sealed parties are not two holders") from None
    return ProxyParties(agent=_normal(parties.agent), person=_normal(parties.person))


def _normal(holder: Holder) -> Holder:
    return msgspec.structs.replace(holder, number=normal(holder.number))
