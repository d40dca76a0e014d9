"""Values of a virtual device's command line, checked where typed: `type=` of argparse, which exits with 2."""

import argparse
from collections.abc import Callable

MAX_PORT = 65_535
FASTEST_BAUD = 4_000_000
"""The kernel's highest rate."""


def within(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a reader of whole numbers from `lowest` to `highest`, both included."""

    def number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = lowest - 1
        if not lowest <= value <= highest:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {lowest} to {highest}")
        return value

    return number


a_port = within(0, MAX_PORT)
"""A TCP port; 0 takes a free one."""
a_rate = within(1, FASTEST_BAUD)
"""Bits a second on a line."""


def seconds(text: str) -> float:
    """Return a time, 0 or longer."""
    return _real(text, "no time in seconds", zero=True)


def a_factor(text: str) -> float:
    """Return a number above 0."""
    return _real(text, "no number above 0", zero=False)


def addresses(highest: int) -> Callable[[str], tuple[int, ...]]:
    """Return a reader of addresses from 1 to `highest`, between commas, none twice."""
    one = within(1, highest)

    def listed(text: str) -> tuple[int, ...]:
        found = tuple(one(part.strip()) for part in text.split(","))
        if len(set(found)) < len(found):
            raise argparse.ArgumentTypeError(f"{text!r} names an address twice")
        return found

    return listed


def _real(text: str, otherwise: str, *, zero: bool) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if (0 if zero else 1e-6) <= value < float("inf"):
        return value
    raise argparse.ArgumentTypeError(f"{text!r} is {otherwise}")
