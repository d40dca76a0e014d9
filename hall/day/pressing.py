"""What the guide and the lead should act on now, the most pressing first, in courteous sentences; numbers only."""

from collections.abc import Iterator

from hall.calendar.working_days import local_datetime
from hall.day import sweeping
from hall.queue import numbering, staffing
from hall.queue.state import HallState
from hall.wire.shown import MAX_ASIDE_SHOWN, StaffingShown

WORDS_FOR_LABELS = 5
"""A sentence names so many numbers; the list beside it has them all."""


def pressing(state: HallState, now: float) -> tuple[StaffingShown, ...]:
    """Return what presses: numbers that are used up, long waits, who is still to serve, idle windows, filling ranges.

    A range that is used up comes first, for nobody else can be given a number; one that only fills can wait an hour.
    """
    if state.day is None:
        return ()
    ranges = tuple(_capacity(state))
    used_up = tuple(told for given_out, told in ranges if given_out)
    filling = tuple(told for given_out, told in ranges if not given_out)
    return (*used_up, *_caps(state, now), *_still_to_serve(state, now), *_balance(state, now), *filling)


def _capacity(state: HallState) -> Iterator[tuple[bool, StaffingShown]]:
    given = {series: last for (day, series), last in state.last_leased.items() if day == state.day}
    for row in numbering.filling(given, state.pack.leased, state.pack.limits.capacity_alarm_share):
        left = row.size - row.given
        zh = f"{row.series}队列今日号码已发出{row.given}个,共{row.size}个,"
        en = f"Queue {row.series} has given out {row.given} of {row.size} numbers; "
        if left > 0:
            zh += f"余{left}个,请留意取号量,并提前准备增补号段。"
            en += f"{left} are left: watch the demand and prepare a further range."
        else:
            zh += "已用完;自助机将使用备用号段,请尽快增补号段。"
            en += "none is left: terminals use their reserves; please add a range."
        yield left <= 0, StaffingShown(kind="capacity", work=row.series, zh=zh, en=en)


def _caps(state: HallState, now: float) -> tuple[StaffingShown, ...]:
    return tuple(
        StaffingShown(
            kind="cap",
            work=alarm.series,
            zh=alarm.zh,
            en=alarm.en,
            window=alarm.candidates[0] if alarm.candidates else None,
        )
        for alarm in staffing.alarms(state, now)
    )


def _balance(state: HallState, now: float) -> tuple[StaffingShown, ...]:
    told = staffing.suggest(state, now)
    if told is None:
        return ()
    return (StaffingShown(kind="balance", work=told.series, zh=told.zh, en=told.en, window=told.window),)


def _still_to_serve(state: HallState, now: float) -> tuple[StaffingShown, ...]:
    """From the cut-off on: who holds a number is served, and the lead sees whom to keep windows open for (QUE-20)."""
    closing = sweeping.closing(state, now)
    if closing is None or now < closing.last_ticket_at:
        return ()
    waiting = sweeping.still_to_serve(state)
    if not waiting:
        return ()
    labels = tuple(ticket.label for ticket in waiting)
    names = "、".join(labels[:WORDS_FOR_LABELS])
    if len(labels) > WORDS_FOR_LABELS:
        names += "等"
    closes = local_datetime(closing.closes_at).strftime("%H:%M")
    over = now >= closing.closes_at
    zh = f"{'已过下班时间' if over else '已停止取号'},还有{len(labels)}位群众持号({names}),请安排窗口全部办完。"
    en = f"{'Closing time has passed' if over else f'No more numbers today, closing at {closes}'}: "
    en += f"{len(labels)} still hold{'s' if len(labels) == 1 else ''} a number; please serve everybody."
    return (StaffingShown(kind="still_to_serve", zh=zh, en=en, labels=labels[:MAX_ASIDE_SHOWN]),)
