"""Who is next: accumulating priority. Credit is the class rate times the minutes waited; the greatest credit goes next.

Three rules stand above the credits, all within one window, so that a busy window elsewhere never starves anybody:
at most `max_priority_in_row` priority calls in a row while ordinary people wait for this window; a `priority_first`
window takes priority before earlier ordinary ones; a priority ticket over its target takes at most two of three calls.
"""

from hall.disciplines import OVER_TARGET_IN_ROW, Ground, choose, order, rate
from hall.events import HeadCompared
from hall.ids import Series, WindowId
from hall.pack_tables import Limits, Window
from hall.state import HallState, Lane

__all__ = ["OVER_TARGET_IN_ROW", "Ground", "choose", "heads", "may_call", "why"]


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
            found.append(
                HeadCompared(
                    ticket=ticket_id,
                    label=ticket.label,
                    priority=ticket.priority,
                    waited_s=waited_s,
                    credit=rate(limits, priority=ticket.priority) * waited_s / 60,
                )
            )
    return tuple(sorted(found, key=order))


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
