"""Who will be served before me under the rule in force: those ahead of my place, less or more those who overtake.

Both answers are fixed points, for the longer I wait the more priority people pass me (or the fewer ordinary ones stay
before me). They are found without playing the queue forward, so that a long queue costs no more than a short one.
More people, more arrivals or fewer windows never shorten an answer.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from hall.ids import TicketId
from hall.pack.tables import Limits
from hall.queue.disciplines import OVER_TARGET_IN_ROW, RATIO_ORDINARY

STEPS = 12
"""Rounds of the fixed point; each at least halves what is missing while priority arrivals fill half the windows."""
LONGEST_S = 8 * 3600.0
"""Nobody is told more than a working day."""

Places = Sequence[tuple[float, TicketId]]
Finish = Callable[[float], float]
"""In how many seconds so many people will have been called."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A discipline as the estimate sees it."""

    ordinary_share: float
    """Credit of an ordinary minute as part of a priority minute: 1 first come, 0 strict."""
    target_s: float = inf
    in_row: float = inf
    ratio: bool = False


@dataclass(frozen=True, slots=True)
class Ahead:
    """The answer: how many of those now waiting come before, and the expected wait."""

    people: int
    jobs: float
    """People and expected latecomers who will be called before."""
    wait_s: float


@dataclass(frozen=True, slots=True)
class View:
    """What one answer is seen from: the rule, the moment, and how fast the windows call."""

    rule: Rule
    now: float
    finish: Finish


def rule_of(limits: Limits, *, priority_first: bool) -> Rule:
    """Return the rule in force at windows of this kind."""
    if limits.discipline == "strict":
        return Rule(0.0)
    in_row = float(limits.max_priority_in_row)
    if limits.discipline == "first_come":
        return Rule(1.0, in_row=in_row)
    if limits.discipline == "ratio_1_2":
        return Rule(0.0, in_row=in_row, ratio=True)
    if priority_first or limits.priority_rate <= 0:
        return Rule(0.0, in_row=in_row)
    share = min(1.0, max(0.0, limits.ordinary_rate / limits.priority_rate))
    return Rule(share, inf if limits.discipline == "apq" else limits.priority_target_min * 60, in_row)


def ordinary(own_ahead: int, place: float, priority: Sequence[Places], view: View, a_second: float) -> Ahead:
    """Return what comes before an ordinary ticket at `place`; `a_second` priority people are expected to join."""
    rule, now, finish = view.rule, view.now, view.finish

    def overtake(wait_s: float) -> float:
        end = now + wait_s
        if rule.ratio:
            return min(_before(priority, end) + a_second * wait_s, (own_ahead + 1) / RATIO_ORDINARY)
        line = end - rule.ordinary_share * (end - place)
        by_credit = _before(priority, line) + a_second * max(0.0, line - now)
        if rule.target_s < inf:
            late = end - rule.target_s
            over = _before(priority, late) + a_second * max(0.0, late - now)
            by_credit = max(by_credit, min(over, OVER_TARGET_IN_ROW * (own_ahead + 1)))
        return min(by_credit, rule.in_row * (own_ahead + 1))

    wait_s = finish(own_ahead)
    for _ in range(STEPS):
        before_s, wait_s = wait_s, min(LONGEST_S, finish(own_ahead + overtake(wait_s)))
        if wait_s == before_s:
            break
    jobs = own_ahead + overtake(wait_s)
    present = _before(priority, now + wait_s - rule.ordinary_share * (now + wait_s - place))
    return Ahead(own_ahead + min(present, _whole(jobs - own_ahead)), jobs, wait_s)


def priority(own_ahead: int, place: float, waiting: Sequence[Places], view: View) -> Ahead:
    """Return what comes before a priority ticket at `place`, with these ordinary people waiting."""
    rule, now, finish = view.rule, view.now, view.finish
    everybody = sum(map(len, waiting))
    least = min(everybody, int(own_ahead / rule.in_row))

    def stay(wait_s: float) -> int:
        if rule.ratio:
            return min(everybody, RATIO_ORDINARY * (own_ahead + 1))
        if rule.ordinary_share <= 0:
            return least
        end = now + wait_s
        return max(least, _before(waiting, end - (end - place) / rule.ordinary_share))

    low, high = 0.0, LONGEST_S
    for _ in range(STEPS + 2):
        middle = (low + high) / 2
        if finish(own_ahead + stay(middle)) <= middle:
            high = middle
        else:
            low = middle
    ordinary_before = stay(high)
    if rule.target_s < inf and not rule.ratio:
        at_target = max(rule.target_s - (now - place), finish(own_ahead * (1 + 1 / OVER_TARGET_IN_ROW)), 0.0)
        high = min(high, at_target)
    return Ahead(own_ahead + ordinary_before, own_ahead + ordinary_before, high)


def _before(lanes: Sequence[Places], line: float) -> int:
    return sum(bisect_left(lane, (line,)) for lane in lanes)


def _whole(jobs: float) -> int:
    return int(jobs + 0.5)
