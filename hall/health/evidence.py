"""Late evidence: what a terminal kept while nobody heard it turns unobserved time into what it was.

A kept heartbeat carries the boot it belongs to and that boot's monotonic clock, which nobody can set. Corrections are
new rows of a higher revision; no row is ever edited, and no observation is ever overruled.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from hall.health.intervals import Interval, Span, tile
from hall.health.states import SILENT, UNOBSERVED_AFTER_S, State

MAX_KEPT = 10_000
"""Heartbeats of one terminal that are looked at together: 28 hours of one every 10 s."""


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One heartbeat as its terminal kept it: seconds since that boot, and the state it was in."""

    boot: str
    mono_s: float
    state: State
    code: str = ""


def boot_began(mono_s: float, heard_at: float) -> float:
    """Return the hall time at which a boot's clock was zero, from one of its heartbeats that was heard at once."""
    return heard_at - mono_s


def claims(subject: str, kept: Iterable[Kept], boots: Mapping[str, float]) -> tuple[Interval, ...]:
    """Return what kept heartbeats prove: each state up to the next heartbeat of the same boot, without gap in between.

    `boots` tells when each boot's clock was zero; boots of which nothing was ever heard at once prove nothing, for
    nobody knows when they were. A pause of more than 2.5 heartbeats proves nothing about the time after the last one.
    """
    placed = sorted(
        {(boots[one.boot] + one.mono_s, one.boot, one.state, one.code) for one in kept if one.boot in boots}
    )
    found: list[Interval] = []
    for (at, boot, state, code), (until, next_boot, _, _) in zip(
        placed[-MAX_KEPT:], placed[-MAX_KEPT:][1:], strict=False
    ):
        if boot != next_boot or until - at > UNOBSERVED_AFTER_S or until <= at:
            continue
        before = found[-1] if found else None
        if before is not None and (before.ended, before.state, before.code) == (at, state, code):
            found[-1] = msgspec.structs.replace(before, ended=until)
        else:
            found.append(Interval(subject=subject, state=state, code=code, began=at, ended=until))
    return tuple(found)


def corrections(known: Sequence[Interval], evidence: Iterable[Interval], subject: str) -> tuple[Interval, ...]:
    """Return the rows to append so that evidence fills what was not observed. The same evidence again gives none.

    Not observed is what no row tells, what is `unobserved`, and what was taken for down by silence alone.
    """
    wanted = sorted(evidence, key=lambda one: (one.began, one.ended))
    if not wanted:
        return ()
    span: Span = (wanted[0].began, max(one.ended for one in wanted))
    blind = [one for one in tile(known, subject, span, [span]) if one.state is State.UNOBSERVED or one.code == SILENT]
    return tuple(
        msgspec.structs.replace(piece, revision=gap.revision + 1)
        for gap in blind
        for piece in tile(wanted, subject, (gap.began, gap.ended), [span])
        if piece.state is not State.UNOBSERVED
    )
