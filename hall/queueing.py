"""Who is next: accumulating priority. Credit is the class rate times the minutes waited; the greatest credit goes next.

Three rules stand above the credits, all within one window, so that a busy window elsewhere never starves anybody:
at most `max_priority_in_row` priority calls in a row while ordinary people wait for this window; a `priority_first`
window takes priority before earlier ordinary ones; a priority ticket over its target takes at most two of three calls.
"""

from collections.abc import Sequence
from enum import StrEnum

from hall.events import HeadCompared
from hall.ids import Series, WindowId
from hall.pack_tables import Limits, Window
from hall.state import HallState, Lane

OVER_TARGET_IN_ROW = 2
"""Of three calls, so many may go to priority tickets over their target whatever the credits say."""


class Ground(StrEnum):
    """Which rule decided."""

    ONLY_CLASS = "only_class"
    IN_ROW = "in_row"
    PRIORITY_FIRST = "priority_first"
    TARGET = "target"
    CREDIT = "credit"


def may_call(state: HallState, window: Window, lane: Lane) -> bool:
    """Tell whether this window may call from the lane.

    It must serve the work, and the numbers; priority numbers whose own windows are all closed go to every window
    that serves their work, so that nobody with a priority ticket is stranded.
    """
    numbers, work, _ = lane
    if work not in window.series:
        return False
    return numbers in window.series or not _served(state, numbers)


def _served(state: HallState, numbers: Series) -> bool:
    return any(numbers in window.series for window in state.open_windows())


def heads(state: HallState, window: WindowId, now: float) -> tuple[HeadCompared, ...]:
    """Return the head of each lane this window may call from, with waiting time and credit."""
    plan, limits, found = state.known.windows[window], state.pack.limits, []
    for lane, entries in state.lanes.items():
        if may_call(state, plan, lane):
            since, ticket_id = entries[0]
            ticket, waited_s = state.tickets[ticket_id], max(0.0, now - since)
            rate = limits.priority_rate if ticket.priority else limits.ordinary_rate
            found.append(
                HeadCompared(
                    ticket=ticket_id,
                    label=ticket.label,
                    priority=ticket.priority,
                    waited_s=waited_s,
                    credit=rate * waited_s / 60,
                )
            )
    return tuple(sorted(found, key=_order))


def choose(
    compared: Sequence[HeadCompared], in_row: int, limits: Limits, *, priority_first: bool
) -> tuple[HeadCompared, Ground]:
    """Return who is next among the heads (not empty) and the rule that decided.

    >>> # Y001 has waited 2 min (credit 6), C001 5 min (credit 5): Y001 by credit; C001 after three priority calls.
    """
    priority = [head for head in compared if head.priority]
    ordinary = [head for head in compared if not head.priority]
    if not priority or not ordinary:
        return min(compared, key=_order), Ground.ONLY_CLASS
    first, other = min(priority, key=_order), min(ordinary, key=_order)
    if in_row >= limits.max_priority_in_row:
        return other, Ground.IN_ROW
    if priority_first:
        return first, Ground.PRIORITY_FIRST
    if first.waited_s >= limits.priority_target_min * 60 and in_row < OVER_TARGET_IN_ROW:
        return first, Ground.TARGET
    return min(first, other, key=_order), Ground.CREDIT


def _order(head: HeadCompared) -> tuple[float, bool, str]:
    """Greatest credit first; equal credits: priority, then the older ticket id (UUIDv7 grows with time)."""
    return -head.credit, not head.priority, head.ticket


def why(chosen: HeadCompared, ground: Ground, limits: Limits) -> tuple[str, str]:
    """Return one polite sentence in Chinese and in English. Never names the ground of a priority."""
    label, minutes = chosen.label, int(chosen.waited_s // 60)
    if chosen.priority:
        return (
            f"{label}号是优先号,已等候{minutes}分钟,按本厅优先服务的规定,请先为这位办理。",
            f"{label} is a priority number and has waited {minutes} min; the hall's priority rule takes it first.",
        )
    if ground is Ground.IN_ROW:
        return (
            f"已连续为{limits.max_priority_in_row}位优先号办理,请为已等候{minutes}分钟的{label}号办理。",
            f"After {limits.max_priority_in_row} priority numbers in a row, {label} is next ({minutes} min waited).",
        )
    return (
        f"{label}号已等候{minutes}分钟,在本窗口可办理的普通号中等候最久,请为这位办理。",
        f"{label} has waited {minutes} min, longest of the ordinary numbers this window serves.",
    )
