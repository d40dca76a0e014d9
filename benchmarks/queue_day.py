"""Days of one hall under five disciplines, through the real rules: `./run bench queue [--json]`.

First the simulator itself is checked against the closed form of M/M/c. Then every discipline serves the very same
people of queue_day.toml with the demo pack's own rates and targets; only the discipline's name changes. Last, what a
decision costs while many wait, and what it costs to tell a day of 30,000 events again.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterable
from itertools import cycle
from math import factorial, sqrt
from typing import Any

import msgspec

from benchmarks.simulated_hall import (
    DAY,
    FIGURES,
    SimulatedHall,
    Visit,
    Visitor,
    clock,
    demo_pack,
    hall_of,
    people_of,
    reference_hall,
    resting_windows,
    steady_people,
)
from hall.commands import CallNext, LeaseLabel
from hall.day.decisions import Asker, Decidable, HallState, apply, decide
from hall.day_facts import DayOpened
from hall.events import StaffSignedIn, TicketIssued
from hall.ids import SERVER, StaffId, TerminalId, TicketId, WindowId
from hall.pack.hall_pack import HallPack
from hall.queue.numbering import label

DISCIPLINES = ("apq_target", "apq", "ratio_1_2", "strict", "first_come")
KINDS = ("normal", "pension_20", "pension_45")
WAITING = (50, 500, 5000)
EVENTS = 30_000
ASKED = 400
"""Decisions measured for each kind of command."""
T95 = 2.093
"""Student's t, two-sided 95 %, for the 20 runs of the validation."""


def main() -> int:
    """Measure, print, and tell by the exit status whether the targets hold."""
    asked = argparse.ArgumentParser(prog="./run bench queue", description=__doc__)
    asked.add_argument("--json", action="store_true", help="print one object as the last line")
    as_json = asked.parse_args().json
    told, in_row = measure()
    missed = list(targets_missed(told, in_row))
    if as_json:
        print(json.dumps(told))
    else:
        print_table(told, in_row)
    for sentence in missed:
        print(f"target missed: {sentence}", file=sys.stderr)
    return 1 if missed else 0


def measure() -> tuple[dict[str, Any], int]:
    """Return the object and the most priority calls in a row of the default discipline."""
    days: dict[str, dict[str, dict[str, float]]] = {}
    in_row = 0
    for kind in KINDS:
        days[kind] = {}
        for discipline in DISCIPLINES:
            days[kind][discipline], most = play_days(kind, discipline, FIGURES["days"][kind]["count"])
            in_row = max(in_row, most) if discipline == "apq_target" else in_row
    told = {
        "mmc_check": mmc_check(FIGURES["mmc"]["runs"]),
        "days": days,
        "decide_us": {str(waiting): decide_us(waiting) for waiting in WAITING},
        "replay_30000_s": replay_s(EVENTS),
    }
    return told, in_row


def targets_missed(told: dict[str, Any], in_row: int) -> Iterable[str]:
    """Return a sentence for each target of the design that this run does not reach."""
    check, pension = told["mmc_check"], told["days"]["pension_45"]
    if abs(check["theory_min"] - check["simulated_min"]) > check["ci95_min"]:
        yield f"the simulator does not agree with M/M/c: {check}"
    regular = pension["apq_target"]["regular_p95_min"] / pension["strict"]["regular_p95_min"]
    if regular > 0.90:
        yield f"regular p95 is {regular:.3f} of strict's, not <= 0.90"
    priority = pension["apq_target"]["priority_p95_min"] / pension["first_come"]["priority_p95_min"]
    if priority > 0.36:
        yield f"priority p95 is {priority:.3f} of first come's, not <= 0.36"
    if in_row > 3:
        yield f"{in_row} priority calls in a row at one window while ordinary people waited"
    if told["decide_us"]["500"] > 200:
        yield f"a decision with 500 waiting takes {told['decide_us']['500']} us, not < 200"
    if told["replay_30000_s"] > 1:
        yield f"30,000 events take {told['replay_30000_s']} s, not < 1"


def print_table(told: dict[str, Any], in_row: int) -> None:
    """Print the same figures for people."""
    print(
        "M/M/c mean wait, min: theory {theory_min}, simulated {simulated_min} ± {ci95_min}".format(**told["mmc_check"])
    )
    print(f"{'':24}  priority mean    p95   regular mean    p95   over 60 min")
    for kind, rules in told["days"].items():
        for name, row in rules.items():
            print(
                f"{kind:11}{name:13}{row['priority_mean_min']:15.1f}{row['priority_p95_min']:7.1f}"
                f"{row['regular_mean_min']:15.1f}{row['regular_p95_min']:7.1f}{row['regular_over_60_share']:14.1%}"
            )
    print(f"apq_target: at most {in_row} priority calls in a row at one window while ordinary people waited for it")
    print("one decision, us, by people waiting: " + ", ".join(f"{n}: {us}" for n, us in told["decide_us"].items()))
    print(f"30,000 events told again: {told['replay_30000_s']} s")


# ---- the days ----------------------------------------------------------------------------------------------------


def play_days(kind: str, discipline: str, count: int) -> tuple[dict[str, float], int]:
    """Play so many days; return their figures and the most priority calls in a row at one window."""
    limits = msgspec.structs.replace(reference_hall().limits, discipline=discipline)
    visits: list[Visit] = []
    most = 0
    for number in range(count):
        hall = SimulatedHall(reference_hall(limits))
        visits += hall.play(people_of(kind, number), resting_windows())
        most = max(most, most_in_row(hall.calls))
    return figures(visits), most


def figures(visits: Iterable[Visit]) -> dict[str, float]:
    """Return the waits of each class, in minutes."""
    priority: list[float] = []
    regular: list[float] = []
    for visit in visits:
        (priority if visit.priority else regular).append(visit.waited_min)
    return {
        "priority_mean_min": round(statistics.fmean(priority), 2),
        "priority_p95_min": round(percentile(priority, 0.95), 2),
        "regular_mean_min": round(statistics.fmean(regular), 2),
        "regular_p95_min": round(percentile(regular, 0.95), 2),
        "regular_over_60_share": round(sum(wait > 60 for wait in regular) / len(regular), 4),
    }


def percentile(values: list[float], share: float) -> float:
    """Return the least value that so great a share does not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def most_in_row(calls: Iterable[tuple[WindowId, bool, bool]]) -> int:
    """Return the most priority calls in a row at one window while ordinary people waited."""
    rows: dict[WindowId, int] = {}
    most = 0
    for window, priority, ordinary_waited in calls:
        rows[window] = rows.get(window, 0) + 1 if priority and ordinary_waited else 0
        most = max(most, rows[window])
    return most


# ---- validation --------------------------------------------------------------------------------------------------


def mmc_check(runs: int) -> dict[str, float]:
    """Return the mean wait of M/M/c by Erlang's formula and by this simulator with its 95 % confidence interval."""
    given = FIGURES["mmc"]
    since = clock("00:00") + given["warm_up_h"] * 3600
    pack = hall_of(given["servers"], given["mean_min"], ("00:00", "23:59"))
    limits = msgspec.structs.replace(pack.limits, discipline="first_come")
    means = []
    for number in range(runs):
        visits = SimulatedHall(msgspec.structs.replace(pack, limits=limits)).play(steady_people(number))
        means.append(statistics.fmean(visit.waited_min for visit in visits if visit.issued_at >= since))
    return {
        "theory_min": round(erlang_wait_min(given["servers"], given["arrivals_an_hour"] / 60, given["mean_min"]), 3),
        "simulated_min": round(statistics.fmean(means), 3),
        "ci95_min": round(T95 * statistics.stdev(means) / sqrt(runs), 3),
    }


def erlang_wait_min(servers: int, arrivals_a_min: float, mean_min: float) -> float:
    """Return the mean wait in M/M/c (Erlang C), in minutes."""
    load = arrivals_a_min * mean_min
    last = load**servers / factorial(servers) * servers / (servers - load)
    waits = last / (sum(load**k / factorial(k) for k in range(servers)) + last)
    return waits * mean_min / (servers - load)


# ---- cost --------------------------------------------------------------------------------------------------------


def decide_us(waiting: int) -> float:
    """Return the microseconds of core time that the dearest command takes (median of many) in the demo hall.

    So many wait in all its queues; `LeaseLabel` includes the quote, `CallNext` is asked by the window that serves all.
    """
    state, now = crowded(demo_pack(), waiting)
    kiosk, panel = Asker(TerminalId("K1"), "self_service"), Asker(TerminalId("W14"), "window_panel")
    clerk = next(member.id for member in state.pack.staff if WindowId("14") in member.windows)
    items = cycle(state.pack.items)
    leases = [LeaseLabel(ticket=TicketId(f"new{n}"), item=next(items).code) for n in range(ASKED)]
    call = CallNext(window=WindowId("14"), staff=clerk)
    return round(max(_median_us(state, leases, kiosk, now), _median_us(state, [call] * ASKED, panel, now)), 1)


def _median_us(state: HallState, commands: Iterable[Decidable], by: Asker, now: float) -> float:
    took: list[int] = []
    for command in commands:
        started = time.thread_time_ns()
        decision = decide(state, command, by, now)
        took.append(time.thread_time_ns() - started)
        if not decision.events:
            raise LookupError(decision.reply)
    return statistics.median(took) / 1000


def crowded(pack: HallPack, waiting: int) -> tuple[HallState, float]:
    """Return a state of the pack's hall with everybody signed in and so many waiting, a tenth of them with priority."""
    state, now = HallState(pack), clock("09:30")
    apply(state, DayOpened(day=DAY), SERVER, now)
    for number, window in enumerate(pack.windows):
        told = StaffSignedIn(
            staff=_clerk_at(pack, window.number), terminal=TerminalId(f"W{window.number:0>2}"), window=window.number
        )
        apply(state, told, SERVER, now + number)
    items = cycle(pack.items)
    for number in range(waiting):
        item, priority = next(items), number % 10 == 0
        series = pack.priority_series if priority else item.series
        issued = TicketIssued(
            ticket=TicketId(f"{number:032x}"),
            day=DAY,
            series=series,
            number=1000 + number,
            label=label(series, 1000 + number),
            item=item.code,
            priority=priority,
            issued_at=now + number * 3600 / waiting,
        )
        apply(state, issued, TerminalId("K1"), issued.issued_at)
    return state, now + 3600


def _clerk_at(pack: HallPack, window: WindowId) -> StaffId:
    return next((member.id for member in pack.staff if window in member.windows), StaffId("9999"))


def replay_s(events: int) -> float:
    """Return the seconds of core time to tell so many events of a played day to an empty state."""
    pack = hall_of(10, FIGURES["service"]["mean_min"], ("00:00", "23:59"))
    opens, people = clock("00:00"), events // 6 + 1
    busy = SimulatedHall(pack, log=[])
    busy.play(Visitor(opens + n * 80_000 / people, n % 5 == 0, 120.0) for n in range(people))
    log, state = (busy.log or [])[:events], HallState(pack)
    started = time.thread_time()
    for event, device, at in log:
        apply(state, event, device, at)
    took_s = time.thread_time() - started
    return round(took_s * events / len(log), 3)


if __name__ == "__main__":
    raise SystemExit(main())
