"""What a call keypad or an evaluator says to a flow, and what a flow makes of a grade without a screen."""

from dataclasses import dataclass, field

from kiosk.flows.kinds import Effect, Touch
from kiosk.ports import Key


@dataclass(frozen=True, slots=True)
class KeypadPressed(Touch):
    """A key of this window's keypad or evaluator. `value` is a digit, maybe of a PIN, or a grade."""

    key: Key
    value: int | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RatedByButton(Effect):
    """Journal `ServiceRated` for the service whose rating the evaluator was lit for, once; else nothing."""

    grade: int
