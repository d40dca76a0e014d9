"""Whose signature a slip of a cut-off terminal may bear. `events` gathers all facts."""

from hall.facts import Fact
from hall.ids import StaffId, TerminalId


class SlipKeyTrusted(Fact, frozen=True, kw_only=True):
    """The hall server believes slips that are signed with this key of a terminal, and no other key's.

    The first key a terminal tells on its own lane is believed at once; another one only when a member of staff has
    looked at it (`staff`), for a box with somebody else's key could give out numbers in the terminal's name.
    """

    terminal: TerminalId
    key: bytes
    """Raw Ed25519 public key, 32 bytes."""
    staff: StaffId = StaffId("")
    """Empty for the first key."""
    at: float
