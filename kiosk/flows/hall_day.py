"""The hall's day as a terminal can know it from the board: when it opens, and when it has closed for good.

The hall server knows calendar, lunch and special hours; the board tells their outcome. No clock is read here.
"""

from dataclasses import dataclass

from hall.wire.board import Board


@dataclass(frozen=True, slots=True)
class HallDay:
    """What the boards told so far."""

    taking: bool | None = None
    """Whether numbers were given; None before the first board."""
    opened: str = ""
    """The business day on which it was last seen open."""

    def after(self, board: Board) -> "HallDay":
        """Return what is known after this board."""
        return HallDay(board.taking_tickets, board.day if board.taking_tickets else self.opened)

    def opens(self, board: Board) -> bool:
        """Tell whether the hall opens with this board: once a day, not again after lunch, also when not seen closed."""
        return self.taking is not None and board.taking_tickets and board.day != self.opened


def has_ended(board: Board) -> bool:
    """Tell whether today's service has just ended: nobody is served any more, and people may still be on their way."""
    return board.hours in ("cut_off", "closed") and has_closed(board)


def has_closed(board: Board) -> bool:
    """No numbers are given, nobody waits, no window is at work: before opening, or after the last person."""
    at_work = any(window.state != "closed" for window in board.windows)
    return not board.taking_tickets and not board.waiting and not at_work
