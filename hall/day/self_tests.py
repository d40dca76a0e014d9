"""Self-tests: a guide orders one of a terminal, the terminal does it once and reports; its last result is kept."""

import msgspec

from hall.calendar.working_days import first_call_seq
from hall.commands import Done, OrderSelfTest
from hall.day.deciding import Asker, Decision, asking_terminal, refused
from hall.errors import Reason
from hall.events import SelfTestEnded, SelfTestOrdered
from hall.ids import TerminalId
from hall.queue.state import HallState
from hall.wire.devices_shown import MAX_CODE, MAX_FAILED_SHOWN, FailedShown, SelfTestShown
from hall.wire.shown import Order

MAX_ORDERS = 5
"""Open orders of one terminal; who presses more often than that is told to wait."""


def order(state: HallState, command: OrderSelfTest, by: Asker, now: float) -> Decision:
    """Order a test of all devices of a terminal. Only a signed-in guide desk may; it is in the ledger who did."""
    terminal = asking_terminal(state, by, "guide_desk")
    if isinstance(terminal, Decision):
        return terminal
    if state.desks.get(by.terminal) != command.staff:
        return refused(Reason.NOT_SIGNED_IN, f"sign in at {by.terminal} first")
    if command.terminal not in state.known.terminals:
        return refused(Reason.NOT_ALLOWED, f"allowed are {', '.join(sorted(state.known.terminals))}")
    if state.day is None:
        return refused(Reason.DAY_NOT_OPEN, "orders are numbered by business day, and none is open")
    if len(state.orders.get(command.terminal, ())) >= MAX_ORDERS:
        return refused(Reason.ILLEGAL_MOVE, f"{command.terminal} has {MAX_ORDERS} open orders")
    number = max(state.last_orders.get(command.terminal, 0), first_call_seq(state.day), state.numbered_above) + 1
    ordered = SelfTestOrdered(terminal=command.terminal, number=number, staff=command.staff, at=now)
    return Decision((ordered,), Done())


def ordered(state: HallState, event: SelfTestOrdered, _device: TerminalId, _at: float) -> None:
    """Remember the order until its terminal has reported."""
    if event.number > state.last_orders.get(event.terminal, 0):
        state.last_orders[event.terminal] = event.number
        state.orders.setdefault(event.terminal, []).append(Order(number=event.number, kind="self_test", at=event.at))


def ended(state: HallState, event: SelfTestEnded, device: TerminalId, _at: float) -> None:
    """Keep the result and forget the orders up to this one; only the terminal itself can say so."""
    if event.terminal != device:
        return
    _keep(state, event)
    if device in state.orders:
        still = [each for each in state.orders[device] if each.number > event.number]
        if still:
            state.orders[device] = still
        else:
            del state.orders[device]


def _keep(state: HallState, event: SelfTestEnded) -> None:
    """Remember the latest result of a terminal of the pack; a report that comes late changes nothing."""
    before = state.tests.get(event.terminal)
    if event.terminal not in state.known.terminals or (before is not None and before.at > event.at):
        return
    failed = [
        FailedShown(kind=one.device.rpartition(".")[2][:MAX_CODE], code=one.code[:MAX_CODE])
        for one in event.tested
        if not one.passed
    ]
    state.tests[event.terminal] = SelfTestShown(
        terminal=event.terminal, at=event.at, tested=len(event.tested), failed=tuple(failed[:MAX_FAILED_SHOWN])
    )


def shown(state: HallState) -> tuple[SelfTestShown, ...]:
    """Return the last self-tests of the day and the tests that are still awaited, by terminal."""
    return tuple(
        msgspec.structs.replace(
            state.tests.get(terminal) or SelfTestShown(terminal=terminal), waiting=bool(state.orders.get(terminal))
        )
        for terminal in sorted(state.tests.keys() | state.orders.keys())
    )
