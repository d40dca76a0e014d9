"""Serials of statements: `QH-20261123-K2-000123` = hall prefix, business day, terminal, count of that day."""

from hall.ids import BusinessDay, Serial, TerminalId

SERIAL_DIGITS = 6


def serial(prefix: str, day: BusinessDay, terminal: TerminalId, number: int) -> Serial:
    """Return the serial of the terminal's statement `number` of that day."""
    return Serial(f"{prefix}-{day.replace('-', '')}-{terminal}-{number:0{SERIAL_DIGITS}d}")


def number_in(told: Serial, day: BusinessDay | None) -> int | None:
    """Return the count a serial carries, None when it is not a serial of that day."""
    head, _, digits = told.rpartition("-")
    if day is None or f"-{day.replace('-', '')}-" not in f"{head}-" or not digits.isdecimal():
        return None
    return int(digits)
