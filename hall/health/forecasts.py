"""How long something will last: paper for 40 more tickets, told before it is out and never too hopefully.

Lengths in millimetres, times in hall seconds.
"""

from collections.abc import Sequence
from math import floor

import msgspec

MARGIN = 0.1
"""A tenth of what is left is not promised: rolls are wound by hand, and the last turns stick to their core."""
RECENT = 20
"""So many of the last slips say how long a slip is here."""
ROUND_FROM = 20
"""From so many on, tens are enough; below, each one counts."""
TENS = 10
SOON = 40
"""With paper for so many tickets or fewer somebody should fetch a roll."""


class Roll(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the paper in one printer since the roll was put in."""

    roll_mm: float
    used_mm: float
    """Printed since then, as counted by the terminal."""
    near_end_mm: float = 0.0
    """What the printer's near-end sensor leaves when it trips (printer manual); 0 = no such sensor."""
    used_at_near_end_mm: float | None = None
    """`used_mm` when it tripped; None while it has not."""


def left_mm(roll: Roll) -> float:
    """Return the paper that is left: by the count, but the sensor knows better than a count from a roll half used."""
    counted = roll.roll_mm - roll.used_mm
    if roll.used_at_near_end_mm is None:
        return max(0.0, counted)
    return max(0.0, min(counted, roll.near_end_mm - (roll.used_mm - roll.used_at_near_end_mm)))


def slips_left(left: float, recent_mm: Sequence[float], usual_mm: float) -> int:
    """Return for how many slips the paper lasts, rather too few: by the mean of the last ones, never below the usual.

    >>> # 6,000 mm left, slips of 130 mm: 5,400 / 130 = 41.5, told as 40.
    """
    last = [length for length in recent_mm[-RECENT:] if length > 0]
    mean = max(usual_mm, sum(last) / len(last)) if last else usual_mm
    if mean <= 0:
        return 0
    count = floor(max(0.0, left) * (1 - MARGIN) / mean)
    return count - count % TENS if count >= ROUND_FROM else count


def lasts_until(slips: int, printed_at: Sequence[float], now: float) -> float | None:
    """Return when the paper will be out at the pace of the slips printed so far; None while there is no pace."""
    times = [at for at in printed_at if at <= now]
    if not times or now <= min(times):
        return None
    return now + slips * (now - min(times)) / len(times)


def told(slips: int) -> str:
    """Return what the guide desk reads; empty while there is plenty."""
    if slips > SOON:
        return ""
    return f"纸还够打印约{slips}张,请准备新的纸卷" if slips else "纸即将用完,请现在更换纸卷"
