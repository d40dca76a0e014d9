"""One trouble, one word: a thing that keeps changing its mind is flapping, and what fails with its parent is not news.

Pure: a damper is handed in and a new one handed back.
"""

from collections.abc import Iterable, Mapping

import msgspec

from hall.health.states import State

LOOKS = 20
"""So many of the last looks are remembered (Nagios looks at 20 changes between 21 checks)."""
HIGH = 6
"""With so many changes among them a thing begins to flap (30 %)."""
LOW = 3
"""With so few it is steady again (15 %): one threshold for both would itself flap."""
FLAPPING = "flapping"


class Damper(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one thing's steadiness. `state` and `code` are what it said last."""

    state: State
    code: str = ""
    changes: tuple[bool, ...] = ()
    flapping: bool = False

    @property
    def shown(self) -> tuple[State, str]:
        """State and code to show and to write down: while it flaps, one state for all of it."""
        return (State.DEGRADED, FLAPPING) if self.flapping else (self.state, self.code)


def looked(damper: Damper, state: State, code: str = "") -> Damper:
    """Return the damper after one more look. Work on a thing is no flapping: maintenance begins anew."""
    if State.MAINTENANCE in {state, damper.state} and state is not damper.state:
        return Damper(state=state, code=code)
    changes = (*damper.changes, state is not damper.state)[-LOOKS:]
    return Damper(
        state=state,
        code=code,
        changes=changes,
        flapping=sum(changes) > LOW if damper.flapping else sum(changes) >= HIGH,
    )


def causes(troubled: Iterable[str], parents: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return each trouble to tell, with those it hides: what stands below a thing in trouble is not told itself.

    `parents` names what each thing depends on (a device its terminal, a terminal its switch). Of things that depend
    on each other in a ring, the first by name is told.
    """
    found = sorted(set(troubled))
    known = set(found)
    told: dict[str, list[str]] = {}
    for subject in found:
        cause = _topmost(subject, known, parents)
        told.setdefault(cause, [])
        if cause != subject:
            told[cause].append(subject)
    return {cause: tuple(hidden) for cause, hidden in told.items()}


def _topmost(subject: str, troubled: set[str], parents: Mapping[str, str]) -> str:
    line = [subject]
    while (above := parents.get(line[-1], "")) and above not in line:
        line.append(above)
    ring = line[line.index(above) :] if above else []
    inside = [one for one in ring if one in troubled]
    return min(inside) if inside else next(one for one in reversed(line) if one in troubled)
