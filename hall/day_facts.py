"""What befalls the business day itself, as facts of the hall server: opened, confirmed, withdrawn, its key renewed."""

from collections.abc import Mapping

import msgspec

from hall.facts import Fact
from hall.ids import BusinessDay, Series, TerminalId, TicketLabel


class DayGiven(msgspec.Struct, frozen=True, kw_only=True):
    """What an earlier life of a day has given out and no later one gives again."""

    numbers: Mapping[Series, int] = {}
    """Highest number of the leased range by series."""
    statements: Mapping[TerminalId, int] = {}
    """Highest count of a statement's serial by terminal."""


class DayOpened(Fact, frozen=True, kw_only=True):
    """The ledger issued a business-day token."""

    day: BusinessDay
    given: DayGiven | None = None
    """Set when the same day was open before, and another day, opened wrongly, came in between."""
    after_number: int = 0
    """Calls and orders are numbered above this; 0 = above all that earlier dates can have used."""


class DayConfirmed(Fact, frozen=True, kw_only=True):
    """The administrator says which date it is (业务日确认); whether days follow believably is judged from here on."""

    day: BusinessDay
    by: str
    reason: str
    at: float


class DayWithdrawn(Fact, frozen=True, kw_only=True):
    """A day that was opened wrongly is open no more (撤回误开的业务日). What it gave out stays in the ledger."""

    day: BusinessDay
    by: str
    reason: str
    at: float
    issued: int = 0
    """How many tickets bore its date."""
    ended: tuple[TicketLabel, ...] = ()
    """Those that were still open, and lapsed with it: these people need a new number."""


class DayKeyRenewed(Fact, frozen=True, kw_only=True):
    """The key of the open day was lost: "one open ticket for a card" starts anew from here."""

    day: BusinessDay
    at: float
