"""A role is data: where it begins, how it advances, what devices it needs, on what surface it is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kiosk.flows.words import Effect, Happened, Step

Advance = Callable[[Step, Happened], tuple[Step, tuple[Effect, ...]]]
Surface = Literal["portrait", "landscape", "small", "wall"]


@dataclass(frozen=True, slots=True)
class Role:
    """One kind of screen. `needs` lists device kinds without which it must not start."""

    name: str
    first: Step
    advance: Advance
    needs: frozenset[str]
    surface: Surface
