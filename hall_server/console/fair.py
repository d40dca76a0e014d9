"""「公平」: calls before their turn with their reasons, grants of priority, why each call was made, quotes, truth."""

from collections.abc import Sequence

import msgspec

from hall.day.granting import granted_by
from hall.events import HeadCompared, TicketCalled
from hall.people.age_offer import BY_CARD
from hall.queue.explaining import explain
from hall.queue.fairness import out_of_order
from hall.queue.quote_errors import QuoteErrors, of_the_day
from hall.queue.state import HallState
from hall.queue.waiting_times import Times, report
from hall_server.console import words

HEADS_SHOWN = 20
"""A window serves a handful of queues, and so many heads were compared at most."""


class OutOfOrderShown(msgspec.Struct, frozen=True, kw_only=True):
    """A call before its turn."""

    ticket: str
    label: str
    window: str
    at: float
    reason: str
    reason_title: str
    passed_over: tuple[str, ...]


class IssuerShown(msgspec.Struct, frozen=True, kw_only=True):
    """How many priority grants one member of staff gave today; `cap` None for the lead, who may always."""

    staff: str
    name: str
    grants: int
    cap: int | None


class QuotesShown(msgspec.Struct, frozen=True, kw_only=True):
    """What people were told against what came, minutes; `bias_min` positive when more was told than came."""

    priority: bool
    quotes: int
    mean_absolute_min: float
    bias_min: float
    within_5_share: float


class TimesShown(msgspec.Struct, frozen=True, kw_only=True):
    """Waits and services of one item, window or hour; minutes."""

    by: str
    title: str
    count: int
    median_min: float
    p90_min: float
    service_count: int
    service_median_min: float | None
    service_p90_min: float | None


class Fairness(msgspec.Struct, frozen=True, kw_only=True):
    """The day so far."""

    at: float
    day: str
    calls: int
    out_of_order: tuple[OutOfOrderShown, ...]
    grants: tuple[IssuerShown, ...]
    quotes: tuple[QuotesShown, ...]
    times: tuple[TimesShown, ...]


class HeadShown(msgspec.Struct, frozen=True, kw_only=True):
    """One head that was compared for a call."""

    label: str
    priority: bool
    waited_min: float
    credit: float
    chosen: bool


class CallWhy(msgspec.Struct, frozen=True, kw_only=True):
    """Why a call was made. `sentence` may be read to the person behind; it never tells why somebody has priority."""

    ticket: str
    label: str
    window: str
    at: float
    sentence: str
    rule: str
    because: str
    reason: str
    heads: tuple[HeadShown, ...]


def fairness(state: HallState, calls: Sequence[TicketCalled], now: float) -> Fairness:
    """Return the report of the open day."""
    return Fairness(
        at=now,
        day=state.day or "",
        calls=len(calls),
        out_of_order=_out_of_order(calls),
        grants=_grants(state),
        quotes=tuple(
            _quotes(found, priority=priority)
            for priority in (False, True)
            if (found := of_the_day(state, priority=priority)) is not None
        ),
        times=_times(state),
    )


def why(calls: Sequence[TicketCalled], ticket: str) -> tuple[CallWhy, ...]:
    """Return every call of a ticket with the heads that were compared, oldest first."""
    return tuple(_why(call) for call in calls if call.ticket == ticket)


def _why(call: TicketCalled) -> CallWhy:
    return CallWhy(
        ticket=call.ticket,
        label=call.label,
        window=call.window,
        at=call.called_at,
        sentence=explain(call)[0],
        rule=words.RULES.get(call.rule, call.rule),
        because=words.GROUNDS.get(call.because, call.because),
        reason=words.OUT_OF_ORDER.get(call.out_of_order, call.out_of_order),
        heads=tuple(_head(one, call) for one in call.compared[:HEADS_SHOWN]),
    )


def _head(one: HeadCompared, call: TicketCalled) -> HeadShown:
    return HeadShown(
        label=one.label,
        priority=one.priority,
        waited_min=round(one.waited_s / 60, 1),
        credit=round(one.credit, 1),
        chosen=one.ticket == call.ticket,
    )


def _out_of_order(calls: Sequence[TicketCalled]) -> tuple[OutOfOrderShown, ...]:
    tickets = {(call.label, call.called_at): call.ticket for call in calls}
    return tuple(
        OutOfOrderShown(
            ticket=tickets[one.label, one.called_at],
            label=one.label,
            window=one.window,
            at=one.called_at,
            reason=one.reason,
            reason_title=words.OUT_OF_ORDER.get(one.reason, one.reason),
            passed_over=one.passed_over,
        )
        for one in out_of_order(calls)
    )


def _grants(state: HallState) -> tuple[IssuerShown, ...]:
    shown = []
    for issuer, count in granted_by(state).most_common():
        member = state.known.staff.get(issuer)
        is_lead = member is not None and "lead" in member.roles
        cap = None if is_lead or issuer == BY_CARD else state.pack.limits.grants_per_issuer
        name = words.BY_CARD if issuer == BY_CARD else member.name if member else issuer
        shown.append(IssuerShown(staff=issuer, name=name, grants=count, cap=cap))
    return tuple(shown)


def _quotes(found: QuoteErrors, *, priority: bool) -> QuotesShown:
    return QuotesShown(
        priority=priority,
        quotes=found.quotes,
        mean_absolute_min=round(found.mean_absolute_min, 1),
        bias_min=round(found.bias_min, 1),
        within_5_share=round(found.within_5_share, 3),
    )


def _times(state: HallState) -> tuple[TimesShown, ...]:
    return tuple(
        TimesShown(
            by=row.by,
            title=_title(state, row.by, row.key),
            count=row.waiting.count,
            median_min=round(row.waiting.median_min, 1),
            p90_min=round(row.waiting.p90_min, 1),
            service_count=row.service.count if row.service else 0,
            service_median_min=_median(row.service),
            service_p90_min=round(row.service.p90_min, 1) if row.service else None,
        )
        for row in report(state)
    )


def _median(told: Times | None) -> float | None:
    return round(told.median_min, 1) if told else None


def _title(state: HallState, by: str, key: str) -> str:
    if by == "item":
        item = next((one for code, one in state.known.items.items() if code == key), None)
        return item.title if item else key
    return f"{key}号窗口" if by == "window" else f"{key}时"
