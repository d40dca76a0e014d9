"""What a terminal keeps of its health while nobody hears it: stretches of one state, one row each.

A stretch stands for heartbeats of one boot that were never more than 2.5 heartbeats apart, so that no change is lost
and a night takes no more rows than there were changes. It names a device or the terminal, never a person.
"""

from collections.abc import Iterable

import msgspec

from hall.health.evidence import MAX_KEPT, Kept
from hall.health.states import HEARTBEAT_S, UNOBSERVED_AFTER_S, State

MAX_STRETCHES = 64
"""Rows of one device; when it changes more often than that in one outage, its oldest rows go first."""

_KNOWN = frozenset(state.value for state in State)


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """From its first heartbeat to its last, in seconds since that boot. `state` is a `health.State`."""

    subject: str
    boot: str
    began_s: float
    ended_s: float
    state: str
    code: str = ""


def heard(rows: tuple[Stretch, ...], now: Stretch) -> tuple[Stretch, ...]:
    """Return one device's rows, oldest first, with one more heartbeat (`began_s` is `ended_s`)."""
    last = rows[-1] if rows else None
    goes_on = (
        last is not None
        and (last.boot, last.state, last.code) == (now.boot, now.state, now.code)
        and 0 <= now.ended_s - last.ended_s <= UNOBSERVED_AFTER_S
    )
    if last is not None and goes_on:
        return (*rows[:-1], msgspec.structs.replace(last, ended_s=now.ended_s))
    return (*rows, now)[-MAX_STRETCHES:]


def since(rows: tuple[Stretch, ...], boot: str, at_s: float) -> tuple[Stretch, ...]:
    """Return what the rows tell of this boot from `at_s` on."""
    return tuple(
        msgspec.structs.replace(row, began_s=max(row.began_s, at_s))
        for row in rows
        if row.boot == boot and row.ended_s >= at_s
    )


def heartbeats(rows: Iterable[Stretch]) -> tuple[Kept, ...]:
    """Return the heartbeats that rows of one device stand for; the newest 28 hours. An unknown state proves nothing."""
    found: list[Kept] = []
    for row in rows:
        if row.state not in _KNOWN or row.ended_s < row.began_s:
            continue
        count = min(int((row.ended_s - row.began_s) // HEARTBEAT_S), MAX_KEPT)
        times = [row.ended_s - HEARTBEAT_S * back for back in range(count, -1, -1)]
        if times[0] > row.began_s and count < MAX_KEPT:
            times.insert(0, row.began_s)
        found += [Kept(boot=row.boot, mono_s=at, state=State(row.state), code=row.code) for at in times]
    return tuple(found[-MAX_KEPT:])
