"""Parts of the board beside queues, windows and calls: numbers set aside, and what the lead should look at."""

from typing import Literal

import msgspec

from hall.ids import ItemCode, ProxyId, Series, TerminalId, TicketLabel, WindowId

MAX_ASIDE_SHOWN = 80
"""Numbers set aside that the board carries, the newest; more than a hall ever has at once."""


class AsideShown(msgspec.Struct, frozen=True, kw_only=True):
    """An open number that neither waits in line nor is at a window: missed, held (挂起) or away (暂离)."""

    label: TicketLabel
    state: Literal["missed", "held", "away"]
    at: float
    """Since when, hall time."""
    window: WindowId | None = None
    """The window that called or held it."""
    until: float = 0.0
    """Away only: its place is kept until then, hall time."""
    may_return: bool = True
    """Missed only: false once it has come back before."""
    item: ItemCode | None = None
    """What it is for."""


class StaffingShown(msgspec.Struct, frozen=True, kw_only=True):
    """Something the guide or the lead should act on. `zh` and `en` are whole courteous sentences; numbers only."""

    kind: Literal["cap", "balance", "capacity", "still_to_serve"]
    """A cap on the wait is passed, an idle window could help, numbers run short, people hold numbers at closing."""
    work: Series = Series("")
    zh: str
    en: str
    window: WindowId | None = None
    labels: tuple[TicketLabel, ...] = ()
    """Still to serve: who, by place; at most `MAX_ASIDE_SHOWN`."""


class ProxyShown(msgspec.Struct, frozen=True, kw_only=True):
    """A proxy enquiry (代办查询) that waits for a guide, or was just answered; ids only, nobody's name."""

    proxy: ProxyId
    terminal: TerminalId
    state: Literal["asked", "confirmed", "declined"]
    at: float
    """Since when, hall time."""


class CallingShown(msgspec.Struct, frozen=True, kw_only=True):
    """By what rule a panel calls while the hall server is away: the pack's own limits. Meets `disciplines.CallRule`."""

    discipline: str = "apq_target"
    ordinary_rate: float = 1.0
    priority_rate: float = 3.0
    priority_target_min: float = 15.0
    max_priority_in_row: int = 3
    calls_before_missed: int = 3
    call_spacing_s: float = 20.0


class AgeOfferShown(msgspec.Struct, frozen=True, kw_only=True):
    """From which age a card lets its holder choose a priority number (0: no offer), and by what rule of the hall."""

    age: int = 0
    basis: str = ""
    basis_en: str = ""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Something a terminal must do once. `number` counts up from 1 for each terminal and ledger."""

    number: int
    kind: Literal["self_test"]
    at: float
