"""Boards and people of a hall whose server dies, and panels that met it before."""

import msgspec

from hall.events import (
    Event,
)
from hall.ids import ItemCode, Series, ServiceId, TicketId, TicketLabel, WindowId
from hall.wire.board import Board, WaitingShown, WindowShown
from tests.sync.panels_alone import AWAY_S, Clock, Panel, clerk_of
from tests.sync.samples import MONDAY, MONDAY_0930, TUESDAY, ids

SEVEN, EIGHT, FOURTEEN = WindowId("7"), WindowId("8"), WindowId("14")
PENSION = ItemCode("SI-301")


def waits(number: int, *, priority: bool = False, **more: object) -> WaitingShown:
    """A person for the pension windows; the lower number came first."""
    numbers = Series("Y" if priority else "C")
    label = TicketLabel(f"{numbers}{number:03d}")
    since = MONDAY_0930 - 3600 + number
    told = WaitingShown(TicketId(f"t{number:03d}"), label, PENSION, numbers, Series("C"), priority, since)
    return msgspec.structs.replace(told, **more)


def board(*waiting: WaitingShown, staffed: tuple[WindowId, ...] = (SEVEN,), version: int = 1, **more: object) -> Board:
    windows = tuple(WindowShown(window=one, state="free", staff=clerk_of(one)) for one in staffed)
    shown = Board(
        ledger_epoch=1,
        version=version,
        at=MONDAY_0930,
        day=MONDAY,
        next_day=TUESDAY,
        taking_tickets=True,
        waiting=len(waiting),
        typical_wait_min=10,
        queues=(),
        windows=windows,
        calls=(),
        waiting_tickets=waiting,
    )
    return msgspec.structs.replace(shown, **more)


def in_hand(state: str, ticket: str = "t900", label: str = "C900", service: str = "") -> WindowShown:
    return WindowShown(
        window=SEVEN,
        state=state,  # type: ignore[arg-type]
        label=TicketLabel(label),
        staff=clerk_of(SEVEN),
        item=PENSION,
        ticket=TicketId(ticket),
        service=ServiceId(service) if service else None,
    )


def panel(shown: Board, window: WindowId = SEVEN, clock: Clock | None = None) -> Panel:
    made = Panel(window, clock or Clock(), mint=ids())
    made.meets(shown)
    return made


def cut_off(shown: Board, window: WindowId = SEVEN, clock: Clock | None = None) -> Panel:
    made = panel(shown, window, clock)
    leave(made)
    return made


def leave(*panels: Panel) -> None:
    """The server is silent until everybody has noticed."""
    panels[0].clock.pass_s(AWAY_S)
    for one in panels:
        one.tick()


def kinds(events: list[Event]) -> list[str]:
    return [type(one).__name__ for one in events]


def windows(*staffed: WindowId) -> tuple[WindowShown, ...]:
    return tuple(WindowShown(window=one, state="free", staff=clerk_of(one)) for one in staffed)
