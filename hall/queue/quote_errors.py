"""How far the waits people were told lie from the waits they had: a hall reports its own error."""

from collections.abc import Sequence
from dataclasses import dataclass

from hall.events import Quote
from hall.queue.state import HallState

WITHIN_MIN = 5.0
"""A quote this near counts as kept."""


@dataclass(frozen=True, slots=True)
class QuoteErrors:
    """Figures over some tickets, in minutes; `bias_min` is positive when more was told than came."""

    quotes: int
    mean_absolute_min: float
    bias_min: float
    within_5_share: float


def quote_errors(told_and_waited_min: Sequence[tuple[float, float]]) -> QuoteErrors | None:
    """Return the error of pairs (told, waited), None without any.

    >>> quote_errors([(10, 12), (10, 4)])
    QuoteErrors(quotes=2, mean_absolute_min=4.0, bias_min=2.0, within_5_share=0.5)
    """
    errors = [told - waited for told, waited in told_and_waited_min]
    if not errors:
        return None
    return QuoteErrors(
        quotes=len(errors),
        mean_absolute_min=sum(map(abs, errors)) / len(errors),
        bias_min=sum(errors) / len(errors),
        within_5_share=sum(abs(error) <= WITHIN_MIN for error in errors) / len(errors),
    )


def told_min(quote: Quote) -> float:
    """Return the one figure by which a quote is judged: the middle of its range."""
    return (quote.low_min + quote.high_min) / 2


def holds(quote: Quote, waited_min: float) -> bool:
    """Tell whether a wait fell into the range that was told; of 20 to 80 % ranges some 60 % should."""
    return quote.low_min <= waited_min <= quote.high_min


def of_the_day(state: HallState, *, priority: bool) -> QuoteErrors | None:
    """Return the error of what was told to the tickets of the open day that have been called, by class."""
    return quote_errors(
        [
            (told_min(ticket.quote), max(0.0, ticket.first_called_at - ticket.issued_at) / 60)
            for ticket in state.tickets.values()
            if ticket.day == state.day
            and ticket.priority == priority
            and ticket.quote is not None
            and ticket.first_called_at > 0
        ]
    )
