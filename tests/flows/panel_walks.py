"""Where walks through the window panel begin, and the boards they meet."""

from typing import Any

from hall.ids import ItemCode, ServiceId, StaffId, TicketLabel, WindowId
from hall.wire.board import WindowShown
from kiosk.flows.steps import PanelCalling, PanelReady, PanelServing
from kiosk.flows.window_panel import advance
from kiosk.flows.words import (
    BoardChanged,
    ConfirmedDigits,
    Happened,
    PressedDigit,
    PressedLetter,
    Step,
)
from tests.flows import samples
from tests.flows.walking import walk_through

STAFF, NAME = StaffId("0310"), "样例员工"
READY = PanelReady(STAFF, NAME)
CALLED = samples.called()
CALLING = PanelCalling(STAFF, NAME, CALLED)
SERVING = PanelServing(STAFF, NAME, CALLED, ServiceId("t/1"))
ITEM, OTHER = ItemCode("SI-301"), ItemCode("SI-701")
W14 = WindowId("14")
GONE = PanelReady(STAFF, NAME, last=CALLED.label)


def walk(step: Step, *inputs: Happened) -> tuple[Step, tuple[Any, ...]]:
    step, effects = walk_through(advance, step, *inputs)
    return step, tuple(effects)


def at_14(state: Any, label: str | None = None, item: str | None = None, calls: tuple[Any, ...] = ()) -> BoardChanged:
    shown = WindowShown(
        window=W14,
        state=state,
        label=TicketLabel(label) if label else None,
        item=ItemCode(item) if item else None,
    )
    return BoardChanged(samples.board(*calls, windows=(shown,)), window=W14)


def typed(letter: str, digits: str) -> tuple[Happened, ...]:
    return (PressedLetter(letter), *(PressedDigit(digit) for digit in digits), ConfirmedDigits())
