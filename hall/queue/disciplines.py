"""The rules by which a hall may decide who is next, each by its name in the pack's limits.

`apq_target` (default; `accumulating` is its older name): credit is the class rate times the minutes in place, the
greatest credit goes next, and a priority head over its target takes at most two of three calls whatever the credits.
`apq`: the same without the target. `ratio_1_2`: one priority call, then two ordinary ones. `strict`: priority before
everybody. `first_come`: the earliest place, whatever the class. All but `strict` keep `max_priority_in_row`.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from hall.events import HeadCompared

OVER_TARGET_IN_ROW = 2
"""Of three calls, so many may go to priority tickets over their target whatever the credits say."""
RATIO_ORDINARY = 2
"""`ratio_1_2`: so many ordinary calls follow each priority call."""


class CallRule(Protocol):
    """What a call needs of the pack's limits; `pack_tables.Limits` and `shown.CallingShown` have it."""

    @property
    def discipline(self) -> str:
        """Its name."""

    @property
    def ordinary_rate(self) -> float:
        """Credit of an ordinary minute."""

    @property
    def priority_rate(self) -> float:
        """Credit of a priority minute."""

    @property
    def priority_target_min(self) -> float:
        """A priority ticket that has waited longer is over its target."""

    @property
    def max_priority_in_row(self) -> int:
        """So many priority calls may follow each other while ordinary people wait."""


class Ground(StrEnum):
    """Which rule decided a call. Never why somebody has priority."""

    ONLY_CLASS = "only_class"
    IN_ROW = "in_row"
    PRIORITY_FIRST = "priority_first"
    TARGET = "target"
    CREDIT = "credit"
    RATIO = "ratio"
    STRICT = "strict"
    FIRST_COME = "first_come"
    PRE_CALLED = "pre_called"
    OUT_OF_ORDER = "out_of_order"


def rate(limits: CallRule, *, priority: bool) -> float:
    """Return the credit a minute in place earns under the rule in force; only accumulating rules tell classes apart."""
    if limits.discipline in ("ratio_1_2", "strict", "first_come"):
        return 1.0
    return limits.priority_rate if priority else limits.ordinary_rate


def choose(
    compared: Sequence[HeadCompared],
    in_row: int,
    limits: CallRule,
    *,
    priority_first: bool,
    owed_ordinary: int = 0,
) -> tuple[HeadCompared, Ground]:
    """Return who is next among the heads (not empty) and the rule that decided.

    `in_row`: priority calls in a row at this window while ordinary people waited for it. `owed_ordinary`: ordinary
    calls still due after its last priority call (for `ratio_1_2`). `priority_first` is the window's own setting.

    >>> # Y001 has waited 2 min (credit 6), C001 5 min (credit 5): Y001 by credit; C001 after three priority calls.
    """
    priority = [head for head in compared if head.priority]
    ordinary = [head for head in compared if not head.priority]
    if not priority or not ordinary:
        return min(compared, key=order), Ground.ONLY_CLASS
    first, other = min(priority, key=order), min(ordinary, key=order)
    if limits.discipline == "strict":
        return first, Ground.STRICT
    if in_row >= limits.max_priority_in_row:
        return other, Ground.IN_ROW
    if limits.discipline == "first_come":
        return min(first, other, key=order), Ground.FIRST_COME
    if limits.discipline == "ratio_1_2":
        return (other if owed_ordinary else first), Ground.RATIO
    if priority_first:
        return first, Ground.PRIORITY_FIRST
    with_target = limits.discipline != "apq"
    if with_target and first.waited_s >= limits.priority_target_min * 60 and in_row < OVER_TARGET_IN_ROW:
        return first, Ground.TARGET
    return min(first, other, key=order), Ground.CREDIT


def order(head: HeadCompared) -> tuple[float, bool, str]:
    """Greatest credit first; equal credits: priority, then the older ticket id (UUIDv7 grows with time)."""
    return -head.credit, not head.priority, head.ticket
