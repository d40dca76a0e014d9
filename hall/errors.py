"""Why the hall says no, as one closed list, so that a screen can help.

Expected outcomes travel as `commands.Refused` values; `HallError` is for surprises at a border.
"""

from enum import StrEnum


class Reason(StrEnum):
    """Every reason for which a command, an event or a file is refused."""

    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_WINDOW = "unknown_window"
    UNKNOWN_STAFF = "unknown_staff"
    UNKNOWN_TICKET = "unknown_ticket"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_FORM = "unknown_form"
    UNKNOWN_PERSON = "unknown_person"
    WRONG_PIN = "wrong_pin"
    TOO_MANY_TRIES = "too_many_tries"
    NOT_ALLOWED = "not_allowed"
    NOT_SIGNED_IN = "not_signed_in"
    WINDOW_TAKEN = "window_taken"
    WINDOW_BUSY = "window_busy"
    NOBODY_WAITING = "nobody_waiting"
    ILLEGAL_MOVE = "illegal_move"
    OUTSIDE_HOURS = "outside_hours"
    DAY_NOT_OPEN = "day_not_open"
    ALREADY_HOLDING = "already_holding"
    ALREADY_RATED = "already_rated"
    RANGE_EXHAUSTED = "range_exhausted"
    NOT_VERIFIED = "not_verified"
    SOURCE_AWAY = "source_away"
    SOURCE_STALE = "source_stale"
    DAILY_LIMIT = "daily_limit"
    SERVER_AWAY = "server_away"
    TOO_LATE = "too_late"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    INTERNAL = "internal"


class HallError(Exception):
    """A surprise at a border: `reason`, where it was met, and a sentence that names what is allowed."""

    def __init__(self, reason: Reason, where: str, sentence: str) -> None:
        super().__init__(f"{where}: {sentence} ({reason.value})")
        self.reason = reason
        self.where = where
        self.sentence = sentence
