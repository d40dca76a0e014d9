"""Opens and closes a device many times and tells what stayed behind: threads, descriptors, memory.

    def test_nothing_stays_behind(...) -> None:
        assert_nothing_leaks(lambda: open_ask_close(port), reconnects(usual=300))

The usual count keeps the suite quick; `DAOYIN_RECONNECTS=10000` in the environment makes every such test a long one.
"""

import gc
import itertools
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HOW_MANY = "DAOYIN_RECONNECTS"
"""Environment variable: how often, instead of the usual count."""

WARM_UP = 10
"""Cycles before the first look: imports, caches and the first allocations of a library are no leak."""
LAPS = 4
"""The cycles run in so many laps. What grows in one lap only is noise; a leak grows in each."""
SETTLE_LIMIT_S = 20.0
"""How long threads and far ends may take to end after the last cycle, on a busy machine."""
STILL_LOOKS = 5
"""So many looks in a row must agree before the first mark is set: threads of earlier tests may be ending."""
ATTEMPTS = 5
"""A measurement in which something of others ended says nothing and is taken again, at most so often in all."""
BLOCKS_EACH = 0.5
"""Memory blocks of Python's allocator per cycle: a leak has one at the least, however small."""
BLOCKS_OF_NOISE = 16
"""A lap may cost so many blocks: a free list that grew, a string that was interned. So fewer than some eighty cycles
find descriptors and threads, but not one small object a cycle."""
BYTES_EACH = 256
"""Resident memory per cycle: what a library in C forgets has no Python block."""
BYTES_OF_NOISE = 256 * 1024
"""A lap may cost so much resident memory: the allocator takes whole pages and arenas."""


@dataclass(frozen=True, slots=True)
class Held:
    """What this process holds at one moment."""

    threads: int
    descriptors: int
    blocks: int
    resident_bytes: int


@dataclass(frozen=True, slots=True)
class Growth:
    """What `times` cycles left behind. Memory is that of the lap that grew least, per cycle."""

    times: int
    threads: int
    descriptors: int
    blocks_each: float
    bytes_each: float
    disturbed: bool = False
    """Something that was there before the cycles ended during them: threads of an earlier test, say. What they gave
    back hides what the cycles kept."""

    def leaks(self) -> tuple[str, ...]:
        """Name everything that grew; empty when nothing did."""
        lap = max(self.times // LAPS, 1)
        found = {
            f"{self.threads} threads": self.threads > 0,
            f"{self.descriptors} descriptors": self.descriptors > 0,
            f"{self.blocks_each:.1f} memory blocks a cycle": self.blocks_each > max(BLOCKS_EACH, BLOCKS_OF_NOISE / lap),
            f"{self.bytes_each:.0f} bytes a cycle": self.bytes_each > max(BYTES_EACH, BYTES_OF_NOISE / lap),
        }
        return tuple(sentence for sentence, grew in found.items() if grew)

    def told(self) -> str:
        """Return the figures in one line; `pytest -s` shows it."""
        memory = f"{self.blocks_each:+.2f} blocks and {self.bytes_each:+.0f} bytes a cycle"
        return f"{self.times} cycles: {self.threads:+d} threads, {self.descriptors:+d} descriptors, {memory}"


def reconnects(usual: int = 300) -> int:
    """Return how many cycles to run: the usual count, or what the environment asks for."""
    return int(os.environ.get(HOW_MANY, usual))


def assert_nothing_leaks(
    open_and_close: Callable[[], object], times: int, settle_limit_s: float = SETTLE_LIMIT_S
) -> None:
    """Run `open_and_close` so often; fail naming what grew. It must close whatever it opens."""
    began = time.monotonic()
    growth = measure(open_and_close, times, settle_limit_s)
    print(f"{growth.told()} in {time.monotonic() - began:.0f} s")  # noqa: T201 - figures for `pytest -s`
    assert not growth.leaks(), f"after {times} cycles: {', '.join(growth.leaks())}"


def measure(open_and_close: Callable[[], object], times: int, settle_limit_s: float = SETTLE_LIMIT_S) -> Growth:
    """Run `open_and_close` so often and return what stayed behind; again when others disturbed it."""
    growth = _measured(open_and_close, times, settle_limit_s)
    for _ in range(ATTEMPTS - 1):
        if not growth.disturbed:
            break
        growth = _measured(open_and_close, times, settle_limit_s)
    return growth


def _measured(open_and_close: Callable[[], object], times: int, settle_limit_s: float) -> Growth:
    for _ in range(WARM_UP):
        open_and_close()
    gc.collect()
    gc.freeze()  # what a whole suite holds is not looked through again at every mark
    try:
        return _laps(open_and_close, times, settle_limit_s)
    finally:
        gc.unfreeze()


def _laps(open_and_close: Callable[[], object], times: int, settle_limit_s: float) -> Growth:
    first = _stands_still(settle_limit_s)
    marks, lap = [first], max(times // LAPS, 1)
    for _ in range(LAPS):
        for _ in range(lap):
            open_and_close()
        marks.append(_settled(first, settle_limit_s))
    laps = list(itertools.pairwise(marks))
    blocks = [after.blocks - before.blocks for before, after in laps]
    return Growth(
        times=lap * LAPS,
        threads=marks[-1].threads - first.threads,
        descriptors=marks[-1].descriptors - first.descriptors,
        blocks_each=min(blocks) / lap,
        bytes_each=min(after.resident_bytes - before.resident_bytes for before, after in laps) / lap,
        disturbed=min(blocks) < -BLOCKS_OF_NOISE or any(_fewer(after, before) for before, after in laps),
    )


def held() -> Held:
    """Count what this process holds now, after the garbage is gone."""
    gc.collect()
    sys._clear_type_cache()  # it keeps up to 4096 names that somebody looked up, such as pyserial's "B115200"
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    threads, descriptors = _counted()
    return Held(
        threads=threads,
        descriptors=descriptors,
        blocks=sys.getallocatedblocks(),
        resident_bytes=pages * os.sysconf("SC_PAGE_SIZE"),
    )


def _counted() -> tuple[int, int]:
    """Count threads and descriptors; the listing's own descriptor is always in."""
    return len(os.listdir("/proc/self/task")), len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names only


def _fewer(now: Held, before: Held) -> bool:
    return now.threads < before.threads or now.descriptors < before.descriptors


def _stands_still(limit_s: float) -> Held:
    """Look until threads and descriptors stand still, or time is up: earlier tests may be ending in threads."""
    pause, deadline = threading.Event(), time.monotonic() + limit_s
    gc.collect()
    before, looks = _counted(), 0
    while looks < STILL_LOOKS and time.monotonic() < deadline:
        pause.wait(0.02)
        now = _counted()
        looks = looks + 1 if now == before else 0
        before = now
    return held()


def _settled(first: Held, limit_s: float) -> Held:
    """Look until threads and descriptors are back to `first`, or time is up: far ends close in threads of their own."""
    pause, deadline = threading.Event(), time.monotonic() + limit_s
    while True:
        now = held()
        if (now.threads <= first.threads and now.descriptors <= first.descriptors) or time.monotonic() > deadline:
            return now
        pause.wait(0.02)
