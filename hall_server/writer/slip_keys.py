"""Which key of a terminal signs the slips it gives out alone: the first is believed, another one waits for a person.

A replaced disk and a box that poses as a terminal look the same from here. So a changed key lies in quarantine until a
member of staff has looked; until then slips of the new key are verified nowhere, and everything else goes on.
"""

from hall.errors import Reason
from hall.ids import StaffId, TerminalId
from hall.outage.hearsay import ISSUERS
from hall.outage.signed_slips import KEY_BYTES
from hall.slip_keys import SlipKeyTrusted
from hall_server.ledger.entries import Quarantined
from hall_server.ledger.store import SLIP_KEY_CHANGED
from hall_server.writer.entering import Entering

NOBODY = StaffId("")
MAX_KEYS_WAITING = 10
"""Changed keys of one terminal that wait to be looked at; a box that mints one at every start fills no disk."""


def told(turn: Entering, terminal: TerminalId, key: bytes) -> None:
    """Take the key of a hello; of a terminal that gives out no numbers, and no key at all, mean nothing."""
    state = turn.standing.state
    known = state.known.terminals.get(terminal)
    if len(key) != KEY_BYTES or known is None or known.role not in ISSUERS:
        return
    trusted = state.slip_keys.get(terminal)
    if trusted is None:
        trust(turn, terminal, key, NOBODY)
    elif trusted != key:
        _doubt(turn, terminal, key)


def trust(turn: Entering, terminal: TerminalId, key: bytes, staff: StaffId) -> None:
    """Believe this key from now on."""
    turn.enter_own(SlipKeyTrusted(terminal=terminal, key=key, staff=staff, at=turn.now))


def _doubt(turn: Entering, terminal: TerminalId, key: bytes) -> None:
    held = [
        bytes(row.raw)
        for row in turn.ledger.quarantine()
        if row.terminal == terminal and row.reason == SLIP_KEY_CHANGED
    ]
    held += [one.raw for one in turn.batch.quarantined if one.terminal == terminal and one.word == SLIP_KEY_CHANGED]
    if key not in held and len(held) < MAX_KEYS_WAITING:
        sentence = "this terminal signs its slips with another key than the one the hall believes"
        one = Quarantined(
            turn.now, terminal, Reason.NOT_VERIFIED, sentence, key, device=terminal, word=SLIP_KEY_CHANGED
        )
        turn.batch.quarantined.append(one)
    turn.alarms.append((terminal, SLIP_KEY_CHANGED))
