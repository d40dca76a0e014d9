"""The visit's server part, 500 times, four at once: `python benchmarks/visit.py --json`.

Real mosquitto, real hall server process, real SQLite with synchronous FULL; the terminals share the machine.
One cycle: lease a label, TicketIssued up, SlipEnded up, call, start, finish, rating up, all committed.
"""

import argparse
import json
import os
import platform
import re
import shutil
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.hall_rig import HALL, MONDAY, PACK, PIN, Rig, Terminal, new_id
from hall.commands import (
    AnyCommand,
    Called,
    CallNext,
    Done,
    FinishService,
    Leased,
    LeaseLabel,
    SignedIn,
    SignIn,
    Started,
    StartService,
)
from hall.events import ServiceRated, SlipEnded, TicketIssued
from hall.facts import Reply
from hall.ids import ItemCode, JobId, StaffId, TicketId, WindowId
from hall.ledger.sealing import pin_context, public_key, seal
from hall.wire.lanes import Beat

CYCLES = 500
LANES = (("9", "0305", "SI-107"), ("10", "0306", "SI-401"), ("11", "0307", "SI-501"), ("12", "0308", "SI-103"))
"""Window, its clerk, and an item that only this window and the general one serve."""
RESERVE = 60
R = TypeVar("R", bound=Reply)


@dataclass(slots=True)
class Taken:
    """What one lane measured."""

    issue_ms: list[float] = field(default_factory=list)
    call_ms: list[float] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    tickets: list[str] = field(default_factory=list)
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A self-service terminal, a window panel and a rating screen that serve each other."""

    kiosk: Terminal
    panel: Terminal
    rating: Terminal
    window: WindowId
    staff: StaffId
    item: ItemCode

    def cycle(self, taken: Taken, at: float) -> None:
        """One visit from the label to the rating; every event committed before the next cycle."""
        ticket = TicketId(new_id())
        leased, issue_s = expect(self.kiosk, LeaseLabel(ticket=ticket, item=self.item), Leased)
        taken.issue_ms.append(issue_s * 1000)
        issued = TicketIssued(
            ticket=ticket,
            day=leased.day,
            series=leased.series,
            number=leased.number,
            label=leased.label,
            item=self.item,
            issued_at=at,
            quote=leased.quote,
        )
        self.kiosk.send_up(self.kiosk.mint(issued))
        self.kiosk.send_up(self.kiosk.mint(SlipEnded(ticket=ticket, job=JobId(new_id()), outcome="printed")))
        self.kiosk.marked()
        called, call_s = expect(self.panel, CallNext(window=self.window, staff=self.staff), Called)
        taken.call_ms.append(call_s * 1000)
        started, _ = expect(self.panel, StartService(window=self.window, staff=self.staff), Started)
        expect(self.panel, FinishService(window=self.window, staff=self.staff), Done)
        self.rating.send_up(self.rating.mint(ServiceRated(service=started.service, grade=5, rated_at=at)))
        self.rating.marked()
        taken.labels.append(called.label)
        taken.tickets.append(ticket)


def expect(terminal: Terminal, command: AnyCommand, kind: type[R]) -> tuple[R, float]:
    """Ask and return the reply of this kind with its time in seconds, or raise naming what came instead."""
    reply, took_s = terminal.reply(command)
    if not isinstance(reply, kind):
        raise TypeError(f"{type(command).__name__} got {reply}")
    return reply, took_s


def bench_pack(folder: Path) -> tuple[str, ...]:
    """Copy the demo pack with one self-service terminal, panel and rating screen for each lane."""
    shutil.copytree(PACK, folder)
    rows = []
    for number, (window, _, _) in enumerate(LANES):
        first = 700 + number * RESERVE
        rows.append(_terminal(f"K{number + 1}", "self_service", f"reserve = [{first}, {first + RESERVE - 1}]"))
        rows.append(_terminal(f"W{window}", "window_panel", f'window = "{window}"'))
        rows.append(_terminal(f"R{window}", "rating_screen", f'window = "{window}"'))
    (folder / "terminals.toml").write_text("\n".join(rows), encoding="utf-8")
    (folder / "devices.toml").write_text("devices = []\n", encoding="utf-8")  # those of the terminals left out
    names = [(f"K{number + 1}", f"W{lane[0]}", f"R{lane[0]}") for number, lane in enumerate(LANES)]
    return tuple(name for three in names for name in three)


def _terminal(name: str, role: str, rest: str) -> str:
    return f'[[terminals]]\nid = "{name}"\nrole = "{role}"\ntitle = "{name}"\narea = "Q5"\n{rest}\n'


def open_lanes(rig: Rig) -> list[Lane]:
    """Connect every lane and sign its clerk in."""
    server_key = public_key((rig.folder / "server.key").read_bytes())
    lanes = []
    for number, (window, staff, item) in enumerate(LANES):
        panel = rig.terminal(f"W{window}")
        panel.wait(Beat, lambda _: True, 20)
        pin = seal(server_key, PIN.encode(), os.urandom(32), "pin", pin_context(panel.name, StaffId(staff)))
        expect(panel, SignIn(staff=StaffId(staff), sealed_pin=pin, window=WindowId(window)), SignedIn)
        kiosk, rating = rig.terminal(f"K{number + 1}"), rig.terminal(f"R{window}")
        lanes.append(Lane(kiosk, panel, rating, WindowId(window), StaffId(staff), ItemCode(item)))
    return lanes


def run_lanes(lanes: list[Lane], cycles: int, at: float) -> tuple[list[Taken], float]:
    """Run the cycles on all lanes at once; return what each measured and how long all took."""
    all_taken = [Taken() for _ in lanes]

    def work(lane: Lane, taken: Taken) -> None:
        try:
            for _ in range(cycles // len(lanes)):
                lane.cycle(taken, at)
        except (TypeError, TimeoutError) as error:
            taken.failure = str(error)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(lanes, all_taken, strict=True)]
    began_s = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return all_taken, time.monotonic() - began_s


def lost_tickets(ledger: Path, tickets: list[str]) -> int:
    """Count tickets that the ledger does not hold exactly once."""
    with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as reading:
        rows = reading.execute("SELECT body FROM events WHERE kind = 'TicketIssued'").fetchall()
    reading.close()
    held = Counter(json.loads(body)["ticket"] for (body,) in rows)
    return sum(1 for ticket in tickets if held[ticket] != 1)


def spread_ms(values: list[float], tail: int) -> dict[str, float]:
    """Return the median and one tail percentile, in ms."""
    cuts = statistics.quantiles(values, n=100)
    return {"p50": round(cuts[49], 2), f"p{tail}": round(cuts[tail - 1], 2)}


def measure(cycles: int) -> dict[str, object]:
    """Furnish a hall, run the cycles, and return the figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        terminals = bench_pack(folder / "pack")
        with Rig(folder, terminals=terminals) as rig:
            rig.furnish(staff=tuple(staff for _, staff, _ in LANES), pack="pack")
            rig.start_broker()
            rig.start_server()
            taken, took_s = run_lanes(open_lanes(rig), cycles, at=MONDAY)
            rig.stop_server()
            said = re.search(r"ran (\d+) statements in (\d+) commits", rig.log())
        tickets = [ticket for one in taken for ticket in one.tickets]
        labels = [label for one in taken for label in one.labels]
        lost = lost_tickets(folder / "ledger.sqlite", tickets)
    failures = [one.failure for one in taken if one.failure]
    if failures or not tickets:
        raise SystemExit(f"the benchmark did not come to its end: {failures[:1]}")
    return {
        "hall": HALL,
        "cycles": len(tickets),
        "issue_ms": spread_ms([ms for one in taken for ms in one.issue_ms], 95),
        "call_ms": spread_ms([ms for one in taken for ms in one.call_ms], 99),
        "cycles_per_s": round(len(tickets) / took_s, 1),
        "duplicates": len(labels) - len(set(labels)),
        "lost": lost,
        "statements_per_cycle": round(int(said[1]) / len(tickets), 2) if said else None,
        "commits_per_cycle": round(int(said[2]) / len(tickets), 2) if said else None,
        "machine": {
            "cpus": os.cpu_count(),
            "arch": platform.machine(),
            "system": platform.platform(),
            "python": platform.python_version(),
        },
    }


def main() -> int:
    """Print the figures; `--json` makes them one object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print exactly one JSON object as the last line")
    parser.add_argument("--cycles", type=int, default=CYCLES)
    told = parser.parse_args()
    figures = measure(told.cycles)
    if told.json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:>22}  {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
